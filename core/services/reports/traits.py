"""Which customers and deals are worth most: what goes along with winning, and with large deals (M75)."""

from datetime import timedelta
from typing import Any, Final

from core.ports import UnitOfWork
from core.rules.metrics.declared import Dimension, Kind, dimension
from core.rules.metrics.periods import Span
from core.rules.metrics.traits import ENOUGH, WHOLE, Closed, Trait, threshold, traits
from core.services.reports.asking import Asked, reader, today, visible, whose
from core.services.reports.pivot import dimensions_of, labels_of, said_filters
from core.services.reports.table import Column, Table, money, shown

YEAR = timedelta(days=364)
MOST: Final = 20_000
TAG: Final = Dimension("tag", "标签", {"deal": "accounts.tags"})
KNOWN: Final = tuple(map(dimension, ("industry", "region", "source", "grade", "product", "pipeline")))
WITHOUT: Final = "（未填）"


def looked_at(uow: UnitOfWork) -> tuple[Dimension, ...]:
    """Return what may be a trait: what is known of customers and deals, the company's own fields, tags."""
    own = (one for one in dimensions_of(uow) if "deal" in one.columns)
    return (*KNOWN, *own, TAG)


def table(uow: UnitOfWork, asked: Asked) -> Table:
    """Return every trait with its win rate, how sure that is, its large deals, and what it tells."""
    visible(uow, asked)
    span = asked.span or Span(today(uow) - YEAR, today(uow))
    by = looked_at(uow)
    rows = uow.metrics.closed(by, span, asked.filters(), reader(uow), limit=MOST)
    deals = [Closed(won, amount, tuple(_values(value) for value in values)) for won, amount, values in rows]
    found = traits(deals, len(by))
    named = [labels_of(uow, (one,), [(trait.value,) for trait in found if trait.place == place])[0]
             for place, one in enumerate(by)]  # fmt: skip
    kept = [one for one in found if named[one.place].get(one.value, "") != WITHOUT]
    lines = tuple(_line(by[one.place].label, named[one.place][one.value], one) for one in kept)
    columns = (
        Column("特征"), Column("结论"), Column("已结束", Kind.COUNT), Column("赢单", Kind.COUNT),
        Column("赢率", Kind.SHARE),
        Column("95%下限", Kind.SHARE), Column("95%上限", Kind.SHARE), Column("其余赢率", Kind.SHARE),
        Column("大单", Kind.COUNT), Column("大单率", Kind.SHARE), Column("其余大单率", Kind.SHARE),
        Column("平均赢单金额", Kind.MONEY),
    )  # fmt: skip
    page = lines[asked.offset : asked.offset + asked.limit]
    title = f"{whose(uow, asked)} {span}{said_filters(uow, asked)} 高价值特征"
    return Table(title, columns, page, notes=_notes(deals, kept), total=len(lines))


def _values(value: Any) -> tuple[Any, ...]:
    """Return the values of a trait: of tags every one, of anything else what stands there."""
    if isinstance(value, tuple | list):
        return tuple(value)
    return (value or None,)


def _line(label: str, value: str, one: Trait) -> tuple[Any, ...]:
    low, high = one.band
    return (
        f"{label}={value}", one.verdict, one.count, one.won, one.rate, low, high, one.rest_rate,
        one.large, one.large_rate, one.rest_large_rate, one.amount / one.won if one.won else None,
    )  # fmt: skip


def _notes(deals: list[Closed], found: list[Trait]) -> tuple[str, ...]:
    won = sum(one.won for one in deals)
    if not deals:
        return ("这段时间没有已结束的商机",)
    rate = shown(won / len(deals), Kind.SHARE)
    large = threshold(deals)
    said = [f"共 {len(deals)} 个已结束商机，赢 {won} 个（{rate}）"]
    if large is not None:
        said[0] += f"；大单指赢单金额前两成，{money(large)} 以上"
    if len(deals) < WHOLE:
        said.append(f"样本太少：不到 {WHOLE} 个已结束商机，先不下结论")
    few = sum(not one.is_enough for one in found)
    if few:
        said.append(f"{few} 个特征样本太少（不到 {ENOUGH} 单），没有下结论")
    said.append("只说明一起出现，不等于因果；看了很多特征，已按多重比较收紧")
    if len(deals) == MOST:
        said.append(f"只看最近 {MOST:,} 个")
    return tuple(said)
