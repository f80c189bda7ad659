"""What falls due: each kind of promise with its service, and the sweep that keeps them."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.errors import Conflict
from core.model.deadline import Deadline, DeadlineKind
from core.model.member import SYSTEM
from core.ports import OpenWork, UnitOfWork
from core.services.followups import remind_of_plans
from core.services.leads import first_contact_missed, recycle_leads, warn_holders

log = logging.getLogger(__name__)

BATCH = 500
"""Due rows in one transaction: one commit per lead costs 22 times the one statement, batches of 500 1.4 times."""

SERVICES: dict[DeadlineKind, Callable[[UnitOfWork, Sequence[Deadline]], None]] = {
    DeadlineKind.RECYCLE: recycle_leads,
    DeadlineKind.FIRST_CONTACT: first_contact_missed,
    DeadlineKind.RECYCLE_WARNING: warn_holders,
    DeadlineKind.REMINDER: remind_of_plans,
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
    for kind in DeadlineKind:
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
            due = uow.deadlines.due(kind, uow.now, BATCH)
            if due:
                SERVICES[kind](uow, due)
                uow.deadlines.settle(due)
            return len(due)
    except Conflict:
        return _keep_one_by_one(open_work, kind, now)
    except Exception:
        log.exception("a batch of %s failed; its rows are taken one by one", kind)
        return _keep_one_by_one(open_work, kind, now)


def _keep_one_by_one(open_work: OpenWork, kind: DeadlineKind, now: datetime | None) -> int:
    """Take the rows of a failed batch singly, so that one bad record stops nobody."""
    done = 0
    for _ in range(BATCH):
        try:
            with open_work(SYSTEM, now=now) as uow:
                due = uow.deadlines.due(kind, uow.now, 1)
                if not due:
                    return done
                failing, subject = due[0].id, due[0].subject
                SERVICES[kind](uow, due)
                uow.deadlines.settle(due)
        except Exception as error:  # whatever it is, the others' promises must be kept
            log.exception("deadline %s of %s failed and is parked", failing, subject)
            with open_work(SYSTEM, now=now) as uow:
                uow.deadlines.park(failing, repr(error))
        done += 1
    return done
