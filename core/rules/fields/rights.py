"""Who may read and change a field (semantics B.13), beside who may see and change the record."""

from core.model.member import Member
from core.rules.fields.catalogue import Catalogue
from core.rules.fields.field import Field


def may_read(field: Field, catalogue: Catalogue, reader: Member) -> bool:
    """Say whether a field is there for somebody; a formula is hidden from whom one of its fields is hidden."""
    return all(_in_roles(one.spec.visible_to, reader) for one in _with_what_it_reads(field, catalogue))


def may_write(field: Field, catalogue: Catalogue, writer: Member) -> bool:
    """Say whether somebody who may change the record may change this field of it."""
    roles = field.spec.editable_by
    return field.compute is None and may_read(field, catalogue, writer) and _in_roles(roles, writer)


def is_masked(field: Field, catalogue: Catalogue) -> bool:
    """Say whether others than the holder and who leads them see only a part: it is masked, or calculated from such."""
    return any(one.spec.masked for one in _with_what_it_reads(field, catalogue))


def is_open(field: Field, catalogue: Catalogue) -> bool:
    """Say whether a field may be shown where others read along."""
    return not any(one.spec.visible_to for one in _with_what_it_reads(field, catalogue))


def _with_what_it_reads(field: Field, catalogue: Catalogue) -> list[Field]:
    return [field, *(catalogue.by_key[key] for key in field.reads if key in catalogue.by_key)]


def _in_roles(roles: tuple[str, ...], member: Member) -> bool:
    return not roles or member.id == 0 or not set(roles).isdisjoint(member.roles)
