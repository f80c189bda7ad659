"""How fast leads are answered, how newcomers get on, and how leads come and go."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from core.model.ids import MemberId
from core.model.member import SELLING, Member
from core.ports import UnitOfWork
from core.rules.metrics.declared import LET_GO, OPENED, RECEIVED, TALKS, WON, WON_AMOUNT, Kind, dimension
from core.rules.metrics.periods import Span
from core.rules.permissions import require, scope_of
from core.services.members import team_of
from core.services.reports.asking import MEMBER, Asked, names_of, reader, today, totals, visible, whose
from core.services.reports.table import Column, Table

CAME_BY, WENT_BY = dimension("came_by"), dimension("went_by")
AGE_AT_MOST = timedelta(days=365)
DAY = 86400


@dataclass(frozen=True)
class Age:
    """What somebody had done at some age in the company."""

    leads: int
    talks: int
    deals: int
    won: int
    amount: int
    answer_hours: float | None

    @property
    def conversion(self) -> float | None:
        return self.won / self.deals if self.deals else None


@dataclass(frozen=True)
class Ramp:
    """How a newcomer gets on beside what the others had done at the same age, each by its median."""

    member: Member
    days: int
    own: Age
    group: Age | None
    peers: int


def ramp(uow: UnitOfWork, member: Member) -> Ramp:
    """Compare a member with the colleagues whom the asker leads, at the same age."""
    visible(uow, Asked(member=member))
    require(scope_of(uow.actor).department is not None or member.id == uow.actor.id, f"查看{member.name}的上手情况")
    age = min(today(uow) - _joined(uow, member), AGE_AT_MOST)
    others = [one for one in team_of(uow) if one.id != member.id and one.is_any(SELLING)]
    known = [_at_age(uow, one, age) for one in others if today(uow) - _joined(uow, one) >= age]
    return Ramp(member, age.days, _at_age(uow, member, age), _middle(known), len(known))


def response_table(uow: UnitOfWork, asked: Asked) -> Table:
    """Return how many hours leads waited for their first valid follow-up."""
    visible(uow, asked)
    hours: dict[MemberId, list[float | None]] = defaultdict(list)
    for member_id, waited in uow.metrics.responses(asked.days(uow), asked.filters(), reader(uow)):
        hours[member_id].append(None if waited is None else waited / 3600)
    names = names_of(uow, list(hours))
    rows = []
    for member_id, waits in hours.items():
        answered = [wait for wait in waits if wait is not None]
        middle = median(answered) if answered else None
        rows.append((names[member_id], len(waits), len(answered), middle, sum(wait <= 24 for wait in answered)))  # noqa: PLR2004 - a day
    rows.sort(key=lambda row: row[3] if row[3] is not None else float("inf"))
    columns = (
        Column("姓名"), Column("到手线索", Kind.COUNT), Column("已首次联系", Kind.COUNT),
        Column("首次响应小时（中位）", Kind.DAYS), Column("24小时内", Kind.COUNT),
    )  # fmt: skip
    return Table(f"{whose(uow, asked)} {asked.days(uow)} 线索响应", columns, tuple(rows))


def flow_table(uow: UnitOfWork, asked: Asked) -> Table:
    """Return how leads came into people's hands and left them."""
    visible(uow, asked)
    span = asked.days(uow)
    counted: dict[tuple[str, str], int] = defaultdict(int)
    for base, way, label in ((RECEIVED, CAME_BY, "到手"), (LET_GO, WENT_BY, "离手")):
        for (by,), found in totals(uow, [base], [way], span, asked).items():
            counted[label, str(by or "其他").partition(":")[0]] += int(found[base.key])
    rows = tuple(
        (label, by, count) for (label, by), count in sorted(counted.items(), key=lambda one: (one[0][0], -one[1]))
    )
    columns = (Column("方向"), Column("方式"), Column("线索数", Kind.COUNT))
    return Table(f"{whose(uow, asked)} {span} 线索流转", columns, rows)


def ramp_table(uow: UnitOfWork, asked: Asked) -> Table:
    """Return the newest colleague, or the one asked for, beside the others at the same age."""
    member = asked.member or max(team_of(uow), key=lambda one: one.created_at, default=uow.actor)
    one = ramp(uow, member)
    columns = (Column("指标"), Column(member.name, Kind.DAYS), Column("同龄中位", Kind.DAYS))
    return Table(f"{member.name} 入职 {one.days} 天", columns, tuple(ramp_rows(one)))


def ramp_rows(one: Ramp) -> list[tuple[str, float | None, float | None]]:
    """Return what is compared, line by line."""
    group = one.group
    return [
        ("到手线索", one.own.leads, group.leads if group else None),
        ("有效跟进", one.own.talks, group.talks if group else None),
        ("新建商机", one.own.deals, group.deals if group else None),
        ("赢单", one.own.won, group.won if group else None),
        ("赢单金额（万）", one.own.amount / 1_000_000, group.amount / 1_000_000 if group else None),
        ("首次响应小时", one.own.answer_hours, group.answer_hours if group else None),
    ]


def _joined(uow: UnitOfWork, member: Member) -> date:
    return uow.calendar.local(member.created_at).date()


def _at_age(uow: UnitOfWork, member: Member, age: timedelta) -> Age:
    """Return what a member had done when they were as old as that in the company; rights come with the asker."""
    joined = _joined(uow, member)
    span = Span(joined, joined + age)
    bases = (RECEIVED, TALKS, OPENED, WON, WON_AMOUNT)
    where = ((MEMBER, (member.id,)),)
    found = uow.metrics.totals(bases, (), span, where, reader(uow)).get((), {})
    waits = [wait for _, wait in uow.metrics.responses(span, where, reader(uow)) if wait is not None]
    return Age(
        leads=int(found.get("received", 0)),
        talks=int(found.get("talks", 0)),
        deals=int(found.get("opened", 0)),
        won=int(found.get("won", 0)),
        amount=int(found.get("won_amount", 0)),
        answer_hours=median(waits) / 3600 if waits else None,
    )


def _middle(known: list[Age]) -> Age | None:
    if not known:
        return None
    waits = [one.answer_hours for one in known if one.answer_hours is not None]
    return Age(
        leads=int(median(one.leads for one in known)),
        talks=int(median(one.talks for one in known)),
        deals=int(median(one.deals for one in known)),
        won=int(median(one.won for one in known)),
        amount=int(median(one.amount for one in known)),
        answer_hours=median(waits) if waits else None,
    )
