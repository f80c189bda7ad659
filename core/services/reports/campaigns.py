"""What a source of customers has cost and brought, and what the whole system brings against its cost (B.12)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from core.errors import BadInput
from core.model.member import LEADING, SYSTEM, Role
from core.model.money import Money
from core.model.report import CampaignCost
from core.ports import UnitOfWork
from core.rules.metrics.declared import CONVERTED, LEADS, WON, WON_AMOUNT, Kind, dimension
from core.rules.metrics.periods import Span
from core.rules.metrics.returns import Gain, Measurements, Ratio, gains, ratio, short_model
from core.rules.permissions import Scope, require, scope_of
from core.services.reports.asking import Asked, today, totals_in
from core.services.reports.table import Column, Table

SOURCE = dimension("source")
YEAR = timedelta(days=365)
ENOUGH = 100
"""Fewer leads say nothing of a share of a few percent."""
_SPENDING = LEADING | {Role.MARKETING, Role.FINANCE, Role.ADMIN}


@dataclass(frozen=True)
class Campaign:
    """What came from one source in some days, against what was spent on it; in 分."""

    source: str
    cost: int
    leads: int
    converted: int
    won: int
    amount: int
    margin: float | None

    @property
    def romi(self) -> float | None:
        """(what was won, at its margin where one is known) − cost, over cost."""
        return (
            (self.amount * (1 if self.margin is None else self.margin) - self.cost) / self.cost if self.cost else None
        )

    @property
    def per_lead(self) -> float | None:
        return self.cost / self.leads if self.leads and self.cost else None

    @property
    def per_customer(self) -> float | None:
        """What it cost to win one customer (CAC)."""
        return self.cost / self.won if self.won and self.cost else None


def _sight(uow: UnitOfWork) -> Scope:
    """Return whose figures stand against costs: all for whoever spends for the company, their people's for leaders."""
    sees_all = uow.actor.id == 0 or uow.actor.is_any(_SPENDING - LEADING)
    require(sees_all or uow.actor.is_any(_SPENDING), "查看投入回报")
    return scope_of(SYSTEM) if sees_all else scope_of(uow.actor)


def note_cost(uow: UnitOfWork, source: str, amount: Money, day: date | None, note: str = "") -> CampaignCost:
    """Note what was spent on a source."""
    require(uow.actor.is_any(_SPENDING), "登记活动花费")
    if amount.fen <= 0:
        raise BadInput("花费要大于 0，例如「登记花费 展会 5万」")
    made = CampaignCost(
        source=source[:64], spent_on=day or today(uow), amount=amount, note=note[:200],
        noted_by=uow.actor.id or None, created_at=uow.now, updated_at=uow.now,
    )  # fmt: skip
    uow.does("campaign.cost")
    uow.yardsticks.add(made)
    return made


def campaigns(uow: UnitOfWork, asked: Asked, source: str = "") -> list[Campaign]:
    """Return what each source brought, the one that cost most first; for whoever leads or spends."""
    scope = _sight(uow)
    span = asked.span or Span(today(uow) - YEAR, today(uow))
    found = totals_in(uow, (LEADS, CONVERTED, WON, WON_AMOUNT), [SOURCE], span, asked.where, (scope, scope))
    costs: dict[str, int] = defaultdict(int)
    for one in uow.yardsticks.costs(source):
        if span.first <= one.spent_on <= span.last:
            costs[one.source] += one.amount.fen
    brought = {str(key[0] or "（未填）"): figures for key, figures in found.items()}
    names = [source] if source else sorted(brought.keys() | costs.keys())
    margin = uow.playbook.reports.returns.margin
    made = [
        Campaign(
            source=name,
            cost=costs.get(name, 0),
            leads=int(brought.get(name, {}).get("leads", 0)),
            converted=int(brought.get(name, {}).get("converted", 0)),
            won=int(brought.get(name, {}).get("won", 0)),
            amount=int(brought.get(name, {}).get("won_amount", 0)),
            margin=margin,
        )
        for name in names
    ]
    return sorted(made, key=lambda one: (-one.cost, -one.amount))


def campaign_table(uow: UnitOfWork, asked: Asked) -> Table:
    """Return every source with its cost and return."""
    columns = (
        Column("来源"), Column("花费", Kind.MONEY), Column("线索", Kind.COUNT), Column("转客户", Kind.COUNT),
        Column("赢单", Kind.COUNT), Column("赢单金额", Kind.MONEY), Column("投产比", Kind.SHARE),
        Column("每条线索成本", Kind.MONEY), Column("获客成本", Kind.MONEY),
    )  # fmt: skip
    rows = tuple(
        (o.source, o.cost or None, o.leads, o.converted, o.won, o.amount, o.romi, o.per_lead, o.per_customer)
        for o in campaigns(uow, asked)
    )
    return Table("来源回报", columns, rows)


@dataclass(frozen=True)
class Worth:
    """What the system brings: the four lines with their sum, the same at margin, and the short model."""

    lines: tuple[Gain, ...]
    whole: Ratio
    at_margin: Ratio | None
    short: tuple[Gain, ...]
    short_ratio: Ratio


def worth(uow: UnitOfWork) -> Worth:
    """Hold what our own data show against the cost of the system; without a baseline nothing is guessed."""
    scope = _sight(uow)
    given = uow.playbook.reports.returns
    lines = gains(given, _measured(uow, given.began_on, scope))
    short = short_model(given)
    return Worth(
        tuple(lines),
        ratio(lines, given.cost),
        ratio(lines, given.cost, at_margin=True) if given.margin is not None else None,
        tuple(short),
        ratio(short, given.cost),
    )


def worth_table(uow: UnitOfWork, _: Asked) -> Table:
    """Return the lines of the return."""
    made = worth(uow)
    columns = (Column("项目"), Column("每年收益（元）", Kind.COUNT), Column("依据"), Column("算法"))
    rows = [(one.name, one.value, one.known, one.basis) for one in made.lines]
    rows.append(("合计", made.whole.benefit, "", f"花费 {made.whole.cost:,.0f} 元"))
    notes = tuple(
        f"{label} {one.ratio:.2f}，净回报 {one.net:.2f}"
        for label, one in (("收益/花费", made.whole), ("按毛利", made.at_margin))
        if one is not None and one.ratio is not None and one.net is not None
    )
    return Table("系统回报", columns, tuple(rows), notes=notes)


def _measured(uow: UnitOfWork, began: date | None, scope: Scope) -> Measurements:
    """Return how many of the leads were won in the year before the system began, and since; the same length each."""
    if began is None or began >= today(uow):
        return Measurements()
    length = min(today(uow) - began, YEAR)
    before = Span(began - length, began - timedelta(days=1))
    after = Span(today(uow) - length + timedelta(days=1), today(uow))
    counted = [
        uow.metrics.totals((LEADS, WON, WON_AMOUNT), (), span, (), scope).get((), {}) for span in (before, after)
    ]
    if any(found.get("leads", 0) < ENOUGH for found in counted) or not counted[1].get("won"):
        return Measurements()
    shares = [found.get("won", 0) / found["leads"] for found in counted]
    return Measurements(
        conversion_before=shares[0],
        conversion_after=shares[1],
        leads_a_year=counted[1]["leads"] * 365 / length.days,
        average=counted[1].get("won_amount", 0) / counted[1]["won"] / 100,
        window=str(before),
    )
