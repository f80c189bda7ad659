"""Approvals: who is asked for what, in which order, how long they have, and what the rules are (semantics B.8)."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Final, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from core.calendar import Clock
from core.model.playbook.conditions import Condition
from core.model.playbook.mirrors import OaMirror
from core.model.playbook.parts import Duration, Group, Name, Part, Share

OWN_DEPARTMENT: Final = "本部门"
"""What stands for the submitter's own department."""

DEEPEST: Final = 6
GUARDED: Final = frozenset({"playbook", "record.delete"})
"""Kinds that go by the general kit's flow where a document names none; a flow without steps sets them free."""

MOST_STEPS: Final = 200


class Mode(StrEnum):
    """How the voices of a node come to one decision."""

    ALL = "all"
    ANY = "any"
    SEQUENCE = "sequence"
    VOTE = "vote"


class Split(StrEnum):
    """Which of a step's branches are gone: the first that fits, all, or every one that fits."""

    EXCLUSIVE = "exclusive"
    PARALLEL = "parallel"
    INCLUSIVE = "inclusive"


class Repeated(StrEnum):
    """What is asked of somebody who has agreed before: nothing, nothing right after it, or once more every time."""

    FIRST = "first"
    CONSECUTIVE = "consecutive"
    EVERY = "every"


class Own(StrEnum):
    """Who decides where the submitter would have to decide about their own."""

    SKIP = "skip"
    ALLOW = "allow"
    SUPERIOR = "superior"


class Away(StrEnum):
    """Who is asked for somebody who is on leave and has named no proxy."""

    SUPERIOR = "superior"
    WAIT = "wait"


class Withdrawal(StrEnum):
    """When one may withdraw: before anybody has answered, also later if an approver agrees, or always."""

    UNANSWERED = "unanswered"
    CONSENT = "consent"
    ALWAYS = "always"


class WhileRunning(StrEnum):
    """What a change of the subject does while it is under approval."""

    VOID = "void"
    LOCK = "lock"


class Overdue(StrEnum):
    """What happens when the time is up."""

    SUPERIOR = "superior"
    REJECT = "reject"
    PASS = "pass"  # noqa: S105 - a verdict, no secret


class Right(StrEnum):
    """What an approver may do with a line of the subject."""

    HIDDEN = "hidden"
    READ = "read"
    WRITE = "write"


class Source(Part):
    """Where approvers come from: exactly one of these. A source is one voice, unless it says `each` or is a chain."""

    member: Name | None = Field(default=None, description="某一个人，写姓名或编号 M3")
    role: Name | None = Field(
        default=None, description="角色，例如 finance；有几个人时先找管着提交人的，任一人处理即可"
    )
    head: Name | None = Field(default=None, description="部门负责人，写部门，或「本部门」")
    above: int = Field(default=0, ge=0, le=10, description="和 head 一起用：往上几级部门")
    superior: int | None = Field(default=None, ge=1, le=10, description="第几级上级，1 是直接主管")
    superiors: int | None = Field(default=None, ge=1, le=10, description="逐级上级，一共几级，每级各自表态")
    until: Name | None = Field(default=None, description="和 superiors 一起用：到哪个角色为止")
    field: Name | None = Field(default=None, description="单据上的人员字段")
    choice: Group | None = Field(default=None, description="提交人自选，可以限定范围；写 {} 就是谁都行")
    each: bool = Field(default=False, description="role 有几个人时，每个人都单独表态")
    weight: float = Field(default=1, gt=0, le=1000, description="票签时算几票")

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        named = [
            name for name in ("member", "role", "head", "superior", "superiors", "field", "choice") if self._has(name)
        ]
        if len(named) != 1:
            raise ValueError("审批人写 member、role、head、superior、superiors、field、choice 其中一样")
        return self

    def _has(self, name: str) -> bool:
        return getattr(self, name) is not None


class Timeout(Part):
    """How long one has to answer, when one is reminded, and what happens then."""

    amount: Duration = Field(description="多久之内要处理")
    clock: Clock = Field(default=Clock.WORKTIME, description="按哪种时钟")
    remind: tuple[Share, ...] = Field(default=(0.5, 0.8), max_length=10, description="走到百分之几时提醒")
    then: Overdue = Field(default=Overdue.SUPERIOR, description="到期怎么办：转给上级、驳回或自动通过")
    up_to: int | None = Field(default=None, ge=0, description="金额不超过多少元才自动通过，then 是 pass 时必须写")

    @field_validator("remind")
    @classmethod
    def _on_the_way(cls, remind: tuple[float, ...]) -> tuple[float, ...]:
        if any(not 0 < share < 1 for share in remind):
            raise ValueError("提醒写成走到百分之几（1% 到 99%）")
        return tuple(sorted(set(remind)))

    @model_validator(mode="after")
    def _is_bounded(self) -> Self:
        if self.then is Overdue.PASS and self.up_to is None:
            raise ValueError("自动通过（then: pass）要写 up_to：金额不超过多少元才自动通过")
        return self


def default_timeout() -> Timeout:
    return Timeout(amount=timedelta(hours=8))


def _read_rights(said: Any) -> Any:
    return {} if said is None else said


class Step(Part):
    """A node with approvers (`by`), a split into `branches`, another `flow`, or only copies (`cc`)."""

    name: Name = Field(description="这一步叫什么")
    by: tuple[Source, ...] = Field(default=(), max_length=50, description="谁审批")
    mode: Mode = Field(default=Mode.ALL, description="会签 all、或签 any、依次 sequence、票签 vote")
    over: Share = Field(default=0.5, description="票签：超过百分之几通过")
    timeout: Timeout | None = Field(default=None, description="时限；不写就按这个流程的")
    rights: Annotated[dict[Name, Right], BeforeValidator(_read_rights)] = Field(
        default_factory=dict, description="单据各行：不给看 hidden、只看 read、可以改 write；没写的都能看"
    )
    cc: tuple[Source, ...] = Field(default=(), max_length=50, description="走到这一步时抄送谁")
    split: Split = Field(default=Split.EXCLUSIVE, description="分支走哪些：第一个符合的、全部、每个符合的")
    branches: "tuple[Branch, ...]" = Field(default=(), max_length=30, description="分支")
    flow: Name | None = Field(default=None, description="子流程的名称")

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        told = [name for name, value in (("by", self.by), ("branches", self.branches), ("flow", self.flow)) if value]
        if len(told) > 1:
            raise ValueError(f"「{self.name}」只能写 {'、'.join(told)} 其中一样，请分成几步")
        if not told and not self.cc:
            raise ValueError(f"「{self.name}」要写 by（谁审批）、branches（分支）、flow（子流程）或 cc（抄送谁）")
        return self


class Branch(Part):
    """A way that is gone when its condition holds; without one it is the default."""

    name: Name = Field(description="这个分支叫什么")
    when: Condition | None = Field(default=None, description="什么情况走这里；不写就是其他情况")
    steps: tuple[Step, ...] = Field(default=(), max_length=MOST_STEPS, description="这个分支里的步骤，空着就不用审批")


Step.model_rebuild()


class Flow(Part):
    """One way of deciding, for what `kind` names, or to be used within others."""

    name: Name = Field(description="流程名称")
    kind: str = Field(default="", max_length=32, description="审批什么；只作子流程就不写")
    steps: tuple[Step, ...] = Field(default=(), max_length=MOST_STEPS, description="步骤，从上到下")
    cc: tuple[Source, ...] = Field(default=(), max_length=50, description="通过或驳回后抄送谁")
    timeout: Timeout | None = Field(default_factory=default_timeout, description="每一步的时限，写 null 就不限时")
    repeated: Repeated = Field(
        default=Repeated.CONSECUTIVE, description="同一个人再次审批：只第一次、连续的省略、每次都审"
    )
    own: Own = Field(default=Own.SUPERIOR, description="审批人就是提交人：跳过、自己审、交给上级")
    away: Away = Field(default=Away.SUPERIOR, description="审批人休假又没有代理：交给上级，还是等他回来")
    missing: tuple[Name, ...] = Field(default=(), description="找不到审批人时交给谁；不写就是管理员")
    withdraw: Withdrawal = Field(
        default=Withdrawal.CONSENT, description="撤回：没人处理前、之后也行但要审批人同意、随时"
    )
    running: WhileRunning = Field(default=WhileRunning.VOID, description="审批中改了内容：作废重来，还是不让改")
    lives: Duration = Field(default=timedelta(days=60), description="多久没有结果就失效")


def _if(field: str, most: str | int) -> Condition:
    return Condition.model_validate({"field": field, "op": "<=", "value": most})


def default_flows() -> tuple[Flow, ...]:
    """Return the flows of the general kit; the special price goes the way that semantics B.8 works out."""
    manager = Step(name="主管", by=(Source(superior=1),))
    both = Step(name="总监和财务", by=(Source(role="director"), Source(role="finance")))
    vice = Step(name="副总", by=(Source(role="vp"),))
    legal = Step(name="法务", by=(Source(role="legal"),))
    by_discount = (
        Branch(name="10%以内", when=_if("discount", "10%"), steps=(manager,)),
        Branch(name="20%以内", when=_if("discount", "20%"), steps=(manager, both)),
        Branch(name="超过20%", steps=(manager, both, vice)),
    )
    by_amount = (
        Branch(
            name="50万以内",
            when=_if("amount", 500_000),
            steps=(Step(name="抄送法务", cc=(Source(role="legal"),)),),
        ),
        Branch(name="超过50万", steps=(legal,)),
    )
    special = (
        Branch(name="5%以内", when=_if("discount", "5%")),
        Branch(
            name="超过5%",
            steps=(Step(name="按折扣", branches=by_discount), Step(name="按金额", branches=by_amount)),
        ),
    )
    contract = (
        Branch(name="50万以内", when=_if("amount", 500_000), steps=(manager, legal)),
        Branch(name="超过50万", steps=(manager, legal, both)),
    )
    second = Step(name="另一位管理员", by=(Source(role="admin"),))
    weighty = Condition.model_validate({"field": "weighty", "op": "=", "value": True})
    rules = (Branch(name="重大改动", when=weighty, steps=(second,)), Branch(name="其他"))
    person = Condition.model_validate({"field": "object", "op": "=", "value": "联系人"})
    deletion = (Branch(name="联系人", when=person), Branch(name="其他", steps=(manager,)))
    return (
        Flow(name="特价审批", kind="special_price", steps=(Step(name="按力度", branches=special),)),
        Flow(name="合同审批", kind="contract", steps=(Step(name="按金额", branches=contract),)),
        Flow(name="账期审批", kind="payment_terms", steps=(manager, Step(name="财务", by=(Source(role="finance"),)))),
        Flow(name="阶段审批", kind="stage", steps=(manager,)),
        Flow(name="延期审批", kind="extension", steps=(manager,), own=Own.SUPERIOR),
        Flow(
            name="导出审批",
            kind="export",
            steps=(manager, Step(name="管理员", by=(Source(role="admin"),))),
            timeout=Timeout(amount=timedelta(days=1), then=Overdue.REJECT),
        ),
        Flow(name="删除审批", kind="record.delete", steps=(Step(name="按内容", branches=deletion),)),
        Flow(
            name="规则审批",
            kind="playbook",
            steps=(Step(name="按改动", branches=rules),),
            timeout=Timeout(amount=timedelta(days=1), clock=Clock.CALENDAR, then=Overdue.REJECT),
            own=Own.SKIP,
        ),
    )


class ApprovalsSection(Part):
    """All flows, and what holds for each of them."""

    flows: tuple[Flow, ...] = Field(default_factory=default_flows, max_length=100, description="审批流程")
    auto_pass_limit: int = Field(default=50_000, ge=0, description="金额超过多少元一律不能超时自动通过")
    nudge_every: Duration = Field(default=timedelta(hours=2), description="同一个待办多久才能催一次")
    transfers: int = Field(default=3, ge=0, le=10, description="同一个待办最多转办几次")
    mirrors: tuple[OaMirror, ...] = Field(
        default=(), max_length=20, description="平台自带审批（OA）里也建单；不写就不建"
    )

    def flow(self, kind: str) -> Flow | None:
        """Return the flow by which `kind` is decided; what nobody may be free to do by mistake has one always."""
        said = next((flow for flow in self.flows if flow.kind == kind), None)
        return said or next((flow for flow in default_flows() if flow.kind == kind and kind in GUARDED), None)

    def mirror(self, channel: str, kind: str) -> OaMirror | None:
        """Return with what a kind of matter is handed in on a platform; the first that takes it."""
        return next((one for one in self.mirrors if one.channel == channel and one.takes(kind)), None)

    def called(self, name: str) -> Flow | None:
        return next((flow for flow in self.flows if flow.name == name), None)
