"""What of a record's own fields is shown to whom: on cards, in groups, in the pool, over REST and in exports."""

from collections.abc import Iterator, Sequence
from typing import Any

from core.model.member import SELLING
from core.ports import UnitOfWork
from core.rules.fields.catalogue import Facts
from core.rules.fields.field import NOTHING, Field
from core.rules.fields.kind import shortened
from core.rules.fields.rights import is_masked, is_open, may_read
from core.services.fields.facts import facts_of, facts_of_all
from core.services.fields.values import applies

LONGEST = 200


def own_fields(uow: UnitOfWork, record: Any, *, stranger: bool = False) -> tuple[tuple[str, str], ...]:
    """Return the company's own fields of a record as a card shows them to the actor, empty ones left out.

    In a group, and to a `stranger` (the pool), what is masked is masked; what only some roles may see is not there.
    """
    facts = facts_of(uow, record)
    public = bool(uow.room) or stranger
    shown = [(one, text_of(one, facts, masked=_hides(uow, one, facts, public=public))) for one in own(uow, facts)]
    return tuple(
        (field.label, shortened(text, LONGEST) if "\n" not in text else text[:LONGEST])
        for field, text in shown
        if text and (not public or is_open(field, facts.catalogue))
    )


def own_values(uow: UnitOfWork, records: Sequence[Any], *, stranger: bool = False) -> list[dict[str, Any]]:
    """Return the company's own fields of records of one kind by their keys, as other programs read them.

    What is masked for the actor is a text with stars; what they may not see is not there.
    """
    return [_values(uow, facts, stranger=stranger) for facts in facts_of_all(uow, records)]


def _values(uow: UnitOfWork, facts: Facts, *, stranger: bool) -> dict[str, Any]:
    values = {}
    for field in own(uow, facts):
        value = facts.value(field.key)
        if value in NOTHING or (stranger and not is_open(field, facts.catalogue)):
            continue
        masked = _hides(uow, field, facts, public=stranger)
        mask, as_json = field.type.mask, field.type.as_json
        values[field.key] = mask(value, field.spec, facts.names) if masked else as_json(value, field.spec)
    return values


def own(uow: UnitOfWork, facts: Facts) -> Iterator[Field]:
    """Yield the company's own fields that are of use for a record and there for the actor."""
    for field in facts.catalogue.custom:
        if may_read(field, facts.catalogue, uow.actor) and applies(field, facts):
            yield field


def text_of(field: Field, facts: Facts, *, masked: bool) -> str:
    """Say a field's value, or so much of it as shows that there is one."""
    value = facts.value(field.key)
    if value in NOTHING:
        return ""
    return (field.type.mask if masked else field.type.show)(value, field.spec, facts.names)


def hides(uow: UnitOfWork, field: Field, facts: Facts) -> bool:
    """Say whether the actor, alone, sees only a part of a field."""
    return _hides(uow, field, facts, public=False)


def _hides(uow: UnitOfWork, field: Field, facts: Facts, *, public: bool) -> bool:
    masked = is_masked(field, facts.catalogue)
    if public:
        return masked or field.type.sensitive
    return masked and not (uow.actor.id == 0 or uow.actor.is_any(SELLING))
