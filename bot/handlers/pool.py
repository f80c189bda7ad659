"""The pool: looked through, claimed from."""

from bot.arguments import PooledLead
from bot.cards.card import Card
from bot.cards.leads import claimed_card, pool_card, several_claimed_card, tapped_pool_card
from bot.context import Context
from bot.handlers.leads import leaves_at
from bot.router import Router
from core.errors import BadInput, MissingWords, Refusal
from core.model.ids import LeadId
from core.rules.permissions import may_open_pool, require
from core.services.customers import as_ref
from core.services.leads import claim_lead

router = Router()

MOST = 10
"""Leads that one sentence may claim."""


@router.command("pool.search", "公海", "公嗨", "线索池")
@router.button("pool.search")
def pool(
    ctx: Context, words: str = "", region: str = "", industry: str = "", source: str = "", after: LeadId | None = None
) -> Card:
    """公海 [地区或行业]：看可以领取的线索，联系方式领取后可见"""
    require(may_open_pool(ctx.member), "查看公海")
    sought = _sought(words, region, industry, source)
    size = ctx.uow.playbook.chat.pool_page
    leads = ctx.uow.leads.pooled(words=sought, limit=size + 1, after=after)
    shown = leads[:size]
    further = shown[-1].id if len(leads) > size else None
    return pool_card(shown, ctx.uow.leads.count_pooled(sought), sought, further)


@router.command("lead.claim", "领取", "认领", "领", "claim")
@router.button("lead.claim")
def claim(
    ctx: Context,
    customer: PooledLead | None = None,
    count: int | None = None,
    region: str = "",
    industry: str = "",
    source: str = "",
) -> Card:
    """领取 编号或公司名：把公海线索归到自己名下；也可以「领3个华东的线索」"""
    if customer is not None:
        claimed = claim_lead(ctx.uow, LeadId(customer))
        return claimed_card(claimed, leaves_at(ctx, claimed), ctx.uow.calendar, ctx.uow.command)
    sought = _sought("", region, industry, source)
    if count is None and not sought:
        raise MissingWords("线索编号或公司名", "领取 12")
    return _claim_several(ctx, count or 1, sought)


@router.repaint("lead.claim")
def claimed_on(ctx: Context, card: Card) -> Card | None:
    """Show on a list of the pool which of its leads are gone, to whoever tapped it and to others in the room."""
    offered = [as_ref(button.values["customer"]) for button in card.buttons if button.action == "lead.claim"]
    leads = ctx.uow.leads.find(LeadId(ref.id) for ref in offered if ref is not None)
    mine = f"已被{ctx.member.name if ctx.event.group else '您'}领取"
    gone = {
        str(lead.ref): mine if lead.owner_id == ctx.member.id else "已被领走" for lead in leads if not lead.is_pooled
    }
    if not gone:
        return None
    words = ctx.event.values.get("words", "")
    return tapped_pool_card(card, gone, ctx.uow.leads.count_pooled(words), words)


def _claim_several(ctx: Context, count: int, sought: str) -> Card:
    """Claim the first ones of the list, as it is shown; stop at the first that cannot be had, and say why."""
    require(may_open_pool(ctx.member), "领取公海线索")
    if not 1 <= count <= MOST:
        raise BadInput(f"一次可以领 1 到 {MOST} 条，请换个数量再发一次")
    claimed, why = [], ""
    for lead in ctx.uow.leads.pooled(words=sought, limit=count):
        try:
            with ctx.uow.attempt():
                claimed.append(claim_lead(ctx.uow, lead.id))
        except Refusal as refusal:
            why = str(refusal)
            break
    if not claimed:
        raise BadInput(why or f"公海里没有{f'符合「{sought}」的' if sought else ''}线索可以领。发送「公海」看看现有的")
    if len(claimed) < count and not why:
        why = f"符合的只有 {len(claimed)} 条"
    return several_claimed_card(claimed, count, why, ctx.uow.command)


def _sought(*words: str) -> str:
    return " ".join(dict.fromkeys(part for word in words for part in word.split()))
