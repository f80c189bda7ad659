"""Conditions: what they say, what they refuse, and that they mean the same however they are asked."""

import operator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.model.money import Money
from core.model.playbook import Condition, Playbook
from core.model.playbook.conditions import DEEPEST, Op
from core.rules.condition_checks import condition_flaws
from core.rules.conditions import Verdict, judge, ready
from core.rules.fields.catalogue import Catalogue, Facts, catalogue_of

NOW = datetime(2026, 3, 17, 2, tzinfo=UTC)
PLAYBOOK = Playbook.model_validate(
    {
        "fields": {
            "lead": [
                {"key": "budget", "label": "预算", "type": "money"},
                {
                    "key": "machine",
                    "label": "设备类型",
                    "type": "choice",
                    "options": ["注塑机", {"value": "冲压机", "aliases": ["冲床"]}],
                },
                {"key": "visit_on", "label": "参观日期", "type": "date"},
                {"key": "exporter", "label": "出口企业", "type": "yes_no"},
                {"key": "heads", "label": "人数", "type": "integer"},
            ]
        }
    }
)
LEADS = catalogue_of(PLAYBOOK, "lead")
DEALS = catalogue_of(PLAYBOOK, "deal")


def facts(catalogue: Catalogue = LEADS, **known: Any) -> Facts:
    """What is known of a record that has nothing but `known`; custom values go into `custom`."""
    blank = dict.fromkeys(
        [
            "name",
            "contact_name",
            "contact_title",
            "phone",
            "email",
            "source",
            "region",
            "industry",
            "grade",
            "need",
            "pool",
            "product",
            "stage",
        ],
        "",
    )
    empty = dict.fromkeys(
        ["owner_id", "assigned_at", "pooled_at", "last_followup_at", "amount", "expected_close_on", "account_id"]
    )
    record = SimpleNamespace(
        **{**blank, **empty, "state": "working", "tags": (), "custom": {}, "created_at": NOW, **known}
    )
    return Facts(
        record, catalogue, NOW, names={"M3": "张伟", "M4": "李娜"}, more={"owner_department": "销售部/华东/苏州组"}
    )


def said(condition: Any, about: Facts) -> str:
    return str(judge(Condition.model_validate(condition), about))


def test_every_verdict_says_what_is_the_case_and_whether_that_is_what_was_asked() -> None:
    deal = facts(DEALS, amount=Money(125_000_000))
    lead = facts(region="江苏")
    assert said({"field": "金额", "op": ">=", "value": "100万"}, deal) == "金额 125万 ≥ 100万 ✓"
    assert said({"field": "区域", "op": "in", "value": ["广东"]}, lead) == "地区 江苏 ∉ 广东 ✗"


@pytest.mark.parametrize(
    ("condition", "known", "sentence"),
    [
        ({"field": "地区", "value": "华东"}, {"region": "苏州"}, "地区 苏州 = 华东 ✓"),
        (
            {"field": "地区", "op": "in", "value": ["江苏", "浙江"]},
            {"region": "江苏省苏州市"},
            "地区 江苏省苏州市 ∈ 江苏/浙江 ✓",
        ),
        ({"field": "地区", "op": "不属于", "value": ["广东"]}, {}, "地区 为空 ∉ 广东 ✓"),
        (
            {"field": "预算", "op": "<", "value": 8000},
            {"custom": {"budget": 1_250_050}},
            "预算 12,500.50元 ≥ 8,000元 ✗",
        ),
        (
            {"field": "预算", "op": "between", "value": ["10万", "1.2亿"]},
            {"custom": {"budget": 50_000_000}},
            "预算 50万 介于 10万 到 1.2亿 ✓",
        ),
        ({"field": "预算", "op": ">", "value": 1}, {}, "预算 为空（要> 1元） ✗"),
        ({"field": "设备类型", "value": "冲床"}, {"custom": {"machine": "冲压机"}}, "设备类型 冲压机 = 冲压机 ✓"),
        ({"field": "出口企业", "value": "是"}, {"custom": {"exporter": False}}, "出口企业 否 ≠ 是 ✗"),
        ({"field": "负责人", "value": "张伟"}, {"owner_id": 3}, "负责人 张伟 = 张伟 ✓"),
        ({"field": "负责人", "value": "M3"}, {"owner_id": 3}, "负责人 张伟 = M3 ✓"),
        ({"field": "部门", "value": "销售部/华东"}, {}, "负责部门 销售部/华东/苏州组 = 销售部/华东 ✓"),
        (
            {"field": "标签", "op": "contains", "value": "高意向"},
            {"tags": ("高意向", "老板直接谈")},
            "标签 高意向、老板直接谈 含 高意向 ✓",
        ),
        ({"field": "状态", "value": "working"}, {}, "状态 跟进中 = 跟进中 ✓"),
        ({"field": "公司", "op": "contains", "value": "ABC"}, {"name": "ａｂｃ机电"}, "公司名称 ａｂｃ机电 含 ABC ✓"),
        (
            {"field": "公司", "op": "starts with", "value": "苏州"},
            {"name": "无锡机电"},
            "公司名称 无锡机电 开头不是 苏州 ✗",
        ),
        ({"field": "需求", "op": "empty"}, {}, "需求 为空 ✓"),
        ({"field": "需求", "op": "empty"}, {"need": "注塑机两台"}, "需求 注塑机两台 ✗"),
        (
            {"field": "创建时间", "op": "within", "value": "-7d"},
            {"created_at": NOW - timedelta(days=3)},
            "创建时间 2026-03-14 10:00 在 最近7天 ✓",
        ),
        (
            {"field": "创建时间", "op": "after", "value": "2026-03-17"},
            {},
            "创建时间 2026-03-17 10:00 不晚于 2026-03-17 ✗",
        ),
        ({"field": "创建时间", "value": "2026-03-17"}, {}, "创建时间 2026-03-17 10:00 = 2026-03-17 ✓"),
        (
            {"field": "参观日期", "op": "before", "value": "-7d"},
            {"custom": {"visit_on": "2026-03-09"}},
            "参观日期 2026-03-09 早于 7天前 ✓",
        ),
        (
            {"field": "参观日期", "op": "within", "value": "+7d"},
            {"custom": {"visit_on": "2026-03-24"}},
            "参观日期 2026-03-24 在 未来7天 ✓",
        ),
    ],
)
def test_a_condition_explains_itself(condition: dict[str, Any], known: dict[str, Any], sentence: str) -> None:
    assert said(condition, facts(**known)) == sentence


def test_conditions_are_joined_by_all_any_and_not() -> None:
    condition = {
        "any": [
            {"field": "预算", "op": ">=", "value": "100万"},
            {"all": [{"field": "地区", "value": "江苏"}, {"not": {"field": "设备类型", "value": "冲压机"}}]},
        ]
    }
    lead = facts(region="苏州", custom={"budget": 1_000_000, "machine": "注塑机"})
    verdict = judge(Condition.model_validate(condition), lead)
    assert str(verdict) == "预算 1万 < 100万 ✗ 或 （地区 苏州 = 江苏 ✓，非（设备类型 注塑机 ≠ 冲压机 ✗）✓）"
    assert verdict.holds
    assert [test.says for test in verdict.failed] == ["预算 1万 < 100万", "设备类型 注塑机 ≠ 冲压机"]
    assert Verdict.from_json(verdict.as_json()) == verdict


def test_no_condition_always_holds() -> None:
    assert judge(Condition(), facts()).holds


@pytest.mark.parametrize(
    ("condition", "path", "sentence"),
    [
        ({"field": "区预", "value": 1}, ("field",), "线索没有字段「区预」，是不是「预算」？"),
        (
            {"field": "预算", "op": "contains", "value": 1},
            ("op",),
            "「预算」是金额，不能用「contains」比较。可以用：=、!=、in、not in、>、>=、<、<=",
        ),
        ({"field": "预算", "op": ">", "value": "很多"}, ("value",), "「预算」要写金额，例如 50万，没看懂「很多」"),
        (
            {"field": "预算", "op": "between", "value": [20, 10]},
            ("value",),
            "「between」的两个值写反了，请先写小的，再写大的",
        ),
        (
            {"field": "预算", "op": "between", "value": [20]},
            ("value",),
            "「between」要写两个值：从多少到多少，例如 [10, 20]",
        ),
        (
            {"field": "预算", "op": "=", "value": [20, 30]},
            ("value",),
            "「=」只能和一个值比较，要列几个值请用 in 或 not in",
        ),
        (
            {"field": "设备类型", "value": "注塑"},
            ("value",),
            "「设备类型」没有选项「注塑」，是不是「注塑机」？可选：注塑机、冲压机",
        ),
        (
            {"field": "负责人", "op": ">", "value": 3},
            ("op",),
            "「负责人」是成员，不能用「>」比较。可以用：=、!=、in、not in、contains",
        ),
        (
            {"field": "参观日期", "op": "<", "value": "下雨天"},
            ("value",),
            "「参观日期」要和日期比较，例如 2026-03-17 或 -7d，没看懂「下雨天」",
        ),
        (
            {"field": "创建时间", "op": "within", "value": "很久"},
            ("value",),
            "「创建时间」的 within 要写时长，例如 -7d（最近 7 天）或 +7d（未来 7 天）",
        ),
        ({"field": "出口企业", "value": "也许"}, ("value",), "「出口企业」要写「是」或「否」，没看懂「也许」"),
    ],
)
def test_what_cannot_be_meant_is_said_where_it_stands(
    condition: dict[str, Any], path: tuple[str, ...], sentence: str
) -> None:
    (flaw,) = condition_flaws(Condition.model_validate({"all": [condition]}), LEADS, ("rules", 4, "when"))
    assert flaw.path == ("rules", 4, "when", "all", 0, *path)
    assert flaw.says.startswith(sentence)


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ({"all": [], "field": "预算", "value": 1}, "一个条件里只能写 all、field 其中一样"),
        ({"op": ">", "value": 1}, "还要写 field"),
        ({"field": "预算", "op": "empty", "value": 1}, "「empty」不用写 value"),
        ({"field": "预算", "op": ">"}, "「>」要写 value"),
        ({"any": [{"field": f"{number}", "value": 1} for number in range(201)]}, "最多 200 项"),
    ],
)
def test_what_is_no_condition_is_refused_at_once(condition: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        Condition.model_validate(condition)


def test_conditions_do_not_nest_for_ever() -> None:
    condition: dict[str, Any] = {"field": "预算", "value": 1}
    for _ in range(DEEPEST):
        condition = {"not": condition}
    with pytest.raises(ValidationError, match="最多套 8 层"):
        Condition.model_validate(condition)


SAMPLES: dict[str, list[Any]] = {
    "region": ["", "苏州", "江苏", "广东", "火星"],
    "machine": [None, "注塑机", "冲压机"],
    "budget": [None, 0, 100, 10_000_000, 12_345_678],
    "heads": [None, 0, 7, 100],
    "exporter": [None, True, False],
    "visit_on": [None, "2026-03-10", "2026-03-17", "2026-03-24"],
    "source": ["", "官网", "展会"],
    "tags": [(), ("高意向",), ("高意向", "价格敏感")],
}
VALUES: dict[str, list[Any]] = {
    "region": ["江苏", "华东", "广东", "火星"],
    "machine": ["注塑机", "冲压机", "冲床"],
    "budget": [0, 1, "10万", 123456.78],
    "heads": [0, 7, 8],
    "exporter": ["是", "否"],
    "visit_on": ["2026-03-17", "2026-03-10"],
    "source": ["官网", "官", "展会"],
    "tags": ["高意向", "价格敏感"],
}
NAMES_OF = {"region": "地区", "machine": "设备类型", "budget": "预算", "heads": "人数", "exporter": "出口企业"}
EVERY = [Op.IS, Op.IS_NOT, Op.EMPTY, Op.FILLED]
MANY = [*EVERY, Op.IN, Op.NOT_IN]
OPS_OF = {
    "region": MANY,
    "machine": MANY,
    "tags": MANY,
    "source": [*MANY, Op.CONTAINS, Op.LACKS, Op.BEGINS, Op.ENDS],
    "budget": [*MANY, Op.MORE, Op.LEAST, Op.LESS, Op.MOST],
    "heads": [*MANY, Op.MORE, Op.LEAST, Op.LESS, Op.MOST],
    "visit_on": [*MANY, Op.MORE, Op.LEAST, Op.LESS, Op.MOST, Op.BEFORE, Op.AFTER],
    "exporter": EVERY,
}
CUSTOM = {"machine", "budget", "heads", "exporter", "visit_on"}


@st.composite
def a_test(draw: st.DrawFn) -> dict[str, Any]:
    key = draw(st.sampled_from(sorted(SAMPLES)))
    op = draw(st.sampled_from(OPS_OF[key]))
    condition: dict[str, Any] = {"field": NAMES_OF.get(key, key), "op": op.value}
    if op in (Op.IN, Op.NOT_IN):
        condition["value"] = draw(st.lists(st.sampled_from(VALUES[key]), min_size=1, max_size=3))
    elif op not in (Op.EMPTY, Op.FILLED):
        condition["value"] = draw(st.sampled_from(VALUES[key]))
    return condition


conditions = st.recursive(
    a_test(),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"all": st.lists(inner, max_size=6)}),
        st.fixed_dictionaries({"any": st.lists(inner, max_size=6)}),
        st.fixed_dictionaries({"not": inner}),
    ),
    max_leaves=8,
).filter(lambda condition: _depth(condition) < DEEPEST)


def _depth(condition: dict[str, Any]) -> int:
    children = condition.get("all") or condition.get("any") or [c for c in [condition.get("not")] if c]
    return 1 + max((_depth(child) for child in children), default=0)


LETTER = {
    Op.BEGINS: str.startswith,
    Op.ENDS: str.endswith,
    Op.MORE: operator.gt,
    Op.AFTER: operator.gt,
    Op.LEAST: operator.ge,
    Op.LESS: operator.lt,
    Op.BEFORE: operator.lt,
    Op.MOST: operator.le,
}


def meant(condition: dict[str, Any], about: Facts) -> bool:
    """Judge by the letter of the semantics, apart from how the product does it."""
    if "all" in condition:
        return all(meant(child, about) for child in condition["all"])
    if "any" in condition:
        return any(meant(child, about) for child in condition["any"])
    if "not" in condition:
        return not meant(condition["not"], about)
    return meant_alone(condition, about)


def meant_alone(condition: dict[str, Any], about: Facts) -> bool:
    """Judge one test."""
    field = LEADS.find(condition["field"])
    assert field is not None
    actual, op = about[field.key], Op(condition["op"])
    if op in (Op.EMPTY, Op.FILLED):
        return (actual is None) is (op is Op.EMPTY)
    value = condition["value"]
    wanted = [field.type.operand(one, field.spec) for one in (value if isinstance(value, list) else [value])]
    answers = set(actual) if isinstance(actual, tuple) else {actual}
    if op in (Op.IS, Op.IN, Op.IS_NOT, Op.NOT_IN):
        return bool(answers & set(wanted)) is (op in (Op.IS, Op.IN))
    if op in (Op.CONTAINS, Op.LACKS):
        return (actual is not None and wanted[0] in actual) is (op is Op.CONTAINS)
    return actual is not None and LETTER[op](actual, wanted[0])


@given(conditions, st.fixed_dictionaries({key: st.sampled_from(values) for key, values in SAMPLES.items()}))
def test_the_fast_form_the_explained_form_and_the_letter_agree(
    condition: dict[str, Any], known: dict[str, Any]
) -> None:
    about = facts(
        custom={key: value for key, value in known.items() if key in CUSTOM and value is not None},
        **{key: value for key, value in known.items() if key not in CUSTOM},
    )
    parsed = Condition.model_validate(condition)
    assert not list(condition_flaws(parsed, LEADS))
    fast, verdict = ready(parsed, LEADS), judge(parsed, about)
    assert fast.holds(about) == verdict.holds == meant(condition, about)
    assert Condition.model_validate(parsed.model_dump(mode="json")) == parsed
    if verdict.holds:
        for key, values in fast.requires.items():
            actual = about[key]
            assert values & (set(actual) if isinstance(actual, tuple) else {actual}), (key, values)
