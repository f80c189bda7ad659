"""What lines of orders are about: products of the catalogue, and new ones where it does not have them yet."""

from collections.abc import Iterable

from core.model.product import Product
from core.ports import UnitOfWork
from core.services.imports.columns import Field
from core.services.imports.values import Values
from core.services.products import NAME_LENGTH, normalised


def goods_name(values: Values) -> str:
    """Return the name of a line's product as the catalogue keeps it, or its code where it has no name."""
    return normalised(values.text(Field.PRODUCT)) or normalised(values.text(Field.CODE))


def goods_of(uow: UnitOfWork, rows: Iterable[Values], *, keeps: bool) -> dict[str, Product]:
    """Return the products of rows by the names that `goods_name` gives; unknown ones are made, unless nothing is kept.

    The name decides, because files give one code to several things. What is too long for a name stays words.
    """
    lines = list(rows)
    found = uow.products.named({goods_name(one) for one in lines})
    coded = uow.products.by_codes({normalised(one.text(Field.CODE)) for one in lines})
    for one in lines if keeps else ():
        name, code = goods_name(one), normalised(one.text(Field.CODE))[:64]
        if name in found or not 0 < len(name) <= NAME_LENGTH:
            continue
        if code in coded and not one.text(Field.PRODUCT):
            found[name] = coded[code]
            continue
        product = Product(
            name=name,
            code="" if code in coded else code,
            category=one.text(Field.CATEGORY)[:64],
            unit=one.text(Field.UNIT)[:16] or "件",
            created_by=uow.actor.id or None,
            created_at=uow.now,
            updated_at=uow.now,
        )
        uow.products.add(product)
        found[name] = product
        coded[code] = product
    if keeps:
        uow.flush()
    return found
