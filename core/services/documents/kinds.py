"""Every kind of document: of which record, with which facts, under which name, and samples to check a template with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.errors.files import NoSuchTemplate
from core.model.contract import UNSIGNED, ContractState
from core.model.ids import ContractId, QuoteId, Ref
from core.model.money import NOTHING
from core.model.quote import OURS, QuoteState
from core.ports import UnitOfWork
from core.rules.printing import printed
from core.services.contract_facts import ContractFacts, contract_facts
from core.services.contracts import contract_of
from core.services.documents import samples
from core.services.quote_facts import QuoteFacts, quote_facts
from core.services.quotes import quote_of


@dataclass(frozen=True)
class Printed:
    """What a document of one record is made of; `name` is its file's, without the end."""

    owner: Ref
    label: str
    name: str
    data: dict[str, Any]


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document. `prints` refuses whoever may not see the record; `samples` are data for checking."""

    title: str
    prints: Callable[[UnitOfWork, int], Printed]
    samples: Callable[[], tuple[dict[str, Any], ...]]


def kind_of(kind: str) -> DocumentKind:
    """Return a kind by its name; NoSuchTemplate lists those there are."""
    if kind not in KINDS:
        raise NoSuchTemplate(kind, tuple(KINDS))
    return KINDS[kind]


def quote_data(facts: QuoteFacts) -> dict[str, Any]:
    """Return what a quote's template reads; `draft` is what stands across a page that no customer may rely on."""
    draft = {QuoteState.DRAFT: "草稿", QuoteState.PENDING: "审批中"}.get(QuoteState(facts.state), "")
    given = "" if facts.given == NOTHING else f"-{printed(facts)['given']}"
    return printed(facts) | {"draft": draft if facts.state in OURS else "", "given": given}


def contract_data(facts: ContractFacts) -> dict[str, Any]:
    """Return what a contract's template reads."""
    draft = "草稿" if facts.state in UNSIGNED and facts.state != ContractState.APPROVED else ""
    return printed(facts) | {"draft": draft}


def _print_quote(uow: UnitOfWork, number: int) -> Printed:
    quote = quote_of(uow, QuoteId(number))
    facts = quote_facts(uow, quote)
    return Printed(quote.ref, f"报价单 {facts.label}", f"报价单 {facts.buyer} {facts.label}", quote_data(facts))


def _print_contract(uow: UnitOfWork, number: int) -> Printed:
    contract = contract_of(uow, ContractId(number))
    facts = contract_facts(uow, contract)
    return Printed(contract.ref, f"合同 {facts.number}", f"合同 {facts.party_a} {facts.number}", contract_data(facts))


KINDS: dict[str, DocumentKind] = {
    "quote": DocumentKind(
        "报价单", _print_quote, lambda: tuple(quote_data(samples.a_quote(count)) for count in samples.SIZES)
    ),
    "contract": DocumentKind(
        "合同", _print_contract, lambda: tuple(contract_data(samples.a_contract(count)) for count in samples.SIZES)
    ),
}
"""One line a kind; its template ships as connectors/typesetting/templates/<kind>.typ."""
