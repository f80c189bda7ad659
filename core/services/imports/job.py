"""What the rows of one import share: the order, the readers, who is on record, the people."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from core.errors import BadInput
from core.model.followup import FollowUp, Method
from core.model.ids import AccountId, MemberId
from core.ports import UnitOfWork
from core.rules.fields.catalogue import catalogue_of
from core.rules.fields.checks import default_of
from core.services.fields.values import reading_of, require_unique
from core.services.imports.book import Book, Entry
from core.services.imports.columns import Field, Kind
from core.services.imports.people import People
from core.services.imports.report import Bad, Taken
from core.services.imports.sheet import Readers
from core.services.imports.tables import Line
from core.services.imports.values import Values

UNKNOWN_OWNER = "负责人「{}」不在成员名单里：请先用 liaodan members import 导入成员，或加 --owner 指定默认负责人"


@dataclass(frozen=True)
class Order:
    """What was asked for. `owner_id` holds what has no holder, or one whom nobody knows."""

    kind: Kind
    dry_run: bool = False
    owner_id: MemberId | None = None


@dataclass(frozen=True)
class Holder:
    """Who shall hold a record; `unknown` is a name in the file that means nobody."""

    member_id: MemberId | None
    unknown: str = ""


@dataclass
class Job:
    """The work of one import. `holders` and `latest` are settled at the end: who shall hold accounts that nobody holds,
    by the day of their newest deal, and when accounts were last followed up."""

    order: Order
    readers: Readers
    several_sheets: bool = False
    people: People = field(default_factory=People)
    book: Book = field(default_factory=Book)
    holders: dict[AccountId, tuple[date, MemberId]] = field(default_factory=dict)
    latest: dict[AccountId, datetime] = field(default_factory=dict)
    said: set[object] = field(default_factory=set)
    only_once: set[tuple[str, str]] = field(default_factory=set)

    @property
    def keeps(self) -> bool:
        return not self.order.dry_run

    def values(self, line: Line) -> Values:
        return Values(line, self.readers)

    def where(self, line: Line) -> str:
        return f"{line.sheet} 第 {line.number} 行" if self.several_sheets else f"第 {line.number} 行"

    def custom(self, uow: UnitOfWork, line: Line, values: Values) -> dict[str, Any] | Bad:
        """Return what a row says of the company's own fields, and its defaults; a value that is taken is refused."""
        kind = OBJECT_OF.get(self.order.kind)
        catalogue = catalogue_of(uow.playbook, kind) if kind is not None else None
        if kind is None or catalogue is None or not catalogue.custom:
            return {}
        reads = reading_of(
            uow,
            amount=self.readers.amount,
            phone=self.readers.phone,
            day=lambda words: self.readers.day(words, False),
        )
        found = values.custom(catalogue, reads)
        for one in catalogue.custom:
            if one.key not in found and one.compute is None and one.spec.default is not None:
                found[one.key] = default_of(one.spec, reads)
            if not one.spec.unique or one.key not in found:
                continue
            keys = {(one.key, key) for key in one.type.key_of(found[one.key], one.spec)}
            try:
                require_unique(uow, kind, one, found[one.key])
            except BadInput as taken_before:
                return Bad(line, str(taken_before))
            if not keys.isdisjoint(self.only_once):
                return Bad(line, f"「{one.label}」不能重复，文件里前面已经有这个值，请核对")
            self.only_once |= keys
        return found

    def holder(self, uow: UnitOfWork, values: Values) -> Holder:
        """Return whom the row names as holder, or the default one."""
        words = values.words(Field.OWNER, 64)
        found = self.people.find(uow, words) if words else None
        return Holder(found or self.order.owner_id, words if words and found is None else "")


OBJECT_OF: dict[Kind, str] = {
    Kind.LEADS: "lead",
    Kind.ACCOUNTS: "account",
    Kind.CONTACTS: "contact",
    Kind.DEALS: "deal",
}
"""Which kind of record the rows of a file become."""


def remarks_of(values: Values) -> tuple[str, ...]:
    """Say what of a taken row could not be read as what it should be; the words themselves are kept."""
    said = (f"{of.value}看不懂，原文已存入备注" for of, _ in values.unread)
    return tuple(dict.fromkeys((*said, *values.remarks)))


def unreadable(values: Values, line: Line) -> Bad | None:
    """Refuse a row in which a day or an amount cannot be read, where guessing would falsify a figure."""
    for of, words in values.unread:
        if of is Field.AMOUNT:
            return Bad(line, f"金额「{words}」看不懂，请写成 125000 或 12.5万（人民币、不小于 0、不要写区间）")
        if of not in (Field.PHONE, Field.EMAIL, Field.COMPANY_PHONE):
            return Bad(line, f"{of.value}「{words}」看不懂，请写成 2026-03-05")
    return None


def note_on(entry: Entry, title: str, words: str, holder: MemberId | None, now: datetime) -> FollowUp | None:
    """Keep words that have no column of their own beside the customer they are about; no clock hears of it."""
    if not words or entry.ref is None:
        return None
    return FollowUp(
        customer_kind=entry.ref.kind,
        customer_id=entry.ref.id,
        author_id=holder,
        method=Method.OTHER,
        content=f"导入备注（{title}）\n{words}",
        at=now,
        valid=False,
        created_at=now,
        updated_at=now,
    )


def taken(
    line: Line, values: Values, name: str, holder: Holder, *, remarks: tuple[str, ...] = (), made: tuple[str, ...] = ()
) -> Taken:
    """Account for a row that became a record and may be like nothing else."""
    return Taken(
        line,
        name,
        remarks=(*remarks_of(values), *remarks),
        unknown_owner=holder.unknown,
        respelled=tuple(values.respelled),
        made=made,
    )
