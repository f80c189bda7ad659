"""What is known of records, ready to be judged: with the names of the people and customers that they name."""

from collections.abc import Iterable, Sequence
from typing import Any

from core.model.ids import MemberId, Ref
from core.ports import UnitOfWork
from core.rules.fields.catalogue import Catalogue, Facts, catalogue_of

_PEOPLE = frozenset({"member", "members"})


def facts_of(uow: UnitOfWork, record: Any) -> Facts:
    """Return what is known of one record."""
    return facts_of_all(uow, [record])[0]


def facts_of_all(uow: UnitOfWork, records: Sequence[Any]) -> list[Facts]:
    """Return what is known of records of one kind; whoever they name is asked for once."""
    if not records:
        return []
    catalogue = catalogue_of(uow.playbook, records[0].ref.kind)
    named = {ref for record in records for ref in _named(record, catalogue)}
    people = uow.members.find(MemberId(ref.id) for ref in named if ref.kind == "member")
    names = {str(Ref("member", number)): member.name for number, member in people.items()}
    customers = uow.customers.names_of(ref for ref in named if ref.kind in ("lead", "account"))
    names |= {str(ref): name for ref, name in customers.items()}
    known = []
    for record in records:
        owner = people.get(record.owner_id) if record.owner_id is not None else None
        more = {"owner_department": owner.department if owner is not None else None}
        known.append(Facts(record, catalogue, uow.now, names=names, more=more))
    return known


def _named(record: Any, catalogue: Catalogue) -> Iterable[Ref]:
    """Return whom a record names in its fields."""
    for field in catalogue:
        if field.type.key not in _PEOPLE and field.type.key != "reference":
            continue
        value = field.of(record)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, int):
                yield Ref("member", one)
            elif one:
                yield Ref.parse(one)
