"""Follow-ups and plans: what was done, what comes next, and the reminder at its minute."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.errors import BadInput, NotFound
from core.model.deadline import Deadline, DeadlineKind
from core.model.followup import FollowUp, Method, Plan, PlanState
from core.model.ids import PlanId, Ref
from core.model.lead import Lead
from core.model.rhythm import Rhythm
from core.notices import FollowUpShared, PlanDue
from core.ports import UnitOfWork
from core.rules.followups import Validity, judge_followup
from core.rules.reminders import MONTHS, SHORTEST_MONTH, next_turn
from core.services.customers import Customer, customer, may_see, require_writer, works_along
from core.services.deal_clocks import touch_deals
from core.services.keeping import set_clocks

CONTENT_LENGTH = 4000
LATELY = timedelta(days=1)
EARLIEST = timedelta(days=366)


@dataclass(frozen=True)
class Logged:
    """A follow-up as it was kept, whether it counts, and the next plan if one was made."""

    followup: FollowUp
    validity: Validity
    plan: Plan | None


def log_followup(
    uow: UnitOfWork,
    about: Customer,
    content: str,
    *,
    said: str = "",
    method: str = Method.OTHER,
    at: datetime | None = None,
    next_at: datetime | None = None,
) -> Logged:
    """Keep a follow-up. A valid one answers the customer's clocks and closes the plan it fulfils; others say why not.

    `said` is what was said of it in all, with the words that became `method`; `at` is when it happened (now unless
    given), `next_at` the next contact that was agreed.
    """
    along = require_writer(uow, about)
    uow.does("followup.log")
    content = content.strip()[:CONTENT_LENGTH]
    at = at or uow.now
    if at > uow.now:
        raise BadInput("跟进时间在将来。要安排以后的联系，请写成「跟进 客户 内容，周三下午三点再联系」")
    if at < uow.now - EARLIEST:
        raise BadInput("补记只能补一年以内的跟进，请核对日期后再发一次")
    since = uow.now - uow.playbook.followups.same_text_within
    validity = judge_followup(
        said or content,
        repeated=uow.followups.said_before(about.ref, uow.actor.id, content, since),
        at_least=uow.playbook.followups.min_characters,
    )
    followup = FollowUp(
        customer_kind=about.ref.kind,
        customer_id=about.id,
        author_id=uow.actor.id,
        method=method,
        content=content,
        at=at,
        valid=validity.counts,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.followups.add(followup)
    if validity.counts:
        answer_clocks(uow, about, at)
    plan = plan_next(uow, about, next_at, content) if next_at is not None else None
    uow.flush()
    if along and about.owner_id is not None:
        uow.tell(FollowUpShared(to=about.owner_id, by=uow.actor.name, customer=about.name, content=content))
    return Logged(followup, validity, plan)


def plan_next(uow: UnitOfWork, about: Customer, at: datetime, content: str) -> Plan:
    """Promise the next contact at `at`; it takes the place of an open plan of the same customer."""
    if at <= uow.now:
        raise BadInput(f"下次联系时间 {uow.calendar.local(at):%m-%d %H:%M} 已经过去了，请换一个以后的时间再发一次")
    along = works_along(uow, about) is not None
    holder = uow.actor.id if along else about.owner_id or uow.actor.id
    for plan in uow.plans.open_for(about.ref):
        if not along or plan.owner_id == holder:  # whoever works along leaves the holder's plan alone
            _close(uow, plan, PlanState.CANCELLED)
    plan = Plan(
        customer_kind=about.ref.kind,
        customer_id=about.id,
        owner_id=holder,
        content=content,
        at=at,
        remind_at=remind_at(at, uow),
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.plans.add(plan)
    uow.flush()
    set_reminder(uow, plan)
    return plan


def remind_at(at: datetime, uow: UnitOfWork) -> datetime:
    """Remind ahead of the promised time; a promise closer than that is reminded of when it comes."""
    ahead = at - uow.playbook.followups.reminder_lead
    return ahead if ahead > uow.now else at


def remind_me(uow: UnitOfWork, at: datetime, content: str, every: Rhythm | None = None) -> Plan:
    """Keep a bare reminder at its minute, without a follow-up; with `every`, it comes again until it is called off."""
    if at <= uow.now:
        raise BadInput("提醒时间已经过去了，请换一个以后的时间再发一次")
    plan = Plan(
        owner_id=uow.actor.id,
        content=content[:CONTENT_LENGTH],
        at=at,
        remind_at=at,
        every=str(_anchored(every, uow.calendar.local(at).day) if every else ""),
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.does("reminder.create")
    uow.plans.add(plan)
    uow.flush()
    set_reminder(uow, plan)
    return plan


def _anchored(every: Rhythm, day: int) -> Rhythm:
    """Keep the day of a month that not every month has, so that a short month moves it once and not for good."""
    kept = every.unit in MONTHS and not every.on and day > SHORTEST_MONTH
    return replace(every, on=str(day)) if kept else every


def set_reminder(uow: UnitOfWork, plan: Plan) -> None:
    """Let the reminder stand exactly while the plan is open."""
    standing = [reminder(plan)] if plan.is_open else []
    uow.deadlines.replace(plan.ref, standing)


def reminder(plan: Plan) -> Deadline:
    """Return the promise to remind of `plan`; moving the plan makes it another promise."""
    return Deadline(
        subject_kind="plan",
        subject_id=plan.id,
        kind=DeadlineKind.REMINDER,
        rule="计划提醒",
        cycle=int(plan.remind_at.timestamp()),
        due_at=plan.remind_at,
        limit_at=plan.at,
        holder_id=plan.owner_id,
    )


def remind_of_plans(uow: UnitOfWork, due: Sequence[Deadline]) -> None:
    """Tell each owner of a plan that its time has come; a plan that was done early says nothing."""
    plans = uow.plans.find(PlanId(deadline.subject_id) for deadline in due)
    for plan in sorted(plans, key=lambda plan: plan.at):
        about, at = _about(uow, plan.customer), plan.at
        if plan.every:
            plan.at = plan.remind_at = next_turn(Rhythm.parse(plan.every), plan.at, uow.now, uow.calendar)
            set_reminder(uow, plan)
        elif plan.customer is None:
            plan.state = PlanState.DONE  # a bare reminder has said all it had to say
        uow.tell(
            PlanDue(
                to=plan.owner_id,
                customer=about.name if about else "",
                customer_ref=str(about.ref) if about else "",
                content=plan.content,
                at=at,
            )
        )


def recent(uow: UnitOfWork, about: Customer, limit: int = 3) -> list[FollowUp]:
    """Return the customer's last follow-ups, newest first, to whoever may see the customer."""
    return uow.followups.of(about.ref, limit) if may_see(uow, about) else []


def last_own(uow: UnitOfWork, about: Ref | None = None) -> FollowUp | None:
    """Return the follow-up that the actor wrote last, within a day, about one customer where one is named."""
    lately = uow.followups.lately_by(uow.actor.id, uow.now - LATELY, 50)
    return next((followup for followup in lately if about in (None, followup.customer)), None)


def _about(uow: UnitOfWork, ref: Ref | None) -> Customer | None:
    """Return whom a plan is about; None for a bare reminder, and for a customer that is gone."""
    try:
        return customer(uow, ref) if ref is not None else None
    except NotFound:
        return None


def answer_clocks(uow: UnitOfWork, about: Customer, at: datetime) -> None:
    """Let a valid follow-up of that instant answer the customer's clocks, and close the plans it fulfils."""
    if isinstance(about, Lead) and about.assigned_at is not None and at < about.assigned_at:
        return  # written down later, it tells of a time before this holder's
    about.followed_up(at)
    until = uow.calendar.local(uow.now).replace(hour=23, minute=59, second=59)
    for plan in uow.plans.open_for(about.ref):
        if plan.at <= until:
            _close(uow, plan, PlanState.DONE)
    set_clocks(uow, about)
    if not isinstance(about, Lead):
        touch_deals(uow, about.id, at)


def _close(uow: UnitOfWork, plan: Plan, state: PlanState) -> None:
    plan.state = state
    set_reminder(uow, plan)
