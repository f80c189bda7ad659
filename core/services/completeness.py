"""How complete customers are: shown on cards, kept by week, asked for one field at a time (semantics B.11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from core.model.customer import Account
from core.model.ids import AccountId, MemberId, Ref
from core.model.lead import Lead
from core.model.member import LEADING, SELLING, Member
from core.ports import UnitOfWork
from core.rules.cadence import week_of
from core.rules.completeness import COMPLETENESS, Figure, Mean, Measured, by_week, mean_of, measured
from core.rules.fields.field import Field
from core.rules.fields.rights import may_write
from core.services.customers import Customer
from core.services.fields.facts import facts_of_all
from core.services.fields.values import WRITABLE
from core.services.members import team_of

FILL = "field.fill"
"""The question for one missing field."""

WORST = 5
WEEKS = 12


@dataclass(frozen=True)
class Row:
    """One member's mean now, and by week."""

    member: Member
    now: Mean
    weeks: tuple[Figure, ...]


@dataclass(frozen=True)
class Overview:
    """How complete the customers of some members are, by member and together, and the least complete of the actor."""

    rows: tuple[Row, ...]
    weeks: tuple[tuple[date, Mean], ...]
    worst: tuple[tuple[Customer, Measured], ...]

    @property
    def now(self) -> Mean:
        return sum((row.now for row in self.rows), Mean())


def measure(uow: UnitOfWork, about: Customer) -> Measured:
    """Measure one customer; an account is reached by the phone of any of its people."""
    return measure_all(uow, [about])[0]


def measure_all(uow: UnitOfWork, customers: Sequence[Customer]) -> list[Measured]:
    """Measure customers, in their order."""
    policy = uow.playbook.completeness
    reached = _reached(uow, [one.id for one in customers if isinstance(one, Account)])
    found: dict[Ref, Measured] = {}
    for kind in (Lead, Account):
        some = [one for one in customers if isinstance(one, kind)]
        for one, facts in zip(some, facts_of_all(uow, some), strict=True):
            if one.ref in reached and not one.phone:
                facts.more = {**facts.more, "phone": reached[one.ref]}
            found[one.ref] = measured(facts, policy)
    return [found[one.ref] for one in customers]


def overview(uow: UnitOfWork) -> Overview:
    """Return how complete the actor's customers are, and those of whom they lead."""
    people = [uow.actor, *(team_of(uow) if uow.actor.is_any(LEADING) else ())]
    since = week_of(uow.calendar.local(uow.now).date()).begins - timedelta(weeks=WEEKS)
    figures = uow.figures.of(COMPLETENESS, [one.id for one in people], since)
    rows = []
    own: list[tuple[Customer, Measured]] = []
    for member in people:
        held = book_of(uow, member.id)
        measures = measure_all(uow, held)
        if member.id == uow.actor.id:
            own = list(zip(held, measures, strict=True))
        weeks = tuple(one for one in figures if one.member_id == member.id)
        if held or weeks:
            rows.append(Row(member, mean_of(measures), weeks))
    worst = sorted((pair for pair in own if pair[1].missing), key=lambda pair: pair[1].share)
    return Overview(tuple(rows), by_week(figures), tuple(worst[:WORST]))


def keep_figures(uow: UnitOfWork) -> int:
    """Keep this week's mean of everybody who sells; return how many records were measured."""
    means: dict[MemberId, Mean] = {}
    for member in uow.members.everybody():
        if member.active and member.is_any(SELLING) and (held := book_of(uow, member.id)):
            means[member.id] = mean_of(measure_all(uow, held))
    uow.figures.put(COMPLETENESS, week_of(uow.calendar.local(uow.now).date()).begins, means)
    return sum(mean.count for mean in means.values())


def book_of(uow: UnitOfWork, member_id: MemberId) -> list[Customer]:
    """Return what a member works on."""
    return [*uow.leads.held_by(member_id), *uow.accounts.held_by(member_id)]


def to_be_asked(uow: UnitOfWork, about: Customer) -> Field | None:
    """Return the missing field that weighs most among those the actor may write; once a day and customer."""
    if not uow.playbook.completeness.ask:
        return None
    midnight = uow.calendar.at(uow.calendar.local(uow.now).date(), time(0))
    asked = uow.questions.asked(uow.actor.id, FILL, midnight)
    if any(question.slots.get("customer") == str(about.ref) for question in asked):
        return None
    for field in measure(uow, about).missing:
        catalogue = facts_of_all(uow, [about])[0].catalogue
        writable = field.is_custom or field.key in WRITABLE[about.ref.kind] | {"grade"}
        if writable and may_write(field, catalogue, uow.actor):
            return field
    return None


def _reached(uow: UnitOfWork, account_ids: Sequence[AccountId]) -> dict[Ref, str]:
    """Return a phone of somebody at each account that has one."""
    known = uow.register.contacts(account_ids) if account_ids else []
    return {Ref("account", one.account_id): one.phone for one in known if one.phone}
