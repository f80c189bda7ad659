"""Records found by their fields: by conditions over all fields, within the actor's sight, a page at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.errors import BadInput
from core.model.playbook.conditions import Condition
from core.ports import UnitOfWork
from core.rules.condition_checks import condition_flaws
from core.rules.conditions import ready
from core.rules.fields.catalogue import Catalogue, Facts, catalogue_of
from core.rules.fields.rights import is_masked, may_read
from core.rules.narrowing import narrows_of
from core.rules.permissions import scope_of
from core.services.fields.facts import facts_of_all

PAGE: Final = 10
FIRST, AT_ONCE = 25, 400
MOST_LOOKED_AT: Final = 5_000
"""Records that one question may look at; an index narrows down what it can, the rest is judged one by one."""


@dataclass(frozen=True)
class Found:
    """A page of records with what is known of them. `after` is where the next page begins, None when there is none.

    `is_whole` says whether everything was looked at.
    """

    facts: tuple[Facts, ...]
    after: int | None
    is_whole: bool = True


def find_records(
    uow: UnitOfWork, kind: str, condition: Condition, *, limit: int = PAGE, after: int | None = None
) -> Found:
    """Return records of a kind that the actor sees and that fulfil a condition, the newest first.

    Refuses with BadInput what cannot be meant: an unknown field, or one that is hidden from the actor.
    """
    catalogue = catalogue_of(uow.playbook, kind)
    _require_meant(uow, condition, catalogue)
    holds = ready(condition, catalogue).holds
    found: list[Facts] = []
    for looked_at, facts in enumerate(_candidates(uow, kind, condition, catalogue, after), 1):
        if holds(facts):
            found.append(facts)
        if len(found) > limit:
            return Found(tuple(found[:limit]), found[limit - 1].record.id)
        if looked_at >= MOST_LOOKED_AT:
            return Found(tuple(found), facts.record.id, is_whole=False)
    return Found(tuple(found), None)


def all_records(uow: UnitOfWork, kind: str, condition: Condition | None = None) -> Iterator[Facts]:
    """Yield every record of a kind that the actor sees and that fulfils a condition, the newest first."""
    wanted = condition or Condition()
    catalogue = catalogue_of(uow.playbook, kind)
    _require_meant(uow, wanted, catalogue)
    holds = ready(wanted, catalogue).holds
    yield from (facts for facts in _candidates(uow, kind, wanted, catalogue, None) if holds(facts))


def _candidates(
    uow: UnitOfWork, kind: str, condition: Condition, catalogue: Catalogue, after: int | None
) -> Iterator[Facts]:
    narrows, scope, limit = narrows_of(condition, catalogue), scope_of(uow.actor), FIRST
    while True:
        records: Sequence[Any] = uow.field_values.find(kind, narrows, scope, limit=limit, after=after)
        yield from facts_of_all(uow, records)
        if len(records) < limit:
            return
        after, limit = records[-1].id, min(2 * limit, AT_ONCE)


def _require_meant(uow: UnitOfWork, condition: Condition, catalogue: Catalogue) -> None:
    for flaw in condition_flaws(condition, catalogue):
        raise BadInput(f"{flaw.says}。请换个说法再查一次" if not flaw.says.endswith("？") else flaw.says)
    for key in ready(condition, catalogue).fields:
        field = catalogue.by_key[key]
        if not may_read(field, catalogue, uow.actor) or field.spec.retired:
            raise BadInput(catalogue.no_such_field(field.label))
        if is_masked(field, catalogue) and scope_of(uow.actor).everything and uow.actor.id:
            raise BadInput(f"「{field.label}」已打码，不能用来查找。请换个条件")
