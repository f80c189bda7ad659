"""Cards about invoices: titles, requests, issued ones, and those that are not paid."""

from collections.abc import Mapping, Sequence

from bot.cards.card import Button, Card, Style
from bot.cards.leads import undo_button
from bot.cards.money import INVOICES
from bot.cards.payments import called
from core.model.customer import Account
from core.model.ids import AccountId
from core.model.invoice import INVOICE_STATES, Invoice, InvoiceState, InvoiceTitle
from core.model.money import Money
from core.services.invoices import Unpaid

LISTED = 10


def title_card(account: Account, title: InvoiceTitle | None, command: str = "") -> Card:
    """Whom a customer's invoices are made out to, ready to be copied."""
    number = title.tax_number if title is not None else account.credit_code or ""
    fields = (
        ("抬头", title.title if title is not None else account.name),
        ("税号", number or "还没有"),
        ("地址", title.address if title is not None else account.address),
        ("电话", title.phone if title is not None else ""),
        ("开户行", title.bank if title is not None else ""),
        ("账号", title.bank_account if title is not None else ""),
    )
    lacking = "" if number else f"补税号请发送「开票信息 {called(account)} 税号 …」，专票要有税号"
    return Card(
        title=f"{'已存' if command else ''}开票信息：{called(account)}",
        subtitle=f"{account.ref}",
        source=INVOICES,
        fields=tuple((label, said) for label, said in fields if said),
        text=lacking,
        buttons=(undo_button(command),) if command else (),
        private=True,
    )


def requested_card(invoice: Invoice, account: Account, command: str) -> Card:
    """Finance was asked for an invoice."""
    fields = (
        ("抬头", invoice.title),
        ("税号", invoice.tax_number),
        ("类型", "专票" if invoice.special else "普票"),
    )
    return Card(
        title=f"已申请开票：{called(account)}",
        subtitle=f"{invoice.ref} · 财务已收到通知",
        source=INVOICES,
        emphasis=(f"{invoice.amount}", "开票金额"),
        fields=tuple((label, said) for label, said in fields if said),
        buttons=(undo_button(command),),
    )


def issued_card(invoice: Invoice, account: Account, command: str) -> Card:
    """An invoice was issued."""
    return Card(
        title=f"已登记开票：{called(account)} {invoice.amount}",
        subtitle=f"{invoice.issued_on}" + (f"，发票号 {invoice.number}" if invoice.number else ""),
        source=INVOICES,
        buttons=(undo_button(command),),
    )


def declined_card(invoice: Invoice, account: Account, command: str) -> Card:
    """An invoice was not issued."""
    return Card(
        title=f"已回复不开票：{called(account)} {invoice.amount}",
        subtitle=f"原因：{invoice.reason}",
        source=INVOICES,
        buttons=(undo_button(command),),
    )


def waiting_card(invoices: Sequence[Invoice], names: Mapping[AccountId, str]) -> Card:
    """The invoices that finance has still to issue."""
    if not invoices:
        return Card(title="没有待开的发票")
    lines = [
        f"{one.ref} {names.get(one.account_id, '')} {one.amount}，{one.requested_on} 申请" for one in invoices[:LISTED]
    ]
    if len(invoices) > LISTED:
        lines.append(f"还有 {len(invoices) - LISTED} 张")
    whole = Money(sum(one.amount.fen for one in invoices))
    first = {"number": str(invoices[0].ref)}
    return Card(
        title=f"待开的发票：{len(invoices)} 张",
        source=INVOICES,
        emphasis=(f"{whole}", "合计"),
        text="\n".join(lines),
        buttons=(Button(label=f"已开 {invoices[0].ref}", action="invoice.issue", values=first, style=Style.PRIMARY),),
    )


def invoices_card(account: Account, invoices: Sequence[Invoice]) -> Card:
    """A customer's invoices, the newest first: asked for, issued or not."""
    if not invoices:
        return Card(
            title=f"{called(account)} 还没有申请过开票",
            text=f"要开票请发送「申请开票 {called(account)} 金额」",
            source=INVOICES,
        )
    newest = sorted(invoices, key=lambda one: (one.requested_on, one.id), reverse=True)
    lines = [
        f"{one.ref} {one.amount}，{INVOICE_STATES[InvoiceState(one.state)]}（{one.issued_on or one.requested_on}）"
        + (f"，发票号 {one.number}" if one.number else "")
        for one in newest[:LISTED]
    ]
    issued = Money.sum(one.amount for one in invoices if one.state == InvoiceState.ISSUED)
    waiting = Money.sum(one.amount for one in invoices if one.state == InvoiceState.REQUESTED)
    return Card(
        title=f"{called(account)} 的发票：{len(invoices)} 张",
        source=INVOICES,
        fields=(("已开", f"{issued}"), *((("待开", f"{waiting}"),) if waiting.fen else ())),
        text="\n".join(lines),
        private=True,
    )


def unpaid_card(found: Sequence[Unpaid], title: str) -> Card:
    """Issued invoices that are not paid, the oldest first."""
    if not found:
        return Card(title=f"{title}：没有", text="开出的发票都已回款")
    whole = Money(sum(one.open.fen for one in found))
    lines = [
        f"{called(one.account)} {one.invoice.issued_on} 开 {one.invoice.amount}，未回 {one.open}，{one.days} 天"
        for one in found[:LISTED]
    ]
    if len(found) > LISTED:
        lines.append(f"还有 {len(found) - LISTED} 张")
    return Card(
        title=f"{title}：{len(found)} 张",
        source=INVOICES,
        emphasis=(f"{whole}", "未回款"),
        text="\n".join(lines),
    )
