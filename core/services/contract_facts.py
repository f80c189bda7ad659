"""Everything that the document of a contract needs, and nothing that a customer must not see."""

from dataclasses import dataclass
from datetime import date

from core.model.contract import MILESTONES, Contract, Instalment, Milestone
from core.model.money import Money
from core.ports import UnitOfWork
from core.rules.capitals import in_capitals
from core.services.quote_facts import LineFacts, quote_facts


@dataclass(frozen=True, kw_only=True)
class PartFacts:
    """A part of the payment plan, and in words by when it is owed."""

    position: int
    name: str
    due: str
    amount: Money


@dataclass(frozen=True, kw_only=True)
class ContractFacts:
    """A contract as its document says it; `lines` are those of the quote it came from, if they add up to it."""

    number: str
    title: str
    state: str
    party_a: str
    party_b: str
    buyer_address: str
    signed_on: date | None
    begins_on: date | None
    ends_on: date | None
    lines: tuple[LineFacts, ...]
    plan: tuple[PartFacts, ...]
    amount: Money
    tax_total: Money | None
    capitals: str
    payment_days: int
    delivery: str
    special_terms: str


def contract_facts(uow: UnitOfWork, contract: Contract) -> ContractFacts:
    """Return what the document of a contract says. Costs and margins are not in it."""
    account = uow.accounts.get(contract.account_id)
    plan = uow.contracts.plans([contract.id]).get(contract.id, [])
    quote = uow.quotes.get(contract.quote_id) if contract.quote_id is not None else None
    offered = quote_facts(uow, quote) if quote is not None and quote.total == contract.amount else None
    return ContractFacts(
        number=contract.number,
        title=contract.title,
        state=contract.state,
        party_a=contract.party_a,
        party_b=contract.party_b,
        buyer_address=account.address,
        signed_on=contract.signed_on,
        begins_on=contract.begins_on,
        ends_on=contract.ends_on,
        lines=offered.lines if offered else (),
        plan=tuple(
            PartFacts(position=position, name=one.name, due=when_of(one), amount=one.amount)
            for position, one in enumerate(plan, 1)
        ),
        amount=contract.amount,
        tax_total=offered.tax_total if offered else None,
        capitals=in_capitals(contract.amount),
        payment_days=contract.payment_days,
        delivery=offered.delivery if offered else "",
        special_terms=contract.special_terms,
    )


def when_of(part: Instalment) -> str:
    """Say when an instalment is to be paid, as a contract words it: 验收后 30 天内, 签约时, 2026-06-30 前."""
    if part.milestone == Milestone.DATE:
        return f"{part.due_on:%Y-%m-%d} 前" if part.due_on else "双方另行约定"
    after = MILESTONES[Milestone(part.milestone)]
    return f"{after}后 {part.days} 天内" if part.days else f"{after}时"
