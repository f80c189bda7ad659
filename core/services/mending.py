"""Mending a follow-up that was written down under the wrong customer."""

from core.errors import BadInput, NothingToUndo
from core.model.followup import FollowUp, Method, Plan, PlanState
from core.model.ids import PlanId, Ref
from core.model.lead import Lead, LeadState
from core.ports import UnitOfWork
from core.services.customers import Customer, customer, require_own
from core.services.followups import answer_clocks, last_own, set_reminder
from core.services.keeping import set_clocks

DAY = 24 * 60


def wrong_one(uow: UnitOfWork, under: Customer | None = None) -> FollowUp:
    """Return the follow-up that a correction is about: the last own one of the last day, written `under` somebody."""
    last = last_own(uow, under.ref if under else None)
    if last is None and under is not None:
        raise BadInput(f"最近一天没有记在「{under.name}」上的跟进，没有改动。发送「看看 {under.name}」核对")
    if last is None:
        raise NothingToUndo(DAY)
    return last


def move_followup(uow: UnitOfWork, followup: FollowUp, to: Customer) -> Customer:
    """Write a follow-up down under `to` instead; return whom it had been under.

    The first customer becomes what it would be without it: clocks, state, and the plans that the follow-up had closed.
    The plan that came with it moves along.
    """
    before = customer(uow, followup.customer)
    require_own(uow, before)
    require_own(uow, to)
    if before.ref == to.ref:
        raise BadInput(f"这条跟进本来就记在「{to.name}」上，没有改动")
    uow.does("followup.correct")
    made, closed = _plans_of(uow, followup)
    followup.customer_kind, followup.customer_id = to.ref.kind, to.id
    for promise in uow.promises.from_followups([followup.id]):
        promise.customer_kind, promise.customer_id = to.ref.kind, to.id
    uow.flush()
    for plan in closed:
        plan.state = PlanState.OPEN
        set_reminder(uow, plan)
    _without(uow, before)
    if followup.valid:
        answer_clocks(uow, to, followup.at)
    if made is not None:
        for plan in uow.plans.open_for(to.ref):
            plan.state = PlanState.CANCELLED
            set_reminder(uow, plan)
        made.customer_kind, made.customer_id = to.ref.kind, to.id
        made.owner_id = to.owner_id or uow.actor.id
        set_reminder(uow, made)
    uow.flush()
    return before


def amend_followup(uow: UnitOfWork, followup: FollowUp, person: str, wrong: str, method: Method | None) -> None:
    """Put right with whom or how it was, in the words that tell of it."""
    require_own(uow, customer(uow, followup.customer))
    uow.does("followup.correct")
    if person:
        followup.content = amended(followup.content, person, wrong)
    if method is not None:
        followup.method = method
    uow.flush()


def amended(content: str, person: str, wrong: str) -> str:
    """Name the right person instead of the wrong one; words that name neither get the right one added."""
    if wrong and wrong in content:
        return content.replace(wrong, person)
    return content if person in content else f"{content}（联系人：{person}）"


def _plans_of(uow: UnitOfWork, followup: FollowUp) -> tuple[Plan | None, list[Plan]]:
    """Return the open plan that came with a follow-up, and those it closed that nobody has touched since."""
    changes = [c for c in uow.history.making(followup.ref) if c.subject_kind == "plan"]
    plans = {change.subject_id: uow.plans.get(PlanId(change.subject_id)) for change in changes}
    made: Plan | None = None
    closed: list[Plan] = []
    for change in changes:
        plan, before = plans[change.subject_id], change.before
        if plan is None or plan.customer != followup.customer:
            continue
        if before is None and plan.is_open:
            made = plan
        elif before is not None and before.get("state") == PlanState.OPEN and plan.version == change.version:
            closed.append(plan)
    return made, closed


def _without(uow: UnitOfWork, about: Customer) -> None:
    """Let a customer be what its remaining follow-ups make it."""
    last = uow.followups.last_valid(Ref(about.ref.kind, about.id))
    if not isinstance(about, Lead):
        about.last_followup_at = last
        return
    since = about.assigned_at
    counts = last is not None and since is not None and last >= since
    about.last_followup_at = last if counts else None
    if about.state == LeadState.WORKING and not counts:
        about.state = LeadState.ASSIGNED
    set_clocks(uow, about)
