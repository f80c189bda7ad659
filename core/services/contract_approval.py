"""A contract as a matter of approval: what conditions may ask of it, what its card shows, and what becomes of it."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from core.model.approval import Approval, ApprovalState
from core.model.contract import MILESTONES, Contract, ContractState, Instalment, Milestone
from core.model.ids import ContractId, Ref
from core.model.money import Money
from core.ports import UnitOfWork

CONTRACT = "contract"
TENTH = Decimal("0.1")
HUNDRED = 100

ENDS = {
    ApprovalState.REJECTED: "审批驳回",
    ApprovalState.WITHDRAWN: "审批已撤回",
    ApprovalState.EXPIRED: "审批超时",
}
"""Why a contract is a draft again."""


class ContractMatter:
    """See `core.services.approvals.subjects.Subject`."""

    def facts(self, uow: UnitOfWork, subject: Ref) -> Mapping[str, Any]:
        """Return what is agreed; whatever of it is changed while it is under approval voids the approval."""
        facts = contract_facts(uow, subject)
        plan = [f"{name} {amount} {when}" for name, when, amount in facts["plan"]]
        wanted = ("amount", "discount", "margin", "payment_days", "advance", "changed_terms", "customer", "grade")
        return {key: facts[key] for key in (*wanted, "owner", "owner_department", "terms", "ends_on")} | {"plan": plan}

    def lines(self, uow: UnitOfWork, subject: Ref) -> Sequence[tuple[str, str, str]]:
        """Return what whoever decides has to see."""
        facts = contract_facts(uow, subject)
        discount, margin = facts["discount"], facts["margin"]
        longer = f"（比标准长 {facts['longer']} 天）" if facts["longer"] > 0 else ""
        lines = (
            ("customer", "客户", facts["customer"]),
            ("number", "合同", f"{facts['number']} {facts['title']}"),
            ("amount", "金额", str(facts["amount"])),
            ("discount", "折扣", f"让 {discount}%" if discount else ""),
            ("margin", "毛利率", f"{margin}%" if margin is not None else ""),
            ("payment_days", "账期", f"{facts['payment_days']} 天{longer}"),
            ("plan", "付款计划", "；".join(f"{name} {amount}（{when}）" for name, when, amount in facts["plan"])),
            ("ends_on", "到期", f"{facts['ends_on']}" if facts["ends_on"] else ""),
            ("changed_terms", "特别条款", facts["terms"]),
        )
        return [line for line in lines if line[2]]

    def passed(self, uow: UnitOfWork, approval: Approval) -> None:
        """Let the contract be signed."""
        contract = uow.contracts.get(ContractId(approval.subject_id), lock=True)
        if contract.is_unsigned:
            contract.state, contract.reason = ContractState.APPROVED, ""

    def refused(self, uow: UnitOfWork, approval: Approval) -> None:
        """Let the contract be a draft again: it is changed, or left."""
        contract = uow.contracts.get(ContractId(approval.subject_id), lock=True)
        if contract.is_unsigned:
            contract.state = ContractState.DRAFT
            contract.reason = ENDS.get(ApprovalState(approval.state), "")


def contract_facts(uow: UnitOfWork, subject: Ref) -> Mapping[str, Any]:
    """Return what is known of a contract, for approvals and for documents.

    `discount`, `margin` and `advance` (what is paid at the signature) are in percent; the first two are None where
    nobody knows the list price or the cost. `longer` is by how many days the customer pays later than is usual.
    """
    contract = uow.contracts.get(ContractId(subject.id))
    account = uow.accounts.get(contract.account_id)
    plan = uow.contracts.plans([contract.id]).get(contract.id, [])
    owner = uow.members.find([contract.owner_id]).get(contract.owner_id) if contract.owner_id is not None else None
    first = Money(sum(one.amount.fen for one in plan if one.milestone == Milestone.SIGNING and one.days == 0))
    longer = contract.payment_days - uow.playbook.contracts.payment_days
    return {
        "number": contract.number,
        "title": contract.title,
        "revision": contract.revision,
        "customer": account.name,
        "grade": account.grade or None,
        "party_a": contract.party_a,
        "party_b": contract.party_b,
        "amount": contract.amount,
        "discount": _percent(Money(contract.list_total.fen - contract.amount.fen), contract.list_total)
        if contract.list_total is not None
        else None,
        "margin": _percent(Money(contract.amount.fen - contract.cost.fen), contract.amount)
        if contract.cost is not None
        else None,
        "advance": _percent(first, contract.amount),
        "payment_days": contract.payment_days,
        "longer": longer,
        "changed_terms": bool(contract.special_terms),
        "terms": contract.special_terms,
        "begins_on": contract.begins_on,
        "ends_on": contract.ends_on,
        "signed_on": contract.signed_on,
        "owner": f"M{owner.id}" if owner is not None else None,
        "owner_name": owner.name if owner is not None else "",
        "owner_department": owner.department if owner is not None else None,
        "plan": tuple((one.name, when_of(one), one.amount) for one in plan),
    }


def title_of(uow: UnitOfWork, contract: Contract) -> str:
    """Name a contract for whoever decides: 华为 合同 38.5万元."""
    account = uow.accounts.get(contract.account_id)
    return f"{account.short_name or account.name} {contract.number} {contract.amount}"


def when_of(one: Instalment) -> str:
    """Say when an instalment is to be paid: 验收后 30 天内, 2026-06-30."""
    if one.milestone == Milestone.DATE:
        return f"{one.due_on}"
    days = f" {one.days} 天内" if one.days else ""
    return f"{MILESTONES[Milestone(one.milestone)]}后{days}"


def _percent(part: Money, whole: Money) -> Decimal | None:
    if whole.fen <= 0:
        return None
    share = Decimal(part.fen) / whole.fen * HUNDRED
    return share.quantize(TENTH, ROUND_HALF_UP)
