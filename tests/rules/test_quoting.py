"""The laws of money in quotes: sums add up to the 分, nothing is given away unseen, and nothing is lost."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.money import NOTHING, Money, share_out
from core.model.playbook.pricing import Authority, Pricing, RoundTo, as_percent
from core.model.quote import QuoteLine
from core.rules.capitals import in_capitals
from core.rules.quoting import Whole, Worked, cost_of_lines, discount_of, said_as_fold, taxes, work_out

PERCENT = st.decimals(0, 100, places=2)
MONEY = st.integers(0, 10**11).map(Money)


@st.composite
def lines(draw: st.DrawFn) -> QuoteLine:
    list_price = draw(MONEY)
    return QuoteLine(
        name="A型服务器",
        quantity=draw(st.decimals("0.0001", 100_000, places=4)),
        unit="台",
        list_price=list_price,
        price=draw(st.one_of(st.just(list_price), MONEY)),
        discount=draw(st.one_of(st.just(Decimal(0)), PERCENT)),
        tax_rate=draw(st.sampled_from([Decimal(0), Decimal(1), Decimal(6), Decimal(9), Decimal(13)])),
        cost=draw(st.one_of(st.none(), MONEY)),
    )


WHOLES = st.builds(
    Whole,
    discount=st.one_of(st.just(Decimal(0)), PERCENT),
    off=st.one_of(st.just(NOTHING), MONEY),
    tax_included=st.booleans(),
    round_to=st.sampled_from(RoundTo),
)


@given(st.lists(lines(), min_size=1, max_size=40), WHOLES)
def test_every_column_of_a_quote_adds_up_to_its_foot(some: list[QuoteLine], whole: Whole) -> None:
    worked = work_out(some, whole)
    assert Money.sum(line.net_total for line in worked.lines) == worked.net_total
    assert Money.sum(line.list_total for line in worked.lines) == worked.list_total
    assert Money.sum(line.tax for line in worked.lines) == worked.tax_total
    assert worked.total == (worked.net_total if whole.tax_included else worked.net_total + worked.tax_total)
    assert Money.sum(tax for _, _, tax in taxes(worked.lines)) == worked.tax_total
    assert Money.sum(amount for _, amount, _ in taxes(worked.lines)) == worked.net_total


@given(st.lists(lines(), min_size=1, max_size=40), WHOLES)
def test_a_discount_is_never_negative_whatever_price_was_said(some: list[QuoteLine], whole: Whole) -> None:
    worked = work_out(some, whole)
    assert NOTHING <= worked.net_total <= worked.list_total
    assert all(NOTHING <= line.net_total <= line.list_total for line in worked.lines)
    assert 0 <= discount_of(worked.list_total, worked.net_total) <= 100


@given(st.lists(lines(), min_size=1, max_size=40), WHOLES)
def test_the_tax_of_a_line_is_what_its_rate_says_to_the_fen(some: list[QuoteLine], whole: Whole) -> None:
    for line in work_out(some, whole).lines:
        base = line.net_total.fen - line.tax.fen if whole.tax_included else line.net_total.fen
        assert abs(base * line.tax_rate / 100 - line.tax.fen) <= Decimal("0.57")  # half a 分, taxed once more


@given(st.lists(lines(), min_size=1, max_size=20), WHOLES)
def test_working_out_what_was_worked_out_changes_nothing(some: list[QuoteLine], whole: Whole) -> None:
    once = work_out(some, whole)
    assert work_out(once.lines, whole) == once


@given(st.lists(lines(), min_size=1, max_size=20), WHOLES)
def test_lines_come_back_from_the_database_as_they_went_in(some: list[QuoteLine], whole: Whole) -> None:
    worked = work_out(some, whole).lines
    assert tuple(QuoteLine.from_json(line.as_json()) for line in worked) == worked


@given(st.integers(-(10**13), 10**13).map(Money), st.lists(st.integers(0, 10**12), min_size=1, max_size=200))
def test_sharing_out_loses_and_makes_no_fen(total: Money, weights: list[int]) -> None:
    parts = share_out(total, weights)
    assert Money.sum(parts) == total
    whole = sum(weights) or len(weights)
    weighing = weights if any(weights) else [1] * len(weights)
    assert all(abs(part.fen * whole - total.fen * weight) < whole for part, weight in zip(parts, weighing, strict=True))


@given(st.lists(lines(), min_size=2, max_size=10))
def test_the_cost_is_unknown_while_one_lines_is(some: list[QuoteLine]) -> None:
    known = cost_of_lines(some)
    assert (known is None) == any(line.cost is None for line in some)


def test_e45_ten_servers_at_twelve_thousand_and_85_fold() -> None:
    worked = _quote(price="12000", quantity="10", discount="15")
    assert (worked.list_total, worked.net_total) == (_yuan("120000"), _yuan("102000"))
    assert discount_of(worked.list_total, worked.net_total) == 15
    assert worked.tax_total == _yuan("11734.51")


def test_a_price_above_the_list_gives_nothing_away() -> None:
    worked = _quote(price="13000", quantity="1", list_price="12000")
    assert (worked.list_total, worked.net_total) == (_yuan("13000"), _yuan("13000"))


def test_a_price_below_the_list_is_a_discount() -> None:
    worked = _quote(price="9000", quantity="2", list_price="12000")
    assert discount_of(worked.list_total, worked.net_total) == 25


def test_half_a_fen_goes_up() -> None:
    assert _quote(price="0.05", quantity="1", discount="10").net_total == Money(5)
    assert _quote(price="0.01", quantity="0.5").net_total == Money(1)


@pytest.mark.parametrize(("round_to", "net"), [(RoundTo.FEN, "900.05"), (RoundTo.JIAO, "900.1"), (RoundTo.YUAN, "900")])
def test_the_total_is_rounded_as_the_rule_says(round_to: RoundTo, net: str) -> None:
    line = _line("1000.05", "1")
    assert work_out([line], Whole(Decimal(10), NOTHING, round_to=round_to)).net_total == _yuan(net)


def test_rounding_up_never_goes_above_the_list() -> None:
    assert work_out([_line("100.60", "1")], Whole(round_to=RoundTo.YUAN)).net_total == _yuan("100.60")


@pytest.mark.parametrize(
    ("percent", "said"), [("15", "85折"), ("8", "92折"), ("10", "9折"), ("12.5", "87.5折"), ("50", "5折")]
)
def test_a_discount_is_said_as_people_say_it(percent: str, said: str) -> None:
    assert said_as_fold(Decimal(percent)) == said


@pytest.mark.parametrize(
    ("yuan", "capitals"),
    [
        ("123000", "壹拾贰万叁仟元整"),
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.5", "伍角整"),
        ("10", "壹拾元整"),
        ("100.01", "壹佰元零壹分"),
        ("1005", "壹仟零伍元整"),
        ("10005", "壹万零伍元整"),
        ("100000", "壹拾万元整"),
        ("1001000", "壹佰万壹仟元整"),
        ("100100", "壹拾万零壹佰元整"),
        ("100000000", "壹亿元整"),
        ("100000001", "壹亿零壹元整"),
        ("100010001", "壹亿零壹万零壹元整"),
        ("1234567890.12", "壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元壹角贰分"),
        ("102000", "壹拾万贰仟元整"),
        ("-5.2", "负伍元贰角整"),
    ],
)
def test_amounts_in_capitals(yuan: str, capitals: str) -> None:
    assert in_capitals(_yuan(yuan)) == capitals


@given(st.integers(0, 10**18 - 1).map(Money))
def test_capitals_can_be_read_back_to_the_fen(money: Money) -> None:
    assert _read(in_capitals(money)) == money.fen


def test_too_much_has_no_capitals() -> None:
    with pytest.raises(ValueError, match="too much"):
        in_capitals(Money(10**18))


def test_shares_of_the_playbook_are_exact_percentages() -> None:
    limits = Pricing(limits=(Authority(roles=("rep",), discount=0.07),)).limits
    assert as_percent(limits[0].discount) == Decimal(7)
    assert as_percent(0.1 + 0.2) == Decimal(30)


def _quote(*, price: str, quantity: str, discount: str = "0", list_price: str = "") -> Worked:
    return work_out([_line(price, quantity, list_price)], Whole(Decimal(discount)))


def _line(price: str, quantity: str, list_price: str = "") -> QuoteLine:
    return QuoteLine(
        name="A型服务器",
        quantity=Decimal(quantity),
        unit="台",
        list_price=_yuan(list_price or price),
        price=_yuan(price),
        tax_rate=Decimal(13),
    )


def _yuan(amount: str) -> Money:
    return Money.yuan(Decimal(amount))


def _read(text: str) -> int:
    """Read an amount in capitals by a way of its own: digit by digit, with places and groups."""
    digits, places = "零壹贰叁肆伍陆柒捌玖", {"拾": 10, "佰": 100, "仟": 1000}
    total = group = digit = yuan = 0
    fen = 0
    for sign in text.removesuffix("整"):
        if sign in digits:
            digit = digits.index(sign)
        elif sign in places:
            group, digit = group + digit * places[sign], 0
        elif sign == "万":
            total, group, digit = total + (group + digit) * 10**4, 0, 0
        elif sign == "亿":
            total, group, digit = (total + group + digit) * 10**8, 0, 0
        elif sign == "元":
            yuan, total, group, digit = total + group + digit, 0, 0, 0
        elif sign == "角":
            fen, digit = fen + digit * 10, 0
        elif sign == "分":
            fen, digit = fen + digit, 0
    return yuan * 100 + fen
