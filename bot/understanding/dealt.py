"""Finds what open deals are about behind the customer whose they are: 海昌伺服那单, 锡通的备件年框.

The words tell which of several deals is meant, and stand in no cue's way.
"""

import re
from collections.abc import Iterable
from typing import Final

from bot.context import Context
from bot.understanding.acts import Candidate, Mention
from core.model.deal import Deal
from core.model.ids import AccountId

_REACH: Final = 14
_SHORTEST: Final = 2
_BETWEEN: Final = re.compile(r"\s?(?:的|那边的?|那个|这个|那单|这单)?\s?")


def find_dealt(ctx: Context, text: str, found: Iterable[Mention]) -> tuple[Mention, ...]:
    """Return what stands right behind a customer, or a contact person of theirs, out of their deals' names."""
    known: dict[str, list[Deal]] = {}
    mentions = []
    for mention in found:
        account = _account(mention)
        behind = _BETWEEN.match(text, mention.end)
        start = behind.end() if behind else mention.end
        if not account or not text[start : start + _SHORTEST].strip():
            continue
        if account not in known:
            known[account] = ctx.uow.deals.open_of(AccountId(int(account)))
        length, meant = _longest(text[start : start + _REACH], mention.words, known[account])
        if meant:
            candidates = tuple(Candidate(str(deal.ref), deal.name, "full") for deal in meant)
            mentions.append(Mention(start, start + length, "deal", text[start : start + length], candidates))
    return tuple(mentions)


def _account(mention: Mention) -> str:
    """Return the number of the one account that is meant, if it is one."""
    if mention.kind not in ("customer", "contact") or len(mention.candidates) != 1:
        return ""
    one = mention.candidates[0]
    kind, _, number = (one.of if mention.kind == "contact" else one.ref).partition(":")
    return number if kind == "account" and number.isdigit() else ""


def _longest(words: str, named: str, deals: list[Deal]) -> tuple[int, list[Deal]]:
    """Return how many of the words' first signs stand in a deal's name, and in whose."""
    for size in range(len(words), _SHORTEST - 1, -1):
        meant = [deal for deal in deals if words[:size] in deal.name.removeprefix(named)]
        if meant:
            return (0, []) if words[:size] in _ANYBODYS else (size, meant)
    return 0, []


_ANYBODYS: Final = frozenset({"采购", "项目", "单子", "合同", "技术", "设备", "系统", "商机"})
"""Words of a deal's name that as well mean something else: 采购说价格高."""
