"""Lines of quotes out of what somebody says: which product, at whose price, checked before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from core.errors import BadInput, NotAllowed
from core.model.customer import Account
from core.model.money import NOTHING, Money
from core.model.playbook.pricing import as_percent
from core.model.product import ONE, Product
from core.model.quote import NO_PERCENT, QuoteLine
from core.ports import UnitOfWork
from core.rules.pricing import listed_as_parts
from core.rules.quoting import Whole
from core.services.products import check_money, cost, priced, product_named, why_unpriced

MOST_LINES = 500
MOST_OF_ONE = 1_000_000_000
PLACES = 4
ANY_UNIT = frozenset({"", "个", "件", "份", "项"})
"""What people count with when they mean the product's own unit."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One line as somebody says it. `price` is per unit; `free` takes what is in no catalogue as it is called."""

    words: str
    quantity: Decimal = ONE
    unit: str = ""
    price: Money | None = None
    discount: Decimal = NO_PERCENT
    free: bool = False


def line_of(uow: UnitOfWork, wanted: Wanted, account: Account | None) -> QuoteLine:
    """Make a line of what is wanted, at the price that holds for this customer today unless one was said.

    Refuses with NoSuchProduct, which names the nearest; with BadInput where no price is in force, for amounts that
    cannot be and for a unit the product is not sold in.
    """
    check_quantity(wanted.quantity)
    check_percent(wanted.discount)
    check_money("单价", wanted.price)
    if wanted.free:
        return _free_line(uow, wanted)
    product = product_named(uow, wanted.words)
    unit = unit_of(product, wanted.unit)
    found = priced(uow, product, account, quantity=wanted.quantity, unit=unit)
    price = wanted.price if wanted.price is not None else found.price if found is not None else None
    if price is None:
        raise BadInput(why_unpriced(uow, product))
    return QuoteLine(
        name=product.name,
        code=product.code,
        spec=product.spec,
        note=f"含 {listed_as_parts(product, uow.products.by_codes(product.parts))}" if product.is_bundle else "",
        product_id=product.id,
        quantity=wanted.quantity,
        unit=unit,
        list_price=found.price if found is not None else price,
        price=price,
        discount=wanted.discount,
        tax_rate=product.tax_rate if product.tax_rate is not None else as_percent(uow.playbook.pricing.tax_rate),
        cost=cost(uow, product, unit),
        source=found.source if found is not None else "",
    )


def lines_of(uow: UnitOfWork, wanted: Sequence[Wanted], account: Account | None) -> list[QuoteLine]:
    """Make the lines of a quote, in their order."""
    check_count(len(wanted))
    return [line_of(uow, one, account) for one in wanted]


def priced_anew(uow: UnitOfWork, line: QuoteLine, account: Account | None, *, quantity: Decimal) -> QuoteLine:
    """Return a line for another quantity: a price out of a list follows its tiers, one that was agreed stays."""
    check_quantity(quantity)
    changed = replace(line, quantity=quantity)
    if line.product_id is None or not line.source:
        return changed
    product = uow.products.find([line.product_id]).get(line.product_id)
    found = priced(uow, product, account, quantity=quantity, unit=line.unit) if product is not None else None
    if found is None:
        return changed
    agreed = line.price if line.price != line.list_price else found.price
    return replace(changed, list_price=found.price, price=agreed, source=found.source)


def at_list_price(line: QuoteLine) -> QuoteLine:
    """Return a line with nothing given away."""
    return replace(line, price=line.list_price, discount=NO_PERCENT)


def unit_of(product: Product, said: str) -> str:
    """Return the unit that somebody means; BadInput names those in which the product is sold."""
    if product.holds(said) is not None:
        return said or product.unit
    if said in ANY_UNIT:
        return product.unit
    units = [f"{unit}（{held}{product.unit}）" for unit, held in product.units.items()]
    raise BadInput(f"「{product.name}」没有「{said}」这个单位，可以用：{'、'.join([product.unit, *units])}")


def whole_of(uow: UnitOfWork, discount: Decimal = NO_PERCENT, off: Money = NOTHING) -> Whole:
    """Return what holds for all lines of a new quote; refuses a discount that cannot be."""
    check_percent(discount)
    check_money("减价", off)
    pricing = uow.playbook.pricing
    return Whole(discount, off, pricing.tax_included, pricing.round_to)


def check_quantity(quantity: Decimal) -> None:
    """Refuse a number of things that cannot be sold."""
    if not quantity.is_finite() or not 0 < quantity < MOST_OF_ONE:
        raise BadInput("数量要大于 0、小于十亿，请核对后再发一次")
    if quantity != round(quantity, PLACES):
        raise BadInput("数量最多四位小数，请核对后再发一次")


def check_percent(discount: Decimal) -> None:
    """Refuse a discount below nothing or above everything."""
    if not discount.is_finite() or not 0 <= discount <= 100:  # noqa: PLR2004 - percent
        raise BadInput("折扣要在 0% 到 100% 之间（85折 就是让 15%），请核对后再发一次")
    if discount != round(discount, PLACES):
        raise BadInput("折扣最多四位小数，请核对后再发一次")


def check_count(lines: int) -> None:
    """Refuse a quote of nothing, and one that nobody can read."""
    if not lines:
        raise BadInput("报价里还没有产品。请说产品和数量，例如「A型服务器10台」")
    if lines > MOST_LINES:
        raise BadInput(f"一份报价最多 {MOST_LINES} 行，这里有 {lines} 行。请分成几份报价")


def _free_line(uow: UnitOfWork, wanted: Wanted) -> QuoteLine:
    pricing = uow.playbook.pricing
    if uow.actor.id and set(pricing.free_lines).isdisjoint(uow.actor.roles):
        raise NotAllowed(f"报目录里没有的产品（{wanted.words}）")
    if wanted.price is None:
        raise BadInput(f"「{wanted.words}」不在产品目录里，请带上单价，例如「{wanted.words} 单价一万二」")
    return QuoteLine(
        name=wanted.words[:200],
        quantity=wanted.quantity,
        unit=wanted.unit or "项",
        list_price=wanted.price,
        price=wanted.price,
        discount=wanted.discount,
        tax_rate=as_percent(pricing.tax_rate),
    )
