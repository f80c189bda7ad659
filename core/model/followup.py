"""What was done with a customer (FollowUp) and what shall be done (Plan)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.model.ids import UNSAVED, FollowUpId, MemberId, PlanId, Ref


class Method(StrEnum):
    """How we were in touch."""

    CALL = "call"
    VISIT = "visit"
    WECHAT = "wechat"
    EMAIL = "email"
    MEETING = "meeting"
    SMS = "sms"
    DEMO = "demo"
    OTHER = "other"


METHOD_NAMES = {
    Method.CALL: "电话",
    Method.VISIT: "拜访",
    Method.WECHAT: "微信",
    Method.EMAIL: "邮件",
    Method.MEETING: "会议",
    Method.SMS: "短信",
    Method.DEMO: "演示",
    Method.OTHER: "其他",
}


@dataclass(eq=False, kw_only=True)
class FollowUp:
    """A contact with a customer. Only a `valid` one answers a clock (semantics B.2)."""

    id: FollowUpId = UNSAVED
    customer_kind: str
    customer_id: int
    author_id: MemberId | None
    method: str = Method.OTHER
    content: str
    at: datetime
    valid: bool
    deleted_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("followup", self.id)

    @property
    def customer(self) -> Ref:
        return Ref(self.customer_kind, self.customer_id)


class PlanState(StrEnum):
    """What became of a plan. `TO_REPLAN`: its holder let the customer go."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"
    TO_REPLAN = "to_replan"


@dataclass(eq=False, kw_only=True)
class Plan:
    """The next contact promised with a customer, or a bare reminder when there is no customer.

    A reminder that comes `every` so often stays open, and `at` is its next turn.
    """

    id: PlanId = UNSAVED
    customer_kind: str | None = None
    customer_id: int | None = None
    owner_id: MemberId
    content: str = ""
    at: datetime
    remind_at: datetime
    every: str = ""
    state: str = PlanState.OPEN
    deleted_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("plan", self.id)

    @property
    def customer(self) -> Ref | None:
        if self.customer_kind is None or self.customer_id is None:
            return None
        return Ref(self.customer_kind, self.customer_id)

    @property
    def is_open(self) -> bool:
        return self.state == PlanState.OPEN and self.deleted_at is None
