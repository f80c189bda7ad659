"""Two records become one: the chosen values, everything that was done, and one number that answers for both."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import BadInput
from core.model.customer import Account, Contact
from core.model.ids import MemberId
from core.model.lead import ENDED, Assignment, Lead
from core.model.member import Member
from core.model.naming import Term
from core.notices.merging import CustomersMerged
from core.ports import UnitOfWork
from core.rules.calling import is_weak
from core.rules.duplicates import core_name
from core.rules.merging import OWNER, Customer, calls_of, same_person, take_values
from core.rules.naming import LONGEST, SHORTEST, bare, called
from core.services.accounts import MOST_TAGS
from core.services.converting import contact_of
from core.services.customers import require_own
from core.services.followups import set_reminder
from core.services.keeping import set_clocks
from core.services.leads import end_assignment
from core.services.moving import Moved, move_belongings

MERGED = "合并"
ALIAS = 100
MOST_ALIASES = 20


@dataclass(frozen=True)
class Merged:
    """Who goes on, what it was made of, and how much moved along."""

    kept: Customer
    gone: Customer
    moved: Moved


def require_mergeable(uow: UnitOfWork, one: Customer, other: Customer) -> None:
    """Refuse what cannot become one: a record with itself, or one that has ended."""
    if one.ref == other.ref:
        raise BadInput(f"「{one.name}」就是这一条（{one.ref}），不用合并")
    for record in (one, other):
        if isinstance(record, Lead) and record.state in ENDED:
            raise BadInput(f"「{record.name}」（{record.ref}）已经作废，不能合并。要用它，请先「恢复 {record.ref}」")


def merge_customers(
    uow: UnitOfWork, kept: Customer, gone: Customer, taken: Sequence[str] = (), *, agreed: bool = False
) -> Merged:
    """Let `gone` go on as `kept`, with the fields `taken` from it; whoever asks for it is led there from now on.

    Both must be the actor's to change, unless who holds the other has `agreed`. Whoever loses theirs is told.
    """
    if not agreed:
        require_own(uow, kept)
        require_own(uow, gone)
    require_mergeable(uow, kept, gone)
    if isinstance(gone, Account) and isinstance(kept, Lead):
        raise BadInput("客户不能并到线索里，请反过来合并")
    uow.does("customer.merge")
    before, losing = kept.owner_id, gone.owner_id
    _answer_to(uow, kept, gone)
    take_values(kept, gone, taken)
    kept.tags = kept.tags[:MOST_TAGS]
    kept.core_name = core_name(kept.name)
    if isinstance(kept, Account) and isinstance(gone, Lead):
        _add_person(uow, kept, gone)
    moved = move_belongings(uow, gone.ref, kept.ref)
    _decide_holder(uow, kept, gone, take_owner=OWNER in taken)
    if gone.last_followup_at is not None and losing == kept.owner_id:
        kept.followed_up(gone.last_followup_at)
    _let_go(uow, kept, gone)
    uow.flush()
    if isinstance(kept, Account):
        _fold_people(uow, kept)
    _hand_plans(uow, kept)
    set_clocks(uow, kept)
    uow.flush()
    _tell(uow, kept, gone, {before, losing})
    return Merged(kept, gone, moved)


def _answer_to(uow: UnitOfWork, kept: Customer, gone: Customer) -> None:
    """Let the survivor be found by what the other one was called."""
    calls = list(dict.fromkeys(calls_of(gone)))
    if isinstance(kept, Account):
        known = {kept.name, kept.short_name, *kept.aliases}
        fresh = [call[:ALIAS] for call in calls if call not in known]
        kept.aliases = (*kept.aliases, *fresh)[:MOST_ALIASES]
        return
    known = set(called(kept.name))
    for call in dict.fromkeys(word for name in calls for word in (bare(name), *called(name)[:1])):
        if call in known or not SHORTEST <= len(call) <= LONGEST or is_weak(call):
            continue
        uow.names.add_term(
            Term(
                words=call,
                meaning_kind="lead",
                meaning_id=kept.id,
                meaning_name=kept.name,
                taught_by=uow.actor.id or None,
                created_at=uow.now,
                updated_at=uow.now,
            )
        )


def _add_person(uow: UnitOfWork, account: Account, lead: Lead) -> None:
    """Keep whom the lead knows as a person of the account; `_fold_people` joins those who are known already."""
    contact_of(uow, lead, account)
    account.credit_code = account.credit_code or lead.credit_code


def _decide_holder(uow: UnitOfWork, kept: Customer, gone: Customer, *, take_owner: bool) -> None:
    """Let whoever holds the survivor hold it, else whoever held the other, as that stands: nothing is reset."""
    if kept.owner_id is not None and not take_owner:
        return
    if gone.owner_id is None:
        return
    if isinstance(kept, Lead) and isinstance(gone, Lead):
        end_assignment(uow, kept, MERGED, f"与{gone.ref}合并")
        kept.owner_id, kept.pooled_at = gone.owner_id, None
        if not kept.is_held:
            kept.state, kept.assigned_at = gone.state, gone.assigned_at
            kept.last_followup_at, kept.protected_until = gone.last_followup_at, gone.protected_until
            kept.cycle += 1
        uow.assignments.add(Assignment(lead_id=kept.id, member_id=gone.owner_id, begun_at=uow.now, begun_by=MERGED))
        return
    kept.owner_id = gone.owner_id


def _let_go(uow: UnitOfWork, kept: Customer, gone: Customer) -> None:
    """End what has gone over, and let its clocks stop; who held it goes on record with the survivor."""
    if isinstance(gone, Account):
        gone.merge(kept.ref, uow.now)
    else:
        end_assignment(uow, gone, MERGED, f"并入{kept.ref} {kept.name}")
        gone.merge(kept.ref)
        set_clocks(uow, gone)
        if isinstance(kept, Lead):
            for assignment in uow.assignments.of(gone.id):
                assignment.lead_id = kept.id
    uow.deadlines.clear([gone.ref])


def _fold_people(uow: UnitOfWork, account: Account) -> None:
    """Make one of contacts who are the same person."""
    kept: list[Contact] = []
    for contact in uow.contacts.of(account.id):
        twin = next((one for one in kept if same_person(one, contact)), None)
        if twin is None:
            kept.append(contact)
            continue
        for field in ("title", "phone", "email", "external_id"):
            if not getattr(twin, field):
                setattr(twin, field, getattr(contact, field))
        contact.deleted_at = uow.now


def _hand_plans(uow: UnitOfWork, kept: Customer) -> None:
    """What is still planned is for whoever holds the survivor."""
    for plan in uow.plans.open_for(kept.ref):
        if kept.owner_id is not None and plan.owner_id != kept.owner_id:
            plan.owner_id = kept.owner_id
            set_reminder(uow, plan)


def _tell(uow: UnitOfWork, kept: Customer, gone: Customer, concerned: set[MemberId | None]) -> None:
    known = uow.members.find(member for member in (*concerned, kept.owner_id) if member is not None)
    holder: Member | None = known.get(kept.owner_id) if kept.owner_id is not None else None
    for member in known.values():
        if member.active and member.id != uow.actor.id:
            uow.tell(
                CustomersMerged(
                    to=member.id,
                    by=uow.actor.name,
                    kept_ref=str(kept.ref) if member.id == kept.owner_id else "",
                    kept=kept.name,
                    gone=gone.name,
                    holder=holder.name if holder else "",
                )
            )
