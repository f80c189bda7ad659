"""History replayed under a rule: which tenures the clock would have ended, and when; with what warnings.

It asks the very functions that the live engine asks (`core/rules/recycling.py`), so that what a rehearsal says is what
would have happened: between two things that happened to a lead nothing moves its clocks.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from core.calendar import NEVER, WorkCalendar
from core.model.deadline import DeadlineKind
from core.model.ids import MemberId
from core.model.lead import Lead, LeadState
from core.model.playbook import Exempt, Holds, Playbook, RecycleRule
from core.model.tenure import Happened, Tenure
from core.rules.recycling import Facts, Keep, deadlines_of, holds_of, recycle_due

BY_THE_CLOCK = "超时回收"
"""How the end of a tenure is noted that the clock ended."""

Away = Mapping[MemberId, Set[date]]
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a tenure under a playbook: when the clock ends it and by which rule, and its warnings."""

    tenure: Tenure
    ends_at: datetime | None
    rule: str
    warned_at: tuple[datetime, ...]


class Replay:
    """Replays tenures under one playbook until an instant."""

    def __init__(self, playbook: Playbook, calendar: WorkCalendar, away: Away, until: datetime) -> None:
        self._playbook, self._calendar, self._away, self._until = playbook, calendar, away, until
        self._soonest = min(
            (_soonest(rule) for era in playbook.eras() for rule in era.recycle if holds_of(rule, era) is Holds.LEAD),
            default=None,
        )

    def fate(self, tenure: Tenure) -> Fate:
        """Follow one tenure from its beginning: the first time that the clock would have ended it counts."""
        lead = _lead_of(tenure)
        facts = Facts(away=self._away.get(tenure.member_id, NEVER))
        warned: list[datetime] = []
        for happened, ends in self._stretches(tenure):
            facts = self._apply(lead, facts, happened)
            since = lead.last_followup_at or tenure.begun_at
            if self._soonest is None or ends - since < self._soonest:
                continue  # no clock adds less than its amount, so nothing can be due yet
            due = self._due(lead, facts, ends)
            begins = happened.known_at if happened is not None else tenure.begun_at
            warned += self._warnings(lead, facts, begins, ends if due is None else due[0])
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
        """Return when the clock would have taken the lead before `until`, and by which rule."""
        verdict = recycle_due(lead, facts, self._playbook, self._calendar, until)
        if verdict is None:
            return None
        return verdict.due_at, verdict.rule.id

    def _warnings(self, lead: Lead, facts: Facts, begins: datetime, until: datetime) -> list[datetime]:
        standing = deadlines_of(lead, facts, self._playbook, self._calendar)
        warnings = (one.due_at for one in standing if one.kind == DeadlineKind.RECYCLE_WARNING)
        return [at for at in warnings if begins <= at < until]

    def _apply(self, lead: Lead, facts: Facts, happened: Happened | None) -> Facts:
        """Let something happen to the lead; return what the rules must know from then on."""
        if happened is None:
            return facts
        if happened.touched_at is not None:
            lead.followed_up(happened.touched_at)
        if happened.protected_until is not None:
            lead.protected_until = max(filter(None, (lead.protected_until, happened.protected_until)))
        if happened.waits is None:
            return facts
        until = happened.known_at + self._playbook.extensions.waits
        keep = Keep(kind=Exempt.APPROVAL, why="等主管批延期", until=until)
        return replace(facts, keeps=(keep,) if happened.waits else ())


def _soonest(rule: RecycleRule) -> timedelta:
    """Return how soon after its beginning a rule may say anything at all."""
    shares = [rule.amount * ahead for ahead in rule.warnings if not isinstance(ahead, timedelta)]
    before = [rule.amount - ahead for ahead in rule.warnings if isinstance(ahead, timedelta)]
    return max(min([rule.amount, *shares, *before]) - timedelta(hours=24), _MOMENT)  # quiet hours move a warning back


def _lead_of(tenure: Tenure) -> Lead:
    return Lead(
        id=tenure.lead_id,
        name=tenure.lead_name,
        grade=tenure.grade,
        tags=tenure.tags,
        pool=tenure.pool,
        state=LeadState.ASSIGNED,
        owner_id=tenure.member_id,
        assigned_at=tenure.begun_at,
        created_at=tenure.begun_at,
        updated_at=tenure.begun_at,
    )
