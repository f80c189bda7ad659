"""Any measures by any dimensions: a table that can be sorted, paged and crossed; `behind.py` opens its cells."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from core.errors import BadInput
from core.model.ids import AccountId, MemberId, Ref
from core.model.playbook.fields import OBJECTS
from core.ports import UnitOfWork
from core.rules.fields.catalogue import catalogue_of
from core.rules.fields.rights import may_read
from core.rules.metrics.declared import (
    DIMENSIONS,
    MEASURES,
    Dimension,
    Measure,
    custom_dimension,
    find_dimension,
    find_measure,
    nearest,
)
from core.rules.metrics.periods import Span, cut
from core.rules.permissions import within
from core.rules.regions import places_in
from core.services.reports.asking import Asked, totals, visible, whose
from core.services.reports.table import Column, Table

MOST_DIMENSIONS, MOST_PARTS, SAID = 4, 400, 5
REGION, DEPARTMENT = "region", "department"
UNKNOWN: Final = "（未填）"
_AMOUNTS: Final = {"deals.amount": ("deal", "amount")}
"""Columns that a company may hide from some roles, and the field that says so."""
WAYS: Final = {
    "call": "电话", "visit": "拜访", "wechat": "微信", "email": "邮件", "meeting": "会议", "sms": "短信",
    "demo": "演示", "other": "其他",
}  # fmt: skip


@dataclass(frozen=True)
class Pivot:
    """What is asked: measures by dimensions."""

    measures: tuple[Measure, ...]
    by: tuple[Dimension, ...]


def dimensions_of(uow: UnitOfWork) -> list[Dimension]:
    """Return the dimensions of the company's own fields that the actor may read."""
    found = []
    for kind in ("deal", "account", "lead"):
        if kind in OBJECTS:
            catalogue = catalogue_of(uow.playbook, kind)
            found += [
                custom_dimension(field.key, field.label, field.spec.aliases, kind)
                for field in catalogue.custom
                if field.compute is None and may_read(field, catalogue, uow.actor) and not field.spec.masked
            ]
    return found


def understood(uow: UnitOfWork, measures: Iterable[str], by: Iterable[str]) -> Pivot:
    """Return what words ask for; BadInput names what is not known, with the nearest that is."""
    own = dimensions_of(uow)
    return Pivot(
        tuple(_measure(uow, words) for words in measures) or (MEASURES[0],),
        tuple(_dimension(words, own) for words in by),
    )


def pivot(uow: UnitOfWork, asked: Asked) -> Table:
    """Return measures by dimensions, sorted by the first measure, or by time where time comes first."""
    visible(uow, asked)
    wanted = understood(uow, asked.measures, asked.by)
    span = days_of(uow, asked, wanted)
    found = cells(uow, asked, wanted, span)
    labels = labels_of(uow, wanted.by, found)
    rows = [
        (*(labels[place][value] for place, value in enumerate(key)), *(one.figure(figures) for one in wanted.measures))
        for key, figures in found.items()
    ]
    count = len(wanted.by)
    rows.sort(key=lambda row: tuple(str(cell) for cell in row[:count]))
    if not (wanted.by and wanted.by[0].unit is not None):
        rows.sort(key=lambda row: -1.0 if row[count] is None else float(row[count] or 0), reverse=True)
    columns = (
        *(Column(one.label) for one in wanted.by),
        *(Column(one.label, one.kind) for one in wanted.measures),
    )
    page = tuple(rows[asked.offset : asked.offset + asked.limit])
    return Table(title(uow, asked, wanted, span), columns, page, notes=_sum(uow, asked, wanted, span), total=len(rows))


def title(uow: UnitOfWork, asked: Asked, wanted: Pivot, span: Span | None) -> str:
    """Say what a pivot shows."""
    by = "、".join(one.label for one in wanted.by)
    figures = "、".join(one.label for one in wanted.measures)
    days = f" {span}" if span is not None else ""
    only = said_filters(uow, asked)
    return f"{whose(uow, asked)}{days}{only} {figures}" + (f"（按{by}）" if by else "")


def said_filters(uow: UnitOfWork, asked: Asked) -> str:
    """Say what records must be to be counted."""
    return "".join(f" {dimension.label}={said_values(uow, dimension, values)}" for dimension, values in asked.where)


def cells(uow: UnitOfWork, asked: Asked, wanted: Pivot, span: Span | None) -> dict[tuple[Any, ...], dict[str, float]]:
    """Return what the bases of the measures come to in each cell; empty words count as none."""
    bases = list(dict.fromkeys(base for measure in wanted.measures for base in measure.bases))
    merged: dict[tuple[Any, ...], dict[str, float]] = defaultdict(dict)
    for key, figures in totals(uow, bases, wanted.by, span, asked).items():
        plain = tuple(value if value != "" else None for value in key)
        for name, value in figures.items():
            merged[plain][name] = merged[plain].get(name, 0) + value
    return dict(merged)


def crossed(table: Table, most: int = 6) -> Table | None:
    """Return a table of one measure by two dimensions as a cross, the second beside; None where it does not fit."""
    if len(table.columns) != 3 or not table.rows:  # noqa: PLR2004 - two dimensions and one measure
        return None
    heads = list(dict.fromkeys(row[1] for row in table.rows))
    if len(heads) > most:
        return None
    heads.sort(key=str) if table.columns[1].label in _TIMES else None
    lines: dict[str, dict[str, Any]] = defaultdict(dict)
    for first, second, value in table.rows:
        lines[first][second] = value
    kind = table.columns[2].kind
    columns = (table.columns[0], *(Column(str(head), kind) for head in heads))
    rows = tuple((first, *(line.get(head) for head in heads)) for first, line in lines.items())
    return replace(table, columns=columns, rows=rows, total=len(rows))


_TIMES: Final = frozenset(one.label for one in DIMENSIONS if one.unit is not None)


def filters(
    uow: UnitOfWork, given: Iterable[tuple[str, Sequence[str]]], *, exactly: bool = False
) -> tuple[tuple[Dimension, tuple[Any, ...]], ...]:
    """Return filters from words: the name of a dimension and the values of which a record must have one.

    A region stands for every place in it and a department for those below it, unless they are meant `exactly`, as the
    one line of a table is.
    """
    own = dimensions_of(uow)
    made = []
    for words, values in given:
        dimension = _dimension(words, own)
        if dimension.unit is not None:
            raise BadInput(f"时间请用 --from 和 --to，不用「{words}」筛选")
        meant = [_value(uow, dimension, one) for one in values]
        if not exactly:
            meant = [inner for one in meant for inner in _inside(uow, dimension, one)]
        made.append((dimension, tuple(dict.fromkeys(meant))))
    return tuple(made)


def _inside(uow: UnitOfWork, dimension: Dimension, value: Any) -> tuple[Any, ...]:
    """Return a value with all that lies in it: the places of a region, the departments of a department."""
    if value is None or dimension.key not in (REGION, DEPARTMENT):
        return (value,)
    if dimension.key == REGION:
        return (value, *places_in(str(value)))
    paths = {one.department for one in uow.members.everybody() if one.department}
    below = [path for path in sorted(paths) if within(path, value) or f"/{value}/" in f"/{path}/"]
    return (value, *below)


def said_values(uow: UnitOfWork, dimension: Dimension, values: Sequence[Any]) -> str:
    """Say the values of a filter; a place with all in it by its name alone."""
    if (
        dimension.key in (REGION, DEPARTMENT)
        and len(values) > 1
        and tuple(values) == tuple(dict.fromkeys(_inside(uow, dimension, values[0])))
    ):
        return str(values[0])
    labels = _labels(uow, dimension, set(values))
    return "、".join(labels[one] for one in values[:SAID]) + (f" 等 {len(values)} 个" if len(values) > SAID else "")


def labels_of(uow: UnitOfWork, by: Sequence[Dimension], keys: Iterable[tuple[Any, ...]]) -> list[dict[Any, str]]:
    """Return what each value of each dimension is called."""
    known = list(keys)
    return [_labels(uow, one, {key[place] for key in known}) for place, one in enumerate(by)]


def _labels(uow: UnitOfWork, dimension: Dimension, values: set[Any]) -> dict[Any, str]:
    if dimension.key == "member":
        found = uow.members.find({MemberId(one) for one in values if one})
        return {one: found[one].name if one in found else "（无人负责）" for one in values}
    if dimension.key == "customer":
        names = uow.customers.names_of(Ref("account", AccountId(one)) for one in values if one)
        return {one: names.get(Ref("account", one or 0), UNKNOWN) for one in values}
    if dimension.key == "method":
        return {one: WAYS.get(str(one), str(one)) for one in values}
    return {one: UNKNOWN if one is None else str(one) for one in values}


def _value(uow: UnitOfWork, dimension: Dimension, said: str) -> Any:
    """Return the value that words mean in a dimension."""
    if dimension.key == "member":
        from core.services.members import find_member

        return find_member(uow, said).id
    if dimension.key == "method":
        return next((key for key, label in WAYS.items() if said in (key, label)), said)
    return None if said == UNKNOWN else said


def _measure(uow: UnitOfWork, words: str) -> Measure:
    found = find_measure(words)
    if found is None:
        near = nearest(words, MEASURES)
        listed = "、".join(one.label for one in MEASURES[:8])
        raise BadInput(f"没有「{words}」这个指标{f'，是不是「{near}」？' if near else ''}。可以看：{listed} 等")
    for base in found.bases:
        kind, key = _AMOUNTS.get(base.sums, ("", ""))
        if kind:
            catalogue = catalogue_of(uow.playbook, kind)
            field = catalogue.by_key[key]
            if not may_read(field, catalogue, uow.actor):
                raise BadInput(f"您看不到{field.label}，请换一个指标，例如赢单数")
    return found


def _dimension(words: str, own: Sequence[Dimension]) -> Dimension:
    found = find_dimension(words, own)
    if found is None:
        near = nearest(words, (*DIMENSIONS, *own))
        listed = "、".join(one.label for one in (*DIMENSIONS[:9], *own[:5]))
        raise BadInput(f"没有「{words}」这个维度{f'，是不是「{near}」？' if near else ''}。可以按：{listed} 等")
    return found


def days_of(uow: UnitOfWork, asked: Asked, wanted: Pivot) -> Span | None:
    """Return the days of a pivot; refuse what cannot be cut so."""
    if len(wanted.by) > MOST_DIMENSIONS:
        raise BadInput(f"一次最多按 {MOST_DIMENSIONS} 个维度看，请少写几个")
    for dimension in wanted.by:
        for measure in wanted.measures:
            if not all(dimension.fits(base) for base in measure.bases):
                raise BadInput(f"「{measure.label}」不能按{dimension.label}看，请换一个维度或指标")
    for dimension, _ in asked.filters():
        for measure in wanted.measures:
            if not all(dimension.fits(base) for base in measure.bases):
                raise BadInput(f"「{measure.label}」不能按{dimension.label}筛选，请换一个条件")
    if not any(base.at for measure in wanted.measures for base in measure.bases):
        return None
    span = asked.days(uow)
    for dimension in wanted.by:
        if dimension.unit is not None and len(cut(span, dimension.unit)) > MOST_PARTS:
            raise BadInput(f"按{dimension.label}看这么长的时间太细了，请缩短时间或换成月")
    return span


def _sum(uow: UnitOfWork, asked: Asked, wanted: Pivot, span: Span | None) -> tuple[str, ...]:
    """Say what everything comes to, where it is more than one cell."""
    if not wanted.by:
        return ()
    from core.services.reports.table import shown

    whole = cells(uow, asked, replace(wanted, by=()), span).get((), {})
    return tuple(f"合计{one.label} {shown(one.figure(whole), one.kind)}" for one in wanted.measures)
