"""Where the tables are on a sheet, and which rows are records."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from connectors.sheets import read_sheets
from core.errors import BadInput
from core.model.lead import Lead
from core.services.imports.columns import Kind
from core.services.imports.run import look_over
from core.services.imports.tables import lines
from tests.imports.conftest import Desk

HEAD = ["公司名称", "电话", "负责人"]


def dropped(report: object) -> dict[str, list[str]]:
    return report.dropped  # type: ignore[attr-defined, no-any-return]


def test_titles_above_the_headings_are_no_rows(desk: Desk) -> None:
    file = desk.book(
        [["华东大区客户表"], ["导出人：admin"], [], HEAD, ["甲机电有限公司", "13800138001", ""]], merges=["A1:C1"]
    )
    report = desk.takes(file)
    assert (report.read, report.taken) == (1, 1)
    assert desk.all(Lead)[0].name == "甲机电有限公司"


def test_headings_of_two_rows_are_joined(desk: Desk) -> None:
    file = desk.book(
        [
            ["序号", "客户名称*", "联系人信息", None, "负责人"],
            [None, None, "姓名", "手机号码", None],
            [1, "甲机电有限公司", "王伟", 13800138001.0, "张伟"],
        ],
        merges=["C1:D1", "A1:A2", "B1:B2", "E1:E2"],
    )
    desk.takes(file)
    lead = desk.all(Lead)[0]
    assert (lead.name, lead.contact_name, lead.phone) == ("甲机电有限公司", "王伟", "13800138001")


def test_a_merged_holder_speaks_for_the_rows_of_its_block_only(desk: Desk) -> None:
    file = desk.book(
        [
            HEAD,
            ["甲一机电", "13800138001", "张伟"],
            ["乙二机电", "13800138002", None],
            ["丙三机电", "13800138003", None],
        ],
        merges=["C2:C3"],
    )
    desk.takes(file)
    assert [lead.owner_id is not None for lead in desk.all(Lead)] == [True, True, False]


def test_without_merges_a_holder_speaks_for_a_block_when_every_block_is_written_so(desk: Desk) -> None:
    text = (
        "公司名称,电话,负责人\n甲一,13800138001,张伟\n乙二,13800138002,\n丙三,13800138007,\n小计,,\n"
        "丁四,13800138003,李娜\n戊五,13800138004,\n戊六,13800138008,\n"
    )
    desk.takes(desk.text(text))
    assert all(lead.owner_id for lead in desk.all(Lead))


def test_a_blank_holder_is_not_filled_where_nothing_says_so(desk: Desk) -> None:
    desk.takes(desk.text("公司名称,电话,负责人\n甲一,13800138001,张伟\n乙二,13800138002,\n丙三,13800138003,\n"))
    assert [bool(lead.owner_id) for lead in desk.all(Lead)] == [True, False, False]


def test_subtotals_blank_rows_remarks_and_repeated_headings_are_dropped_with_their_reason(desk: Desk) -> None:
    file = desk.book(
        [
            HEAD,
            ["甲一机电", "13800138001", None],
            ["小计", 1, None],
            [],
            HEAD,
            ["乙二机电", "13800138002", None],
            ["共2家客户", None, None],
            ["合计：", 2, None],
            ["备注：以上为内部资料", None, None],
            ["总计机械有限公司", "13800138003", None],
        ]
    )
    report = desk.takes(file)
    assert report.taken == 3
    assert report.dropped == {
        "小计/合计行": ["3", "7", "8"],
        "空行": ["4"],
        "重复的表头": ["5"],
        "说明文字": ["9"],
    }
    assert report.read == report.taken + sum(map(len, report.dropped.values()))


def test_a_row_said_twice_is_dropped_with_the_number_of_the_first(desk: Desk) -> None:
    head = ["序号", *HEAD]
    report = desk.takes(desk.book([head, [1, "甲一机电", "13800138001", ""], [2, "甲一机电 ", 13800138001, ""]]))
    assert report.repeats == [{"row": "3", "of": "2"}]


def test_another_table_on_the_sheet_is_left_alone(desk: Desk) -> None:
    rows = [HEAD, ["甲一机电", "13800138001", ""], [], ["产品", "金额"], ["水泵", 300]]
    report = desk.takes(desk.book(rows))
    assert report.taken == 1
    assert report.dropped["另一张表的行"] == ["5"]


def test_a_second_table_with_other_columns_is_read_by_its_own_headings(desk: Desk) -> None:
    rows = [HEAD, ["甲一机电", "13800138001", ""], [], ["手机", "客户名称"], ["13800138002", "乙二机电"]]
    assert desk.takes(desk.book(rows)).taken == 2
    assert {lead.phone for lead in desk.all(Lead)} == {"13800138001", "13800138002"}


def test_every_visible_sheet_with_known_headings_is_read(desk: Desk) -> None:
    file = desk.book([HEAD, ["甲一机电", "", ""]], 二月=[HEAD, ["乙二机电", "", ""]], 字典=[["赢单"], ["输单"]])
    report = desk.takes(file)
    assert (report.taken, report.sheets, report.skipped_sheets) == (2, ["Sheet1", "二月"], ["字典"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_text_tables_in_any_encoding_and_with_any_delimiter(desk: Desk, encoding: str, mark: str) -> None:
    text = "公司名称,电话,备注\n甲一机电,13800138001,客户要求加急\n".replace(",", mark)
    desk.takes(desk.text(text, encoding=encoding))
    lead = desk.all(Lead)[0]
    assert (lead.name, lead.need) == ("甲一机电", "客户要求加急")


def test_a_table_that_begins_in_the_middle_of_a_sheet(desk: Desk) -> None:
    rows = [[], [], [None, None, *HEAD], [None, None, "甲一机电", 13800138001, "张伟"]]
    assert desk.takes(desk.book(rows)).taken == 1


def test_a_file_without_known_headings_says_what_was_read_and_what_is_known(desk: Desk) -> None:
    with pytest.raises(BadInput, match=r"水果 \| 颜色.*公司名称"):
        desk.takes(desk.book([["水果", "颜色"], ["苹果", "红"]]))


@pytest.mark.parametrize("kind", list(Kind))
def test_no_real_workbook_makes_us_stumble(shared: Callable[[str], Path], kind: Kind) -> None:
    for path in sorted(shared("excel").rglob("*.xls*")):
        with suppress(BadInput):
            for found in look_over(read_sheets(path), kind, path.name):
                assert all(one.number > 0 for one in lines(found))


def test_protected_and_empty_workbooks_say_so(shared: Callable[[str], Path]) -> None:
    with pytest.raises(BadInput, match="密码"):
        read_sheets(shared("excel/protected_passtika.xlsx"))
    with pytest.raises(BadInput, match="空文件"):
        read_sheets(shared("excel/calamine_empty_file.xlsx"))
