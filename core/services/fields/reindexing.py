"""The keys of values follow the types of their fields: whoever changes a type has them written anew."""

from collections.abc import Iterator

from core.model.job import Job
from core.model.member import SYSTEM
from core.model.playbook import Playbook
from core.model.playbook.fields import OBJECTS
from core.ports import OpenWork, UnitOfWork

JOB = "reindex_fields"
AT_ONCE = 1000


def order_reindexing(uow: UnitOfWork, before: Playbook, after: Playbook) -> None:
    """Order the work where a field has changed its type."""
    kinds = [kind for kind in OBJECTS if _differ(before, after, kind)]
    if kinds:
        uow.jobs.add(Job(kind=JOB, content={"kinds": kinds}, created_at=uow.now, created_by=uow.actor.id or None))


def reindex(open_work: OpenWork, kinds: list[str]) -> int:
    """Write the keys of all values of these kinds anew, some hundreds to a transaction; return how many records."""
    count = 0
    for kind in kinds:
        after: int | None = 0
        while after is not None:
            with open_work(SYSTEM) as uow:
                done, after = uow.field_values.rewrite(kind, after=after, limit=AT_ONCE)
            count += done
    return count


def _differ(before: Playbook, after: Playbook, kind: str) -> bool:
    old = dict(_types(before, kind))
    return any(key in old and old[key] != type_ for key, type_ in _types(after, kind))


def _types(playbook: Playbook, kind: str) -> Iterator[tuple[str, str]]:
    for key, specs in playbook.fields.items():
        if key == kind:
            yield from ((spec.key, spec.type) for spec in specs)
