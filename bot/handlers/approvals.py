"""Deciding approvals: with a tap on the card, or in words about the one that is named or the only one that waits."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from bot.arguments import ApprovalNumber, Percent
from bot.cards.approvals import answered_card, approval_card, more_card
from bot.cards.card import Card
from bot.context import Context
from bot.event import EventKind
from bot.router import Router
from core.errors import ActRefused, ApprovalOver, BadInput, NotYourTask, Refusal, TaskAnswered, Unclear
from core.model.approval import Approval, Demand, ReturnMode
from core.model.member import Member, Sender
from core.model.money import Money
from core.notices.approvals import ApprovalShown
from core.rules.approvals.kinds import KINDS
from core.rules.approvals.sight import fillable_at, title_as
from core.rules.quoting import said_as_fold
from core.services.approvals import deciding
from core.services.approvals.finding import Named, decided_by, has_part, the_own, the_waiting, with_offer
from core.services.approvals.keeping import Matter, load, matter_of, read_course
from core.services.approvals.showing import hidden_for, shown, task_for

router = Router()

STALE = timedelta(hours=72)
"""From then on a platform may not let a card be changed any more."""

FOLDS = tuple((f"{fold}折", f"{fold}折") for fold in (95, 92, 90, 88, 85))
"""What is offered to whoever agrees under a condition and does not say which."""

TERMS = tuple((f"{days} 天", str(days)) for days in (15, 30, 45, 60, 90))
LONGEST_TERM = 720
DEEPEST_CUT = 50
"""Percent off the list beyond which a condition is rather a slip of the finger."""

_BELOW_NOTHING = re.compile(r"(?<![\d月日号])[-－−负]\s?\d")
_AFTERWARDS = re.compile(r"(?:同意|批了|通过)[^。]{0,6}(?:再|然后|之后)|后加签|批完|之后(?:再)?(?:让|请|给)")
_STRAIGHT = re.compile(r"直接(?:回|给|交|退)(?:到|给)?我|补完(?:直接)?(?:给|回)我|不用再(?:走|批)一遍")


@router.command("approval.approve", "同意", "批准")
@router.button("approval.approve")
def approve(
    ctx: Context,
    approval: ApprovalNumber | None = None,
    task: int | None = None,
    customer: str = "",
    member: Member | None = None,
    reason: str = "",
) -> Card:
    """同意 客户名：同意等您审批的申请，可以附上意见"""
    matter = the_waiting(ctx.uow, _named(approval, customer, member))
    return _answers(ctx, matter, "已同意", lambda: deciding.approve(ctx.uow, matter, task or 0, reason))


@router.command("approval.reject", "不同意", "驳回")
@router.button("approval.reject")
def reject(
    ctx: Context,
    reason: str,
    approval: ApprovalNumber | None = None,
    task: int | None = None,
    customer: str = "",
    member: Member | None = None,
) -> Card:
    """不同意 客户名 原因：驳回等您审批的申请"""
    matter = the_waiting(ctx.uow, _named(approval, customer, member))
    return _answers(ctx, matter, "已驳回", lambda: deciding.reject(ctx.uow, matter, task or 0, reason))


@router.command("approval.conditional", "最多给到")
@router.button("approval.conditional")
def approve_within(
    ctx: Context,
    approval: ApprovalNumber | None = None,
    task: int | None = None,
    customer: str = "",
    member: Member | None = None,
    discount_percent: Percent | None = None,
    payment_days: int | None = None,
    *,
    amount: Decimal | None = None,
    reason: str = "",
) -> Card:
    """最多给到92折：有条件同意，申请人接受后就按这个价、这个账期，不用再批一次"""
    says_nothing = discount_percent is None and payment_days is None and amount is None and not reason
    if says_nothing and approval is None:
        raise Unclear("最多给到几折？回复数字，或直接写，例如「92折」", FOLDS, "discount_percent")
    if _BELOW_NOTHING.search(ctx.event.text):
        raise BadInput("条件里不能写负数，没有记下。请再写一次，例如「最多给到92折」")
    matter = the_waiting(ctx.uow, _named(approval, customer, member))
    if says_nothing:
        raise _condition_wanted(matter.approval)
    demand = _demand(matter.approval, discount_percent, payment_days, amount, reason)
    note = "" if demand.says == reason else reason
    return _answers(
        ctx,
        matter,
        f"已同意，条件：{demand.says}",
        lambda: deciding.approve(ctx.uow, matter, task or 0, note, demand=demand),
    )


@router.command("approval.fill", "核定")
@router.button("approval.fill")
def fill(
    ctx: Context,
    approval: ApprovalNumber | None = None,
    task: int | None = None,
    customer: str = "",
    discount_percent: Percent | None = None,
    payment_days: int | None = None,
    *,
    amount: Decimal | None = None,
) -> Card:
    """核定账期45天：改这一步归您改的内容（账期、折扣、金额），再决定同不同意"""
    matter = the_waiting(ctx.uow, _named(approval, customer))
    said = _demand(matter.approval, discount_percent, payment_days, amount, "")
    field, value = said.field, said.value
    if not value:
        raise _value_wanted(ctx, matter)
    return _answers(ctx, matter, "已改好，请再决定", lambda: deciding.fill(ctx.uow, matter, field, value, task or 0))


@router.command("approval.transfer", "转审")
@router.button("approval.transfer")
def transfer(
    ctx: Context,
    member: Member,
    approval: ApprovalNumber | None = None,
    task: int | None = None,
    customer: str = "",
    reason: str = "",
) -> Card:
    """转审 同事：把等您审批的申请转给别人决定"""
    matter = the_waiting(ctx.uow, _named(approval, customer))
    return _answers(
        ctx, matter, f"已转给{member.name}", lambda: deciding.transfer(ctx.uow, matter, member.id, task or 0, reason)
    )


@router.command("approval.add_sign", "加签")
@router.button("approval.add_sign")
def sign_in(
    ctx: Context,
    member: Member,
    approval: ApprovalNumber | None = None,
    task: int | None = None,
    customer: str = "",
    reason: str = "",
) -> Card:
    """加签 同事：先让别人看看，您等他同意后再决定"""
    matter = the_waiting(ctx.uow, _named(approval, customer))
    after = bool(_AFTERWARDS.search(ctx.event.text))
    how = f"已同意，再请{member.name}看" if after else f"先请{member.name}看，他同意后您再决定"
    return _answers(
        ctx,
        matter,
        how,
        lambda: deciding.sign_in(ctx.uow, matter, [member.id], task or 0, reason, after=after),
    )


@router.command("approval.remove_sign", "减签")
def sign_out(ctx: Context, member: Member, approval: ApprovalNumber | None = None, customer: str = "") -> Card:
    """减签 同事：不用等您加签的人了"""
    matter = the_own(ctx.uow, _named(approval, customer))
    return _answers(ctx, matter, f"不用{member.name}看了", lambda: deciding.sign_out(ctx.uow, matter, member.id))


@router.command("approval.return", "打回去")
@router.button("approval.return")
def send_back(
    ctx: Context,
    reason: str,
    approval: ApprovalNumber | None = None,
    task: int | None = None,
    customer: str = "",
    member: Member | None = None,
) -> Card:
    """打回去 客户名 原因：退回给申请人补充，补好再提交给您"""
    matter, node = _where_to(ctx, _named(approval, customer), member)
    mode = ReturnMode.STRAIGHT if _STRAIGHT.search(ctx.event.text) else ReturnMode.AGAIN
    return _answers(
        ctx,
        matter,
        "已退回",
        lambda: deciding.send_back(ctx.uow, matter, reason, task=task or 0, node=node, mode=mode),
    )


@router.command("approval.take_back", "拿回审批结果", "收回刚才的同意")
@router.button("approval.take_back")
def take_back(ctx: Context, approval: ApprovalNumber | None = None, customer: str = "", reason: str = "") -> Card:
    """收回刚才的同意：刚才点错了，下一步还没人处理就能收回"""
    number = approval or decided_by(ctx.uow, _named(None, customer))
    matter = load(ctx.uow, number)
    return _answers(ctx, matter, "已收回，请再决定一次", lambda: deciding.take_back(ctx.uow, matter))


@router.command("approval.cc", "抄送")
@router.button("approval.cc")
def copy_in(ctx: Context, member: Member, approval: ApprovalNumber | None = None, customer: str = "") -> Card:
    """抄送 同事：让他知道这个申请，不用他处理"""
    matter = the_own(ctx.uow, _named(approval, customer))
    deciding.copy_in(ctx.uow, matter, [member.id])
    return Card(title=f"已抄送{member.name}：{_title(ctx, matter)}", private=True)


@router.command("approval.comment", "审批留言")
@router.button("approval.comment")
@router.button("approval.answer")
def say(ctx: Context, content: str, approval: ApprovalNumber | None = None, customer: str = "") -> Card:
    """审批留言 聊了什么：问申请人或回复审批人，例如「问一下申请人，竞品报价多少」"""
    matter = the_own(ctx.uow, _named(approval, customer))
    mine = matter.approval.submitter_id == ctx.member.id
    if mine:
        deciding.answer_question(ctx.uow, matter, content)
    else:
        deciding.ask_submitter(ctx.uow, matter, content)
    return Card(title=f"已{'回复审批人' if mine else '问申请人'}：{_title(ctx, matter)}", quote=content, private=True)


@router.button("approval.more")
def more(ctx: Context, approval: ApprovalNumber, task: int | None = None) -> Card:
    """Show what else may be done."""
    stands = _shown(ctx, ctx.uow.approvals.get(approval), require=True)
    return more_card(stands) if stands.task_id else approval_card(stands, ctx.uow.calendar)


@router.button("approval.open")
def open_card(ctx: Context, approval: ApprovalNumber) -> None:
    """Show the card of an approval that one has to do with: the card lives on, so it comes as a message of its own."""
    stands = _shown(ctx, ctx.uow.approvals.get(approval), require=True)
    ctx.uow.tell(stands, at=Sender(ctx.event.channel, ctx.event.user_id))


@router.command("approval.accept", "接受条件")
@router.button("approval.accept")
def accept(ctx: Context, approval: ApprovalNumber | None = None, customer: str = "") -> Card:
    """接受条件：接受审批人的条件，按条件改好，不用再批一次"""
    matter, task = with_offer(ctx.uow, _named(approval, customer))
    done = deciding.approve(ctx.uow, matter, task.number)
    return answered_card(_shown(ctx, done, matter), "已接受条件", tapped=_is_tap(ctx))


@router.command("approval.decline", "不接受条件")
@router.button("approval.decline")
def decline(ctx: Context, approval: ApprovalNumber | None = None, customer: str = "", reason: str = "") -> Card:
    """不接受条件：由审批人再决定一次"""
    matter, task = with_offer(ctx.uow, _named(approval, customer))
    done = deciding.reject(ctx.uow, matter, task.number, reason)
    return answered_card(_shown(ctx, done, matter), "没有接受条件，由审批人再决定", tapped=_is_tap(ctx))


@router.command("approval.resubmit", "改好了再提交")
@router.button("approval.resubmit")
def resubmit(ctx: Context, approval: ApprovalNumber | None = None, customer: str = "", reason: str = "") -> Card:
    """改好了再提交：退回给您的申请补充好了，再交给审批人"""
    matter, _ = with_offer(ctx.uow, _named(approval, customer))
    done = deciding.resubmit(ctx.uow, matter, reason)
    return answered_card(_shown(ctx, done, matter), "已再次提交", tapped=_is_tap(ctx))


@router.button("approval.consent")
def let_withdraw(ctx: Context, approval: ApprovalNumber) -> Card:
    """Let the submitter withdraw."""
    done = deciding.answer_wish(ctx.uow, approval, agrees=True)
    return answered_card(_shown(ctx, done), "已同意撤回", tapped=_is_tap(ctx))


@router.button("approval.dissent")
def keep_on(ctx: Context, approval: ApprovalNumber) -> Card:
    """Let it go on, although the submitter wants it back."""
    done = deciding.answer_wish(ctx.uow, approval, agrees=False)
    return answered_card(_shown(ctx, done), "不同意撤回，审批继续", tapped=_is_tap(ctx))


def _as_it_stands(ctx: Context, tapped: Card) -> Card | None:
    """Return a tapped card as it stands once its reader has nothing to decide on it any more."""
    number = next((one.values["approval"] for one in tapped.buttons if "approval" in one.values), "")
    if not number.isdigit():
        return None
    stands = _shown(ctx, ctx.uow.approvals.get(int(number)))
    return None if stands.task_id else approval_card(stands, ctx.uow.calendar)


for _act in ("approve", "reject", "conditional", "transfer", "fill", "add_sign", "return"):
    router.repaint(f"approval.{_act}")(_as_it_stands)


def _answers(ctx: Context, matter: Matter, how: str, do: Callable[[], Approval]) -> Card:
    """Do an act and say what came of it: on the tapped card as it stands now, else in a few words.

    What was decided before is said on the card too, so that nobody taps it again.
    """
    known: Refusal | None = None
    try:
        approval = do()
    except (TaskAnswered, ApprovalOver) as decided:
        if not _is_tap(ctx):
            raise
        approval, known = matter.approval, decided
    stands = _shown(ctx, approval, matter)
    if not _is_tap(ctx):
        return answered_card(stands, how, tapped=False)
    card = approval_card(stands, ctx.uow.calendar)
    if known is not None:
        card = replace(card, text="\n".join(filter(None, (str(known), card.text))))
    return replace(card, settled="") if _is_old(ctx) or stands.task_id else card


def _shown(ctx: Context, approval: Approval, before: Matter | None = None, *, require: bool = False) -> ApprovalShown:
    """Return an approval as the actor sees it; whoever has nothing to do with it learns nothing of it.

    What was read `before` an act moves its course only.
    """
    if before is not None and before.approval is approval:
        matter = Matter(approval, read_course(approval.course), before.setting)
    else:
        matter = matter_of(ctx.uow, approval)
    if require and not has_part(ctx.uow, matter, ctx.member.id):
        raise NotYourTask
    return shown(ctx.uow, matter.approval, matter.course, matter.setting, ctx.member.id)


def _value_wanted(ctx: Context, matter: Matter) -> Unclear:
    """Ask for the value of what somebody may change at this step."""
    own = task_for(matter.course, matter.setting, ctx.member.id)
    fields = fillable_at(matter.approval.kind, matter.setting.flow, matter.course, own) if own is not None else ()
    if "payment_days" in fields:
        return Unclear("账期改成多少天？回复天数，例如「45」", TERMS, "payment_days")
    if "discount" in fields:
        return Unclear("改成几折？回复数字，或直接写，例如「92折」", FOLDS, "discount_percent")
    if "amount" in fields:
        return Unclear("金额改成多少？例如「36万」", (), "amount")
    raise ActRefused("这一步没有归您改的内容。可以有条件同意，或退回给申请人改")


def _condition_wanted(approval: Approval) -> Unclear:
    """Ask under which condition somebody agrees: what the matter is about."""
    if _knows(approval, "discount"):
        return Unclear("最多给到几折？回复数字，或直接写，例如「92折」", FOLDS, "discount_percent")
    return Unclear("账期最多给多少天？回复天数，例如「30」", TERMS, "payment_days")


def _demand(
    approval: Approval, percent: Decimal | None, days: int | None, amount: Decimal | None, words: str
) -> Demand:
    """Say on what a yes depends: a fact of the matter that can be checked, else words that its submitter accepts."""
    if percent is not None:
        if percent > DEEPEST_CUT:
            raise BadInput(
                f"{said_as_fold(percent)}是让 {percent.normalize():f}%，没有记下。请再写一次，例如「最多给到92折」"
            )
        field, says, op, value = "discount", f"最多{said_as_fold(percent)}", "<=", f"{percent.normalize():f}%"
    elif days is not None:
        if not 0 <= days <= LONGEST_TERM:
            raise BadInput(f"账期写成 0 到 {LONGEST_TERM} 天，例如「账期最多30天」")
        field, says, op, value = "payment_days", f"账期最多 {days} 天", "<=", str(days)
    elif amount is not None:
        if amount <= 0:
            raise BadInput("金额要大于 0，例如「总价不低于9万我就批」")
        field, says, op, value = "amount", f"总价不低于 {Money.yuan(amount)}", ">=", f"{amount:f}"
    else:
        field, says, op, value = "", words, "<=", ""
    return Demand(task=0, says=says, field=field if _knows(approval, field) else "", op=op, value=value)


def _knows(approval: Approval, field: str) -> bool:
    return any(one.key == field for one in KINDS[approval.kind].fields)


def _where_to(ctx: Context, named: Named, member: Member | None) -> tuple[Matter, int]:
    """Return what is sent back, and where to: to its submitter, or to the node at which a named colleague agreed."""
    if member is not None:
        try:
            return the_waiting(ctx.uow, replace(named, submitter=member.id)), 0
        except ActRefused:
            matter = the_waiting(ctx.uow, named)
            asked = [task.node for task in matter.course.tasks if task.answered_by == member.id and task.is_answered]
            if asked:
                return matter, asked[-1]
            raise
    return the_waiting(ctx.uow, named), 0


def _title(ctx: Context, matter: Matter) -> str:
    return title_as(matter.approval, hidden_for(ctx.uow, matter, ctx.member.id))


def _named(number: int | None, customer: str = "", submitter: Member | None = None) -> Named:
    return Named(number=number, customer=customer, submitter=submitter.id if submitter is not None else None)


def _is_tap(ctx: Context) -> bool:
    """Say whether the approval's own card was tapped; whoever answers a question taps that."""
    return ctx.event.kind is EventKind.TAP and ctx.event.action.startswith("approval.")


def _is_old(ctx: Context) -> bool:
    message = ctx.uow.outbox.get(ctx.uow.tapped) if ctx.uow.tapped is not None else None
    return message is not None and message.created_at < ctx.uow.now - STALE
