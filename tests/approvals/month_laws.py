"""What must hold of every matter of a month: its history, its rows, its promises, its effect and its cards."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import text

from bot.cards.approvals import ENDED
from core.model.approval import ApprovalState, ReturnMode
from core.model.ids import MemberId
from core.model.messages import OutboxState
from core.ports import UnitOfWork
from core.rules.approvals.acting import Act, Deed
from core.rules.approvals.acts import perform
from core.rules.approvals.judging import may_answer
from core.services.approvals import keeping
from core.services.approvals.keeping import Matter, course_as_json, matter_of, read_course, replayed
from tests.approvals.histories import check_laws
from tests.world import World


def rows(uow: UnitOfWork, statement: str, **values: Any) -> list[Any]:
    found = uow.session.connection().execute(text(statement), values)  # type: ignore[attr-defined]  # the test's own table
    return list(found) if found.returns_rows else []


@dataclass
class Story:
    """One matter: what was seen of it last."""

    approval: int
    subject: int
    lines: int = 0
    course: dict[str, Any] = field(default_factory=dict)

    @property
    def runs(self) -> bool:
        return not self.course or self.course["state"] == ApprovalState.RUNNING


def look_at(uow: UnitOfWork, story: Story, month: str) -> None:
    approval = uow.approvals.get(story.approval)
    where = f"{month} S{story.approval}"
    log = uow.approvals.log(story.approval)
    assert [change.version for change in log] == list(range(1, len(log) + 1)), f"{where}: acts got lost"
    matter = matter_of(uow, approval)
    lines = [change.after for change in log]
    for place in range(story.lines, len(log)):
        before, after = replayed(lines[:place]), replayed(lines[: place + 1])
        if place:
            _look_at_act(before, after, dict(lines[place] or {})["did"], log[place].at, matter, where)
    assert replayed(lines) == approval.course, f"{where}: history and state differ"
    assert approval.state == matter.course.state, where
    if len(log) == story.lines:
        return
    check_laws(matter.course, matter.setting, where)
    _look_at_rows(uow, matter, where)
    story.lines, story.course = len(log), approval.course


def _look_at_act(
    before: dict[str, Any], after: dict[str, Any], did: dict[str, Any], at: Any, matter: Matter, where: str
) -> None:
    """One line of the history: whoever decided was asked, and the pure machine comes to the same."""
    then, now = read_course(before), read_course(after)
    setting = replace(matter.setting, now=at)
    deed, number = Deed(did["deed"]), did.get("task", 0)
    if not then.is_running:
        assert (now.state, now.pending) == (then.state, ()), f"{where}: {deed} after the end"
    task = then.task(number)
    if deed in (Deed.APPROVE, Deed.REJECT):
        assert task is not None, f"{where}: no task {number}"
        assert task.is_pending, f"{where}: {deed} of task {number}, which waits for nobody"
        assert may_answer(task, did["by"], setting), f"{where}: {did['by']} is not asked by task {number}"
        assert not then.is_blocked(task), where
    if then.plan != now.plan or len(then.nodes) != len(now.nodes):
        return  # the facts are others, and so is the way: the laws judge it
    demand = next((one for one in now.demands if one.task == number), None) if "demand" in did else None
    act = Act(
        deed=deed,
        by=MemberId(did["by"] or 0),
        task=number,
        to=tuple(MemberId(one) for one in did.get("to", ())),
        node=did.get("node", 0),
        mode=ReturnMode(did.get("mode", ReturnMode.AGAIN)),
        comment=did.get("comment", ""),
        demand=demand,
    )
    made = perform(then, act, setting).course
    assert made == now, f"{where}: {act} is {_other(course_as_json(made), after)}, not what the machine says"


def _other(made: dict[str, Any], kept: dict[str, Any]) -> list[str]:
    return [f"{key}: {kept.get(key)} for {made.get(key)}" for key in made | kept if made.get(key) != kept.get(key)]


def _look_at_rows(uow: UnitOfWork, matter: Matter, where: str) -> None:
    approval, course = matter.approval, matter.course
    tasks = [vars(one) for one in uow.approvals.tasks(approval.id)]
    wanted = [vars(keeping._row(approval, course, task)) for task in course.tasks]
    assert tasks == wanted, f"{where}: its tasks are not its course's"
    promised = {(one.rule, one.due_at, one.cycle, one.holder_id) for one in uow.deadlines.of(approval.ref)}
    kept = keeping._deadlines(uow, matter) if course.is_running else []
    due = {(one.rule, one.due_at, one.cycle, one.holder_id) for one in kept}
    assert promised <= due, f"{where}: promises that nobody made: {promised - due}"
    lost = {one for one in due - promised if one[1] > uow.now}
    assert not lost, f"{where}: lost promises {lost} of {promised}"
    fates = [row.fate for row in rows(uow, "select fate from fates where approval = :id", id=approval.id)]
    wanted_fate = {"running": [], "approved": ["passed"]}.get(approval.state, ["refused"])
    if approval.state == "voided":
        assert fates in ([], ["refused"]), f"{where}: {fates}"
    else:
        assert fates == wanted_fate, f"{where}: {approval.state}, and its effect was {fates}"


def look_at_cards(uow: UnitOfWork, world: World, story: Story, left: Collection[str], month: str) -> None:
    """Every card of an approval ends in the same final state, on every phone.

    Where a card is changed once only, whoever has decided in words has spent that: it says what they have decided.
    Whoever has `left` is shown nothing any more, and their taps do nothing.
    """
    approval = uow.approvals.get(story.approval)
    for message in uow.outbox.showing(f"approval:{story.approval}"):
        where = f"{month} S{approval.id} {message.user_id} o{message.id}"
        if message.user_id in left:
            continue
        if message.state == OutboxState.WAITING:
            assert message.not_before, f"{where} has not left"
            continue
        phone = world._phone(message.user_id, "")
        for card in [card for one, card in phone.cards if one.startswith(f"o{message.id}-")]:
            assert not card.pressable(), f"{where}: {card.buttons} after {approval.state}"
            final, spent = card.settled == ENDED[approval.state], message.response_code not in world.channel.codes
            assert final or (spent and card.settled), f"{where}: {card.settled!r} after {approval.state}"
