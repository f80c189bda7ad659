"""The catalogue: products found by what people call them, and kept up by whoever looks after prices."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.errors import BadInput, NoSuchProduct
from core.model.customer import Account
from core.model.ids import ProductId
from core.model.money import Money
from core.model.product import ONE, Price, PriceList, Product
from core.ports import UnitOfWork
from core.rules.permissions import may_manage, require
from core.rules.pricing import Buyer, Priced, cost_of, expired_lists, price_of

MOST_YUAN = 100_000_000_000
NEAREST = 4
NAME_LENGTH = 64
"""What the index of names holds."""
_PRICES = "维护产品和价格"


@dataclass(frozen=True, kw_only=True)
class ProductDetails:
    """What somebody says about a product; what is None stays as it is."""

    code: str | None = None
    spec: str | None = None
    category: str | None = None
    unit: str | None = None
    units: dict[str, str] | None = None
    parts: dict[str, str] | None = None
    price: Money | None = None
    cost: Money | None = None
    tax_rate: Decimal | None = None
    lead_days: int | None = None
    note: str | None = None
    active: bool | None = None


def product_named(uow: UnitOfWork, words: str) -> Product:
    """Return the product that is called so, by name, code or the one name it is a part of; else NoSuchProduct.

    The refusal carries the nearest ones. What is no longer sold is not found.
    """
    said = normalised(words)
    exact = [one for one in uow.products.called(said) if one.active]
    if exact:
        return exact[0]
    holding = uow.products.like(said, NEAREST) if said else []
    if len(holding) == 1:
        return holding[0]
    near = holding or nearest(uow, said)
    raise NoSuchProduct(words, tuple((product_label(one), one.name) for one in near))


def nearest(uow: UnitOfWork, words: str) -> list[Product]:
    """Return products in whose name the words stand; failing that, those that share their end or their beginning."""
    said = normalised(words)
    if not said:
        return uow.products.all(NEAREST)
    found = uow.products.like(said, NEAREST)
    for size in range(len(said) - 1, 1, -1):
        if found:
            break
        found = uow.products.like(said[-size:], NEAREST) or uow.products.like(said[:size], NEAREST)
    return found


def normalised(words: str) -> str:
    """Return a product's name as we keep it: half-width, without blanks around it."""
    return unicodedata.normalize("NFKC", words).strip()


def product_label(product: Product) -> str:
    """Name a product so that two can be told apart."""
    said = " ".join(part for part in (product.code, product.spec) if part)
    return f"{product.name}（{said}）" if said else product.name


def buyer_of(account: Account | None) -> Buyer:
    """Return what price lists ask of a customer."""
    return Buyer(account.region, account.grade) if account is not None else Buyer()


def priced(
    uow: UnitOfWork, product: Product, account: Account | None, *, quantity: Decimal = ONE, unit: str = ""
) -> Priced | None:
    """Return what one unit of a product costs this customer today; None where no price is in force."""
    offers = uow.products.offers([product.id]).get(product.id, [])
    day = uow.calendar.local(uow.now).date()
    return price_of(
        product, offers, quantity=quantity, unit=unit or product.unit, day=day, buyer=buyer_of(account)
    ) or _of_parts(uow, product, account, quantity, unit, day)


def why_unpriced(uow: UnitOfWork, product: Product) -> str:
    """Say why a product has no price today, and what to do."""
    offers = uow.products.offers([product.id]).get(product.id, [])
    over = expired_lists(offers, uow.calendar.local(uow.now).date())
    if over:
        last = over[0]
        return (
            f"「{product.name}」在价格表「{last.name}」里的价格到 {last.valid_until:%Y-%m-%d} 已经过期，"
            "现在没有有效的价格。请直接说单价，例如「单价一万二」，或请管理员更新价格表"
        )
    return f"「{product.name}」还没有价格。请直接说单价，例如「单价一万二」，或请管理员补上"


def cost(uow: UnitOfWork, product: Product, unit: str = "") -> Money | None:
    """Return what one unit of a product costs us, a bundle's parts added up; None while a part of that is unknown."""
    return cost_of(product, unit or product.unit, uow.products.by_codes(product.parts))


def save_product(uow: UnitOfWork, name: str, details: ProductDetails, product: Product | None = None) -> Product:
    """Put a product on record, or change one. Refuses whoever does not look after prices, and values that cannot be."""
    require(may_manage(uow.actor), _PRICES)
    name = normalised(name)
    if not 0 < len(name) <= NAME_LENGTH:
        raise BadInput("产品名称要有 1 到 64 个字，请改短后再发一次")
    _check(uow, name, details)
    if product is None:
        uow.does("product.create")
        product = Product(
            name=name,
            tax_rate=details.tax_rate,
            created_by=uow.actor.id or None,
            created_at=uow.now,
            updated_at=uow.now,
        )
        uow.products.add(product)
    else:
        uow.does("product.amend")
        product.name = name
    for key, value in vars(details).items():
        if value is not None:
            setattr(product, key, normalised(value) if isinstance(value, str) else value)
    uow.flush()
    return product


def save_price_list(
    uow: UnitOfWork,
    name: str,
    *,
    regions: Sequence[str] = (),
    grades: Sequence[str] = (),
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> PriceList:
    """Put a price list on record, or change for whom and when the one of that name is."""
    require(may_manage(uow.actor), _PRICES)
    if valid_from is not None and valid_until is not None and valid_until < valid_from:
        raise BadInput(f"价格表「{name}」的结束日 {valid_until} 早于开始日 {valid_from}，请核对后再试")
    known = uow.products.list_named(name)
    uow.does("price_list.save")
    if known is None:
        known = PriceList(name=name, created_by=uow.actor.id or None, created_at=uow.now, updated_at=uow.now)
        uow.products.add_list(known)
    known.regions, known.grades = tuple(regions), tuple(grades)
    known.valid_from, known.valid_until = valid_from, valid_until
    uow.flush()
    return known


def set_price(
    uow: UnitOfWork,
    price_list: PriceList,
    product: Product,
    price: Money,
    *,
    unit: str = "",
    min_quantity: Decimal = ONE,
) -> Price:
    """Say what one unit of a product costs in a list, from so many on; what was said before is overwritten."""
    require(may_manage(uow.actor), _PRICES)
    check_money("价格", price)
    if product.holds(unit) is None:
        raise BadInput(f"「{product.name}」没有「{unit}」这个单位，可以用：{'、'.join([product.unit, *product.units])}")
    kept = "" if unit == product.unit else unit
    for known in uow.products.prices_of(price_list.id):
        if (known.product_id, known.unit, known.min_quantity) == (product.id, kept, min_quantity):
            known.price = price
            return known
    made = Price(list_id=price_list.id, product_id=product.id, unit=kept, min_quantity=min_quantity, price=price)
    uow.products.add_price(made)
    return made


def check_money(label: str, money: Money | None) -> None:
    """Refuse an amount that is negative or unheard of."""
    if money is not None and not 0 <= money.fen < MOST_YUAN * 100:
        raise BadInput(f"{label}要在 0 到一千亿元之间，请核对后再发一次")


def _check(uow: UnitOfWork, name: str, details: ProductDetails) -> None:
    check_money("单价", details.price)
    check_money("成本", details.cost)
    if details.tax_rate is not None and not 0 <= details.tax_rate <= 100:  # noqa: PLR2004 - percent
        raise BadInput("税率要在 0% 到 100% 之间，请核对后再发一次")
    known = uow.products.by_codes(details.parts or ())
    for code in details.parts or ():
        if code not in known:
            raise BadInput(f"套餐「{name}」里的编码 {code} 不在产品目录里，请先建这个产品")
        if known[code].is_bundle:
            raise BadInput(f"套餐里不能再放套餐（{known[code].name}），请写它包含的产品")


def _of_parts(
    uow: UnitOfWork, product: Product, account: Account | None, quantity: Decimal, unit: str, day: date
) -> Priced | None:
    """Return what a bundle without a price of its own costs: its parts together, each as this customer gets it."""
    holds = product.holds(unit)
    parts = uow.products.by_codes(product.parts)
    if not parts or holds is None or len(parts) < len(product.parts):
        return None
    offers = uow.products.offers([ProductId(one.id) for one in parts.values()])
    total = []
    for code, held in product.parts.items():
        part, many = parts[code], Decimal(held)
        found = price_of(
            part,
            offers.get(part.id, []),
            quantity=many * quantity * holds,
            unit=part.unit,
            day=day,
            buyer=buyer_of(account),
        )
        if found is None:
            return None
        total.append(found.price.times(many))
    return Priced(Money.sum(total).times(holds), "按套餐内产品合计")
