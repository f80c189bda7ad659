"""Who is on record already, and who came earlier in the same file."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from core.model.identity import Mark
from core.model.ids import MemberId, Ref
from core.model.register import KnownCustomer
from core.ports import UnitOfWork
from core.rules.duplicates import core_name, plain_name
from core.services.imports.report import Found

SIMILAR = 3

core_of = lru_cache(maxsize=8192)(core_name)


@dataclass(eq=False)
class Entry:
    """A customer of the file: where it stands, and its record once that is written."""

    name: str
    where: str
    ref: Ref | None = None
    owner_id: MemberId | None = None
    contact: str = ""


@dataclass
class Book:
    """Customers by name, short name, phone and core name. Those of the file win over those on record: it is nearer."""

    deals: dict[object, str] = field(default_factory=dict)
    _names: dict[str, Entry] = field(default_factory=dict)
    _phones: dict[str, Entry] = field(default_factory=dict)
    _cores: dict[str, list[Entry]] = field(default_factory=dict)
    _marks: dict[Mark, Entry] = field(default_factory=dict)
    _fresh: list[tuple[str, str | None, str, tuple[Mark, ...]]] = field(default_factory=list)
    _fresh_deals: list[object] = field(default_factory=list)
    _known_names: dict[str, list[KnownCustomer]] = field(default_factory=dict)
    _known_phones: dict[str, list[KnownCustomer]] = field(default_factory=dict)
    _known_cores: dict[str, list[KnownCustomer]] = field(default_factory=dict)
    _known_marks: dict[Mark, tuple[Ref, str]] = field(default_factory=dict)

    def load(self, uow: UnitOfWork, wanted: Iterable[tuple[str, str | None]], marks: Iterable[Mark] = ()) -> None:
        """Ask once for everybody on record whom these (name, phone) pairs and `marks` could mean."""
        self._known_marks = {mark: (ref, name) for mark, ref, name in uow.twins.marked(marks)}
        pairs = list(wanted)
        names = {name for name, _ in pairs if name}
        phones = {phone for _, phone in pairs if phone}
        found = uow.register.customers({core_of(name) for name in names}, phones, names)
        self._known_names, self._known_phones, self._known_cores = {}, {}, {}
        for known in found:
            for name in {plain_name(known.name), plain_name(known.short_name)} - {""}:
                self._known_names.setdefault(name, []).append(known)
            self._known_cores.setdefault(known.core_name, []).append(known)
            if known.phone:
                self._known_phones.setdefault(known.phone, []).append(known)

    def same(self, name: str, phone: str | None, marks: Iterable[Mark] = ()) -> Found | None:
        """Return what surely is the same: the full name, the phone or a mark. An empty name asks for the others."""
        return self._same(name, phone) or next(filter(None, map(self._marked, marks)), None)

    def _marked(self, mark: Mark) -> Found | None:
        if entry := self._marks.get(mark):
            return Found(entry.name, entry.where, f"{mark[0]}相同")
        ref, name = self._known_marks.get(mark, (None, ""))
        return Found(name, _where(ref), f"{mark[0]}相同") if ref is not None else None

    def _same(self, name: str, phone: str | None) -> Found | None:
        plain = plain_name(name)
        if plain and (entry := self._names.get(plain)):
            return Found(entry.name, entry.where, "公司名称相同", entry.contact)
        if phone and (entry := self._phones.get(phone)):
            return Found(entry.name, entry.where, "电话相同")
        for known in self._known_names.get(plain, ()) if plain else ():
            if plain_name(known.name) == plain:
                return Found(known.name, _where(known.ref), "公司名称相同")
        for known in self._known_phones.get(phone, ()) if phone else ():
            return Found(known.name, _where(known.ref), "电话相同")
        return None

    def similar(self, name: str) -> tuple[Found, ...]:
        """Return what may be the same: another full name with the same core."""
        plain, core = plain_name(name), core_of(name)
        found = {
            plain_name(entry.name): Found(entry.name, entry.where, "核心名称相同")
            for entry in self._cores.get(core, ())
        }
        for known in self._known_cores.get(core, ()):
            found.setdefault(plain_name(known.name), Found(known.name, _where(known.ref), "核心名称相同"))
        found.pop(plain, None)
        return tuple(found.values())[:SIMILAR]

    def accounts(self, name: str, phone: str | None) -> list[Entry]:
        """Return the accounts that this name or, failing that, this phone means; several where the name is shared."""
        return self._matching("account", name, phone)

    def customers(self, name: str, phone: str | None) -> list[Entry]:
        """Return the accounts, or else the leads, that this name or phone means."""
        return self._matching("account", name, phone) or self._matching("lead", name, phone)

    def add(self, entry: Entry, phone: str | None, *, named: bool = True, marks: tuple[Mark, ...] = ()) -> None:
        """Remember a customer of the file; `forget_fresh` takes back what a failed transaction added."""
        plain = plain_name(entry.name) if named else ""
        core = core_of(entry.name) if named else ""
        if plain in self._names:
            plain = ""
        if phone in self._phones:
            phone = None
        if plain:
            self._names[plain] = entry
            self._cores.setdefault(core, []).append(entry)
        if phone:
            self._phones[phone] = entry
        fresh = tuple(mark for mark in marks if mark not in self._marks)
        self._marks |= dict.fromkeys(fresh, entry)
        self._fresh.append((plain, phone, core, fresh))

    def add_deal(self, key: object, where: str) -> None:
        """Remember a deal of the file by what tells it apart."""
        if key not in self.deals:
            self.deals[key] = where
            self._fresh_deals.append(key)

    def settle(self) -> None:
        """What was added stands."""
        self._fresh.clear()
        self._fresh_deals.clear()

    def forget_fresh(self) -> None:
        """Take back what was added since the last `settle`."""
        for key in self._fresh_deals:
            del self.deals[key]
        for plain, phone, core, marks in reversed(self._fresh):
            for mark in marks:
                del self._marks[mark]
            if plain:
                self._names.pop(plain, None)
                self._cores[core].pop()
            if phone:
                self._phones.pop(phone, None)
        self.settle()

    def _matching(self, kind: str, name: str, phone: str | None) -> list[Entry]:
        plain = plain_name(name)
        if plain and (entry := self._names.get(plain)):
            return [entry]
        by_name = self._known_names.get(plain, []) if plain else []
        exact = [known for known in by_name if plain_name(known.name) == plain and known.ref.kind == kind]
        named = exact or [known for known in by_name if known.ref.kind == kind]
        if not named and phone and (entry := self._phones.get(phone)) and _related(name, entry.name):
            return [entry]
        by_phone = (k for k in self._known_phones.get(phone or "", ()) if k.ref.kind == kind)
        found = named or [k for k in by_phone if _related(name, k.name)]
        return list({k.ref: Entry(k.name, _where(k.ref), k.ref, k.owner_id) for k in found}.values())


def _related(name: str, other: str) -> bool:
    """Say whether a shared phone may join two names: one core holds the other, or both begin alike."""
    core, theirs = core_of(name), core_of(other)
    plain, other_plain = plain_name(name), plain_name(other)
    half = (min(len(plain), len(other_plain)) + 1) // 2
    return not name or core in theirs or theirs in core or plain[:half] == other_plain[:half]


def _where(ref: Ref) -> str:
    return f"{'线索' if ref.kind == 'lead' else '客户'} {ref}"
