"""Running clocks when their rules change: what would move, and the job that moves it (semantics B3-8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from core.model.deadline import DeadlineKind
from core.model.ids import AccountId, LeadId
from core.model.lead import Lead
from core.model.member import SYSTEM
from core.model.playbook import Holds, Playbook
from core.ports import OpenWork, UnitOfWork
from core.rules.recycling import NOTHING_KNOWN, Facts, are_ruled, lead_deadlines
from core.services.keeping import facts_of, set_all_clocks

BATCH = 500
"""Leads in one transaction."""

LOOKED_AT = 20_000
"""Leads that a preview looks at; of more it tells what these make likely."""


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What recalculating would do now: clocks that run, that would end otherwise, and whose end has passed then."""

    running: int
    moved: int
    due_at_once: int
    is_estimate: bool = False


def preview(uow: UnitOfWork, after: Playbook) -> Preview:
    """Return what would become of running clocks if `after` were in force and all of them recalculated."""
    running = moved = due_at_once = seen = 0
    for lead, facts in _held(uow, LOOKED_AT):
        seen += 1
        now, then = _ends(uow, lead, facts, uow.playbook), _ends(uow, lead, facts, after)
        running += len(now)
        moved += sum(1 for clock in now.keys() | then.keys() if now.get(clock) != then.get(clock))
        due_at_once += any(at < uow.now for at in then.values()) and not any(at < uow.now for at in now.values())
    total = uow.leads.count_held() if seen == LOOKED_AT else seen
    scale = total / seen if seen else 1.0
    return Preview(
        running=round(running * scale),
        moved=round(moved * scale),
        due_at_once=round(due_at_once * scale),
        is_estimate=total > seen,
    )


def recalculate(open_work: OpenWork, after: int = 0) -> int:
    """Let every running clock run by what is in force now, batch by batch; return how many leads were looked at.

    Begun anew after a crash it does the same: nothing is moved twice.
    """
    done = 0
    while True:
        with open_work(SYSTEM) as uow:
            leads = uow.leads.held_after(LeadId(after), BATCH)
            uow.does("playbook.recalculate")
            set_all_clocks(uow, leads)
        if not leads:
            return done + _recalculate_accounts(open_work)
        done, after = done + len(leads), leads[-1].id


def _recalculate_accounts(open_work: OpenWork) -> int:
    """Do the same for accounts; none is looked at where no rule is about them."""
    done, after = 0, AccountId(0)
    while True:
        with open_work(SYSTEM) as uow:
            accounts = uow.accounts.held_after(after, BATCH) if are_ruled(Holds.ACCOUNT, uow.playbook) else []
            uow.does("playbook.recalculate")
            set_all_clocks(uow, accounts)
        if not accounts:
            return done
        done, after = done + len(accounts), accounts[-1].id


def _held(uow: UnitOfWork, limit: int) -> Iterator[tuple[Lead, Facts]]:
    after, left = LeadId(0), limit
    while left > 0 and (leads := uow.leads.held_after(after, min(BATCH, left))):
        facts = facts_of(uow, leads)
        yield from ((lead, facts.get(lead.ref, NOTHING_KNOWN)) for lead in leads)
        after, left = leads[-1].id, left - len(leads)


def _ends(uow: UnitOfWork, lead: Lead, facts: Facts, playbook: Playbook) -> dict[tuple[str, str], datetime]:
    return {
        (deadline.kind, deadline.rule): deadline.due_at
        for deadline in lead_deadlines(lead, facts, playbook, uow.calendar)
        if deadline.kind != DeadlineKind.RECYCLE_WARNING
    }
