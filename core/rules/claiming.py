"""Who may take what out of which pool, and when again (semantics B.4)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from core.calendar import WorkCalendar
from core.errors import ClaimRefused
from core.model.lead import Assignment
from core.model.load import Claims
from core.model.member import LEADING, Member
from core.model.playbook import Holds, Playbook, Pool, RecycleRule
from core.model.playbook.parts import spoken_duration
from core.rules.groups import belongs
from core.rules.permissions import may_open_pool

RECYCLED = "超时回收"
"""How an assignment ends that the clock ended; the rule follows behind a colon."""


def may_use(member: Member, pool: Pool) -> bool:
    """Say whether a member sees the pool and claims from it."""
    return may_open_pool(member) and (belongs(member, pool.members) or administers(member, pool))


def administers(member: Member, pool: Pool) -> bool:
    """Say whether a member looks after the pool: whoever is named, and where nobody is, whoever leads people."""
    if pool.admins.is_everybody:
        return member.id == 0 or (member.active and member.is_any(LEADING))
    return belongs(member, pool.admins)


def pools_of(member: Member, playbook: Playbook) -> list[Pool]:
    """Return the pools that a member may use, in the playbook's order."""
    return [pool for pool in playbook.pools if may_use(member, pool)]


def pool_called(name: str, holds: Holds, playbook: Playbook) -> Pool | None:
    """Return the pool a record lies in: by name, else the first one of its kind."""
    fitting = [pool for pool in playbook.pools if pool.holds is holds]
    return next((pool for pool in fitting if pool.name == name), fitting[0] if fitting else None)


def rests(assignment: Assignment, pool: Pool, playbook: Playbook) -> datetime | None:
    """Return until when the holder of an ended assignment may not claim again; None when they may at once.

    What a leader gave away or undid leaves no cooldown: only who let go, or lost it to the clock, has one.
    """
    if assignment.ended_at is None:
        return None
    by, _, rule_id = assignment.ended_by.partition(":")
    if by == RECYCLED:
        rule = rule_called(rule_id, playbook)
        length = rule.cooldown if rule is not None and rule.cooldown is not None else pool.cooldown
    else:
        length = pool.cooldown if by == "退回" else None
    return assignment.ended_at + length if length else None


def cools_down(pool: Pool, playbook: Playbook) -> bool:
    """Say whether anybody may have to wait before they claim again."""
    return pool.cooldown is not None or any(rule.cooldown for era in playbook.eras() for rule in era.recycle)


def rule_called(rule_id: str, playbook: Playbook) -> RecycleRule | None:
    """Return a recycle rule by name, the newest first; None when nobody's clock runs by it any more."""
    return next((rule for era in playbook.eras() for rule in era.recycle if rule.id == rule_id), None)


def refuse_claim(
    name: str,
    pool: Pool,
    pooled_at: datetime | None,
    claims: Claims,
    past: Iterable[Assignment],
    playbook: Playbook,
    calendar: WorkCalendar,
    now: datetime,
) -> ClaimRefused | None:
    """Return the limit that stands against a claim: the pool's waiting time, cooldown, claims a day, their interval."""
    until = [at for one in past if (at := rests(one, pool, playbook)) is not None and at > now]
    if until:
        said = _at(max(until), calendar)
        return ClaimRefused(
            "cooldown", f"「{name}」是您退回或被回收过的，{said} 之后才能再领。发送「公海」看看其他线索", max(until)
        )
    if pool.wait is not None and pooled_at is not None and pooled_at + pool.wait > now:
        free_at = pooled_at + pool.wait
        return ClaimRefused(
            "wait",
            f"「{name}」刚进{pool.name}，{_at(free_at, calendar)} 起可以领取。到时再发一次「领取 {name}」",
            free_at,
        )
    if pool.claims_per_day is not None and claims.today >= pool.claims_per_day:
        return ClaimRefused(
            "per_day",
            f"您今天已经领了 {claims.today} 次，{pool.name}每天最多 {pool.claims_per_day} 次（退回也算）。"
            "明天再领，或请主管分给您",
        )
    if pool.interval is not None and claims.last_at is not None and claims.last_at + pool.interval > now:
        free_at = claims.last_at + pool.interval
        return ClaimRefused(
            "interval",
            f"{pool.name}两次领取要隔{spoken_duration(pool.interval)}，{_at(free_at, calendar, seconds=True)} 之后再领",
            free_at,
        )
    return None


def look_back(pool: Pool, since: datetime, now: datetime) -> datetime:
    """Return from when claims matter: the beginning of the day, or the interval if that reaches further."""
    return min(since, now - (pool.interval or timedelta(0)))


def _at(instant: datetime, calendar: WorkCalendar, *, seconds: bool = False) -> str:
    wall = calendar.local(instant)
    return f"{wall:%m-%d %H:%M:%S}" if seconds and wall.second else f"{wall:%m-%d %H:%M}"
