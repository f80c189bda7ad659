"""Every type of field: what it takes, what it refuses and how it says so, and that nothing is lost on the way."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import WorkCalendar
from core.model.playbook import FieldSpec, Playbook
from core.rules.fields.builtin import BUILTIN
from core.rules.fields.kind import BadValue, Compared, Reading
from core.rules.fields.types import TYPES, type_of
from core.rules.playbook_checks import flaws_of

NOW = datetime(2026, 3, 17, 2, tzinfo=UTC)
PEOPLE = {"张伟": "M3", "李娜": "M4"}
NAMES = {"M3": "张伟", "M4": "李娜", "A7": "华东机电"}
READING = Reading(
    now=NOW,
    calendar=WorkCalendar(is_workday=lambda day: day.weekday() < 5),
    named=lambda kind, words: PEOPLE.get(words) if kind == "member" else {"华东机电": "A7"}.get(words),
)
OPTIONS = ["注塑机", {"value": "冲压机", "aliases": ["冲床", "冲压设备"]}, {"value": "车床", "retired": True}]
SETTINGS: dict[str, dict[str, Any]] = {
    "choice": {"options": OPTIONS},
    "choices": {"options": OPTIONS},
    "reference": {"target": "account"},
    "table": {"columns": [{"key": "item", "label": "品名"}, {"key": "count", "label": "台数", "type": "integer"}]},
    "formula": {"formula": "1 + 1"},
}


def a_field(kind: str, **settings: Any) -> FieldSpec:
    return FieldSpec.model_validate({"key": "x", "label": "某项", "type": kind, **SETTINGS.get(kind, {}), **settings})


def read(spec: FieldSpec, said: Any) -> Any:
    return type_of(spec).read(said, spec, READING)


GOOD: dict[str, list[tuple[Any, Any, str]]] = {
    "text": [("华东 机电", "华东机电", "华东机电"), ("  a\tb ", "a b", "a b")],
    "long_text": [("一\n二", "一\n二", "一\n二")],
    "number": [
        ("１２．５", "12.5", "12.5"),
        ("-3", "-3", "-3"),
        ("1,200.10", "1200.1", "1,200.1"),
        (7.0, "7", "7"),
        ("3万", "30000", "30,000"),
    ],
    "integer": [("12", 12, "12"), ("1.2万", 12000, "12,000"), ("0", 0, "0"), (12.0, 12, "12")],
    "money": [
        ("50万", 50_000_000, "500,000元"),
        ("1,280.505元", 128_051, "1,280.51元"),
        ("￥300", 30_000, "300元"),
        ("1.2亿", 12_000_000_000, "120,000,000元"),
    ],
    "percent": [("15%", "15", "15%"), ("12.5", "12.5", "12.5%"), ("８５％", "85", "85%")],
    "date": [
        ("2026年3月17日", "2026-03-17", "2026-03-17"),
        ("2026/3/7", "2026-03-07", "2026-03-07"),
        ("7天前", "2026-03-10", "2026-03-10"),
        (46098.0, "2026-03-17", "2026-03-17"),
    ],
    "moment": [("2026-03-17 15:00", "2026-03-17T07:00:00+00:00", "2026-03-17 15:00")],
    "month": [("2026年3月", "2026-03", "2026-03"), ("2026-03-17", "2026-03", "2026-03")],
    "time": [
        ("15:00", "15:00", "15:00"),
        ("下午3点半", "15:30", "15:30"),
        ("9点", "09:00", "09:00"),
        ("12:05", "12:05", "12:05"),
    ],
    "duration": [
        ("2小时30分钟", 9000, "2小时30分钟"),
        ("1.5h", 5400, "1小时30分钟"),
        ("2:30", 9000, "2小时30分钟"),
        ("3天", 259_200, "3天"),
    ],
    "choice": [
        ("注塑机", "注塑机", "注塑机"),
        ("冲床", "冲压机", "冲压机"),
        ("注塑", "注塑机", "注塑机"),
        (" 注塑机 ", "注塑机", "注塑机"),
    ],
    "choices": [("注塑机、冲床", ["注塑机", "冲压机"], "注塑机、冲压机"), ("冲压机，冲压机", ["冲压机"], "冲压机")],
    "labels": [("急单、老板直接谈", ["急单", "老板直接谈"], "急单、老板直接谈")],
    "yes_no": [("是", True, "是"), ("没有", False, "否"), (True, True, "是"), ("√", True, "是")],
    "member": [("张伟", "M3", "张伟"), ("@李娜", "M4", "李娜")],
    "members": [("张伟、李娜", ["M3", "M4"], "张伟、李娜")],
    "department": [("销售部 / 华东", "销售部/华东", "销售部/华东")],
    "phone": [
        ("138 1234 5678", "13812345678", "13812345678"),
        ("+86 138-1234-5678", "13812345678", "13812345678"),
        ("0512-88886666", "051288886666", "051288886666"),
    ],
    "mail": [("li@example.com", "li@example.com", "li@example.com")],
    "region": [("江苏苏州", "江苏苏州", "江苏苏州")],
    "address": [("苏州市工业园区星湖街 328 号", "苏州市工业园区星湖街 328 号", "苏州市工业园区星湖街 328 号")],
    "link": [
        ("example.com/a", "https://example.com/a", "https://example.com/a"),
        ("http://例子.中国", "http://例子.中国", "http://例子.中国"),
    ],
    "attachment": [
        (
            "https://example.com/方案.pdf",
            [{"name": "方案.pdf", "url": "https://example.com/方案.pdf"}],
            "https://example.com/方案.pdf",
        )
    ],
    "picture": [
        (
            "https://example.com/a.jpg",
            [{"name": "a.jpg", "url": "https://example.com/a.jpg"}],
            "https://example.com/a.jpg",
        )
    ],
    "reference": [("华东机电", "A7", "华东机电")],
    "rating": [("4星", 4, "★★★★☆"), ("★★", 2, "★★☆☆☆"), ("5", 5, "★★★★★")],
    "score": [("85分", "85", "85分"), ("99.5", "99.5", "99.5分")],
    "table": [("注塑机，2\n冲床", [{"item": "注塑机", "count": 2}, {"item": "冲床"}], "注塑机, 2\n冲床")],
    "credit_code": [
        ("91350100M000100Y43", "91350100M000100Y43", "91350100M000100Y43"),
        ("9135 0100 m000100y43", "91350100M000100Y43", "91350100M000100Y43"),
    ],
    "bank_account": [
        ("6222 0000 0000 0000 11", "622200000000000011", "6222 0000 0000 0000 11"),
        ("4111111111111111", "4111111111111111", "4111 1111 1111 1111"),
    ],
    "id_card": [("11010519491231002x", "11010519491231002X", "11010519491231002X")],
    "plate": [("苏e·12345", "苏E12345", "苏E12345"), ("沪AD12345", "沪AD12345", "沪AD12345")],
}

BAD: dict[str, list[Any]] = {
    "text": ["长" * 201],
    "long_text": ["长" * 5001],
    "number": ["很多", "1-2", "1e9", "10" * 20, "1.2.3"],
    "integer": ["1.5", "一堆", "12个月"],
    "money": ["面议", "10%", "9" * 18, "1-2万"],
    "percent": ["15元", "很高"],
    "date": ["2026-02-30", "下雨天", "3/4/2025", "2026年", "9999-01-01"],
    "moment": ["下雨天", "2026-13-01 10:00"],
    "month": ["2026年", "冬天"],
    "time": ["25:00", "9:75", "早"],
    "duration": ["很久", "-3天", "3"],
    "choice": ["铣床", "车床"],
    "choices": ["注塑机、铣床"],
    "labels": ["长" * 21, "、".join(f"标{n}" for n in range(21))],
    "yes_no": ["也许"],
    "member": ["王二麻子"],
    "members": ["张伟、王二麻子"],
    "department": ["///"],
    "phone": ["123", "电话见名片", "138123456789012345678901"],
    "mail": ["li@", "li example.com", "@example.com", "a@b@c.com"],
    "region": ["长" * 65],
    "address": ["长" * 301],
    "link": ["javascript:alert(1)", "file:///etc/passwd", "没有网站", "http://"],
    "attachment": ["合同.pdf 已发", "javascript:alert(1)"],
    "picture": ["图"],
    "formula": ["3", "1 + 1"],
    "reference": ["查无此家"],
    "rating": ["6", "0", "很好"],
    "score": ["101", "-1", "及格"],
    "table": ["a,1,2", "a,b"],
    "credit_code": ["91350100M000100Y44", "91350100", "I" * 18],
    "bank_account": ["4111111111111112", "12", "卡号"],
    "id_card": ["110105194912310021", "123"],
    "plate": ["12345", "苏E"],
}


def test_there_are_more_than_twenty_five_types_and_each_has_its_table() -> None:
    assert len(TYPES) >= 30
    assert set(BAD) == set(TYPES)
    assert set(GOOD) == set(TYPES) - {"formula"}


@pytest.mark.parametrize(
    ("kind", "said", "kept", "shown"), [(kind, *row) for kind, rows in GOOD.items() for row in rows], ids=str
)
def test_what_people_write_is_read_kept_and_shown(kind: str, said: Any, kept: Any, shown: str) -> None:
    spec = a_field(kind)
    assert read(spec, said) == kept
    assert type_of(spec).show(kept, spec, NAMES) == shown
    assert read(spec, shown) == kept, "what is shown reads back as what is kept"


@pytest.mark.parametrize(("kind", "said"), [(kind, said) for kind, rows in BAD.items() for said in rows], ids=str)
def test_what_is_no_value_is_refused_with_what_to_write(kind: str, said: Any) -> None:
    with pytest.raises(BadValue, match=r"某项|品名|台数"):
        read(a_field(kind), said)


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_nothing_is_nothing_in_every_type(kind: str) -> None:
    if kind != "formula":
        assert read(a_field(kind), "  \u200b ") is None
        assert read(a_field(kind), None) is None


@pytest.mark.parametrize(
    ("settings", "said", "sentence"),
    [
        ({"type": "integer", "min": 1, "max": 10}, "11", "「某项」至多是 10，请改一下再发"),
        ({"type": "money", "min": "1万"}, "9999", "「某项」至少是 10,000元，请改一下再发"),
        ({"type": "text", "min": 2, "max": 4}, "一", "「某项」2 到 4 个字，现在是 1 个字，请改一下再发"),
        ({"type": "date", "min": "today"}, "2026-03-16", "「某项」不能早于 2026-03-17，请改一下再发"),
        (
            {"type": "choices", "options": ["a", "b", "c"], "max": 2},
            "a、b、c",
            "「某项」最多选 2 个，现在是 3 个，请减少后再发一次",
        ),
    ],
)
def test_bounds_are_kept(settings: dict[str, Any], said: str, sentence: str) -> None:
    spec = FieldSpec.model_validate({"key": "x", "label": "某项", **settings})
    with pytest.raises(BadValue, match=re.escape(sentence)):
        read(spec, said)


def test_decimals_and_units_are_shown_as_the_company_wants_them() -> None:
    spec = a_field("number", decimals=2, unit="吨")
    assert read(spec, "3.456吨") == "3.46"
    assert type_of(spec).show("3.5", spec) == "3.50吨"


@pytest.mark.parametrize(
    ("kind", "kept", "masked"),
    [
        ("phone", "13812345678", "138****5678"), ("mail", "liwei@example.com", "l***@example.com"),
        ("bank_account", "622200000000000011", "**** 0011"), ("id_card", "11010519491231002X", "110***********002X"),
        ("money", 50_000_000, "***"), ("text", "华东机电", "华***"), ("text", "王", "***"), ("choice", "注塑机", "***"),
    ],
)  # fmt: skip
def test_masked_values_show_that_there_is_one(kind: str, kept: Any, masked: str) -> None:
    assert type_of(a_field(kind)).mask(kept, a_field(kind)) == masked


NAUGHTY = (
    *("", " ", "\u200b\u200b", "\x00", "\ud800", "NULL", "undefined", "' OR 1=1 --", "<script>alert(1)</script>"),
    *(
        "=1+1",
        "@SUM(A1)",
        "-2+3",
        "{{7*7}}",
        "${jndi:ldap://x}",
        "../../etc/passwd",
        "张" * 10_000,
        "😀" * 50,
        "ＡＢＣ",
    ),
    *("١٢٣", "½", "1\u00a0000", "Infinity", "NaN", "-0", "1e999", "2026-02-29", "24:00", "9" * 400, "a\nb", "%s%s%n"),
    *("\u202e13812345678", "ﷺ" * 30, "İstanbul", "ß", "1" + "0" * 30, "http://[::1", "//", "@", "，、；"),
)


@pytest.mark.parametrize("kind", sorted(TYPES))
@pytest.mark.parametrize("said", NAUGHTY, ids=range(len(NAUGHTY)))
def test_naughty_words_are_a_value_or_a_refusal(kind: str, said: str) -> None:
    _is_value_or_refusal(a_field(kind), said)


@pytest.mark.parametrize("kind", sorted(TYPES))
@given(said=st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.booleans()))
def test_whatever_is_written_is_a_value_that_lives_or_a_refusal(kind: str, said: Any) -> None:
    _is_value_or_refusal(a_field(kind), said)


def _is_value_or_refusal(spec: FieldSpec, said: Any) -> None:
    kind = type_of(spec)
    try:
        kept = kind.read(said, spec, READING)
    except BadValue:
        return
    if kept is None:
        return
    shown = kind.show(kept, spec, NAMES)
    assert kind.read(shown, spec, READING) == kept
    kind.mask(kept, spec, NAMES)
    kind.export(kept, spec, NAMES)
    assert all(isinstance(key, str) for key in kind.key_of(kept, spec))
    if kind.compared is not Compared.NOTHING:
        kind.plain(kept, spec, NAMES)


@given(
    st.decimals(-(10**14), 10**14, places=6, allow_nan=False), st.decimals(-(10**14), 10**14, places=6, allow_nan=False)
)
def test_keys_of_numbers_sort_as_the_numbers_do(one: Decimal, other: Decimal) -> None:
    spec = a_field("number")
    keys = [type_of(spec).key_of(f"{value:f}", spec) for value in (one, other)]
    assert (keys[0] < keys[1]) == (one < other)


def test_the_built_in_fields_are_no_flaw_and_their_types_are_known() -> None:
    assert not flaws_of(Playbook())
    assert all(spec.type in TYPES for specs in BUILTIN.values() for spec in specs)


def flaws(*fields: dict[str, Any]) -> list[str]:
    return [flaw.says for flaw in flaws_of(Playbook.model_validate({"fields": {"lead": list(fields)}}))]


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ({"type": "chioce"}, "没有「chioce」这种字段类型，是不是 choice？"),
        ({"type": "choice"}, "「设备」是单选，要写选项 options"),
        ({"type": "money", "options": ["a"]}, "「设备」是金额，用不上 options，请去掉"),
        ({"type": "integer", "min": 9, "max": 1}, "「设备」的 min 比 max 大，请对调"),
        ({"type": "integer", "min": "很多"}, "「设备」要写整数，例如 12，没看懂「很多」"),
        ({"type": "choice", "options": ["a"], "default": "b"}, "默认值不对：「设备」没有选项「b」，可选：a"),
        ({"type": "formula", "formula": "预算 +"}, "公式第 1 个字「预算 +」：没有字段「预算」"),
        ({"type": "formula", "formula": "1", "required": True}, "「设备」是自动计算的，不能要求必填或不重复"),
        ({"type": "labels", "unique": True}, "「设备」可以有几个值，不能要求不重复，请去掉 unique"),
        ({"type": "reference", "target": "leed"}, "「设备」的 target 要写 lead、account、contact、deal 之一"),
        ({"key": "name"}, "「name」是系统自带的字段，请换一个标识"),
        ({"label": "电话"}, "已经有一个字段叫「电话」，请换一个名称"),
        ({"aliases": ["手机号", "电话"]}, "「电话」已经是「电话」的名称或叫法，请换一个"),
        ({"shown_when": {"field": "不存在的", "value": 1}}, "线索没有字段「不存在的」"),
        ({"type": "table", "columns": [{"key": "a", "label": "列", "type": "picture"}]}, "明细表的列不能是图片"),
    ],
)  # fmt: skip
def test_a_definition_that_cannot_be_meant_is_refused(field: dict[str, Any], sentence: str) -> None:
    found = flaws({"key": "machine", "label": "设备", **field})
    assert any(says.startswith(sentence) for says in found), found


def test_two_fields_of_one_name_are_refused_with_the_place_of_the_second() -> None:
    fields = [{"key": "a", "label": "设备"}, {"key": "a", "label": "机器", "aliases": ["设备"]}]
    found = flaws_of(Playbook.model_validate({"fields": {"lead": fields}}))
    assert [flaw.path for flaw in found] == [("fields", "lead", 1, "key"), ("fields", "lead", 1, "aliases")]


def test_the_guide_names_every_type_and_how_it_is_written() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "fields.md").read_text("utf-8")
    missing = [k.key for k in TYPES.values() if f"| `{k.key}` | {k.label} | {k.says} |" not in guide]
    assert missing == []
