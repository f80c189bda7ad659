"""Products and price lists out of a file: read again, what is the same stays and what differs is brought up to date."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from core.errors import BadInput
from core.model.money import Money
from core.model.product import ONE, PriceList, Product
from core.ports import UnitOfWork
from core.services.imports.columns import Field
from core.services.imports.job import Holder, Job, taken
from core.services.imports.report import Bad, Found, Outcome, Same
from core.services.imports.tables import Line
from core.services.imports.values import Values
from core.services.products import ProductDetails, normalised, save_price_list, save_product, set_price

_PAIR = re.compile(r"\s*([^=＝:：*×xX;；,，]+?)\s*[=＝:：*×xX]\s*([0-9.]+)\s*")
_SPLIT = re.compile(r"[;；,，、\n]+")
_LISTED = re.compile(r"[、,，;；\s]+")
_DAYS = re.compile(r"\s*(\d{1,4})\s*(?:天|日|个工作日|工作日)?\s*")


@dataclass(frozen=True)
class _Offer:
    """A row of a price list, read."""

    product: Product
    price: Money
    unit: str
    min_quantity: Decimal


def take_products(job: Job, uow: UnitOfWork, lines: Sequence[Line]) -> list[Outcome]:
    """Take rows as products; one of the same code, or failing that of the same name, is brought up to date."""
    return [_checked(line, lambda line=line: _take_product(job, uow, line)) for line in lines]


def take_prices(job: Job, uow: UnitOfWork, lines: Sequence[Line]) -> list[Outcome]:
    """Take rows as prices of price lists, which are made as they are named."""
    return [_checked(line, lambda line=line: _take_price(job, uow, line)) for line in lines]


def _checked(line: Line, take: Any) -> Outcome:
    try:
        outcome: Outcome = take()
    except BadInput as wrong:
        return Bad(line, str(wrong))
    return outcome


def _take_product(job: Job, uow: UnitOfWork, line: Line) -> Outcome:
    values = job.values(line)
    name, code = normalised(values.text(Field.PRODUCT)), normalised(values.text(Field.CODE))
    if not name:
        return Bad(line, "没有产品名称，请补上")
    known = _known(uow, code, name)
    units = _pairs(values.text(Field.UNITS), "换算单位", "箱=12")
    parts = _pairs(values.text(Field.PARTS), "套餐内容", "SRV-A*1；SVC-1*2")
    details = ProductDetails(
        code=code or None,
        spec=values.text(Field.SPEC)[:200] or None,
        category=values.text(Field.CATEGORY)[:64] or None,
        unit=values.text(Field.UNIT)[:16] or None,
        units=units or None,
        parts=parts or None,
        price=_money(job, values, Field.PRICE),
        cost=_money(job, values, Field.COST),
        tax_rate=_percent(values.text(Field.TAX)),
        lead_days=_days(values.text(Field.LEAD_DAYS)),
        note=values.text(Field.NOTE)[:500] or None,
    )
    if known is not None and _says_nothing_new(known, name, details):
        return Same(line, name, Found(name, f"产品 {known.ref}", "没有变化"))
    if job.keeps:
        save_product(uow, name, details, known)
    return taken(line, values, name, Holder(None), made=("更新已有产品",) if known is not None else ())


def _take_price(job: Job, uow: UnitOfWork, line: Line) -> Outcome:
    values = job.values(line)
    list_name = values.text(Field.PRICE_LIST)[:100]
    offer = _offer(job, uow, values)
    if isinstance(offer, str):
        return Bad(line, offer)
    if not list_name:
        return Bad(line, "没有价格表名称，请补上，例如「2026 华东渠道价」")
    grades = tuple(one for one in _LISTED.split(values.text(Field.GRADE)) if one)
    regions = tuple(one for one in _LISTED.split(values.text(Field.REGION)) if one)
    known = [word.name for word in uow.playbook.grades.words]
    if strange := [one for one in grades if one not in known]:
        return Bad(line, f"没有「{'、'.join(strange)}」这个等级，可以是：{'、'.join(known)}")
    first, last = _day(values, Field.VALID_FROM), _day(values, Field.VALID_UNTIL)
    if not job.keeps:
        return taken(line, values, f"{list_name} {offer.product.name}", Holder(None))
    price_list = _list(uow, list_name, regions, grades, first, last)
    set_price(uow, price_list, offer.product, offer.price, unit=offer.unit, min_quantity=offer.min_quantity)
    uow.flush()
    return taken(line, values, f"{list_name} {offer.product.name}", Holder(None))


def _offer(job: Job, uow: UnitOfWork, values: Values) -> _Offer | str:
    name, code = normalised(values.text(Field.PRODUCT)), normalised(values.text(Field.CODE))
    product = _known(uow, code, name)
    if product is None:
        return f"产品目录里没有「{code or name}」，请先导入产品（--as products）"
    price = _money(job, values, Field.PRICE)
    if price is None:
        return "没有单价，请补上"
    said = values.text(Field.MIN_QUANTITY)
    least = _number(said, "起订量") if said else ONE
    return _Offer(product, price, values.text(Field.UNIT)[:16], least)


def _list(
    uow: UnitOfWork,
    name: str,
    regions: tuple[str, ...],
    grades: tuple[str, ...],
    first: date | None,
    last: date | None,
) -> PriceList:
    """Return the list of that name; what a row leaves empty stays as it is."""
    known = uow.products.list_named(name)
    if known is not None and not (regions or grades or first or last):
        return known
    return save_price_list(
        uow,
        name,
        regions=regions or (known.regions if known else ()),
        grades=grades or (known.grades if known else ()),
        valid_from=first or (known.valid_from if known else None),
        valid_until=last or (known.valid_until if known else None),
    )


def _known(uow: UnitOfWork, code: str, name: str) -> Product | None:
    if code and (found := uow.products.by_codes([code]).get(code)) is not None:
        return found
    same = [one for one in uow.products.called(name) if not (code and one.code)] if name else []
    return same[0] if same else None


def _says_nothing_new(known: Product, name: str, details: ProductDetails) -> bool:
    said = {key: value for key, value in vars(details).items() if value is not None}
    return known.active and known.name == name and all(getattr(known, key) == value for key, value in said.items())


def _money(job: Job, values: Values, of: Field) -> Money | None:
    said = values.text(of)
    if not said:
        return None
    read = job.readers.amount(said)
    if read is None or read < 0:
        raise BadInput(f"{of.value}「{said}」看不懂，请写成 12000 或 1.2万（人民币、不小于 0、不要写区间）")
    return Money.yuan(read)


def _percent(said: str) -> Decimal | None:
    """Read 13%, 13 and 0.13 as a tax rate of 13 percent."""
    if not said:
        return None
    value = _number(said.rstrip("%％ "), "税率")
    if not said.rstrip().endswith(("%", "％")) and 0 < value < 1:
        value *= 100
    if not 0 <= value <= 100:  # noqa: PLR2004 - percent
        raise BadInput(f"税率「{said}」要在 0% 到 100% 之间")
    return value


def _number(said: str, label: str) -> Decimal:
    try:
        value = Decimal(said.strip())
    except InvalidOperation:
        raise BadInput(f"{label}「{said}」看不懂，请写成数字") from None
    if not value.is_finite() or value < 0 or (label == "起订量" and not value):
        raise BadInput(f"{label}「{said}」不合理，请写成大于 0 的数")
    return value


def _days(said: str) -> int | None:
    if not said:
        return None
    found = _DAYS.fullmatch(said.removesuffix(".0"))
    if found is None:
        raise BadInput(f"交期「{said}」看不懂，请写成天数，例如 15")
    return int(found[1])


def _day(values: Values, of: Field) -> date | None:
    said = values.text(of)
    if not said:
        return None
    days = values.days(of, past=False)
    if days is None:
        raise BadInput(f"{of.value}「{said}」看不懂，请写成 2026-03-05")
    return days.last if of is Field.VALID_UNTIL else days.first


def _pairs(said: str, label: str, example: str) -> dict[str, str]:
    pairs = {}
    for part in (one for one in _SPLIT.split(said) if one.strip()):
        found = _PAIR.fullmatch(part)
        if found is None or _number(found[2], label) <= 0:
            raise BadInput(f"{label}「{part}」看不懂，请写成「{example}」")
        pairs[normalised(found[1])] = f"{_number(found[2], label).normalize():f}"
    return pairs
