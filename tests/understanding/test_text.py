"""One form for what people type in many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.text import fold, meaningful_characters, normalise, normalised


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("  华为　 改到周五下午４点 ", "华为 改到周五下午4点"),
        ("ＡＢＣ：１２．５％", "ABC:12.5%"),
        ("跟进：宏达，发了样品。", "跟进:宏达，发了样品。"),
        ("１，２００，０００元", "1,200,000元"),
        ("300，200台", "300，200台"),
        ("a\u200bb\ufeffc\x00d\u202ee", "abcde"),
        ("坏\ud83d字", "坏\ufffd字"),
        ("第一行\r\n  第二行\t尾", "第一行\n第二行 尾"),
        ("👍\ufe0f好", "👍好"),
        ("e\u0301", "é"),
        ("\u200b \n", ""),
    ],
)
def test_normalise(typed: str, plain: str) -> None:
    assert normalise(typed) == plain


def test_a_span_of_the_normal_form_leads_back_to_what_was_typed() -> None:
    read = normalised("　华为　 改到\u200b周五下午４点。 ")
    start = read.text.index("下午")
    assert read.said(start, start + 4) == "下午４点"
    assert read.said(0, len(read.text)) == "华为　 改到\u200b周五下午４点。"
    assert read.said(3, 3) == ""


def test_fold_keeps_every_place() -> None:
    assert fold("下週三４點，後天￥１２") == "下周三4点,后天¥12"


@pytest.mark.parametrize(
    ("text", "count"),
    [("已跟进", 3), ("好的👍👍！！", 2), ("OK 12", 4), ("。。。 …", 0), ("", 0), ("報價12.5万", 6), ("😀", 0)],
)
def test_meaningful_characters(text: str, count: int) -> None:
    assert meaningful_characters(text) == count


@given(st.text())
def test_normal_text_stays_as_it_is(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert once == once.strip()
    assert "  " not in once


@given(st.text())
def test_fold_changes_no_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(), st.data())
def test_what_was_said_is_part_of_the_original(text: str, data: st.DataObject) -> None:
    read = normalised(text)
    start = data.draw(st.integers(0, len(read.text)))
    end = data.draw(st.integers(start, len(read.text)))
    assert read.said(start, end) in text
