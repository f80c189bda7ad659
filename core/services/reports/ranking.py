"""Who brought what: against the target, and against what anybody would have made of the same chances (first C8)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from core.model.ids import MemberId
from core.model.member import SYSTEM, Member
from core.model.report import TargetKind
from core.ports import UnitOfWork
from core.rules.metrics.declared import BEGUN_WON, KEPT_LEADS, OPENED, WON, WON_AMOUNT, Kind, dimension
from core.rules.metrics.lift import Cell, Chances, Lift, lifts
from core.rules.metrics.periods import Span, Unit, around
from core.rules.permissions import scope_of
from core.services.reports.asking import MEMBER, Asked, people_of, totals, visible, whose
from core.services.reports.credit import moved
from core.services.reports.table import Column, Table

KIND_OF_CHANCE = (dimension("source"), dimension("grade"), dimension("industry"))
YEAR = timedelta(days=364)


@dataclass(frozen=True)
class Place:
    """One member's line."""

    member: Member
    won: int
    count: int
    target: int
    lift: Lift | None

    @property
    def attainment(self) -> float | None:
        return self.won / self.target if self.target else None


def ranking(uow: UnitOfWork, asked: Asked) -> list[Place]:
    """Return whom the actor sees: who reached most of their target first, then who won most without one."""
    visible(uow, asked)
    span = asked.days(uow)
    won = {key[0]: found for key, found in totals(uow, [WON_AMOUNT, WON], [MEMBER], span, asked).items()}
    targets: dict[MemberId, int] = defaultdict(int)
    for one in uow.yardsticks.targets(around(Unit.MONTH, span.first).first, span.last):
        if one.kind == TargetKind.SIGNED and one.member_id is not None:
            targets[one.member_id] += one.value
    lift = {one.member_id: one for one in lifts_of(uow, Span(span.last - YEAR, span.last))}
    places = [
        Place(
            member,
            int(won.get(member.id, {}).get("won_amount", 0)),
            int(won.get(member.id, {}).get("won", 0)),
            targets.get(member.id, 0),
            lift.get(member.id),
        )
        for member in people_of(uow, asked)
        if member.id in won or member.id in targets or (member.active and member.id in lift)
    ]
    return sorted(places, key=lambda one: (one.attainment is None, -(one.attainment or 0), -one.won, one.member.name))


def lifts_of(uow: UnitOfWork, span: Span) -> list[Lift]:
    """Return everybody's lift over the chances of some days; what a chance is worth the whole company has shown."""
    everything = scope_of(SYSTEM)
    by = (MEMBER, *KIND_OF_CHANCE)
    found: dict[tuple[MemberId, Cell], list[float]] = defaultdict(lambda: [0, 0.0])
    for key, figures in uow.metrics.totals((OPENED, BEGUN_WON, KEPT_LEADS), by, span, (), everything).items():
        if key[0] is not None:
            cell = (str(key[1] or ""), str(key[2] or ""), str(key[3] or ""))
            entry = found[key[0], cell]
            entry[0] += figures.get("opened", 0) + figures.get("kept_leads", 0)
            entry[1] += figures.get("begun_won", 0)
    for key, part in moved(uow, by, span, (), everything, uow.playbook.reports.fiscal_begins, BEGUN_WON).items():
        if key[0] is not None:
            found[key[0], (str(key[1] or ""), str(key[2] or ""), str(key[3] or ""))][1] += part
    return lifts(Chances(member, cell, int(count), won) for (member, cell), (count, won) in found.items())


def table(uow: UnitOfWork, asked: Asked) -> Table:
    """Return the ranking as a table."""
    columns = (
        Column("名次", Kind.COUNT), Column("姓名"), Column("赢单金额", Kind.MONEY), Column("赢单数", Kind.COUNT),
        Column("目标", Kind.MONEY), Column("达成率", Kind.SHARE), Column("机会数", Kind.COUNT),
        Column("同样机会应得", Kind.MONEY), Column("实得", Kind.MONEY), Column("能力系数", Kind.FACTOR),
    )  # fmt: skip
    rows = tuple(
        (
            number,
            one.member.name,
            one.won,
            one.count,
            one.target or None,
            one.attainment,
            one.lift.chances if one.lift else None,
            one.lift.expected if one.lift else None,
            one.lift.won if one.lift else None,
            one.lift.lift if one.lift else None,
        )
        for number, one in enumerate(ranking(uow, asked), 1)
    )
    return Table(f"{whose(uow, asked)} {asked.days(uow)} 排行", columns, rows)
