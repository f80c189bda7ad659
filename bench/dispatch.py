"""Our own dispatch of one kept event, without its handler and without a database: flat in the number of handlers."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from bench.harness import Row, Scale, in_turn, timed
from bot.cards.card import Card
from bot.context import Context
from bot.desk import Desk
from bot.dispatch import Dispatcher
from bot.event import Event, EventKind
from bot.router import Router
from bot.understanding.acts import Act, Outcome, Understood
from core.calendar import WorkCalendar
from core.model.member import Member, Role
from core.model.messages import InboxItem, InboxState

FEW, MANY = 10, 500
NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
PER_SECOND_OF_SCALE = 500


def run(scale: Scale) -> Iterator[Row]:
    """Dispatch words and taps at a desk with few handlers, with many, and at slack-bolt."""
    turns = int(scale.seconds * PER_SECOND_OF_SCALE)
    events = {"words": _event(EventKind.TEXT, text="做 7"), "tap": _event(EventKind.TAP, action="do7")}
    contenders = {
        f"{kind}, {size}": _measure(partial(_dispatch, _desk(size), event), turns)
        for kind, event in events.items()
        for size in (FEW, MANY)
    }
    contenders["bolt"] = _measure(_bolt(), turns)
    figures = in_turn(contenders, scale.rounds * 3)
    for kind in events:
        ours = figures[f"{kind}, {MANY}"]
        yield Row(bench="dispatch", what=f"{kind}, {MANY} handlers", unit="µs", ours=ours, at_most=100)
        yield Row(
            bench="dispatch",
            what=f"{kind}, {MANY} handlers",
            unit="µs",
            ours=ours,
            other=figures[f"{kind}, {FEW}"],
            against=f"{FEW} handlers",
            at_most=1.2,
        )
        yield Row(
            bench="dispatch",
            what=f"{kind}, {MANY} handlers",
            unit="µs",
            ours=ours,
            other=figures["bolt"],
            against="bolt",
        )


def _measure(work: Callable[[], object], turns: int) -> Callable[[], float]:
    """Return what tells the microseconds of one turn."""
    return lambda: timed(lambda: [work() for _ in range(turns)]) / turns * 1e6


def _desk(size: int) -> Desk:
    router = Router()
    for number in range(size):
        router.command(f"do{number}", f"做 {number}")(_handle)
        router.button(f"do{number}")(_handle)
    nothing: Any = SimpleNamespace()

    def reads(words: Mapping[str, str]) -> Callable[..., Understood]:
        return lambda _, text, __: Understood(acts=(Act(words[text]),), outcome=Outcome.DO)

    return Desk([router], {}, reads, nothing)


def _handle(ctx: Context) -> Card:
    """做：什么也不做"""
    return Card(title="好的")


def _event(kind: EventKind, **what: Any) -> dict[str, Any]:
    return Event(channel="wecom", kind=kind, key="1", user_id="zhangwei", at=NOW, **what).as_json()


def _dispatch(desk: Desk, event: dict[str, Any]) -> None:
    if not Dispatcher(lambda *_, **__: _work(event), desk).next("wecom", "zhangwei"):  # type: ignore[arg-type,return-value]
        raise AssertionError("nothing was handled")


@contextmanager
def _work(event: dict[str, Any]) -> Iterator[Any]:
    """A unit of work that remembers nothing."""
    item = InboxItem(
        channel="wecom", key="1", user_id="zhangwei", event=event, received_at=NOW, state=InboxState.PENDING
    )
    yield SimpleNamespace(
        now=NOW,
        actor=_MEMBER,
        channel="wecom",
        room="",
        calendar=WorkCalendar(is_workday=lambda _: True, zone=ZoneInfo("Asia/Shanghai")),
        inbox=SimpleNamespace(take=lambda *_: item),
        members=SimpleNamespace(known_as=lambda *_: _MEMBER),
        questions=SimpleNamespace(last=lambda *_: None),
        act_for=lambda *_: None,
        attempt=nullcontext,
        reply=lambda *_: None,
    )


_MEMBER = Member(name="张伟", department="销售部", roles=(Role.REP,), active=True, created_at=NOW, updated_at=NOW)


def _bolt() -> Callable[[], object]:
    """The peer: ten listeners, no signature check, nothing kept."""
    from slack_bolt import App, BoltRequest
    from slack_bolt.authorization import AuthorizeResult

    app = App(
        signing_secret="bench",
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_user_id="U0"),
        token_verification_enabled=False,
        request_verification_enabled=False,
        process_before_response=True,
    )
    for number in range(FEW):
        app.message(f"do {number}")(_listen)
    said = {"type": "message", "user": "U1", "text": "do 7", "channel": "D1", "channel_type": "im"}
    body = {"type": "event_callback", "team_id": "T1", "event": said}
    return lambda: app.dispatch(BoltRequest(body=body, mode="socket_mode"))


def _listen(say: Any) -> None:
    """Do nothing."""
