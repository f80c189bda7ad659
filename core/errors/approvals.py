"""What can stand against an act on an approval."""

from dataclasses import dataclass
from typing import ClassVar

from core.errors.refusal import Refusal


@dataclass(eq=False)
class TaskAnswered(Refusal):
    """The task has been decided; `by` is 您 for whoever did it themselves, `how` is 同意, 驳回 and so on."""

    code: ClassVar[str] = "approval.answered"
    by: str
    at: str
    how: str
    now: str = ""

    def __str__(self) -> str:
        then = f"，{self.now}" if self.now else ""
        return f"已由{self.by} {self.at} {self.how}{then}，不用再处理。发送「待我审批的」看看还有什么"


@dataclass(eq=False)
class ApprovalOver(Refusal):
    """The approval has ended; `how` is 已通过, 已驳回, 已撤回, 已作废 or 已失效."""

    code: ClassVar[str] = "approval.over"
    title: str
    how: str

    def __str__(self) -> str:
        return f"「{self.title}」{self.how}，不用再处理。发送「待我审批的」看看还有什么"


@dataclass(eq=False)
class NotYourTask(Refusal):
    """Somebody taps who is not asked; nothing of the matter is named."""

    code: ClassVar[str] = "approval.not_yours"

    def __str__(self) -> str:
        return "这个审批现在不归您处理。发送「待我审批的」看看归您的有哪些"


@dataclass(eq=False)
class NobodyToAsk(Refusal):
    """The flow finds nobody for a step, and there is nobody to fall back on."""

    code: ClassVar[str] = "approval.nobody"
    step: str

    def __str__(self) -> str:
        return f"「{self.step}」这一步找不到审批人，没有提交任何内容。请联系管理员设置上级或审批流程，再提交一次"


@dataclass(eq=False)
class UnderApproval(Refusal):
    """Something cannot be changed, or submitted once more, while it is under approval."""

    code: ClassVar[str] = "approval.running"
    title: str
    ref: str

    def __str__(self) -> str:
        return f"「{self.title}」正在审批中（{self.ref}），不能改。先发送「撤回审批 {self.ref}」，改好后再提交"


@dataclass(eq=False)
class ActRefused(Refusal):
    """A rule of the approval stands against an act; the sentence says which, and what to do."""

    code: ClassVar[str] = "approval.refused"
    says: str

    def __str__(self) -> str:
        return self.says
