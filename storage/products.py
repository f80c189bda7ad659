"""Products and what they cost for whom."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, or_, select

from core.errors import NotFound
from core.model.ids import PriceListId, ProductId
from core.model.product import Price, PriceList, Product
from core.rules.pricing import Offer
from storage import tables
from storage.repositories import Repository, among, chunks


class SqlProducts(Repository):
    def add(self, product: Product) -> None:
        self._add(product)

    def get(self, product_id: ProductId, *, lock: bool = False) -> Product:
        product = self._session.get(Product, product_id, with_for_update=lock or None, populate_existing=lock)
        if product is None or product.deleted_at is not None:
            raise NotFound(f"G{product_id}")
        return product

    def find(self, product_ids: Iterable[ProductId]) -> dict[ProductId, Product]:
        products = tables.products.c
        found = {}
        for some in chunks(product_ids):
            query = select(Product).where(among(self._session, products.id, some), products.deleted_at.is_(None))
            found.update({one.id: one for one in self._all(query)})
        return found

    def by_codes(self, codes: Iterable[str]) -> dict[str, Product]:
        products = tables.products.c
        found = {}
        for some in chunks(code for code in codes if code):
            query = select(Product).where(products.code.in_(some), products.deleted_at.is_(None))
            found.update({one.code: one for one in self._all(query)})
        return found

    def named(self, names: Iterable[str]) -> dict[str, Product]:
        products = tables.products.c
        found: dict[str, Product] = {}
        for some in chunks(name for name in names if name):
            query = select(Product).where(products.name.in_(some), products.deleted_at.is_(None))
            for one in self._all(query.order_by(products.id)):
                found.setdefault(one.name, one)
        return found

    def called(self, words: str) -> list[Product]:
        products, key = tables.products.c, words.lower()
        called = or_(func.lower(products.name) == key, func.lower(products.code) == key)
        return self._all(select(Product).where(called, products.deleted_at.is_(None)).order_by(products.id).limit(20))

    def like(self, words: str, limit: int) -> list[Product]:
        products = tables.products.c
        says = [
            column.icontains(words, autoescape=True) for column in (products.name, products.code, products.category)
        ]
        query = select(Product).where(or_(*says), products.deleted_at.is_(None), products.active)
        return self._all(query.order_by(func.length(products.name), products.id).limit(limit))

    def all(self, limit: int) -> list[Product]:
        products = tables.products.c
        query = select(Product).where(products.deleted_at.is_(None), products.active)
        return self._all(query.order_by(products.category, products.id).limit(limit))

    def count(self) -> int:
        products = tables.products.c
        counted = select(func.count()).where(products.deleted_at.is_(None), products.active)
        return self._session.scalar(counted) or 0

    def offers(self, product_ids: Sequence[ProductId]) -> dict[ProductId, list[Offer]]:
        prices, found = tables.prices.c, list[Price]()
        for some in chunks(product_ids):
            query = select(Price).where(among(self._session, prices.product_id, some), prices.deleted_at.is_(None))
            found += self._all(query.order_by(prices.id))
        lists = {one.id: one for one in self.lists()} if found else {}
        grouped: dict[tuple[ProductId, PriceListId], list[Price]] = {}
        for price in found:
            if price.list_id in lists:
                grouped.setdefault((price.product_id, price.list_id), []).append(price)
        offers: dict[ProductId, list[Offer]] = {}
        for (product_id, list_id), some_prices in grouped.items():
            offers.setdefault(product_id, []).append(Offer(lists[list_id], some_prices))
        return offers

    def lists(self) -> list[PriceList]:
        lists = tables.price_lists.c
        return self._all(select(PriceList).where(lists.deleted_at.is_(None)).order_by(lists.id))

    def list_named(self, name: str) -> PriceList | None:
        lists = tables.price_lists.c
        query = select(PriceList).where(lists.name == name, lists.deleted_at.is_(None)).order_by(lists.id)
        found: PriceList | None = self._session.scalar(query.limit(1))
        return found

    def add_list(self, price_list: PriceList) -> None:
        self._add(price_list)

    def prices_of(self, list_id: PriceListId) -> list[Price]:
        prices = tables.prices.c
        query = select(Price).where(prices.list_id == list_id, prices.deleted_at.is_(None)).order_by(prices.id)
        return self._all(query)

    def add_price(self, price: Price) -> None:
        self._add(price)
