"""Documents as PDF: 报价单发我pdf, 合同发我pdf."""

from bot.cards.card import Card
from bot.cards.documents import ordered_card, templates_card
from bot.context import Context
from bot.quoting import AnyQuote, which_quote
from bot.router import Router
from core.errors import BadInput
from core.model.customer import Account
from core.model.ids import Ref
from core.rules.permissions import may_manage, require
from core.services.contracts import contracts_of
from core.services.customers import Customer
from core.services.documents.kinds import KINDS
from core.services.documents.ordering import order_document

router = Router()


@router.command("quote.send", "报价单发我", "发报价单")
def send_quote(ctx: Context, *, customer: Customer | None = None, quote: AnyQuote | None = None) -> Card:
    """报价单发我 客户：最近一份报价生成 PDF 发给您，也可以带上报价编号"""
    return _ordered(ctx, "quote", which_quote(ctx, customer, quote).ref)


@router.command("contract.send", "合同发我", "发合同")
def send_contract(ctx: Context, customer: Customer) -> Card:
    """合同发我 客户：最近一份合同生成 PDF 发给您"""
    found = contracts_of(ctx.uow, customer) if isinstance(customer, Account) else []
    if not found:
        said = f"拟合同 {customer.name} 38.5万 账期30天"
        raise BadInput(f"「{customer.name}」还没有您能看到的合同。先拟一份，例如「{said}」")
    return _ordered(ctx, "contract", found[0].ref)


@router.command("template.show", "看模板")
def templates(ctx: Context) -> Card:
    """看模板：管理员看看报价单、合同用的是第几版模板，怎么换"""
    require(may_manage(ctx.member), "看文档模板")
    versions = [(about.title, ctx.uow.templates.newest(kind)) for kind, about in KINDS.items()]
    return templates_card(versions)


@router.button("document.quote")
def quote_pdf(ctx: Context, quote: int) -> Card:
    """The button PDF on a quote."""
    return _ordered(ctx, "quote", Ref("quote", quote))


@router.button("document.contract")
def contract_pdf(ctx: Context, contract: int) -> Card:
    """The button PDF on a contract."""
    return _ordered(ctx, "contract", Ref("contract", contract))


def _ordered(ctx: Context, kind: str, ref: Ref) -> Card:
    return ordered_card(order_document(ctx.uow, kind, ref))
