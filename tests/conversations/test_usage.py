"""The month's budget of a platform: counted, shown, and told before it runs out."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert, text

from bot.channels.base import Receipt
from core.model.member import SYSTEM, Role
from core.model.usage import ChannelUsage, MonthlyBudget
from core.services.members import Enrolment, enrol
from core.services.usage import usage_of
from storage.tables import inbox, outbox
from storage.usage import UsageGauges
from tests.world import SHANGHAI, World


@pytest.fixture
def world() -> Iterator[World]:
    world = World(platform="dingtalk")
    world.program.__dict__["operated"] = {"monthly": {"dingtalk": MonthlyBudget(calls=1000, pushes=100)}}
    with world.work() as uow:
        enrol(uow, Enrolment(channel="dingtalk", user_id="boss", name="管理员", roles=Role.ADMIN))
    world.ids["管理员"] = "boss"
    yield world
    world.close()


def at(text: str) -> datetime:
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def has_used(world: World, *, calls: int = 0, pushes: int = 0, when: datetime | None = None) -> None:
    """Put that many calls and pushes on record."""
    moment = when or world.now
    sent = {"channel": "dingtalk", "user_id": "li", "kind": "card", "content": {}, "created_at": moment}
    heard = {"channel": "dingtalk", "user_id": "li", "event": {}, "received_at": moment, "state": "done"}
    with world.program.engine.begin() as connection:
        if calls:
            connection.execute(insert(outbox).values(**sent, state="sent", sent_at=moment, calls=calls))
        if pushes:
            connection.execute(insert(inbox), [{**heard, "key": f"{moment}-{n}"} for n in range(pushes)])


def used(world: World, day: date) -> list[ChannelUsage]:
    with world.program.open_work(SYSTEM, reading=True) as uow:
        return usage_of(uow, day)


def warned(world: World) -> list[str]:
    return [told.split("\n")[0] for told in world.heard("管理员") if "本月" in told]


def test_a_message_counts_by_the_calls_it_took_and_a_push_by_having_come(world: World) -> None:
    send = world.channel.send
    world.channel.send = lambda *args, **more: Receipt(**{**vars(send(*args, **more)), "calls": 3})  # type: ignore[method-assign]
    world.says("张伟", "帮助")
    (counted,) = used(world, date.today())  # noqa: DTZ011 (delivery is counted on the machine's own clock)
    assert counted.calls == 3
    (counted,) = used(world, world.now.date())
    assert counted.pushes == 1


def test_a_month_is_the_business_month(world: World) -> None:
    world.now = at("03-31 23:59")
    has_used(world, calls=5, pushes=2)
    world.now = at("04-01 00:00")
    has_used(world, calls=7, pushes=3)
    march, april = used(world, date(world.now.year, 3, 9)), used(world, world.now.date())
    assert march == [ChannelUsage(channel="dingtalk", calls=5, pushes=2)]
    assert april == [ChannelUsage(channel="dingtalk", calls=7, pushes=3)]
    assert used(world, date(2020, 1, 1)) == [ChannelUsage(channel="dingtalk")], "one with a budget is always listed"


def test_administrators_hear_once_at_seventy_percent_and_once_at_ninety(world: World) -> None:
    world.now = at("03-04 09:30")
    has_used(world, calls=699, pushes=69)
    world.ticks(world.now)
    assert warned(world) == []
    has_used(world, calls=1)
    world.ticks(at("03-05 09:30"))
    world.ticks(at("03-06 09:30"))
    assert warned(world) == ["钉钉本月接口调用已用 70%"]
    world.now = at("03-07 08:00")
    has_used(world, calls=250, pushes=30)
    world.ticks(at("03-07 09:30"))
    world.ticks(at("03-08 09:30"))
    assert sorted(warned(world)) == ["钉钉本月接口调用已用 95%", "钉钉本月消息与事件推送已用 99%"]


def test_the_warning_says_what_happens_and_what_to_do(world: World) -> None:
    world.now = at("03-04 09:30")
    has_used(world, calls=750)
    world.ticks(world.now)
    (told,) = [told for told in world.heard("管理员") if "本月" in told]
    assert "已用 750，共 1000" in told
    assert "文字回复不受影响" in told
    assert "DINGTALK_MONTHLY_CALLS" in told


def test_a_new_month_is_told_of_anew_and_nobody_else_hears_it(world: World) -> None:
    told: list[str] = []
    for day in ("03-05", "04-05"):
        world.now = at(f"{day} 08:00")
        has_used(world, calls=900)
        world.ticks(at(f"{day} 09:30"))
        told += warned(world)
    assert told == ["钉钉本月接口调用已用 90%"] * 2
    assert not any("接口调用" in told for told in world.heard("张伟"))


def test_without_a_budget_nothing_is_told(world: World) -> None:
    world.program.__dict__["operated"] = {"monthly": {"dingtalk": MonthlyBudget()}}
    world.now = at("03-04 09:30")
    has_used(world, calls=10_000, pushes=500)
    world.ticks(world.now)
    assert warned(world) == []


def test_the_metrics_are_read_seldom(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    gauges = UsageGauges(world.program.engine, lambda: (world.now - timedelta(days=9), world.now + timedelta(days=9)))
    has_used(world, calls=4, pushes=2)
    assert gauges.figures() == {"month_calls_dingtalk": 4.0, "month_pushes_dingtalk": 2.0}
    has_used(world, calls=4, when=world.now + timedelta(seconds=1))
    assert gauges.figures()["month_calls_dingtalk"] == 4.0
    monkeypatch.setattr("storage.usage.CACHED_S", 0.0)
    gauges._until = 0.0
    assert gauges.figures()["month_calls_dingtalk"] == 8.0


def test_the_question_is_answered_by_its_indexes(world: World) -> None:
    plans = []
    with world.program.engine.connect() as connection:
        for sql in (
            "SELECT channel, count(*) FROM inbox WHERE received_at >= 1 AND received_at < 2 GROUP BY channel",
            "SELECT channel, sum(calls) FROM outbox WHERE sent_at >= 1 AND sent_at < 2 AND sent_at IS NOT NULL"
            " GROUP BY channel",
        ):
            plans.append(json.dumps([list(row) for row in connection.execute(text(f"EXPLAIN QUERY PLAN {sql}"))]))
    assert "COVERING INDEX ix_inbox_received" in plans[0]
    assert "COVERING INDEX ix_outbox_calls" in plans[1]
