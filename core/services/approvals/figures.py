"""How long approvals take: by flow, by node and by person, and how many pass at the first go."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.model.approval import DECIDING, Approval, ApprovalState, Course
from core.model.ids import MemberId
from core.model.member import LEADING, Role
from core.ports import UnitOfWork
from core.rules.approvals.kinds import KINDS
from core.rules.permissions import require, scope_of
from core.services.approvals.keeping import read_course

SPAN: Final = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How long one thing took: how often, the middle and the longest, and how many wait now."""

    name: str
    count: int
    middle: timedelta
    longest: timedelta
    waiting: int = 0
    waits_longest: timedelta = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class FlowPace:
    """A flow with its nodes, and how many of those that ended passed without coming back or being asked anew."""

    kind: str
    whole: Pace
    nodes: tuple[Pace, ...]
    passed: int
    first_pass: int
    ended: int


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Everything about what was begun between `begin` and `end`."""

    begin: datetime
    end: datetime
    flows: tuple[FlowPace, ...]
    people: tuple[Pace, ...]

    @property
    def bottleneck(self) -> Pace | None:
        """The node at which most time is spent."""
        nodes = [node for flow in self.flows for node in flow.nodes if node.count or node.waiting]
        return max(nodes, key=lambda node: max(node.middle, node.waits_longest), default=None)


def may_see_figures(uow: UnitOfWork) -> None:
    """Refuse whoever leads nobody and looks after nothing."""
    actor = uow.actor
    require(actor.id == 0 or actor.is_any(LEADING | {Role.ADMIN, Role.FINANCE, Role.LEGAL}), "查看审批耗时")


def figures(uow: UnitOfWork, begin: datetime | None = None, end: datetime | None = None) -> Figures:
    """Return how long approvals took that were begun in that time; a leader's are those of their own people."""
    end = end or uow.now
    begin = begin or end - SPAN
    seen = [one for one in uow.approvals.since(begin) if one.begun_at < end and _in_sight(uow, one)]
    by_kind: dict[str, list[Approval]] = defaultdict(list)
    for one in seen:
        by_kind[one.kind].append(one)
    flows = [_flow(kind, some, uow.now) for kind, some in by_kind.items()]
    return Figures(begin=begin, end=end, flows=tuple(flows), people=tuple(_people(uow, seen)))


def _in_sight(uow: UnitOfWork, approval: Approval) -> bool:
    actor = uow.actor
    if actor.id == 0 or actor.is_any(frozenset({Role.ADMIN, Role.FINANCE, Role.LEGAL})):
        return True
    submitter = uow.members.find([approval.submitter_id]).get(approval.submitter_id)
    return submitter is not None and scope_of(actor).covers(submitter.id, submitter.department)


def _flow(kind: str, approvals: list[Approval], now: datetime) -> FlowPace:
    spent: dict[str, list[timedelta]] = defaultdict(list)
    waiting: dict[str, list[timedelta]] = defaultdict(list)
    passed = first = 0
    for one in approvals:
        course = read_course(one.course)
        for name, lasted, is_over in _stays(course, now):
            (spent if is_over else waiting)[name].append(lasted)
        if course.state is ApprovalState.APPROVED:
            passed += 1
            first += all(node.round <= 1 for node in course.nodes) and one.replaces is None
    ended = [one for one in approvals if one.ended_at is not None]
    whole = _pace(KINDS[kind].label, [one.ended_at - one.begun_at for one in ended if one.ended_at is not None])
    names = dict.fromkeys([*spent, *waiting])
    return FlowPace(
        kind=kind,
        whole=whole,
        nodes=tuple(_pace(name, spent[name], waiting[name]) for name in names),
        passed=passed,
        first_pass=first,
        ended=len(ended),
    )


def _stays(course: Course, now: datetime) -> Iterable[tuple[str, timedelta, bool]]:
    """Yield each node that was asked, how long it took or takes, and whether it is over."""
    for node in course.nodes:
        if node.seats and node.begun_at is not None:
            over = node.ended_at is not None
            yield node.name, (node.ended_at or now) - node.begun_at, over


def _people(uow: UnitOfWork, approvals: list[Approval]) -> list[Pace]:
    names = {one.id: one.name for one in uow.members.everybody()}
    spent: dict[MemberId, list[timedelta]] = defaultdict(list)
    waiting: dict[MemberId, list[timedelta]] = defaultdict(list)
    for one in approvals:
        for task in read_course(one.course).tasks:
            if task.origin not in DECIDING:
                continue
            if task.is_pending:
                waiting[task.member].append(uow.now - task.begun_at)
            elif task.is_answered and task.answered_at is not None:
                spent[task.member].append(task.answered_at - task.begun_at)
    found = [_pace(names.get(who, ""), spent[who], waiting[who]) for who in dict.fromkeys([*spent, *waiting])]
    return sorted(found, key=lambda pace: (-pace.waits_longest, -pace.middle))


def _pace(name: str, spent: list[timedelta], waiting: list[timedelta] | None = None) -> Pace:
    waiting = waiting or []
    return Pace(
        name=name,
        count=len(spent),
        middle=sorted(spent)[len(spent) // 2] if spent else timedelta(0),
        longest=max(spent, default=timedelta(0)),
        waiting=len(waiting),
        waits_longest=max(waiting, default=timedelta(0)),
    )
