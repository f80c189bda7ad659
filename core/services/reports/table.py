"""A report as a table, whatever shows it: a card, the command line, a picture, a page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from core.rules.metrics.declared import Kind


@dataclass(frozen=True)
class Column:
    """One column: what stands above it, and what its figures are; None for words."""

    label: str
    kind: Kind | None = None


@dataclass(frozen=True)
class Table:
    """Rows under columns. Money is in 分, shares are parts of one, days are days; `notes` say the rest."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[str, ...] = ()
    total: int = field(default=-1)
    """How many rows there are altogether, where these are only a page."""

    def as_json(self) -> dict[str, Any]:
        """Return what a program reads: yuan, shares as parts of one."""
        return {
            "columns": [column.label for column in self.columns],
            "rows": [
                [_plain(value, column.kind) for value, column in zip(row, self.columns, strict=True)]
                for row in self.rows
            ],
        }

    def as_words(self) -> list[list[str]]:
        """Return the rows as people read them."""
        return [
            [shown(value, column.kind) for value, column in zip(row, self.columns, strict=True)] for row in self.rows
        ]


def shown(value: Any, kind: Kind | None) -> str:
    """Say one figure."""
    if value is None:
        return "–"
    return _WRITTEN[kind](value) if kind is not None else str(value)


def money(fen: float) -> str:
    """Say an amount as people do: 12.5万, 3,200元."""
    yuan = fen / 100
    for unit, size in (("亿", 1e8), ("万", 1e4)):
        if abs(yuan) >= size:
            return f"{yuan / size:,.2f}".rstrip("0").rstrip(".") + unit
    return f"{yuan:,.0f}元"


_WRITTEN: Final[dict[Kind, Callable[[float], str]]] = {
    Kind.MONEY: money,
    Kind.SHARE: lambda value: f"{value:.1%}".replace(".0%", "%"),
    Kind.DAYS: lambda value: f"{value:.1f}".removesuffix(".0"),
    Kind.FACTOR: lambda value: f"{value:.2f}",
    Kind.COUNT: lambda value: f"{value:,.0f}",
}


def _plain(value: Any, kind: Kind | None) -> Any:
    if value is None:
        return None
    if kind is Kind.MONEY:
        yuan = round(value / 100, 2)
        return int(yuan) if yuan == int(yuan) else yuan
    if kind is Kind.COUNT:
        return int(value)
    if kind in (Kind.SHARE, Kind.DAYS, Kind.FACTOR):
        return round(value, 6)
    return value if isinstance(value, str | int | float | bool) else str(value)
