"""An approval under way: the instance with its nodes and tasks, the rows that find it, and who stands in for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from core.model.ids import UNSAVED, MemberId, Ref


class ApprovalState(StrEnum):
    """What became of an approval."""

    DRAFT = "draft"
    RUNNING = "running"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    VOIDED = "voided"
    EXPIRED = "expired"


class NodeState(StrEnum):
    """Where a node stands. RETURNED: it has sent the matter back and waits to be asked again."""

    WAITING = "waiting"
    ACTIVE = "active"
    PASSED = "passed"
    REJECTED = "rejected"
    SKIPPED = "skipped"
    RETURNED = "returned"


DONE = frozenset({NodeState.PASSED, NodeState.SKIPPED})


class TaskState(StrEnum):
    """What became of one person's task."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    TRANSFERRED = "transferred"
    DELEGATED = "delegated"
    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"


class Answer(StrEnum):
    """What was said of a task. Only YES and NO decide; NONE: it was taken off the table."""

    NONE = ""
    YES = "yes"
    NO = "no"
    RETURN = "return"
    TAKEN_BACK = "taken_back"
    DECLINED = "declined"


class Origin(StrEnum):
    """Why somebody has a task.

    FLOW: the flow asks them. REPEATED, OWN: the flow need not ask them, by its rules. MOVED: somebody or the clock
    handed it on. DELEGATE is an opinion, FINAL the delegator's tap after it. BEFORE and AFTER were signed in. REVISE
    and OFFER are the submitter's: what came back to them, and an approval under a condition.
    """

    FLOW = "flow"
    REPEATED = "repeated"
    OWN = "own"
    MOVED = "moved"
    DELEGATE = "delegate"
    FINAL = "final"
    BEFORE = "before"
    AFTER = "after"
    REVISE = "revise"
    OFFER = "offer"


DECIDING = frozenset({Origin.FLOW, Origin.REPEATED, Origin.OWN, Origin.MOVED, Origin.FINAL})
"""Tasks whose answer is the voice's own."""

REQUIRED = frozenset({Origin.BEFORE, Origin.AFTER})
"""Tasks without whose yes the voice is not given."""

SUBMITTERS = frozenset({Origin.REVISE, Origin.OFFER})


class ReturnMode(StrEnum):
    """How the matter comes back to whoever returned it."""

    AGAIN = "again_in_order"
    STRAIGHT = "straight_back_to_me"


@dataclass(frozen=True, kw_only=True)
class Task:
    """What one person is asked in one round of a node, for one voice (`seat`) of it.

    `parent` is the task it came from, `blocks` the one that waits for it, `moved` how often it was handed on.
    """

    number: int
    node: int
    seat: int
    round: int
    member: MemberId
    origin: Origin
    state: TaskState = TaskState.PENDING
    parent: int = 0
    blocks: int = 0
    moved: int = 0
    begun_at: datetime
    due_at: datetime | None = None
    nudged_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: MemberId | None = None
    answer: Answer = Answer.NONE
    comment: str = ""
    files: tuple[int, ...] = ()

    @property
    def is_pending(self) -> bool:
        return self.state is TaskState.PENDING

    @property
    def is_answered(self) -> bool:
        """Say whether somebody, or the clock for them, has said yes or no to it."""
        return self.answer in (Answer.YES, Answer.NO) and self.origin not in (Origin.REPEATED, *SUBMITTERS)


@dataclass(frozen=True, kw_only=True)
class Seat:
    """One voice of a node: who may give it, and how much it weighs in a vote."""

    people: tuple[MemberId, ...]
    weight: float = 1.0
    free: Origin | None = None
    """Set where nobody needs to be asked: REPEATED or OWN."""


@dataclass(frozen=True, kw_only=True)
class Node:
    """One node of the way that an approval goes; `step` is where it stands in the flow, `asked` how many seats were."""

    number: int
    step: tuple[int, ...]
    name: str
    state: NodeState = NodeState.WAITING
    round: int = 0
    seats: tuple[Seat, ...] = ()
    asked: int = 0
    kept: tuple[int, ...] = ()
    """Seats whose yes of an earlier round still counts."""
    begun_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Demand:
    """A yes that depends on something: the field stays within a value (最多92折); `met` once the submitter agreed."""

    task: int
    says: str
    field: str = ""
    op: str = ""
    value: str = ""
    met: bool = False


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A file that somebody has put to an approval."""

    file: int
    name: str
    by: MemberId


@dataclass(frozen=True, kw_only=True)
class Course:
    """Where an approval stands: its way as nested lists of node numbers, its nodes and its tasks.

    `plan` is ("seq", …) and ("par", …) over node numbers. `wish` is who was asked to let the submitter withdraw.
    """

    state: ApprovalState = ApprovalState.DRAFT
    plan: tuple[Any, ...] = ("seq",)
    nodes: tuple[Node, ...] = ()
    tasks: tuple[Task, ...] = ()
    copied: tuple[MemberId, ...] = ()
    chosen: tuple[tuple[str, tuple[MemberId, ...]], ...] = ()
    demands: tuple[Demand, ...] = ()
    wish: tuple[MemberId, ...] = ()
    files: tuple[Attached, ...] = ()
    acts: int = 0

    def node(self, number: int) -> Node:
        return self.nodes[number - 1]

    def task(self, number: int) -> Task | None:
        return self.tasks[number - 1] if 0 < number <= len(self.tasks) else None

    @property
    def pending(self) -> tuple[Task, ...]:
        return tuple(task for task in self.tasks if task.is_pending)

    @property
    def is_running(self) -> bool:
        return self.state is ApprovalState.RUNNING

    def is_blocked(self, task: Task) -> bool:
        """Say whether a task waits for somebody who was signed in before it."""
        return any(other.is_pending and other.blocks == task.number for other in self.tasks)

    def of_round(self, node: Node) -> tuple[Task, ...]:
        """The tasks of a node's present round, and those of earlier rounds whose yes still counts."""
        return tuple(
            task
            for task in self.tasks
            if task.node == node.number and (task.round == node.round or task.seat in node.kept)
        )


@dataclass(eq=False, kw_only=True)
class Approval:
    """One matter that is decided: what, whose, by which flow as it was then, with which facts, and how far it is.

    `digest` is of `facts`; `course` is a `Course` as JSON. `amount` is 分, for lists. `replaces` is the approval that
    was voided for this one.
    """

    id: int = UNSAVED
    kind: str
    subject_kind: str
    subject_id: int
    title: str
    reason: str = ""
    submitter_id: MemberId
    state: str = ApprovalState.RUNNING
    flow: dict[str, Any]
    flow_version: int = 0
    facts: dict[str, Any]
    digest: str
    amount: int | None = None
    course: dict[str, Any]
    replaces: int | None = None
    begun_at: datetime
    ended_at: datetime | None = None

    @property
    def ref(self) -> Ref:
        return Ref("approval", self.id)

    @property
    def subject(self) -> Ref:
        return Ref(self.subject_kind, self.subject_id)

    @property
    def is_running(self) -> bool:
        return self.state == ApprovalState.RUNNING

    @property
    def asked(self) -> tuple[MemberId, ...]:
        """Whom it waits for now, each once, in the order in which they were asked."""
        pending = (task["member"] for task in self.course.get("tasks", ()) if _is_pending(task))
        return tuple(dict.fromkeys(pending))

    @property
    def changed_at(self) -> datetime:
        """When something was done about it last."""
        answers = [
            datetime.fromisoformat(at) for task in self.course.get("tasks", ()) if (at := task.get("answered_at"))
        ]
        return max([self.begun_at, *answers, *([self.ended_at] if self.ended_at else [])])


def _is_pending(task: Mapping[str, Any]) -> bool:
    return bool(task.get("state", TaskState.PENDING) == TaskState.PENDING)


@dataclass(eq=False, kw_only=True)
class ApprovalTask:
    """A task as a row, so that it is found by whose it is; the approval's course is what it says."""

    approval_id: int
    number: int
    node: int
    node_name: str
    member_id: MemberId
    origin: str
    state: str
    waits: bool = False
    begun_at: datetime
    due_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: MemberId | None = None


@dataclass(eq=False, kw_only=True)
class Proxy:
    """From one day to another, both included, `proxy_id` may answer for `member_id`, once they have agreed to."""

    id: int = UNSAVED
    member_id: MemberId
    proxy_id: MemberId
    begins_on: date
    ends_on: date
    agreed_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("proxy", self.id)

    def holds_on(self, day: date) -> bool:
        return self.deleted_at is None and self.agreed_at is not None and self.begins_on <= day <= self.ends_on
