"""Orders: what a customer has ordered, line by line."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.model.ids import UNSAVED, AccountId, ContractId, MemberId, OrderId, ProductId, QuoteId, Ref
from core.model.money import Money


@dataclass(eq=False, kw_only=True)
class Order:
    """An order of an account; `amount` is the sum of its lines. `contract_id` or `quote_id` is what it came from.

    An order under a contract is paid by the contract's plan, any other one by itself.
    """

    id: OrderId = UNSAVED
    number: str
    account_id: AccountId
    contract_id: ContractId | None = None
    quote_id: QuoteId | None = None
    owner_id: MemberId | None = None
    ordered_on: date
    delivered_on: date | None = None
    amount: Money = Money(0)
    external_id: str = ""
    created_by: MemberId | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("order", self.id)

    @property
    def customer(self) -> Ref:
        """Whose order it is, for whoever names what was changed."""
        return Ref("account", self.account_id)


@dataclass(eq=False, kw_only=True)
class OrderLine:
    """A line of an order. `external_id` is its number in the file it came from."""

    id: int = UNSAVED
    order_id: OrderId
    place: int
    product: str
    product_id: ProductId | None = None
    quantity: Decimal
    unit: str = ""
    amount: Money
    external_id: str = ""
