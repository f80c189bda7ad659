"""A contract as a matter of approval: what conditions may ask of it, what its card shows, and what becomes of it."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any

from core.model.approval import Approval, ApprovalState, Demand
from core.model.contract import Contract, ContractState, Instalment, Milestone
from core.model.customer import Account
from core.model.ids import ContractId, Ref
from core.model.money import Money
from core.ports import UnitOfWork
from core.rules.quoting import discount_of, margin_of, untaxed
from core.services.contract_facts import when_of
from core.services.contracts import meet_condition

CONTRACT = "contract"
PAYMENT_TERMS = "payment_terms"
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
        """Return what is agreed; whatever of it is changed while it is under approval voids the approval.

        `discount`, `margin` and `advance` (what is paid at the signature) are in percent; the first two are None where
        nobody knows the list price or the cost.
        """
        contract, account, plan = _agreed(uow, subject)
        owner = uow.members.find([contract.owner_id]).get(contract.owner_id) if contract.owner_id is not None else None
        discount, margin = _earnings(uow, contract)
        first = Money.sum(one.amount for one in plan if one.milestone == Milestone.SIGNING and one.days == 0)
        return {
            "amount": contract.amount,
            "discount": discount,
            "margin": margin,
            "payment_days": contract.payment_days,
            "advance": _percent(first, contract.amount),
            "changed_terms": bool(contract.special_terms),
            "customer": account.name,
            "grade": account.grade or None,
            "owner": f"M{owner.id}" if owner is not None else None,
            "owner_department": owner.department if owner is not None else None,
            "terms": contract.special_terms,
            "ends_on": contract.ends_on,
            "plan": [f"{one.name} {one.amount} {when_of(one)}" for one in plan],
        }

    def lines(self, uow: UnitOfWork, subject: Ref) -> Sequence[tuple[str, str, str]]:
        """Return what whoever decides has to see."""
        contract, account, plan = _agreed(uow, subject)
        discount, margin = _earnings(uow, contract)
        days = contract.payment_days - uow.playbook.contracts.payment_days
        longer = f"（比标准长 {days} 天）" if days > 0 else ""
        lines = (
            ("customer", "客户", account.name),
            ("number", "合同", f"{contract.number} {contract.title}"),
            ("amount", "金额", str(contract.amount)),
            ("discount", "折扣", f"让 {discount}%" if discount else ""),
            ("margin", "毛利率", f"{margin}%" if margin is not None else ""),
            ("payment_days", "账期", f"{contract.payment_days} 天{longer}"),
            ("plan", "付款计划", "；".join(f"{one.name} {one.amount}（{when_of(one)}）" for one in plan)),
            ("ends_on", "到期", f"{contract.ends_on}" if contract.ends_on else ""),
            ("changed_terms", "特别条款", contract.special_terms),
        )
        return [line for line in lines if line[2]]

    def passed(self, uow: UnitOfWork, approval: Approval) -> None:
        """Let the contract be signed."""
        _pass(uow, approval)

    def refused(self, uow: UnitOfWork, approval: Approval) -> None:
        """Let the contract be a draft again: it is changed, or left."""
        _refuse(uow, approval)

    def named(self, uow: UnitOfWork, subject: Ref) -> tuple[str, str]:
        """Return what a contract is called as it stands now."""
        return title_of(uow, uow.contracts.get(ContractId(subject.id))), ""

    def amend(self, uow: UnitOfWork, approval: Approval, demand: Demand) -> None:
        """Let the contract be paid as soon, or sold as dear, as a condition wants it."""
        contract = _amend(uow, approval, demand)
        approval.title = title_of(uow, contract)


class TermsMatter:
    """That a customer pays later than the company likes: asked beside the contract, which needs both."""

    def facts(self, uow: UnitOfWork, subject: Ref) -> Mapping[str, Any]:
        """Return how much is paid how late, and by whom."""
        facts = ContractMatter().facts(uow, subject)
        wanted = ("amount", "payment_days", "customer", "grade", "owner", "owner_department")
        return {key: facts[key] for key in wanted}

    def lines(self, uow: UnitOfWork, subject: Ref) -> Sequence[tuple[str, str, str]]:
        """Return what whoever decides has to see."""
        contract, account, plan = _agreed(uow, subject)
        limit = uow.playbook.contracts.longest_payment_days
        beyond = f"（上限 {limit} 天）" if limit is not None else ""
        lines = (
            ("customer", "客户", account.name),
            ("number", "合同", f"{contract.number} {contract.title}"),
            ("amount", "金额", str(contract.amount)),
            ("payment_days", "账期", f"{contract.payment_days} 天{beyond}"),
            ("plan", "付款计划", "；".join(f"{one.name} {one.amount}（{when_of(one)}）" for one in plan)),
        )
        return [line for line in lines if line[2]]

    def named(self, uow: UnitOfWork, subject: Ref) -> tuple[str, str]:
        """Return what long terms are called as the contract stands now."""
        return terms_title_of(uow, uow.contracts.get(ContractId(subject.id))), ""

    def passed(self, uow: UnitOfWork, approval: Approval) -> None:
        """Let the contract be signed, once nobody else is asked about it."""
        _pass(uow, approval)

    def refused(self, uow: UnitOfWork, approval: Approval) -> None:
        """Let the contract be a draft again."""
        _refuse(uow, approval)

    def amend(self, uow: UnitOfWork, approval: Approval, demand: Demand) -> None:
        """Let the contract be paid as soon as a condition wants it."""
        contract = _amend(uow, approval, demand)
        approval.title = terms_title_of(uow, contract)


def _amend(uow: UnitOfWork, approval: Approval, demand: Demand) -> Contract:
    contract = uow.contracts.get(ContractId(approval.subject_id), lock=True)
    if demand.field == "payment_days":
        meet_condition(uow, contract, payment_days=int(demand.value))
    elif demand.field == "amount":
        meet_condition(uow, contract, amount=Money.yuan(Decimal(demand.value)))
    elif demand.field == "discount" and (amount := _at_discount(uow, contract, Decimal(demand.value.rstrip("%")))):
        meet_condition(uow, contract, amount=amount)
    return contract


def _at_discount(uow: UnitOfWork, contract: Contract, percent: Decimal) -> Money | None:
    """Return for how much a contract is so many percent below the list, tax as in its quote; None without a list."""
    if contract.quote_id is None or contract.list_total is None:
        return None
    quote = uow.quotes.get(contract.quote_id)
    if quote.net_total.fen <= 0:
        return None
    net = contract.list_total.fen * (1 - percent / HUNDRED)
    return Money(int((net * quote.total.fen / quote.net_total.fen).to_integral_value(ROUND_CEILING)))


def _pass(uow: UnitOfWork, approval: Approval) -> None:
    contract = uow.contracts.get(ContractId(approval.subject_id), lock=True)
    others = [one for one in uow.approvals.running_on(contract.ref) if one.id != approval.id]
    if contract.state == ContractState.PENDING and not others:
        contract.state, contract.reason = ContractState.APPROVED, ""


def _refuse(uow: UnitOfWork, approval: Approval) -> None:
    """Whatever else is asked about the contract changes nothing any more: it is a draft until it is asked for anew."""
    contract = uow.contracts.get(ContractId(approval.subject_id), lock=True)
    if contract.is_unsigned:
        contract.state = ContractState.DRAFT
        what = "账期" if approval.kind == PAYMENT_TERMS else ""
        contract.reason = what + ENDS.get(ApprovalState(approval.state), "")


def _agreed(uow: UnitOfWork, subject: Ref) -> tuple[Contract, Account, list[Instalment]]:
    contract = uow.contracts.get(ContractId(subject.id))
    plan = uow.contracts.plans([contract.id]).get(contract.id, [])
    return contract, uow.accounts.get(contract.account_id), plan


def _earnings(uow: UnitOfWork, contract: Contract) -> tuple[Decimal | None, Decimal | None]:
    """Return discount and margin in percent as its quote counts them: in the list's terms, and without tax."""
    if contract.quote_id is None:
        return None, None
    quote = uow.quotes.get(contract.quote_id)
    if quote.total.fen <= 0:
        return None, None
    share = Decimal(contract.amount.fen) / quote.total.fen  # an amended contract keeps the quote's mix of taxes
    net, taken = quote.net_total.times(share), untaxed(quote).times(share)
    listed = discount_of(contract.list_total, net) if contract.list_total is not None else None
    return listed, margin_of(taken, contract.cost)


def title_of(uow: UnitOfWork, contract: Contract) -> str:
    """Name a contract for whoever decides: 华为 合同 38.5万元."""
    account = uow.accounts.get(contract.account_id)
    return f"{account.short_name or account.name} {contract.number} {contract.amount}"


def terms_title_of(uow: UnitOfWork, contract: Contract) -> str:
    """Name long terms for whoever decides: 华为 合同 HT20260304-001 账期 90 天."""
    account = uow.accounts.get(contract.account_id)
    return f"{account.short_name or account.name} {contract.number} 账期 {contract.payment_days} 天"


def _percent(part: Money, whole: Money) -> Decimal | None:
    if whole.fen <= 0:
        return None
    share = Decimal(part.fen) / whole.fen * HUNDRED
    return share.quantize(TENTH, ROUND_HALF_UP)
