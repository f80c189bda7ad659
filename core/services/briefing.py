"""What must be known of customers that change hands: last contact, next plan, promises, deals, how they may be lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.model.deal import Deal
from core.model.followup import Plan
from core.model.ids import AccountId, LeadId, Ref
from core.model.promise import Promise
from core.notices.handover import BriefLine
from core.ports import UnitOfWork
from core.rules.handover import RISKY, Risk, risk_of
from core.rules.promises import promises_in
from core.rules.today import shortened
from core.services.customers import Customer
from core.services.promises import open_about_any

LOOK_BACK = timedelta(days=90)
"""Promises older than that are history."""


@dataclass(frozen=True)
class Brief:
    """One customer's line, and how easily it is lost."""

    line: BriefLine
    risk: Risk

    @property
    def is_risky(self) -> bool:
        return self.risk.score >= RISKY


def briefs(uow: UnitOfWork, customers: Sequence[Customer]) -> list[Brief]:
    """Return what must be known of each customer, the most pressing first."""
    refs = [one.ref for one in customers]
    plans: dict[Ref, Plan] = {}
    for plan in sorted(uow.plans.open_for_any(refs), key=lambda one: one.at):
        if plan.customer is not None:
            plans.setdefault(plan.customer, plan)
    promises, deals = _promises(uow, refs), uow.books.open_deals(refs)
    found = [
        _brief(uow, one, plans.get(one.ref), promises.get(one.ref, []), deals.get(one.ref, [])) for one in customers
    ]
    return sorted(found, key=lambda one: (-one.risk.score, _soon(one.line.next_at, uow.now), one.line.ref))


def briefs_of(uow: UnitOfWork, refs: Sequence[Ref]) -> list[Brief]:
    """Return the same for customers by their references, as far as they are alive."""
    leads = uow.leads.find(LeadId(ref.id) for ref in refs if ref.kind == "lead")
    accounts = uow.accounts.find(AccountId(ref.id) for ref in refs if ref.kind == "account")
    return briefs(uow, [*leads, *accounts])


def _brief(uow: UnitOfWork, about: Customer, plan: Plan | None, promises: list[str], deals: list[Deal]) -> Brief:
    risk = risk_of(
        about.grade,
        about.last_followup_at,
        deals=len(deals),
        promises=len(promises),
        now=uow.now,
        silent_after=uow.playbook.handover.silent_after,
    )
    line = BriefLine(
        ref=str(about.ref),
        name=about.name,
        grade=about.grade,
        last_at=about.last_followup_at,
        next_at=plan.at if plan else None,
        next_what=shortened(plan.content, 24) if plan else "",
        promises=tuple(promises),
        deals=tuple(f"{deal.name} {deal.stage}{f' {deal.amount}' if deal.amount else ''}" for deal in deals[:2]),
        risks=risk.reasons,
    )
    return Brief(line, risk)


def _promises(uow: UnitOfWork, refs: Sequence[Ref]) -> dict[Ref, list[str]]:
    """Return every open promise about each customer, what is due first, first; then those that no ledger knows yet.

    Follow-ups that came out of a file were never asked about, so their promises of the last while are found here.
    """
    found: dict[Ref, list[str]] = {}
    for ref, promises in open_about_any(uow, refs).items():
        found[ref] = [_owed(uow, promise) for promise in promises]
    known = {(promise.customer, promise.words) for promise in uow.promises.of(refs)}
    for ref, at, text in uow.books.promised(refs):
        if at < uow.now - LOOK_BACK:
            continue
        for told in promises_in(text):
            if (ref, told.words) not in known:
                whose = "对方承诺：" if told.theirs else ""
                found.setdefault(ref, []).append(f"{uow.calendar.local(at):%m-%d} {whose}{told.words}")
    return found


def _owed(uow: UnitOfWork, promise: Promise) -> str:
    whose = "对方承诺：" if promise.theirs else ""
    due = f"（{uow.calendar.local(promise.due_at):%m-%d} 到期）" if promise.due_at is not None else ""
    return f"{uow.calendar.local(promise.made_at):%m-%d} {whose}{promise.words}{due}"


def _soon(at: datetime | None, now: datetime) -> float:
    return (at - now).total_seconds() if at else float("inf")
