"""A company's own fields out of files: by their names and aliases, kept as what they are, or as words."""

import json
from datetime import date

from core.model.customer import Account, Contact
from core.model.deal import Deal
from core.model.lead import Lead
from tests.imports.conftest import Desk

OPTIONS = ["注塑机", {"value": "冲压机", "aliases": ["冲床"]}]
LEADS = [
    {"key": "machine", "label": "设备类型", "type": "choice", "options": OPTIONS},
    {"key": "budget", "label": "预算", "type": "money", "aliases": ["项目预算"]},
    {"key": "visit_on", "label": "参观日期", "type": "date"},
    {"key": "code", "label": "设备编号", "unique": True},
    {"key": "heat", "label": "热度", "type": "choice", "options": ["高", "低"], "default": "低"},
]


def has_fields(desk: Desk, **objects: list[dict[str, object]]) -> None:
    desk.world.applies(json.dumps({"fields": objects}, ensure_ascii=False))


def test_columns_called_like_a_field_hold_it_and_others_are_kept_as_words(desk: Desk) -> None:
    has_fields(desk, lead=LEADS)
    rows = [
        ["公司名称", "手机", "设备类型*", "项目预算（元）", "参观日期", "展位"],
        ["甲机电", "13800138001", "冲床", "50万", date(2026, 4, 1), "A12"],
        ["乙机电", "13800138002", "", 1234.5, "2026/5/6", ""],
    ]
    report = desk.takes(desk.book(rows))
    one, other = desk.all(Lead)
    assert one.custom == {"machine": "冲压机", "budget": 50_000_000, "visit_on": "2026-04-01", "heat": "低"}
    assert other.custom == {"budget": 123_450, "visit_on": "2026-05-06", "heat": "低"}
    assert (one.need, other.need) == ("展位：A12", "")
    assert report.understood["设备类型*"] == "设备类型*"
    assert report.kept_columns == ["展位"]


def test_what_is_no_value_is_kept_as_words_and_said(desk: Desk) -> None:
    has_fields(desk, lead=LEADS)
    report = desk.takes(desk.text("公司名称,手机,设备类型,预算\n甲机电,13800138001,铣床,面议\n"))
    [lead] = desk.all(Lead)
    assert lead.custom == {"heat": "低"}
    assert lead.need == "设备类型：铣床\n预算：面议"
    assert report.remarks == {"设备类型看不懂，原文已存入备注": ["2"], "预算看不懂，原文已存入备注": ["2"]}


def test_a_value_that_must_be_unique_is_taken_once(desk: Desk) -> None:
    has_fields(desk, lead=LEADS)
    desk.takes(desk.text("公司名称,设备编号\n甲机电有限公司,X-1\n"))
    report = desk.takes(desk.text("公司名称,设备编号\n乙精工有限公司,x-1\n丙重工有限公司,X-2\n丁泵业有限公司,Ｘ-2\n"))
    assert [lead.custom["code"] for lead in desk.all(Lead)] == ["X-1", "X-2"]
    assert [bad["reason"][:12] for bad in report.bad] == ["「设备编号」不能重复，「", "「设备编号」不能重复，文"]


def test_accounts_contacts_and_deals_have_fields_of_their_own(desk: Desk) -> None:
    floor = {"key": "floor", "label": "楼层", "type": "integer"}
    has_fields(desk, account=[floor], contact=[floor], deal=[floor | {"label": "批次"}])
    desk.takes(desk.text("客户名称,楼层\n甲机电有限公司,3\n"), "accounts")
    desk.takes(desk.text("客户名称,联系人,手机,楼层\n甲机电有限公司,王工,13800138001,4\n"), "contacts")
    desk.takes(desk.text("商机名称,客户名称,金额,批次\n一期,甲机电有限公司,5万,2\n"), "deals")
    assert [desk.all(cls)[0].custom for cls in (Account, Contact, Deal)] == [{"floor": 3}, {"floor": 4}, {"floor": 2}]
