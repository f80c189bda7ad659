"""Delivery: at least once, in order, never silently over the budget; and events that cannot be handled."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from bot.cards.card import Card
from bot.channels.base import Receipt
from bot.messenger import Messenger
from core.errors import DeliveryFailed
from core.model.messages import OutboxState
from storage.queues import aside, put_back, receivers_waiting, senders_waiting
from storage.tables import outbox
from tests.world import World


def states(world: World) -> list[str]:
    with world.program.open_work.reading() as session:
        return list(session.scalars(select(outbox.c.state).order_by(outbox.c.id)))


def hurried(world: World) -> Messenger:
    """The messenger an hour and a bit later, when every pause is over."""
    world.program.__dict__["messenger"] = messenger = replace(
        world.program.messenger, clock=lambda: datetime.now(UTC) + timedelta(hours=30)
    )
    return messenger


def test_a_platform_that_is_down_costs_nothing_but_time(world: World) -> None:
    world.channel.failing = [DeliveryFailed("系统繁忙", temporary=True)]
    assert world.says("张伟", "帮助") == []
    assert states(world) == [OutboxState.WAITING]
    hurried(world)
    world.delivers()
    assert "一句话就能记" in world.heard("张伟")[0]


def test_a_lost_answer_is_unknown_and_the_second_try_asks_the_platform_to_look(world: World) -> None:
    tries: list[bool] = []
    send = world.channel.send

    def watched(user_id: str, card: object, *, card_id: str, again: bool, **more: object) -> object:
        tries.append(again)
        return send(user_id, card, card_id=card_id, again=again, **more)

    world.channel.send = watched  # type: ignore[method-assign]
    world.channel.failing = [DeliveryFailed("没有收到回应", unknown=True)]
    world.says("张伟", "帮助")
    assert states(world) == [OutboxState.UNKNOWN]
    hurried(world)
    world.delivers()
    assert tries == [False, True]
    assert states(world) == [OutboxState.SENT]


def test_what_can_never_be_delivered_is_kept_as_failed_and_holds_nobody_back(world: World) -> None:
    world.channel.failing = [DeliveryFailed("不在应用可见范围")]
    world.says("张伟", "帮助")
    assert states(world) == [OutboxState.FAILED]
    assert "一句话就能记" in world.says("张伟", "帮助")[0]


@pytest.fixture
def budgeted() -> Iterator[World]:
    """The world with the platform's limits per member."""
    made = World(budgeted=True)
    yield made
    made.close()


def test_a_hundred_messages_in_a_minute_stay_within_the_budget_and_none_is_lost(budgeted: World) -> None:
    for number in range(100):
        budgeted.comes("张伟", "text", text=f"帮助 {number}" if number % 2 else "帮助")
    budgeted.settles()
    sent = len(budgeted.channel.phones["zhangwei"].cards)
    assert sent <= 25
    with budgeted.program.open_work.reading() as session:
        assert ("wecom", "zhangwei") in receivers_waiting(session, datetime.now(UTC) + timedelta(minutes=1), 10)
    known = states(budgeted)
    assert len(known) == 100
    assert OutboxState.FAILED not in known


def test_words_that_wait_for_the_budget_are_merged(budgeted: World) -> None:
    for _ in range(100):
        budgeted.comes("张伟", "text", text="随便说一句听不懂的话")
    budgeted.settles()
    said = [card.as_text() for _, card in budgeted.channel.phones["zhangwei"].cards]
    assert sum(text.count("没听明白") for text in said) >= len(said)


def test_an_event_that_cannot_be_handled_is_tried_again_then_set_aside_with_an_apology(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(world.program.desk.intents, "help", None)
    world.says("张伟", "帮助")
    for _ in range(6):
        world.now += timedelta(minutes=1)
        world.settles()
    assert "抱歉，「帮助」没能处理" in world.heard("张伟")[-1]
    assert "已搁置" in world.heard("吴昊")[-1]
    with world.program.open_work.reading() as session:
        [item] = aside(session)
    assert item["text"] == "帮助"
    monkeypatch.undo()
    with world.program.engine.begin() as connection:
        assert put_back(connection, item["id"])
        assert not put_back(connection, 999)
    world.settles()
    assert "一句话就能记" in world.heard("张伟")[-1]


def test_one_persons_broken_event_does_not_hold_back_another_person(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(world.program.desk.intents, "today.plan", None)
    world.says("张伟", "今天")
    assert "一句话就能记" in world.says("李娜", "帮助")[0]


def test_events_of_one_person_are_answered_in_their_order(world: World) -> None:
    for number in range(5):
        world.comes("张伟", "text", text=f"新线索 第{number}家机电 1381234000{number}")
    world.settles()
    titles = [card.title for _, card in world.channel.phones["zhangwei"].cards]
    assert [f"第{number}家" in title for number, title in enumerate(titles)] == [True] * 5


def stuck(world: World, count: int, attempts: int) -> None:
    """Put messages in the outbox that failed `attempts` times and wait for hours."""
    with world.program.engine.begin() as connection:
        connection.execute(
            insert(outbox),
            [
                {
                    "channel": "wecom",
                    "user_id": "zhangwei",
                    "kind": "card",
                    "content": Card(title=f"第{number}条").as_json(),
                    "created_at": world.now,
                    "state": OutboxState.WAITING,
                    "attempts": attempts,
                    "not_before": datetime.now(UTC) + timedelta(hours=3),
                }
                for number in range(count)
            ],
        )


def test_twenty_five_stuck_messages_are_overtaken_by_a_fresh_one_and_follow_it_when_it_arrives(world: World) -> None:
    stuck(world, 25, attempts=5)
    heard = world.says("张伟", "帮助")
    assert "一句话就能记" in heard[0]
    assert heard[1:] == [f"第{number}条" for number in range(25)]


def test_a_message_that_fails_although_others_arrive_keeps_its_pauses(world: World) -> None:
    stuck(world, 1, attempts=5)
    send = world.channel.send

    def picky(user_id: str, card: Card, **how: Any) -> Receipt:
        if card.title == "第0条":
            raise DeliveryFailed("系统繁忙", temporary=True)
        return send(user_id, card, **how)

    world.channel.send = picky  # type: ignore[method-assign]
    for _ in range(4):
        assert "一句话就能记" in world.says("张伟", "帮助")[0]
    with world.program.open_work.reading() as session:
        assert session.scalar(select(outbox.c.attempts).order_by(outbox.c.id).limit(1)) == 6


def test_a_message_held_for_days_holds_nobody_back(world: World) -> None:
    world.channel.failing = [DeliveryFailed("本月的接口调用量已用完", temporary=True, retry_after=timedelta(days=4))]
    assert world.says("张伟", "帮助") == []
    assert "一句话就能记" in world.says("张伟", "帮助")[0]
    assert sorted(states(world)) == [OutboxState.SENT, OutboxState.SENT], "and what arrives brings it forward"


def test_one_whose_oldest_message_must_wait_is_not_called_for(world: World) -> None:
    stuck(world, 1, attempts=1)
    world.comes("张伟", "text", text="帮助")
    world.program.dispatcher.drain("wecom", "zhangwei")
    with world.program.open_work.reading() as session:
        assert receivers_waiting(session, datetime.now(UTC), 10) == []
        assert receivers_waiting(session, datetime.now(UTC) + timedelta(hours=4), 10) == [("wecom", "zhangwei")]


def test_one_whose_oldest_event_must_wait_is_not_called_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(world.program.desk.intents, "help", None)
    world.comes("张伟", "text", text="帮助")
    world.program.dispatcher.drain("wecom", "zhangwei")
    world.comes("张伟", "text", text="今天")
    with world.program.open_work.reading() as session:
        assert senders_waiting(session, world.now, 10) == []
        assert senders_waiting(session, world.now + timedelta(minutes=1), 10) == [("wecom", "zhangwei")]


def ticking(world: World, moments: list[datetime]) -> Messenger:
    """A messenger whose clock shows `moments[0]`."""
    made = replace(world.program.messenger, clock=lambda: moments[0])
    world.program.__dict__["messenger"] = made
    return made


def test_nothing_is_sent_in_the_last_seconds_of_a_lease(world: World) -> None:
    moments = [datetime.now(UTC)]
    messenger = ticking(world, moments)
    leases: list[datetime] = []
    send = world.channel.send

    def slow(user_id: str, card: Card, **how: Any) -> Receipt:
        with world.program.open_work.reading() as session:
            leases.append(session.scalar(select(func.max(outbox.c.leased_until))) or moments[0])
        assert leases[-1] - moments[0] >= timedelta(seconds=13)
        moments[0] += timedelta(seconds=13)
        return send(user_id, card, **how)

    world.channel.send = slow  # type: ignore[method-assign]
    for _ in range(10):
        world.comes("张伟", "text", text="帮助")
    world.program.dispatcher.drain("wecom", "zhangwei")
    assert messenger.deliver("wecom", "zhangwei") == 10
    assert set(states(world)) == {OutboxState.SENT}


def test_whoever_lost_the_lease_while_sending_writes_nothing(world: World) -> None:
    moments = [datetime.now(UTC)]
    messenger = ticking(world, moments)
    heir = moments[0] + timedelta(minutes=5)
    send = world.channel.send

    def lost(user_id: str, card: Card, **how: Any) -> Receipt:
        with world.program.engine.begin() as connection:
            connection.execute(update(outbox).values(leased_until=heir))
        return send(user_id, card, **how)

    world.channel.send = lost  # type: ignore[method-assign]
    world.comes("张伟", "text", text="帮助")
    world.program.dispatcher.drain("wecom", "zhangwei")
    messenger.deliver("wecom", "zhangwei")
    with world.program.open_work.reading() as session:
        [row] = session.execute(select(outbox.c.state, outbox.c.leased_until))
    assert row == (OutboxState.WAITING, heir)
