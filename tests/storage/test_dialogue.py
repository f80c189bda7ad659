"""What the dialogue asks of the database, on both kinds: questions per chat, several acts, corrections, conversions."""

from datetime import datetime

from bot.event import EventKind
from tests.scripted import Script, act
from tests.world import SHANGHAI, World


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def test_a_follow_up_moves_to_the_right_customer_and_back(any_world: World) -> None:
    world = any_world
    world.has_leads("华为技术有限公司", "中兴通讯", held_by="张伟")
    world.says("张伟", "下次联系 华为 今天下午三点")
    world.says("张伟", "跟进 华为 电话聊了报价和交期，下周三下午三点再联系")
    assert "对吗" in world.says("张伟", "刚才那条跟进写错了，是中兴不是华为")[0]
    assert "已改记到「中兴通讯」" in world.says("张伟", "确认")[0]
    assert world.lead("华为技术有限公司").state == "assigned"
    assert world.lead("中兴通讯").state == "working"
    assert "已撤销更正跟进" in world.says("张伟", "撤销")[0]
    assert world.lead("华为技术有限公司").state == "working"


def test_two_acts_are_done_and_taken_back_together_and_a_refused_one_takes_the_other_along(any_world: World) -> None:
    world = any_world
    world.has_leads("华为技术有限公司", "中兴通讯", held_by="张伟")
    world.passes(minutes=20)
    world.heard("张伟")
    script = Script(world)
    first = act("followup.log", customer="华为技术有限公司", content="发了样品给对方")
    good = script.means("两件", first, act("followup.log", customer="中兴通讯", content="也发了样品给对方"))
    bad = script.means("一件不行", first, act("reminder.create", at="2026-03-04T09:00:00+08:00", content="寄发票"))
    assert "都没有记录" in world.says("张伟", bad)[0]
    assert world.lead("华为技术有限公司").state == "assigned"
    assert "2 件事都办好了" in world.says("张伟", good)[0]
    assert "已撤销" in world.says("张伟", "撤销")[0]
    assert world.lead("中兴通讯").state == "assigned"


def test_each_chat_of_a_person_has_its_question(any_world: World) -> None:
    world = any_world
    world.has_leads("华为技术有限公司", held_by="张伟")
    world.comes("张伟", EventKind.TEXT, text="退回 华为", reply_to={"group": "cid"})
    world.settles().heard("张伟")
    assert "没听明白" in world.says("张伟", "1")[0]
    world.comes("张伟", EventKind.TEXT, text="1", reply_to={"group": "cid"})
    assert "已退回公海" in world.settles().heard("张伟")[0]


def test_a_lead_becomes_an_account_with_tags_people_and_history_and_back(any_world: World) -> None:
    world = any_world
    world.has_leads("苏州汇川", held_by="张伟", phone="13812345678")
    script = Script(world)
    world.says("张伟", script.means("打标签", act("tag.add", customer="苏州汇川", tags=["高意向"])))
    world.says("张伟", "跟进 汇川 电话聊了报价和交期，下周三下午三点再联系")
    world.says("张伟", script.means("转", act("lead.convert", customer="苏州汇川")))
    assert "已转为客户" in world.says("张伟", "确认")[0]
    card = world.says("张伟", "看看 汇川")[0]
    assert "标签：高意向" in card
    assert "下次 03-11 15:00" in card
    assert "已撤销" in world.says("张伟", "撤销")[0]
    assert (world.lead("苏州汇川").state, world.lead("苏州汇川").tags) == ("working", ("高意向",))


def test_what_people_ask_about_their_work_is_answered_alike(any_world: World) -> None:
    world = any_world
    world.has_leads("苏州汇川", "大疆创新", held_by="张伟")
    world.says("张伟", "跟进 大疆创新 上门拜访了采购，看了产线，下周三下午三点再联系")
    script = Script(world)
    team = script.means("团队", act("team.activity"))
    silent = script.means("三天", act("team.silent", count=3))
    assert "张伟 1 次：大疆创新" in world.says("王强", team)[0]
    world.now = at("03-05 20:00")
    assert "1. 苏州汇川：03-06 10:00 回收" in world.says("张伟", "哪些快掉公海了")[0]
    world.now = at("03-10 10:00")
    assert "没跟的：苏州汇川（03-05）、大疆创新（03-05）" in world.says("王强", silent)[0]
    world.ticks(at("03-10 10:01"))
    world.heard("张伟")
    why = script.means("为啥收了汇川", act("explain", customer="苏州汇川"))
    assert "规则：首次跟进24小时" in world.says("张伟", why)[0]
