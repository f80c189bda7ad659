"""Reads workbooks and text tables into sheets of cells: xlsx, xls, ods, csv, tsv. Never a traceback for a bad file.

Workbooks are read by calamine; a text table is read as it goes, in UTF-8 or GB 18030, cut by comma, semicolon or tab.
"""

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from core.errors import BadInput
from core.rules.cells import Cell
from core.services.imports.sheet import Merge, Sheet

LARGEST = 50 * 1024 * 1024
LONGEST = 200_000
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
TEXTS = (".csv", ".tsv", ".txt")
_PIECE = 1 << 20


def read_sheets(path: Path, name: str | None = None) -> list[Sheet]:
    """Return the visible sheets of a file, or the one of that `name`, hidden or not.

    Raises BadInput, whose sentence says what is wrong with the file and what to do.
    """
    _require_readable(path)
    kind = path.suffix.lower()
    if kind in TEXTS:
        return [_text_sheet(path)]
    if kind not in WORKBOOKS:
        raise BadInput(f"不认识的文件类型「{path.suffix or path.name}」。请另存为 xlsx、xls 或 csv 后再导入")
    return _workbook_sheets(path, name)


def _require_readable(path: Path) -> None:
    if not path.exists():
        raise BadInput(f"找不到文件：{path}。请检查路径")
    if path.is_dir():
        raise BadInput(f"「{path}」是文件夹。请给出其中一个 xlsx、xls 或 csv 文件")
    size = path.stat().st_size
    if size == 0:
        raise BadInput(f"「{path.name}」是空文件（0 字节）。请重新导出后再导入")
    if size > LARGEST:
        raise BadInput(f"「{path.name}」有 {size / 1024 / 1024:.0f} MB，最大 50 MB。请拆成几个文件分别导入")


def _workbook_sheets(path: Path, name: str | None) -> list[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_path(str(path))
        names = [sheet.name for sheet in book.sheets_metadata]
        if name is not None and name not in names:
            raise BadInput(f"「{path.name}」里没有工作表「{name}」，有的是：{'、'.join(names)}")
        visible = [s.name for s in book.sheets_metadata if s.visible == SheetVisibleEnum.Visible]
        return [_sheet(book.get_sheet_by_name(one)) for one in ([name] if name is not None else visible)]
    except PasswordError as error:
        raise BadInput(f"「{path.name}」有密码保护。请在 Excel 里取消密码、另存后再导入") from error
    except (CalamineError, OSError, ValueError) as error:
        raise BadInput(
            f"「{path.name}」打不开：不是完整的 Excel 文件，或已损坏。请在 Excel 里另存为 xlsx 后再导入"
        ) from error
    except Exception as error:
        if type(error).__name__ != "PanicException":  # a panic of the Rust parser is no subclass of CalamineError
            raise
        raise BadInput(f"「{path.name}」打不开，文件已损坏。请在 Excel 里另存为 xlsx 后再导入") from error


def _sheet(sheet: Any) -> Sheet:
    height = sheet.total_height
    if height > LONGEST:
        raise BadInput(f"工作表「{sheet.name}」有 {height} 行，最多 {LONGEST} 行。请拆开，或另存为 csv 后再导入")
    merges = tuple(Merge(*start, *end) for start, end in sheet.merged_cell_ranges or ())
    return Sheet(sheet.name, partial(_rows_of, sheet), merges, height)


def _rows_of(sheet: Any) -> Iterator[Sequence[Cell]]:
    if sheet.start is None:
        return
    padding: list[Cell] = [None] * sheet.start[1]  # calamine begins at the first row, but at the first used column
    for row in sheet.iter_rows():
        yield [*padding, *row]


def _text_sheet(path: Path) -> Sheet:
    encoding = _encoding(path)
    cut = partial(_cut, path, encoding, _delimiter(path, encoding))
    return Sheet(path.stem, cut, (), _count_lines(path))


def _encoding(path: Path) -> str:
    """Choose UTF-16 by its mark, else UTF-8 where all of the file is, else GB 18030."""
    with path.open("rb") as file:
        head = file.read(2)
        if head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        file.seek(0)
        for encoding in ("utf-8-sig", "gb18030"):
            decoder = codecs.getincrementaldecoder(encoding)()
            file.seek(0)
            try:
                while piece := file.read(_PIECE):
                    decoder.decode(piece)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                continue
            return encoding
    raise BadInput(f"「{path.name}」的文字编码认不出来。请另存为「CSV UTF-8」或 xlsx 后再导入")


def _delimiter(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as file:
        head = [line for line in (file.readline(_PIECE) for _ in range(20)) if line.strip()]
    if not head:
        raise BadInput(f"「{path.name}」里没有内容。请重新导出后再导入")
    counts = {mark: sum(line.count(mark) for line in head) for mark in (",", "\t", ";", "，")}
    return max(counts, key=lambda mark: counts[mark])


def _cut(path: Path, encoding: str, delimiter: str) -> Iterator[Sequence[Cell]]:
    csv.field_size_limit(LARGEST)
    with path.open(encoding=encoding, newline="") as file:
        try:
            yield from csv.reader(file, delimiter=delimiter)
        except csv.Error as error:
            raise BadInput(f"「{path.name}」不是完整的 csv：{error}。请在 Excel 里另存为 xlsx 后再导入") from error


def _count_lines(path: Path) -> int:
    with path.open("rb") as file:
        read: Callable[[], bytes] = partial(file.read, _PIECE)
        return sum(piece.count(b"\n") for piece in iter(read, b"")) + 1
