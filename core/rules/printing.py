"""Facts as a document prints them: money with two places, dates in full, nothing where there is nothing."""

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.model.money import Money

PERCENTS = frozenset({"discount", "tax_rate", "rate"})


def printed(facts: Any) -> dict[str, Any]:
    """Return a dataclass of facts as plain data for a template: every field is there, and none is None."""
    return {one.name: _printed(one.name, getattr(facts, one.name)) for one in fields(facts)}


def _printed(name: str, value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_printed(name, one) for one in value]
    if is_dataclass(value) and not isinstance(value, Money):
        return printed(value)
    return value if isinstance(value, bool | int) else _said(name, value)


def _said(name: str, value: Any) -> str:
    if isinstance(value, Money):
        return f"{value.as_yuan():,.2f}"
    if isinstance(value, Decimal):
        return f"{_number(value)}%" if name in PERCENTS else _number(value)
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return "" if value is None else str(value)


def _number(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
