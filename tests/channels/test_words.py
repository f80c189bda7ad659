"""Laws of cutting, clipping and cleaning."""

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.channels.words import clean, clip, is_boundary, split_text

PART_BYTES = 2000
FAMILY, FLAG, THUMB, KEYCAP = "👨\u200d👩\u200d👧", "🇨🇳", "👍🏽", "1\ufe0f\u20e3"
PIECES = ["客户", "很好。", "a", " ", "\n", "ok. ", FAMILY, FLAG, THUMB, KEYCAP, "e\u0301", "，", "！」"]
LINKS = [
    '<a href="https://crm.example.com/c/42">客户 42</a>',
    "[客户](https://crm.example.com/c/42)",
    "https://crm.example.com/d/7",
]
texts = st.lists(st.sampled_from(PIECES + LINKS), max_size=120).map("".join)


@settings(deadline=None)
@given(text=st.one_of(texts, st.text(max_size=400)), limit=st.integers(60, 300))
@example(text=FLAG * 50, limit=61)
@example(text="e" + "\u0301" * 300, limit=60)
def test_parts_join_to_the_text_and_none_is_too_long(text: str, limit: int) -> None:
    parts = split_text(text, limit)
    assert "".join(parts) == text
    assert all(0 < len(part.encode("utf-8", "surrogatepass")) <= limit for part in parts)


@settings(deadline=None)
@given(text=texts, limit=st.integers(120, 300))
def test_no_cut_falls_into_a_character_or_a_link(text: str, limit: int) -> None:
    place = 0
    links = [match.span() for link in LINKS for match in re.finditer(re.escape(link), text)]
    for part in split_text(text, limit)[:-1]:
        place += len(part)
        assert is_boundary(text, place)
        assert not any(start < place < end for start, end in links)


@pytest.mark.parametrize("whole", [FAMILY, FLAG, THUMB, KEYCAP, "e\u0301", "\r\n"])
def test_what_is_seen_as_one_character_stays_one(whole: str) -> None:
    assert not any(is_boundary(f"客{whole}户", place) for place in range(2, 1 + len(whole)))
    assert is_boundary(f"客{whole}户", 1)
    assert is_boundary(f"客{whole}户", 1 + len(whole))


def test_a_long_chinese_answer_is_cut_at_its_lines() -> None:
    lines = [f"{number}. 杭州某某科技有限公司，负责人张三，本周应回访。\n" for number in range(100)]
    parts = split_text("".join(lines), PART_BYTES)
    assert len(parts) == 4
    assert all(part.endswith("\n") and len(part.encode()) <= PART_BYTES for part in parts)


def test_without_lines_it_is_cut_at_sentences_then_at_pauses() -> None:
    assert split_text("一二三四五。六七八九十。甲乙", 30) == ["一二三四五。", "六七八九十。甲乙"]
    assert split_text("一二三四五，六七八九十甲乙", 30) == ["一二三四五，", "六七八九十甲乙"]


@pytest.mark.parametrize("hostile", ["<a ", "[", "[a](", "<a>", "https://", "\u0301", FLAG, "(", "](("])
def test_hostile_text_is_cut_quickly(hostile: str) -> None:
    text = hostile * (100_000 // len(hostile))
    begun = time.perf_counter()
    assert "".join(split_text(text, PART_BYTES)) == text
    assert time.perf_counter() - begun < 3


@settings(deadline=None)
@given(text=st.one_of(texts, st.text()), limit=st.integers(1, 40))
def test_a_clipped_text_is_short_and_says_so(text: str, limit: int) -> None:
    clipped = clip(text, limit)
    assert len(clipped) <= limit
    assert clipped == text if len(text) <= limit else clipped.endswith("…")


def test_clipping_never_halves_an_emoji() -> None:
    assert clip(f"张三{FAMILY}李四", 6) == "张三…"
    assert clip("杭州某某科技有限公司", 6) == "杭州某某科…"


@settings(deadline=None)
@given(st.text())
def test_cleaned_text_is_utf8_and_shows_no_control_characters(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|<\s*/?\s*[aA]", cleaned)


def test_a_link_somebody_types_stays_text() -> None:
    assert clean('<a href="http://evil">点我</a>') == '＜a href="http://evil">点我＜/a>'
    assert clean("1 < 2 <b>") == "1 < 2 <b>"
    assert clean("一\r\n二\t三\x00\x0b") == "一\n二 三"
