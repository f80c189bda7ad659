"""Plans that change: moved, put off, found again right after they were made."""

from datetime import timedelta

from core.model.followup import Plan
from core.model.ids import PlanId
from core.ports import UnitOfWork

JUST_NOW = timedelta(hours=1)


def plan_just_made(uow: UnitOfWork) -> Plan | None:
    """Return the open plan that the actor's last command made or moved, within the last hour."""
    changes = uow.history.last_command(uow.actor.id, uow.now - JUST_NOW)
    plans = uow.plans.find(PlanId(change.subject_id) for change in changes if change.subject_kind == "plan")
    return next((plan for plan in plans if plan.is_open), None)
