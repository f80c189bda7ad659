"""What is asked when a word is missing: one question per slot, or per slot of one intent, and what may be chosen."""

from collections.abc import Callable

from bot.arguments import KEEP_IT
from bot.context import Context
from bot.intents import SLOTS
from core.model.member import CHANNELS, LEADING, Role
from core.services.extension_matter import EXTENSION
from core.services.members import team_of


def question_for(ctx: Context, intent: str, slot: str, words: str = "") -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the words that ask for a slot, and what may be chosen. `words` of the moment go before them."""
    own = QUESTIONS.get(f"{intent}.{slot}")
    asked, choices = own or QUESTIONS.get(slot) or (f"请补上{SLOTS.get(slot, slot)}", _none)
    return words or asked, choices(ctx)


DECIDING = LEADING | {Role.FINANCE, Role.LEGAL, Role.ADMIN}
"""Whose job it is to decide; anybody else may be named as well."""

Choices = Callable[[Context], tuple[tuple[str, str], ...]]


def _none(_: Context) -> tuple[tuple[str, str], ...]:
    return ()


def _colleagues(ctx: Context) -> tuple[tuple[str, str], ...]:
    return tuple((member.name, str(member.ref)) for member in team_of(ctx.uow)[:8])


def _deciders(ctx: Context) -> tuple[tuple[str, str], ...]:
    able = [one for one in ctx.uow.members.everybody() if one.active and one.is_any(DECIDING)]
    return tuple((one.name, str(one.ref)) for one in able if one.id != ctx.member.id)[:8]


def _refusals(ctx: Context) -> tuple[tuple[str, str], ...]:
    """Return why the approval that was tapped may be refused."""
    number = ctx.event.values.get("approval", "")
    known = ctx.uow.approvals.find([int(number)]) if number.isdigit() else []
    of_time = any(one.kind == EXTENSION for one in known)
    reasons = ctx.uow.playbook.extensions.refusals if of_time else ctx.uow.playbook.reasons.refusing
    return tuple((reason, reason) for reason in reasons)


QUESTIONS: dict[str, tuple[str, Choices]] = {
    "customer": ("是哪个客户？请回复客户名", _none),
    "content": ("聊了什么？请回复跟进内容，可以带上下次联系时间", _none),
    "contact": ("联系人叫什么？请回复称呼，例如「王经理」", _none),
    "phone": ("电话是多少？", _none),
    "at": ("什么时候？请回复时间，比如「明天下午三点」", _none),
    "next_at": ("下次什么时候联系？请回复时间，比如「半年后」或「9月7日」", _none),
    "grade": ("定成几级？", lambda ctx: tuple((f"{one.name} 级", one.name) for one in ctx.uow.playbook.grades.words)),
    "deal.stage.stage": (
        "推进到哪个阶段？",
        lambda ctx: tuple((one.name, one.name) for one in ctx.uow.playbook.pipelines[0].open_stages),
    ),
    "tags": ("打什么标签？例如「高意向、决策链长」", _none),
    "member": ("给哪位同事？", _colleagues),
    "member.restore.member": ("恢复哪位同事？请回复姓名", _none),
    "handover.member": ("交接谁的客户？请回复姓名", _none),
    "handover.members": ("交接给谁？可以写几位，例如「李娜和陈晨」", _colleagues),
    "split.member": ("分谁的客户？请回复姓名", _none),
    "split.members": ("分给谁？可以写几位，例如「李娜和陈晨」", _colleagues),
    "handover.loss.member": ("想看谁离职后的情况？请回复姓名", _none),
    "channel": ("是哪个平台？", lambda _: tuple((name, name) for name in CHANNELS.values())),
    "with": ("和哪一条合并？请回复公司名或编号，例如「L30」", _none),
    "reason": ("原因是？请直接写原因", _none),
    "lead.return.reason": (
        "退回公海的原因是？回复数字或直接写原因",
        lambda ctx: tuple((reason, reason) for reason in (*ctx.uow.playbook.reasons.returning, KEEP_IT)),
    ),
    "lead.invalidate.reason": (
        "作废的原因是？回复数字或直接写原因",
        lambda ctx: tuple((reason, reason) for reason in ctx.uow.playbook.reasons.invalid),
    ),
    "lead.extend.reason": (
        "为什么要延期？回复数字或直接写原因",
        lambda ctx: tuple((reason, reason) for reason in ctx.uow.playbook.extensions.reasons),
    ),
    "absence.refuse.reason": ("为什么不同意？请直接写原因", _none),
    "appeal.file.reason": ("当时是什么情况？请直接写，例如「我在客户现场」", _none),
    "appeal.refuse.reason": (
        "为什么维持？回复数字或直接写原因",
        lambda ctx: tuple((reason, reason) for reason in ctx.uow.playbook.appeals.refusals),
    ),
    "promise.change.due_at": ("改到什么时候？例如「下周三」", _none),
    "approval": ("是哪个审批？请回复编号，例如「S12」", _none),
    "approval.reject.reason": (
        "为什么不同意？回复数字或直接写原因",
        _refusals,
    ),
    "approval.return.reason": (
        "要申请人补什么？回复数字或直接写",
        lambda ctx: tuple((reason, reason) for reason in ctx.uow.playbook.reasons.incomplete),
    ),
    "approval.transfer.member": ("转给哪位同事？", _deciders),
    "approval.add_sign.member": ("先给谁看？", _deciders),
    "approval.cc.member": ("抄送给谁？", _deciders),
    "approval.delegate.member": ("让谁替您批？", _deciders),
    "approval.delegate.from_": ("从哪天到哪天？例如「3月9号到13号」", _none),
    "approval.comment.content": ("想说什么？请直接写", _none),
    "approval.answer.content": ("怎么回复审批人？请直接写", _none),
    "quote.create.product": ("报什么产品、多少？例如「A型服务器10台」，价格表里没有的请带上单价", _none),
    "discount_percent": ("让多少？例如「九二折」或「让5个点」", _none),
    "product": ("哪个产品？例如「A型服务器」，发送「产品目录」看有哪些", _none),
    "invoice.decline.reason": (
        "为什么不能开？回复数字或直接写原因",
        lambda _: tuple((one, one) for one in ("抬头或税号不对", "金额不对", "合同没有回传", "还没到开票时间")),
    ),
    "contract.terminate.reason": ("为什么终止？请直接写原因，例如「客户项目取消」", _none),
    "invoice.keep.content": ("请回复税号、开户行和账号，例如「税号 914403001922038216 开户行 招行深圳分行」", _none),
    "payment.strike.number": (
        "登记错的是哪一笔？请回复编号，例如「R12」，在「客户名 回款情况」里；作废后再登记对的金额",
        _none,
    ),
    "invoice.issue.number": ("哪一张？请回复编号，例如「B3」，在「待开的发票」里", _none),
    "payment.record.amount": ("到账多少？请回复金额，例如「12万5」", _none),
    "payment.refund.amount": ("退了多少？请回复金额，例如「5000元」", _none),
    "contract.end.to": ("合同最后一天是哪天？例如「2026-12-31」", _none),
    "leave.request.from_": ("从哪天到哪天？请回复日期，例如「28号到30号」", _none),
    "lead.create.customer": ("请回复公司名称", _none),
    "account.create.customer": ("请回复公司名称", _none),
    "lead.restore.customer": ("恢复哪条线索？请回复编号，例如「L12」，或作废前的公司名", _none),
    "lead.claim.customer": ("是哪条线索？请回复公司名或编号", _none),
    "lead.return.customer": ("是哪条线索？请回复公司名或编号", _none),
    "followup.correct.customer": ("应该记在哪个客户上？请回复客户名", _none),
    "field.set.value": ("改成什么？请回复新的值，回复「清空」去掉原来的", _none),
    "field": ("哪个字段？例如「行业」", _none),
    "words": ("按什么条件？例如「行业是机械的线索」", _none),
    "target.set.members": ("给谁定多少？例如「定目标 3月 张伟50万 李娜60万」", _none),
    "pivot.show.by": ("按什么看？例如「按地区看本月赢单金额」", _none),
    "campaign.cost.source": ("哪个来源的花费？例如「展会」", _none),
    "campaign.cost.amount": ("花了多少？例如「5万」", _none),
    "forecast.mark.what": ("算哪一类：承诺、力争、进行中还是不计入？", _none),
    "forecast.call.amount": ("您判断是多少？例如「50万」", _none),
    "ramp.show.member": ("看哪位同事？请回复姓名", _colleagues),
    "forecast.call.member": ("调谁的预测？请回复姓名", _colleagues),
    "term": ("哪个叫法？例如「以后HW就是华为」", _none),
    "meaning": ("指的是哪个客户？请回复客户名", _none),
}
