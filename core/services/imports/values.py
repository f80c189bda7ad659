"""The values of one line: each read as what its column says it is; whatever finds no place is kept as words."""

import re
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from functools import cached_property
from typing import Any

from core.calendar import WorkCalendar
from core.errors import BadInput
from core.model.money import Money
from core.rules.cells import Cell, Days, days_of, is_placeholder, one_line, phones_in, says_nothing, text_of
from core.rules.duplicates import plain_credit_code, plain_email, plain_phone
from core.rules.fields.catalogue import Catalogue
from core.rules.fields.kind import BadValue, Reading
from core.services.imports.columns import Column, Field
from core.services.imports.sheet import Readers
from core.services.imports.tables import Line
from core.services.imports.words import spelled

NOTE_LENGTH = 30_000
MORNING = time(9)
MOST_YUAN = 10**12
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass
class Values:
    """Reads the cells of `line`. `unread` are (field, words) that could not be read, `respelled` what was put right."""

    line: Line
    readers: Readers
    kept: list[str] = field(default_factory=list)
    unread: list[tuple[Field, str]] = field(default_factory=list)
    respelled: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def words(self, of: Field, limit: int) -> str:
        """Return a short value in one line; one longer than `limit` is kept among the words instead."""
        found = ""
        for column, cell in self._cells(of):
            text = one_line(text_of(cell))
            if is_placeholder(text):
                continue
            if found or len(text) > limit:
                self._keep(column, text)
            else:
                found = text
        return found

    def heading(self, of: Field) -> str:
        """Return the heading of the first column of a kind that says something in this line."""
        return next((column.heading for column, cell in self._cells(of) if not says_nothing(text_of(cell))), "")

    def spelled(self, of: Field, limit: int) -> str:
        """Return a short value in its right spelling."""
        said = self.words(of, limit)
        right = spelled(said)
        if right != said:
            self.respelled.append((said, right))
        return right

    def text(self, of: Field) -> str:
        """Return free words, lines kept."""
        said = (text_of(cell) for _, cell in self._cells(of))
        return "\n".join(text for text in said if not is_placeholder(text))

    def phone(self, *fields: Field) -> str | None:
        """Return the first valid number as we keep it; further numbers and unreadable ones are kept as words."""
        first: str | None = None
        for of in fields or (Field.PHONE,):
            for column, cell in self._cells(of):
                for part in self._numbers(cell):
                    number = self._number(part)
                    if number is None:
                        self._unread(column, of, text_of(part))
                    elif first is None:
                        first = number
                    elif number != first:
                        self.kept.append(f"其他电话：{text_of(part)}")
        return first

    def email(self) -> str | None:
        said = self.words(Field.EMAIL, 200)
        name, _, domain = said.partition("@")
        if said and (not name or "." not in domain):
            self.unread.append((Field.EMAIL, said))
            self.kept.append(f"{Field.EMAIL}：{said}")
            return None
        return plain_email(said) or said or None

    def credit_code(self) -> str | None:
        """The unified social credit code; what is none is kept as words and noted."""
        said = self.words(Field.CREDIT, 64)
        code = plain_credit_code(said)
        if said and code is None:
            self.unread.append((Field.CREDIT, said))
            self.kept.append(f"{Field.CREDIT}：{said}")
        return code

    def days(self, of: Field, *, past: bool) -> Days | None:
        """Return the days a cell names; what cannot be read is kept as words and noted."""
        for column, cell in self._cells(of):
            text = text_of(cell)
            if says_nothing(text):
                continue
            if (found := days_of(cell) or self.readers.day(text, past)) is not None:
                return found
            self._unread(column, of, text)
        return None

    def instant(self, of: Field, calendar: WorkCalendar, now: datetime) -> datetime | None:
        """Return a moment that has passed; a day without a time of day is its morning."""
        days = self.days(of, past=True)
        if days is None:
            return None
        at = calendar.at(days.first, days.clock or MORNING)
        if days.clock is None and at > now and calendar.at(days.first, time(0)) <= now:
            return now
        return at

    def amount(self) -> Money | None:
        """Return the amount; a heading in 万元 counts in 万 unless the cell says so itself."""
        for column, cell in self._cells(Field.AMOUNT):
            text = text_of(cell)
            if says_nothing(text):
                continue
            yuan = self.readers.amount(cell)
            if yuan is not None and _is_bare(text):
                yuan *= column.unit
            if yuan is not None and 0 <= yuan <= MOST_YUAN:
                return Money.yuan(Decimal(yuan))
            self._unread(column, Field.AMOUNT, text)
        return None

    def custom(self, catalogue: Catalogue, reading: Reading) -> dict[str, Any]:
        """Return the values of the company's own fields; what is none is kept as words and remarked upon."""
        found: dict[str, Any] = {}
        for column, cell in zip(self.line.columns, self.line.cells, strict=True):
            if not column.custom or column.custom in found or says_nothing(text_of(cell)):
                continue
            one = catalogue.by_key[column.custom]
            try:
                value = one.type.read(cell, one.spec, reading)
            except (BadValue, BadInput):
                self.remarks.append(f"{one.label}看不懂，原文已存入备注")
                self._keep(column, text_of(cell))
                continue
            if value is not None:
                found[one.key] = value
        return found

    def rest(self, *fields: Field) -> str:
        """Return what found no place of its own, as `heading：words` by line: `fields` first, then unknown columns."""
        for column, cell in zip(self.line.columns, self.line.cells, strict=True):
            text = text_of(cell)
            is_kept = (column.field is None and not column.custom) or column.field in fields
            if is_kept and not column.is_ours and not says_nothing(text):
                self._keep(column, text)
        return "\n".join(dict.fromkeys(self.kept))[:NOTE_LENGTH]

    def _cells(self, of: Field) -> list[tuple[Column, Cell]]:
        return self._by_field.get(of, [])

    @cached_property
    def _by_field(self) -> dict[Field, list[tuple[Column, Cell]]]:
        cells: dict[Field, list[tuple[Column, Cell]]] = {}
        for column, cell in zip(self.line.columns, self.line.cells, strict=True):
            if column.field is not None and text_of(cell):
                cells.setdefault(column.field, []).append((column, cell))
        return cells

    @staticmethod
    def _numbers(cell: Cell) -> list[Cell]:
        if isinstance(cell, str):
            text = text_of(cell)
            return [] if is_placeholder(text) else list(phones_in(text))
        return [] if cell is None or is_placeholder(text_of(cell)) else [cell]

    def _number(self, part: Cell) -> str | None:
        """Read one number. What looks like a mobile is one: operators open ranges that no list knows yet."""
        text = text_of(part).removesuffix(".0")
        plain = plain_phone(text)
        if plain is not None and _MOBILE.fullmatch(plain) and not _LETTER.search(text):
            return plain
        return plain_phone(self.readers.phone(part))

    def _unread(self, column: Column, of: Field, text: str) -> None:
        self.unread.append((of, text[:60]))
        self._keep(column, text)

    def _keep(self, column: Column, text: str) -> None:
        self.kept.append(f"{one_line(column.heading)}：{text}")


def _is_bare(text: str) -> bool:
    return not any(unit in text for unit in "千百万亿元wWkK")
