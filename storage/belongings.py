"""What belongs to a member: how much it is, and how it becomes another's when two members turn out to be one person."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select, update
from sqlalchemy.orm import Session

from core.model.approval import Approval, Proxy
from core.model.contract import Contract
from core.model.customer import Account, Contact
from core.model.deal import Deal, DealShare, Interview, StageStay
from core.model.deletion import Deletion
from core.model.file import File
from core.model.followup import FollowUp, Plan, PlanState
from core.model.handover import Handover
from core.model.ids import MemberId
from core.model.invoice import Invoice
from core.model.lead import HELD, Assignment, Lead
from core.model.link import Holdings
from core.model.material import Material
from core.model.member import Member
from core.model.naming import Term
from core.model.order import Order
from core.model.payment import Payment
from core.model.promise import Promise
from core.model.quote import Quote
from core.model.report import ForecastCall, SavedReport, Target
from core.model.request import Absence, Request
from core.model.routing import Collaboration, Routing, Shift
from core.model.subscription import QuietRule, Subscription
from storage import tables
from storage.repositories import chunks

ONCE_EACH: dict[type, tuple[str, ...]] = {
    Subscription: ("report",),
    SavedReport: ("name",),
    Target: ("kind", "month"),
    ForecastCall: ("month",),
}
"""What one person has once of each: where both members had it, that of the one who stays counts."""

OWNED: tuple[tuple[type, str], ...] = (
    (Lead, "owner_id"),
    (Lead, "created_by"),
    (Assignment, "member_id"),
    (Account, "owner_id"),
    (Account, "created_by"),
    (Contact, "owner_id"),
    (Deal, "owner_id"),
    (Deal, "created_by"),
    (Approval, "submitter_id"),
    (Proxy, "member_id"),
    (Proxy, "proxy_id"),
    (Deletion, "owner_id"),
    (Deletion, "asked_by"),
    (StageStay, "entered_by"),
    (Quote, "owner_id"),
    (Contract, "owner_id"),
    (Contract, "created_by"),
    (Order, "owner_id"),
    (Order, "created_by"),
    (Payment, "created_by"),
    (Invoice, "created_by"),
    (Invoice, "settled_by"),
    (DealShare, "member_id"),
    (DealShare, "asked_by"),
    (Interview, "begun_by"),
    (File, "created_by"),
    (Material, "created_by"),
    (QuietRule, "member_id"),
    *((cls, "member_id") for cls in ONCE_EACH),
    (Promise, "made_by"),
    (Promise, "settled_by"),
    (FollowUp, "author_id"),
    (Plan, "owner_id"),
    (Member, "manager_id"),
    (Shift, "member_id"),
    (Collaboration, "member_id"),
    (Routing, "member_id"),
    (Term, "member_id"),
    (Term, "taught_by"),
    (Handover, "leaver_id"),
    (Handover, "receiver_id"),
    (Handover, "ordered_by"),
    (Request, "member_id"),
    (Request, "decider_id"),
    (Request, "settled_by"),
    (Absence, "member_id"),
    (Absence, "approved_by"),
)
"""Every record that names a member and whose changes are kept in the history."""

PASSING = (
    tables.deadlines.c.holder_id,
    tables.outbox.c.member_id,
    tables.jobs.c.created_by,
    tables.held_notices.c.member_id,
)
"""What names a member and is on its way only; the history does not keep it."""

LEFT_BEHIND = frozenset(
    {
        "approval_tasks",
        "channel_users",
        "link_codes",
        "questions",
        "api_tokens",
        "merge_requests",
        "playbook_versions",
        "playbook_drafts",
        "document_templates",
        "glances",
    }
)
"""Tables whose rows stay with the member who goes: doors, keys, what was asked and looked at, and under which name
rules and templates were set.

Tasks of approvals follow what the approval itself says (`core/services/approvals/joining.py`).
"""


def holdings(session: Session, member_ids: Iterable[MemberId]) -> dict[MemberId, Holdings]:
    """Count what each member holds; nobody is missing from the answer."""
    wanted = set(member_ids)
    leads, accounts, deals, plans = (table.c for table in (tables.leads, tables.accounts, tables.deals, tables.plans))
    counts = {
        "leads": _counted(session, tables.leads, leads.owner_id, wanted, leads.state.in_(tuple(HELD))),
        "accounts": _counted(session, tables.accounts, accounts.owner_id, wanted),
        "deals": _counted(session, tables.deals, deals.owner_id, wanted, deals.closed_on.is_(None)),
        "plans": _counted(session, tables.plans, plans.owner_id, wanted, plans.state == PlanState.OPEN),
    }
    return {one: Holdings(**{what: count.get(one, 0) for what, count in counts.items()}) for one in wanted}


def _counted(
    session: Session, table: Table, owner: ColumnElement[Any], members: set[MemberId], *where: ColumnElement[bool]
) -> dict[MemberId, int]:
    found: dict[MemberId, int] = {}
    for some in chunks(members):
        query = select(owner, func.count()).where(owner.in_(some), table.c.deleted_at.is_(None), *where).group_by(owner)
        found |= {row[0]: row[1] for row in session.execute(query)}
    return found


def give_all(session: Session, source: Member, target: Member, now: datetime) -> None:
    """Let everything that is `source`'s be `target`'s, as if they had always been one person; clocks go on."""
    for cls, columns in ONCE_EACH.items():
        _let_one_stand(session, cls, columns, source, target, now)
    for cls, attribute in OWNED:
        kept: Any = cls
        for record in session.scalars(select(kept).where(getattr(kept, attribute) == source.id)):
            setattr(record, attribute, target.id if record is not target else None)
    for column in PASSING:
        session.execute(
            update(column.table).where(column == source.id).values({column.name: target.id}),
            execution_options={"synchronize_session": False},
        )


def _let_one_stand(
    session: Session, cls: type, columns: tuple[str, ...], source: Member, target: Member, now: datetime
) -> None:
    """Take away what `source` has and `target` has too."""
    kept: Any = cls
    both = session.scalars(select(kept).where(kept.member_id.in_((source.id, target.id)), kept.deleted_at.is_(None)))
    by_owner: dict[MemberId, dict[tuple[Any, ...], Any]] = {source.id: {}, target.id: {}}
    for record in both:
        by_owner[record.member_id][tuple(getattr(record, name) for name in columns)] = record
    for key in by_owner[source.id].keys() & by_owner[target.id].keys():
        by_owner[source.id][key].deleted_at = now
