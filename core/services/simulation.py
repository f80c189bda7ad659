"""A rule rehearsed over the company's own history: who would have lost or kept what, and what it would have cost."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from core.errors import BadInput, Refusal
from core.model.ids import MemberId
from core.model.job import Job
from core.model.member import SYSTEM
from core.model.money import Money
from core.model.playbook import Playbook
from core.model.tenure import Tenure
from core.notices.playbook import RuleRehearsed, ShareLine
from core.ports import OpenWork, UnitOfWork
from core.rules.recycling import Facts
from core.rules.replaying import Fate, Replay
from core.services.approvals.simulation import rehearse_flows
from core.services.keeping import days_off, facts_of_holder
from core.services.playbook.applying import compared

DAYS, LONGEST_DAYS = 90, 400
NAMED = 8
COUNTED = 5_000
"""Tenures whose warnings are counted one by one; of more, every so manieth stands for its neighbours."""

JOB = "rehearse_rule"
"""The job that rehearses a draft."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """What the clock does under one playbook: leads taken, warnings, and cards sent (one per holder and minute)."""

    recycled: int
    warnings: int
    cards: int


@dataclass(frozen=True, kw_only=True)
class Share:
    """What one member loses before, and under the changed rule; `held` counts the leads they have held."""

    member_id: MemberId
    name: str
    held: int
    before: int
    after: int


@dataclass(frozen=True, kw_only=True)
class Simulation:
    """The outcome: both sides, who loses more or less, and the deals whose lead would have gone to somebody else.

    `lost` are tenures that only the changed rule ends, `kept` those that only the present one ends, `moved` those that
    both end at different times.
    """

    days: int
    begin: datetime
    tenures: int
    before: Side
    after: Side
    lost: tuple[Fate, ...]
    kept: tuple[Fate, ...]
    moved: int
    shares: tuple[Share, ...]
    deals_won: int
    deals_open: int
    deals_amount: Money


def simulate(uow: UnitOfWork, after: Playbook, days: int = DAYS) -> Simulation:
    """Replay the last `days` of history under `after` and under what is in force; nothing is written.

    Leads are judged by the grade, tags and pool that they have now. BadInput beyond what history is asked for.
    """
    require_days(days)
    begin = uow.now - timedelta(days=days)
    tenures = list(uow.tenures.since(begin, judged=_judge(uow.playbook) or _judge(after)))
    holders = _holders(uow, tenures)
    replays = [Replay(playbook, uow.calendar, holders, uow.now) for playbook in (uow.playbook, after)]
    every = max(len(tenures) // COUNTED, 1)
    now, then = ([replay.fate(one, warnings=n % every == 0) for n, one in enumerate(tenures)] for replay in replays)
    pairs = list(zip(now, then, strict=True))
    lost = [b for a, b in pairs if a.ends_at is None and b.ends_at is not None]
    kept = [a for a, b in pairs if a.ends_at is not None and b.ends_at is None]
    moved = sum(1 for a, b in pairs if None not in (a.ends_at, b.ends_at) and a.ends_at != b.ends_at)
    deals = _deals(uow, pairs)
    return Simulation(
        days=days,
        begin=begin,
        tenures=len(tenures),
        before=_side(now, every),
        after=_side(then, every),
        lost=tuple(sorted(lost, key=_when)),
        kept=tuple(sorted(kept, key=_when)),
        moved=moved,
        shares=_shares(uow, pairs),
        deals_won=deals["won"],
        deals_open=deals["open"],
        deals_amount=Money(deals["fen"]),
    )


def _judge(playbook: Playbook) -> bool:
    """Say whether some rule is only for some leads."""
    return any(not rule.when.is_always for era in playbook.eras() for rule in era.recycle)


def _holders(uow: UnitOfWork, tenures: Sequence[Tenure]) -> dict[MemberId, Facts]:
    """Return what rules must know of everybody who held something."""
    ids = {tenure.member_id for tenure in tenures}
    away, members = days_off(uow, ids), uow.members.find(ids)
    return {one: facts_of_holder(members.get(one), away.get(one, frozenset())) for one in ids}


def _side(fates: Sequence[Fate], every: int) -> Side:
    """Sum up one side. Of very many tenures the cards of every so manieth are counted, and stand for all."""
    warned: set[tuple[MemberId, datetime]] = set()
    ended: set[tuple[MemberId, datetime]] = set()
    recycled = 0
    for fate in fates:
        holder = fate.tenure.member_id
        warned.update((holder, at.replace(second=0, microsecond=0)) for at in fate.warned_at)
        if fate.ends_at is not None:
            recycled += 1
            ended.add((holder, fate.ends_at.replace(second=0, microsecond=0)))
    warnings = every * sum(len(fate.warned_at) for fate in fates)
    return Side(recycled=recycled, warnings=warnings, cards=every * len(warned) + len(ended))


def _shares(uow: UnitOfWork, pairs: Sequence[tuple[Fate, Fate]]) -> tuple[Share, ...]:
    """Say for every holder what changes, those first whose loss grows most."""
    held, before, after = Counter[MemberId](), Counter[MemberId](), Counter[MemberId]()
    for now, then in pairs:
        holder = now.tenure.member_id
        held[holder] += 1
        before[holder] += now.ends_at is not None
        after[holder] += then.ends_at is not None
    members = uow.members.find(held)
    shares = [
        Share(
            member_id=one,
            name=members[one].name if one in members else "已离职同事",
            held=held[one],
            before=before[one],
            after=after[one],
        )
        for one in held
    ]
    return tuple(sorted(shares, key=lambda share: (share.before - share.after, -share.held, share.member_id)))


def _deals(uow: UnitOfWork, pairs: Sequence[tuple[Fate, Fate]]) -> Counter[str]:
    """Count the deals of leads that their holder would have lost before they became customers."""
    gone = {
        then.tenure.became: then.tenure.member_id
        for now, then in pairs
        if now.ends_at is None and then.ends_at is not None and then.tenure.became is not None
    }
    found: Counter[str] = Counter()
    for deal in uow.tenures.deals_of(one for one in gone if one is not None):
        if gone[deal.account_id] == deal.owner_id:
            found[deal.outcome] += 1
            found["fen"] += deal.fen
    return found


def _when(fate: Fate) -> datetime:
    return fate.ends_at or fate.tenure.begun_at


def order_rehearsal(uow: UnitOfWork, draft_id: int, days: int = DAYS) -> None:
    """Have the worker rehearse a draft of the actor's; it may take a while, and nothing waits for it."""
    require_days(days)
    content = {"draft": draft_id, "days": days, "for": uow.actor.id}
    uow.jobs.add(Job(kind=JOB, content=content, created_at=uow.now, created_by=uow.actor.id or None))


def rehearse(open_work: OpenWork, draft_id: int, days: int, reader: MemberId) -> bool:
    """Rehearse a draft and tell `reader` what came out; False when the draft can no longer be read."""
    with open_work(SYSTEM) as uow:
        draft = uow.versions.draft(draft_id)
        text = draft.document if draft is not None else ""
    lines: tuple[str, ...] = ()
    approvals: tuple[str, ...] = ()
    found, trouble = None, "" if text else "这份改动已经不在了，请再提一次"
    with open_work(SYSTEM, reading=True) as uow:
        try:
            if text:
                document = uow.documents.read(text)
                lines, found = tuple(map(str, compared(uow, document))), simulate(uow, document.playbook, days)
                asked = rehearse_flows(uow, document.playbook, days)
                approvals = () if asked.changes_nothing else asked.lines()
        except Refusal as refusal:
            trouble = str(refusal)
    with open_work(SYSTEM) as uow:
        told = RuleRehearsed(to=reader, draft=draft_id, lines=lines, trouble=trouble, approvals=approvals)
        uow.tell(told if found is None else replace(told, **_told(found)))
    return found is not None


def _told(found: Simulation) -> dict[str, Any]:
    """Return what a notice says of an outcome; of the many it names the first."""
    return {
        "days": found.days,
        "tenures": found.tenures,
        "recycled": (found.before.recycled, found.after.recycled),
        "cards": (found.before.cards, found.after.cards),
        "lost": len(found.lost),
        "kept": len(found.kept),
        "moved": found.moved,
        "lost_names": tuple(fate.tenure.lead_name for fate in found.lost[:NAMED]),
        "kept_names": tuple(fate.tenure.lead_name for fate in found.kept[:NAMED]),
        "shares": tuple(ShareLine(one.name, one.held, one.before, one.after) for one in found.shares[:NAMED]),
        "deals_won": found.deals_won,
        "deals_open": found.deals_open,
        "deals_amount": str(found.deals_amount),
    }


def require_days(days: int) -> None:
    """Refuse more history than may be asked for."""
    if not 1 <= days <= LONGEST_DAYS:
        raise BadInput(f"试算的天数要在 1 到 {LONGEST_DAYS} 之间，例如「试算最近90天」")
