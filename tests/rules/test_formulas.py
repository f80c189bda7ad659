"""Formulas: what they calculate, what they refuse and where; and that nothing one writes makes them fail or hang."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.money import Money
from core.model.playbook import Playbook
from core.rules.fields.catalogue import Catalogue, Facts, catalogue_of
from core.rules.fields.computing import formula_flaw
from core.rules.formulas.parsing import parse
from core.rules.formulas.tokens import FormulaRefused
from core.rules.formulas.values import Kind, Step

NOW = datetime(2026, 3, 17, 2, tzinfo=UTC)


def deals(**formulas: str) -> Catalogue:
    """The fields of a company whose deals have a cost, a number, a discount, a day, and these formulas."""
    made = [{"key": key, "label": f"算{key}", "type": "formula", "formula": text} for key, text in formulas.items()]
    known = [
        {"key": "cost", "label": "成本", "type": "money"},
        {"key": "count", "label": "数量", "type": "integer"},
        {"key": "discount", "label": "折扣", "type": "percent"},
        {"key": "due_on", "label": "交期", "type": "date"},
        {"key": "export", "label": "出口", "type": "yes_no"},
        {"key": "hours", "label": "工时", "type": "duration"},
        {"key": "photo", "label": "现场照片", "type": "picture"},
    ]
    return catalogue_of(Playbook.model_validate({"fields": {"deal": [*known, *made]}}), "deal")


def result(formula: str, **custom: Any) -> str:
    """What a card shows of a deal 「一期」 over 123,456.78 yuan."""
    catalogue = deals(x=formula)
    record = SimpleNamespace(name="一期", amount=Money(12_345_678), stage="方案报价", custom=custom, created_at=NOW)
    field = catalogue.by_key["x"]
    return field.show(Facts(record, catalogue, NOW).value("x"))


@pytest.mark.parametrize(
    ("formula", "custom", "shown"),
    [
        ("金额 × 折扣", {"discount": "15"}, "18,518.52元"),
        ("金额 - 成本", {"cost": 10_000_000}, "23,456.78元"),
        ("(金额 - 成本) / 金额", {"cost": 12_345_678}, "0"),
        ("金额 - 成本", {}, ""),
        ("金额 - default(成本, 0)", {}, "123,456.78元"),
        ("如果(金额 > 10万, '大单', “小单”)", {}, "大单"),
        ("if(金额 > 10万 and not 出口, 1, 2)", {"export": True}, "2"),
        ("名称 & “（” & 数量 & '台）'", {"count": 3}, "一期（3台）"),
        ("交期 - today()", {"due_on": "2026-04-01"}, "15"),
        ("days(创建时间, 交期)", {"due_on": "2026-03-18"}, "1"),
        ("交期 + 30", {"due_on": "2026-12-15"}, "2027-01-14"),
        ("max(成本, 10万元)", {"cost": 1}, "100,000元"),
        ("min(数量, 2, 7)", {}, "2"),
        ("round(数量 / 3, 2)", {"count": 7}, "2.33"),
        ("round(2.5)", {}, "3"),
        ("round(-2.5)", {}, "-3"),
        ("四舍五入(金额, -3)", {}, "123,000元"),
        ("floor(数量 / 2)", {"count": 7}, "3"),
        ("向上取整(数量 / 2)", {"count": 7}, "4"),
        ("abs(数量 - 10)", {"count": 7}, "3"),
        ("数量 / 0", {"count": 7}, ""),
        ("工时 * 200元", {"hours": 5400}, "300元"),
        ("1 + 2 * 3 - 4 / 2", {}, "5"),
        ("-(1 + 2) * -3", {}, "9"),
        ("not 1 > 2 and 1 < 2 or 1 = 2", {}, "是"),
        ("成本 = 空", {}, "是"),
        ("contains(名称, '期')", {}, "是"),
        ('［名称］ ＆ "！"', {}, "一期！"),
        ("0.005元 + 0", {}, "0.01元"),
        ("数量 * 15%", {"count": 200}, "30"),
        ("year(交期) * 100 + month(交期)", {"due_on": "2026-04-01"}, "202,604"),
    ],
)
def test_a_formula_calculates(formula: str, custom: dict[str, Any], shown: str) -> None:
    assert formula_flaw("x", deals(x=formula)) == ""
    assert result(formula, **custom) == shown


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ("金额 * 成本", "公式第 4 个字「* 成本」：金额不能乘金额，请把其中一个写成数字"),
        ("金额 + 名称", '公式第 4 个字「+ 名称」：连接文字请用 &，例如 姓名 & "先生"'),
        ("成木 * 2", "公式第 1 个字「成木 * 2」：没有字段「成木」，是不是「成本」？"),
        ("if(金额, 1, 2)", "公式第 4 个字「金额, 1, 2」：if 的第一项要是条件，例如 金额 > 100万，现在是金额"),
        ("if(金额 > 1, 1, '二')", "公式第 1 个字「if(金额 >」：数字和文字不能放在同一个 if 里，两个结果要是同一种"),
        ("金额 +", "公式末尾：公式没写完，请补上"),
        ("(金额", "公式末尾：括号没有配对，请补上右括号"),
        ("1 < 数量 < 9", "公式第 8 个字「< 9」：一次只能比较两样，请用 and 连起来，例如 a > 1 and a < 9"),
        ("四舍五人(1)", "公式第 1 个字「四舍五人(1)」：没有函数「四舍五人」，是不是 四舍五入？"),
        ("金额.__class__", "公式第 3 个字「.__class」：这里不能写「.」"),
        ("算x + 1", "公式第 1 个字「算x + 1」：公式绕成了圈：算x → 算x，请去掉其中一处"),
        ("现场照片", "公式第 1 个字「现场照片」：「现场照片」是图片，不能用在公式里"),
        ("round(1, 2, 3)", "公式第 1 个字「round(1,」：写法是 round(数字, 小数位)，要 2 项，现在是 3 项"),
        ("1 and 2", "公式第 1 个字「1 and 2」：and 两边要是条件，现在有数字"),
        ("'a' < 'b'", "公式第 5 个字「< 'b'」：文字没有大小，只能用 = 或 !="),
        ("   ", "公式末尾：公式是空的，请写一个，例如 单价 * 数量"),
        ("(" * 40 + "1" + ")" * 40, "公式第 25 个字「((((((((」：括号最多套 24 层，请拆成几个公式字段"),
        ("1" + " + 1" * 120, "公式第 402 个字「+ 1 + 1」：公式最多 200 个词，请拆成几个公式字段"),
    ],
)
def test_a_formula_that_cannot_be_meant_is_refused_with_its_place(formula: str, says: str) -> None:
    found = formula_flaw("x", deals(x=formula))
    assert found == says


def test_formulas_stand_upon_each_other_up_to_a_depth() -> None:
    catalogue = deals(a="数量 * 2", b="算a + 1", c="算b * 10")
    record = SimpleNamespace(custom={"count": 3})
    assert Facts(record, catalogue, NOW).value("c") == "70"
    assert catalogue.by_key["c"].reads == {"a", "b", "count"}
    tower = {chr(97 + n): f"算{chr(98 + n)} + 1" for n in range(8)} | {"i": "1"}
    assert "公式最多一层套一层 5 次" in formula_flaw("a", deals(**tower))


def test_two_formulas_that_need_each_other_are_refused() -> None:
    assert "算a → 算b → 算a" in formula_flaw("a", deals(a="算b + 1", b="算a + 1"))


def test_nothing_grows_without_bounds() -> None:
    assert result("*".join(["999999999"] * 90)) == ""
    assert len(result("&".join(["'" + "长" * 8 + "'"] * 80))) == 640
    doubled = deals(a="'" + "长" * 900 + "'", b=" & ".join(["算a"] * 99))
    assert len(Facts(SimpleNamespace(custom={}), doubled, NOW).value("b")) == 2000


numbers = st.one_of(
    st.integers(0, 10**6).map(str), st.decimals(0, 10**4, places=2, allow_nan=False).map(lambda d: f"{d:f}")
)
sums = st.recursive(
    numbers,
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
    max_leaves=12,
)


@given(sums)
def test_arithmetic_is_exact(formula: str) -> None:
    exact = _exact(formula)
    if _depth(formula) > 20 or abs(exact) >= 10**18:
        return
    parsed = parse(formula, _no_field)
    assert parsed.kind is Kind.NUMBER
    value = parsed.run(SimpleNamespace(now=NOW))
    assert value is None or Fraction(value) == exact


@given(st.integers(0, 10**11), st.integers(1, 10**6))
def test_money_rounds_half_up_to_the_fen(fen: int, parts: int) -> None:
    known = {"m": (Kind.MONEY, Decimal(fen) / 100), "p": (Kind.NUMBER, Decimal(parts))}
    parsed = parse("m / p", lambda words, at: Step(known[words][0], lambda _: known[words][1], at))
    exact = Fraction(fen, parts)
    assert parsed.run(SimpleNamespace(now=NOW)) * 100 == int(exact + Fraction(1, 2))


WORDS = (
    *(
        "金额",
        "成本",
        "数量",
        "名称",
        "交期",
        "出口",
        "空",
        "是",
        "1",
        "0",
        "99999999999",
        "15%",
        "10万元",
        "'x'",
        "[名称]",
    ),
    *("(", ")", ",", "+", "-", "*", "/", "&", "=", "!=", "<", ">=", "and", "or", "not"),
    *("if(", "max(", "round(", "days(", "today()", "empty(", "join("),
)


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)))
def test_whatever_one_writes_is_a_value_or_a_refusal_with_a_place(formula: str) -> None:
    catalogue = deals(x=formula or " ")
    flaw = formula_flaw("x", catalogue)
    custom = {"count": 3, "due_on": "2026-04-01", "cost": 100}
    record = SimpleNamespace(name="一期", amount=Money(1), custom=custom, created_at=NOW)
    value = Facts(record, catalogue, NOW).value("x")
    assert flaw == "" or (flaw.startswith("公式") and value is None)
    catalogue.by_key["x"].show(value)


def _no_field(words: str, at: int) -> Step:
    raise FormulaRefused(words, at)


def _depth(formula: str) -> int:
    deep = most = 0
    for sign in formula:
        deep += (sign == "(") - (sign == ")")
        most = max(most, deep)
    return most


def _exact(formula: str) -> Fraction:
    """Calculate with fractions, by the brackets alone."""
    if not formula.startswith("("):
        return Fraction(formula)
    deep = 0
    for at, sign in enumerate(formula):
        deep += (sign == "(") - (sign == ")")
        if deep == 1 and formula[at : at + 3] in (" + ", " - ", " * "):
            one, other = _exact(formula[1:at]), _exact(formula[at + 3 : -1])
            return {"+": one + other, "-": one - other, "*": one * other}[formula[at + 1]]
    raise AssertionError(formula)
