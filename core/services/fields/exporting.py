"""Records handed out as a table, with the rights of whoever asks: what they may not see is not there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from core.model.playbook.conditions import Condition
from core.ports import UnitOfWork
from core.rules.cells import Cell
from core.rules.fields.catalogue import Facts, catalogue_of
from core.rules.fields.field import NOTHING, Field
from core.rules.fields.rights import may_read
from core.rules.permissions import may_open_pool, require
from core.services.fields.finding import all_records
from core.services.fields.showing import hides
from core.services.fields.values import applies

NUMBER: Final = "编号"


@dataclass(frozen=True)
class Exported:
    """A table: its headings, which an import knows again, and its rows as they come."""

    headings: tuple[str, ...]
    rows: Iterator[Sequence[Cell]]


def exported(uow: UnitOfWork, kind: str, condition: Condition | None = None, *, masked: bool = False) -> Exported:
    """Return the actor's records of a kind, the newest first. Refuses whoever sees none.

    `masked` shows of phone numbers and addresses only that there are some.
    """
    require(may_open_pool(uow.actor), "导出")
    catalogue = catalogue_of(uow.playbook, kind)
    fields = [field for field in catalogue if not field.spec.retired and may_read(field, catalogue, uow.actor)]
    rows = (_row(uow, facts, fields, masked=masked) for facts in all_records(uow, kind, condition))
    return Exported((NUMBER, *(_heading(field) for field in fields)), rows)


def _heading(field: Field) -> str:
    return field.label if field.key != "external_id" else "原编号"


def _row(uow: UnitOfWork, facts: Facts, fields: Sequence[Field], *, masked: bool) -> list[Cell]:
    return [str(facts.record.ref), *(_cell(uow, facts, field, masked=masked) for field in fields)]


def _cell(uow: UnitOfWork, facts: Facts, field: Field, *, masked: bool) -> Cell:
    value = facts.value(field.key)
    if value in NOTHING or not applies(field, facts):
        return None
    if (field.is_custom and hides(uow, field, facts)) or (masked and field.type.sensitive):
        return field.type.mask(value, field.spec, facts.names)
    return field.type.export(value, field.spec, facts.names)
