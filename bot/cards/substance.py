"""Cards about deals that claim more than was done for them, and about those without a next step."""

from collections.abc import Mapping, Sequence

from bot.cards.card import Card
from bot.cards.deals import show_button
from core.model.deal import Deal
from core.model.ids import MemberId
from core.model.member import Member
from core.model.money import Money
from core.rules.substance import Sign
from core.services.substance import Inflated

SOURCE = "聊单 · 商机"
LISTED, SIGNS_SHOWN, ON_THE_DEAL = 6, 4, 3


def inflated_card(found: Sequence[Inflated], names: Mapping[MemberId, str], reader: Member, least: int) -> Card:
    """Which open deals claim more than was done for them, each with its evidence."""
    if not found:
        return Card(
            title="没有发现有水分的商机",
            text=f"进行中的商机里，没有一个有 {least} 条以上的证据对不上",
            private=True,
        )
    total = Money(sum(one.deal.amount.fen for one in found if one.deal.amount))
    lines = []
    for one in found[:LISTED]:
        lines.append(_name(one.deal, names, reader))
        lines += [f"  · {sign.says}" for sign in one.signs[:SIGNS_SHOWN]]
    more = [f"还有 {len(found) - LISTED} 个"] if len(found) > LISTED else []
    return Card(
        title=f"{len(found)} 个商机报得比做得多",
        subtitle="报的阶段、金额和日期，对照实际的跟进、报价和下一步",
        source=SOURCE,
        emphasis=(str(total), "涉及金额"),
        text="\n".join([*lines, *more]),
        buttons=tuple(show_button(str(one.deal.ref), f"看 {one.deal.ref}") for one in found[:3]),
        private=True,
    )


def unplanned_card(deals: Sequence[Deal], names: Mapping[MemberId, str], reader: Member) -> Card:
    """Open deals for whose customer nothing is planned."""
    if not deals:
        return Card(title="每个进行中的商机都约好了下一步", private=True)
    lines = [_name(deal, names, reader) for deal in deals[: LISTED + 4]]
    more = [f"还有 {len(deals) - LISTED - 4} 个"] if len(deals) > LISTED + 4 else []
    return Card(
        title=f"{len(deals)} 个商机没有约下一步",
        source=SOURCE,
        text="\n".join([*lines, *more, "说「跟进 客户名 内容，周三下午再联系」就有了"]),
        buttons=tuple(show_button(str(deal.ref), f"看 {deal.ref}") for deal in deals[:3]),
        private=True,
    )


def sign_lines(signs: Sequence[Sign], least: int) -> list[str]:
    """What stands on the deal's own card, where there is enough of it."""
    if len(signs) < least:
        return []
    shown = "；".join(sign.says for sign in signs[:ON_THE_DEAL])
    more = f"等 {len(signs)} 条" if len(signs) > ON_THE_DEAL else ""
    return [f"⚠ 进展对不上：{shown}{more}"]


def _name(deal: Deal, names: Mapping[MemberId, str], reader: Member) -> str:
    amount = f" {deal.amount}" if deal.amount else ""
    holder = names.get(deal.owner_id, "") if deal.owner_id is not None and deal.owner_id != reader.id else ""
    return f"{deal.ref} {deal.name}（{deal.stage}{amount}）{holder and f' {holder}'}"
