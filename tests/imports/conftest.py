"""Files of every kind of mess, made small, and what an import says of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from bot.command.readers import chat_readers
from connectors.sheet_writer import BadRowsFile
from connectors.sheets import read_sheets
from core.services.imports.columns import Kind
from core.services.imports.report import Report
from core.services.imports.roster import Roster, import_members
from core.services.imports.run import default_owner, run_import
from tests.world import World

Rows = Sequence[Sequence[Any]]


@dataclass
class Desk:
    """Somebody at a terminal who makes files and imports them."""

    world: World
    folder: Path

    def book(self, rows: Rows, *, merges: Sequence[str] = (), name: str = "表.xlsx", **more: Rows) -> Path:
        """Write a workbook: its first sheet, and others by name."""
        path = self.folder / name
        with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as made:
            for title, content in {"Sheet1": rows, **more}.items():
                sheet = made.add_worksheet(title)
                day = made.add_format({"num_format": "yyyy-mm-dd"})
                for merge in merges if title == "Sheet1" else ():
                    sheet.merge_range(merge, "")
                for number, row in enumerate(content):
                    for column, cell in enumerate(row):
                        if hasattr(cell, "year"):
                            sheet.write_datetime(number, column, cell, day)
                        elif cell is not None:
                            sheet.write(number, column, cell)
        return path

    def text(self, content: str, *, encoding: str = "utf-8", name: str = "表.csv") -> Path:
        path = self.folder / name
        path.write_bytes(content.encode(encoding))
        return path

    def takes(
        self, path: Path, kind: str = "leads", *, dry_run: bool = False, bad: Path | None = None, owner: str = ""
    ) -> Report:
        program = self.world.program
        order = default_owner(program.open_work, owner, Kind(kind), dry_run=dry_run)
        file = BadRowsFile(bad or self.folder / "bad.xlsx")
        readers = chat_readers(program.calendar.local(self.world.now), program.workdays)
        try:
            return run_import(program.open_work, path.name, read_sheets(path), order, readers, bad=file)
        finally:
            file.close()

    def enrols(self, path: Path, *, channel: str = "wecom") -> Roster:
        program = self.world.program
        readers = chat_readers(program.calendar.local(self.world.now), program.workdays)
        return import_members(program.open_work, path.name, read_sheets(path), readers, channel=channel)

    def all(self, cls: type) -> list[Any]:
        """Every record of a class, oldest first."""
        from sqlalchemy import select

        with self.world.program.open_work.reading() as session:
            return list(session.scalars(select(cls).order_by(cls.id)))  # type: ignore[attr-defined]

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        from sqlalchemy import func, select

        from storage.tables import metadata

        with self.world.program.engine.connect() as connection:
            return {
                table.name: connection.scalar(select(func.count()).select_from(table)) or 0
                for table in metadata.sorted_tables
            }


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    return Desk(world, tmp_path)
