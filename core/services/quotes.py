"""Quotes: made, read, changed, accepted, declined, and over when their day has passed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.errors import BadInput, NoSuchQuote, NotAllowed, NotFound
from core.model.customer import Account
from core.model.ids import ContactId, DealId, MemberId, QuoteId
from core.model.money import NOTHING, Money
from core.model.quote import NO_PERCENT, Quote, QuoteLine, QuoteState
from core.ports import UnitOfWork
from core.rules.quoting import excess_of
from core.services.approvals.submitting import changed, pending_on, submit
from core.services.customers import is_led, may_see
from core.services.quote_approval import SPECIAL_PRICE, title_of
from core.services.quote_clocks import set_quote_clock
from core.services.quote_lines import Wanted, at_list_price, lines_of, whole_of
from core.services.quote_states import put_in_force, snapshot, take, touch_deal

PREFIX = "BJ"
WORDS = 200


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a quote says beside its lines; what is empty is as the playbook has it."""

    discount: Decimal = NO_PERCENT
    off: Money = NOTHING
    valid_until: date | None = None
    payment_terms: str = ""
    delivery: str = ""
    note: str = ""
    reason: str = ""
    contact_id: ContactId | None = None
    deal_id: DealId | None = None


def draft_quote(uow: UnitOfWork, account: Account, wanted: Sequence[Wanted], terms: Terms) -> Quote:
    """Work out what a quote would be, without keeping it."""
    require_quoter(uow, account)
    return drafted(uow, account, lines_of(uow, wanted, account), terms)


def drafted(uow: UnitOfWork, account: Account, lines: Sequence[QuoteLine], terms: Terms) -> Quote:
    """Work out a quote of these lines, without keeping it; what is above all bounds is refused."""
    pricing, today = uow.playbook.pricing, uow.calendar.local(uow.now).date()
    valid_until = terms.valid_until or today + timedelta(days=pricing.valid_days)
    if valid_until < today:
        raise BadInput(f"有效期 {valid_until:%Y-%m-%d} 已经过去了，请换一个以后的日期")
    quote = Quote(
        account_id=account.id,
        contact_id=terms.contact_id,
        deal_id=terms.deal_id,
        owner_id=account.owner_id or uow.actor.id or None,
        valid_until=valid_until,
        payment_terms=(terms.payment_terms or pricing.payment_terms)[:WORDS],
        delivery=terms.delivery[:WORDS],
        note=terms.note,
        reason=terms.reason[:500],
        created_by=uow.actor.id or None,
        created_at=uow.now,
        updated_at=uow.now,
    )
    take(quote, lines, whole_of(uow, terms.discount, terms.off))
    return quote


def create_quote(uow: UnitOfWork, account: Account, wanted: Sequence[Wanted], terms: Terms) -> Quote:
    """Make a quote: in force at once where its maker may decide on it, else a special price is asked for by itself."""
    return keep_quote(uow, draft_quote(uow, account, wanted, terms))


def keep_quote(uow: UnitOfWork, quote: Quote) -> Quote:
    """Keep a quote that was worked out, under a new number."""
    uow.does("quote.create")
    uow.quotes.add(quote)
    uow.flush()
    day = uow.calendar.local(uow.now)
    quote.number = f"{PREFIX}-{day:%Y%m%d}-{quote.id:04d}"
    settle(uow, quote)
    return quote


def settle(uow: UnitOfWork, quote: Quote) -> None:
    """Put a quote in force if its maker may decide on it; else ask for the special price, and let it wait."""
    if pending_on(uow, quote.ref) is not None:
        quote.state = QuoteState.PENDING
        changed(uow, quote.ref)
    elif excess_of(quote, uow.actor, uow.playbook.pricing) is None:
        put_in_force(uow, quote)
    else:
        if not quote.prior:
            quote.prior = snapshot([at_list_price(line) for line in quote.lines], NO_PERCENT, NOTHING)
        quote.state = QuoteState.PENDING
        uow.flush()
        submit(uow, SPECIAL_PRICE, quote.ref, title=title_of(uow, quote), reason=quote.reason)
    set_quote_clock(uow, quote)
    touch_deal(uow, quote)


def quote_of(uow: UnitOfWork, quote_id: QuoteId, *, lock: bool = False) -> Quote:
    """Return a quote that the actor may see; else NoSuchQuote, worded as if it did not exist."""
    try:
        quote = uow.quotes.get(quote_id, lock=lock)
    except NotFound:
        raise NoSuchQuote(f"Q{quote_id}") from None
    if not may_see_quote(uow, quote):
        raise NoSuchQuote(f"Q{quote_id}")
    return quote


def may_see_quote(uow: UnitOfWork, quote: Quote) -> bool:
    """Say whether the actor may see a quote: whoever may see its customer may."""
    return may_see(uow, uow.accounts.get(quote.account_id))


def quotes_of(uow: UnitOfWork, account: Account) -> list[Quote]:
    """Return the quotes of an account that the actor may see, the newest first, each number by its last version."""
    if not may_see(uow, account):
        return []
    last: dict[str, Quote] = {}
    for quote in uow.quotes.of_account(account.id):
        known = last.get(quote.number)
        if known is None or known.revision < quote.revision:
            last[quote.number] = quote
    return sorted(last.values(), key=lambda quote: quote.id, reverse=True)


def current_quote(uow: UnitOfWork, account: Account) -> Quote | None:
    """Return the quote that is meant when nobody says which: the newest open one, else the newest."""
    found = quotes_of(uow, account)
    return next((quote for quote in found if quote.is_open), found[0] if found else None)


def quotes_made_by(uow: UnitOfWork, member_ids: Sequence[MemberId]) -> list[Quote]:
    """Return the last quotes of these members that the actor may see."""
    return [quote for quote in uow.quotes.made_by(member_ids) if may_see_quote(uow, quote)]


def require_quoter(uow: UnitOfWork, account: Account) -> None:
    """Refuse whoever may not offer this customer anything."""
    if not is_led(uow, account):
        raise NotAllowed(f"给「{account.name}」出报价")
