"""Names that are on no record, though they begin like a customer's; and companies told of for the first time."""

from tests.world import World


def test_a_stranger_is_never_taken_for_the_customer_whose_name_begins_alike(world: World) -> None:
    world.has_leads("常州恒立精密机械有限公司", held_by="张伟")
    [asked] = world.says("张伟", "跟进 恒立物流 打了电话，对方要报价")
    assert "没有找到「恒立物流」，是「常州恒立精密机械有限公司」吗" in asked
    assert world.lead("常州恒立精密机械有限公司").last_followup_at is None


def test_whoever_is_meant_all_the_same_is_confirmed_with_one_word(world: World) -> None:
    world.has_leads("常州恒立精密机械有限公司", held_by="张伟")
    world.says("张伟", "跟进 恒立物流 打了电话，对方要报价")
    assert "已记跟进：常州恒立精密机械有限公司" in world.says("张伟", "是")[0]


def test_a_stranger_in_the_pool_is_not_claimed(world: World) -> None:
    world.has_leads("嘉兴南湖酒业有限公司")
    assert "没有找到「南湖啤酒」" in world.says("张伟", "领取 南湖啤酒")[0]
    assert world.lead("嘉兴南湖酒业有限公司").owner_id is None


def test_two_newcomers_of_one_message_are_two_leads(world: World) -> None:
    world.says("张伟", "又来两个线索：昆山博远电子 李工 13962601111；昆山富立塑胶 王小姐 13962602222")
    world.says("张伟", "确认")
    assert world.lead("昆山博远电子").phone == "13962601111"
    assert world.lead("昆山富立塑胶").contact_name == "王小姐"


def test_what_is_said_of_a_row_is_done_to_each(world: World) -> None:
    world.has_leads("义乌百优饰品有限公司", "舟山新港船务有限公司", held_by="张伟")
    world.says("张伟", "百优和新港都退公海吧，没预算")
    world.says("张伟", "确认")
    assert world.lead("义乌百优饰品有限公司").owner_id is None
    assert world.lead("舟山新港船务有限公司").owner_id is None
