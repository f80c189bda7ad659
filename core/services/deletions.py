"""Deleting a record: asked for, decided by the company's flow, taken back within its time, and then gone for good."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.errors import ActRefused, Ambiguous, BadInput, NotAllowed, NotFound
from core.model.approval import Approval
from core.model.customer import Account, Contact
from core.model.deadline import Deadline
from core.model.deal import Deal
from core.model.deletion import Deletion, DeletionState
from core.model.followup import Plan
from core.model.ids import PREFIXES, AccountId, MemberId, Ref
from core.model.lead import Lead
from core.model.member import SELLING
from core.model.promise import Promise
from core.model.quote import Quote
from core.notices.deletions import RecordRestored
from core.ports import UnitOfWork
from core.rules.permissions import Scope, may_manage, scope_of
from core.rules.recycling import pool_for
from core.services.approvals.submitting import Preview, preview, submit
from core.services.consent import identity_of_customer
from core.services.customers import Customer, as_ref, choice_label, customer, refs_called
from core.services.deal_clocks import set_deal_clock
from core.services.deals import deal_of
from core.services.deletion_matter import (
    DELETION,
    LABELS,
    Belongings,
    Deletable,
    DeletionMatter,
    belongings,
    locked,
    name_of,
    owner_of,
    set_purge_clock,
    why_kept,
)
from core.services.duplicates import refuse_duplicates
from core.services.followups import set_reminder
from core.services.keeping import set_clocks
from core.services.promises import set_promise_clock
from core.services.qualifying import GRACE
from core.services.quote_clocks import set_quote_clock
from core.services.quotes import quote_of

SHOWN: Final = 20
CHOICES: Final = 8
PARTS: Final = frozenset({"deal", "quote", "contact"})
"""What is deleted beside whole customers."""

_SPELT: Final = re.compile(r"(deal|quote):(?=[1-9])")


@dataclass(frozen=True)
class Consequences:
    """What deleting a record would mean: what goes along, who would be asked, and for how long it may come back."""

    record: Deletable
    name: str
    along: Belongings
    asks: Preview | None
    until: datetime


def record_named(uow: UnitOfWork, words: str, what: str = "") -> Deletable:
    """Return what somebody wants gone: anything by its number, a customer by name.

    `what` (商机, 报价, 联系人) means the customer's only one of that kind. Administrators may name every customer.
    """
    words = words.strip()
    part = _part_called(words)
    if part is not None:
        return locked(uow, part)
    ref = as_ref(words)
    refs = [uow.customers.standing(ref)] if ref is not None else refs_called(uow, words)
    found = [_customer(uow, one) for one in refs]
    if len(found) > 1:
        raise Ambiguous(words, tuple((choice_label(c), str(c.ref)) for c in found), "customer")
    return _of(uow, found[0], what) if what else found[0]


def look_ahead(uow: UnitOfWork, record: Deletable) -> Consequences:
    """Say what deleting a record would mean; refuses whoever may not, and what must stay."""
    _require_may_delete(uow, record)
    why = why_kept(uow, record)
    if why:
        raise ActRefused(f"「{name_of(uow, record)}」不能删除：{why}")
    asks = preview(uow, DELETION, DeletionMatter().facts(uow, record.ref))
    until = uow.now + uow.playbook.chat.restore_within
    return Consequences(record, name_of(uow, record), belongings(uow, record), asks, until)


def ask_deletion(uow: UnitOfWork, record: Deletable, reason: str = "") -> tuple[Deletion, Approval | None]:
    """Ask for a record to be deleted; without an approval nobody must agree, and it is gone at once.

    Raises UnderApproval when it is asked already.
    """
    record = locked(uow, record.ref)
    name = look_ahead(uow, record).name
    uow.does(DELETION)
    deletion = Deletion(
        subject_kind=record.ref.kind,
        subject_id=record.id,
        name=name[:200],
        reason=reason[:500],
        owner_id=owner_of(uow, record),
        asked_by=uow.actor.id,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.deletions.add(deletion)
    uow.flush()
    title = f"删除{LABELS[type(record)]} {name}"
    return deletion, submit(uow, DELETION, record.ref, title=title, reason=reason)


def deleted_lately(uow: UnitOfWork) -> list[Deletion]:
    """Return what the actor may restore, the last deleted first."""
    scope = Scope(uow.actor.id, everything=True) if may_manage(uow.actor) else scope_of(uow.actor)
    return uow.deletions.standing(scope, SHOWN)


def deleted_called(uow: UnitOfWork, words: str) -> Deletion | None:
    """Return the deleted record that is meant, by its number or its name; Ambiguous names several.

    By its number also one that is over, so that one hears what has become of it.
    """
    words, standing = words.strip(), deleted_lately(uow)
    exact = [one for one in standing if words in (str(one.subject), one.name)]
    meant = exact or [one for one in standing if words in one.name]
    if len(meant) > 1:
        choices = tuple((f"{one.name}（{one.subject}）", str(one.subject)) for one in meant[:CHOICES])
        raise Ambiguous(words, choices, "customer")
    if meant:
        return uow.deletions.get(meant[0].id)
    number = _part_called(words) or as_ref(words)
    over = uow.deletions.last_of(number) if number is not None and number.kind != "lead" else None
    return over if over is not None and over.asked_by == uow.actor.id else None


def restore_deleted(uow: UnitOfWork, deletion: Deletion, *, certain: bool = False) -> Deletable:
    """Bring a record back with everything that went along, with whoever held it, else where nobody holds it.

    Refuses what is over, and like a new record when somebody has the company meanwhile, unless `certain`.
    """
    if deletion.state != DeletionState.DELETED or deletion.purge_at is None or deletion.purge_at <= uow.now:
        raise BadInput(f"「{deletion.name}」不能再恢复：{_over(deletion)}")
    record: Deletable
    record, *along = uow.deletions.records(deletion.everything)
    _require_may_restore(uow, deletion, record)
    _refuse_twins(uow, record, certain=certain)
    uow.does("record.restore")
    for one in (record, *along):
        one.deleted_at = None
    deletion.settle(DeletionState.RESTORED, uow.now)
    set_purge_clock(uow, deletion)
    _hand_back(uow, record)
    uow.flush()
    for one in (record, *along):
        _set_clock(uow, one)
    _tell_back(uow, deletion, record)
    return record


def purge(uow: UnitOfWork, due: Sequence[Deadline]) -> None:
    """Let records that nobody has restored be gone for good: no word about a person is kept, nor any of their files.

    The company's name stays with the deletion, so that one can see later who wanted what gone.
    """
    for deadline in due:
        deletion = uow.deletions.get(deadline.subject_id)
        if deletion is None or deletion.state != DeletionState.DELETED or deletion.purge_at != deadline.due_at:
            continue
        uow.does("record.purge")
        refs = [*deletion.everything, *(one.ref for one in uow.followups.of_any([deletion.subject]))]
        for file in (file for ref in refs for file in uow.files.of(ref)):
            file.deleted_at = uow.now
        deletion.settle(DeletionState.PURGED, uow.now)
        uow.flush()
        uow.deletions.erase(refs)


def _customer(uow: UnitOfWork, ref: Ref) -> Customer:
    found = locked(uow, ref) if may_manage(uow.actor) else customer(uow, ref)
    return found if isinstance(found, Lead | Account) else customer(uow, ref)


def _part_called(words: str) -> Ref | None:
    """Read what is no customer: D7, Q12, P5."""
    try:
        ref = Ref.parse(_SPELT.sub(lambda kind: PREFIXES[kind[1]], words).upper())
    except ValueError:
        return None
    return ref if ref.kind in PARTS else None


def _of(uow: UnitOfWork, found: Customer, what: str) -> Deletable:
    """Return a customer's only deal, quote or person."""
    if isinstance(found, Lead):
        raise BadInput(f"「{found.name}」还是线索，没有{what}。要删除这条线索就发送「删除线索 {found.name}」")
    parts: Mapping[str, Callable[[AccountId], Sequence[Deal | Quote | Contact]]] = {
        LABELS[Deal]: uow.deals.every_of,
        LABELS[Quote]: uow.quotes.every_of,
        LABELS[Contact]: uow.contacts.of,
    }
    held = parts[what](found.id)
    if not held:
        raise BadInput(f"「{found.name}」没有{what}，没有删除任何内容")
    if len(held) > 1:
        raise Ambiguous(
            found.name, tuple((f"{one.name}（{one.ref}）", str(one.ref)) for one in held[:8]), "customer", what
        )
    return held[0]


def _require_may_delete(uow: UnitOfWork, record: Deletable) -> None:
    """Let those ask who hold the record, lead its holder, or look after the installation. Strangers learn nothing."""
    if may_manage(uow.actor):
        return
    if isinstance(record, Deal):
        deal_of(uow, record.id)
    elif isinstance(record, Quote):
        quote_of(uow, record.id)
    elif isinstance(record, Contact):
        customer(uow, Ref("account", record.account_id))
    if not _is_theirs(uow, owner_of(uow, record)):
        raise NotAllowed(f"删除「{name_of(uow, record)}」")


def _is_theirs(uow: UnitOfWork, owner: MemberId | None) -> bool:
    """Say whether the actor holds what `owner` does, or leads them."""
    member = uow.members.find([owner]).get(owner) if owner is not None else None
    return scope_of(uow.actor).covers(owner, member.department if member is not None else "")


def _require_may_restore(uow: UnitOfWork, deletion: Deletion, record: Deletable) -> None:
    if uow.actor.id != deletion.asked_by and not may_manage(uow.actor) and not _is_theirs(uow, owner_of(uow, record)):
        raise NotFound(deletion.name)


def _refuse_twins(uow: UnitOfWork, record: Deletable, *, certain: bool) -> None:
    if isinstance(record, Lead | Account):
        refuse_duplicates(uow, identity_of_customer(uow, record), certain=certain, but=[record.ref])
    else:
        whose = Ref("account", record.account_id) if record.account_id is not None else None
        if whose is not None and any(one.deleted_at for one in uow.deletions.records([whose])):
            raise ActRefused(f"它的客户也删除了，请先「恢复 {whose}」")


def _hand_back(uow: UnitOfWork, record: Deletable) -> None:
    """Give whoever held it at least a day; what nobody holds any more goes to the pool."""
    if not isinstance(record, Lead | Account) or record.owner_id is None:
        return
    holder = uow.members.find([record.owner_id]).get(record.owner_id)
    if holder is not None and holder.active and holder.is_any(SELLING):
        record.protected_until = max(record.protected_until or uow.now, uow.now + GRACE)
        return
    pool = pool_for(record, None, uow.playbook, uow.now)
    record.to_pool(uow.now, pool.name if pool is not None else record.pool)


def _set_clock(uow: UnitOfWork, record: object) -> None:
    match record:
        case Lead() | Account():
            set_clocks(uow, record)
        case Deal():
            set_deal_clock(uow, record)
        case Quote():
            set_quote_clock(uow, record)
        case Plan():
            set_reminder(uow, record)
        case Promise():
            set_promise_clock(uow, record)


def _tell_back(uow: UnitOfWork, deletion: Deletion, record: Deletable) -> None:
    holder = owner_of(uow, record)
    if holder is not None and holder != uow.actor.id:
        uow.tell(
            RecordRestored(
                to=holder,
                kind=LABELS[type(record)],
                name=deletion.name,
                by=uow.actor.name,
                ref=str(deletion.subject),
            )
        )


def _over(deletion: Deletion) -> str:
    return {
        DeletionState.RESTORED: "已经恢复过了",
        DeletionState.ASKED: "还没有删除，审批通过后才删",
        DeletionState.KEPT: "没有通过审批，一直都在",
    }.get(DeletionState(deletion.state), "已经过了恢复期限，彻底清除了")
