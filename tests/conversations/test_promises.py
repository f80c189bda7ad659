"""The ledger of promises (C15): found in follow-ups, recalled, settled, held against one another."""

from datetime import datetime

from tests.world import SHANGHAI, World


def at(words: str) -> datetime:
    return datetime.strptime(f"2026-{words}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def _meets(world: World, name: str = "张伟") -> None:
    world.says(name, "录个客户 华为技术有限公司 王工 13912345678")


def test_c15_what_was_promised_in_a_follow_up_is_kept_with_its_day(world: World) -> None:
    _meets(world)
    said = world.says("张伟", "跟进 华为 电话聊了需求，答应周五前给方案")[-1]
    assert "记入承诺：答应周五前给方案（03-06 18:00）" in said
    listed = world.says("张伟", "我答应了谁什么")[-1]
    assert "华为技术有限公司：答应周五前给方案（03-06 18:00）" in listed
    assert "1 条承诺没兑现" in world.says("张伟", "华为的承诺")[-1]


def test_e6_and_e14_a_day_told_in_passing_is_a_promise(world: World) -> None:
    _meets(world)
    assert (
        "记入承诺：华为要改方案下周一给（03-09 18:00）"
        in world.says("张伟", "跟进 华为 拜访过了，华为要改方案下周一给")[-1]
    )
    said = world.says("张伟", "跟进 华为 刘总说价格还是有点高，让我们这周五之前给个最终价")[-1]
    assert "让我们这周五之前给个最终价（03-06 18:00）" in said
    assert "之前还欠：" in said


def test_a_promise_is_recalled_before_its_time_and_counts_as_broken_a_day_after(world: World) -> None:
    _meets(world)
    world.says("张伟", "跟进 华为 电话聊了需求，答应周五前给方案")
    world.ticks(at("03-06 15:59"))
    assert not [said for said in world.heard("张伟") if "答应客户" in said]
    world.ticks(at("03-06 16:01"))
    assert [said for said in world.heard("张伟") if "答应客户的快到期了：华为技术有限公司" in said]
    world.ticks(at("03-07 18:01"))
    assert [said for said in world.heard("张伟") if "没有做到：华为技术有限公司" in said]
    assert [said for said in world.heard("王强") if "张伟答应的没有做到：华为技术有限公司" in said]
    assert "已做到，晚了" in world.says("张伟", "华为的方案给了")[-1]


def test_a_promise_that_was_kept_in_time_is_never_spoken_of_again(world: World) -> None:
    _meets(world)
    world.says("张伟", "跟进 华为 电话聊了需求，答应周五前给方案")
    assert "已做到：华为技术有限公司" in world.says("张伟", "方案给了")[-1]
    world.ticks(at("03-09 18:01"))
    assert not [said for said in world.heard("张伟") if "快到期" in said or "没有做到" in said]
    assert "没有欠着的承诺" in world.says("张伟", "我的承诺")[-1]


def test_taking_a_follow_up_back_takes_its_promise_and_its_clock_with_it(world: World) -> None:
    _meets(world)
    world.says("张伟", "跟进 华为 电话聊了需求，答应周五前给方案")
    world.says("张伟", "撤销")
    assert "没有欠着的承诺" in world.says("张伟", "我的承诺")[-1]
    world.ticks(at("03-09 18:01"))
    assert not [said for said in world.heard("张伟") if "方案" in said]


def test_the_same_thing_promised_anew_takes_the_place_of_what_was_promised(world: World) -> None:
    _meets(world)
    world.says("张伟", "跟进 华为 电话聊了需求，答应周五前给方案")
    world.says("张伟", "跟进 华为 客户改口了，答应下周三前给方案")
    with world.work() as uow:
        states = [(one.words, one.state) for one in uow.promises.of([uow.accounts.get(1).ref])]
    assert states == [("答应周五前给方案", "changed"), ("答应下周三前给方案", "open")]


def test_c15_two_colleagues_who_promise_different_things_are_alarmed(world: World) -> None:
    _meets(world)
    world.says("张伟", "和陈晨一起跟华为")
    world.says("张伟", "跟进 华为 电话聊了价格，答应给他们打九折")
    world.says("张伟", "确认")
    world.says("陈晨", "跟进 华为 拜访了采购，承诺最低八五折")
    said = world.says("陈晨", "确认")[-1]
    assert "和张伟说的不一样" in said
    assert "打九折" in said
    assert [told for told in world.heard("张伟") if "同一个客户，两种说法" in told]
    assert [told for told in world.heard("王强") if "同一个客户，两种说法" in told]


def test_a_promise_is_put_off_and_both_days_are_shown(world: World) -> None:
    _meets(world)
    world.says("张伟", "跟进 华为 电话聊了需求，答应周五前给方案")
    changed = world.says("张伟", "承诺改期 华为的方案 下周三")[-1]
    assert "03-06 18:00 → 03-11 18:00" in changed
    world.ticks(at("03-07 18:01"))
    assert not [said for said in world.heard("张伟") if "没有做到" in said]


def test_one_of_several_promises_is_chosen(world: World) -> None:
    _meets(world)
    world.says("张伟", "跟进 华为 电话聊了需求，答应周五前给方案，答应下周二前寄样品")
    asked = world.says("张伟", "华为的承诺做到了")[-1]
    assert "是哪一条" in asked
    assert "已做到" in world.says("张伟", "2")[-1]
    listed = world.says("张伟", "我的承诺")[-1]
    assert "方案" in listed
    assert "样品" not in listed


def test_what_the_customer_promised_is_told_apart(world: World) -> None:
    _meets(world)
    world.says("张伟", "跟进 华为 刘总说合同没问题，对方承诺下周三前付款")
    assert "对方承诺下周三前付款" in world.says("张伟", "华为的承诺")[-1]


def test_a_colleague_who_may_not_see_the_customer_sees_no_promise(world: World) -> None:
    _meets(world)
    world.says("张伟", "跟进 华为 电话聊了需求，答应周五前给方案")
    assert "03-06" not in world.says("李娜", "华为的承诺")[-1]
    assert "03-06" not in world.says("李娜", "张伟的承诺")[-1]
    assert "张伟答应：答应周五前给方案" in world.says("王强", "团队的承诺")[-1]


def test_nothing_promised_nothing_kept(world: World) -> None:
    _meets(world)
    assert "没有找到" in world.says("张伟", "华为的方案给了")[-1]


def test_promises_go_along_when_a_lead_becomes_an_account(world: World) -> None:
    world.has_leads("大疆创新", held_by="张伟")
    world.says("张伟", "跟进 大疆 聊了样品的事，答应周五前寄样品")
    world.says("张伟", "大疆转成客户")
    assert "已转为客户" in world.says("张伟", "确认")[-1]
    assert "寄样品" in world.says("张伟", "大疆的承诺")[-1]
