"""Writes rows of text into an xlsx or csv file, as they come; nothing in them can act as a formula."""

import csv
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from core.services.imports.sheet import OURS

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_CELL = 32_767


class BadRowsFile:
    """A file of rows that were not taken, made with the first of them; see `core.services.imports.sheet.BadRows`.

    A new table in the source begins with its own headings here too. A csv cell that a spreadsheet would compute gets
    a leading apostrophe, which an import takes off again.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._headings: tuple[str, ...] | None = None
        self._row = 0
        self._open = ExitStack()
        self._write: Any = None

    def add(self, headings: Sequence[str], cells: Sequence[str], where: str, reason: str) -> None:
        if self._write is None:
            self._write = self._csv() if self.path.suffix.lower() in (".csv", ".txt") else self._xlsx()
        if self._headings != tuple(headings):
            if self._headings is not None:
                self._write(())
            self._headings = tuple(headings)
            self._write((*headings, *OURS))
        padded = (*cells[: len(headings)], *("",) * (len(headings) - len(cells)))
        self._write((*padded, where, reason))
        self.count += 1

    def close(self) -> None:
        """Finish the file; without a row there is none."""
        self._open.close()

    def _csv(self) -> Any:
        file = self._open.enter_context(self.path.open("w", encoding="utf-8-sig", newline=""))
        writer = csv.writer(file)

        def write(row: Sequence[str]) -> None:
            writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])

        return write

    def _xlsx(self) -> Any:
        import xlsxwriter  # type: ignore[import-untyped]  # it ships no annotations

        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = self._open.enter_context(xlsxwriter.Workbook(str(self.path), options))
        sheet = book.add_worksheet("未导入的行")
        sheet.set_column(0, 20, 18)

        def write(row: Sequence[str]) -> None:
            for column, cell in enumerate(row):
                sheet.write_string(self._row, column, cell[:_LONGEST_CELL])
            self._row += 1

        return write
