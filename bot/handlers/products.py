"""Products and their prices: looked up while one talks to a customer, and kept up by administrators."""

from decimal import Decimal

from bot.cards.card import Card
from bot.cards.products import catalogue_card, price_card, price_lists_card, saved_card, stock_card
from bot.context import Context
from bot.quoting import ProductName
from bot.router import Router
from core.errors import BadInput, NoSuchProduct, Unclear
from core.model.customer import Account
from core.model.money import Money
from core.model.product import ONE, Product
from core.ports import UnitOfWork
from core.rules.permissions import may_manage, require
from core.rules.quoting import may_see_margin
from core.services.customers import Customer
from core.services.products import ProductDetails, cost, nearest, priced, product_label, product_named, save_product
from core.services.quotes import current_quote
from core.services.stock import delivery_of

router = Router()

SHOWN = 12


@router.command("product.show", "查价格", "产品")
@router.button("product.show")
def show(
    ctx: Context, product: ProductName, *, customer: Customer | None = None, quantity: Decimal | None = None
) -> Card:
    """查价格 A型服务器：多少钱、阶梯价、交期；带上客户名和数量就按那个客户的价格表"""
    found = _product(ctx, product)
    account = customer if isinstance(customer, Account) else None
    price = priced(ctx.uow, found, account, quantity=quantity or ONE)
    sees = may_see_margin(ctx.member, ctx.uow.playbook.pricing)
    offers = ctx.uow.products.offers([found.id]).get(found.id, [])
    today = ctx.wall(ctx.uow.now).date()
    return price_card(
        found,
        price,
        [offer for offer in offers if offer.price_list.holds_on(today)],
        cost=cost(ctx.uow, found) if sees else None,
        sees_cost=sees,
        buyer=account.name if account else "",
        quantity=quantity or ONE,
        tax_rate=ctx.uow.playbook.pricing.tax_rate,
    )


@router.command("product.list", "产品目录", "产品列表")
def catalogue(ctx: Context, *, words: str = "") -> Card:
    """产品目录：有哪些产品、单价多少；「产品目录 服务器」只看有这个词的"""
    found = ctx.uow.products.like(words, SHOWN + 1) if words else ctx.uow.products.all(SHOWN + 1)
    return catalogue_card(found[:SHOWN], ctx.uow.products.count(), words, more=len(found) > SHOWN)


@router.command("price_list.show", "价格表")
def lists(ctx: Context) -> Card:
    """价格表：有哪些价格表、给谁用、到哪天"""
    return price_lists_card(ctx.uow.products.lists(), ctx.wall(ctx.uow.now).date())


@router.command("product.set", "新产品", "改产品", confirms=True)
def keep(
    ctx: Context,
    product: ProductName,
    *,
    unit_price: Decimal | None = None,
    cost: Decimal | None = None,
    unit: str = "",
    what: str = "",
) -> Card:
    """新产品 A型服务器 单价1.2万 成本9000：管理员新建产品，「产品 A型服务器 单价改成1.3万」改价"""
    require(may_manage(ctx.member), "维护产品和价格")
    known = _known(ctx.uow, product)
    before = (known.price, known.cost) if known else (None, None)
    saved = save_product(ctx.uow, known.name if known else product, _details(unit_price, cost, unit, what), known)
    return saved_card(saved, before, is_new=known is None, command=ctx.uow.command)


@router.preview("product.set")
def preview_keep(
    ctx: Context, *, product: ProductName, unit_price: Decimal | None, cost: Decimal | None, unit: str, what: str
) -> Card:
    """Show what would be on record, and what is there now."""
    require(may_manage(ctx.member), "维护产品和价格")
    known = _known(ctx.uow, product)
    if unit_price is None and cost is None and what != "stop" and not (known is None and unit):
        raise BadInput("改什么？例如「产品 A型服务器 单价改成1.2万」「产品 A型服务器 成本9000」「产品 A型服务器 停售」")
    fields = []
    for label, said, now in (("单价", unit_price, known and known.price), ("成本", cost, known and known.cost)):
        if said is not None:
            fields.append((label, f"{now or '没有填'} → {Money.yuan(said)}" if known else str(Money.yuan(said))))
    if what == "stop":
        fields.append(("状态", "在售 → 停售，以后报价里选不到"))
    near = "" if known else _alike(ctx.uow, product)
    return Card(
        title=f"{'改产品' if known else '新产品'}：{known.name if known else product}", fields=tuple(fields), text=near
    )


@router.command("stock.check", "查库存", "查交期")
@router.button("stock.check")
def stock(
    ctx: Context,
    *,
    customer: Customer | None = None,
    product: ProductName | None = None,
    quantity: Decimal | None = None,
) -> Card:
    """查库存 A型服务器 10台：库存和交期；没有接 ERP 时如实说，并给标准交期"""
    wanted: list[tuple[Product | None, str, Decimal | None]] = []
    if product:
        try:
            found = product_named(ctx.uow, product)
            wanted.append((found, found.name, quantity))
        except NoSuchProduct:
            wanted.append((None, product, quantity))
    elif isinstance(customer, Account) and (quote := current_quote(ctx.uow, customer)) is not None:
        ids = [line.product_id for line in quote.lines if line.product_id is not None]
        known = ctx.uow.products.find(ids)
        for line in quote.lines:
            wanted.append(
                (known.get(line.product_id) if line.product_id is not None else None, line.name, line.quantity)
            )
    return stock_card(delivery_of(ctx.uow, wanted), ctx.uow.stock.name if ctx.uow.stock else "", ctx.uow.calendar)


def _product(ctx: Context, words: str) -> Product:
    try:
        return product_named(ctx.uow, words)
    except NoSuchProduct as unknown:
        if not unknown.choices:
            raise
        raise Unclear(f"产品目录里没有「{words}」，是哪一个？", unknown.choices, "product") from unknown


def _known(uow: UnitOfWork, words: str) -> Product | None:
    """Return the product of exactly that name or code."""
    found = uow.products.called(words)
    return found[0] if found else None


def _alike(uow: UnitOfWork, words: str) -> str:
    near = nearest(uow, words) if uow.products.count() else []
    return f"目录里没有叫这个名称的产品，会新建。相近的有：{'、'.join(map(product_label, near))}" if near else ""


def _details(unit_price: Decimal | None, cost: Decimal | None, unit: str, what: str) -> ProductDetails:
    return ProductDetails(
        price=Money.yuan(unit_price) if unit_price is not None else None,
        cost=Money.yuan(cost) if cost is not None else None,
        unit=unit or None,
        active=False if what == "stop" else None,
    )
