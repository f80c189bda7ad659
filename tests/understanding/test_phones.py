"""Phone numbers in messages and spreadsheet cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.phones import find_phones, read_phone


@pytest.mark.parametrize(
    ("text", "words", "number"),
    [
        ("新线索 王先生 13812345678 官网来的", "13812345678", "+8613812345678"),
        ("大疆王工电话139 1234 5678，邮箱wg@dji.com", "139 1234 5678", "+8613912345678"),
        ("+86 138-1234-5678", "+86 138-1234-5678", "+8613812345678"),
        ("008613812345678", "008613812345678", "+8613812345678"),
        ("１３８１２３４５６７８", "１３８１２３４５６７８", "+8613812345678"),
        ("张三13812345678明天10点", "13812345678", "+8613812345678"),
        ("19912345678", "19912345678", "+8619912345678"),
        ("座机0755-88888888转8001", "0755-88888888转8001", "+8675588888888"),
        ("(010) 6255 1234", "(010) 6255 1234", "+861062551234"),
        ("0512 6666 8888", "0512 6666 8888", "+8651266668888"),
        ("400-820-8820", "400-820-8820", "+864008208820"),
        ("4008208820", "4008208820", "+864008208820"),
        ("+1 650-253-0000", "+1 650-253-0000", "+16502530000"),
    ],
)
def test_a_phone_is_found(text: str, words: str, number: str) -> None:
    (span,) = find_phones(text)
    assert (span.words, span.number) == (words, number)
    assert text[span.start : span.end] == words


def test_a_phone_is_shown_as_people_read_it() -> None:
    shown = [span.display for span in find_phones("+8613812345678 或 0755-88888888转8001 或 +16502530000")]
    assert shown == ["138 1234 5678", "0755 8888 8888 转 8001", "+1 650-253-0000"]


def test_two_phones_are_two() -> None:
    assert [span.number for span in find_phones("13812345678/13912345678")] == ["+8613812345678", "+8613912345678"]


@pytest.mark.parametrize(
    "text",
    [
        "12345678901",
        "12000000000",
        "110101199003071234",
        "订单2026031712345",
        "2026-03-17 15:00",
        "13812345678.5",
        "1,200,000",
        "",
        "100台",
    ],
)
def test_no_phone(text: str) -> None:
    assert find_phones(text) == []


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (13812345678, "+8613812345678"),
        (13812345678.0, "+8613812345678"),
        ("13812345678.0", "+8613812345678"),
        ("1.3812345678E10", "+8613812345678"),
        ("1.3812345678e+10", "+8613812345678"),
        ("+86 138-1234-5678", "+8613812345678"),
        (8613812345678, "+8613812345678"),
        ("'13812345678", "+8613812345678"),
        ("电话：13812345678", "+8613812345678"),
        ("１３８ １２３４ ５６７８", "+8613812345678"),
        ("0755-88888888转8001", "+8675588888888"),
        ("075588888888", "+8675588888888"),
        (75588888888, "+8675588888888"),
        ("4008208820", "+864008208820"),
    ],
)
def test_a_cell_holds_a_phone(cell: str | float, number: str) -> None:
    assert read_phone(cell) == number


@pytest.mark.parametrize(
    "cell",
    [
        "",
        None,
        "无",
        True,
        123,
        -13812345678,
        "1.38E+10",
        "1.38123E+10",
        "13812345678/13912345678",
        "13812345678 张三",
        float("nan"),
        1e300,
    ],
)
def test_a_cell_without_a_single_certain_phone_is_none(cell: str | float | None) -> None:
    assert read_phone(cell) is None


@given(st.integers(13000000000, 13999999999).map(str))
def test_every_spelling_of_a_mobile_number_is_that_number(digits: str) -> None:
    parts = (digits[:3], digits[3:7], digits[7:])
    read = [read_phone(text) for text in (digits, f"+86{digits}", "-".join(parts), " ".join(parts), f"{digits}.0")]
    assert read == [read_phone(int(digits))] * 5
    assert read[0] in (f"+86{digits}", None)


@given(st.text() | st.text("0123456789+-() 86转.E", max_size=60))
def test_nothing_that_can_be_typed_breaks_the_readers(text: str) -> None:
    assert all(span.words == text[span.start : span.end] for span in find_phones(text))
    read_phone(text)
