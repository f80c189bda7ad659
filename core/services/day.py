"""The day: what a rep is to do, ranked."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from core.model.contract import BINDING, IN_FORCE, Contract
from core.model.deadline import DeadlineKind
from core.model.ids import MemberId, QuoteId, Ref
from core.model.lead import Lead, LeadState
from core.model.member import SELLING, Member
from core.model.promise import PromiseState
from core.model.quote import Quote
from core.notices import DailyPlan, TodoLine
from core.ports import UnitOfWork
from core.rules.permissions import Scope
from core.rules.today import ENDING, FIRST_CONTACT, OWED, Todo, leaving_todo, plan_todo, promise_todo, ranked, shortened
from core.services.contract_clocks import owners_of
from core.services.promises import to_keep_by
from core.services.standings import standings_of

LEAVING_SHOWN, LOST_SHOWN = 5, 10
KEPT, BROKEN = PromiseState.KEPT, PromiseState.BROKEN
CONTRACTS = 500


def today(uow: UnitOfWork, member: Member) -> tuple[list[Todo], int]:
    """Return the member's ranked todos of today, and how many leads they hold."""
    tomorrow = _midnight_after(uow)
    held = {lead.id: lead for lead in uow.leads.held_by(member.id)}
    todos: list[Todo] = []
    for deadline in uow.deadlines.held_by(member.id, DeadlineKind.RECYCLE, tomorrow):
        lead = held.get(deadline.subject_id)  # type: ignore[call-overload]  # a deadline's subject is a plain number
        if lead is not None:
            todos.append(_leaving(uow, lead, deadline.limit_at))
    todos += _planned(uow, member.id, tomorrow)
    todos += _promised(uow, member, tomorrow)
    todos += _owed(uow, member) + _ending(uow, member)
    todos += [_fresh(lead) for lead in held.values() if lead.state == LeadState.ASSIGNED and lead.assigned_at]
    return ranked(todos), len(held)


def agreed(uow: UnitOfWork, member: Member, since: datetime, until: datetime) -> list[Todo]:
    """Return what is agreed with customers between two moments, by the clock: appointments, promises."""
    todos = _planned(uow, member.id, until) + _promised(uow, member, until)
    within = [replace(one, reason=_with_day(uow, one, since, until)) for one in todos if since <= one.at < until]
    return sorted(within, key=lambda one: one.at)


def _with_day(uow: UnitOfWork, todo: Todo, since: datetime, until: datetime) -> str:
    """Say on which day something is, where several are asked about."""
    several = until - since > timedelta(days=1)
    return f"{uow.calendar.local(todo.at):%m-%d} {todo.reason}" if several else todo.reason


def send_daily_plan(uow: UnitOfWork, member: Member, day: date) -> None:
    """Tell a member what to do today; somebody with nothing to do is not disturbed."""
    todos, held = today(uow, member)
    if todos:
        shown = todos[: uow.playbook.day.plan_size]
        lines = tuple(TodoLine(str(t.customer or ""), t.name, t.reason) for t in shown)
        more = len(todos) - len(shown)
        once = f"daily_plan:{member.id}:{day}"
        uow.tell(DailyPlan(to=member.id, day=day, todos=lines, more=more, held=held, once=once))


def readers_of_plans(uow: UnitOfWork) -> list[Member]:
    """Return everybody who sells."""
    return [m for m in uow.members.everybody() if m.active and m.is_any(SELLING)]


def _planned(uow: UnitOfWork, member_id: MemberId, until: datetime) -> list[Todo]:
    plans = uow.plans.open_until(member_id, until)
    names = uow.customers.names_of(plan.customer for plan in plans if plan.customer)
    return [
        plan_todo(
            plan.at,
            plan.customer,
            names.get(plan.customer, "") if plan.customer else "提醒",
            shortened(plan.content),
            uow.now,
            uow.calendar,
        )
        for plan in plans
    ]


def _promised(uow: UnitOfWork, member: Member, until: datetime) -> list[Todo]:
    """What the member has to keep to customers by tonight, or should remind a customer of."""
    return [
        promise_todo(at, one.customer, name, shortened(one.words), uow.now, uow.calendar, theirs=one.theirs)
        for one, at, name in to_keep_by(uow, member.id, until)
    ]


def _leaving(uow: UnitOfWork, lead: Lead, limit_at: datetime) -> Todo:
    return leaving_todo(limit_at, lead.ref, lead.name, untouched=lead.state == LeadState.ASSIGNED, cal=uow.calendar)


def _fresh(lead: Lead) -> Todo:
    at = lead.assigned_at or lead.created_at
    return Todo(FIRST_CONTACT, at, Ref("lead", lead.id), lead.name, "新线索，还没有首次联系")


def _owed(uow: UnitOfWork, member: Member) -> list[Todo]:
    """Return what a member's customers should have paid by today."""
    contracts = _contracts(uow, member, BINDING)
    standings, names = standings_of(uow, contracts), _names(uow, contracts)
    day = uow.calendar.local(uow.now).date()
    todos = []
    for contract in contracts:
        for one in standings[contract.id].plan:
            due, late = one.instalment.due_on, one.late_days(day)
            if one.is_settled or due is None or due > day:
                continue
            when = f"逾期 {late} 天" if late else "今天到期"
            reason = f"{one.instalment.name}还欠 {one.open}，{when}"
            todos.append(Todo(OWED, uow.calendar.at(due, time(0)), contract.customer, names[contract.customer], reason))
    return todos


def _ending(uow: UnitOfWork, member: Member) -> list[Todo]:
    """Return a member's contracts and quotes that will soon be over."""
    day, rules = uow.calendar.local(uow.now).date(), uow.playbook
    soon = day + min(rules.contracts.expiry_reminders, default=timedelta(0))
    contracts = [one for one in _contracts(uow, member, IN_FORCE) if one.ends_on is not None and one.ends_on <= soon]
    over = uow.calendar.at(day + timedelta(days=rules.pricing.warn_days + 1), time(0))
    due = uow.deadlines.held_by(member.id, DeadlineKind.QUOTE_EXPIRY, over + timedelta(seconds=1))
    quotes = uow.quotes.find(QuoteId(deadline.subject_id) for deadline in due)
    names = _names(uow, [*contracts, *quotes])
    ends = [
        (one.ends_on or day, one.customer, f"合同 {one.number} {one.ends_on:%m-%d} 到期，续签还是结束")
        for one in contracts
    ]
    ends += [
        (one.valid_until, one.customer, f"报价 {one.label} {one.valid_until:%m-%d} 过期，问客户定不定")
        for one in quotes
    ]
    return [Todo(ENDING, uow.calendar.at(on, time(0)), of, names[of], reason) for on, of, reason in ends]


def _contracts(uow: UnitOfWork, member: Member, states: Collection[str]) -> list[Contract]:
    """Return the contracts that a member looks after now."""
    found = uow.contracts.within(Scope(member.id), tuple(states), CONTRACTS)
    owners = owners_of(uow, found)
    return [one for one in found if owners[one.id] == member.id]


def _names(uow: UnitOfWork, papers: Iterable[Contract | Quote]) -> dict[Ref, str]:
    return uow.customers.names_of({one.customer for one in papers})


def _midnight_after(uow: UnitOfWork) -> datetime:
    return uow.calendar.at(uow.calendar.local(uow.now).date() + timedelta(days=1), time(0))
