"""A quote changes: in place while it is ours, as a new version of its number once the customer may have it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from core.errors import BadInput, NoSuchProduct
from core.model.customer import Account
from core.model.deal import Deal
from core.model.money import NOTHING, Money
from core.model.quote import NO_PERCENT, Quote, QuoteLine, QuoteState
from core.ports import UnitOfWork
from core.rules.quoting import Whole, work_out
from core.services.products import check_money
from core.services.quote_clocks import set_quote_clock
from core.services.quote_lines import (
    Wanted,
    at_list_price,
    check_count,
    check_percent,
    line_of,
    priced_anew,
)
from core.services.quote_states import snapshot, take, touch_deal
from core.services.quotes import Terms, current_quote, drafted, keep_quote, require_quoter, settle


@dataclass(frozen=True, kw_only=True)
class LineEdit:
    """What becomes of the line of one product; `words` name it. What is None stays."""

    words: str
    quantity: Decimal | None = None
    price: Money | None = None
    discount: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Edit:
    """What becomes of a quote. `total` is what the customer shall pay in the end; what is None or empty stays."""

    add: tuple[Wanted, ...] = ()
    remove: tuple[str, ...] = ()
    lines: tuple[LineEdit, ...] = ()
    discount: Decimal | None = None
    overall: Decimal | None = None
    """The discount against the list in all: whatever was given away before is taken back."""
    off: Money | None = None
    total: Money | None = None
    valid_until: date | None = None
    payment_terms: str = ""
    delivery: str = ""
    reason: str = ""

    @property
    def says_something(self) -> bool:
        return self != Edit(reason=self.reason)


def revised(uow: UnitOfWork, quote: Quote, edit: Edit) -> Quote:
    """Work out what a quote would be after an edit, without keeping it; its `revision` says whether it is another."""
    account = uow.accounts.get(quote.account_id)
    require_quoter(uow, account)
    _require_changeable(uow, quote)
    if not edit.says_something and quote.state not in (QuoteState.EXPIRED, QuoteState.DRAFT):
        raise BadInput("报价改什么？例如「A型服务器改成8台」「报价打9折」「报价有效期改到月底」")
    lines = list(_edited(uow, quote, account, edit))
    check_count(len(lines))
    draft = drafted(uow, account, lines, _terms(uow, quote, edit))
    take(draft, lines, _whole(uow, quote, edit, lines))
    draft.number, draft.revision = quote.number, quote.revision if quote.may_be_edited else quote.revision + 1
    draft.owner_id, draft.granted = quote.owner_id, quote.granted
    return draft


def change_quote(uow: UnitOfWork, quote: Quote, edit: Edit) -> Quote:
    """Change a quote and settle it anew; return it, or the new version that it has become.

    A version is never changed by a later one. What was granted stays granted; beyond it a special price is asked for.
    """
    quote = uow.quotes.get(quote.id, lock=True)  # whoever changes it at the same time comes before us or after us
    draft = revised(uow, quote, edit)
    uow.does("quote.change")
    if draft.revision != quote.revision:
        draft.prior = snapshot(quote.lines, quote.discount, quote.off)
        uow.quotes.add(draft)
        uow.flush()
        settle(uow, draft)
        return draft
    if quote.state == QuoteState.DRAFT and not quote.prior:
        quote.prior = snapshot([at_list_price(line) for line in quote.lines], NO_PERCENT, NOTHING)
    take(quote, draft.lines, Whole(draft.discount, draft.off, draft.tax_included, uow.playbook.pricing.round_to))
    quote.valid_until, quote.payment_terms, quote.delivery = draft.valid_until, draft.payment_terms, draft.delivery
    quote.reason = draft.reason
    settle(uow, quote)
    return quote


def request_discount(uow: UnitOfWork, account: Account, percent: Decimal, reason: str, deal: Deal | None) -> Quote:
    """Ask for a discount on the customer's open quote, else on what its deal is about.

    Within the asker's limit it is given at once. Refuses where there is nothing to give it on.
    """
    check_percent(percent)
    standing = current_quote(uow, account)
    if standing is not None and standing.is_open:
        return change_quote(uow, standing, Edit(overall=percent, reason=reason))
    return keep_quote(uow, of_deal(uow, account, percent, reason, deal))


def preview_discount(uow: UnitOfWork, account: Account, percent: Decimal, reason: str, deal: Deal | None) -> Quote:
    """Work out what `request_discount` would make, without keeping it."""
    check_percent(percent)
    standing = current_quote(uow, account)
    if standing is not None and standing.is_open:
        return revised(uow, standing, Edit(overall=percent, reason=reason))
    return of_deal(uow, account, percent, reason, deal)


def of_deal(uow: UnitOfWork, account: Account, percent: Decimal, reason: str, deal: Deal | None) -> Quote:
    """Work out a quote of one line out of a deal's amount."""
    require_quoter(uow, account)
    if deal is None or deal.amount is None:
        raise BadInput(
            f"「{account.name}」没有进行中的报价，商机也没有金额，不知道在什么价格上让。"
            f"请先「给{account.short_name or account.name}出个报价 产品 数量」"
        )
    line = line_of(uow, Wanted(words=deal.product or deal.name, unit="项", price=deal.amount, free=True), account)
    return drafted(uow, account, [line], Terms(discount=percent, reason=reason, deal_id=deal.id))


def accept_quote(uow: UnitOfWork, quote: Quote) -> None:
    """Note that the customer has accepted a quote that is in force."""
    require_quoter(uow, uow.accounts.get(quote.account_id))
    if quote.state != QuoteState.VALID:
        raise BadInput(_why_not(quote, "接受"))
    uow.does("quote.accept")
    _close(uow, quote, QuoteState.ACCEPTED)
    if quote.sent_at is None:
        quote.sent_at = uow.now  # nobody accepts what they have not seen
    touch_deal(uow, quote)


def decline_quote(uow: UnitOfWork, quote: Quote, reason: str) -> None:
    """Note that the customer does not want a quote."""
    require_quoter(uow, uow.accounts.get(quote.account_id))
    if quote.state not in (QuoteState.VALID, QuoteState.EXPIRED):
        raise BadInput(_why_not(quote, "拒绝"))
    uow.does("quote.decline")
    quote.reason = reason[:500]
    _close(uow, quote, QuoteState.REJECTED)
    touch_deal(uow, quote)


def note_sent(uow: UnitOfWork, quote: Quote) -> None:
    """Note that the customer has the quote; a second time changes nothing."""
    require_quoter(uow, uow.accounts.get(quote.account_id))
    if quote.state != QuoteState.VALID:
        raise BadInput(_why_not(quote, "发给客户"))
    if quote.sent_at is None:
        uow.does("quote.sent")
        quote.sent_at = uow.now
        touch_deal(uow, quote)


def _close(uow: UnitOfWork, quote: Quote, state: QuoteState) -> None:
    quote.state, quote.closed_at = state, uow.now
    set_quote_clock(uow, quote)


def _require_changeable(uow: UnitOfWork, quote: Quote) -> None:
    """Refuse a version that is not the last one of its number, and one that the customer has accepted."""
    last = uow.quotes.versions(quote.number)[-1]
    if last.id != quote.id:
        raise BadInput(f"报价 {quote.label} 已经有更新的版本，不能再改。请改 {last.label}")
    if quote.state == QuoteState.ACCEPTED:
        raise BadInput(f"报价 {quote.label} 客户已经接受，不能再改。需要新的价格请再出一份报价")


def _edited(uow: UnitOfWork, quote: Quote, account: Account, edit: Edit) -> Iterator[QuoteLine]:
    """Yield the lines as an edit leaves them; what is over is priced anew."""
    lines = list(quote.lines)
    if quote.state == QuoteState.EXPIRED:
        lines = [priced_anew(uow, line, account, quantity=line.quantity) for line in lines]
    if edit.overall is not None or edit.total is not None:
        lines = [at_list_price(line) for line in lines]
    gone = {line_named(lines, words) for words in edit.remove}
    changes = {line_named(lines, one.words): one for one in edit.lines}
    for place, line in enumerate(lines):
        if place not in gone:
            yield _changed(uow, line, changes[place], account) if place in changes else line
    for wanted in edit.add:
        yield line_of(uow, wanted, account)


def _changed(uow: UnitOfWork, line: QuoteLine, change: LineEdit, account: Account) -> QuoteLine:
    if change.quantity is not None:
        line = priced_anew(uow, line, account, quantity=change.quantity)
    if change.price is not None:
        check_money("单价", change.price)
        line = replace(line, price=change.price, list_price=line.list_price if line.source else change.price)
    if change.discount is not None:
        check_percent(change.discount)
        line = replace(line, discount=change.discount)
    return line


def line_named(lines: Sequence[QuoteLine], words: str) -> int:
    """Return the place of the one line that is called so: by its number, its name or a part of it."""
    said = words.strip()
    if said.isdecimal() and 0 < int(said) <= len(lines):
        return int(said) - 1
    if not said and len(lines) == 1:
        return 0
    exact = [place for place, line in enumerate(lines) if said in (line.name, line.code)]
    found = exact or [place for place, line in enumerate(lines) if said and said in line.name]
    if len(found) == 1:
        return found[0]
    listed = "、".join(f"{place}. {line.name}" for place, line in enumerate(lines[:10], 1))
    if found:
        raise BadInput(f"报价里有几行都叫「{words}」，请说第几行，例如「第{found[0] + 1}行改成8台」。{listed}")
    if not said:
        raise BadInput(f"改哪一行？请带上产品名，例如「{lines[0].name}改成8台」。这份报价有：{listed}")
    raise NoSuchProduct(words, tuple((line.name, line.name) for line in lines[:4]))


def _whole(uow: UnitOfWork, quote: Quote, edit: Edit, lines: Sequence[QuoteLine]) -> Whole:
    """Return what holds for all lines after an edit."""
    whole = Whole(quote.discount, quote.off, quote.tax_included, uow.playbook.pricing.round_to)
    if edit.overall is not None:
        check_percent(edit.overall)
        return replace(whole, discount=edit.overall, off=NOTHING)
    if edit.discount is not None:
        check_percent(edit.discount)
        whole = replace(whole, discount=edit.discount)
    if edit.off is not None:
        check_money("减价", edit.off)
        whole = replace(whole, off=edit.off)
    if edit.total is not None:
        check_money("总价", edit.total)
        full = work_out(lines, replace(whole, discount=NO_PERCENT, off=NOTHING))
        if edit.total > full.total:
            raise BadInput(f"总价 {edit.total} 比目录价合计 {full.total} 还高。要涨价请改单价，例如「单价改成1.3万」")
        left = full.net_total.times(Decimal(edit.total.fen) / max(full.total.fen, 1))  # the tax goes down with it
        whole = replace(whole, discount=NO_PERCENT, off=full.net_total - left)
    return whole


def _terms(uow: UnitOfWork, quote: Quote, edit: Edit) -> Terms:
    today = uow.calendar.local(uow.now).date()
    kept = quote.valid_until
    if kept < today:
        kept = today + timedelta(days=uow.playbook.pricing.valid_days)
    return Terms(
        valid_until=edit.valid_until or kept,
        payment_terms=edit.payment_terms or quote.payment_terms,
        delivery=edit.delivery or quote.delivery,
        note=quote.note,
        reason=edit.reason or quote.reason,
        contact_id=quote.contact_id,
        deal_id=quote.deal_id,
    )


def _why_not(quote: Quote, deed: str) -> str:
    """Say why nothing can come of a quote as it stands, and what to do."""
    if quote.state == QuoteState.PENDING:
        return f"报价 {quote.label} 还在等特价审批，批了才能{deed}。发送「我的审批」看到哪一步了"
    if quote.state == QuoteState.DRAFT:
        return f"报价 {quote.label} 还是草稿，没有生效，不能{deed}。改一下价格或折扣就会重新提交"
    if quote.state == QuoteState.EXPIRED:
        return f"报价 {quote.label} 已经过了有效期，不能{deed}。可以说「报价有效期改到月底」出一个新版本"
    if quote.state == QuoteState.REPLACED:
        return f"报价 {quote.label} 已经有更新的版本，不能{deed}。发送「看报价 {quote.number}」看最新的"
    done = "接受" if quote.state == QuoteState.ACCEPTED else "拒绝"
    return f"报价 {quote.label} 已经登记为客户{done}，没有改动"
