"""The forecast: what open deals will probably bring, when, and how well that was foreseen before (semantics B.10)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from core.errors import BadInput
from core.model.deal import Deal
from core.model.ids import DealId, MemberId
from core.model.member import SYSTEM, Member
from core.model.money import Money
from core.model.report import ForecastCall
from core.ports import UnitOfWork
from core.rules.metrics.declared import (
    ADVANCED,
    CYCLE,
    GAVE_UP,
    LEFT,
    LOST,
    LOST_HERE,
    STANDING,
    STOOD,
    WENT_ON,
    WON,
    WON_AMOUNT,
    Dimension,
    Kind,
    dimension,
)  # fmt: skip
from core.rules.metrics.forecast import (
    BEST,
    CATEGORIES,
    COMMIT,
    PIPELINE,
    Forecast,
    Judged,
    Period,
    Rates,
    Settled,
    Whole,
    accuracy,
    forecast,
    judge,
    within,
)  # fmt: skip
from core.rules.metrics.funnel import SECONDS
from core.rules.metrics.periods import Span, Unit, around, previous
from core.rules.permissions import require, scope_of
from core.services.deals import may_see_deal
from core.services.reports.asking import DEPARTMENT, MEMBER, Asked, reader, today, totals, visible, whose
from core.services.reports.asking import PIPELINE as BY_PIPELINE
from core.services.reports.pivot import labels_of, said_filters, understood
from core.services.reports.table import Column, Table, money

STAGE, PRODUCT, MONTH = dimension("stage"), dimension("product"), dimension("month")
WON_AMOUNT_LABEL = "赢单金额"
YEAR = timedelta(days=365)
AHEAD = 3
"""Months of which a forecast is kept each Monday."""
SHOWN = 3
PAST = 6
"""So many periods that are over say what new deals bring, and how much win rates go up and down."""


@dataclass(frozen=True)
class Outlook:
    """A forecast with what is said about it; `whole` counts along what will only be begun."""

    whose: str
    span: Span
    figures: Forecast
    whole: Whole
    deals: tuple[Judged, ...]
    optimistic: int
    calls: tuple[tuple[Member, ForecastCall], ...]
    last_accuracy: float | None
    to_open: tuple[Deal, ...]
    basis: str


def rates_of(uow: UnitOfWork) -> dict[str, Rates]:
    """Return how surely and fast deals went on in the last twelve months, by pipeline; of the whole company."""
    day = today(uow)
    span = Span(day - YEAR, day)
    everything = scope_of(SYSTEM)
    settled = (WENT_ON, GAVE_UP)

    def asked(bases: Sequence[Any], by: Sequence[Dimension]) -> dict[tuple[Any, ...], dict[str, float]]:
        return uow.metrics.totals(bases, by, span, (), everything)

    whole = asked((*settled, ADVANCED, LOST_HERE, LEFT, STOOD), [BY_PIPELINE, STAGE])
    teams = asked(settled, [BY_PIPELINE, DEPARTMENT, STAGE])
    products = asked(settled, [BY_PIPELINE, PRODUCT, STAGE])
    over = asked((WON, LOST, CYCLE), [BY_PIPELINE])
    made = {}
    for pipeline in uow.playbook.pipelines:
        name = pipeline.name
        closed = over.get((name,), {})
        won = int(closed.get("won", 0))
        made[name] = Rates(
            pipeline=pipeline,
            whole={key[1]: _settled(found) for key, found in whole.items() if key[0] == name},
            passing={key[1]: _passed(found) for key, found in whole.items() if key[0] == name},
            teams={(str(key[1]), key[2]): _settled(found) for key, found in teams.items() if key[0] == name and key[1]},
            products={
                (key[1], key[2]): _settled(found) for key, found in products.items() if key[0] == name and key[1]
            },
            dwell={
                key[1]: found["stood"] / found["left"] / SECONDS
                for key, found in whole.items()
                if key[0] == name and found.get("left")
            },
            overall=Settled(won, won + int(closed.get("lost", 0))),
            cycle=closed.get("cycle", 0) / won if won else 0.0,
        )
    return made


def judged_deals(
    uow: UnitOfWork, asked: Asked, rates: Mapping[str, Rates] | None = None, by: Sequence[Dimension] = ()
) -> list[Judged]:
    """Return the open deals that the actor may see, with how surely they are won and when they come in."""
    rates, day = rates or rates_of(uow), today(uow)
    teams = {member.id: member.department for member in uow.members.everybody()}
    first = uow.playbook.pipelines[0].name
    return [
        judge(one, rates.get(one.pipeline) or rates[first], day, teams.get(one.owner_id or MemberId(0), ""))
        for one in uow.metrics.standing(asked.filters(), reader(uow), by)
    ]


def outlook(uow: UnitOfWork, asked: Asked) -> Outlook:
    """Return the forecast of a period: what is closed in it, and what is expected to come in during it."""
    visible(uow, asked)
    span = asked.days(uow)
    rates = rates_of(uow)
    judged = judged_deals(uow, asked, rates)
    coming = within(judged, span)
    figures = forecast(_closed(uow, span, asked), coming)
    moved = [one for one in judged if one.optimistic and _was_said_in(one, span)]
    return Outlook(
        whose=f"{whose(uow, asked)}{said_filters(uow, asked)}",
        span=span,
        figures=figures,
        whole=Whole(figures, past_of(uow, asked, span)),
        deals=tuple(sorted(coming, key=lambda one: -one.expected)),
        optimistic=sum(one.deals.count for one in moved),
        calls=_calls(uow, asked, span) if not asked.where else (),
        last_accuracy=_accuracy_of(uow, previous(around(Unit.MONTH, span.first)), asked),
        to_open=_largest(uow, asked),
        basis=rates[uow.playbook.pipelines[0].name].basis(),
    )


def past_of(uow: UnitOfWork, asked: Asked, span: Span) -> tuple[Period, ...]:
    """Return what became of the last periods like one that is not over; where nobody closed anything is no past."""
    return tuple(
        Period(won, lost, sum(uow.metrics.fresh(since, one, asked.filters(), reader(uow)).values()))
        for since, one, won, lost in _periods_before(uow, asked, span)
    )


def _periods_before(uow: UnitOfWork, asked: Asked, span: Span) -> Iterator[tuple[date, Span, int, int]]:
    """Yield the last periods in which anybody closed anything, with the day that is their tomorrow, won and lost."""
    tomorrow, one = today(uow) + timedelta(days=1), span
    for _ in range(PAST if tomorrow <= span.last else 0):
        one = previous(one)
        if one.last < tomorrow:
            whole = uow.metrics.totals([WON, LOST], [], one, (), scope_of(SYSTEM)).get((), {})
            if any(whole.values()):
                found = totals(uow, [WON, LOST], [], one, asked).get((), {})
                won, lost = int(found.get(WON.key, 0)), int(found.get(LOST.key, 0))
                yield one.first + (tomorrow - span.first), one, won, lost


def _fresh_by_holder(uow: UnitOfWork, span: Span) -> dict[int, float]:
    """Return what deals bring on average to each that are only begun in a period."""
    brought: dict[int, int] = defaultdict(int)
    count = 0
    for since, one, _, _ in _periods_before(uow, Asked(), span):
        count += 1
        for owner, amount in uow.metrics.fresh(since, one, (), reader(uow)).items():
            brought[owner or 0] += amount
    return {owner: amount / count for owner, amount in brought.items()}


def table(uow: UnitOfWork, asked: Asked) -> Table:
    """Return the forecast by month, from the first month asked for on; or of one period by other dimensions."""
    visible(uow, asked)
    if asked.by and asked.by != (MONTH.label,):
        return _by_dimensions(uow, asked)
    span = asked.span or Span(around(Unit.MONTH, today(uow)).first, _months_on(today(uow), AHEAD - 1).last)
    judged = judged_deals(uow, asked)
    rows = []
    day = span.first
    while day <= span.last:
        month = around(Unit.MONTH, day)
        one = forecast(_closed(uow, month, asked), within(judged, month))
        kept = _accuracy_of(uow, month, asked) if month.last < today(uow) else None
        whole = Whole(one, past_of(uow, asked, month))
        rows.append(
            (
                f"{month.first:%Y-%m}", one.total, one.low, one.high, one.closed, one.open,
                one.cumulative(COMMIT), one.cumulative(BEST), one.cumulative(PIPELINE), one.count, kept,
                whole.fresh, whole.total, *(whole.band() or (None, None)),
            )
        )  # fmt: skip
        day = month.last + timedelta(days=1)
    columns = (
        Column("月份"), Column("预测", Kind.MONEY), Column("下限", Kind.MONEY), Column("上限", Kind.MONEY),
        Column("已赢", Kind.MONEY), Column("在手加权", Kind.MONEY), Column("承诺", Kind.MONEY),
        Column("力争", Kind.MONEY), Column("进行中", Kind.MONEY), Column("商机数", Kind.COUNT),
        Column("准确率", Kind.SHARE), Column("预计新开", Kind.MONEY), Column("加上新开的", Kind.MONEY),
        Column("加上后下限", Kind.MONEY), Column("加上后上限", Kind.MONEY),
    )  # fmt: skip
    return Table(f"{whose(uow, asked)}{said_filters(uow, asked)} 预测", columns, tuple(rows))


def _by_dimensions(uow: UnitOfWork, asked: Asked) -> Table:
    """Return the forecast of a period by region, department, product, holder or a field of one's own."""
    by = understood(uow, (WON_AMOUNT_LABEL,), asked.by).by
    if any(one.unit is not None or WON_AMOUNT.subject not in one.columns for one in by):
        raise BadInput("预测可以按地区、部门、产品、负责人、来源、行业看，按月请单独说「按月看预测」")
    span = asked.days(uow)
    coming: dict[tuple[Any, ...], list[Judged]] = defaultdict(list)
    for one in within(judged_deals(uow, asked, by=by), span):
        coming[tuple(value or None for value in one.deals.key)].append(one)
    closed: dict[tuple[Any, ...], int] = defaultdict(int)
    for key, found in totals(uow, [WON_AMOUNT], by, span, asked).items():
        closed[tuple(value or None for value in key)] += int(found[WON_AMOUNT.key])
    keys = coming.keys() | {key for key, value in closed.items() if value}
    labels = labels_of(uow, by, keys)
    rows: list[tuple[Any, ...]] = []
    for key in keys:
        made = forecast(closed.get(key, 0), coming.get(key, ()))
        names = (labels[place][value] for place, value in enumerate(key))
        rows.append((*names, made.total, made.low, made.high, made.closed, made.open, made.count))
    rows.sort(key=lambda row: (-row[len(by)], row[: len(by)]))
    columns = (
        *(Column(one.label) for one in by),
        Column("预测", Kind.MONEY), Column("下限", Kind.MONEY), Column("上限", Kind.MONEY),
        Column("已赢", Kind.MONEY), Column("在手加权", Kind.MONEY), Column("商机数", Kind.COUNT),
    )  # fmt: skip
    said = "、".join(one.label for one in by)
    whole = sum(row[len(by)] for row in rows)
    title = f"{whose(uow, asked)} {span}{said_filters(uow, asked)} 预测（按{said}）"
    page = tuple(rows[asked.offset : asked.offset + asked.limit])
    return Table(title, columns, page, notes=(f"合计预测 {money(whole)}",) if rows else (), total=len(rows))


def deals_table(uow: UnitOfWork, asked: Asked) -> Table:
    """Return every open deal alike with its chance, its month and whether its date is too hopeful."""
    judged = sorted(judged_deals(uow, visible(uow, asked)), key=lambda one: -one.expected)
    columns = (
        Column("阶段"), Column("产品"), Column("金额", Kind.MONEY), Column("赢率", Kind.SHARE),
        Column("加权", Kind.MONEY), Column("预计到账月"), Column("提示"),
    )  # fmt: skip
    rows = tuple(
        (
            one.deals.stage, one.deals.product, one.deals.amount, one.chance, one.expected,
            f"{one.comes_on:%Y-%m-%d}", "日期偏乐观" if one.optimistic else "",
        )
        for one in judged[asked.offset : asked.offset + asked.limit]
    )  # fmt: skip
    return Table("在手商机的赢率", columns, rows, total=len(judged))


def mark(uow: UnitOfWork, deal: Deal, category: str) -> None:
    """Say as how sure a deal counts in forecasts."""
    require(may_see_deal(uow, deal), "改动这个商机")
    if not deal.is_open:
        raise BadInput(f"「{deal.name}」已经{deal.stage}，不用再标预测。发送「预测」看本月数字")
    uow.does("forecast.mark")
    deal.forecast = category


def call(uow: UnitOfWork, member: Member, month: date, amount: Money, reason: str) -> ForecastCall:
    """Say what a leader expects of a member's month; what the figures say stays beside it."""
    asked = visible(uow, Asked(around(Unit.MONTH, month), member))
    require(member.id != uow.actor.id and scope_of(uow.actor).department is not None, f"调整{member.name}的预测")
    figures = outlook(uow, asked).figures
    made = ForecastCall(
        member_id=member.id,
        month=around(Unit.MONTH, month).first,
        amount=amount,
        was=Money(round(figures.total)),
        reason=reason[:200],
        called_by=uow.actor.id,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.does("forecast.call")
    uow.yardsticks.add(made)
    return made


def keep_snapshot(uow: UnitOfWork) -> int:
    """Keep what is expected of everybody's deals for this month and the next ones; return how many rows."""
    day = today(uow)
    asked = Asked()
    judged: dict[tuple[date, int], list[Judged]] = defaultdict(list)
    last = _months_on(day, AHEAD - 1).last
    for one in judged_deals(uow, asked):
        if one.comes_on <= last:
            judged[one.month, one.deals.owner_id or 0].append(one)
    closed = {
        (month.first, owner or 0): int(found["won_amount"])
        for month in (_months_on(day, number) for number in range(AHEAD))
        for (owner,), found in totals(uow, [WON_AMOUNT], [MEMBER], month, asked).items()
    }
    fresh = {
        (month.first, owner): round(amount)
        for month in (_months_on(day, number) for number in range(AHEAD))
        for owner, amount in _fresh_by_holder(uow, month).items()
    }
    rows = []
    for key in sorted(judged.keys() | closed.keys() | fresh.keys()):
        figures = forecast(closed.get(key, 0), judged.get(key, ()))
        rows.append(
            {
                "month": key[0],
                "owner_id": key[1],
                "closed": figures.closed,
                "expected": round(figures.total),
                "fresh": fresh.get(key, 0),
                "commit": figures.cumulative(COMMIT),
                "best": figures.cumulative(BEST),
                "pipeline": figures.cumulative(PIPELINE),
            }
        )
    uow.metrics.snapshot(day, rows)
    return len(rows)


def accuracy_table(uow: UnitOfWork, asked: Asked) -> Table:
    """Return for each month that is over how well it was foreseen at its beginning."""
    visible(uow, asked)
    day = around(Unit.MONTH, today(uow))
    rows = []
    for number in range(12, 0, -1):
        month = _months_on(day.first, -number)
        kept = uow.metrics.snapshots(month.first, reader(uow))
        actual = _closed(uow, month, asked)
        if kept:
            begun = _at_beginning(kept, month)
            whole = begun["expected"] + begun["fresh"]
            rows.append(
                (
                    f"{month.first:%Y-%m}",
                    f"{begun['taken_on']}",
                    begun["expected"],
                    actual,
                    accuracy(begun["expected"], actual),
                    whole,
                    accuracy(whole, actual),
                )
            )
    columns = (
        Column("月份"), Column("快照"), Column("当时预测", Kind.MONEY), Column("实际", Kind.MONEY),
        Column("准确率", Kind.SHARE), Column("加上新开的", Kind.MONEY), Column("加上后准确率", Kind.SHARE),
    )  # fmt: skip
    return Table(
        "预测准确率", columns, tuple(rows), notes=() if rows else ("还没有满一个月的快照，每周一零点自动留一份",)
    )


def said_category(words: str) -> str | None:
    """Return the category that people call so."""
    return next((key for key, label in CATEGORIES.items() if words in (key, label)), None)


def _settled(found: dict[str, float]) -> Settled:
    advanced, lost = int(found.get("went_on", 0)), int(found.get("gave_up", 0))
    return Settled(advanced, advanced + lost)


def _passed(found: dict[str, float]) -> Settled:
    """Count those that passed a stage unseen too."""
    advanced, lost = int(found.get("advanced", 0)), int(found.get("lost_here", 0))
    return Settled(advanced, advanced + lost)


def _closed(uow: UnitOfWork, span: Span, asked: Asked) -> int:
    return int(sum(found["won_amount"] for found in totals(uow, [WON_AMOUNT], [], span, asked).values()))


def _was_said_in(one: Judged, span: Span) -> bool:
    said = one.deals.expected
    return said is not None and span.first <= said <= span.last and not span.first <= one.comes_on <= span.last


def _calls(uow: UnitOfWork, asked: Asked, span: Span) -> tuple[tuple[Member, ForecastCall], ...]:
    """Return what leaders say of members in sight, the newest word on each."""
    scope = reader(uow)
    found: dict[MemberId, tuple[Member, ForecastCall]] = {}
    calls = uow.yardsticks.calls(around(Unit.MONTH, span.first).first)
    members = uow.members.find({one.member_id for one in calls})
    for one in calls:
        member = members[one.member_id]
        if scope.covers(member.id, member.department) and asked.member in (None, member) and member.id not in found:
            found[member.id] = (member, one)
    return tuple(found.values())


def _accuracy_of(uow: UnitOfWork, month: Span, asked: Asked) -> float | None:
    kept = uow.metrics.snapshots(month.first, reader(uow))
    if not kept or asked.where or asked.member is not None:
        return None
    return accuracy(_at_beginning(kept, month)["expected"], _closed(uow, month, replace(asked, span=month)))


def _at_beginning(kept: Sequence[dict[str, Any]], month: Span) -> dict[str, Any]:
    """Return the last snapshot from before a month began, else its first one."""
    before = [one for one in kept if one["taken_on"] <= month.first]
    return before[-1] if before else kept[0]


def _months_on(day: date, number: int) -> Span:
    months = day.year * 12 + day.month - 1 + number
    return around(Unit.MONTH, date(months // 12, months % 12 + 1, 1))


def _largest(uow: UnitOfWork, asked: Asked) -> tuple[Deal, ...]:
    ids = uow.metrics.records(STANDING, None, asked.filters(), reader(uow), limit=SHOWN)
    deals = {deal.id: deal for deal in uow.deals.find(map(DealId, ids))}
    return tuple(deals[DealId(one)] for one in ids if DealId(one) in deals)


def said_whole(one: Whole) -> str:
    """Say what comes in with deals that are only begun, and by how many periods that is known; empty where none do."""
    if not one.fresh:
        return ""
    band = one.band()
    said = f"{money(one.total)}（近 {len(one.past)} 期平均新开 {money(one.fresh)}"
    return (
        f"{said}，八成在 {money(band[0])} ~ {money(band[1])}）"
        if band is not None
        else f"{said}，只有一期，区间说不准）"
    )


def said_band(one: Forecast) -> str:
    """Say a forecast with its band."""
    wide = "（单子少，区间宽）" if one.is_wide else ""
    return f"{money(one.low)} ~ {money(one.high)}{wide}"
