"""What falls due: each kind of promise with its service, and the sweep that keeps them."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from core.errors import Conflict
from core.model.deadline import Deadline, DeadlineKind
from core.model.member import SYSTEM
from core.ports import OpenWork, UnitOfWork
from core.services.approvals.clock import approvals_due
from core.services.approvals.mirroring import look_due
from core.services.collaboration import end_due
from core.services.contract_clocks import begin_and_end, contracts_expiring, payments_due
from core.services.deal_aging import close_aged
from core.services.deals import deals_standing_still
from core.services.deletions import purge
from core.services.followups import remind_of_plans
from core.services.handover import receipts_missing
from core.services.peace import peace_ends
from core.services.promises import promises_due
from core.services.quote_clocks import expire_quotes, warn_of_ending
from core.services.recycling import first_contact_missed, recycle, warn_holders
from core.services.subscriptions import send_reports

log = logging.getLogger(__name__)

BATCH = 500
"""Due rows in one transaction: one commit per lead costs 22 times the one statement, batches of 500 1.4 times."""

SERVICES: dict[DeadlineKind, Callable[[UnitOfWork, Sequence[Deadline]], None]] = {
    DeadlineKind.RECYCLE: recycle,
    DeadlineKind.FIRST_CONTACT: first_contact_missed,
    DeadlineKind.RECYCLE_WARNING: warn_holders,
    DeadlineKind.REMINDER: remind_of_plans,
    DeadlineKind.STALE_DEAL: deals_standing_still,
    DeadlineKind.DEAL_AGE: close_aged,
    DeadlineKind.RECEIPT: receipts_missing,
    DeadlineKind.COLLABORATION: end_due,
    DeadlineKind.APPROVAL: approvals_due,
    DeadlineKind.REPORT: send_reports,
    DeadlineKind.PEACE_ENDS: peace_ends,
    DeadlineKind.QUOTE_EXPIRY: expire_quotes,
    DeadlineKind.QUOTE_ENDING: warn_of_ending,
    DeadlineKind.CONTRACT_TERM: begin_and_end,
    DeadlineKind.CONTRACT_EXPIRY: contracts_expiring,
    DeadlineKind.PAYMENT_DUE: payments_due,
    DeadlineKind.PROMISE: promises_due,
    DeadlineKind.MIRROR: look_due,
    DeadlineKind.PURGE: purge,
}


@dataclass(frozen=True)
class Due:
    """One promise that is due, for whoever wants to see it before it is kept."""

    subject: str
    kind: str
    rule: str
    due_at: datetime
    holder_id: int | None


def sweep(open_work: OpenWork, now: datetime | None = None) -> dict[str, int]:
    """Keep every promise that is due at `now`, once; return how many of each kind.

    May run twice or late without harm: rows are locked while they are worked on and settled with their effect.
    """
    kept: dict[str, int] = {}
    with open_work(SYSTEM, now=now, reading=True) as uow:
        kinds = uow.deadlines.kinds_due(uow.now)
    for kind in filter(kinds.__contains__, DeadlineKind):
        while count := _keep_batch(open_work, kind, now):
            kept[str(kind)] = kept.get(str(kind), 0) + count
    return kept


def due_now(uow: UnitOfWork) -> Iterator[Due]:
    """List what a sweep would keep now, with the rule that makes it due."""
    for kind in DeadlineKind:
        for deadline in uow.deadlines.due(kind, uow.now, limit=10_000):
            yield Due(str(deadline.subject), kind, deadline.rule, deadline.due_at, deadline.holder_id)


def _keep_batch(open_work: OpenWork, kind: DeadlineKind, now: datetime | None) -> int:
    try:
        with open_work(SYSTEM, now=now) as uow:
            return _keep(uow, kind, BATCH)
    except Conflict:
        log.info("a batch of %s met somebody else's change; its rows are taken one by one", kind)
    except Exception:
        log.exception("a batch of %s failed; its rows are taken one by one", kind)
    return sum(1 for _ in takewhile(bool, (_keep_one(open_work, kind, now) for _ in range(BATCH))))


def _keep(uow: UnitOfWork, kind: DeadlineKind, limit: int) -> int:
    """Keep what is due, and settle it; what its service has moved to a later instant stands on."""
    due = uow.deadlines.due(kind, uow.now, limit)
    if due:
        SERVICES[kind](uow, due)
        uow.deadlines.settle([deadline for deadline in due if deadline.due_at <= uow.now])
    return len(due)


def _keep_one(open_work: OpenWork, kind: DeadlineKind, now: datetime | None) -> bool:
    """Keep the oldest due one, so that one bad record stops nobody: it is parked. False when nothing is due."""
    failing: int | None = None
    try:
        with open_work(SYSTEM, now=now) as uow:
            first = uow.deadlines.due(kind, uow.now, 1)
            failing = first[0].id if first else None
            return bool(_keep(uow, kind, 1))
    except Conflict:
        return True  # it will be looked at again
    except Exception as error:  # whatever it is, the others' promises must be kept
        if failing is None:
            raise
        log.exception("deadline %s failed and is parked", failing)
        with open_work(SYSTEM, now=now) as uow:
            uow.deadlines.park(failing, repr(error))
        return True
