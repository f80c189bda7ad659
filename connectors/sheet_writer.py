"""Writes rows into an xlsx or csv file, as they come; nothing in them can act as a formula."""

import csv
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from core.rules.cells import Cell, text_of
from core.services.imports.sheet import OURS

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_CELL = 32_767


class TableFile:
    """One table. A csv cell that a spreadsheet would compute gets a leading apostrophe, which an import takes off."""

    def __init__(self, path: Path, title: str, *, mark: str = "") -> None:
        self.path, self.count, self._mark = path, 0, mark
        self._open = ExitStack()
        self._write = self._csv() if path.suffix.lower() in (".csv", ".txt") else self._xlsx(title)

    def add(self, row: Sequence[Cell]) -> None:
        """Write a row below the others."""
        self._write(row)
        self.count += 1

    def close(self) -> None:
        """Finish the file."""
        self._open.close()

    def _csv(self) -> Any:
        file = self._open.enter_context(self.path.open("w", encoding="utf-8-sig", newline=""))
        writer = csv.writer(file)

        def write(row: Sequence[Cell]) -> None:
            texts = [(cell, text_of(cell)) for cell in row]
            writer.writerow([f"'{t}" if isinstance(cell, str) and t.startswith(_FORMULA) else t for cell, t in texts])

        return write

    def _xlsx(self, title: str) -> Any:
        import xlsxwriter  # type: ignore[import-untyped]  # it ships no annotations

        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = self._open.enter_context(xlsxwriter.Workbook(str(self.path), options))
        sheet = book.add_worksheet(title)
        sheet.set_column(0, 40, 18)
        if self._mark:
            sheet.set_footer(f"&C{self._mark}")
            book.set_properties({"title": title, "comments": self._mark})

        def write(row: Sequence[Cell]) -> None:
            for column, cell in enumerate(row):
                if isinstance(cell, int | float) and not isinstance(cell, bool):
                    sheet.write_number(self.count, column, cell)
                elif cell is not None:
                    sheet.write_string(self.count, column, _plain(cell)[:_LONGEST_CELL])

        return write


def _plain(cell: str | bool | datetime | date | time | timedelta) -> str:
    return cell if isinstance(cell, str) else text_of(cell)


class BadRowsFile:
    """A file of rows that were not taken, made with the first of them; see `core.services.imports.sheet.BadRows`.

    A new table in the source begins with its own headings here too.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._headings: tuple[str, ...] | None = None
        self._file: TableFile | None = None

    def add(self, headings: Sequence[str], cells: Sequence[str], where: str, reason: str) -> None:
        if self._file is None:
            self._file = TableFile(self.path, "未导入的行")
        if self._headings != tuple(headings):
            if self._headings is not None:
                self._file.add(())
            self._headings = tuple(headings)
            self._file.add((*headings, *OURS))
        padded = (*cells[: len(headings)], *("",) * (len(headings) - len(cells)))
        self._file.add((*padded, where, reason))
        self.count += 1

    def close(self) -> None:
        """Finish the file; without a row there is none."""
        if self._file is not None:
            self._file.close()


class SheetWriter:
    """Implements `core.ports.files.Sheets`."""

    def sheet(
        self, title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], mark: str
    ) -> tuple[bytes, int]:
        """Write the table into a folder of its own, and read it back."""
        with TemporaryDirectory() as folder:
            file = TableFile(Path(folder) / "table.xlsx", title, mark=mark)
            file.add(headings)
            for row in rows:
                file.add(row)
            count = file.count - 1
            file.add(())
            file.add((mark,))
            file.close()
            return file.path.read_bytes(), count
