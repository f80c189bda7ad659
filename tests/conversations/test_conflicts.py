"""Two colleagues on one customer (phrase E37): who was first by valid follow-ups, and who decides."""

import pytest

from tests.world import World


@pytest.fixture
def both(world: World) -> World:
    """张伟 has been on the company since yesterday, 李娜 found it today and keeps a record of her own."""
    world.says("李娜", "录个客户 宁波舜宇光学有限公司 王工 13912345678")
    world.says("李娜", "跟进 宁波舜宇 电话聊了镜头需求，下周给样品")
    world.passes(days=1)
    world.has_leads("宁波舜宇光学科技有限公司", held_by="张伟")
    world.says("张伟", "跟进 宁波舜宇 拜访了采购，聊了镜头价格")
    for name in ("张伟", "李娜", "王强", "赵敏"):
        world.heard(name)
    return world


def test_e37_the_first_by_valid_follow_up_is_shown_and_who_leads_both_decides(both: World) -> None:
    said = both.says("张伟", "这条线索跟李娜撞了吧")[-1]
    assert "撞单：李娜先跟进" in said
    assert said.index("李娜：首次有效跟进 2026-03-05") < said.index("张伟：首次有效跟进 2026-03-06")
    assert "李娜、张伟都在跟，请赵敏定归谁" in said
    assert "样品" not in said, "nobody reads what a colleague wrote"
    asked = both.heard("赵敏")[-1]
    assert "张伟报撞单，请您定归谁" in asked
    assert both.heard("王强") == [], "who leads only one of them does not decide"


def test_said_again_on_one_day_the_leader_is_not_asked_again(both: World) -> None:
    both.says("张伟", "宁波舜宇跟李娜撞单了")
    both.heard("赵敏")
    assert "请赵敏定归谁" in both.says("张伟", "宁波舜宇跟李娜撞单了")[-1]
    assert both.heard("赵敏") == []


def test_where_only_one_is_still_at_it_nobody_is_disturbed(both: World) -> None:
    both.passes(days=29, hours=12)
    both.says("张伟", "今天")
    both.heard("赵敏")
    said = both.says("张伟", "宁波舜宇跟李娜撞单了")[-1]
    assert "只有张伟近 30 天有有效跟进，不用裁定" in said
    assert not [text for text in both.heard("赵敏") if "撞单" in text]


def test_a_colleague_who_has_nothing_to_do_with_it_is_no_conflict(both: World) -> None:
    assert "没有查到陈晨在跟" in both.says("张伟", "宁波舜宇跟小陈撞单了")[-1]
