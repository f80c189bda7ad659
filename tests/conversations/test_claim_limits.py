"""How much one may take out of the pool, and how much one may hold (semantics B.4)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.model.playbook import Capacity, Group, Hideable, Playbook, Pool, Room
from core.services.leads import NewLead, create_lead
from tests.world import SHANGHAI, World


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def rules(world: World, *pools: Pool, **parts: Any) -> None:
    """Put a playbook in force that differs from the defaults in these."""
    world.plays(Playbook(pools=pools or (Pool(),), **parts))


def pooled(world: World, *names: str) -> None:
    world.has_leads(*names, held_by="周婷")


def test_b4_1_a_batch_claim_fills_the_room_in_the_order_of_the_list_and_says_why_the_rest_stays(world: World) -> None:
    rules(world, Pool(claims_per_day=None), capacity=Capacity(most=50))
    held = [f"第{n}家机电" for n in range(48)]
    world.has_leads(*held, held_by="张伟")
    world.has_leads(*(f"培育{n}号机电" for n in range(3)), held_by="张伟")
    with world.work() as uow:
        for lead in uow.leads.held_by(world.member("张伟").id):
            lead.state = "nurture" if lead.name.startswith("培育") else "working"
    pooled(world, "苏州甲机电", "苏州乙机电", "苏州丙机电")
    assert "已用 48，最多 50，还能放 2 条" in world.says("张伟", "我还能领几个")[0]
    numbers = [world.lead(name).id for name in ("苏州丙机电", "苏州甲机电", "苏州乙机电")]
    [answer] = world.says("张伟", f"领取 {numbers[0]},{numbers[1]},{numbers[2]}")
    assert answer.startswith("领取成功 2 条，想领 3 条\n库容满了：最多 50 条，现在 50 条。")
    assert [world.lead(name).owner_id is None for name in ("苏州甲机电", "苏州乙机电", "苏州丙机电")] == [
        False,
        True,
        False,
    ]


def test_b4_1_where_the_pool_wants_all_or_nothing_a_batch_that_does_not_fit_claims_nothing(world: World) -> None:
    rules(world, Pool(all_or_nothing=True), capacity=Capacity(most=2))
    pooled(world, "苏州甲机电", "苏州乙机电", "苏州丙机电")
    [answer] = world.says("张伟", "领取 1,2,3")
    assert answer.startswith("要么都领，要么都不领，所以一条也没有领：库容满了")
    assert [world.lead(name).owner_id for name in ("苏州甲机电", "苏州乙机电", "苏州丙机电")] == [None] * 3


def test_deals_in_negotiation_fill_the_room_and_protected_vips_do_not(world: World) -> None:
    from core.model.deal import Deal

    rules(world, capacity=Capacity(most=3))
    world.has_leads("第1家机电", "第2家机电", held_by="张伟")
    with world.work() as uow:
        me = world.member("张伟").id
        for stage in ("商务谈判", "赢单", "初步接洽"):
            uow.deals.add(Deal(name=stage, owner_id=me, stage=stage, created_at=uow.now, updated_at=uow.now))
    assert "已用 3，最多 3" in world.says("张伟", "领取额度")[0]
    with world.work() as uow:
        [lead, _] = uow.leads.held_by(world.member("张伟").id)
        lead.tags, lead.protected_until = ("VIP",), uow.now + timedelta(days=3)
    assert "已用 2，最多 3" in world.says("张伟", "领取额度")[0]


def test_b4_2_returning_what_was_claimed_gives_no_claim_back(world: World) -> None:
    rules(world, Pool(claims_per_day=5))
    pooled(world, *(f"第{n}家机电" for n in range(7)))
    for number in (1, 2, 3):
        assert "领取成功" in world.says("张伟", f"领取 {number}")[0]
        assert "已退回" in world.says("张伟", f"退回 L{number} 无需求")[0]
    assert "领取成功" in world.says("张伟", "领取 4")[0]
    assert "领取成功" in world.says("张伟", "领取 5")[0]
    [refused] = world.says("张伟", "领取 6")
    assert refused == "您今天已经领了 5 次，公海每天最多 5 次（退回也算）。明天再领，或请主管分给您"
    world.now = at("03-06 09:00")
    assert "领取成功" in world.says("张伟", "领取 6")[0]


def test_b4_2_taking_a_claim_back_gives_no_claim_back_either(world: World) -> None:
    rules(world, Pool(claims_per_day=1))
    pooled(world, "苏州甲机电", "苏州乙机电")
    world.says("张伟", "领取 1")
    assert "已撤销" in world.says("张伟", "撤销")[0]
    assert "您今天已经领了 1 次" in world.says("张伟", "领取 2")[0]


def test_b4_3_the_cooldown_is_every_past_holders_not_only_the_lasts(world: World) -> None:
    rules(world, Pool(cooldown=timedelta(hours=72)))
    pooled(world, "华东机电")
    world.says("张伟", "领取 1")
    world.says("张伟", "退回 L1 无需求")
    world.now = at("03-06 09:00")
    assert "领取成功" in world.says("李娜", "领取 1")[0]
    world.says("李娜", "退回 L1 联系不上")
    world.now = at("03-07 09:00")
    [refused] = world.says("张伟", "领取 1")
    assert "「华东机电」是您退回或被回收过的，03-08 10:00 之后才能再领" in refused
    world.now = at("03-08 10:00")
    assert "领取成功" in world.says("张伟", "领取 1")[0]


def test_what_a_rule_took_back_cools_down_as_long_as_the_rule_says(world: World) -> None:
    first = Playbook().recycle[0].model_copy(update={"cooldown": timedelta(hours=48)})
    rules(world, recycle=(first,))
    world.has_leads("华东机电", held_by="张伟")
    world.ticks(at("03-06 10:00:01"))
    assert "03-08 10:00 之后才能再领" in world.says("张伟", "领取 1")[-1]
    assert "领取成功" in world.says("李娜", "领取 1")[0]


def test_b4_6_the_second_claim_waits_for_the_interval_to_the_second(world: World) -> None:
    rules(world, Pool(interval=timedelta(minutes=10)))
    pooled(world, "苏州甲机电", "苏州乙机电")
    world.says("张伟", "领取 1")
    world.now += timedelta(minutes=9, seconds=59)
    assert world.says("张伟", "领取 2") == ["公海两次领取要隔10分钟，03-05 10:10 之后再领"]
    world.now += timedelta(seconds=1)
    assert "领取成功" in world.says("张伟", "领取 2")[0]


def test_a_new_lead_waits_in_the_pool_before_it_may_be_claimed(world: World) -> None:
    rules(world, Pool(wait=timedelta(hours=1)))
    pooled(world, "苏州甲机电")
    assert "「苏州甲机电」刚进公海，03-05 11:00 起可以领取" in world.says("张伟", "领取 1")[0]
    world.now += timedelta(hours=1)
    assert "领取成功" in world.says("张伟", "领取 1")[0]


def test_b4_7_a_leader_gives_more_than_there_is_room_for_only_with_a_reason_that_the_digest_tells(
    world: World,
) -> None:
    rules(world, capacity=Capacity(most=200, rooms=(Room(who=Group(members=("张伟",)), most=1),)))
    world.has_leads("第1家机电", held_by="张伟")
    pooled(world, "华东机电")
    [question] = world.says("王强", "分配 华东机电 张伟")
    assert "张伟手上已满（1/1）" in question
    [answer] = world.says("王强", "客户指定")
    assert "已把「华东机电」给了张伟" in answer
    with world.work() as uow:
        given = uow.assignments.last_holder(world.lead("华东机电").id)
    assert (given.begun_by, given.note) == ("分配·超上限", "客户指定")
    world.ticks(at("03-05 18:00"))
    digest = next(text for text in world.heard("赵敏") if "日报" in text)
    assert "超上限：华东机电 给了张伟（客户指定）" in digest


def test_b4_8_beyond_the_days_views_a_pool_card_masks_name_and_contact(world: World) -> None:
    rules(world, Pool(views_per_day=20))
    for number in range(21):
        with world.work("周婷") as uow:
            new = NewLead(name=f"苏州{number:02}号机电", contact_name="王工", phone=f"138123400{number:02}")
            create_lead(uow, new, certain=True)
    first, second, third = world.says("张伟", "公海"), world.taps("张伟", "下一页"), world.taps("张伟", "下一页")
    assert all("王*" in line for line in (first[0] + second[0]).splitlines() if line.startswith("L"))
    [masked] = [line for line in third[0].splitlines() if line.startswith("L")]
    assert masked == "L1 苏州***"
    assert "今天已看满 20 条" in third[0]
    again = world.says("张伟", "公海")[0]
    assert "苏州20号机电" in again, "what was seen today may be seen again"
    world.now = at("03-06 10:00")
    world.says("张伟", "公海")
    world.taps("张伟", "下一页")


def test_a_rep_sees_the_pools_of_his_own_and_chooses_when_there_are_several(world: World) -> None:
    east = Pool(name="华东公海", members=Group(departments=("销售部/华东",)))
    big = Pool(name="大客户池", members=Group(members=("张伟",)), hidden=(Hideable.NAME, Hideable.PHONE))
    rules(world, east, big)
    pooled(world, "苏州甲机电", "苏州乙机电")
    with world.work() as uow:
        uow.leads.get(world.lead("苏州乙机电").id).pool = "大客户池"
    [choice] = world.says("张伟", "公海")
    assert choice == "看哪个公海？\n华东公海：1 条\n大客户池：1 条"
    [listed] = world.taps("张伟", "大客户池")
    assert "L2 苏州***" in listed
    assert "苏州甲机电" in world.says("张伟", "公海 华东公海")[0]
    assert world.says("陈晨", "公海")[0].startswith("华东公海 1 条")
    assert "没有" in world.says("李娜", "公海")[0]
    hidden, missing = world.says("陈晨", "领取 2")[0], world.says("陈晨", "领取 99")[0]
    assert hidden.replace("L2", "…") == missing.replace("L99", "…"), "what is not in sight is as if it did not exist"


@pytest.mark.parametrize("name", ["赵敏"])
def test_admins_of_a_pool_see_what_is_hidden_from_its_members(world: World, name: str) -> None:
    rules(world, Pool(admins=Group(members=("赵敏",)), hidden=(Hideable.NAME, Hideable.PHONE)))
    world.has_leads("苏州甲机电", held_by="周婷", phone="13812345678")
    assert "13812345678" in world.says(name, "公海")[0]
    assert "138****5678" in world.says("张伟", "公海")[0]
