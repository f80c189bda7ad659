"""Assignment rules said in chat: shown, put in force, taken back (semantics B.5)."""

from datetime import timedelta

import pytest

from core.model.routing import Way
from core.services.assignment import route
from tests.assigning import comes_in, enters, holder, in_force, rule
from tests.world import World


def says_rule(world: World, text: str) -> str:
    """The administrator says a rule and lets it be in force."""
    shown = world.says("吴昊", text)[-1]
    world.says("吴昊", "生效")
    return shown


def test_a_rule_said_in_chat_is_shown_first_and_gives_leads_from_then_on(world: World) -> None:
    shown = world.says("吴昊", "以后江苏的线索按轮流分给李娜、张伟")[-1]
    assert "分配" in shown
    assert "江苏线索" in shown
    assert comes_in(world, "苏州绿的", region="苏州") == [""], "shown is not in force"
    world.says("吴昊", "生效")
    assert comes_in(world, "无锡先导", "常州星宇", region="江苏") == ["李娜", "张伟"]
    assert comes_in(world, "广州数控", region="广东") == [""]
    [rules] = world.says("王强", "看看分配规则")
    assert "1. 江苏线索：地区 ∈ 江苏 → 轮流分给李娜、张伟" in rules


def test_e93_who_gets_them_when_the_first_is_full_is_said_in_the_same_sentence(world: World) -> None:
    says_rule(world, "以后华南的线索都给李娜，她满了给小陈")
    world.says("赵敏", "李娜库容1")
    assert comes_in(world, "广州数控", "深圳大族", region="深圳") == ["李娜", "陈晨"]


def test_a_company_can_be_somebodys(world: World) -> None:
    says_rule(world, "以后海天的线索都给张伟")
    assert comes_in(world, "宁波海天精工有限公司") == ["张伟"]
    assert comes_in(world, "苏州绿的") == [""]


def test_a_rule_for_some_leads_goes_before_the_one_for_all(world: World) -> None:
    says_rule(world, "以后所有线索轮流分给张伟、陈晨")
    says_rule(world, "以后广东的线索都给李娜")
    assert comes_in(world, "广州数控", region="广东") == ["李娜"]
    assert comes_in(world, "苏州绿的", region="江苏") == ["张伟"]


def test_the_same_leads_said_again_have_one_rule(world: World) -> None:
    says_rule(world, "以后广东的线索都给李娜")
    says_rule(world, "以后广东的线索都给张伟")
    assert comes_in(world, "广州数控", region="广东") == ["张伟"]
    [rules] = world.says("王强", "看看分配规则")
    assert rules.startswith("分配规则 1 条")


def test_a_rule_can_be_taken_back(world: World) -> None:
    says_rule(world, "以后江苏的线索都给张伟")
    says_rule(world, "以后广东的线索都给李娜")
    says_rule(world, "规则退回上一版")
    assert comes_in(world, "广州数控", region="广东") == [""]
    assert comes_in(world, "苏州绿的", region="江苏") == ["张伟"]


def test_only_administrators_change_rules(world: World) -> None:
    assert world.says("张伟", "以后广东的线索都给李娜")[-1].startswith("规则只有管理员能看和改，没有改动任何内容")
    assert comes_in(world, "广州数控", region="广东") == [""]


def test_who_is_on_leave_gets_nothing(world: World) -> None:
    in_force(world, rule("轮流", "张伟", "陈晨"))
    world.says("王强", "张伟今天请假")
    lead = enters(world, "华东机电")
    assert holder(world, lead) == "陈晨"
    assert "没有分给张伟：请假到" in world.says("赵敏", "为什么华东机电分给陈晨")[0]


def test_who_has_left_gets_nothing(world: World) -> None:
    from core.services.members import leave

    in_force(world, rule("轮流", "张伟", "陈晨"))
    with world.work() as uow:
        leave(uow, "wecom", ["zhangwei"])
    assert comes_in(world, "华东机电", "苏州绿的") == ["陈晨", "陈晨"]


def test_what_the_clock_takes_back_finds_somebody_else_by_the_rules(world: World) -> None:
    recycle = [
        {"id": "首次跟进24小时", "basis": "since_assigned_no_contact", "amount": "24h", "action": "reassign_by_rule"}
    ]
    in_force(world, rule("轮流", "张伟", "陈晨"), beside={"recycle": recycle})
    lead = enters(world, "华东机电")
    assert holder(world, lead) == "张伟"
    world.passes(hours=24, seconds=1)
    assert holder(world, lead) == "陈晨"
    assert any("规则「轮流」：轮流，轮到陈晨" in text for text in world.heard("陈晨"))
    assert "没有分给张伟：放掉过这条线索，冷却到" in world.says("王强", "为什么华东机电分给陈晨")[-1]


def test_rules_look_at_the_fields_that_the_company_has_made(world: World) -> None:
    budget = [{"key": "budget", "label": "预算", "type": "money"}]
    big = rule("大单", "李娜", when={"field": "预算", "op": ">=", "value": 1_000_000})
    in_force(world, big, rule("其余", "张伟"), beside={"fields": {"lead": budget}})
    assert comes_in(world, "华东机电") == ["张伟"]
    [lead] = world.has_leads("苏州绿的", held_by="陈晨")
    with world.work() as uow:
        kept = uow.leads.get(lead.id)
        kept.custom = {**kept.custom, "budget": 120_000_000}
        kept.to_pool(uow.now)
        uow.flush()
        route(uow, [kept], Way.RECYCLE)
    assert holder(world, lead) == "李娜"
    assert "预算 120万 ≥ 100万 ✓" in world.says("赵敏", "为什么苏州绿的分给李娜")[-1]


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ({"field": "城市圈", "value": "江苏"}, "没有字段「城市圈」"),
        ({"field": "等级", "op": ">", "value": "A"}, "不能用"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused_before_it_is_in_force(
    world: World, condition: object, why: str
) -> None:
    from core.errors import PlaybookInvalid

    with pytest.raises(PlaybookInvalid, match=why):
        in_force(world, rule("坏规则", "李娜", when=condition))


def test_the_last_digest_of_a_week_has_the_table_of_what_each_was_given(world: World) -> None:
    in_force(world, rule("公平", "张伟", "陈晨", fair=True))
    comes_in(world, "第一家", grade="A")
    comes_in(world, "第二家", "第三家", grade="C")
    world.ticks(world.now.replace(hour=18, minute=0))
    assert not any("本周分到" in text for text in world.heard("王强")), "Thursday"
    world.ticks(world.now + timedelta(days=1))
    digest = next(text for text in world.heard("王强") if "日报" in text)
    assert "本周分到：张伟 1 条 5 分，陈晨 2 条 2 分" in digest
