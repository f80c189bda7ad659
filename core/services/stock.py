"""Stock and delivery: what the company's own system says; without one, how long it usually takes, said as such."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.calendar import ONE_DAY
from core.model.product import Product
from core.ports import UnitOfWork
from core.ports.stock import Availability


@dataclass(frozen=True)
class Delivery:
    """What can be said of one product: what is in stock where that is known, and by when it usually comes."""

    name: str
    unit: str
    wanted: Decimal | None
    known: bool
    stock: Availability | None
    lead_days: int | None
    usually_by: date | None


def delivery_of(uow: UnitOfWork, wanted: Sequence[tuple[Product | None, str, Decimal | None]]) -> list[Delivery]:
    """Say of products, each with its name and how many, what is in stock and when they can be there."""
    codes = [product.code for product, _, _ in wanted if product is not None and product.code]
    levels = uow.stock.availability(codes) if uow.stock is not None and codes else {}
    return [
        _delivery(uow, product, name, many, levels.get(product.code if product else ""))
        for product, name, many in wanted
    ]


def _delivery(
    uow: UnitOfWork, product: Product | None, name: str, many: Decimal | None, stock: Availability | None
) -> Delivery:
    days = product.lead_days if product is not None else None
    today = uow.calendar.local(uow.now).date()
    by = None
    if days is not None:
        by = today + timedelta(days=days)
        while not uow.calendar.is_workday(by):
            by += ONE_DAY
    return Delivery(name, product.unit if product else "", many, product is not None, stock, days, by)
