"""Finding a customer by what people call it."""

import re

from core.errors import Ambiguous, NotAllowed, NotFound, NotSeen
from core.model.customer import Account
from core.model.ids import PREFIXES, AccountId, LeadId, MemberId, Ref
from core.model.lead import Lead
from core.model.member import Member
from core.model.routing import Collaboration
from core.ports import UnitOfWork
from core.rules.calling import NEAR
from core.rules.permissions import naming_scope, scope_of
from core.rules.sentences import Sentence
from core.services.naming import find_spans

Customer = Lead | Account
_SPELT = re.compile(r"^(lead|account):(?=[1-9])")
_COURTESY = re.compile(r"^(?:那边|那里|这边|那个|这个|这家|那家|的|客户|公司|线索)+$")


def customer(uow: UnitOfWork, ref: Ref) -> Customer:
    """Return the customer of that number if the actor may see it; else NotFound, worded as if it did not exist.

    What was converted or merged is what it has become. Who may name every customer knows that it exists, and is told
    that more is not for them.
    """
    ref = uow.customers.standing(ref)
    found: Customer = uow.leads.get(LeadId(ref.id)) if ref.kind == "lead" else uow.accounts.get(AccountId(ref.id))
    if not may_see(uow, found):
        if naming_scope(uow.actor).everything:
            raise NotSeen(str(ref))
        raise NotFound(str(ref))
    return found


def may_see(uow: UnitOfWork, found: Customer) -> bool:
    """Say whether the customer lies in the actor's scope, or the actor works along on it."""
    return is_led(uow, found) or works_along(uow, found) is not None


def is_led(uow: UnitOfWork, found: Customer) -> bool:
    """Say whether the actor holds the customer, or leads whoever does."""
    scope = scope_of(uow.actor)
    if found.owner_id is None:
        return scope.everything
    owner = uow.members.find([found.owner_id]).get(found.owner_id)
    return scope.covers(found.owner_id, owner.department if owner else "")


def find_customer(uow: UnitOfWork, words: str) -> Customer:
    """Return the one visible customer that `words` mean: by number, name, part of it, sound, or a word we were taught.

    Own ones come first, an exact name before a part of one. Raises NotFound, or Ambiguous with the candidates.
    """
    words = words.strip()
    if (ref := as_ref(words)) is not None:
        return customer(uow, ref)
    found = [customer(uow, ref) for ref in refs_called(uow, words)]
    if len(found) > 1:
        raise Ambiguous(words, tuple((choice_label(c), str(c.ref)) for c in found))
    return found[0]


def refs_called(uow: UnitOfWork, words: str) -> list[Ref]:
    """Return the customers that `words` may mean among those that the actor may name; NotFound when there is none."""
    sentence = Sentence.of(words)
    spans = find_spans(uow, sentence, alone=True)
    meant = [span for span in spans if span.start == 0 and not rest_of(sentence.plain[span.end :])]
    if not meant:
        raise NotFound(words)
    found = [choice.named.ref for choice in meant[0].choices if choice.fit.how != NEAR]
    if not found:
        raise NotFound(words)
    return list(dict.fromkeys(found))


def rest_of(words: str) -> str:
    """Return what is left of words behind a customer's name when courtesies are taken away: 那边, 的, 公司."""
    return _COURTESY.sub("", words)


def as_ref(words: str) -> Ref | None:
    """Read `L12`, `A3`, `lead:12`, or a bare number, which means a lead."""
    text = _SPELT.sub(lambda kind: PREFIXES[kind[1]], words).upper().removeprefix("#")
    if text.isascii() and text.isdigit() and len(text) <= 9:  # noqa: PLR2004 - longer is a phone number
        return Ref("lead", int(text))
    try:
        ref = Ref.parse(text)
    except ValueError:
        return None
    return ref if ref.kind in ("lead", "account") else None


def choice_label(found: Customer) -> str:
    """Name a candidate so that two can be told apart."""
    return f"{found.name}（{'线索' if isinstance(found, Lead) else '客户'} {found.ref}）"


def holder_name(uow: UnitOfWork, member_id: MemberId | None) -> str:
    """Return the name of a customer's holder, or nothing for the pool."""
    if member_id is None:
        return ""
    member: Member | None = uow.members.find([member_id]).get(member_id)
    return member.name if member else "已离职同事"


def works_along(uow: UnitOfWork, found: Customer) -> Collaboration | None:
    """Return what the actor has agreed with the holder of a customer, while it is in force."""
    if found.owner_id in (None, uow.actor.id) or not uow.actor.id:
        return None
    running = uow.collaborations.running(found.ref)
    return next((one for one in running if one.member_id == uow.actor.id and one.runs_at(uow.now)), None)


def require_own(uow: UnitOfWork, found: Customer) -> None:
    """Refuse unless the actor holds the customer or leads whoever does."""
    if not is_led(uow, found):
        raise NotAllowed("改动这个客户")


def require_writer(uow: UnitOfWork, found: Customer) -> bool:
    """Refuse unless the actor may write what was done for a customer; say whether they only work along on it."""
    along = works_along(uow, found)
    if along is None:
        require_own(uow, found)
    elif not along.may_write:
        raise NotAllowed(f"给「{found.name}」写跟进")
    return along is not None
