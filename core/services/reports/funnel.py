"""The funnel: how deals go through their stages, where they leak, and what to do about it (semantics B.9)."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.model.deal import Deal
from core.model.ids import DealId
from core.model.playbook import Outcome, Pipeline
from core.ports import UnitOfWork
from core.rules.metrics.declared import LOST_HERE, PASSAGES, STANDING, STILL_HERE, Base, Dimension, Kind, dimension
from core.rules.metrics.funnel import Counts, StageFigures, advice_on, targets_of, usual, worst_leak
from core.rules.metrics.periods import Span, last_months, previous
from core.services.reports.asking import Asked, in_pipeline, reader, today, totals, visible, whose
from core.services.reports.pivot import said_filters
from core.services.reports.table import Column, Table

STAGE, MONTH, REASON = dimension("stage"), dimension("month"), dimension("reason")
MONTHS, SHOWN = 12, 3


@dataclass(frozen=True)
class Funnel:
    """A funnel of some days, and the deals to open."""

    whose: str
    span: Span
    stages: tuple[StageFigures, ...]
    worst: StageFigures | None
    to_open: tuple[Deal, ...]

    @property
    def overall(self) -> float | None:
        """Which share of the deals that come in is won, by the conversions of all stages; None while one is unknown."""
        shares = [one.counts.conversion for one in self.stages if not one.is_last]
        return math.prod(share for share in shares if share is not None) if None not in shares else None

    @property
    def days(self) -> float:
        """How long a deal takes on average that goes through all stages."""
        return sum(stage.counts.dwell or 0 for stage in self.stages)


def funnel(uow: UnitOfWork, asked: Asked) -> Funnel:
    """Return the funnel of what entered its stages in some days, beside the days before and the last year."""
    visible(uow, asked)
    pipeline, named = _pipeline(uow, asked), f"{whose(uow, asked)}{said_filters(uow, asked)}"
    asked = in_pipeline(asked, pipeline)
    span = asked.days(uow)
    now, reasons = _with_reasons(uow, span, asked)
    before = _counted(uow, previous(span), asked)
    months = _by_month(uow, last_months(today(uow), MONTHS), asked)
    targets = targets_of(pipeline)
    way = [stage for stage in pipeline.stages if stage.outcome is not Outcome.LOST]
    stages = []
    for place, stage in enumerate(way):
        counts, is_last = now.get(stage.name, Counts()), place == len(way) - 1
        usual_conversion, usual_dwell = usual(months.get(stage.name, {}).values())
        target, why = targets.get(stage.name), reasons.get(stage.name, ())
        advice = advice_on(counts, why, is_first=place == 0, is_last=is_last, target=target, usual_dwell=usual_dwell)
        stages.append(
            StageFigures(
                stage=stage.name,
                counts=counts,
                reasons=why,
                before=before.get(stage.name, Counts()),
                usual_conversion=usual_conversion,
                usual_dwell=usual_dwell,
                target=target,
                advice=advice,
                is_last=is_last,
            )
        )
    worst = worst_leak(stages)
    return Funnel(named, span, tuple(stages), worst, _to_open(uow, asked, worst))


def stage_deals(uow: UnitOfWork, asked: Asked, stage: str, *, lost: bool, span: Span | None) -> list[Deal]:
    """Return the deals that stand in a stage now, or that were lost from it in some days, the largest first."""
    base = LOST_HERE if lost else STILL_HERE
    return _deals(uow, asked, base, stage, span, SHOWN)


def table(uow: UnitOfWork, asked: Asked) -> Table:
    """Return the funnel as a table."""
    made = funnel(uow, asked)
    columns = (
        Column("阶段"),
        Column("进入", Kind.COUNT),
        Column("推进", Kind.COUNT),
        Column("转化率", Kind.SHARE),
        Column("已定转化率", Kind.SHARE),
        Column("流失率", Kind.SHARE),
        Column("平均停留天数", Kind.DAYS),
        Column("输单", Kind.COUNT),
        Column("仍在", Kind.COUNT),
        Column("流失原因"),
        Column("上期转化率", Kind.SHARE),
        Column("近12月中位转化率", Kind.SHARE),
        Column("建议"),
    )
    rows = tuple(
        (
            one.stage,
            one.counts.entered,
            None if one.is_last else one.counts.advanced,
            None if one.is_last else one.counts.conversion,
            None if one.is_last else one.counts.settled,
            None if one.is_last else one.counts.leak,
            one.counts.dwell,
            None if one.is_last else one.counts.lost,
            None if one.is_last else one.counts.open,
            "、".join(f"{reason} {count}" for reason, count in one.reasons),
            None if one.is_last else one.before.conversion,
            one.usual_conversion,
            "；".join(one.advice),
        )
        for one in made.stages
    )
    return Table(f"{made.whose} {made.span} 漏斗", columns, rows)


def _pipeline(uow: UnitOfWork, asked: Asked) -> Pipeline:
    wanted = next((values[0] for dimension, values in asked.where if dimension.key == "pipeline"), None)
    return uow.playbook.pipeline(str(wanted)) if wanted is not None else uow.playbook.pipelines[0]


def _counted(uow: UnitOfWork, span: Span, asked: Asked) -> dict[str, Counts]:
    return {key[0]: counts_of(found) for key, found in totals(uow, PASSAGES, [STAGE], span, asked).items()}


def _by_month(uow: UnitOfWork, span: Span, asked: Asked) -> Mapping[str, dict[str, Counts]]:
    months: dict[str, dict[str, Counts]] = defaultdict(dict)
    for (stage, month), found in totals(uow, PASSAGES, [STAGE, MONTH], span, asked).items():
        months[stage][month] = counts_of(found)
    return months


def _with_reasons(
    uow: UnitOfWork, span: Span, asked: Asked
) -> tuple[dict[str, Counts], dict[str, tuple[tuple[str, int], ...]]]:
    """Count each stage, and for what reasons deals were lost there, the most frequent first."""
    whole: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    lost: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for (stage, reason), found in totals(uow, PASSAGES, [STAGE, REASON], span, asked).items():
        for name, value in found.items():
            whole[stage][name] += value
        if count := int(found[LOST_HERE.key]):
            lost[stage].append((reason or "没有写原因", count))
    reasons = {stage: tuple(sorted(some, key=lambda one: (-one[1], one[0]))) for stage, some in lost.items()}
    return {stage: counts_of(found) for stage, found in whole.items()}, reasons


def counts_of(found: Mapping[str, float]) -> Counts:
    """Return what the sums of passages come to."""
    return Counts(
        entered=int(found.get("entered", 0)),
        advanced=int(found.get("advanced", 0)),
        lost=int(found.get("lost_here", 0)),
        open=int(found.get("still_here", 0)),
        left=int(found.get("left", 0)),
        seconds=found.get("stood", 0),
    )


def _to_open(uow: UnitOfWork, asked: Asked, worst: StageFigures | None) -> tuple[Deal, ...]:
    """Return the largest deals that stand in the stage that leaks most; else the largest of all that are open."""
    found = _deals(uow, asked, STANDING, worst.stage, None, SHOWN) if worst is not None else []
    return tuple(found or _deals(uow, asked, STANDING, "", None, SHOWN))


def _deals(uow: UnitOfWork, asked: Asked, base: Base, stage: str, span: Span | None, limit: int) -> list[Deal]:
    where: list[tuple[Dimension, tuple[Any, ...]]] = list(asked.filters())
    if stage:
        where.append((STAGE, (stage,)))
    ids = uow.metrics.records(base, span, where, reader(uow), limit=limit)
    deals = {deal.id: deal for deal in uow.deals.find(map(DealId, ids))}
    return [deals[DealId(one)] for one in ids if DealId(one) in deals]
