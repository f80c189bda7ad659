"""Finds the tables on a sheet and cuts them into lines: headings, merges and blocks, subtotals, rows said twice.

A sheet is looked over once (`survey`) and then read (`lines`), a row at a time, so that memory stays flat.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from core.errors import BadInput
from core.rules.cells import Cell, one_line, says_nothing, text_of
from core.services.imports.columns import Column, Field, Kind, belongs, columns_of, example_headings, is_known
from core.services.imports.sheet import Merge, Sheet

_UNIT = r"(家|条|个|行|户|人|笔|单|项|位|元|万|万元)"
_LABEL = re.compile(
    r".{0,20}(小\s*计|合\s*计|总\s*计|累计|共计)\s*(金额|数量|人数|家数)?\s*([(（].{0,12}[)）])?\s*[:：]?\s*[\d,.]*\s*"
    + _UNIT
    + r"?|(sub|grand)?\s*total\s*:?\s*[\d,.]*",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"(总共|合计|共|共计)\s*\d+\s*" + _UNIT + r".{0,10}")
_REMARK = re.compile(
    r"(注|备注|说明|填表说明|填写须知|制表|制表人|填表人|审核|审核人|导出人|导出时间|打印时间|数据来源)\s*[:：].*",
    re.DOTALL,
)
_SAYS_SUM = re.compile(r"计|共|total", re.IGNORECASE)
_SUBTOTAL_CELLS = 3
_BANNER = 3


@dataclass(frozen=True)
class Line:
    """One row of a table: its cells under their columns, merged values filled in. `number` is what Excel shows."""

    sheet: str
    number: int
    columns: tuple[Column, ...]
    cells: tuple[Cell, ...]
    filled: frozenset[int] = frozenset()

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(column.heading for column in self.columns if not column.is_ours)

    @property
    def texts(self) -> tuple[str, ...]:
        """The cells as a person reads them, in the order of the columns."""
        return tuple(text_of(cell) for column, cell in zip(self.columns, self.cells, strict=True) if not column.is_ours)


@dataclass(frozen=True)
class NoLine:
    """A row that is no record, and why: a blank one, a subtotal, a heading once more."""

    sheet: str
    number: int
    reason: str
    of: int | None = None


BLANK, HEADING, SUBTOTAL, REMARK, REPEATED, FOREIGN = (
    "空行",
    "重复的表头",
    "小计/合计行",
    "说明文字",
    "完全重复的行",
    "另一张表的行",
)


@dataclass
class Table:
    """Rows under one heading. `columns` is None where the table is of another kind, `spoken` the heading row by row."""

    heading_row: int
    first_row: int
    columns: tuple[Column, ...] | None
    headings: tuple[str, ...]
    last_row: int = -1
    spoken: tuple[tuple[str, ...], ...] = ()
    owned: int = 0


@dataclass
class Survey:
    """What was found on a sheet: its tables, and the values to be filled down, by column, as (first, last) row."""

    sheet: Sheet
    tables: list[Table] = field(default_factory=list)
    fills: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    height: int = 0

    @property
    def is_useful(self) -> bool:
        return any(table.columns is not None for table in self.tables)


def survey(sheet: Sheet, kind: Kind) -> Survey:
    """Look over a sheet: where its headings are, and which cells of a block speak for the rows below them."""
    found = Survey(sheet)
    rows = _numbered(sheet)
    held = next(rows, None)
    while held is not None:
        number, row = held
        held = next(rows, None)
        texts = [one_line(text_of(cell)) for cell in row]
        if any(texts) and len(found.seen) < _BANNER:
            found.seen.append(" | ".join(text for text in texts if text)[:60])
        if any(texts):
            found.height = number + 1
        headings = _headings(texts, first=not found.tables)
        if headings is None:
            if found.tables and any(texts):
                _count(found.tables[-1], number, texts)
            continue
        below = [one_line(text_of(cell)) for cell in held[1]] if held is not None else []
        both = _two_rows(texts, below, sheet.merges, number)
        if both is not None:
            held = next(rows, None)
        named = both or headings
        columns = columns_of(named, kind)
        words = tuple(named.values())
        same = next((t for t in found.tables if t.headings == words), None)
        if same is not None and found.tables[-1] is same:
            same.last_row = number
            continue
        begins = number + (2 if both is not None else 1)
        spoken = tuple(tuple(text for text in row if text) for row in (texts, below if both is not None else ()))
        mine = columns if belongs(columns, kind) else None
        found.tables.append(Table(number, begins, mine, words, number, spoken))
    _fill_merges(found)
    _fill_blocks(found)
    return found


def _count(table: Table, number: int, texts: Sequence[str]) -> None:
    """Let the table reach down to this row, and count the rows that name a holder."""
    table.last_row = number
    owner = next((c.index for c in table.columns or () if c.field is Field.OWNER), None)
    if owner is not None and owner < len(texts) and texts[owner]:
        table.owned += 1


def require_headings(surveys: Sequence[Survey], kind: Kind, name: str) -> None:
    """Refuse a file in which no table of this kind was found, saying what was read and which headings are known."""
    if any(one.is_useful for one in surveys):
        return
    seen = "；".join(f"「{line}」" for one in surveys for line in one.seen[:2]) or "没有任何内容"
    raise BadInput(
        f"「{name}」里没有找到可以导入的表头。读到的开头：{seen[:300]}。请把表头改成这些名称再导入：{example_headings(kind)}"
    )


def lines(found: Survey) -> Iterator[Line | NoLine]:
    """Read the rows of every table of the kind; rows above the first heading are titles and say nothing."""
    sheet, tables = found.sheet, found.tables
    if not tables:
        return
    said: dict[bytes, int] = {}
    tops: dict[int, Cell] = {}
    current = -1
    for number, row in _numbered(sheet):
        if number >= found.height:
            return
        while current + 1 < len(tables) and number >= tables[current + 1].heading_row:
            current += 1
            said.clear()
        if current < 0:
            continue
        table = tables[current]
        if number < table.first_row:
            continue
        yield _one(found, table, number, row, tops, said)


def _one(
    found: Survey, table: Table, number: int, row: Sequence[Cell], tops: dict[int, Cell], said: dict[bytes, int]
) -> Line | NoLine:
    name = found.sheet.name
    texts = {index: text for index, cell in enumerate(row) if (text := text_of(cell))}
    for index, spans in found.fills.items():
        if any(first == number for first, _ in spans):
            tops[index] = row[index] if index < len(row) else None
    if not texts:
        return NoLine(name, number + 1, BLANK)
    if table.columns is None:
        return NoLine(name, number + 1, FOREIGN)
    if (reason := _no_record(texts, table, found.sheet.merges, number)) is not None:
        return NoLine(name, number + 1, reason)
    cells: list[Cell] = []
    filled: set[int] = set()
    for column in table.columns:
        cell = row[column.index] if column.index < len(row) else None
        if column.index not in texts and _is_filled(found, column.index, number):
            cell = tops.get(column.index)
            filled.add(column.index)
        cells.append(cell)
    line = Line(name, number + 1, table.columns, tuple(cells), frozenset(filled))
    key = _fingerprint(line)
    if (before := said.setdefault(key, line.number)) != line.number:
        return NoLine(name, line.number, REPEATED, of=before)
    return line


def _numbered(sheet: Sheet) -> Iterator[tuple[int, Sequence[Cell]]]:
    return enumerate(sheet.rows())


def _headings(texts: Sequence[str], *, first: bool) -> dict[int, str] | None:
    """Return the headings of a row that is one: words only, enough of them known. Below a table it takes more."""
    named = {index: text for index, text in enumerate(texts) if text}
    known = sum(1 for text in named.values() if is_known(text))
    if not known or any(_is_number(text) for text in named.values()):
        return None
    if len(named) == 1:
        return named if first and known else None
    enough = 2 if first else max(2, (len(named) + 1) // 2)
    narrow = first and len(named) <= 3  # noqa: PLR2004 - two or three columns, one of which we know
    return named if known >= enough or narrow else None


def _two_rows(
    texts: Sequence[str], below: Sequence[str], merges: Sequence[Merge], number: int
) -> dict[int, str] | None:
    """Join a heading of two rows: groups above, columns below; None where the second row is none.

    A name below stands where above there is nothing or the first cell of a group, and nothing stands below a column
    that was named above.
    """
    lower = {index: text for index, text in enumerate(below) if text}
    known = sum(1 for text in lower.values() if is_known(text))
    if known < 2 or known * 2 < len(lower) or any(_is_number(text) for text in lower.values()):  # noqa: PLR2004
        return None
    wide = {merge.left for merge in merges if merge.top == number and merge.right > merge.left}

    def is_group(index: int) -> bool:
        if not texts[index:] or not texts[index]:
            return True
        return index in wide or (index + 1 < len(texts) and not texts[index + 1] and index + 1 in lower)

    if not all(is_group(index) for index in lower) or not any(
        index < len(texts) and not texts[index] for index in lower
    ):
        return None
    above = {index: text for index, text in enumerate(texts) if text and index not in lower}
    return dict(sorted({**above, **lower}.items()))


def _fill_merges(found: Survey) -> None:
    """Let the value of a merged block stand in each of its rows."""
    for merge in found.sheet.merges:
        table = next((t for t in found.tables if t.first_row <= merge.top <= max(t.last_row, t.first_row)), None)
        if merge.bottom > merge.top and table is not None:
            found.fills.setdefault(merge.left, []).append((merge.top, merge.bottom))


def _fill_blocks(found: Survey) -> None:
    """Where nothing is merged, let the holder named in the first row of every block stand for its rows.

    A block ends at a blank row or a subtotal. Only when there are several, and each names its holder in its first row
    and nowhere else, does the first row speak for the others.
    """
    owners = {
        number: column.index
        for number, table in enumerate(found.tables)
        for column in table.columns or ()
        if column.field is Field.OWNER
        and column.index not in found.fills
        and 1 < table.owned < (table.last_row - table.first_row) / 2
    }
    for number, column in owners.items():
        blocks = [block for block in _blocks(found, found.tables[number], column) if len(block) > 1]
        speaks = all(block[0][1] and not any(named for _, named in block[1:]) for block in blocks)
        if len(blocks) > 1 and speaks:
            found.fills.setdefault(column, []).extend((block[0][0], block[-1][0]) for block in blocks)


def _blocks(found: Survey, table: Table, column: int) -> list[list[tuple[int, bool]]]:
    blocks: list[list[tuple[int, bool]]] = [[]]
    for number, row in _numbered(found.sheet):
        if not table.first_row <= number <= table.last_row:
            continue
        texts = {index: text for index, cell in enumerate(row) if (text := text_of(cell))}
        if not texts or _no_record(texts, table, (), number) is not None:
            blocks.append([])
        else:
            blocks[-1].append((number, column in texts))
    return [block for block in blocks if block]


def _no_record(texts: dict[int, str], table: Table, merges: Sequence[Merge], number: int) -> str | None:
    """Say why a row that is not blank is no record either, or None when it is one."""
    words = tuple(one_line(text) for text in texts.values())
    if words and (words == table.headings or words in table.spoken):
        return HEADING
    if len(words) > 1 and len(words) * 2 > len(table.headings) and all(is_known(word) for word in words):
        return HEADING
    label = next((word for word in words if not _is_number(word)), "")
    few = sum(1 for word in words if not _is_number(word)) <= _SUBTOTAL_CELLS
    if few and _SAYS_SUM.search(label) and (_LABEL.fullmatch(label) or _COUNTED.fullmatch(label)):
        return SUBTOTAL
    first = min(texts)
    if len(texts) == 1 and (
        _REMARK.fullmatch(label)
        or any(m.top == number and m.left == first and m.right - m.left >= _BANNER for m in merges)
    ):
        return REMARK
    columns = [column for column in table.columns or () if column.index in texts]
    if all(column.field in (None, Field.COUNTER) for column in columns) and _REMARK.fullmatch(label):
        return REMARK
    return BLANK if columns and all(c.field is Field.COUNTER or says_nothing(texts[c.index]) for c in columns) else None


def _is_filled(found: Survey, column: int, number: int) -> bool:
    return any(first < number <= last for first, last in found.fills.get(column, ()))


def _fingerprint(line: Line) -> bytes:
    """Digest what a row says, whatever number it counts itself."""
    said = "\x1f".join(
        one_line(text_of(cell))
        for column, cell in zip(line.columns, line.cells, strict=True)
        if column.field is not Field.COUNTER and not column.is_ours
    )
    return blake2b(said.encode("utf-8", "replace"), digest_size=12).digest()


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[-+¥￥$]?[\d,，.]+%?", text) is not None
