"""A contract under approval: what conditions may ask of it, what its card shows, and what becomes of it."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from core.model.contract import MILESTONES, Contract, ContractState, Instalment, Milestone
from core.model.ids import ContractId, Ref
from core.model.money import Money
from core.ports import UnitOfWork

TENTH = Decimal("0.1")
HUNDRED = 100


def contract_facts(uow: UnitOfWork, subject: Ref) -> Mapping[str, Any]:
    """Return what is known of a contract, for conditions of approvals and for documents.

    `discount` and `margin` are in percent, None where nobody knows the list price or the cost. `special_terms` says
    whether something else than the usual was agreed, `longer` by how many days the customer pays later than is usual.
    """
    contract = uow.contracts.get(ContractId(subject.id))
    account = uow.accounts.get(contract.account_id)
    plan = uow.contracts.plans([contract.id]).get(contract.id, [])
    return {
        "number": contract.number,
        "title": contract.title,
        "revision": contract.revision,
        "customer": account.name,
        "party_a": contract.party_a,
        "party_b": contract.party_b,
        "amount": contract.amount,
        "discount": _percent(contract.list_total, contract.amount),
        "margin": margin_of(contract),
        "payment_days": contract.payment_days,
        "longer": contract.payment_days - uow.playbook.contracts.payment_days,
        "special_terms": bool(contract.special_terms),
        "terms": contract.special_terms,
        "begins_on": contract.begins_on,
        "ends_on": contract.ends_on,
        "plan": tuple((one.name, when_of(one), one.amount) for one in plan),
    }


def contract_lines(uow: UnitOfWork, subject: Ref) -> tuple[tuple[str, str], ...]:
    """Return what an approver has to see of a contract."""
    facts = contract_facts(uow, subject)
    discount, margin = facts["discount"], facts["margin"]
    lines = (
        ("客户", facts["customer"]),
        ("合同", f"{facts['number']} {facts['title']}"),
        ("金额", str(facts["amount"])),
        ("折扣", f"{discount}%" if discount else ""),
        ("毛利率", f"{margin}%" if margin is not None else ""),
        ("账期", f"{facts['payment_days']} 天" + (f"（比标准长 {facts['longer']} 天）" if facts["longer"] > 0 else "")),
        ("付款计划", "；".join(f"{name} {amount}（{when}）" for name, when, amount in facts["plan"])),
        ("期限", f"{facts['begins_on'] or '签约日'} 到 {facts['ends_on']}" if facts["ends_on"] else ""),
        ("特别条款", facts["terms"]),
    )
    return tuple((label, said) for label, said in lines if said)


def approved(uow: UnitOfWork, contract: Contract) -> None:
    """Let a contract be signed."""
    contract.state, contract.reason = ContractState.APPROVED, ""
    uow.flush()


def declined(uow: UnitOfWork, contract: Contract, reason: str) -> None:
    """Let a contract be a draft again: it is changed, or left."""
    contract.state, contract.reason = ContractState.DRAFT, reason[:200]
    uow.flush()


def start_approval(uow: UnitOfWork, contract: Contract) -> bool:
    """Ask for a contract to be approved; say whether it was at once, because nobody has to be asked."""
    approved(uow, contract)
    return True


def margin_of(contract: Contract) -> Decimal | None:
    """Return what is left of the amount after the cost, in percent; None where nobody knows the cost."""
    if contract.cost is None or contract.amount.fen <= 0:
        return None
    share = Decimal(contract.amount.fen - contract.cost.fen) / contract.amount.fen * HUNDRED
    return share.quantize(TENTH, ROUND_HALF_UP)


def _percent(before: Money | None, after: Money) -> Decimal | None:
    if before is None or before.fen <= 0:
        return None
    off = Decimal(before.fen - after.fen) / before.fen * HUNDRED
    return max(off, Decimal(0)).quantize(TENTH, ROUND_HALF_UP)


def when_of(one: Instalment) -> str:
    """Say when an instalment is to be paid: 验收后 30 天内, 2026-06-30."""
    if one.milestone == Milestone.DATE:
        return f"{one.due_on}"
    days = f" {one.days} 天内" if one.days else ""
    return f"{MILESTONES[Milestone(one.milestone)]}后{days}"
