"""Customers put on record, completed, marked, and looked for (phrases E18–E20, E24–E26, E61)."""

import pytest

from bot.event import EventKind
from tests.scripted import Script, act
from tests.world import World


@pytest.fixture
def script(world: World) -> Script:
    world.has_leads("大疆创新", held_by="张伟", phone="13800138000")
    return Script(world)


@pytest.fixture
def haikang(world: World, script: Script) -> str:
    said = script.means(
        "录个客户：杭州海康，制造业，500人以上，联系人 陈总监",
        act("account.create", customer="杭州海康", industry="制造业", size="500人以上", contact="陈总监"),
    )
    return world.says("张伟", said)[0]


def test_e24_a_customer_is_kept_with_its_person_and_the_missing_phone_is_asked(world: World, haikang: str) -> None:
    assert "新客户 A1 杭州海康" in haikang
    assert "规模：500人以上" in haikang
    assert "电话是多少" in haikang
    assert "电话：13912345678" in world.says("张伟", "139 1234 5678")[0]
    [card] = world.says("张伟", "看看 海康")
    assert card.count("陈总监") == 1, "the person is completed, not doubled"
    assert "13912345678" in card


def test_e24_the_same_company_is_not_kept_twice(world: World, haikang: str) -> None:
    assert "已记录" not in haikang
    assert "已有记录：杭州海康" in world.says("李娜", "录个客户：杭州海康，制造业，500人以上，联系人 陈总监")[0]


def test_a_new_customer_can_be_taken_back(world: World, haikang: str) -> None:
    assert "新客户" in haikang
    assert "已撤销录入客户：杭州海康" in world.says("张伟", "撤销")[0]
    assert "没有找到" in world.says("张伟", "看看 海康")[0]


def test_e20_a_person_is_added_to_an_account_beside_the_others(world: World, haikang: str, script: Script) -> None:
    assert haikang
    said = script.means(
        "海康王工电话139 1234 5678，邮箱wg@hik.com 加一下",
        act("contact.add", customer="杭州海康", contact="王工", phone="13912345678", email="wg@hik.com"),
    )
    [answer] = world.says("张伟", said)
    assert "联系人：王工\n电话：13912345678\n邮箱：wg@hik.com" in answer
    card = world.says("张伟", "看看 海康")[0]
    assert "陈总监" in card
    assert "王工" in card
    world.says("张伟", "撤销")
    assert "王工" not in world.says("张伟", "看看 海康")[0]


def test_e20_a_lead_keeps_one_person_and_asks_before_another_takes_the_place(world: World, script: Script) -> None:
    first = act("contact.add", customer="大疆创新", contact="王工", phone="13912345678")
    assert "联系人：王工" in world.says("张伟", script.means("大疆王工13912345678", first))[0]
    second = act("contact.add", customer="大疆创新", contact="李总", phone="13712345678")
    [question] = world.says("张伟", script.means("大疆李总13712345678", second))
    assert "现在是王工。换成李总吗？" in question
    assert "没有改动" in world.says("张伟", "不换")[0]
    world.says("张伟", "大疆李总13712345678")
    assert "联系人：李总\n电话：13712345678" in world.taps("张伟", "换成新的")[0]


def test_e20_a_new_number_of_a_lead_s_own_person_takes_nobody_s_place(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.says("张伟", "华东机电王工电话13912340000 加一下")
    assert "联系人：王工\n电话：13912349999" in world.says("张伟", "华东机电王工电话13912349999 加一下")[0]


def test_a_number_that_is_none_is_not_kept(world: World, script: Script) -> None:
    said = script.means("大疆王工12345", act("contact.add", customer="大疆创新", contact="王工", phone="12345"))
    assert "不是有效的电话号码" in world.says("张伟", said)[0]
    assert world.lead("大疆创新").contact_name == ""


def test_e18_e19_tags_are_put_on_shown_and_taken_off(world: World, script: Script) -> None:
    said = script.means(
        "给大疆打标签 高意向、决策链长", act("tag.add", customer="大疆创新", tags=["高意向", "决策链长"])
    )
    assert "已打标签：高意向、决策链长" in world.says("张伟", said)[0]
    assert "标签：高意向、决策链长" in world.says("张伟", "看看 大疆创新")[0]
    off = script.means("大疆去掉高意向", act("tag.remove", customer="大疆创新", tags=["高意向"]))
    assert "标签：决策链长" in world.says("张伟", off)[0]
    assert "没有标签「高意向」，现在有：决策链长" in world.says("张伟", off)[0]
    assert "已撤销去掉标签：大疆创新" in world.says("张伟", "撤销")[0]
    assert world.lead("大疆创新").tags == ("高意向", "决策链长")
    assert "这些标签已经有了" in world.says("张伟", said)[0]


def test_a_colleague_marks_nothing_of_mine(world: World, script: Script) -> None:
    said = script.means("给大疆打标签 高意向", act("tag.add", customer="大疆创新", tags=["高意向"]))
    assert "没有找到" in world.says("李娜", said)[0]
    assert world.lead("大疆创新").tags == ()


def test_e26_whose_number_it_is_shows_the_own_and_hides_the_others(world: World, script: Script) -> None:
    said = script.means("这个号码是谁的 13800138000", act("phone.lookup", phone="13800138000"))
    assert "大疆创新" in world.says("张伟", said)[0]
    [others] = world.says("李娜", said)
    assert "张伟在跟" in others
    assert "大疆" not in others
    assert "13800138000" not in others
    [nobody] = world.says("张伟", script.means("13900000000是谁", act("phone.lookup", phone="13900000000")))
    assert "139****0000 没有记录" in nobody


def test_e61_what_was_talked_about_last_is_found_by_the_person(world: World, script: Script) -> None:
    world.says("张伟", "跟进 大疆创新 和刘总聊了交期，他要看样品，下周三下午三点再联系")
    [answer] = world.says("张伟", script.means("上次跟刘总聊到哪了", act("followup.last", contact="刘总")))
    assert "上次和「大疆创新」聊到这里" in answer
    assert "和刘总聊了交期" in answer
    assert "下次 03-11 15:00" in answer
    assert "没有找到「刘总」" in world.says("李娜", "上次跟刘总聊到哪了")[0]


def test_e124_a_colleague_who_is_named_is_told_and_numbers_stay_hidden(world: World, script: Script) -> None:
    said = script.means(
        "跟进大疆 王工说电话13812345678 @王强 你看下",
        act("followup.log", customer="大疆创新", content="王工说打13812345678，请看下", members=["王强"]),
    )
    assert "已告诉：王强" in world.says("张伟", said)[0]
    [told] = world.heard("王强")
    assert "张伟请您看一下「大疆创新」" in told
    assert "138****5678" in told


def test_e125_a_follow_up_written_down_later_says_so(world: World, script: Script) -> None:
    said = script.means(
        "昨天下午3点跟大疆开的会补记一下",
        act(
            "followup.log",
            customer="大疆创新",
            content="开会对了方案",
            method="meeting",
            at="2026-03-05T09:00:00+08:00",
        ),
    )
    world.passes(hours=2)
    with world.work() as uow:
        uow.leads.get(1).assigned_at = uow.now.replace(hour=0)
    [answer] = world.says("张伟", said)
    assert "时间：03-05 09:00（补记）" in answer
    assert world.lead("大疆创新").state == "working"


def test_what_happened_before_it_was_mine_stops_none_of_my_clocks(world: World, script: Script) -> None:
    said = script.means(
        "补记前天的会",
        act("followup.log", customer="大疆创新", content="开会对了方案", at="2026-03-03T15:00:00+08:00"),
    )
    assert "补记" in world.says("张伟", said)[0]
    assert world.lead("大疆创新").state == "assigned"


def test_e1_the_wished_discount_is_written_down_and_not_promised(world: World, script: Script) -> None:
    said = script.means(
        "跟进大疆要打九折", act("followup.log", customer="大疆创新", content="对方要打九折", discount_percent=10)
    )
    [answer] = world.says("张伟", said)
    assert "已记跟进" in answer
    assert "对方想要 9 折，已写在跟进里。要给先转成客户、建好商机" in answer


def test_e14_a_follow_up_may_bring_tags_and_one_undo_takes_both_back(world: World, script: Script) -> None:
    said = script.means(
        "大疆嫌贵", act("followup.log", customer="大疆创新", content="刘总说价格还是有点高", tags=["价格敏感"])
    )
    assert "标签：价格敏感" in world.says("张伟", said)[0]
    assert world.lead("大疆创新").tags == ("价格敏感",)
    assert "已撤销记跟进：大疆创新" in world.says("张伟", "撤销")[0]
    assert (world.lead("大疆创新").tags, world.lead("大疆创新").state) == ((), "assigned")


def test_what_a_follow_up_says_of_a_deal_is_kept_as_words_and_nobody_pretends(world: World, script: Script) -> None:
    said = script.means(
        "大疆预算80w", act("followup.log", customer="大疆创新", content="预算80w，老板拍板", amount="800000")
    )
    assert "商机没有动" in world.says("张伟", said)[0]


def test_a_picture_in_a_question_is_no_answer(world: World, haikang: str) -> None:
    assert haikang
    world.comes("张伟", EventKind.VIDEO, fields={"media_id": "m"})
    assert "目前只能处理文字" in world.settles().heard("张伟")[0]


def test_whoever_looks_up_a_customer_of_theirs_reads_its_name(world: World) -> None:
    world.has_leads("凤凰光学股份有限公司", held_by="张伟")
    for words in ("查一下 凤凰光学股份有限公司", "查一下 凤凰光学"):
        (answer,) = world.says("张伟", words)
        assert "凤凰光学" in answer
        assert "lead:" not in answer
