"""The day: a rep's ranked plan in the morning, a manager's digest in the evening."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta

from core.model.contract import BINDING, IN_FORCE, Contract
from core.model.deadline import DeadlineKind
from core.model.ids import MemberId, QuoteId, Ref
from core.model.lead import Lead, LeadState
from core.model.member import LEADING, SELLING, Member
from core.model.promise import PromiseState
from core.model.quote import Quote
from core.model.report import TargetKind
from core.notices import DailyPlan, LeadLine, ManagerDigest, RepLine, TodoLine
from core.ports import UnitOfWork
from core.rules.claiming import RECYCLED
from core.rules.metrics.declared import WON_AMOUNT
from core.rules.metrics.periods import Span, Unit, around
from core.rules.permissions import Scope, money_scope, scope_of, within
from core.rules.today import ENDING, FIRST_CONTACT, OWED, Todo, leaving_todo, plan_todo, promise_todo, ranked, shortened
from core.services.contract_clocks import owners_of
from core.services.promises import to_keep_by
from core.services.qualifying import OVER
from core.services.reports.asking import totals_in
from core.services.standings import standings_of
from core.services.why import received

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


def send_daily_plan(uow: UnitOfWork, member: Member, day: date) -> None:
    """Tell a member what to do today; somebody with nothing to do is not disturbed."""
    todos, held = today(uow, member)
    if todos:
        shown = todos[: uow.playbook.day.plan_size]
        lines = tuple(TodoLine(str(t.customer or ""), t.name, t.reason) for t in shown)
        more = len(todos) - len(shown)
        once = f"daily_plan:{member.id}:{day}"
        uow.tell(DailyPlan(to=member.id, day=day, todos=lines, more=more, held=held, once=once))


def send_digest(uow: UnitOfWork, manager: Member, day: date, everybody: list[Member]) -> None:
    """Tell a manager what their people did today, who was silent, and which leads leave next."""
    team = [
        m
        for m in everybody
        if m.active and m.is_any(SELLING) and m.id != manager.id and within(m.department, manager.department)
    ]
    if not team or not manager.department:
        return
    begin, end = uow.calendar.at(day, time(0)), uow.calendar.at(day + timedelta(days=1), time(0))
    ids = [member.id for member in team]
    done = uow.followups.count_by_author(ids, begin, end)
    created = uow.history.count_created("lead", ids, begin, end)
    kept, broken = (uow.promises.count_settled(ids, state, begin, end) for state in (KEPT, BROKEN))
    won_today, won_month, target = _won(uow, manager, team, day)
    reps = tuple(RepLine(m.name, done.get(m.id, 0), uow.leads.count_held_by(m.id), created.get(m.id, 0)) for m in team)
    uow.tell(
        ManagerDigest(
            to=manager.id,
            once=f"digest:{manager.id}:{day}",
            day=day,
            department=manager.department,
            reps=tuple(sorted(reps, key=lambda rep: -rep.followups)),
            new_leads=sum(created.values()),
            followups=sum(done.values()),
            recycled=uow.assignments.count_ended(ids, begin, end, RECYCLED),
            silent=tuple(rep.name for rep in reps if rep.followups == 0 and rep.held > 0),
            leaving=_leaving_next(uow, ids, end + timedelta(days=1)),
            lost=_lost(uow, team, begin),
            crowded=_crowded(uow, team, begin),
            received=_received(uow, team, day),
            won_today=won_today,
            won_month=won_month,
            target=target,
            promises_kept=sum(kept.values()),
            promises_broken=sum(broken.values()),
            broke=tuple(f"{m.name} {broken[m.id]} 条" for m in team if broken.get(m.id)),
        )
    )


def _won(uow: UnitOfWork, manager: Member, team: list[Member], day: date) -> tuple[int, int, int]:
    """Return what a manager's people won on a day and in its month, as every report counts it, and their target."""
    month = around(Unit.MONTH, day)
    scopes = (scope_of(manager), money_scope(manager))
    won = [
        int(sum(one["won_amount"] for one in totals_in(uow, [WON_AMOUNT], (), span, (), scopes).values()))
        for span in (Span(day, day), month.until(day))
    ]
    targets = [one for one in uow.yardsticks.targets(month.first, month.first) if one.kind == TargetKind.SIGNED]
    own = next((one.value for one in targets if one.member_id is None and one.department == manager.department), 0)
    ids = {one.id for one in team} | {manager.id}
    return won[0], won[1], own or sum(one.value for one in targets if one.member_id in ids)


def _received(uow: UnitOfWork, team: list[Member], day: date) -> tuple[str, ...]:
    """Say on the last workday of a week what each was given by rules in it, the most valuable first."""
    week = day.isocalendar()[:2]
    if uow.calendar.next_workday(day + timedelta(days=1)).isocalendar()[:2] == week or not uow.calendar.is_workday(day):
        return ()
    monday = day - timedelta(days=day.weekday())
    begin, end = uow.calendar.at(monday, time(0)), uow.calendar.at(monday + timedelta(days=7), time(0))
    given = received(uow, team, begin, end)
    return (
        tuple(f"{one.name} {got.leads} 条 {got.value} 分" for one, got in given)
        if any(g.leads for _, g in given)
        else ()
    )


def _lost(uow: UnitOfWork, team: list[Member], since: datetime) -> tuple[str, ...]:
    """Say which leads the clock took today, and from whom."""
    names = {member.id: member.name for member in team}
    ended = [one for one in uow.assignments.ended_as(names, RECYCLED, since) if one.ended_at is not None]
    leads = {lead.id: lead.name for lead in uow.leads.find({one.lead_id for one in ended[:LOST_SHOWN]})}
    return tuple(f"{leads[one.lead_id]}（{names[one.member_id]}）" for one in ended if one.lead_id in leads)


def _crowded(uow: UnitOfWork, team: list[Member], since: datetime) -> tuple[str, ...]:
    """Say what was given to whom beyond their capacity today, and why."""
    names = {member.id: member.name for member in team}
    given = uow.assignments.begun_as(names, OVER, since)
    leads = {lead.id: lead.name for lead in uow.leads.find({one.lead_id for one in given})}
    return tuple(
        f"{leads[one.lead_id]} 给了{names[one.member_id]}（{one.note}）" for one in given if one.lead_id in leads
    )


def readers_of_plans(uow: UnitOfWork) -> list[Member]:
    """Return everybody who sells."""
    return [m for m in uow.members.everybody() if m.active and m.is_any(SELLING)]


def leads_people(member: Member) -> bool:
    """Say whether a member gets the digest."""
    return member.active and member.is_any(LEADING)


def _leaving_next(uow: UnitOfWork, ids: list[MemberId], until: datetime) -> tuple[LeadLine, ...]:
    deadlines = uow.deadlines.held_by_any(ids, DeadlineKind.RECYCLE, until)
    soonest = sorted(deadlines, key=lambda d: d.limit_at)[:LEAVING_SHOWN]
    names = {lead.id: lead.name for lead in uow.leads.find(d.subject_id for d in soonest)}  # type: ignore[misc]
    return tuple(
        LeadLine(str(d.subject), names[d.subject_id], d.limit_at)  # type: ignore[index]
        for d in soonest
        if d.subject_id in names
    )


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
