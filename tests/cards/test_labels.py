"""Labels of buttons fit a phone, read well, and tell choices apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.labels import WIDTH, fit, short_labels, with_verb


@pytest.mark.parametrize(
    ("labels", "shown"),
    [
        (["汇川（线索 L12）", "汇川（客户 A3）"], ["汇川（线索 L12）", "汇川（客户 A3）"]),
        (["苏州汇川技术有限公司（线索 L12）", "上海沪工（客户 A31）"], ["苏州汇川技术有限公司", "上海沪工"]),
        (["苏州汇川技术有限公司（线索 L12）", "苏州汇川技术有限公司（客户 A3）"], ["汇川 L12", "汇川 A3"]),
        (
            ["深圳市汇川技术股份有限公司（线索 L12）", "苏州汇川技术股份有限公司（客户 A3）"],
            ["汇川 L12", "汇川 A3"],
        ),
        (["张伟（销售部/华东）", "张伟（销售部/华南大区一部）"], ["张伟（销售部/华东）", "张伟 华南大区一部"]),
        (["上海宝钢（集团）有限公司（线索 L12）"], ["宝钢"]),
        (["ABB Robotics China Ltd（线索 L1）"], ["ABB…"]),
        (["改到周一 03-09 上午十点"], ["改到周一…"]),
        (["客户说明年三月以后再谈预算", "客户说明年三月以后再谈价格"], ["1 客户说明年三月…", "2 客户说明年三月…"]),
    ],
)
def test_choices_are_short_and_told_apart(labels: list[str], shown: list[str]) -> None:
    assert short_labels(labels) == shown


def test_a_deed_is_named_with_what_people_call_the_company() -> None:
    assert with_verb("领", "苏州汇川技术有限公司") == "领 汇川"
    assert with_verb("跟进", "ABB Robotics China Ltd") == "跟进 ABB…"
    assert with_verb("领", "中国航空工业集团沈阳飞机设计研究所") == "领 中国航空工业集…"


def test_no_bracket_is_left_open() -> None:
    assert fit("王经理说（还要再看看价格）明天") == "王经理说…"


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=6, unique=True))
def test_whatever_is_chosen_from_no_two_labels_are_the_same_and_none_is_too_long(labels: list[str]) -> None:
    shown = short_labels(labels)
    assert all(len(label) <= WIDTH for label in shown)
    assert len(set(shown)) == len(labels)
