"""Contacts, follow-ups and members."""

from core.model.customer import Contact
from core.model.followup import FollowUp
from core.model.lead import Lead
from core.model.member import Member
from tests.imports.conftest import Desk

MEMBERS = "platform,userid,name,phone,department,role,manager_userid\n"


def test_contacts_join_the_account_of_that_name(desk: Desk) -> None:
    desk.takes(desk.text("公司名称\n甲机电有限公司\n", name="a.csv"), "accounts")
    desk.world.has_leads("乙机电")
    text = (
        "公司名称,姓名,职务,手机\n甲机电有限公司,王工,采购,13800138001\n甲机电有限公司,王工,采购,13800138009\n"
        "乙机电,李工,,\n丙机电,赵工,,\n"
    )
    file = desk.text(text)
    report = desk.takes(file, "contacts")
    assert [(c.name, c.title, c.phone) for c in desk.all(Contact)] == [("王工", "采购", "13800138001")]
    assert [d["matched"] for d in report.certain] == ["姓名相同"]
    assert ["还是线索" in b["reason"] or "不在系统里" in b["reason"] for b in report.bad] == [True, True]
    assert desk.takes(file, "contacts").taken == 0


def test_follow_ups_are_history_and_move_no_clock(desk: Desk) -> None:
    lead = desk.world.has_leads("甲机电", held_by="张伟")[0]
    text = (
        "客户名称,跟进时间,跟进方式,跟进内容,跟进人\n甲机电,2026-03-01 15:30,电话,报价已发等回复,张伟\n"
        "甲机电,2026/2/1,拜访,看了车间谈了需求,司马光\n甲机电,2027-01-01,,将来的事情,张伟\n"
        "丁机电,2026-01-01,,没有这一家,张伟\n"
    )
    report = desk.takes(desk.text(text), "followups")
    first, second = desk.all(FollowUp)
    local = desk.world.program.calendar.local
    assert (f"{local(first.at):%m-%d %H:%M}", first.method, first.valid) == ("03-01 15:30", "call", True)
    assert (second.author_id, second.content) == (None, "看了车间谈了需求\n跟进人：司马光")
    assert ["将来" in b["reason"] or "系统里没有" in b["reason"] for b in report.bad] == [True, True]
    assert next(x for x in desk.all(Lead) if x.id == lead.id).last_followup_at is None
    assert desk.takes(desk.text(text), "followups").taken == 0


def test_members_of_the_contract_file(desk: Desk) -> None:
    text = MEMBERS + (
        "wecom,sunli,孙丽,13800138001,销售部/华东,rep+manager,wangqiang\nwecom,Qian,钱进,,财务部,财务,nobody\n"
        "wecom,sunli,重复,,,rep,\nfax,a,b,,,rep,\nwecom,c,丁,,,king,\n"
    )
    roster = desk.enrols(desk.text(text))
    made = {member.name: member for member in desk.all(Member)}
    assert made["孙丽"].roles == ("rep", "manager")
    assert made["孙丽"].manager_id == desk.world.member("王强").id
    assert (made["钱进"].department, made["钱进"].roles) == ("财务部", ("finance",))
    assert len(roster.new) == 2
    assert [bad["row"] for bad in roster.bad] == ["4", "5", "6"]
    assert roster.remarks == ["第 3 行：上级「nobody」不在成员名单里，没有设置上级"]


def test_members_read_again_are_refreshed_and_what_a_file_does_not_say_stays(desk: Desk) -> None:
    before = len(desk.all(Member))
    roster = desk.enrols(desk.text("账号,姓名\nwangqiang,王小强\n"))
    boss = next(member for member in desk.all(Member) if member.name == "王小强")
    assert (boss.roles, boss.department) == (("manager",), "销售部/华东")
    assert (len(roster.refreshed), len(desk.all(Member))) == (1, before)


def test_a_list_of_names_makes_accounts_and_leaders(desk: Desk) -> None:
    text = (
        "sales_agent,manager,regional_office\n"
        "Anna Snelling,Dustin Brinkmann,Central\nMoses Frase,Dustin Brinkmann,Central\n"
    )
    roster = desk.enrols(desk.text(text))
    boss = next(member for member in desk.all(Member) if member.name == "Dustin Brinkmann")
    anna = next(member for member in desk.all(Member) if member.name == "Anna Snelling")
    assert (boss.roles, boss.department, anna.manager_id) == (("manager",), "销售部/Central", boss.id)
    assert "Anna Snelling（wecom:anna.snelling）" in roster.new
    assert not desk.enrols(desk.text(text)).new
    with desk.world.work() as uow:
        assert uow.members.get(boss.id).roles == ("manager",)
