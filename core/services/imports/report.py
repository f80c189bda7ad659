"""What became of every row: taken, dropped and why, the same as another, perhaps the same as another."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from core.services.imports.columns import Column, Field
from core.services.imports.tables import Line, NoLine

DUPLICATE, UNFIT = "与已有记录重复", "内容有问题"


@dataclass(frozen=True)
class Found:
    """Something that is, or may be, the same: its name, where it is (`第 5 行`, `客户 A3`), and what matched."""

    name: str
    where: str
    matched: str
    contact: str = ""

    def __str__(self) -> str:
        return f"{self.where}「{self.name}」（{self.matched}）"


@dataclass(frozen=True)
class Taken:
    """A row that became a record. `similar` is what may be the same; a person decides."""

    line: Line
    name: str
    similar: tuple[Found, ...] = ()
    remarks: tuple[str, ...] = ()
    unknown_owner: str = ""
    respelled: tuple[tuple[str, str], ...] = ()
    made: tuple[str, ...] = ()


@dataclass(frozen=True)
class Same:
    """A row that is on record, or came earlier in the file. `mend` is what to do when it is somebody else after all."""

    line: Line
    name: str
    of: Found
    mend: str = ""


@dataclass(frozen=True)
class Bad:
    """A row that cannot be taken as it is, and what to change."""

    line: Line
    reason: str
    unknown_owner: str = ""


Outcome = Taken | Same | Bad


@dataclass
class Report:
    """The account of one import."""

    file: str
    kind: str
    dry_run: bool
    read: int = 0
    taken: int = 0
    sheets: list[str] = field(default_factory=list)
    skipped_sheets: list[str] = field(default_factory=list)
    dropped: dict[str, list[str]] = field(default_factory=dict)
    repeats: list[dict[str, str]] = field(default_factory=list)
    bad: list[dict[str, str]] = field(default_factory=list)
    certain: list[dict[str, str]] = field(default_factory=list)
    proposed: list[dict[str, str]] = field(default_factory=list)
    unknown_owners: dict[str, list[str]] = field(default_factory=dict)
    understood: dict[str, str] = field(default_factory=dict)
    kept_columns: list[str] = field(default_factory=list)
    remarks: dict[str, list[str]] = field(default_factory=dict)
    respelled: Counter[tuple[str, str]] = field(default_factory=Counter)
    made: Counter[str] = field(default_factory=Counter)
    bad_file: str = ""
    _columns: tuple[Column, ...] = ()

    def add(self, outcome: Outcome | NoLine) -> None:
        """Count one row."""
        self.read += 1
        row = self.row(outcome)
        match outcome:
            case NoLine(reason=reason, of=of):
                self.dropped.setdefault(reason, []).append(row)
                if of is not None:
                    self.repeats.append({"row": row, "of": self._where(outcome.sheet, of)})
            case Taken():
                self._take(outcome, row)
            case Same(name=name, of=found):
                self.dropped.setdefault(DUPLICATE, []).append(row)
                self.certain.append({"row": row, "name": name, "of": found.where} | _match(found))
            case Bad(reason=reason, unknown_owner=owner):
                self.dropped.setdefault(UNFIT, []).append(row)
                self.bad.append({"row": row, "reason": reason})
                if owner:
                    self.unknown_owners.setdefault(owner, []).append(row)

    def row(self, of: Outcome | NoLine) -> str:
        """Name a row: its number, with its sheet where there are several."""
        line = of if isinstance(of, NoLine) else of.line
        return self._where(line.sheet, line.number)

    def as_json(self) -> dict[str, Any]:
        """Return the account for programs."""
        return {
            "file": self.file,
            "kind": self.kind,
            "dry_run": self.dry_run,
            "sheets": self.sheets,
            "skipped_sheets": self.skipped_sheets,
            "read": self.read,
            "taken": self.taken,
            "dropped": [{"reason": reason, "count": len(rows), "rows": rows} for reason, rows in self.dropped.items()],
            "repeated_rows": self.repeats,
            "bad": self.bad,
            "duplicates": {"certain": self.certain, "proposed": self.proposed},
            "unknown_owners": [{"name": name, "rows": rows} for name, rows in self.unknown_owners.items()],
            "columns": {"understood": self.understood, "kept_as_text": self.kept_columns},
            "also_made": dict(self.made),
            "respelled": [{"from": a, "to": b, "count": n} for (a, b), n in self.respelled.items()],
            "remarks": [{"remark": remark, "rows": rows} for remark, rows in self.remarks.items()],
            "bad_file": self.bad_file or None,
        }

    def note_columns(self, line: Line) -> None:
        """Remember which columns were understood."""
        if line.columns is self._columns:
            return
        self._columns = line.columns
        for column in line.columns:
            if column.is_ours or column.field is Field.COUNTER:
                continue
            if column.field is not None:
                self.understood.setdefault(column.heading, column.field.value)
            elif column.custom:
                self.understood.setdefault(column.heading, column.heading)
            elif column.heading not in self.kept_columns:
                self.kept_columns.append(column.heading)

    def _take(self, taken: Taken, row: str) -> None:
        self.taken += 1
        for found in taken.similar:
            self.proposed.append({"row": row, "name": taken.name, "like": found.name, "where": found.where})
        for remark in taken.remarks:
            self.remarks.setdefault(remark, []).append(row)
        if taken.unknown_owner:
            self.unknown_owners.setdefault(taken.unknown_owner, []).append(row)
        self.respelled.update(taken.respelled)
        self.made.update(taken.made)

    def _where(self, sheet: str, number: int) -> str:
        return str(number) if len(self.sheets) <= 1 else f"{sheet}!{number}"


def _match(found: Found) -> dict[str, str]:
    return {"of_name": found.name, "matched": found.matched}
