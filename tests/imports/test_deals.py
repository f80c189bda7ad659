"""Deals: their customers, their stages, their money, and what tells two apart."""

from datetime import date

from core.model.customer import Account, Contact
from core.model.deal import Deal
from core.model.followup import FollowUp
from core.model.money import Money
from tests.imports.conftest import Desk

HEAD = "商机名称,客户名称,联系人,电话,阶段,金额,预计成交日期,负责人\n"


def test_a_deal_brings_its_customer_and_contact_along_once(desk: Desk) -> None:
    report = desk.takes(
        desk.text(
            HEAD
            + "泵站改造,甲机电有限公司,王工,13800138001,方案报价,12.5万,2026-06-30,张伟\n"
            + "二期,甲机电有限公司,李工,13800138002,赢单,￥30000,2026年3月,张伟\n"
        ),
        "deals",
    )
    first, second = desk.all(Deal)
    assert [account.name for account in desk.all(Account)] == ["甲机电有限公司"]
    assert [contact.name for contact in desk.all(Contact)] == ["王工", "李工"]
    assert (first.amount, first.expected_close_on) == (Money(12_500_000), date(2026, 6, 30))
    assert (second.stage, second.amount, second.expected_close_on) == ("赢单", Money(3_000_000), date(2026, 3, 31))
    assert report.made == {"客户": 1, "联系人": 1}


def test_the_stages_of_other_programs_become_ours(desk: Desk) -> None:
    rows = "".join(f"d{n},甲机电,,,{stage},1,,张伟\n" for n, stage in enumerate(
        ("Prospecting", "Engaging", "Proposal", "Negotiation", "Closed Won", "lost", "丢单", "")
    ))  # fmt: skip
    desk.takes(desk.text(HEAD + rows), "deals")
    assert [deal.stage for deal in desk.all(Deal)] == [
        "初步接洽", "需求确认", "方案报价", "商务谈判", "赢单", "输单", "输单", "初步接洽",
    ]  # fmt: skip


def test_what_cannot_be_read_is_not_guessed(desk: Desk) -> None:
    report = desk.takes(
        desk.text(
            HEAD
            + "a,甲机电,,,报价,10-20万,2026-06-30,张伟\nb,甲机电,,,报价,1,3/4/2026,张伟\n"
            + "c,甲机电,,,快了,1,,张伟\nd,甲机电,,,报价,1,,司马光\ne,甲机电,,,报价,-5,,张伟\n"
        ),
        "deals",
    )
    assert report.taken == 0
    reasons = [bad["reason"] for bad in report.bad]
    assert "金额「10-20万」看不懂" in reasons[0]
    assert "预计成交日期「3/4/2026」看不懂" in reasons[1]
    assert "阶段「快了」不认识" in reasons[2]
    assert "负责人「司马光」不在成员名单里" in reasons[3]
    assert "金额「-5」看不懂" in reasons[4]
    assert not desk.all(Account)


def test_amounts_in_every_spelling(desk: Desk) -> None:
    head = "编号,金额（万元）,阶段,负责人\n"
    rows = ("12.5", "12.5万", "125000元", "约12.5万", "１２.５")
    desk.takes(desk.text(head + "".join(f"N{n},{cell},报价,张伟\n" for n, cell in enumerate(rows))), "deals")
    assert {deal.amount for deal in desk.all(Deal)} == {Money(12_500_000)}


def test_the_number_tells_deals_apart_and_without_one_customer_amount_and_day_do(desk: Desk) -> None:
    numbered = desk.text(
        "opportunity_id,account,product,deal_stage,close_value\nA1,Isdom,GTXPro,Won,100\nA2,Isdom,GTXPro,Won,100\n"
    )
    assert desk.takes(numbered, "deals").taken == 2
    again = desk.takes(numbered, "deals")
    assert [d["of"] for d in again.certain] == ["商机 D1", "商机 D2"]
    assert [deal.product for deal in desk.all(Deal)] == ["GTX Pro", "GTX Pro"]

    plain = desk.text(
        "客户名称,手机,阶段,金额\n甲机电股份有限公司,13800138001,报价,5万\n甲机电有限公司,138-0013-8001,报价,50000\n",
        name="b.csv",
    )
    report = desk.takes(plain, "deals")
    assert (report.taken, report.certain[0]["of"]) == (1, "第 2 行")
    assert desk.takes(plain, "deals").taken == 0


def test_deals_without_customer_and_number_are_not_doubled_either(desk: Desk) -> None:
    file = desk.text("商机名称,阶段,金额\n水务招标,报价,5万\n水务招标,报价,6万\n")
    assert desk.takes(file, "deals").taken == 2
    assert desk.takes(file, "deals").taken == 0


def test_an_account_nobody_holds_goes_to_whoever_has_its_newest_deal(desk: Desk) -> None:
    desk.takes(desk.text("account,sector\nIsdom,medical\n", name="a.csv"), "accounts")
    text = (
        "opportunity_id,sales_agent,account,deal_stage,engage_date\n1,张伟,Isdom,Won,2016-10-25\n"
        "2,李娜,Isdom,Engaging,2017-05-01\n3,张伟,Isdom,Lost,2016-12-01\n"
    )
    desk.takes(desk.text(text), "deals")
    assert desk.all(Account)[0].owner_id == desk.world.member("李娜").id
    assert "Isdom" in "".join(desk.world.says("李娜", "看看 Isdom"))


def test_an_open_deal_without_account_is_taken_without_one(desk: Desk) -> None:
    text = "opportunity_id,sales_agent,product,account,deal_stage,close_date\n1,张伟,MG Special,,Engaging,2026-05-01\n"
    report = desk.takes(desk.text(text), "deals")
    deal = desk.all(Deal)[0]
    assert (deal.name, deal.account_id, deal.expected_close_on, deal.closed_on) == (
        "MG Special", None, date(2026, 5, 1), None,
    )  # fmt: skip
    assert report.remarks == {"没有客户的商机，已照常导入": ["2"]}


def test_words_without_a_column_stand_beside_the_customer(desk: Desk) -> None:
    desk.takes(desk.text("商机名称,客户名称,备注,竞争对手\n二期,甲机电,客户要求加急,乙公司\n"), "deals")
    note = desk.all(FollowUp)[0]
    assert note.content == "导入备注（二期）\n客户要求加急\n竞争对手：乙公司"
    assert not note.valid
