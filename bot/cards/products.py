"""Cards about products: what they cost for whom, what is in stock, what was changed."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from bot.cards.card import Button, Card
from bot.cards.leads import undo_button
from core.calendar import WorkCalendar
from core.model.money import Money
from core.model.playbook.pricing import as_percent
from core.model.product import Price, PriceList, Product
from core.rules.pricing import Offer, Priced, plainly
from core.rules.quoting import said_percent
from core.services.stock import Delivery

SOURCE = "聊单 · 产品"
LISTED = 10
TIERS = 6


def price_card(
    product: Product,
    price: Priced | None,
    offers: Sequence[Offer],
    *,
    cost: Money | None,
    sees_cost: bool,
    buyer: str,
    quantity: Decimal,
    tax_rate: float,
) -> Card:
    """What a product costs; `cost` and margin are only for whoever may see them, and then for them alone."""
    rate = product.tax_rate if product.tax_rate is not None else as_percent(tax_rate)
    told = [("规格", product.spec), ("税率", said_percent(rate)), ("单位", _units(product))]
    if price is not None:
        until = f"，到 {price.until:%Y-%m-%d}" if price.until else ""
        told.insert(0, ("价格来自", f"{price.source}{until}"))
    if product.lead_days is not None:
        told.append(("标准交期", f"{product.lead_days} 天"))
    if sees_cost:
        told.append(("成本", _cost(price, cost, rate)))
    many = f"，{plainly(quantity)}{product.unit}起" if quantity > 1 else ""
    return Card(
        title=f"{product.name}{f'（给 {buyer}）' if buyer else ''}",
        subtitle=" · ".join(part for part in (product.code, product.category) if part),
        source=SOURCE,
        emphasis=(str(price.price) if price else "没有有效价格", f"每{product.unit}{many}"),
        fields=tuple((label, value) for label, value in told if value),
        text="\n".join(_tiers(product, offers)),
        private=sees_cost,
    )


def catalogue_card(products: Sequence[Product], count: int, words: str, *, more: bool) -> Card:
    """The products that are sold, with their list prices."""
    if not products:
        said = f"产品目录里没有「{words}」" if words else "产品目录还是空的"
        return Card(title=said, text="管理员可以用「新产品 名称 单价…」添加，或用 liaodan import 导入整份目录")
    lines = [
        f"{product.name} {product.spec} {product.price or '看价格表'}/{product.unit}".replace("  ", " ")
        for product in products
    ]
    rest = [f"一共 {count} 个，带上关键词可以缩小，例如「产品目录 服务器」"] if more else []
    return Card(
        title=f"产品目录{f'：{words}' if words else f'，{count} 个'}",
        source=SOURCE,
        text="\n".join([*lines, *rest]),
        buttons=tuple(
            Button(label=f"看 {product.name}"[:10], action="product.show", values={"product": product.name})
            for product in products[:3]
        ),
    )


def price_lists_card(lists: Sequence[PriceList], today: date) -> Card:
    """Every price list: for whom, and until when."""
    if not lists:
        return Card(title="没有价格表", text="现在都按产品的目录价。管理员可以用 liaodan import 导入价格表")
    lines = [_list_line(one, today) for one in sorted(lists, key=lambda one: not one.holds_on(today))]
    return Card(title=f"价格表 {len(lists)} 张", source=SOURCE, text="\n".join(lines[:LISTED]))


def saved_card(product: Product, before: tuple[Money | None, Money | None], *, is_new: bool, command: str) -> Card:
    """A product was put on record or changed; both values are shown."""
    price, cost = before
    fields = [("编码", product.code)]
    for label, was, now in (("单价", price, product.price), ("成本", cost, product.cost)):
        if was != now:
            fields.append((label, str(now) if is_new else f"{was or '没有填'} → {now}"))
    if not product.active:
        fields.append(("状态", "停售"))
    return Card(
        title=f"{'已建产品' if is_new else '已改产品'}：{product.name}",
        source=SOURCE,
        fields=tuple((label, value) for label, value in fields if value),
        text="" if is_new else "已经出的报价不变，新报价按新的价格",
        buttons=(undo_button(command),),
        private=True,
    )


def stock_card(deliveries: Sequence[Delivery], source: str, cal: WorkCalendar) -> Card:
    """What is in stock and when it can be there; what we do not know is said, with whom to ask."""
    lines = [_delivery_line(one, cal) for one in deliveries[:LISTED]]
    if source:
        return Card(
            title="库存和交期" if lines else "查哪个产品的库存？",
            subtitle=f"来自 {source}",
            source=SOURCE,
            text="\n".join(lines) or "请带上产品，例如「A型服务器10台有货吗」",
        )
    return Card(
        title="未接 ERP，查不到实时库存",
        source=SOURCE,
        text="\n".join(
            [
                *lines,
                "请向供应链同事确认库存后再答复客户；管理员接上 ERP 之后，这里会直接显示库存和到货日"
                if lines
                else "请带上产品看标准交期，例如「A型服务器10台多久能发」；实时库存请问供应链同事",
            ]
        ),
    )


def _delivery_line(one: Delivery, cal: WorkCalendar) -> str:
    many = f" 要 {plainly(one.wanted)}{one.unit}" if one.wanted is not None else ""
    if one.stock is not None:
        enough = ""
        if one.wanted is not None:
            enough = (
                "，够"
                if one.stock.on_hand >= one.wanted
                else f"，差 {plainly(one.wanted - one.stock.on_hand)}{one.unit}"
            )
        coming = f"，{one.stock.next_on:%m-%d} 到货" if one.stock.next_on else ""
        at = f"（{cal.local(one.stock.at):%m-%d %H:%M} 的数）"
        return f"{one.name}{many}：现货 {plainly(one.stock.on_hand)}{one.unit}{enough}{coming}{at}"
    if one.usually_by is not None:
        return f"{one.name}{many}：标准交期 {one.lead_days} 天，今天下单约 {one.usually_by:%m-%d} 到，以供应链确认为准"
    if not one.known:
        return f"{one.name}：产品目录里没有"
    return f"{one.name}{many}：目录里没有写交期"


def _tiers(product: Product, offers: Sequence[Offer]) -> list[str]:
    """The prices by list and quantity."""
    lines = []
    for offer in offers:
        bound = "、".join([*offer.price_list.regions, *(f"{grade}级客户" for grade in offer.price_list.grades)])
        prices = sorted(offer.prices, key=lambda one: (one.unit, one.min_quantity))[:TIERS]
        said = "，".join(_tier(product, price) for price in prices)
        lines.append(f"{offer.price_list.name}{f'（{bound}）' if bound else ''}：{said}")
    return lines


def _tier(product: Product, price: Price) -> str:
    unit = price.unit or product.unit
    start = f"{plainly(price.min_quantity)}{unit}起 " if price.min_quantity > 1 else ""
    return f"{start}{price.price}/{unit}"


def _list_line(one: PriceList, today: date) -> str:
    bound = "、".join([*one.regions, *(f"{grade}级客户" for grade in one.grades)]) or "所有客户"
    when = f"{one.valid_from or '不限'} 到 {one.valid_until or '不限'}" if one.valid_from or one.valid_until else "长期"
    return f"{one.name}：{bound}，{when}{'' if one.holds_on(today) else '（现在不生效）'}"


def _units(product: Product) -> str:
    more = [f"1{unit}={held}{product.unit}" for unit, held in product.units.items()]
    return "，".join([product.unit, *more])


def _cost(price: Priced | None, cost: Money | None, rate: Decimal) -> str:
    if cost is None:
        return "没有填"
    if price is None:
        return str(cost)
    taken = price.price.times(100 / (100 + rate))
    share = Decimal(taken.fen - cost.fen) * 100 / taken.fen if taken.fen else Decimal(0)
    return f"{cost}，按含税价毛利 {share:.1f}%"
