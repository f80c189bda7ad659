"""Two of us on one customer (撞单): who was first by valid follow-ups, and who decides when both are still at it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.errors import BadInput
from core.model.customer import Account
from core.model.followup import FollowUp
from core.model.ids import MemberId
from core.model.member import Member
from core.notices.conflicts import ConflictReported, ConflictSide
from core.ports import UnitOfWork
from core.rules.duplicates import identity_of
from core.services.customers import Customer
from core.services.duplicates import look_up
from core.services.leaders import leaders_of

STILL_AT_IT = timedelta(days=30)
"""Who has had no valid contact for longer is not in anybody's way."""


@dataclass(frozen=True)
class Conflict:
    """Who is on one customer, the first first, and the leader who was asked to decide."""

    about: Customer
    sides: tuple[ConflictSide, ...]
    decides: str = ""


def report_conflict(uow: UnitOfWork, about: Customer, colleague: Member | None) -> Conflict:
    """Show who was first on a customer and its twins; where two are still at it, ask who leads both to decide.

    Nobody hears what a colleague wrote, only when. Said again on one day the leader is not asked again.
    """
    phone = None if isinstance(about, Account) else about.phone
    records = [about, *(one.found for one in look_up(uow, identity_of(about.name, phone=phone), but=[about.ref]))]
    talks = [one for one in uow.followups.of_any([one.ref for one in records]) if one.valid]
    holders = {one.owner_id for one in records if one.owner_id is not None}
    met = holders | {one.author_id for one in talks if one.author_id is not None}
    people = [one for one in uow.members.find(met).values() if one.active]
    if colleague is not None:
        people = [one for one in people if one.id in (colleague.id, uow.actor.id, about.owner_id)]
    along = {one.member_id for record in records for one in uow.collaborations.running(record.ref)}
    sides = sorted((_side(uow, one, talks, one.id in holders | along) for one in people), key=_earliest)
    others = [one for one in sides if one.member_id != uow.actor.id]
    if len(sides) < 2 or not others or (colleague is not None and colleague.id not in met):  # noqa: PLR2004 - it takes two
        who = colleague.name if colleague is not None else "别的同事"
        raise BadInput(f"没有查到{who}在跟「{about.name}」或同名的客户，不算撞单。发送「查一下 {about.name}」再看看")
    active = [one for one in sides if one.active]
    if len(active) < 2:  # noqa: PLR2004 - it takes two
        return Conflict(about, tuple(sides))
    judge = _judge(uow, [one.member_id for one in active])
    if judge is None or judge.id == uow.actor.id:
        return Conflict(about, tuple(sides), judge.name if judge is not None else "")
    who = "-".join(str(one.member_id) for one in active)
    uow.tell(
        ConflictReported(
            to=judge.id,
            once=f"conflict:{about.ref}:{who}:{uow.calendar.local(uow.now):%Y%m%d}",
            by=uow.actor.name,
            customer=about.name,
            customer_ref=str(about.ref),
            sides=tuple(sides),
        )
    )
    return Conflict(about, tuple(sides), judge.name)


def _side(uow: UnitOfWork, member: Member, talks: Sequence[FollowUp], on_it: bool) -> ConflictSide:
    mine = sorted(one.at for one in talks if one.author_id == member.id)
    return ConflictSide(
        member.id,
        member.name,
        mine[0] if mine else None,
        mine[-1] if mine else None,
        len(mine),
        on_it and bool(mine) and mine[-1] > uow.now - STILL_AT_IT,
    )


def _earliest(side: ConflictSide) -> tuple[bool, float, str]:
    return (side.first_at is None, side.first_at.timestamp() if side.first_at else 0.0, side.name)


def _judge(uow: UnitOfWork, members: Iterable[MemberId]) -> Member | None:
    """Return the nearest who leads everybody concerned and is not one of them."""
    concerned = set(members)
    found = list(uow.members.find(concerned).values())
    leading = [[one for one in leaders_of(uow, member) if one.id not in concerned] for member in found]
    common = set.intersection(*({one.id for one in some} for some in leading))
    return next((one for one in leading[0] if one.id in common), None)
