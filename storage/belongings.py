"""What belongs to a member: how much it is, and how it becomes another's when two members turn out to be one person."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select, update
from sqlalchemy.orm import Session

from core.model.approval import Approval, Proxy
from core.model.contract import Contract
from core.model.customer import Account, Contact
from core.model.deal import Deal, DealShare, Interview, StageStay
from core.model.followup import FollowUp, Plan, PlanState
from core.model.handover import Handover
from core.model.ids import MemberId
from core.model.invoice import Invoice
from core.model.lead import HELD, Assignment, Lead
from core.model.link import Holdings
from core.model.member import Member
from core.model.naming import Term
from core.model.order import Order
from core.model.payment import Payment
from core.model.promise import Promise
from core.model.request import Absence, Request
from core.model.routing import Collaboration, Routing, Shift
from storage import tables
from storage.repositories import chunks

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
    (StageStay, "entered_by"),
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
    }
)
"""Tables whose rows stay with the member who goes: doors, keys, what was asked, and under which name rules were set.

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


def give_all(session: Session, source: Member, target: Member) -> None:
    """Let everything that is `source`'s be `target`'s, as if they had always been one person; clocks go on."""
    for cls, attribute in OWNED:
        kept: Any = cls
        for record in session.scalars(select(kept).where(getattr(kept, attribute) == source.id)):
            setattr(record, attribute, target.id if record is not target else None)
    for column in (tables.deadlines.c.holder_id, tables.outbox.c.member_id, tables.jobs.c.created_by):
        session.execute(
            update(column.table).where(column == source.id).values({column.name: target.id}),
            execution_options={"synchronize_session": False},
        )
