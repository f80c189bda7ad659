"""Invoices: titles, requests, what finance does with them, and what is issued and not paid."""

from datetime import date
from decimal import Decimal

from bot.cards.card import Card
from bot.cards.invoices import (
    declined_card,
    invoices_card,
    issued_card,
    requested_card,
    title_card,
    unpaid_card,
    waiting_card,
)
from bot.context import Context
from bot.money_arguments import Payer, Purse, named_contract
from bot.router import Router
from bot.title_words import read_title
from core.errors import BadInput, Unclear
from core.model.contract import Contract
from core.model.invoice import Invoice
from core.model.money import Money
from core.services.invoices import ask_for_invoice, decline, issue, issued_unpaid, keep_title, title_of, waiting
from core.services.payments import open_contracts, require_money
from core.services.standings import standing_of

router = Router()


@router.command("invoice.title", "发票抬头", "抬头")
def title(ctx: Context, customer: Payer) -> Card:
    """发票抬头 客户名：抬头、税号、开户行，可以直接复制"""
    return title_card(customer, title_of(ctx.uow, customer))


@router.command("invoice.keep", "开票信息", "改开票信息")
def keep(ctx: Context, customer: Payer, content: str) -> Card:
    """开票信息 客户名 税号 914403001922038216 开户行 招行深圳分行 账号 755912345678：存开票信息"""
    words = read_title(content)
    return title_card(customer, keep_title(ctx.uow, customer, words), ctx.uow.command)


@router.command("invoice.request", "申请开票", "开票申请")
@router.button("invoice.request")
def request(
    ctx: Context,
    customer: Purse,
    *,
    amount: Decimal | None = None,
    with_: str = "",
    what: str = "",
    certain: bool | None = None,
) -> Card:
    """申请开票 客户名 12万5：请财务开票，默认专票，说「普票」就开普票"""
    if certain is False:
        return Card(title="好的，没有申请")
    contract = _which(ctx, customer, with_)
    if amount is None:
        raise Unclear(f"给「{customer.name}」开多少？请回复金额{_hint(ctx, contract)}", (), "amount")
    invoice = ask_for_invoice(
        ctx.uow,
        customer.account,
        Money.yuan(amount),
        contract=contract,
        special="普" not in what,
        certain=certain is True,
    )
    return requested_card(invoice, customer.account, ctx.uow.command)


@router.command("invoice.issue", "已开票")
@router.button("invoice.issue")
def issued(ctx: Context, number: Invoice, *, value: str = "") -> Card:
    """已开票 B3 12345678：财务登记发票已开，申请人会收到"""
    issue(ctx.uow, number, value)
    return issued_card(number, ctx.uow.accounts.get(number.account_id), ctx.uow.command)


@router.button("invoice.decline")
def declined(ctx: Context, number: Invoice, reason: str) -> Card:
    """不能开：财务说明原因，申请人会收到"""
    decline(ctx.uow, number, reason)
    return declined_card(number, ctx.uow.accounts.get(number.account_id), ctx.uow.command)


@router.command("invoice.list", "待开的发票", "待开票")
def listed(ctx: Context, customer: Payer | None = None) -> Card:
    """待开的发票：申请了还没开的；说了客户就看这一家的票开了没有"""
    if customer is not None:
        require_money(ctx.uow, customer)
        return invoices_card(customer, ctx.uow.invoices.of([customer.id]))
    found = waiting(ctx.uow)
    names = {one.id: one.short_name or one.name for one in ctx.uow.accounts.find({one.account_id for one in found})}
    return waiting_card(found, names)


@router.command("invoice.unpaid", "开票未回款")
def unpaid(ctx: Context, customer: Payer | None = None, *, from_: date | None = None, to: date | None = None) -> Card:
    """开票未回款：开了票还没回款的，可以说「本月开票没回款的」「华为开了票没付的」"""
    found = issued_unpaid(ctx.uow, from_, to)
    title = "开票未回款" if from_ is None else f"{from_:%m-%d} 到 {to or from_:%m-%d} 开票未回款"
    if customer is not None:
        require_money(ctx.uow, customer)
        found = [one for one in found if one.account.id == customer.id]
        title = f"{customer.short_name or customer.name} {title}"
    return unpaid_card(found, title)


def _which(ctx: Context, purse: Purse, words: str) -> Contract | None:
    """Return the contract that an invoice is for: the named one, or the only one on which anything is owed."""
    customer = purse.account
    if purse.contract is not None:
        return purse.contract
    if words:
        contract = named_contract(ctx, words)
        if contract.account_id != customer.id:
            raise BadInput(f"合同 {contract.number} 不是「{customer.name}」的，请核对后再发一次")
        return contract
    found = open_contracts(ctx.uow, customer) or open_contracts(ctx.uow, customer, paid=True)[-1:]
    if len(found) > 1:
        choices = tuple((f"{one.number} {one.amount}", str(one.ref)) for one in found[:8])
        raise Unclear(f"「{customer.name}」有 {len(found)} 份合同，开哪一份的票？", choices, "with")
    return found[0] if found else None


def _hint(ctx: Context, contract: Contract | None) -> str:
    if contract is None:
        return ""
    following = standing_of(ctx.uow, contract).next()
    return f"，例如 {following.instalment.name} {following.open}" if following is not None else ""
