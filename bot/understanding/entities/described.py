"""The customer who is spoken of by what they do: 那个做轴承的, 公海里搞印染的那家."""

import re
from typing import Final

from bot.context import Context
from bot.understanding.acts import Candidate, Mention
from core.model.customer import Account
from core.model.lead import Lead

_DESCRIBED: Final = re.compile(
    r"(?:(?:那|这|哪)一?[个家位条]|那|这)(?:是)?(?:做|搞|卖|生产|经营|干|跑)(?P<trade>[一-龥]{1,6}?)(?:生意|行业)?的(?:那?[个家位条]|客户|线索|公司|厂子?|企业|老板|单位)*"
    r"|(?:^|(?<=[，。 把给跟去见]))(?P<trade_at>[一-龥]{2,4}?)那家(?:公司|厂)?"
    r"|(?:做|搞|卖|生产|经营|干|跑)(?P<trade_of>[一-龥]{1,6}?)(?:生意|行业)?的那一?[个家位条](?:客户|线索|公司|厂子?|企业|单位)?"
)
_SHOWN: Final = 8
_ROWS: Final = 40


def find_described(ctx: Context, text: str) -> list[Mention]:
    """Find the speaker's own customers whose name or trade holds what they are said to do."""
    if (hit := _DESCRIBED.search(text)) is None or "公海" in text or "池" in text:
        return []
    me = ctx.member.id
    held: list[Lead | Account] = [*ctx.uow.accounts.held_by(me), *ctx.uow.leads.held_by(me)]
    return _mention(hit, held, own=True)


def find_described_in_pool(ctx: Context, text: str) -> list[Mention]:
    """Find leads of the pool that are spoken of so."""
    if (hit := _DESCRIBED.search(text)) is None:
        return []
    return _mention(hit, ctx.uow.leads.pooled(words=_trade(hit), limit=_ROWS), own=False)


def _mention(hit: re.Match[str], among: "list[Lead | Account] | list[Lead]", *, own: bool) -> list[Mention]:
    trade = _trade(hit)
    named = [one for one in among if trade in one.name]
    found = named or [one for one in among if trade in one.industry]
    choices = tuple(Candidate(str(one.ref.kind) + f":{one.ref.id}", one.name, "described", own) for one in found)
    return [Mention(*hit.span(), "customer", hit[0], choices[:_SHOWN])] if choices else []


def _trade(hit: re.Match[str]) -> str:
    return hit["trade"] or hit["trade_at"] or hit["trade_of"]
