"""Taking back the last own write: every record it touched becomes what it was, and its clocks with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.errors import ActRefused, AlreadyUndone, NothingToUndo
from core.model.contract import Contract
from core.model.customer import Account
from core.model.deal import Deal
from core.model.deletion import Deletion
from core.model.followup import Plan, PlanState
from core.model.handover import Handover
from core.model.history import Change
from core.model.ids import Ref
from core.model.lead import Lead, LeadState
from core.model.payment import Payment
from core.model.promise import Promise
from core.model.quote import Quote
from core.model.request import Absence
from core.model.routing import Collaboration
from core.model.subscription import Subscription
from core.ports import UnitOfWork
from core.services.absences import move_clocks
from core.services.collaboration import set_end
from core.services.contracts import contract_restored, payment_restored
from core.services.deal_clocks import set_deal_clock
from core.services.deletion_matter import set_purge_clock
from core.services.followups import set_reminder
from core.services.handover import taken_back
from core.services.keeping import set_clocks
from core.services.promises import set_promise_clock
from core.services.quote_clocks import set_quote_clock
from core.services.subscriptions import set_next

NAMED = 5
"""Names that one deed spells out."""


@dataclass(frozen=True)
class Undone:
    """What was taken back: each deed with the names of what it was about, in the order in which they were done."""

    deeds: tuple[tuple[str, str], ...]


def undo_last(uow: UnitOfWork) -> Undone:
    """Take back the actor's last write of the last minutes; NothingToUndo when there is none."""
    changes = uow.history.last_command(uow.actor.id, uow.now - uow.playbook.chat.undo_within)
    return _take_back(uow, changes)


def undo_command(uow: UnitOfWork, command: str) -> Undone:
    """Take back one particular write, for the button on its card; only its author may, and only for some minutes."""
    since = uow.now - uow.playbook.chat.undo_within
    changes = [c for c in uow.history.of_command(command) if c.actor_id == uow.actor.id and c.at >= since]
    if not changes and uow.history.was_undone(command, uow.actor.id):
        raise AlreadyUndone
    return _take_back(uow, changes)


def customers_of(changes: Sequence[Change]) -> set[Ref]:
    """Return whom changes were about: the customers themselves, and those to whom a changed record belongs."""
    found = {change.subject for change in changes if change.subject_kind in ("lead", "account")}
    for change in changes:
        for kept in filter(None, (change.before, change.after)):
            if kept.get("customer_kind") and kept.get("customer_id"):
                found.add(Ref(kept["customer_kind"], kept["customer_id"]))
            found |= {Ref(kind, kept[f"{kind}_id"]) for kind in ("lead", "account") if kept.get(f"{kind}_id")}
    return found


def _take_back(uow: UnitOfWork, changes: Sequence[Change]) -> Undone:
    if not changes:
        raise NothingToUndo(int(uow.playbook.chat.undo_within.total_seconds() // 60))
    asked = next((change for change in changes if change.subject_kind == "approval"), None)
    if asked is not None:
        raise ActRefused(f"已经提交审批的操作不能撤销。要收回请发送「撤回审批 {asked.subject}」")
    uow.does("undo")
    restored = uow.history.restore(changes)
    uow.flush()
    for record in restored:
        for kind, mend in MENDED:
            if isinstance(record, kind):
                mend(uow, record)
    move_clocks(uow, {record.member_id for record in restored if isinstance(record, Absence)})
    uow.history.mark_undone(changes)
    return Undone(_deeds(uow, changes, restored))


def _deeds(uow: UnitOfWork, changes: Sequence[Change], restored: Sequence[Any]) -> tuple[tuple[str, str], ...]:
    """Name what was done and to whom; a deed whose records have no name stands alone."""
    known = {record.ref: record for record in restored if hasattr(record, "ref")}
    about = {change.id: _about(change, known.get(change.subject)) for change in changes}
    names = uow.customers.names_of(ref for ref in about.values() if ref is not None)
    done: dict[str, dict[str, None]] = {}
    for change in reversed(changes):
        ref = about[change.id]
        named = done.setdefault(change.action, {})
        if ref is not None and ref in names:
            named.setdefault(names[ref])
    return tuple((action, _listed(list(named))) for action, named in done.items())


def _listed(names: Sequence[str]) -> str:
    shown = "、".join(names[:NAMED])
    return f"{shown}等 {len(names)} 个" if len(names) > NAMED else shown


def _about(change: Change, record: Any) -> Ref | None:
    """Return the customer that a changed record is, or belongs to."""
    if change.subject_kind in ("lead", "account"):
        return change.subject
    if change.subject_kind == "assignment" and record is None:
        return None
    return getattr(record, "customer", None)


def _end_plans(uow: UnitOfWork, lead: Lead) -> None:
    """Nobody is reminded of a lead that is gone or lies in the pool again."""
    if lead.deleted_at is None and (lead.is_held or lead.state == LeadState.NURTURE):
        return
    for plan in uow.plans.open_for(lead.ref):
        plan.state = PlanState.CANCELLED if lead.deleted_at else PlanState.TO_REPLAN
        set_reminder(uow, plan)


def _lead_restored(uow: UnitOfWork, lead: Lead) -> None:
    set_clocks(uow, lead)
    _end_plans(uow, lead)


MENDED: Final[tuple[tuple[type, Callable[[UnitOfWork, Any], None]], ...]] = (
    (Lead, _lead_restored),
    (Account, set_clocks),
    (Plan, set_reminder),
    (Deal, set_deal_clock),
    (Handover, taken_back),
    (Collaboration, set_end),
    (Contract, contract_restored),
    (Payment, payment_restored),
    (Promise, set_promise_clock),
    (Deletion, set_purge_clock),
    (Quote, set_quote_clock),
    (Subscription, set_next),
)
"""What has to be put right beside a record that was put back: above all its clocks."""
