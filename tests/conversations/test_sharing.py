"""Deals that colleagues share: offered, agreed, declined, and whose the credit is."""

from datetime import timedelta

import pytest

from core.services.sharing import splits_of
from tests.world import World


@pytest.fixture
def deal(world: World) -> World:
    world.says("张伟", "录个客户 华为技术有限公司 王工 13912345678")
    world.says("张伟", "跟进 华为 电话聊了服务器需求，明天下午三点再联系")
    world.says("张伟", "给华为建个商机 服务器 35万 6月底签")
    world.heard("张伟")
    return world


def _splits(world: World, *, ago: int = 0) -> dict[str, int]:
    with world.work() as uow:
        [deal] = uow.deals.of(1)
        splits = splits_of(uow, [deal], uow.now - timedelta(days=ago))[deal.id]
        names = {number: member.name for number, member in uow.members.find(splits).items()}
    return {names[member]: share for member, share in splits.items()}


def test_a_share_counts_once_the_colleague_agrees(deal: World) -> None:
    offered = deal.says("张伟", "华为这单跟李娜三七分")[-1]
    assert "李娜 70%，张伟 30%" in offered
    assert _splits(deal) == {"张伟": 100}
    asked = deal.heard("李娜")[-1]
    assert "张伟请您一起做「华为技术有限公司服务器」" in asked
    assert "70%" in asked
    assert "您占「华为技术有限公司服务器」70%" in deal.taps("李娜", "同意")[-1]
    assert "李娜同意了，占 70%" in deal.heard("张伟")[-1]
    assert _splits(deal) == {"张伟": 30, "李娜": 70}
    assert "张伟 30%，李娜 70%" in deal.says("张伟", "看看华为的商机")[-1]


def test_whoever_shares_a_deal_sees_it_and_its_customer(deal: World) -> None:
    deal.says("张伟", "华为这单跟李娜三七分")
    assert "350,000" not in deal.says("李娜", "看商机 D1")[-1]
    deal.taps("李娜", "同意")
    assert "350,000" in deal.says("李娜", "看商机 D1")[-1]
    assert "记跟进" in deal.says("李娜", "跟进 华为 拜访了刘总，方案没问题")[-1] or "已记跟进" in deal.heard("李娜")[-1]


def test_a_colleague_who_declines_changes_nothing(deal: World) -> None:
    deal.says("张伟", "华为这单跟李娜五五分")
    deal.taps("李娜", "不同意")
    assert "没有同意 50% 的分成" in deal.heard("张伟")[-1]
    assert _splits(deal) == {"张伟": 100}
    assert "已经拒绝了" in deal.presses("李娜", "share.agree", {"number": "1"})[-1]


def test_shares_never_come_to_more_than_all_of_it(deal: World) -> None:
    deal.says("张伟", "华为这单跟李娜分60%")
    said = deal.says("张伟", "华为这单跟陈晨分50%")[-1]
    assert "1% 到 40% 之间" in said
    deal.says("张伟", "华为这单跟陈晨分40%")
    deal.taps("李娜", "同意")
    deal.taps("陈晨", "同意")
    assert _splits(deal) == {"张伟": 0, "李娜": 60, "陈晨": 40}
    assert sum(_splits(deal).values()) == 100


def test_a_new_share_takes_the_place_of_the_old_one_once_it_is_agreed(deal: World) -> None:
    deal.says("张伟", "华为这单跟李娜三七分")
    deal.taps("李娜", "同意")
    deal.passes(days=2)
    deal.says("张伟", "华为这单跟李娜分30%")
    assert _splits(deal) == {"张伟": 30, "李娜": 70}
    deal.taps("李娜", "同意")
    assert _splits(deal) == {"张伟": 70, "李娜": 30}
    assert _splits(deal, ago=1) == {"张伟": 30, "李娜": 70}
    assert _splits(deal, ago=3) == {"张伟": 100}


def test_a_share_is_ended_and_both_hear_of_it(deal: World) -> None:
    deal.says("张伟", "华为这单跟李娜三七分")
    deal.taps("李娜", "同意")
    deal.heard("李娜")
    assert "李娜不再分" in deal.says("张伟", "华为这单不跟李娜分了")[-1]
    assert "分成取消了" in deal.heard("李娜")[-1]
    assert _splits(deal) == {"张伟": 100}
    assert "350,000" not in deal.says("李娜", "看商机 D1")[-1]


def test_without_a_part_it_is_asked_for(deal: World) -> None:
    assert "给李娜分多少" in deal.says("张伟", "商机分成 华为 李娜")[-1]
    assert "李娜 30%，张伟 70%" in deal.says("张伟", "30%")[-1]


def test_nobody_shares_what_is_not_theirs(deal: World) -> None:
    assert "分成" not in deal.says("李娜", "华为这单跟陈晨三七分")[-1]
    assert deal.heard("陈晨") == []


def test_nobody_answers_for_a_colleague(deal: World) -> None:
    deal.says("张伟", "华为这单跟李娜三七分")
    deal.says("陈晨", "今天")
    assert "没有回答这次分成的权限" in deal.presses("陈晨", "share.agree", {"number": "1"})[-1]
    assert _splits(deal) == {"张伟": 100}


def test_ones_list_has_the_deals_one_shares_beside_ones_own(deal: World) -> None:
    deal.says("张伟", "华为这单跟李娜三七分")
    assert "没有进行中的商机" in deal.says("李娜", "我的商机")[-1]
    deal.taps("李娜", "同意")
    listed = deal.says("李娜", "我的商机")[-1]
    assert "进行中的商机 0 个，协作 1 个" in listed
    assert "张伟 协作，我占 70%" in listed
    assert "协作" not in deal.says("张伟", "我的商机")[-1]
    deal.says("张伟", "华为这单不跟李娜分了")
    assert "没有进行中的商机" in deal.says("李娜", "我的商机")[-1]
