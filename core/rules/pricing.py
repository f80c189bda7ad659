"""Which price holds: of all price lists that fit customer and day the closest one, of its tiers the highest reached."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.model.money import Money
from core.model.product import ONE, Price, PriceList, Product
from core.rules.regions import lineage

STANDARD = "目录价"
"""What a price is called that comes from the product itself."""


@dataclass(frozen=True)
class Buyer:
    """What price lists ask of a customer."""

    region: str = ""
    grade: str = ""


@dataclass(frozen=True)
class Priced:
    """What one unit costs by which list; `until` is the last day of that list."""

    price: Money
    source: str
    until: date | None = None
    from_quantity: Decimal = ONE


@dataclass(frozen=True)
class Offer:
    """A price list with those of its prices that are for the product in question."""

    price_list: PriceList
    prices: Sequence[Price]


def price_of(
    product: Product, offers: Iterable[Offer], *, quantity: Decimal, unit: str, day: date, buyer: Buyer
) -> Priced | None:
    """Return what one `unit` costs this buyer on a day; None where neither a list nor the product names a price.

    A list for the buyer's region and grade goes before one for either, and that before one for everybody; of equals the
    one that began last. Where a list has no price for the unit, the base unit's is taken so many times.
    """
    fitting = [offer for offer in offers if offer.price_list.holds_on(day) and _fits(offer.price_list, buyer)]
    for offer in sorted(fitting, key=lambda one: _closeness(one.price_list), reverse=True):
        found = _tier(product, offer, quantity, unit)
        if found is not None:
            return found
    holds = product.holds(unit)
    if product.price is None or holds is None:
        return None
    return Priced(product.price.times(holds), STANDARD)


def expired_lists(product_offers: Iterable[Offer], day: date) -> list[PriceList]:
    """Return the lists that once named a price and are over, the last one first."""
    over = [one.price_list for one in product_offers if _is_over(one.price_list, day)]
    return sorted(over, key=lambda one: one.valid_until or day, reverse=True)


def cost_of(product: Product, unit: str, by_code: Mapping[str, Product]) -> Money | None:
    """Return what one `unit` costs us: the product's own cost, else its parts' together; None while one is unknown."""
    holds = product.holds(unit)
    if holds is None:
        return None
    base = product.cost if product.cost is not None else _parts_cost(product, by_code)
    return None if base is None else base.times(holds)


def listed_as_parts(product: Product, by_code: Mapping[str, Product]) -> str:
    """Say what a bundle holds: 服务器×1、安装服务×1."""
    held = []
    for code, quantity in product.parts.items():
        part = by_code.get(code)
        held.append(f"{part.name if part else code}×{plainly(Decimal(quantity))}")
    return "、".join(held)


def plainly(number: Decimal) -> str:
    """Write a number without needless noughts: 10, 2.5."""
    return f"{number.normalize():f}"


def _parts_cost(product: Product, by_code: Mapping[str, Product]) -> Money | None:
    """Add up what a bundle's parts cost; bundles do not hold bundles."""
    if not product.parts:
        return None
    costs = []
    for code, quantity in product.parts.items():
        part = by_code.get(code)
        if part is None or part.cost is None:
            return None
        costs.append(part.cost.times(Decimal(quantity)))
    return Money.sum(costs)


def _fits(price_list: PriceList, buyer: Buyer) -> bool:
    within = not price_list.regions or not set(price_list.regions).isdisjoint(lineage(buyer.region))
    return within and (not price_list.grades or buyer.grade in price_list.grades)


def _closeness(price_list: PriceList) -> tuple[int, date, int]:
    close = bool(price_list.regions) + bool(price_list.grades)
    return close, price_list.valid_from or date.min, price_list.id or 0


def _is_over(price_list: PriceList, day: date) -> bool:
    return price_list.valid_until is not None and price_list.valid_until < day


def _tier(product: Product, offer: Offer, quantity: Decimal, unit: str) -> Priced | None:
    """Return the price of the highest tier reached, in this unit if the list has any for it, else in the base unit."""
    wanted = "" if unit == product.unit else unit
    until = offer.price_list.valid_until
    own = [price for price in offer.prices if price.unit == wanted]
    if reached := _reached(own, quantity):
        return Priced(reached.price, offer.price_list.name, until, reached.min_quantity)
    holds = product.holds(unit)
    base = [price for price in offer.prices if not price.unit]
    if own or holds is None or not (reached := _reached(base, quantity * holds)):
        return None
    return Priced(reached.price.times(holds), offer.price_list.name, until, reached.min_quantity)


def _reached(prices: Iterable[Price], quantity: Decimal) -> Price | None:
    return max((one for one in prices if one.min_quantity <= quantity), key=lambda one: one.min_quantity, default=None)
