"""Quantities, methods, sources and regions: words out of lists."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding import words
from bot.understanding.methods import find_method, find_methods
from bot.understanding.quantities import find_quantities
from bot.understanding.regions import find_regions
from bot.understanding.sources import find_source


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("要100台伺服", "100", "台"),
        ("十台", "10", "台"),
        ("3 套", "3", "套"),
        ("两套", "2", "套"),
        ("1.5吨", "1.5", "吨"),
        ("2万只", "20000", "只"),
        ("十二万台", "120000", "台"),
        ("100多臺", "100", "台"),
        ("A型服务器10台 单价一万二", "10", "台"),
        ("领３个华东的线索", "3", "个"),
        ("一台服务器", "1", "台"),
    ],
)
def test_a_quantity_is_found(text: str, value: str, unit: str) -> None:
    (span,) = find_quantities(text)
    assert (span.value, span.unit) == (Decimal(value), unit)
    assert text[span.start : span.end] == span.words


@pytest.mark.parametrize(
    "text",
    [
        "3个月",
        "3个工作日",
        "3个小时",
        "一个问题",
        "500人以上",
        "第3台",
        "几台",
        "三五台",
        "20 张总",
        "3件事",
        "12.5万",
        "5个点",
        "3个亿",
        "85折",
    ],
)
def test_no_quantity(text: str) -> None:
    assert find_quantities(text) == []


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("电话沟通了报价，对方要打九折", "call"),
        ("刚跟中兴李总通完电话", "call"),
        ("打了三次没接", "call"),
        ("給大疆王工回電話", "call"),
        ("今天拜访了大疆，演示效果不错", "visit"),
        ("上午去了华为和中兴", "visit"),
        ("上门", "visit"),
        ("微信聊了两句，没啥进展", "wechat"),
        ("发了邮件给刘总", "email"),
        ("昨天下午3点跟华为开的会", "meeting"),
        ("电话会议过了一遍方案", "meeting"),
        ("短信通知了", "sms"),
        ("去中兴演示", "demo"),
        ("钉钉上说的", "other"),
    ],
)
def test_a_method_is_found(text: str, method: str) -> None:
    found = find_method(text)
    assert found is not None
    assert found.method == method
    assert text[found.start : found.end] == found.words


@pytest.mark.parametrize("text", ["发了样品", "打了85折", "公众号来的", "【语音】嗯那个", "预算砍了", ""])
def test_no_method(text: str) -> None:
    assert find_method(text) is None


def test_every_method_in_its_order() -> None:
    assert [span.method for span in find_methods("先打电话，再上门演示，最后发邮件")] == [
        "call",
        "visit",
        "demo",
        "email",
    ]


@pytest.mark.parametrize(
    ("text", "words", "source"),
    [
        ("苏州汇川 王先生 官网来的 要100台", "官网来的", "官网"),
        ("从展会上来的", "从展会上来的", "展会"),
        ("展会那批线索", "展会", "展会"),
        ("来源：广告", "来源：广告", "广告"),
        ("朋友介绍来的", "朋友介绍来的", "转介绍"),
        ("王总介绍来的", "介绍来的", "转介绍"),
        ("老客户介绍", "老客户介绍", "老客户"),
        ("电话来访", "电话来访", "电话来访"),
        ("抖音过来的", "抖音过来的", "抖音"),
        ("百度", "百度", "百度"),
        ("新线索 汇川 百度 要10台", "百度", "百度"),
        ("百度推广", "百度推广", "百度"),
        ("通过公众号加的", "通过公众号加的", "公众号"),
    ],
)
def test_a_source_is_found(text: str, words: str, source: str) -> None:
    found = find_source(text)
    assert found is not None
    assert (found.words, found.source) == (words, source)
    assert text[found.start : found.end] == words


@pytest.mark.parametrize("text", ["百度 要100台", "广告公司要10台", "老客户里谁快流失了", "微信聊了两句", "没有", ""])
def test_no_source(text: str) -> None:
    assert find_source(text) is None


def test_regions_know_where_they_lie() -> None:
    assert [(span.name, span.province, span.area) for span in find_regions("华东、苏州、广东省深圳市、北京")] == [
        ("华东", None, "华东"),
        ("苏州", "江苏", "华东"),
        ("广东", "广东", "华南"),
        ("深圳", "广东", "华南"),
        ("北京", "北京", "华北"),
    ]


def test_a_street_is_no_region() -> None:
    assert find_regions("南京路、中山路17号") == []


@given(st.text() | st.text("一1个台打了电话从官网来的百度 华东苏州", max_size=60))
def test_nothing_that_can_be_typed_breaks_the_readers(text: str) -> None:
    found = [*find_quantities(text), *find_methods(text), *find_regions(text)]
    assert all(span.words == text[span.start : span.end] for span in found)
    find_source(text)


def test_examples_of_an_intent_stand_in_one_file_and_none_speaks_for_two() -> None:
    files = [json.loads(path.read_text("utf-8")) for path in Path(words.__file__).with_name("examples").glob("*.json")]
    intents = [intent for listed in files for intent in listed]
    assert len(intents) == len(set(intents))
    wordings = [wording for listed in files for examples in listed.values() for wording in examples]
    assert [wording for wording, times in Counter(wordings).items() if times > 1] == []
