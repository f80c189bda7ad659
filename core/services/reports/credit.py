"""Whose the won money is where colleagues share a deal: what an agreed share moves from its holder to them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from core.model.deal import Deal
from core.model.ids import DealId, MemberId
from core.model.member import SYSTEM, Member
from core.model.routing import WHOLE
from core.ports import UnitOfWork
from core.ports.metrics import Filters
from core.rules.metrics.declared import WON_AMOUNT, Base, Dimension, dimension
from core.rules.metrics.periods import Span
from core.rules.permissions import Scope, scope_of
from core.services.sharing import counts_at, split

MEMBER, DEPARTMENT = dimension("member"), dimension("department")
DEAL: Final = Dimension("deal", "商机", {"deal": "deals.id"})
_PEOPLE: Final = frozenset({MEMBER.key, DEPARTMENT.key})


def moved(
    uow: UnitOfWork,
    by: Sequence[Dimension],
    span: Span | None,
    where: Filters,
    scope: Scope,
    fiscal_begins: int,
    base: Base = WON_AMOUNT,
) -> dict[tuple[Any, ...], int]:
    """Return by how much shares change the won amount of each cell: what one gains another loses, to the 分.

    `base` is won money by the day it was won, or by the day its deal was begun. A share counts as it stood when the
    deal was won. Nobody is told of more than their own part of a deal.
    """
    apart = {one.key for one in by} | {one.key for one, _ in where}
    if scope.everything and not apart & _PEOPLE:
        return {}
    days = span if base.at == WON_AMOUNT.at else None
    shared = {deal.id: deal for deal in uow.deals.shared_won(days.first if days else None, days.last if days else None)}
    if not shared:
        return {}
    splits = _splits_when_won(uow, list(shared.values()))
    people = uow.members.find({one for parts in splits.values() for one in parts})
    only = tuple((one, values) for one, values in where if one.key not in _PEOPLE)
    found = uow.metrics.totals(
        (base,), (*by, MEMBER, DEAL), span, (*only, (DEAL, tuple(shared))), scope_of(SYSTEM),
        fiscal_begins=fiscal_begins,
    )  # fmt: skip
    cells: dict[tuple[Any, ...], int] = defaultdict(int)
    for (*cell, owner, number), figures in found.items():
        amount = int(figures.get(base.key, 0))
        parts = parts_of(amount, owner, splits[DealId(number)])
        for member_id, part in (*parts.items(), (owner, -amount)):
            member = people.get(member_id)
            if _counts(member_id, member, where, scope):
                cells[_cell_of(by, cell, member_id, member)] += part
    return {cell: part for cell, part in cells.items() if part}


def _splits_when_won(uow: UnitOfWork, deals: Sequence[Deal]) -> dict[DealId, dict[MemberId, int]]:
    """Return who had which percents when each deal was won; where nobody shared it then, what was agreed upon since."""
    shares = defaultdict(list)
    for one in uow.deals.shares(deal.id for deal in deals):
        shares[one.deal_id].append(one)
    found = {}
    for deal in deals:
        at = deal.stage_since or uow.now
        standing = [one for one in shares[deal.id] if counts_at(one, at)]
        standing = standing or [one for one in shares[deal.id] if counts_at(one, uow.now)]
        found[deal.id] = split(deal.owner_id, {one.member_id: one.share for one in standing})
    return found


def parts_of(amount: int, owner_id: MemberId | None, splits: dict[MemberId, int]) -> dict[MemberId | None, int]:
    """Divide an amount half-up; the holder has what is left, so that the parts always come to it."""
    parts: dict[MemberId | None, int] = {
        member_id: (amount * share * 2 + WHOLE) // (2 * WHOLE)
        for member_id, share in splits.items()
        if member_id != owner_id
    }
    parts[owner_id] = amount - sum(parts.values())
    return parts


def _counts(member_id: MemberId | None, member: Member | None, where: Filters, scope: Scope) -> bool:
    """Say whether somebody's part is asked for and may be told."""
    department = member.department if member is not None else ""
    if not scope.covers(member_id, department):
        return False
    mine = {MEMBER.key: member_id, DEPARTMENT.key: department}
    return all(mine[one.key] in values for one, values in where if one.key in _PEOPLE)


def _cell_of(
    by: Sequence[Dimension], cell: Sequence[Any], member_id: MemberId | None, member: Member | None
) -> tuple[Any, ...]:
    """Return the cell in which a member's part of a deal lies."""
    theirs = {MEMBER.key: member_id, DEPARTMENT.key: member.department if member is not None else None}
    return tuple(theirs.get(one.key, value) for one, value in zip(by, cell, strict=True))
