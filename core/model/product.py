"""What is sold: products with their units, bundles and costs, and the price lists that say for whom they cost what."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from core.model.ids import UNSAVED, MemberId, PriceListId, ProductId, Ref
from core.model.money import Money

ONE = Decimal(1)


@dataclass(eq=False, kw_only=True)
class Product:
    """Something we sell, counted in `unit`.

    `units` are further units with how many of the base unit each holds: {"箱": 12}. `parts` make it a bundle: how many
    of which other products one of it holds, by their codes. `cost` is what one base unit costs us, without tax; a
    bundle without a cost of its own costs what its parts do. `lead_days` is how long delivery usually takes.
    """

    id: ProductId = UNSAVED
    code: str = ""
    name: str
    spec: str = ""
    category: str = ""
    unit: str = "台"
    units: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    price: Money | None = None
    cost: Money | None = None
    tax_rate: Decimal | None = None
    lead_days: int | None = None
    note: str = ""
    active: bool = True
    created_by: MemberId | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("product", self.id)

    @property
    def is_bundle(self) -> bool:
        return bool(self.parts)

    def holds(self, unit: str) -> Decimal | None:
        """Return how many base units one `unit` holds; None for a unit that the product is not sold in."""
        if unit in ("", self.unit):
            return ONE
        return Decimal(self.units[unit]) if unit in self.units else None


@dataclass(eq=False, kw_only=True)
class PriceList:
    """Prices for some customers and some time; both days are included.

    Empty `regions`, `grades` or days set no bound.
    """

    id: PriceListId = UNSAVED
    name: str
    regions: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    active: bool = True
    created_by: MemberId | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("price_list", self.id)

    def holds_on(self, day: date) -> bool:
        """Say whether the list is in force on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return self.active and begun and (self.valid_until is None or day <= self.valid_until)


@dataclass(eq=False, kw_only=True)
class Price:
    """What one `unit` of a product costs in a list, from `min_quantity` on; an empty unit is the base one."""

    id: int = UNSAVED
    list_id: PriceListId
    product_id: ProductId
    unit: str = ""
    min_quantity: Decimal = ONE
    price: Money
    deleted_at: datetime | None = None
    version: int = 1
