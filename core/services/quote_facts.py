"""Everything that the document of a quote needs, and nothing that a customer must not see."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.model.money import Money
from core.model.quote import Quote, QuoteLine
from core.ports import UnitOfWork
from core.rules.capitals import in_capitals
from core.rules.quoting import discount, taxes, untaxed


@dataclass(frozen=True, kw_only=True)
class LineFacts:
    """A line as it is printed. `price` is what one unit comes to after every discount, `amount` the whole line."""

    position: int
    name: str
    code: str
    spec: str
    note: str
    quantity: Decimal
    unit: str
    list_price: Money
    price: Money
    discount: Decimal
    tax_rate: Decimal
    list_amount: Money
    amount: Money
    tax: Money


@dataclass(frozen=True, kw_only=True)
class TaxFacts:
    """What is taxed at one rate, and the tax on it."""

    rate: Decimal
    amount: Money
    tax: Money


@dataclass(frozen=True, kw_only=True)
class QuoteFacts:
    """A quote as its document says it. `capitals` is `total` in capitals; `lines` add up to `net_total`."""

    label: str
    number: str
    revision: int
    state: str
    made_on: date
    valid_until: date
    seller: str
    seller_details: tuple[str, ...]
    buyer: str
    buyer_address: str
    contact: str
    contact_title: str
    contact_phone: str
    maker: str
    maker_phone: str
    lines: tuple[LineFacts, ...]
    list_total: Money
    discount: Decimal
    given: Money
    net_total: Money
    untaxed: Money
    tax_total: Money
    taxes: tuple[TaxFacts, ...]
    total: Money
    capitals: str
    tax_included: bool
    payment_terms: str
    delivery: str
    note: str


def quote_facts(uow: UnitOfWork, quote: Quote) -> QuoteFacts:
    """Return what the document of a quote says. Costs and margins are not in it."""
    account = uow.accounts.get(quote.account_id)
    contact = uow.contacts.get(quote.contact_id) if quote.contact_id is not None else None
    if contact is None:
        contact = next(iter(uow.contacts.of(account.id)), None)
    maker = uow.members.find([quote.owner_id]).get(quote.owner_id) if quote.owner_id is not None else None
    pricing = uow.playbook.pricing
    return QuoteFacts(
        label=quote.label,
        number=quote.number,
        revision=quote.revision,
        state=quote.state,
        made_on=uow.calendar.local(quote.created_at).date(),
        valid_until=quote.valid_until,
        seller=pricing.seller,
        seller_details=pricing.seller_details,
        buyer=account.name,
        buyer_address=account.address,
        contact=contact.name if contact else "",
        contact_title=contact.title if contact else "",
        contact_phone=contact.phone or "" if contact else "",
        maker=maker.name if maker else "",
        maker_phone=maker.phone or "" if maker else "",
        lines=tuple(line_facts(position, line) for position, line in enumerate(quote.lines, 1)),
        list_total=quote.list_total,
        discount=discount(quote),
        given=quote.list_total - quote.net_total,
        net_total=quote.net_total,
        untaxed=untaxed(quote),
        tax_total=quote.tax_total,
        taxes=tuple(TaxFacts(rate=rate, amount=amount, tax=tax) for rate, amount, tax in taxes(quote.lines)),
        total=quote.total,
        capitals=in_capitals(quote.total),
        tax_included=quote.tax_included,
        payment_terms=quote.payment_terms,
        delivery=quote.delivery,
        note=quote.note,
    )


def line_facts(position: int, line: QuoteLine) -> LineFacts:
    """Return what a document says of one line."""
    return LineFacts(
        position=position,
        name=line.name,
        code=line.code,
        spec=line.spec,
        note=line.note,
        quantity=line.quantity,
        unit=line.unit,
        list_price=line.list_price,
        price=line.net_total.times(1 / line.quantity),
        discount=line.discount,
        tax_rate=line.tax_rate,
        list_amount=line.list_total,
        amount=line.net_total,
        tax=line.tax,
    )
