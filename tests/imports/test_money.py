"""Orders, payments and contracts out of files, and the totals of a real file to the last 分."""

import csv
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from core.model.contract import Contract
from core.model.customer import Account
from core.model.order import Order, OrderLine
from core.model.payment import Payment
from core.model.product import Product
from core.rules.metrics.periods import Span
from core.services.reports.asking import Asked
from core.services.reports.pivot import pivot
from tests.imports.conftest import Desk

ORDERS = "明细编号,订单编号,订单日期,客户名称,产品名称,数量,销售额\n"
HELD = "HT-1,年度框架,甲机电,10万,2026-02-01,2026-12-31,60,张伟\nHT-2,,乙机电,5万,2025-01-01,2025-12-31,,张伟\n"
PAID = "HT-1,甲机电,4万,2026-03-01\nHT-2,乙机电,5万,2025-06-01\nHT-9,甲机电,1万,2026-03-01\n"
CONTRACTS = "合同编号,合同名称,客户名称,合同金额,签约日期,到期日期,账期,负责人\n"


def test_lines_of_one_order_add_up_and_the_same_file_again_does_nothing(desk: Desk) -> None:
    file = desk.text(ORDERS + "1,DD1,2026-02-01,甲机电,电机,3,1375.925\n2,DD1,2026-02-01,甲机电,支架,1,0.01\n")
    assert desk.takes(file, "orders").taken == 2
    [order], lines = desk.all(Order), desk.all(OrderLine)
    assert (order.number, order.amount.fen, order.ordered_on) == ("DD1", 137_594, date(2026, 2, 1))
    assert [(one.product, one.quantity, one.amount.fen) for one in lines] == [("电机", 3, 137_593), ("支架", 1, 1)]
    again = desk.takes(file, "orders")
    assert (again.taken, len(desk.all(Order)), desk.all(Order)[0].amount.fen) == (0, 1, 137_594)


def test_products_that_the_catalogue_does_not_have_are_made_and_the_others_found(desk: Desk) -> None:
    desk.takes(desk.text("产品编码,产品名称,单价\nDJ-1,电机,1万\n"), "products")
    named = "订单编号,订单日期,客户名称,产品编码,产品名称,类别,计量单位,数量,销售额\n"
    file = desk.text(
        named + "D1,2026-02-01,甲机电,,电机,,台,1,100\nD1,2026-02-01,甲机电,ZJ-1,支架,配件,个,2,20\n"
        "D1,2026-02-01,甲机电,ZJ-1,底座,配件,个,1,30\nD1,2026-02-01,甲机电,DJ-1,,,台,3,300\n"
    )
    assert desk.takes(file, "orders").taken == 4
    made = {one.id: one for one in desk.all(Product)}
    assert [(one.name, one.code, one.category, one.unit) for one in made.values()] == [
        ("电机", "DJ-1", "", "台"),
        ("支架", "ZJ-1", "配件", "个"),
        ("底座", "", "配件", "个"),
    ]
    about = [made[one.product_id].name for one in desk.all(OrderLine) if one.product_id]
    assert about == [
        "电机",
        "支架",
        "底座",
        "电机",
    ]


def test_lines_without_a_number_are_known_by_what_they_say(desk: Desk) -> None:
    file = desk.text("订单编号,订单日期,客户名称,产品名称,数量,销售额\nDD1,2026-02-01,甲机电,电机,3,100\n")
    assert desk.takes(file, "orders").taken == 1
    assert desk.takes(file, "orders").taken == 0
    assert [one.amount.fen for one in desk.all(Order)] == [10_000]


def test_one_order_number_of_two_customers_is_two_orders(desk: Desk) -> None:
    desk.takes(desk.text(ORDERS + "1,DD1,2026-02-01,甲机电,电机,1,100\n2,DD1,2026-02-01,乙机电,电机,1,200\n"), "orders")
    assert sorted(one.amount.fen for one in desk.all(Order)) == [10_000, 20_000]


def test_rows_that_cannot_be_money_come_back_with_what_to_change(desk: Desk) -> None:
    report = desk.takes(
        desk.text(
            ORDERS
            + "1,,2026-02-01,甲机电,电机,1,100\n2,DD2,2026-13-41,甲机电,电机,1,100\n"
            + "3,DD3,2027-02-01,甲机电,电机,1,100\n4,DD4,2026-02-01,,电机,1,100\n"
            + "5,DD5,2026-02-01,甲机电,电机,很多,100\n6,DD6,2026-02-01,甲机电,电机,1,1.2.3\n"
        ),
        "orders",
    )
    reasons = [row["reason"] for row in report.bad]
    assert report.taken == 0
    for part in ("缺少订单编号", "2026-13-41", "在将来", "缺少客户名称", "数量「很多」看不懂", "金额「1.2.3」看不懂"):
        assert any(part in reason for reason in reasons), part
    assert desk.all(Order) == []


def test_a_dry_run_says_the_same_and_writes_nothing(desk: Desk) -> None:
    file = desk.text(ORDERS + "1,DD1,2026-02-01,甲机电,电机,1,100\n1,DD1,2026-02-01,甲机电,电机,1,100\n")
    assert desk.takes(file, "orders", dry_run=True).taken == 1
    assert desk.all(Order) == desk.all(Account) == []


def test_contracts_come_in_signed_with_what_they_owe_and_payments_settle_them(desk: Desk) -> None:
    report = desk.takes(desk.text(CONTRACTS + HELD), "contracts")
    assert report.taken == 2
    first, second = desk.all(Contract)
    assert (first.number, first.amount.fen, first.state, first.title) == ("HT-1", 10_000_000, "running", "年度框架")
    assert second.state == "expired"
    money = desk.text("合同编号,客户名称,回款金额,到账日期\n" + PAID)
    report = desk.takes(money, "payments")
    assert (report.taken, ["HT-9" in row["reason"] for row in report.bad]) == (2, [True])
    assert [one.state for one in desk.all(Contract)] == ["running", "finished"]
    assert "还欠：60,000元" in desk.world.says("张伟", "甲机电还欠多少")[-1]
    assert desk.takes(money, "payments").taken == 0
    assert len(desk.all(Payment)) == 2


def test_the_superstores_orders_and_payments_add_up_to_the_files_own_totals(
    desk: Desk, shared: Callable[[str], Path]
) -> None:
    file = shared("transactions/superstore_cn_orders_2015-2017.csv")
    with file.open(encoding="utf-8-sig") as opened:
        rows = list(csv.DictReader(opened))
    cents = [int((Decimal(row["销售额"]) * 100).quantize(Decimal(1), ROUND_HALF_UP)) for row in rows]
    assert desk.takes(file, "orders").taken == len(rows)
    orders, accounts = desk.all(Order), desk.all(Account)
    assert len(accounts) == len({row["客户 ID"] for row in rows})
    assert len(orders) == len({(row["订单 ID"], row["客户 ID"]) for row in rows})
    lines, products = desk.all(OrderLine), {one.id: one.name for one in desk.all(Product)}
    assert sum(one.amount.fen for one in orders) == sum(one.amount.fen for one in lines) == sum(cents)
    assert len(products) == len(set(products.values())) == len({row["产品名称"] for row in rows})
    assert all(one.product_id is not None and products[one.product_id] == one.product for one in lines)
    sold, wanted = Counter[str](), Counter[str]()
    for one in lines:
        sold[one.product] += one.amount.fen
    for row, fen in zip(rows, cents, strict=True):
        wanted[row["产品名称"]] += fen
    assert sold == wanted
    assert desk.takes(file, "payments").taken == len(rows)
    paid = desk.all(Payment)
    assert sum(one.amount.fen for one in paid) == sum(cents)
    assert all(one.order_id is not None for one in paid)
    by_customer: dict[str, int] = {}
    for row, fen in zip(rows, cents, strict=True):
        by_customer[row["客户 ID"]] = by_customer.get(row["客户 ID"], 0) + fen
    numbers = {one.id: one.external_id for one in accounts}
    received: dict[str, int] = {}
    for one in paid:
        received[numbers[one.account_id]] = received.get(numbers[one.account_id], 0) + one.amount.fen
    assert received == by_customer


def test_what_was_ordered_is_reported_by_product_category_and_customer_within_what_one_sees(desk: Desk) -> None:
    desk.takes(
        desk.text(
            "订单编号,订单日期,客户名称,产品名称,类别,数量,销售额,负责人\n"
            "D1,2026-02-01,甲机电,电机,动力,1,100,张伟\nD1,2026-02-01,甲机电,支架,配件,2,20,张伟\n"
            "D2,2026-03-01,乙机电,电机,动力,1,50,李娜\n"
        ),
        "orders",
    )
    span = Span(date(2026, 1, 1), date(2026, 3, 5))

    def rows(name: str, by: str, measure: str = "订单金额") -> list[tuple[object, ...]]:
        with desk.world.work(name) as uow:
            return list(pivot(uow, Asked(span=span, measures=(measure,), by=(by,))).rows)

    assert rows("赵敏", "产品") == [("电机", 15_000), ("支架", 2_000)]
    assert rows("赵敏", "产品类别") == [("动力", 15_000), ("配件", 2_000)]
    assert rows("赵敏", "客户") == [("甲机电", 12_000), ("乙机电", 5_000)]
    assert sorted(rows("赵敏", "月", "订单数")) == [("2026-02", 1), ("2026-03", 1)]
    assert rows("李娜", "产品") == [("电机", 5_000)], "a rep counts the own customers only"
