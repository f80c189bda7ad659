"""Working along on a customer that somebody else holds: who may, for which share of the credit, and until when.

The holder stays the holder. Shares are percents; what nobody else has is the holder's, so they always sum to 100.
"""

from collections.abc import Sequence
from datetime import datetime

from core.errors import BadInput, NotFound
from core.model.deadline import Deadline, DeadlineKind
from core.model.ids import MemberId, Ref
from core.model.member import SELLING, Member
from core.model.routing import WHOLE, Collaboration
from core.notices.assignment import CollaborationBegun, CollaborationEnded
from core.ports import UnitOfWork
from core.services.customers import Customer, customer, holder_name, require_own

ENDS = "协作到期"


def begin(
    uow: UnitOfWork,
    about: Customer,
    colleague: Member,
    *,
    share: int = 0,
    until: datetime | None = None,
    may_write: bool = True,
) -> Collaboration:
    """Let a colleague work along on a customer; said again, it changes what was agreed. Its holder or their leader may.

    The colleague sees the customer and, if `may_write`, writes follow-ups; the holder hears of each.
    """
    require_own(uow, about)
    if about.owner_id is None:
        raise BadInput(f"「{about.name}」还没有负责人，领取之后再找人一起跟")
    if colleague.id == about.owner_id:
        raise BadInput(f"「{about.name}」就是{colleague.name}负责的，不用再加")
    if not colleague.is_any(SELLING):
        raise BadInput(f"{colleague.name}不做销售，不能一起跟。请换一位同事再发一次")
    if until is not None and until <= uow.now:
        raise BadInput("截止时间已经过去了，请换一个以后的时间再发一次")
    running = [one for one in uow.collaborations.running(about.ref) if one.runs_at(uow.now)]
    before = next((one for one in running if one.member_id == colleague.id), None)
    given = sum(one.share for one in running if one is not before)
    if not 0 <= share <= WHOLE - given:
        taken = f"别人已经分了 {given}%，" if given else ""
        raise BadInput(f"业绩分成加起来不能超过 100%。{taken}{colleague.name}最多 {WHOLE - given}%，请改小后再发一次")
    uow.does("collaboration.begin")
    if before is not None:
        _end(uow, before)
    begun = Collaboration(
        customer_kind=about.ref.kind,
        customer_id=about.id,
        member_id=colleague.id,
        may_write=may_write,
        share=share,
        until=until,
        created_by=uow.actor.id or None,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.collaborations.add(begun)
    uow.flush()
    uow.names.open_to(about.ref, colleague.id)
    set_end(uow, begun)
    uow.tell(
        CollaborationBegun(
            to=colleague.id,
            by=uow.actor.name,
            customer=about.name,
            customer_ref=str(about.ref),
            holder=holder_name(uow, about.owner_id),
            share=share,
            may_write=may_write,
            until=until,
        )
    )
    return begun


def end(uow: UnitOfWork, about: Customer, colleague: Member) -> None:
    """Let a colleague no longer work along; they themselves, the holder, or a leader may say so."""
    found = next((one for one in uow.collaborations.running(about.ref) if one.member_id == colleague.id), None)
    if found is None:
        raise BadInput(f"{colleague.name}没有一起跟「{about.name}」，没有改动")
    if colleague.id != uow.actor.id:
        require_own(uow, about)
    uow.does("collaboration.end")
    _end(uow, found)
    for reader in {colleague.id, about.owner_id} - {uow.actor.id, None}:
        uow.tell(
            CollaborationEnded(
                to=MemberId(reader or 0), by=uow.actor.name, customer=about.name, colleague=colleague.name
            )
        )


def end_due(uow: UnitOfWork, due: Sequence[Deadline]) -> None:
    """End what has come to its day, and tell both."""
    uow.does("collaboration.end")
    for deadline in due:
        one = uow.collaborations.get(deadline.subject_id)
        if (
            one is None
            or one.deleted_at is not None
            or one.ended_at is not None
            or one.until is None
            or one.until > uow.now
        ):
            continue
        one.end(one.until)
        try:
            about, colleague = customer(uow, one.customer), uow.members.get(one.member_id)
        except NotFound:  # deleted meanwhile: nobody misses it
            continue
        for reader in {one.member_id, about.owner_id} - {None}:
            uow.tell(CollaborationEnded(to=MemberId(reader or 0), by="", customer=about.name, colleague=colleague.name))


def end_all(uow: UnitOfWork, customers: Sequence[Ref]) -> None:
    """End every collaboration on customers that nobody holds any more."""
    for one in uow.collaborations.of_any(customers):
        if one.ended_at is None:
            _end(uow, one)


def team_on(uow: UnitOfWork, about: Customer) -> list[tuple[Member, Collaboration]]:
    """Return who works along on a customer just now."""
    running = [one for one in uow.collaborations.running(about.ref) if one.runs_at(uow.now)]
    members = uow.members.find(one.member_id for one in running)
    return [(members[one.member_id], one) for one in running if one.member_id in members]


def credit_of(uow: UnitOfWork, about: Customer, at: datetime) -> dict[MemberId, int]:
    """Return whose the credit for a customer was at a moment, in percent; the sum is 100."""
    credit: dict[MemberId, int] = {}
    for one in uow.collaborations.of_any([about.ref]):
        over = [end for end in (one.ended_at, one.until) if end is not None]
        if one.share and one.created_at <= at and all(at <= end for end in over):
            credit[one.member_id] = credit.get(one.member_id, 0) + one.share
    if about.owner_id is not None:
        credit[about.owner_id] = credit.get(about.owner_id, 0) + WHOLE - sum(credit.values())
    return credit


def set_end(uow: UnitOfWork, one: Collaboration) -> None:
    """Let exactly the promise stand that follows from a collaboration's day."""
    promises = []
    if one.until is not None and one.runs_at(uow.now):
        promises.append(
            Deadline(
                subject_kind="collaboration",
                subject_id=one.id,
                kind=DeadlineKind.COLLABORATION,
                rule=ENDS,
                cycle=one.version,
                due_at=one.until,
                limit_at=one.until,
                holder_id=one.member_id,
            )
        )
    uow.deadlines.replace(one.ref, promises)


def _end(uow: UnitOfWork, one: Collaboration) -> None:
    one.end(uow.now)
    uow.deadlines.clear([one.ref])
