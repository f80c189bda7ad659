"""History replayed under a rule: which tenures the clock would have ended, and when; with what warnings.

It asks the very functions that the live engine asks (`core/rules/recycling.py`), so that what a rehearsal says is what
would have happened: between two things that happened to a lead nothing moves its clocks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from core.calendar import WorkCalendar
from core.model.ids import MemberId
from core.model.lead import Lead, LeadState
from core.model.playbook import Basis, Exempt, Holds, Playbook
from core.model.tenure import Happened, Tenure
from core.rules.recycling import NOTHING_KNOWN, Facts, Keep, holds_of, recycle_due, warnings_of

BY_THE_CLOCK = "超时回收"
"""How the end of a tenure is noted that the clock ended."""

_TOUCHED = (Basis.ASSIGNED_NO_CONTACT, Basis.LAST_VALID_FOLLOWUP)


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a tenure under a playbook: when the clock ends it and by which rule, and its warnings."""

    tenure: Tenure
    ends_at: datetime | None
    rule: str
    warned_at: tuple[datetime, ...]


class Replay:
    """Replays tenures under one playbook until an instant; `holders` is what rules must know of whoever holds."""

    def __init__(
        self, playbook: Playbook, calendar: WorkCalendar, holders: Mapping[MemberId, Facts], until: datetime
    ) -> None:
        self._playbook, self._calendar, self._holders, self._until = playbook, calendar, holders, until
        rules = [rule for era in playbook.eras() for rule in era.recycle if holds_of(rule, era) is Holds.LEAD]
        self._touched = min((rule.amount for rule in rules if rule.basis in _TOUCHED), default=timedelta.max)
        self._owned = min((rule.amount for rule in rules if rule.basis not in _TOUCHED), default=timedelta.max)

    def fate(self, tenure: Tenure, *, warnings: bool = True) -> Fate:
        """Follow one tenure from its beginning: the first time that the clock would have ended it counts."""
        lead = _lead_of(tenure)
        facts = self._holders.get(tenure.member_id, NOTHING_KNOWN)
        warned: list[datetime] = []
        for happened, ends in self._stretches(tenure):
            facts = self._apply(lead, facts, happened)
            due = self._due(lead, facts, ends)
            if warnings:
                begins, until = happened.known_at if happened is not None else tenure.begun_at, due[0] if due else ends
                said = warnings_of(lead, facts, self._playbook, self._calendar)
                warned += [at for at in said if begins <= at < until]
            if due is not None:
                return Fate(tenure, due[0], due[1], tuple(warned))
        return Fate(tenure, None, "", tuple(warned))

    def _stretches(self, tenure: Tenure) -> Iterator[tuple[Happened | None, datetime]]:
        """Yield what begins each stretch in which nothing happens, and when it ends.

        What the clock has ended is followed on to the end of the rehearsal: under another rule it would have gone on.
        """
        ended = tenure.ended_at
        if ended is None or tenure.ended_by.startswith(BY_THE_CLOCK):
            ended = self._until
        happened: Sequence[Happened] = [one for one in tenure.happened if one.known_at <= ended]
        begins: list[Happened | None] = [None, *happened]
        yield from zip(begins, [*(one.known_at for one in happened), ended], strict=True)

    def _due(self, lead: Lead, facts: Facts, until: datetime) -> tuple[datetime, str] | None:
        """Return when the clock would have taken the lead before `until`, and by which rule.

        No clock adds less than a rule's amount, so most stretches are too short for any rule to be asked.
        """
        begun = lead.assigned_at or until
        if until - (lead.last_followup_at or begun) <= self._touched and until - begun <= self._owned:
            return None
        verdict = recycle_due(lead, facts, self._playbook, self._calendar, until)
        return (verdict.due_at, verdict.rule.id) if verdict is not None else None

    def _apply(self, lead: Lead, facts: Facts, happened: Happened | None) -> Facts:
        """Let something happen to the lead; return what the rules must know from then on."""
        if happened is None:
            return facts
        now = vars(lead)
        if happened.touched_at is not None:
            now["state"] = LeadState.WORKING
            now["last_followup_at"] = max(filter(None, (lead.last_followup_at, happened.touched_at)))
        if happened.protected_until is not None:
            now["protected_until"] = max(filter(None, (lead.protected_until, happened.protected_until)))
        if happened.waits is None:
            return facts
        until = happened.known_at + self._playbook.extensions.waits
        keep = Keep(kind=Exempt.APPROVAL, why="等主管批延期", until=until)
        return replace(facts, keeps=(keep,) if happened.waits else ())


def _lead_of(tenure: Tenure) -> Lead:
    """Return the lead as it was when the tenure began.

    It is made past its constructor, which the storage watches: a hundred thousand of them are never stored.
    """
    lead = object.__new__(Lead)
    begun: dict[str, Any] = {
        "id": tenure.lead_id,
        "name": tenure.lead_name,
        "state": LeadState.ASSIGNED,
        "owner_id": tenure.member_id,
        "assigned_at": tenure.begun_at,
        "last_followup_at": None,
        "protected_until": None,
        "deleted_at": None,
    }
    vars(lead).update(tenure.known)
    vars(lead).update(begun)
    return lead
