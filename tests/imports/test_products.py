"""Catalogues and price lists out of files: taken, brought up to date, and said no to with the reason."""

from datetime import date
from decimal import Decimal

from core.model.money import Money
from core.model.product import Product
from tests.imports.conftest import Desk

HEAD = ("物料编码", "产品名称", "规格型号", "单位", "换算单位", "套餐内容", "含税单价", "成本价", "税率", "交期（天）")


def test_a_catalogue_is_taken_with_units_bundles_costs_and_taxes(desk: Desk) -> None:
    path = desk.book(
        [
            HEAD,
            ("SRV-A", "A型服务器", "2U", "台", "", "", "1.2万", 9000, "13%", 10),
            ("SN-P", "传感器", "", "个", "箱=12", "", 150, 90, 0.13, 3),
            ("SET-1", "机房套餐", "", "套", "", "SRV-A*2；SN-P*4", "", "", "", ""),
        ]
    )
    report = desk.takes(path, "products")
    assert (report.read, report.taken, report.bad) == (3, 3, [])
    server, sensor, bundle = products(desk)
    assert (server.price, server.cost, server.tax_rate, server.lead_days) == (Money(1_200_000), Money(900_000), 13, 10)
    assert (sensor.units, sensor.tax_rate) == ({"箱": "12"}, 13)
    assert bundle.parts == {"SRV-A": "2", "SN-P": "4"}


def test_read_again_what_is_the_same_stays_and_what_differs_is_brought_up_to_date(desk: Desk) -> None:
    first = [("编码", "名称", "单价", "成本"), ("A1", "网关", 2600, 1900), ("A2", "电机", 3500, 2450)]
    assert desk.takes(desk.book(first), "products").taken == 2
    again = [("编码", "名称", "单价"), ("A1", "网关", 2600), ("A2", "电机", 3400)]
    report = desk.takes(desk.book(again), "products")
    assert (report.taken, [one["name"] for one in report.certain]) == (1, ["网关"])
    assert [(one.price, one.cost) for one in products(desk)] == [
        (Money(260_000), Money(190_000)),
        (Money(340_000), Money(245_000)),
    ]


def test_what_cannot_be_read_comes_back_with_the_reason_and_nothing_is_guessed(desk: Desk) -> None:
    path = desk.book(
        [
            ("产品名称", "单价", "税率", "套餐内容", "交期"),
            ("甲", "1.2.3", "", "", ""),
            ("乙", -5, "", "", ""),
            ("丙", 100, "130%", "", ""),
            ("丁", 100, "", "没有的*2", ""),
            ("戊", 100, "", "", "很快"),
            ("", 100, "", "", ""),
        ]
    )
    reasons = [one["reason"] for one in desk.takes(path, "products").bad]
    assert len(reasons) == 6
    for reason, says in zip(reasons, ("1.2.3", "-5", "税率", "没有的", "很快", "没有产品名称"), strict=True):
        assert says in reason
    assert products(desk) == []


def test_a_price_list_is_made_as_its_rows_name_it(desk: Desk) -> None:
    desk.takes(desk.book([("产品名称", "单价"), ("变频器", 1600)]), "products")
    path = desk.book(
        [
            ("价格表", "产品名称", "起订量", "单价", "地区", "等级", "生效日期", "失效日期"),
            ("华东渠道价", "变频器", 1, 1560, "华东", "A、B", date(2026, 1, 1), date(2026, 12, 31)),
            ("华东渠道价", "变频器", 50, 1480, "华东", "A、B", date(2026, 1, 1), date(2026, 12, 31)),
            ("华东渠道价", "没有的产品", 1, 10, "", "", "", ""),
            ("华东渠道价", "变频器", 1, 10, "", "Z", "", ""),
        ]
    )
    report = desk.takes(path, "prices")
    assert report.taken == 2
    assert ["没有的产品" in one["reason"] or "Z" in one["reason"] for one in report.bad] == [True, True]
    with desk.world.work() as uow:
        [made] = uow.products.lists()
        assert (made.regions, made.grades, made.valid_until) == (("华东",), ("A", "B"), date(2026, 12, 31))
        tiers = [(one.min_quantity, one.price) for one in uow.products.prices_of(made.id)]
        assert tiers == [(Decimal(1), Money(156_000)), (Decimal(50), Money(148_000))]


def test_a_rehearsal_writes_nothing(desk: Desk) -> None:
    report = desk.takes(desk.book([("产品名称", "单价"), ("变频器", 1600)]), "products", dry_run=True)
    assert report.taken == 1
    assert products(desk) == []


def products(desk: Desk) -> list[Product]:
    with desk.world.work() as uow:
        return sorted(uow.products.all(100), key=lambda one: one.id)
