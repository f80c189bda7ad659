"""Deals that colleagues share: offered, agreed, declined, ended."""

from bot.arguments import AnyDeal
from bot.cards.card import Card
from bot.cards.sharing import answer_card, ended_own_card, offered_card, share_words
from bot.context import Context
from bot.router import Router
from core.errors import BadInput, Unclear
from core.model.deal import Deal
from core.model.member import Member
from core.services.customers import holder_name
from core.services.deals import deal_of
from core.services.sharing import answer_share, ask_share, end_share, splits_of, team_on_deal

router = Router()

HALVES = tuple((f"{share}%", str(share)) for share in (30, 50, 70))


@router.command("deal.share", "商机分成", "业绩分成")
def share(
    ctx: Context, customer: AnyDeal, member: Member, *, share: int | None = None, drops: bool | None = None
) -> Card:
    """商机分成 客户名 同事 三七分：请同事一起做这个商机，对方同意后按比例算业绩"""
    deal = deal_of(ctx.uow, customer.id, lock=True)
    if drops:
        end_share(ctx.uow, deal, member)
        return ended_own_card(deal, member, now_shared(ctx, deal), ctx.uow.command)
    if share is None:
        raise Unclear(f"「{deal.name}」给{member.name}分多少？回复百分比，例如「30%」", HALVES, "share")
    ask_share(ctx.uow, deal, member, share)
    rest = 100 - share - sum(one.share for other, one in team_on_deal(ctx.uow, deal) if other.id != member.id)
    mine = f"{holder_name(ctx.uow, deal.owner_id)} {rest}%"
    return offered_card(deal, member, share, mine, now_shared(ctx, deal), ctx.uow.command)


@router.button("share.agree")
def agree(ctx: Context, number: str) -> Card:
    """同意分成：从现在起按这个比例算业绩"""
    deal, agreed = answer_share(ctx.uow, _number(number), agree=True)
    return answer_card(deal, agreed, now_shared(ctx, deal), agreed=True)


@router.button("share.decline")
def decline(ctx: Context, number: str) -> Card:
    """不同意分成：告诉提出的同事，业绩按原来算"""
    deal, declined = answer_share(ctx.uow, _number(number), agree=False)
    return answer_card(deal, declined, "", agreed=False)


def now_shared(ctx: Context, deal: Deal) -> str:
    """Say whose the credit for a deal is just now."""
    splits = splits_of(ctx.uow, [deal])[deal.id]
    names = {number: member.name for number, member in ctx.uow.members.find(splits).items()}
    return share_words(splits, names)


def _number(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) < 19):  # noqa: PLR2004 - a database's whole number
        raise BadInput("没有看出是哪次分成，请在卡片上再点一次")
    return int(given)
