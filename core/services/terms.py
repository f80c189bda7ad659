"""Words a company teaches us in chat: 以后 HW 就是华为."""

from core.errors import BadInput, NotFound
from core.model.ids import Ref
from core.model.naming import Term
from core.ports import UnitOfWork
from core.rules.calling import is_weak
from core.rules.naming import LONGEST, SHORTEST, bare, term_keys
from core.rules.permissions import Scope, scope_of

MEANINGS = 500
"""Meanings of one word, those of all members together."""

KINDS = frozenset({"lead", "account", "contact", "member", "product"})


def teach(uow: UnitOfWork, words: str, meaning: Ref, name: str, *, personal: bool = False) -> Term:
    """Let `words` mean `meaning`, called `name`, from now on: for everybody, or only for whoever says so.

    What the words meant before in the same circle is forgotten. Raises BadInput for words that mean too much.
    """
    plain = bare(words)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise BadInput(f"「{words[:20]}」不适合做简称：需要 {SHORTEST} 到 {LONGEST} 个字。请换一个再说一次")
    if is_weak(plain):
        raise BadInput(f"「{words}」是平常说话就会用到的词，当简称容易认错。请换一个更特别的简称")
    if meaning.kind not in KINDS:
        raise BadInput("简称可以指客户、联系人、同事或产品。请说明是哪一个，例如「以后 HW 就是华为」")
    _require_sight(uow, meaning)
    holder = uow.actor.id if personal else None
    uow.does("term.teach")
    for before in _known(uow, plain):
        if before.member_id == holder:
            before.deleted_at = uow.now
    term = Term(
        words=plain,
        meaning_kind=meaning.kind,
        meaning_id=meaning.id,
        meaning_name=name,
        member_id=holder,
        taught_by=uow.actor.id,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.names.add_term(term)
    uow.flush()
    return term


def forget(uow: UnitOfWork, words: str) -> list[Term]:
    """Forget what `words` mean to the company or to whoever asks; raise NotFound when nobody taught them."""
    plain = bare(words)
    found = _known(uow, plain) if plain else []
    if not found:
        raise NotFound(words)
    uow.does("term.forget")
    for term in found:
        term.deleted_at = uow.now
    uow.flush()
    return found


def known_terms(uow: UnitOfWork) -> list[Term]:
    """Return the words taught to the company or by whoever asks, whose meaning they may see."""
    return [term for term in uow.names.all_terms(uow.actor.id) if _is_seen(uow, term.meaning)]


def _known(uow: UnitOfWork, plain: str) -> list[Term]:
    hits = uow.names.called((), Scope(uow.actor.id), MEANINGS, shared=term_keys(plain))
    return uow.names.terms([hit.id for hit in hits if hit.name == plain], uow.actor.id)


def _require_sight(uow: UnitOfWork, meaning: Ref) -> None:
    if not _is_seen(uow, meaning):
        raise NotFound(str(meaning))


def _is_seen(uow: UnitOfWork, meaning: Ref) -> bool:
    """Say whether the actor may see what words mean; colleagues and products everybody may."""
    if meaning.kind in ("lead", "account"):
        return bool(uow.names.customers([meaning], scope_of(uow.actor)))
    if meaning.kind == "contact":
        return bool(uow.names.people([meaning.id], (), scope_of(uow.actor)))
    return True
