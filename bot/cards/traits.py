"""What won and large deals have in common, in a few lines: what is sure first, each with its numbers."""

from typing import Any, Final

from bot.cards.card import Card
from bot.cards.reports import SOURCE, pictured
from core.model.chart import ChartKind, one_series
from core.rules.metrics.declared import Kind
from core.services.reports.table import Table, shown

SURE, NEAR, DRAWN = 6, 4, 10
FEW: Final = "样本太少"
ALIKE: Final = "看不出差别"


def traits_card(table: Table) -> Card:
    """Name what goes along with winning or large deals; where nothing surely does, say so before the nearest."""
    enough = [row for row in table.rows if row[1] != FEW]
    sure = [row for row in enough if row[1] != ALIKE]
    lines = [_line(number, row) for number, row in enumerate(sure[:SURE], 1)]
    if not sure and enough:
        lines = ["还没有哪个特征能可靠地说明输赢。差得最多的几个，只供参考："]
        lines += [_line(number, row) for number, row in enumerate(enough[:NEAR], 1)]
    card = Card(title=table.title, source=SOURCE, text="\n".join([*lines, *table.notes]), private=True)
    drawn = [(str(row[0]), row[4] * 100) for row in enough[:DRAWN]]
    title = f"{table.title}：赢率"
    return pictured(card, one_series(ChartKind.BAR, title, drawn, "%") if len(drawn) > 1 else None)


def _line(number: int, row: tuple[Any, ...]) -> str:
    """Say a trait: 1. 行业=制造业，更容易赢：赢 31/50，62%（48%~74%），其余 35%；大单 8，其余 2%."""
    rate, low, high, rest = (shown(value, Kind.SHARE) for value in row[4:8])
    shares = f"{shown(row[9], Kind.SHARE)}，其余 {shown(row[10], Kind.SHARE)}"
    large = f"；大单 {row[8]} 个（{shares}）" if "大单" in row[1] else ""
    verdict = "" if row[1] == ALIKE else f"，{row[1]}"
    return f"{number}. {row[0]}{verdict}：赢 {row[3]}/{row[2]}，{rate}（{low}~{high}），其余 {rest}{large}"
