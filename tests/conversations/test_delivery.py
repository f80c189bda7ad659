"""Delivery: at least once, in order, never silently over the budget; and events that cannot be handled."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.messenger import Messenger
from core.errors import DeliveryFailed
from core.model.messages import OutboxState
from storage.queues import aside, put_back, receivers_waiting
from tests.world import World


def states(world: World) -> list[str]:
    from sqlalchemy import select

    from storage.tables import outbox

    with world.program.open_work.reading() as session:
        return list(session.scalars(select(outbox.c.state).order_by(outbox.c.id)))


def hurried(world: World) -> Messenger:
    """The messenger an hour and a bit later, when every pause is over."""
    world.program.__dict__["messenger"] = messenger = Messenger(
        open_work=world.program.open_work,
        outlets=world.program.outlets,
        budgets=world.program.budgets,
        calendar=lambda: world.program.calendar,
        clock=lambda: datetime.now(UTC) + timedelta(hours=30),
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

    def watched(user_id: str, card: object, *, card_id: str, again: bool) -> object:
        tries.append(again)
        return send(user_id, card, card_id=card_id, again=again)

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
