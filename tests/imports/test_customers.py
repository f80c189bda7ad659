"""Leads and accounts: who is taken, who is the same, what is kept, and which clocks begin."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import BadInput
from core.model.customer import Account, Contact
from core.model.lead import Assignment, Lead, LeadState
from tests.imports.conftest import Desk

HEAD = "公司名称,联系人,手机,负责人,备注\n"


def test_a_lead_with_a_holder_is_in_work_and_one_without_lies_in_the_pool(desk: Desk) -> None:
    desk.takes(desk.text(HEAD + "甲机电,王工,13800138001,张伟,\n乙机电,李工,13800138002,,\n"))
    held, pooled = desk.all(Lead)
    assert (held.state, pooled.state) == (LeadState.WORKING, LeadState.POOLED)
    assert [a.begun_by for a in desk.all(Assignment)] == ["导入"]
    assert "乙机电" in "".join(desk.world.says("张伟", "公海"))


def test_the_first_sweeps_do_not_return_an_imported_book_to_the_pool(desk: Desk) -> None:
    head = "公司名称,手机,负责人,等级,创建时间,最近跟进\n"
    desk.takes(desk.text(head + "甲机电,13800138001,张伟,A,2024-01-01,2024-02-01\n"))
    desk.world.passes(days=29)
    assert desk.all(Lead)[0].state == LeadState.WORKING
    desk.world.passes(days=2)
    assert desk.all(Lead)[0].state == LeadState.POOLED


@pytest.mark.parametrize("owner", ["张伟", "zhangwei", "ZhangWei", "wecom:zhangwei", "张伟（华东）"])
def test_a_holder_is_known_by_name_or_account(desk: Desk, owner: str) -> None:
    report = desk.takes(desk.text(HEAD + f"甲机电,王工,13800138001,{owner},\n"))
    assert not report.unknown_owners
    assert desk.all(Lead)[0].owner_id == desk.world.member("张伟").id


def test_an_unknown_holder_is_reported_and_the_lead_goes_to_the_pool_with_the_name_kept(desk: Desk) -> None:
    report = desk.takes(desk.text(HEAD + "甲机电,王工,13800138001,司马光,\n"))
    assert report.unknown_owners == {"司马光": ["2"]}
    lead = desk.all(Lead)[0]
    assert (lead.state, lead.need) == (LeadState.POOLED, "原负责人：司马光")


def test_a_default_holder_takes_what_nobody_holds(desk: Desk) -> None:
    desk.takes(desk.text(HEAD + "甲机电,,13800138001,司马光,\n乙机电,,13800138002,,\n"), owner="wecom:lina")
    assert {lead.owner_id for lead in desk.all(Lead)} == {desk.world.member("李娜").id}
    with pytest.raises(BadInput, match="默认负责人"):
        desk.takes(desk.text(HEAD), owner="没有的人")


def test_the_same_name_or_phone_is_not_taken_twice(desk: Desk) -> None:
    desk.world.has_leads("丙机电有限公司", phone="13800138003")
    report = desk.takes(
        desk.text(
            HEAD
            + "甲机电有限公司,,138-0013-8001,,\n甲 机电有限公司,,13800138009,,\n"
            + "己机电,,+86 13800138001,,\n庚机电,,0086-138 0013 8003,,\n"
        )
    )
    assert [(d["row"], d["of"], d["matched"]) for d in report.certain] == [
        ("3", "第 2 行", "公司名称相同"),
        ("4", "第 2 行", "电话相同"),
        ("5", "线索 L1", "电话相同"),
    ]
    assert report.taken == 1


def test_a_similar_name_is_taken_and_proposed(desk: Desk) -> None:
    desk.world.has_leads("华为技术有限公司")
    report = desk.takes(desk.text(HEAD + "华为技术（深圳）有限公司,,,,\n"))
    assert report.taken == 1
    assert report.proposed == [
        {"row": "2", "name": "华为技术（深圳）有限公司", "like": "华为技术有限公司", "where": "线索 L1"}
    ]


@pytest.mark.parametrize("kind", ["leads", "accounts"])
def test_the_same_file_again_changes_nothing(desk: Desk, kind: str) -> None:
    file = desk.text(HEAD + "".join(f"第{n}机电厂,王{n},1380013{n:04d},张伟,x{n}\n" for n in range(600)))
    assert desk.takes(file, kind).taken == 600
    before = desk.counts()
    again = desk.takes(file, kind)
    assert (again.taken, len(again.certain)) == (0, 600)
    assert desk.counts() == before


@pytest.mark.parametrize("kind", ["leads", "accounts", "deals"])
def test_a_rehearsal_says_the_same_and_writes_nothing(desk: Desk, kind: str) -> None:
    file = desk.text(
        "客户名称,姓名,手机,负责人,金额,阶段\n甲机电,王工,13800138001,张伟,1万,赢单\n甲机电,王工,13800138001,张伟,1万,赢单\n"
        "乙机电,李工,13800138002,张伟,2万,报价\n乙机电,李工,13800138002,张伟,3万,不懂\n"
    )
    before = desk.counts()
    rehearsed = desk.takes(file, kind, dry_run=True).as_json()
    assert desk.counts() == before
    real = desk.takes(file, kind).as_json()
    assert {**rehearsed, "dry_run": False} == real


def test_columns_without_a_place_are_kept_as_words(desk: Desk) -> None:
    report = desk.takes(desk.text("公司名称,电话,预算,开户行\n甲机电,13800138001 / 13900139001,约20万,无\n"))
    assert desk.all(Lead)[0].need == "其他电话：13900139001\n预算：约20万"
    assert report.kept_columns == ["预算", "开户行"]
    assert report.understood == {"公司名称": "公司名称", "电话": "电话"}


def test_a_phone_that_is_none_is_kept_as_words_and_reported(desk: Desk) -> None:
    report = desk.takes(desk.text("公司名称,电话\n甲机电,123456\n乙机电,见附件\n丙机电,无\n"))
    assert [lead.phone for lead in desk.all(Lead)] == [None, None, None]
    assert [lead.need for lead in desk.all(Lead)] == ["电话：123456", "电话：见附件", ""]
    assert report.remarks == {"电话看不懂，原文已存入备注": ["2", "3"]}


def test_a_lead_may_be_a_person_and_rows_known_by_number_are_no_twins(desk: Desk) -> None:
    text = "Lead Number,Lead Source,Country\n101,google,Select\n102,Google,India\n103,Select,India\n"
    assert desk.takes(desk.text(text)).taken == 3
    assert [(lead.name, lead.source, lead.region) for lead in desk.all(Lead)] == [
        ("线索 101", "Google", ""),
        ("线索 102", "Google", "India"),
        ("线索 103", "", "India"),
    ]
    report = desk.takes(desk.text("姓名,手机\n王伟,13800138001\n王伟,13800138002\n", name="人.csv"))
    assert report.taken == 2


def test_an_account_comes_with_its_contact_its_names_and_its_numbers(desk: Desk) -> None:
    text = (
        "公司名称,简称,别名,联系人,职务,手机,公司电话,邮箱,规模,负责人\n"
        "甲机电有限公司,甲机电,老甲、甲厂,王工,采购,13800138001,021-62345678,w@a.cn,200人,张伟\n"
    )
    desk.takes(desk.text(text), "accounts")
    account, contact = desk.all(Account)[0], desk.all(Contact)[0]
    assert (account.short_name, account.aliases, account.size) == ("甲机电", ("老甲", "甲厂"), "200人")
    assert (contact.phone, contact.title) == ("13800138001", "采购")
    assert account.phone.endswith("2162345678")
    assert contact.account_id == account.id
    answer = "".join(desk.world.says("张伟", "看看 老甲"))
    assert "甲机电有限公司" in answer


def test_a_second_person_of_a_company_comes_back_with_what_to_do(desk: Desk) -> None:
    bad = desk.folder / "b.csv"
    desk.takes(desk.text(HEAD + "甲机电,王工,13800138001,,\n甲机电,李工,13800138002,,\n"), "accounts", bad=bad)
    assert "请先导入客户，再用 --as contacts 导入这一行" in bad.read_text("utf-8-sig")
    assert desk.takes(bad, "contacts").taken == 1
    assert [contact.name for contact in desk.all(Contact)] == ["王工", "李工"]


def test_a_bare_name_is_a_persons_unless_a_contact_stands_beside_it(desk: Desk) -> None:
    desk.takes(desk.text("name,phone\n王伟,13800138001\n"))
    desk.takes(desk.text("name,contact,phone\nAcme,Ann,13800138002\n", name="b.csv"))
    assert [(lead.name, lead.contact_name) for lead in desk.all(Lead)] == [("王伟", "王伟"), ("Acme", "Ann")]


def test_rows_that_cannot_be_taken_come_back_with_the_reason_and_can_be_mended(desk: Desk) -> None:
    for suffix in (".xlsx", ".csv"):
        bad = desk.folder / f"bad{suffix}"
        long, stem = "长" * 300, suffix[1:]
        file = desk.book(
            [["公司名称", "电话", "备注"], [long, 13800138001, "=1+1"], [None, None, "没名字"], [f"好{stem}", "", ""]]
        )
        report = desk.takes(file, bad=bad)
        assert (report.taken, [b["row"] for b in report.bad]) == (1, ["2", "3"])
        again = desk.takes(bad, bad=desk.folder / "again.csv")
        assert [b["row"] for b in again.bad] == ["2", "3"]

        mended = _with(bad, long, f"改短了的机电{stem}")
        assert desk.takes(mended).taken == 1
        kept = desk.all(Lead)[-1]
        assert (kept.name, kept.need) == (f"改短了的机电{stem}", "=1+1")
        with desk.world.work() as uow:
            uow.leads.get(kept.id).phone = None


def test_a_formula_in_a_file_of_bad_rows_is_only_text(desk: Desk) -> None:
    bad = desk.folder / "bad.csv"
    desk.takes(desk.text('公司名称,备注\n,"=HYPERLINK(""http://x"")"\n'), bad=bad)
    assert ",\"'=HYPERLINK" in bad.read_text(encoding="utf-8-sig")


def test_hostile_cells_are_kept_as_words_or_refused_and_never_break_the_import(desk: Desk) -> None:
    rows = [
        ["公司名称", "电话", "备注"],
        ["=cmd|' /C calc'!A0", "", "a\x07b"],
        ["'; drop table leads; --", "", "长" * 10_000],
        ["😀𠮷机电", "１３８００１３８００１", "\u202e反"],
        ["名" * 201, "", ""],
    ]
    report = desk.takes(desk.book(rows))
    assert (report.taken, len(report.bad)) == (3, 1)
    one, two, three = desk.all(Lead)
    assert (one.name, one.need) == ("=cmd|' /C calc'!A0", "ab")
    assert len(two.need) == 10_000
    assert (three.name, three.phone, three.need) == ("😀𠮷机电", "13800138001", "反")


def test_bytes_that_are_no_text_never_break_the_import(desk: Desk) -> None:
    path = desk.folder / "x.csv"
    path.write_bytes("公司名称,备注\n甲\x00机电,\ud800\n".encode("utf-8", "surrogatepass"))
    with suppress(BadInput):  # lone surrogates are neither UTF-8 nor GB 18030, or letters of the latter
        desk.takes(path)
    path.write_bytes("公司名称,备注\n甲\x00机电,b\n".encode())
    assert desk.takes(path).taken == 1
    assert desk.all(Lead)[-1].name == "甲机电"


def test_a_day_in_the_past_is_when_a_lead_was_made_and_its_clock_still_begins_now(desk: Desk) -> None:
    desk.takes(desk.text("公司名称,负责人,创建时间\n甲机电,张伟,2025.3.1\n乙机电,张伟,2025年3月\n"))
    first, second = desk.all(Lead)
    local = desk.world.program.calendar.local
    assert [f"{local(lead.created_at):%F}" for lead in (first, second)] == ["2025-03-01", "2025-03-01"]
    assert first.last_followup_at == desk.world.now
    assert desk.world.now - first.created_at > timedelta(days=300)


def _with(path: Path, old: str, new: str) -> Path:
    """Mend a file as a person would, in place."""
    if path.suffix == ".csv":
        path.write_text(path.read_text(encoding="utf-8-sig").replace(old, new), encoding="utf-8-sig")
        return path
    import openpyxl

    book = openpyxl.load_workbook(path)
    for row in book.active.iter_rows():
        for cell in row:
            if cell.value == old:
                cell.value = new
    book.save(path)
    return path
