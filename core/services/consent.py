"""A record and one that its holder may not see are one company: whoever holds the other is asked, and sees only theirs.

Nothing is told that a look for duplicates would not tell: that it exists, and with whom.
"""

from datetime import timedelta

from core.errors import BadInput, NotFound, NothingAsked
from core.model.identity import Identity
from core.model.ids import AccountId, LeadId
from core.model.lead import Lead
from core.model.member import Member
from core.model.merge_request import MergeRequest, RequestState
from core.notices.merging import MergeAnswered, MergeAsked
from core.ports import UnitOfWork
from core.rules.duplicates import identity_of
from core.rules.merging import Customer, survivor_of
from core.services.customers import as_ref, customer, holder_name, may_see, require_own
from core.services.duplicates import OnRecord, look_up
from core.services.merging import Merged, merge_customers, require_mergeable

LIVES = timedelta(days=7)
"""How long somebody is waited for."""


def identity_of_customer(uow: UnitOfWork, of: Customer) -> Identity:
    """Return by what a record is met again; an account by its first person's number too."""
    if isinstance(of, Lead):
        return of.identity
    person = next((one for one in uow.contacts.of(of.id) if one.phone or one.email), None)
    return identity_of(
        of.name,
        phone=of.phone or (person.phone if person else None),
        email=person.email if person else None,
        credit_code=of.credit_code,
    )


def hidden_twin(uow: UnitOfWork, own: Customer, words: str) -> OnRecord:
    """Return what is the same as `own`, is out of the actor's sight, and is meant by `words`: a number or its holder.

    Raises NotFound as if it did not exist, also where it does and is not the same.
    """
    require_own(uow, own)
    hidden = [
        match
        for match in look_up(uow, identity_of_customer(uow, own), but=[own.ref])
        if not may_see(uow, match.found) and match.found.owner_id is not None
    ]
    ref = as_ref(words)
    if ref is not None:
        meant = [match for match in hidden if match.found.ref == uow.customers.standing(ref)]
    else:
        meant = [match for match in hidden if match.holder in words or words in match.told]
    if not meant:
        raise NotFound(words)
    return meant[0]


def ask_to_merge(uow: UnitOfWork, own: Customer, twin: OnRecord) -> list[str]:
    """Ask whoever holds the twin, and who leads them, to let both become one; return whom, as far as it may be told."""
    require_mergeable(uow, own, twin.found)
    if uow.merge_requests.open_between(own.ref, twin.found.ref, uow.now - LIVES) is not None:
        raise BadInput("已经问过对方了，正在等回复，不用再发。7 天没有回复可以再问一次")
    uow.does("customer.merge")
    request = MergeRequest(
        asked_by=uow.actor.id,
        asked_at=uow.now,
        own_kind=own.ref.kind,
        own_id=own.id,
        other_kind=twin.found.ref.kind,
        other_id=twin.found.id,
    )
    uow.merge_requests.add(request)
    uow.flush()
    readers = _deciders(uow, twin.found)
    for reader in readers:
        uow.tell(_wish(uow, request, own, twin, reader))
    return [twin.holder] if twin.holder else []


def answer_merge(uow: UnitOfWork, request_id: int, *, agree: bool) -> Merged | None:
    """Answer a wish; the first of those who were asked decides. None when it is declined.

    Everything is looked at anew: who holds what, and whether both may still become one.
    """
    request = uow.merge_requests.get(request_id)
    if request is None or request.state != RequestState.OPEN or request.asked_at < uow.now - LIVES:
        raise NothingAsked(expired=True)
    other = customer(uow, request.other)
    require_own(uow, other)
    asker = uow.members.get(request.asked_by)
    own = _still_theirs(uow, request, asker)
    uow.does("customer.merge")
    request.answer(RequestState.AGREED if agree else RequestState.REFUSED, uow.actor.id, uow.now)
    if not agree:
        uow.tell(_answer(uow, asker, own, agreed=False, holder=""))
        return None
    kept, gone = survivor_of(other, own)
    merged = merge_customers(uow, kept, gone, agreed=True)
    uow.tell(_answer(uow, asker, own, agreed=True, holder=holder_name(uow, kept.owner_id)))
    return merged


def _still_theirs(uow: UnitOfWork, request: MergeRequest, asker: Member) -> Customer:
    """Return the asker's record, which the actor need not see, while the asker still holds it."""
    ref = uow.customers.standing(request.own)
    found: Customer = uow.leads.get(LeadId(ref.id)) if ref.kind == "lead" else uow.accounts.get(AccountId(ref.id))
    if found.owner_id != asker.id or not asker.active:
        raise BadInput(f"{asker.name}那一条已经不在{asker.name}名下，不能合并了。没有改动")
    return found


def _deciders(uow: UnitOfWork, found: Customer) -> list[Member]:
    """Return who decides over a record: its holder, and who leads the holder."""
    holder = uow.members.find([found.owner_id]).get(found.owner_id) if found.owner_id is not None else None
    leader = uow.members.find([holder.manager_id]).get(holder.manager_id) if holder and holder.manager_id else None
    asked = [one for one in (holder, leader) if one is not None and one.active and one.id != uow.actor.id]
    if not asked:
        raise BadInput("对方的持有人已离职，也没有主管可以问。请联系管理员先交接那一条，再合并")
    return asked


def _wish(uow: UnitOfWork, request: MergeRequest, own: Customer, twin: OnRecord, reader: Member) -> MergeAsked:
    kept, _ = survivor_of(twin.found, own)
    return MergeAsked(
        to=reader.id,
        request_id=request.id,
        by=uow.actor.name,
        ref=str(twin.found.ref),
        name=twin.found.name,
        matched=twin.matched,
        holder=holder_name(uow, twin.found.owner_id),
        after=holder_name(uow, kept.owner_id),
    )


def _answer(uow: UnitOfWork, asker: Member, own: Customer, *, agreed: bool, holder: str) -> MergeAnswered:
    return MergeAnswered(to=asker.id, by=uow.actor.name, ref=str(own.ref), name=own.name, agreed=agreed, holder=holder)
