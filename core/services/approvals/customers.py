"""Whose customer an approval is about, and what that means for the customer's clocks (semantics B.3)."""

from collections.abc import Iterable, Sequence

from core.model.approval import Approval
from core.model.ids import AccountId, ContractId, DealId, LeadId, QuoteId, Ref
from core.ports import UnitOfWork
from core.rules.recycling import Record

DIRECT = frozenset({"lead", "account"})


def customers_of(uow: UnitOfWork, approvals: Iterable[Approval]) -> dict[int, Ref]:
    """Return the lead or account that each approval is about, by the approval's number; others are left out."""
    found: dict[int, Ref] = {}
    by_kind: dict[str, list[Approval]] = {}
    for approval in approvals:
        if approval.subject_kind in DIRECT:
            found[approval.id] = approval.subject
        else:
            by_kind.setdefault(approval.subject_kind, []).append(approval)
    for kind, some in by_kind.items():
        accounts = _accounts(uow, kind, [one.subject_id for one in some])
        for one in some:
            if (account := accounts.get(one.subject_id)) is not None:
                found[one.id] = Ref("account", account)
    return found


def _accounts(uow: UnitOfWork, kind: str, ids: Sequence[int]) -> dict[int, int]:
    """Return the account of each quote, deal or contract."""
    if kind == "quote":
        return {one.id: one.account_id for one in uow.quotes.find(QuoteId(i) for i in ids)}
    if kind == "deal":
        return {one.id: one.account_id for one in uow.deals.find([DealId(i) for i in ids]) if one.account_id}
    if kind == "contract":
        return {one.id: one.account_id for one in uow.contracts.find(ContractId(i) for i in ids)}
    return {}


def record_about(uow: UnitOfWork, approval: Approval) -> Record | None:
    """Return the lead or account that an approval is about."""
    ref = customers_of(uow, [approval]).get(approval.id)
    if ref is None:
        return None
    if ref.kind == "lead":
        return next(iter(uow.leads.find([LeadId(ref.id)])), None)
    return next(iter(uow.accounts.find([AccountId(ref.id)])), None)
