"""Values of fields, written: read from words, checked, kept; one at a time or with a new record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from core.errors import Ambiguous, BadInput, NotAllowed, Refusal
from core.model.ids import Ref
from core.ports import UnitOfWork
from core.rules.conditions import judge
from core.rules.fields.catalogue import Catalogue, Facts, catalogue_of
from core.rules.fields.checks import default_of
from core.rules.fields.choices import offered
from core.rules.fields.field import NOTHING, Field
from core.rules.fields.kind import BadValue, Reading
from core.rules.fields.rights import may_read, may_write
from core.services.customers import find_customer, may_see
from core.services.fields.facts import facts_of
from core.services.keeping import set_clocks
from core.services.members import find_member
from core.services.words import known_source

Custom = dict[str, Any]

WRITABLE: Final[Mapping[str, frozenset[str]]] = {
    "lead": frozenset({"contact_title", "source", "region", "industry", "need"}),
    "account": frozenset({"short_name", "region", "industry", "size", "address", "source", "note"}),
    "contact": frozenset({"title"}),
    "deal": frozenset({"product"}),
}
"""Built-in fields that may be written by their name; the others have deeds of their own, and what follows from them."""

CLEAR: Final = frozenset({"空", "清空", "无", "没有", "删掉", "去掉"})
_SHOWN: Final = 8


@dataclass(frozen=True)
class Written:
    """A field that was written: what it said before and what it says now."""

    field: Field
    before: str
    after: str


def reading_of(uow: UnitOfWork, **readers: Callable[..., Any]) -> Reading:
    """Return who reads values here; `readers` are the chat's own, lent from above (see `Reading`)."""
    return Reading(now=uow.now, calendar=uow.calendar, named=lambda kind, words: _named(uow, kind, words), **readers)


def find_field(uow: UnitOfWork, kind: str, words: str) -> Field:
    """Return the field that people call so, if the actor may know of it."""
    catalogue = catalogue_of(uow.playbook, kind)
    field = catalogue.find(words)
    if field is None or field.spec.retired or not may_read(field, catalogue, uow.actor):
        raise BadInput(f"{catalogue.no_such_field(words)}管理员可以发送「给{catalogue.label}加一个字段 {words}」")
    return field


def new_values(uow: UnitOfWork, kind: str, said: Mapping[str, Any], reading: Reading) -> Custom:
    """Return the custom values of a new record: what was said by fields' names, and defaults for the rest.

    Refuses with BadInput for what is no value, or is somebody else's where it must be unique.
    """
    catalogue = catalogue_of(uow.playbook, kind)
    values: Custom = {}
    for words, value in said.items():
        field = find_field(uow, kind, words)
        if not may_write(field, catalogue, uow.actor):
            raise NotAllowed(f"填写「{field.label}」")
        read = _read(field, value, reading)
        if read is not None:
            values[field.key] = read
    for field in catalogue.custom:
        if field.key not in values and field.compute is None and field.spec.default is not None:
            values[field.key] = default_of(field.spec, reading)
    for key in values:
        require_unique(uow, kind, catalogue.by_key[key], values[key])
    return values


def write_field(uow: UnitOfWork, record: Any, words: str, said: Any, reading: Reading) -> Written:
    """Write one field of a record by its name; 空 clears it.

    The actor's right to the record is for the caller to require; the field's own rights are required here.
    """
    kind = record.ref.kind
    field, catalogue = find_field(uow, kind, words), catalogue_of(uow.playbook, kind)
    if field.compute is not None:
        raise BadInput(f"「{field.label}」是自动计算的，不能直接改。请改它用到的字段")
    if not may_write(field, catalogue, uow.actor):
        raise NotAllowed(f"改动「{field.label}」")
    if not field.is_custom and field.key not in WRITABLE[kind]:
        raise BadInput(f"「{field.label}」不能这样改，请换个说法。发送「帮助」看看可以怎么说")
    facts = facts_of(uow, record)
    before = field.show(facts.value(field.key), facts.names)
    clears = isinstance(said, str) and said.strip() in CLEAR and field.type.key != "yes_no"
    value = None if clears else _read(field, said, reading)
    if value in NOTHING and field.spec.required:
        raise BadInput(f"「{field.label}」必填，不能清空。请写一个值，{_hint(field)}")
    if value is not None:
        require_unique(uow, kind, field, value, but=record.id)
    if field.key == "source" and value is not None:
        value = known_source(uow, value)
    uow.does("field.set")
    if field.is_custom:
        kept = {key: old for key, old in record.custom.items() if key != field.key}
        record.custom = kept | ({} if value is None else {field.key: value})
    else:
        setattr(record, field.key, "" if value is None else value)
    uow.flush()
    if kind in ("lead", "account"):
        set_clocks(uow, record)  # a rule may be only for some values
    facts = facts_of(uow, record)
    return Written(field, before, field.show(facts.value(field.key), facts.names))


def require_unique(uow: UnitOfWork, kind: str, field: Field, value: Any, *, but: int | None = None) -> None:
    """Refuse a value that another living record has, where the field wants each only once. Says not whose it is."""
    if not field.spec.unique or not field.is_custom or value in NOTHING:
        return
    keys = field.type.key_of(value, field.spec)
    uow.field_values.reserve(kind, field.key, keys)
    if any(number != but for number in uow.field_values.holders(kind, field.key, keys, limit=2)):
        shown = field.type.show(value, field.spec)[:30]
        raise BadInput(f"「{field.label}」不能重复，「{shown}」已经有记录在用。请核对后再发一次")


def missing(uow: UnitOfWork, record: Any) -> list[Field]:
    """Return the required fields that a record has no value in and that the actor may write, in their order."""
    catalogue, facts = catalogue_of(uow.playbook, record.ref.kind), facts_of(uow, record)
    return [
        field
        for field in catalogue.custom
        if field.spec.required
        and facts.value(field.key) in NOTHING
        and applies(field, facts)
        and may_write(field, catalogue, uow.actor)
    ]


def applies(field: Field, facts: Facts) -> bool:
    """Say whether a field is of any use for a record."""
    return field.spec.shown_when is None or judge(field.spec.shown_when, facts).holds


def question_about(field: Field) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the words that ask for a field, and what may be chosen."""
    choices = tuple((value, value) for value in offered(field.spec)[:_SHOWN])
    if field.type.key == "yes_no":
        choices = (("是", "是"), ("否", "否"))
    help_ = f"（{field.spec.help}）" if field.spec.help else ""
    hint = "" if choices else f"，{_hint(field)}"
    return f"{field.label}是？{help_}请回复{'其中一个' if choices else ''}{hint.removeprefix('，')}", choices


def carried_over(catalogue: Catalogue, values: Mapping[str, Any], into: Catalogue) -> Custom:
    """Return the values that go along when a record becomes another: of fields with the same key and type."""
    return {
        key: value
        for key, value in values.items()
        if (old := catalogue.by_key.get(key)) is not None
        and (new := into.by_key.get(key)) is not None
        and new.is_custom
        and new.spec.type == old.spec.type
    }


def _read(field: Field, said: Any, reading: Reading) -> Any:
    try:
        return field.type.read(said, field.spec, reading)
    except BadValue as bad:
        raise BadInput(str(bad)) from bad


def _hint(field: Field) -> str:
    return field.type.says or "值"


def _named(uow: UnitOfWork, kind: str, words: str) -> str | None:
    """Return the number of what is called so, if there is just one within the actor's sight."""
    try:
        if kind == "member":
            return str(find_member(uow, words).ref)
        if kind in ("lead", "account"):
            found = find_customer(uow, words)
            return str(found.ref) if found.ref.kind == kind else None
        ref = Ref.parse(words.upper())
    except (Refusal, ValueError) as refused:
        if isinstance(refused, Ambiguous):
            raise BadInput(f"「{words}」对应好几个，请写编号，例如 {refused.choices[0][1]}") from refused
        return None
    return str(ref) if ref.kind == kind and _is_there(uow, ref) else None


def _is_there(uow: UnitOfWork, ref: Ref) -> bool:
    if ref.kind == "contact":
        contact = uow.contacts.get(ref.id)  # type: ignore[arg-type]  # a contact's number
        return contact is not None and may_see(uow, uow.accounts.get(contact.account_id))
    return False
