"""What one cell says."""

from datetime import date, datetime, time

import pytest

from core.rules.cells import Days, clean, days_of, is_placeholder, one_line, phones_in, says_nothing, text_of

DAY = date(2024, 6, 2)


@pytest.mark.parametrize(
    "cell",
    [
        datetime(2024, 6, 2),
        DAY,
        45445,
        45445.0,
        "45445",
        "2024/6/2",
        "2024-06-02",
        "2024.06.02",
        "2024年6月2日",
        "24-6-2",
        "20240602",
        "2024-06-02 00:00:00",
        "２０２４－６－２",
        "2024. 6. 2",
    ],
)
def test_a_day_is_read_in_every_notation_of_tables(cell: object) -> None:
    assert days_of(cell) == Days(DAY, DAY)  # type: ignore[arg-type]


def test_a_month_is_all_of_its_days_and_a_clock_is_kept() -> None:
    month, moment = days_of("2024年2月"), days_of("2024/6/2 18:05")
    assert month == Days(date(2024, 2, 1), date(2024, 2, 29))
    assert moment == Days(DAY, DAY, time(18, 5))


@pytest.mark.parametrize("cell", ["3/4/2025", "2024-02-30", "明天", "", None, 12, 1e9, True, "2024", "99-1-1"])
def test_what_is_no_day_or_could_be_two_is_not_guessed(cell: object) -> None:
    assert days_of(cell) is None  # type: ignore[arg-type]


def test_a_day_written_the_american_way_is_read_where_only_one_reading_is_possible() -> None:
    for words in ("6/30/2017", "30/6/2017"):
        assert days_of(words) == Days(date(2017, 6, 30), date(2017, 6, 30))


@pytest.mark.parametrize("text", ["", "无", "-", "/", "N/A", "#N/A", "Select", " — ", "暂无", "null"])
def test_words_that_say_nothing(text: str) -> None:
    assert says_nothing(clean(text))


@pytest.mark.parametrize(
    ("text", "empty"), [("1", True), ("test", True), ("Test", True), ("12", False), ("无锡", False)]
)
def test_placeholders_are_empty_where_a_name_belongs(text: str, empty: bool) -> None:
    assert is_placeholder(text) is empty


def test_cells_read_as_a_person_reads_them() -> None:
    cells = [13800138000.0, 0.5, 1e20, True, datetime(2024, 6, 2), datetime(2024, 6, 2, 8, 5), None]
    assert [text_of(cell) for cell in cells] == [
        "13800138000", "0.5", "100000000000000000000", "是", "2024-06-02", "2024-06-02 08:05:00", "",
    ]  # fmt: skip


def test_what_no_database_takes_is_dropped() -> None:
    assert clean("\ufeff华\x00为\u200b\ud800技术\x07\xa0") == "华为技术"
    assert clean("客户😀𠮷家") == "客户😀𠮷家"
    assert clean("'=1+1") == "=1+1"


def test_a_name_is_one_line_without_blanks_inside_chinese() -> None:
    assert one_line("  品渥食品\n股份 有限公司\u3000") == "品渥食品股份有限公司"
    assert one_line("Acme   Corp 中国") == "Acme Corp 中国"


def test_two_numbers_in_a_cell() -> None:
    assert phones_in("18200008322 / 182-0000-9999") == ["18200008322", "182-0000-9999"]
    assert phones_in("021-12345678、13800138000") == ["021-12345678", "13800138000"]
