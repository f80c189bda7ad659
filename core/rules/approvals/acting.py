"""What may be done with an approval, and what comes of it: acts, effects, and the setting they are judged in."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.calendar import WorkCalendar
from core.model.approval import ApprovalState, Course, Demand, ReturnMode
from core.model.ids import MemberId
from core.model.playbook.approvals import ApprovalsSection, Flow
from core.rules.approvals.people import Asking
from core.rules.approvals.ways import Way

CLOCK = MemberId(0)
"""Who acts when the clock does."""


class Deed(StrEnum):
    """Everything that can be done with an approval."""

    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    TRANSFER = "transfer"
    DELEGATE = "delegate"
    SIGN_BEFORE = "sign_before"
    SIGN_AFTER = "sign_after"
    UNSIGN = "unsign"
    RETURN = "return"
    FILL = "fill"
    RESUBMIT = "resubmit"
    TAKE_BACK = "take_back"
    WITHDRAW = "withdraw"
    CONSENT = "consent"
    DISSENT = "dissent"
    NUDGE = "nudge"
    COPY = "copy"
    REMARK = "remark"
    ASK = "ask"
    ANSWER = "answer"
    ATTACH = "attach"
    TIME_OUT = "time_out"
    REROUTE = "reroute"
    VOID = "void"
    EXPIRE = "expire"


@dataclass(frozen=True, kw_only=True)
class Act:
    """One deed of one person: on a task, towards people or a node, with words and files."""

    deed: Deed
    by: MemberId
    task: int = 0
    to: tuple[MemberId, ...] = ()
    node: int = 0
    mode: ReturnMode = ReturnMode.AGAIN
    comment: str = ""
    files: tuple[int, ...] = ()
    demand: Demand | None = None
    way: Way | None = None
    """Where facts were changed by a resubmission, an accepted condition or an approver: the way that they go now."""


class Told(StrEnum):
    """What people are told of. Who are told stands with it."""

    ASKED = "asked"
    CLOSED = "closed"
    ENDED = "ended"
    COPIED = "copied"
    NUDGED = "nudged"
    FILLED = "filled"
    MOVED = "moved"
    RETURNED = "returned"
    TAKEN_BACK = "taken_back"
    PROGRESS = "progress"
    WISHED = "wished"
    WISH_REFUSED = "wish_refused"
    DEMANDED = "demanded"
    DEMAND_DECLINED = "demand_declined"
    REMARKED = "remarked"
    QUESTIONED = "questioned"
    ANSWERED = "answered"
    ATTACHED = "attached"


@dataclass(frozen=True, kw_only=True)
class Effect:
    """Something that people must learn: about a task of theirs, or about the whole."""

    told: Told
    to: tuple[MemberId, ...] = ()
    task: int = 0
    by: MemberId = CLOCK
    comment: str = ""
    state: ApprovalState = ApprovalState.RUNNING


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What an act is judged by: the flow, the people, the facts that limits are held against, and the instant."""

    title: str
    flow: Flow
    section: ApprovalsSection
    asking: Asking
    calendar: WorkCalendar
    now: datetime
    amount: int | None = None
    """分."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Where the approval stands after an act, and what must be told."""

    course: Course
    effects: tuple[Effect, ...] = field(default=())
