"""Taking back the last own write: every record it touched becomes what it was, and its clocks with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import NothingToUndo
from core.model.followup import Plan, PlanState
from core.model.history import Change
from core.model.lead import Lead
from core.ports import UnitOfWork
from core.services.followups import set_reminder
from core.services.leads import set_clocks


@dataclass(frozen=True)
class Undone:
    """What was taken back: the action's name, and what it was about."""

    action: str
    name: str


def undo_last(uow: UnitOfWork) -> Undone:
    """Take back the actor's last write of the last minutes; NothingToUndo when there is none."""
    changes = uow.history.last_command(uow.actor.id, uow.now - uow.playbook.undo_within)
    return _take_back(uow, changes)


def undo_command(uow: UnitOfWork, command: str) -> Undone:
    """Take back one particular write, for the button on its card; only its author may, and only for some minutes."""
    since = uow.now - uow.playbook.undo_within
    changes = [c for c in uow.history.of_command(command) if c.actor_id == uow.actor.id and c.at >= since]
    return _take_back(uow, changes)


def _take_back(uow: UnitOfWork, changes: Sequence[Change]) -> Undone:
    if not changes:
        raise NothingToUndo(int(uow.playbook.undo_within.total_seconds() // 60))
    uow.does("undo")
    restored = uow.history.restore(changes)
    uow.flush()
    for record in restored:
        if isinstance(record, Lead):
            set_clocks(uow, record)
            _end_plans(uow, record)
        elif isinstance(record, Plan):
            set_reminder(uow, record)
    uow.history.mark_undone(changes)
    names = [record.name for record in restored if getattr(record, "name", "")]
    return Undone(changes[-1].action, names[0] if names else "")


def _end_plans(uow: UnitOfWork, lead: Lead) -> None:
    """Nobody is reminded of a lead that is gone or lies in the pool again."""
    if lead.deleted_at is None and lead.is_held:
        return
    for plan in uow.plans.open_for(lead.ref):
        plan.state = PlanState.CANCELLED if lead.deleted_at else PlanState.TO_REPLAN
        set_reminder(uow, plan)
