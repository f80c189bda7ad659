"""Amounts and discounts as people type them."""

from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.money import find_amounts, find_discounts, read_amount
from bot.understanding.numerals import read_numeral

AMOUNTS = {
    "报价12.5万": "125000",
    "三百二十万": "3200000",
    "1,200,000元": "1200000",
    "80w": "800000",
    "一百二十块五": "120.5",
    "3k": "3000",
    "￥1,280.50": "1280.5",
    "120万元人民币": "1200000",
    "五万八": "58000",
    "1.2亿": "120000000",
    "1亿2千万": "120000000",
    "两千多万": "20000000",
    "预算 500 万": "5000000",
    "大概15个W": "150000",
    "总价捌拾万元整": "800000",
    "壹仟贰佰叁拾元伍角": "1230.5",
    "1万2": "12000",
    "1万2千5百": "12500",
    "三点五亿": "350000000",
    "客户预算200万，下周三下午三点见": "2000000",
    "合同额 98,000": "98000",
    "定金3000元": "3000",
    "单价299": "299",
    "单价一万二 打85折": "12000",
    "2千5": "2500",
    "十二万五千": "125000",
    "20来万": "200000",
    "首付30%即36万": "360000",
    "华为回了第一笔款 12万5，昨天到的": "125000",
    "拿下了！！华为签了38.5万🎉": "385000",
    "金额改成36万": "360000",
    "5万以下的都批了": "50000",
    "三块五": "3.5",
    "五百块": "500",
    "報價12.5萬": "125000",
    "１２．５万": "125000",
}


@pytest.mark.parametrize(("text", "yuan"), AMOUNTS.items())
def test_an_amount_is_found(text: str, yuan: str) -> None:
    (span,) = find_amounts(text)
    assert (span.yuan, span.currency) == (Decimal(yuan), "CNY")
    assert text[span.start : span.end] == span.words
    assert isinstance(span.yuan, Decimal)


def test_several_amounts_a_range_and_foreign_money() -> None:
    assert [(span.words, span.yuan) for span in find_amounts("3月 张伟50万 李娜60w 小陈20")] == [
        ("50万", 500000),
        ("60w", 600000),
    ]
    assert [span.yuan for span in find_amounts("预算80-100万")] == [800000, 1000000]
    assert [(span.yuan, span.currency) for span in find_amounts("100万美元，$300，2000 EUR")] == [
        (1000000, "USD"),
        (300, "USD"),
        (2000, "EUR"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "13812345678",
            "电话报价13812345678",
            "2026年12月1日",
            "12月3号下午3点",
            "3个工作日",
            "100台",
            "第3期",
            "3万用户",
        ),
        *(
            "张三18612345678明天10点",
            "一百多人",
            "世界500强",
            "千万别",
            "万一",
            "一万个放心",
            "4K电视",
            "80W电源",
            "A10w2",
        ),
        *(
            "一块去吃饭",
            "三元锂电池",
            "几百万",
            "十几万",
            "三五万",
            "报价3月17号",
            "85折",
            "目标10单",
            "改成48小时",
            "价格3.5折",
        ),
        *("报价单发我pdf", "报价 2台", "", "10%", "1/3/7天", "单号12345"),
    ],
)
def test_no_money(text: str) -> None:
    assert find_amounts(text) == []


CELLS = [
    ("12.5万", "125000"),
    ("￥1,280.50", "1280.5"),
    ("¥ 1,280.50元", "1280.5"),
    ("80w", "800000"),
    ("三十五万", "350000"),
    (125000.0, "125000"),
    (125000, "125000"),
    (Decimal("0.10"), "0.1"),
    (1280.55, "1280.55"),
    ("约20万", "200000"),
    ("5万左右", "50000"),
    ("38万多", "380000"),
    ("人民币80万元整", "800000"),
    ("1.25E+05", "125000"),
    ("-1,280.50", "-1280.5"),
    ("(1,280.50)", "-1280.5"),
    ("１２．５万", "125000"),
    (0, "0"),
]


@pytest.mark.parametrize(("cell", "yuan"), CELLS)
def test_a_cell_holds_an_amount(cell: str | float, yuan: str) -> None:
    assert read_amount(cell) == Decimal(yuan)
    assert str(read_amount(cell)) == yuan


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "  ",
        None,
        True,
        "abc",
        "面议",
        "20-30万",
        "12.5万/年",
        "1,28,000",
        "1.2.3",
        "$300",
        "100万美元",
        float("nan"),
        float("inf"),
        1e22,
    ],
)
def test_a_cell_without_a_single_amount_of_our_money_is_none(cell: str | float | None) -> None:
    assert read_amount(cell) is None


DISCOUNTS = {
    "对方要打九折": "10",
    "85折": "15",
    "申请特价 华为 九二折": "8",
    "打八五折": "15",
    "8.5折": "15",
    "九点五折": "5",
    "九十五折": "5",
    "88.8折": "11.2",
    "最多给到92折": "8",
    "对折": "50",
    "让5个点": "5",
    "让利5个点行不行": "5",
    "让利三点五个点": "3.5",
    "再让两个点": "2",
    "让5点行不行": "5",
    "优惠8%": "8",
    "下浮百分之十": "10",
    "让两成": "20",
    "10%的折扣": "10",
}


@pytest.mark.parametrize(("text", "percent"), DISCOUNTS.items())
def test_a_discount_is_found(text: str, percent: str) -> None:
    (span,) = find_discounts(text)
    assert span.percent == Decimal(percent)
    assert text[span.start : span.end] == span.words


@pytest.mark.parametrize(
    "text",
    ["折扣", "打折", "三折叠屏", "100折", "0.5折", "明天让他5点来", "价格低我们两成", "首付30%", "第3折", "五点半"],
)
def test_no_discount(text: str) -> None:
    assert find_discounts(text) == []


@given(st.integers(1, 10**12))
def test_a_numeral_and_its_chinese_spelling_are_one_number(number: int) -> None:
    assert read_numeral(str(number)) == number
    assert read_numeral(f"{number:,}") == number
    assert read_numeral(cn2an.an2cn(number, "low")) == number
    assert read_numeral(cn2an.an2cn(number, "up")) == number


@given(st.decimals(min_value="0.01", max_value="99999.99", places=2))
def test_an_amount_in_any_spelling_is_that_amount(amount: Decimal) -> None:
    for text, yuan in (
        (f"￥{amount}", amount),
        (f"{amount:,}元", amount),
        (f"{amount}万", amount * 10000),
        (f"{amount}w", amount * 10000),
    ):
        assert [span.yuan for span in find_amounts(f"报价 {text}。")] == [yuan], text
        assert read_amount(text) == yuan


@given(st.text() | st.text("0123456789.,万亿千百十一二两点元块wk¥-多个折让%成 ", max_size=60))
def test_nothing_that_can_be_typed_breaks_the_readers(text: str) -> None:
    for span in (*find_amounts(text), *find_discounts(text)):
        assert span.words == text[span.start : span.end]
    read_amount(text)


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "words", ["三", "1,", "1万", "一万", "百", "1,234", "打", "让5", "1.", "一点", "1k", "一多万", "1 ", "降价", "1个"]
)
def test_a_long_message_of_numbers_is_read_in_one_pass(words: str) -> None:
    text = words * (60_000 // len(words))
    find_amounts(text)
    find_discounts(text)
    read_amount(text)
