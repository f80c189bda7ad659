"""Leads and the pool: new, list, claim, give back, undo."""

from datetime import datetime

from bot.arguments import KEEP_IT, OwnLead, PooledLead
from bot.cards.card import Card
from bot.cards.leads import claimed_card, created_card, pool_card, returned_card
from bot.context import Context
from bot.event import EventKind
from bot.router import Router
from core.model.deadline import DeadlineKind
from core.model.ids import LeadId
from core.model.lead import Lead
from core.rules.permissions import may_open_pool, require
from core.services.customers import holder_name
from core.services.leads import NewLead, claim_lead, create_lead, return_lead
from core.services.questions import let_go, open_question
from core.services.undo import Undone, undo_command, undo_last

router = Router()

OFFERS = frozenset({"plan.create"})
"""Questions that only offer more after something was done; 撤销 then means what was done."""

ACTIONS = {
    "lead.create": "新建线索",
    "lead.claim": "领取",
    "lead.return": "退回公海",
    "followup.log": "记跟进",
    "reminder.create": "提醒",
    "plan.create": "约定下次联系",
}


@router.command("lead.create", "新线索", "新建线索", "录线索", "加线索")
def create(
    ctx: Context,
    name: str,
    phone: str = "",
    contact: str = "",
    source: str = "",
    content: str = "",
    email: str = "",
    certain: bool | None = None,
) -> Card:
    """新线索 公司名 联系人 电话 来源 需求：记一条新线索，先查重"""
    if certain is False:
        return Card(title="好的，没有新建")
    new = NewLead(
        name=name, contact_name=contact, phone=phone or None, source=source, need=content, email=email or None
    )
    lead = create_lead(ctx.uow, new, certain=bool(certain))
    holder = holder_name(ctx.uow, lead.owner_id)
    why = f"已归到{holder}名下" if holder else "已放入公海，等待领取"
    return created_card(lead, holder, why, _leaves_at(ctx, lead), ctx.uow.calendar, ctx.uow.command)


@router.command("pool.search", "公海", "公嗨", "线索池")
@router.button("pool.search")
def pool(ctx: Context, words: str = "", after: LeadId | None = None) -> Card:
    """公海 [地区或行业]：看可以领取的线索，联系方式领取后可见"""
    require(may_open_pool(ctx.member), "查看公海")
    size = ctx.uow.playbook.pool_page
    leads = ctx.uow.leads.pooled(words=words, limit=size + 1, after=after)
    shown = leads[:size]
    further = shown[-1].id if len(leads) > size else None
    return pool_card(shown, ctx.uow.leads.count_pooled(words), words, further)


@router.command("lead.claim", "领取", "认领", "领", "claim")
@router.button("lead.claim")
def claim(ctx: Context, lead: PooledLead) -> Card:
    """领取 编号或公司名：把公海线索归到自己名下，一条只有一个人能领到"""
    claimed = claim_lead(ctx.uow, LeadId(lead))
    return claimed_card(claimed, _leaves_at(ctx, claimed), ctx.uow.calendar, ctx.uow.command)


@router.command("lead.return", "退回公海", "退回", "退公海")
@router.button("lead.return")
def give_back(ctx: Context, lead: OwnLead, reason: str) -> Card:
    """退回 编号或公司名 原因：把自己的线索还给公海"""
    if reason in (KEEP_IT, "不退", "别退", "留着"):
        return Card(title="好的，没有退回", settled="没有退回" if ctx.event.kind is EventKind.TAP else "")
    given = return_lead(ctx.uow, LeadId(lead), reason)
    return returned_card(given, reason, ctx.uow.command, tapped=ctx.event.kind is EventKind.TAP)


@router.command("undo", "撤销", "撤消", "撤回", "取消刚才")
@router.button("undo")
def undo(ctx: Context, command: str = "") -> Card:
    """撤销：收回自己 10 分钟内的上一步操作"""
    waiting = open_question(ctx.uow)
    if not command and waiting is not None and waiting.intent not in OFFERS:
        let_go(ctx.uow)
        return Card(title="好的，已放下刚才的问题，没有记录任何内容", text="要收回上一步操作，请再发一次「撤销」")
    undone = undo_command(ctx.uow, command) if command else undo_last(ctx.uow)
    return _undone_card(undone, tapped=ctx.event.kind is EventKind.TAP)


def _undone_card(undone: Undone, *, tapped: bool) -> Card:
    what = ACTIONS.get(undone.action, "上一步操作")
    about = f"：{undone.name}" if undone.name else ""
    return Card(title=f"已撤销{what}{about}", text="一切恢复到操作之前", settled="已撤销" if tapped else "")


def _leaves_at(ctx: Context, lead: Lead) -> datetime | None:
    limits = [d.limit_at for d in ctx.uow.deadlines.of(lead.ref) if d.kind == DeadlineKind.RECYCLE]
    return min(limits, default=None)
