"""What becomes of a lead: acknowledged, resting, void, given to somebody, an account; and claiming several."""

from datetime import datetime

import pytest

from tests.scripted import Script, act
from tests.world import SHANGHAI, World


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


@pytest.fixture
def script(world: World) -> Script:
    world.has_leads("苏州汇川", held_by="张伟", phone="13812345678")
    return Script(world)


def deadlines(world: World, name: str) -> set[str]:
    lead = world.lead(name)
    with world.work() as uow:
        return {deadline.kind for deadline in uow.deadlines.of(lead.ref)}


def test_e40_to_acknowledge_stops_no_clock(world: World, script: Script) -> None:
    [answer] = world.says("张伟", "接收")
    assert "好的，等您联系「苏州汇川」" in answer
    assert "时钟没有停" in answer
    assert "03-06 10:00 前" in answer
    world.ticks(at("03-06 10:01"))
    assert world.lead("苏州汇川").state == "pooled"


def test_e33_a_lead_rests_until_the_workday_after_a_saturday_and_its_clocks_stop(world: World, script: Script) -> None:
    said = script.means(
        "汇川暂时没意向，半年后再说", act("lead.nurture", customer="苏州汇川", next_at="2026-09-05T09:00:00+08:00")
    )
    [answer] = world.says("张伟", said)
    assert "已转入培育：苏州汇川" in answer
    assert "2026-09-07 周一 09:00" in answer
    assert deadlines(world, "苏州汇川") == set()
    world.ticks(at("03-09 10:00"))
    assert world.lead("苏州汇川").state == "nurture"
    assert "手上 0 条" in world.says("张伟", "今天")[0]
    world.ticks(at("09-07 08:30"))
    assert [text for text in world.heard("张伟") if "该联系苏州汇川了" in text]


def test_being_in_touch_again_makes_a_resting_lead_work_again(world: World, script: Script) -> None:
    world.says("张伟", script.means("放放", act("lead.nurture", customer="汇川", next_at="2026-09-07T09:00:00+08:00")))
    world.says("张伟", "跟进 汇川 对方主动来电要报价")
    assert world.lead("苏州汇川").state == "working"
    assert "recycle" in deadlines(world, "苏州汇川")


def test_undo_wakes_a_resting_lead_with_its_clocks(world: World, script: Script) -> None:
    world.says("张伟", script.means("放放", act("lead.nurture", customer="汇川", next_at="2026-09-07T09:00:00+08:00")))
    assert "已撤销转入培育：苏州汇川" in world.says("张伟", "撤销")[0]
    world.ticks(at("03-06 10:01"))
    assert world.lead("苏州汇川").state == "pooled"


def test_e38_a_dead_number_makes_a_lead_void_with_its_reason(world: World, script: Script) -> None:
    world.says("张伟", "下次联系 汇川 明天下午三点")
    assert "作废的原因是" in world.says("张伟", script.means("汇川作废", act("lead.invalidate", customer="汇川")))[0]
    assert "已作废：苏州汇川\n原因：空号" in world.says("张伟", "空号")[0]
    assert (world.lead("苏州汇川").state, deadlines(world, "苏州汇川")) == ("invalid", set())
    done = world.ticks(at("03-06 14:31"))
    assert "reminder" not in done.kept
    assert "没有记录" in world.says("李娜", "查一下 13812345678")[0]


def test_undo_restores_a_void_lead_with_clock_and_plan(world: World, script: Script) -> None:
    world.says("张伟", "下次联系 汇川 明天下午三点")
    world.says("张伟", script.means("汇川空号", act("lead.invalidate", customer="汇川", reason="空号")))
    assert "已撤销作废线索：苏州汇川" in world.says("张伟", "撤销")[0]
    assert deadlines(world, "苏州汇川") == {"recycle", "recycle_warning"}
    lead = world.lead("苏州汇川")
    with world.work() as uow:
        assert len(uow.plans.open_for(lead.ref)) == 1


def test_e82_a_manager_gives_a_lead_to_one_of_the_own_people_and_both_are_told(world: World, script: Script) -> None:
    [answer] = world.says("王强", script.means("把汇川给小陈", act("lead.assign", customer="汇川", member="小陈")))
    assert "已把「苏州汇川」给了陈晨" in answer
    assert "原来在张伟名下" in answer
    [given] = world.heard("陈晨")
    assert "王强给您分了一条线索：苏州汇川" in given
    assert "03-06 10:00 前首次跟进" in given
    assert [text for text in world.heard("张伟") if "王强把「苏州汇川」转给了陈晨" in text]
    assert "电话：13812345678" in world.says("陈晨", "看看 汇川")[0]
    assert "没有找到" in world.says("张伟", "看看 汇川")[0]


def test_a_manager_gives_out_of_the_pool_and_can_take_it_back(world: World, script: Script) -> None:
    world.has_leads("宁波舜宇", held_by="周婷")
    world.says("王强", script.means("把舜宇给张伟", act("lead.assign", customer="宁波舜宇", member="张伟")))
    assert world.lead("宁波舜宇").owner_id == world.member("张伟").id
    assert "已撤销分配线索：宁波舜宇" in world.says("王强", "撤销")[0]
    assert world.lead("宁波舜宇").is_pooled


@pytest.mark.parametrize(
    ("who", "to", "why"),
    [
        ("张伟", "陈晨", "您没有分配线索的权限"),
        ("王强", "李娜", "您没有把线索分给李娜的权限"),
        ("王强", "陈静", "不做销售"),
        ("王强", "张伟", "本来就在张伟名下"),
        ("王强", "老赵头", "没有找到同事"),
    ],
)
def test_not_everybody_gives_leads_and_not_to_everybody(
    world: World, script: Script, who: str, to: str, why: str
) -> None:
    said = script.means(f"把汇川给{to}", act("lead.assign", customer="汇川", member=to))
    assert why in world.says(who, said)[0]
    assert world.lead("苏州汇川").owner_id == world.member("张伟").id


def test_another_departments_lead_is_not_to_be_given(world: World, script: Script) -> None:
    world.has_leads("华南电气", held_by="李娜")
    said = script.means("把华南电气给张伟", act("lead.assign", customer="华南电气", member="张伟"))
    assert "没有找到" in world.says("王强", said)[0]


def test_to_whom_is_asked_with_the_own_people_as_choices(world: World, script: Script) -> None:
    assert "给哪位同事" in world.says("王强", script.means("汇川分一下", act("lead.assign", customer="汇川")))[0]
    assert "给了陈晨" in world.says("王强", "陈晨")[0]


@pytest.fixture
def converted(world: World, script: Script) -> str:
    world.says("张伟", "跟进 汇川 电话聊了报价，下周三下午三点再联系")
    return script.means("汇川转成客户", act("lead.convert", customer="汇川"))


def test_e39_a_lead_becomes_an_account_and_everything_moves_along_after_a_yes(world: World, converted: str) -> None:
    [card] = world.says("张伟", converted)
    assert "转为客户：苏州汇川，对吗？" in card
    assert world.lead("苏州汇川").state == "working"
    assert "已转为客户：苏州汇川" in world.says("张伟", "确认")[0]
    assert (world.lead("苏州汇川").state, deadlines(world, "苏州汇川")) == ("converted", set())
    [card] = world.says("张伟", "看看 汇川")
    assert "客户 A1" in card
    assert "13812345678" in card
    assert "电话聊了报价" in card
    assert "下次 03-11 15:00" in card
    world.ticks(at("03-11 14:30"))
    assert [text for text in world.heard("张伟") if "该联系苏州汇川了" in text]


def test_undo_makes_an_account_a_lead_again_with_all_that_belonged_to_it(world: World, converted: str) -> None:
    world.says("张伟", converted)
    world.says("张伟", "确认")
    assert "已撤销" in world.says("张伟", "撤销")[0]
    lead = world.lead("苏州汇川")
    assert lead.state == "working"
    assert "recycle" in deadlines(world, "苏州汇川")
    with world.work() as uow:
        assert len(uow.followups.of(lead.ref, 5)) == 1
        assert len(uow.plans.open_for(lead.ref)) == 1
    assert "线索 L1" in world.says("张伟", "看看 汇川")[0]


def test_e29_three_are_claimed_in_the_order_of_the_list(world: World, script: Script) -> None:
    world.has_leads("甲电气", "乙电气", "丙电气", "丁电气", held_by="周婷")
    said = script.means("领３个电气的线索", act("lead.claim", count=3, industry="电气"))
    [answer] = world.says("张伟", said)
    assert "领取成功 3 条" in answer
    assert [world.lead(f"{name}电气").is_held for name in "甲乙丙丁"] == [False, True, True, True]
    assert "撤销" in world.says("张伟", "撤销")[0]
    assert [world.lead(f"{name}电气").is_pooled for name in "甲乙丙丁"] == [True, True, True, True]


def test_e29_fewer_than_wanted_says_how_many_there_were(world: World, script: Script) -> None:
    world.has_leads("甲电气", held_by="周婷")
    [answer] = world.says("张伟", script.means("领3个电气的线索", act("lead.claim", count=3, industry="电气")))
    assert "领取成功 1 条，想领 3 条" in answer
    assert "符合的只有 1 条" in answer
    assert "没有符合「电气」" in world.says("张伟", "领3个电气的线索")[0]
