"""Everything that can be declined or can fail, the tree first.

Refusal                     we decline; the asker understands it and is told what to do next
  NotEnrolled               a stranger, or somebody who left
  NotFound                  nothing of that name or number within what the asker may see
    NoSuchApproval          no approval has that number
    NotSeen                 a customer that the asker may name, and neither see nor change
  NoSuchMember              no colleague of that name
  NoSuchProduct             no product of that name; the nearest ones are named
  NoSuchQuote               no quote of that number within what the asker may see
  Ambiguous                 several things of that name; the asker chooses
    OverCapacity            somebody would hold more than they may; the asker says why all the same
    Unclear                 one thing that can be meant in two ways; the asker says which
  NotAllowed                the asker has no right to it
  MissingWords              a command without something it needs
  LeadAlreadyHeld           a colleague claimed the lead first
  LeadNotHeld               the lead is not the asker's
  StageNotReady             a deal lacks what a stage asks for; everything missing is named at once
  DuplicateLead             the company or the phone is on record already
  ClaimRefused              a limit of the pool stands against a claim
  RequestSettled            what was asked for has been decided already
  NothingToUndo             no write of the asker that can be taken back
  AlreadyUndone             it has been taken back before
  ChangedSince              somebody changed it meanwhile
  NothingAsked              an answer although no question is open
  CardTooOld                a tap on a card of which we know nothing any more, or that was shown to others
  BadInput                  a value that cannot be what it should be
  NoOtherAccount            nothing would be left by which a member could come in
  AlreadyLinked             two accounts that are one person's already
  NotLinkable               two accounts that cannot become one person's
  TaskAnswered              an approval's task has been decided already
  ApprovalOver              an approval has ended
  NotYourTask               somebody taps who is not asked; the matter is not named
  NobodyToAsk               a step of an approval finds nobody
  UnderApproval             a subject cannot change while it is under approval
  ActRefused                a rule of the approval stands against an act
  PlaybookInvalid           a playbook with mistakes, each with its line
  PlaybookOutdated          a playbook made from a version that is no longer in force
  PlaybookUnreadable        a version on record that this program no longer reads
  TreatmentNeeded           changed clock rules, and nobody has said what becomes of running clocks
DeliveryFailed              a platform did not take a message
  CardOutOfReach            the card on the screen can no longer be changed
ModelFailed                 a language model gave no usable answer
Conflict                    two transactions met; the later one is tried again
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from core.errors.approvals import ActRefused as ActRefused
from core.errors.approvals import ApprovalOver as ApprovalOver
from core.errors.approvals import NobodyToAsk as NobodyToAsk
from core.errors.approvals import NotYourTask as NotYourTask
from core.errors.approvals import TaskAnswered as TaskAnswered
from core.errors.approvals import UnderApproval as UnderApproval
from core.errors.playbook import PlaybookInvalid as PlaybookInvalid
from core.errors.playbook import PlaybookOutdated as PlaybookOutdated
from core.errors.playbook import PlaybookProblem as PlaybookProblem
from core.errors.playbook import PlaybookUnreadable as PlaybookUnreadable
from core.errors.playbook import TreatmentNeeded as TreatmentNeeded
from core.errors.quotes import NoSuchProduct as NoSuchProduct
from core.errors.quotes import NoSuchQuote as NoSuchQuote
from core.errors.refusal import Refusal as Refusal


@dataclass(eq=False)
class NotEnrolled(Refusal):
    """Somebody we do not know, or who has left, speaks to us; `elsewhere` names the other platforms we are on."""

    code: ClassVar[str] = "member.not_enrolled"
    elsewhere: str = ""

    def __str__(self) -> str:
        known = f"已经在{self.elsewhere}用聊单的，请在那边发送「绑定」；还没有用过的，" if self.elsewhere else ""
        return f"您还没有在聊单开通。{known}请联系管理员把您加入成员名单，之后发送「帮助」开始使用"


@dataclass(eq=False)
class NotFound(Refusal):
    """Nothing like that within what the asker may see; worded alike whether it exists elsewhere or not."""

    code: ClassVar[str] = "not_found"
    words: str = ""

    def __str__(self) -> str:
        return f"没有找到「{self.words}」。发送「查一下 公司全名」看看是否已有人在跟，或发送「新线索 公司名 电话」新建"


@dataclass(eq=False)
class NoSuchApproval(NotFound):
    """There is no approval of that number."""

    code: ClassVar[str] = "approval.unknown"

    def __str__(self) -> str:
        return f"没有「{self.words}」这个审批。发送「待我审批的」或「我的审批」看看有哪些"


@dataclass(eq=False)
class NotSeen(NotFound):
    """A customer that the asker may name, and may neither see nor change."""

    code: ClassVar[str] = "not_seen"

    def __str__(self) -> str:
        return "这个客户的资料不在您的权限内，没有查看或改动任何内容。需要的话请联系您的主管"


@dataclass(eq=False)
class NoSuchMember(Refusal):
    """No active colleague of that name."""

    code: ClassVar[str] = "member.not_found"
    words: str

    def __str__(self) -> str:
        return f"没有找到同事「{self.words}」，请写全名再发一次"


@dataclass(eq=False)
class Ambiguous(Refusal):
    """Several things answer to that name. `choices` are (label, value) pairs, best first; `slot` is what they fill.

    Where it `settles`, whoever chooses has seen what will be done, and nobody asks for a 确认 once more.
    """

    code: ClassVar[str] = "ambiguous"
    words: str
    choices: tuple[tuple[str, str], ...] = ()
    slot: str = ""
    of: str = "客户"
    settles: ClassVar[bool] = False

    def __str__(self) -> str:
        return f"「{self.words}」对应多个{self.of}，是哪一个？回复数字即可\n{self.listed()}"

    def listed(self) -> str:
        """The choices, numbered as they may be answered."""
        return "\n".join(f"{number}. {label}" for number, (label, _) in enumerate(self.choices, 1))


@dataclass(eq=False)
class Unclear(Ambiguous):
    """Something can be meant in two ways that weigh differently; `words` is the whole question."""

    code: ClassVar[str] = "unclear"

    def __str__(self) -> str:
        return f"{self.words}\n{self.listed()}" if self.choices else self.words


class OverCapacity(Ambiguous):
    """Somebody would hold more than they may; whoever gives it to them says why all the same."""

    code: ClassVar[str] = "capacity.over"

    def __init__(self, name: str, load: str, reasons: tuple[str, ...]) -> None:
        super().__init__(name, tuple((reason, reason) for reason in reasons), "reason")
        self.load = load

    def __str__(self) -> str:
        ask = "仍然要给的话请说明原因，日报里会写明；不给就回复「算了」"
        return f"{self.words}手上已满（{self.load}）。{ask}\n{self.listed()}"


@dataclass(eq=False)
class NotAllowed(Refusal):
    """The asker's role does not carry this right."""

    code: ClassVar[str] = "not_allowed"
    what: str = "这项操作"

    def __str__(self) -> str:
        return f"您没有{self.what}的权限。需要的话请联系您的主管"


@dataclass(eq=False)
class MissingWords(Refusal):
    """A command lacks something; `usage` is its help line."""

    code: ClassVar[str] = "command.incomplete"
    what: str
    usage: str = ""

    def __str__(self) -> str:
        hint = f"\n用法：{self.usage}" if self.usage else ""
        return f"还缺{self.what}，请补上再发一次{hint}"


@dataclass(eq=False)
class BadInput(Refusal):
    """A value that cannot be what it should be; `reason` is a full Chinese sentence."""

    code: ClassVar[str] = "input.bad"
    reason: str

    def __str__(self) -> str:
        return self.reason


@dataclass(eq=False)
class LeadAlreadyHeld(Refusal):
    """A colleague claimed the lead first; `since` is the business time of day it happened."""

    code: ClassVar[str] = "lead.already_held"
    lead_name: str
    holder: str
    since: str

    def __str__(self) -> str:
        return f"「{self.lead_name}」已被{self.holder}在{self.since}领取。发送「公海」看看其他线索"


@dataclass(eq=False)
class LeadNotHeld(Refusal):
    """The asker does not hold this lead, or it is past that state."""

    code: ClassVar[str] = "lead.not_held"
    lead_name: str

    def __str__(self) -> str:
        return f"「{self.lead_name}」现在不在您名下。发送「今天」看看您手上的客户"


@dataclass(eq=False)
class StageNotReady(Refusal):
    """A deal lacks what a stage asks for. `asked` may be said in the answer, `undone` has to be done by itself."""

    code: ClassVar[str] = "deal.not_ready"
    deal_name: str
    stage: str
    asked: tuple[str, ...]
    undone: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        count = len(self.asked) + len(self.undone)
        lines = [f"「{self.deal_name}」进入{self.stage}还缺 {count} 项："]
        lines += [f"· {label}" for label in self.asked]
        lines += [f"· {label}：{how}" for label, how in self.undone]
        if self.asked:
            lines.append("直接回复补上，一条说完也行，例如「预算80万，决策人李总，6月底签」")
        return "\n".join(lines)


@dataclass(eq=False)
class DuplicateLead(Refusal):
    """The company or phone is on record. Says that it exists and with whom, never the phone."""

    code: ClassVar[str] = "lead.duplicate"
    name: str
    holder: str
    matched: str
    advice: str = ""

    def __str__(self) -> str:
        where = f"由{self.holder}跟进" if self.holder else "在公海里，可以发送「公海」领取"
        known = f"：{self.name}" if self.name else ""
        return f"已有记录{known}（{self.matched}），{where}。没有新建{f'。{self.advice}' if self.advice else ''}"


@dataclass(eq=False)
class ClaimRefused(Refusal):
    """A limit stands against a claim; `limit` names it, `reason` is a full Chinese sentence, `free_at` its end."""

    code: ClassVar[str] = "lead.claim_refused"
    limit: str
    reason: str
    free_at: datetime | None = None

    def __str__(self) -> str:
        return self.reason


@dataclass(eq=False)
class RequestSettled(Refusal):
    """What was asked for has been decided; `how` is 同意 or 驳回."""

    code: ClassVar[str] = "request.settled"
    by: str
    how: str

    def __str__(self) -> str:
        return f"这个申请已经由{self.by}{self.how}，不用再处理。发送「今天」看看现在的安排"


@dataclass(eq=False)
class NothingToUndo(Refusal):
    """The asker wrote nothing in the last minutes that can be taken back."""

    code: ClassVar[str] = "undo.nothing"
    minutes: int = 10

    def __str__(self) -> str:
        return f"最近 {self.minutes} 分钟内没有可以撤销的操作。记错了可以再发一条更正"


@dataclass(eq=False)
class AlreadyUndone(Refusal):
    """What was to be taken back has been taken back before."""

    code: ClassVar[str] = "undo.already"

    def __str__(self) -> str:
        return "这一步已经撤销过了，不用再撤。发送「今天」看看现在的安排"


@dataclass(eq=False)
class ChangedSince(Refusal):
    """What was to be taken back has been changed again by somebody."""

    code: ClassVar[str] = "undo.changed_since"
    name: str

    def __str__(self) -> str:
        return f"「{self.name}」之后又有新的变动，不能撤销。发送「看看 {self.name}」查看现状"


@dataclass(eq=False)
class NothingAsked(Refusal):
    """A bare answer arrived although nothing waits for one."""

    code: ClassVar[str] = "answer.nothing_asked"
    expired: bool = False

    def __str__(self) -> str:
        if self.expired:
            return "这个问题已经过期，或者已经处理过了，这一下没有再做什么。还要改的话，请把原来的话再发一次"
        return "没听明白。现在没有等您回答的问题，发送「帮助」看看可以怎么说"


@dataclass(eq=False)
class CardTooOld(Refusal):
    """A tap on a card that is not on record for this chat; `instead` is what may be sent in its place."""

    code: ClassVar[str] = "card.too_old"
    instead: str = ""

    def __str__(self) -> str:
        instead = (
            f"请直接发送「{self.instead}」" if self.instead else "请把要做的事直接发一次，或发送「帮助」看看可以怎么说"
        )
        return f"这张卡片已经过期，或者不是发给您的，没有改动任何内容。{instead}"


@dataclass(eq=False)
class NoOtherAccount(Refusal):
    """A member has no other account by which they could come in."""

    code: ClassVar[str] = "member.no_other_account"
    name: str

    def __str__(self) -> str:
        return f"{self.name}没有其他可用的平台账号。请先在另一个平台发送「绑定」，或由管理员重新导入成员名单"


@dataclass(eq=False)
class AlreadyLinked(Refusal):
    """The accounts belong together already; `where` names the platforms."""

    code: ClassVar[str] = "link.already"
    where: str

    def __str__(self) -> str:
        return f"您的{self.where}账号已经绑定在一起。要换一个账号，请先发送「解绑 平台名」，例如「解绑 钉钉」"


@dataclass(eq=False)
class NotLinkable(Refusal):
    """These two accounts cannot be joined; `reason` is a full Chinese sentence that says what to do."""

    code: ClassVar[str] = "link.impossible"
    reason: str

    def __str__(self) -> str:
        return self.reason


@dataclass(eq=False)
class DeliveryFailed(Exception):
    """A platform did not take a message.

    `temporary` failures are tried again, after `retry_after` where the platform says so. `unknown` means that the
    request left us and no answer came: it may have been delivered. `reason` is for the operator, never a secret.
    """

    reason: str
    temporary: bool = False
    unknown: bool = False
    retry_after: timedelta | None = None
    code: int | str | None = None

    def __str__(self) -> str:
        return self.reason


class CardOutOfReach(DeliveryFailed):
    """The card on the screen can no longer be changed (its code is used, unknown or too old): send a fresh one."""


@dataclass(eq=False)
class ModelFailed(Exception):
    """A language model gave no usable answer; `reason` is for the operator and quotes neither question nor answer."""

    reason: str


@dataclass(eq=False)
class Conflict(Exception):
    """Two transactions changed the same thing; the later one lost and may be tried once more."""

    what: str = field(default="")
