"""Two records that are one company: chosen from, joined, led to from everywhere, and taken apart again."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from core.services.accounts import NewAccount, Person, create_account
from core.services.leads import NewLead, create_lead
from storage import tables
from tests.world import SHANGHAI, World

KEPT = ("leads", "accounts", "contacts", "deals", "deal_stays", "followups", "plans", "assignments", "terms")
SILENT = frozenset({"version", "updated_at"})


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def everything(world: World) -> dict[str, list[dict[str, Any]]]:
    """All that is on record and what time will say of it, as the database has it."""
    with world.program.engine.connect() as connection:
        kept = {
            name: [
                {column: value for column, value in row.items() if column not in SILENT}
                for row in connection.execute(select(tables.metadata.tables[name])).mappings()
                if row.get("deleted_at") is None
            ]
            for name in KEPT
        }
        due = tables.deadlines.c
        rows = select(due.subject_kind, due.subject_id, due.kind, due.rule, due.due_at, due.limit_at, due.holder_id)
        kept["deadlines"] = sorted(map(str, connection.execute(rows.where(due.settled_at.is_(None)))))
    return kept


@pytest.fixture
def two(world: World) -> World:
    """L1 is worked on, L2 is fresh; they differ in phone, source and person."""
    with world.work("张伟") as uow:
        create_lead(uow, NewLead(name="苏州汇川", phone="13812345678", source="官网", contact_name="王工", grade="A"))
        create_lead(
            uow,
            NewLead(name="汇川自动化设备", phone="13900001111", source="展会", region="苏州", need="伺服"),
            certain=True,
        )
    world.says("张伟", "跟进 L1 电话聊了报价，下周三下午三点再联系")
    world.says("张伟", "跟进 L2 展会上见了面，要一份样册，下周四上午十点再联系")
    return world


def test_what_differs_is_shown_and_chosen_and_all_that_was_done_moves_along(two: World) -> None:
    [card] = two.says("张伟", "合并 L1 和 L2")
    assert "合并：汇川自动化设备（L2，跟进中）→ 苏州汇川（L1，跟进中）" in card
    assert "电话：✓13812345678 ｜ 13900001111" in card
    assert "来源：✓官网 ｜ 展会" in card
    assert "地区" not in card, "what only one of them says is not in doubt"
    [card, *_] = two.taps("张伟", "电话换一个")
    assert "电话：13812345678 ｜ ✓13900001111" in card
    [card, *_] = two.taps("张伟", "来源换一个")
    [done, *_] = two.taps("张伟", "合并")
    assert "已合并：汇川自动化设备 → 苏州汇川" in done
    lead = two.lead("苏州汇川")
    assert (lead.phone, lead.source, lead.region, lead.need) == ("13900001111", "展会", "苏州", "伺服")
    assert (lead.contact_name, lead.grade, lead.state) == ("王工", "A", "working")
    with two.work() as uow:
        assert len(uow.followups.about(lead.ref)) == 2
        assert len(uow.plans.open_for(lead.ref)) == 2
        assert [one.ended_by for one in uow.assignments.of(lead.id)] == ["", "合并"]
    two.ticks(at("03-12 09:30"))
    assert len([text for text in two.heard("张伟") if "该联系苏州汇川了" in text]) == 2


def test_the_old_number_and_the_old_name_lead_to_the_survivor(two: World) -> None:
    two.says("张伟", "看看 L2")
    two.says("张伟", "合并 L1 和 L2")
    two.taps("张伟", "合并")
    for words in ("看看 L2", "看看 汇川自动化设备"):
        assert "线索 L1" in two.says("张伟", words)[0]
    assert "已记跟进：苏州汇川" in two.says("张伟", "跟进 L2 对方要再看看方案")[0]
    assert "没有人在跟" not in two.says("李娜", "查一下 13812345678")[0]


def test_a_button_of_an_old_card_acts_on_the_survivor(two: World) -> None:
    old = two.says("张伟", "看看 L2")
    assert "线索 L2" in old[0]
    two.says("张伟", "合并 L1 和 L2")
    two.taps("张伟", "合并")
    with two.work() as uow:
        assert str(uow.customers.standing(uow.leads.get(2).ref)) == "L1"
    assert "苏州汇川：退回公海的原因是" in two.taps("张伟", "退回公海")[0]


def test_undo_takes_two_records_apart_to_the_byte(two: World) -> None:
    before = everything(two)
    two.says("张伟", "合并 L1 和 L2")
    two.taps("张伟", "电话换一个")
    two.taps("张伟", "合并")
    assert everything(two) != before
    assert "已撤销合并客户" in two.says("张伟", "撤销")[0]
    assert everything(two) == before
    assert "线索 L2" in two.says("张伟", "看看 L2")[0]


def test_the_other_number_may_be_the_one_that_stays(two: World) -> None:
    two.says("张伟", "合并 L1 和 L2")
    two.taps("张伟", "保留L2")
    two.taps("张伟", "合并")
    assert (two.lead("苏州汇川").state, two.lead("汇川自动化设备").state) == ("merged", "working")
    assert "线索 L2" in two.says("张伟", "看看 L1")[0]


@pytest.mark.parametrize("said", ["算了", "不合并", "5"])
def test_to_think_better_of_it_changes_nothing(two: World, said: str) -> None:
    before = everything(two)
    two.says("张伟", "合并 L1 和 L2")
    two.says("张伟", said)
    assert everything(two) == before


def account(world: World, name: str, person: str, phone: str, by: str = "张伟") -> str:
    with world.work(by) as uow:
        new = NewAccount(name=name, person=Person(name=person, phone=phone), source="官网")
        return str(create_account(uow, new, certain=True)[0].ref)


def test_a_lead_goes_over_into_an_account_with_its_person(two: World) -> None:
    ref = account(two, "苏州汇川技术有限公司", "李总", "13711112222")
    before = everything(two)
    [card] = two.says("张伟", f"合并 L1 和 {ref}")
    assert "→ 苏州汇川技术有限公司（A1）" in card
    two.taps("张伟", "合并")
    card = two.says("张伟", "看看 L1")[0]
    assert "客户 A1" in card
    assert "李总 13711112222、王工 13812345678" in card
    assert "电话聊了报价" in card
    assert "下次 03-11 15:00" in card
    assert "已撤销" in two.says("张伟", "撤销")[0]
    assert everything(two) == before


def test_no_clock_of_what_was_merged_runs_any_more(two: World) -> None:
    two.says("张伟", "合并 L1 和 L2")
    two.taps("张伟", "合并")
    two.ticks(at("04-20 10:00"))
    assert (two.lead("苏州汇川").state, two.lead("汇川自动化设备").state) == ("pooled", "merged")


def test_two_accounts_become_one_with_contacts_deals_and_names(world: World) -> None:
    first = account(world, "苏州汇川技术有限公司", "李总", "13711112222")
    second = account(world, "汇川股份", "李总", "13711112222".replace("137", "136"))
    world.says("张伟", f"加联系人 {second} 赵工 13500000001")
    world.says("张伟", f"建商机 {second} 伺服采购 35万")
    before = everything(world)
    world.says("张伟", f"合并 {first} 和 {second}")
    world.taps("张伟", "合并")
    card = world.says("张伟", "看看 汇川股份")[0]
    assert "客户 A1" in card
    assert "赵工" in card
    assert "350,000元" in card
    world.says("张伟", "撤销")
    assert everything(world) == before


def test_what_one_holds_and_what_a_colleague_holds_is_joined_by_who_leads_both(world: World) -> None:
    world.has_leads("苏州汇川", held_by="张伟")
    world.has_leads("汇川自动化设备", held_by="陈晨")
    world.says("王强", "合并 L1 和 L2")
    world.taps("王强", "负责人换一个")
    world.taps("王强", "合并")
    assert world.lead("苏州汇川").owner_id == world.member("陈晨").id
    assert "王强把两条记录合并成了「苏州汇川」" in world.heard("陈晨")[-1]
    assert "王强把「汇川自动化设备」与另一条记录合并了" in world.heard("张伟")[-1] or world.heard("张伟") == []


@pytest.fixture
def apart(world: World) -> World:
    """L1 is 张伟's, A1 is 李娜's; neither sees the other."""
    with world.work("张伟") as uow:
        create_lead(uow, NewLead(name="苏州汇川", phone="13812345678", contact_name="王工"))
    account(world, "汇川技术（苏州）有限公司", "赵工", "13900001111", by="李娜")
    world.says("张伟", "跟进 L1 电话聊了报价，要一份样册")
    world.heard("李娜")
    return world


def test_what_a_colleague_holds_is_joined_only_with_their_consent_and_nothing_of_it_is_told(apart: World) -> None:
    [card] = apart.says("张伟", "合并 L1 和 A1")
    assert "那一条在李娜名下，要对方或其主管同意" in card
    [waiting] = apart.says("张伟", "确认")
    assert "已问李娜" in waiting
    assert "技术" not in card + waiting
    [asked] = apart.heard("李娜")
    assert "张伟也有一条「汇川技术（苏州）有限公司」，想合并" in asked
    assert "138" not in asked
    assert "王工" not in asked
    [merged, *_] = apart.taps("李娜", "同意合并")
    assert "L1 并入 A1" in merged
    [told] = [text for text in apart.heard("张伟") if "同意了" in text]
    assert "之后由李娜跟进" in told
    card = apart.says("李娜", "看看 A1")[0]
    assert "王工 13812345678" in card
    assert "聊了报价，要一份样册" in card
    assert "没有找到" in apart.says("张伟", "看看 L1")[0]


def test_whoever_leads_the_holder_may_answer_and_the_first_answer_counts(apart: World) -> None:
    apart.says("张伟", "合并 L1 和 A1")
    apart.says("张伟", "确认")
    assert "没有合并" in apart.taps("赵敏", "不是同一家")[0]
    assert "赵敏说和「苏州汇川」不是同一家" in apart.heard("张伟")[-1]
    assert any("已经过期" in text for text in apart.taps("李娜", "同意合并"))
    assert apart.lead("苏州汇川").state == "working"


def test_who_agreed_may_take_it_back(apart: World) -> None:
    apart.says("张伟", "合并 L1 和 A1")
    apart.says("张伟", "确认")
    before = everything(apart)
    apart.taps("李娜", "同意合并")
    assert "已撤销合并客户" in apart.says("李娜", "撤销")[0]
    assert everything(apart) == before


def test_a_number_that_is_not_the_same_company_is_as_if_it_did_not_exist(apart: World) -> None:
    apart.has_leads("宁波舜宇光电", held_by="李娜")
    nothing = [apart.says("张伟", f"合并 L1 和 {ref}")[0].replace(ref, "…") for ref in ("L2", "L99", "A9")]
    assert len(set(nothing)) == 1
    assert nothing[0].startswith("没有找到「…」")


def test_a_wish_is_put_once_and_ends_after_a_week(apart: World) -> None:
    for answer in ("已问李娜", "已经问过对方了"):
        apart.says("张伟", "合并 L1 和 A1")
        assert answer in apart.says("张伟", "确认")[0]
    apart.says("张伟", "跟进 L1 又打了一次电话，对方还在比价")
    apart.now = at("03-13 10:00")
    assert any("已经过期" in text for text in apart.taps("李娜", "同意合并"))


def test_nothing_is_merged_with_itself_or_with_what_has_ended(two: World) -> None:
    assert "就是这一条" in two.says("张伟", "合并 L1 和 L1")[0]
    two.says("张伟", "作废 L2 空号")
    assert "已经作废，不能合并" in two.says("张伟", "合并 L1 和 L2")[0]
