"""Who gets a lead, and why: semantics B.5."""

from datetime import datetime, timedelta

import pytest

from core.model.routing import Way
from core.services.assignment import route
from tests.assigning import comes_in, enters, holder, in_force, region, rule
from tests.world import SHANGHAI, World


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


FIVE = ("华东机电", "苏州绿的", "无锡先导", "常州星宇", "南通中远")


def test_b5_round_robin_gives_a_c_a_c_a_while_b_is_full(world: World) -> None:
    in_force(world, rule("轮流", "张伟", "陈晨", "李娜"))
    world.says("王强", "陈晨库容0")
    assert comes_in(world, *FIVE) == ["张伟", "李娜", "张伟", "李娜", "张伟"]


def test_b5_weighted_gives_a_b_a_c_b_a(world: World) -> None:
    weights = {"张伟": 3, "陈晨": 2, "李娜": 1}
    in_force(world, rule("权重", "张伟", "陈晨", "李娜", picker="按权重", weights=weights))
    assert comes_in(world, *FIVE, "扬州亚星") == ["张伟", "陈晨", "张伟", "李娜", "陈晨", "张伟"]


def test_b5_least_load_asks_who_is_emptiest_against_their_capacity(world: World) -> None:
    for name, holds, capacity in (("张伟", 10, 50), ("陈晨", 5, 20), ("李娜", 8, 50)):
        world.has_leads(*(f"{name}的第{n}家" for n in range(holds)), held_by=name)
        world.says("赵敏", f"{name}库容{capacity}")
    in_force(world, rule("谁闲给谁", "张伟", "陈晨", "李娜", picker="least_load"))
    assert comes_in(world, "华东机电") == ["李娜"]
    world.delivers()
    assert "手上最少，李娜 8/50" in world.heard("李娜")[-1]


def test_b5_the_new_owner_reads_in_one_line_why_and_may_ask_for_all_of_it(world: World) -> None:
    in_force(world, rule("江苏轮流", "张伟", "陈晨", when=region("江苏")))
    enters(world, "苏州绿的", region="苏州")
    world.delivers()
    [told] = world.heard("张伟")
    assert told == (
        "给您分了一条线索：苏州绿的\n规则「江苏轮流」：轮流，轮到张伟\nL1 · 请在 03-06 10:00 前首次跟进，否则回收到公海"
    )
    [why] = world.taps("张伟", "为什么给我")
    assert "「苏州绿的」为什么分给您" in why
    assert "条件：地区 苏州 ∈ 江苏 ✓" in why
    assert "怎么选：轮流，轮到张伟" in why


def test_b5_every_result_keeps_its_why_and_the_leader_sees_all_of_it(world: World) -> None:
    in_force(world, rule("英语", "张伟", "陈晨", "李娜", skills=["英语"], when=region("江苏")))
    world.says("王强", "陈晨擅长英语")
    world.says("赵敏", "李娜擅长英语")
    world.says("赵敏", "李娜库容0")
    [lead] = [enters(world, "苏州绿的", region="江苏")]
    assert holder(world, lead) == "陈晨"
    [why] = world.says("赵敏", "为什么把苏州绿的分给陈晨了")
    assert "没有分给张伟：不会英语" in why
    assert "没有分给李娜：库容已满 0/0" in why
    assert "条件：地区 江苏 ∈ 江苏 ✓" in why
    assert "轮次：还没有 → 上一个陈晨" in why
    [*_, why] = world.says("陈晨", "为什么给我分了苏州绿的")
    assert "李娜" not in why, "a colleague's capacity is not for reps"
    assert "2 位同事当时不能接" in why


def test_b5_rules_are_asked_in_their_order_and_the_first_that_fits_decides(world: World) -> None:
    in_force(
        world,
        rule("展会归李娜", "李娜", when={"field": "来源", "value": "展会"}),
        rule("江苏", "张伟", when=region("江苏")),
        rule("其余", "陈晨"),
    )
    assert comes_in(world, "苏州绿的", region="江苏", source="展会") == ["李娜"]
    assert comes_in(world, "无锡先导", region="江苏", source="官网") == ["张伟"]
    assert comes_in(world, "广州数控", region="广东") == ["陈晨"]


def test_b5_who_cannot_take_a_lead_now_is_left_out_with_the_reason(world: World) -> None:
    in_force(
        world,
        rule("只分值班", "张伟", "陈晨", "李娜", on_roster=True),
        people=[{"name": "李娜", "duty": "13:00-18:00"}],
    )
    world.says("王强", "今天张伟、陈晨值班")
    world.says("赵敏", "李娜今天值班")
    world.says("王强", "张伟权重0")
    lead = enters(world, "苏州绿的")
    assert holder(world, lead) == "陈晨"
    [why] = world.says("赵敏", "为什么苏州绿的分给陈晨")
    assert "没有分给张伟：权重为 0，暂不分配" in why
    assert "没有分给李娜：不在值班时间 13:00-18:00" in why


def test_b5_only_who_answers_for_the_region_gets_it(world: World) -> None:
    in_force(world, rule("本区", "张伟", "陈晨", "李娜", own_region=True))
    assert world.says("王强", "陈晨负责江苏")[0].startswith("已记下陈晨的分配资料")
    assert comes_in(world, "苏州绿的", "无锡先导", region="苏州") == ["陈晨", "陈晨"]
    world.says("王强", "陈晨不负责江苏")
    assert comes_in(world, "常州星宇", region="常州") == ["赵敏"], "nobody can, so the leader they share decides"


def test_b5_the_reserve_is_asked_when_nobody_of_the_rule_can(world: World) -> None:
    in_force(world, rule("华南先李娜", "李娜", reserve=[{"members": ["陈晨"]}]))
    world.says("赵敏", "李娜库容0")
    lead = enters(world, "广州数控")
    assert holder(world, lead) == "陈晨"
    assert "第 1 候补" in world.says("赵敏", "为什么广州数控分给陈晨")[0]


def test_b5_nobody_can_so_the_leader_is_asked_and_then_the_pool_gets_it(world: World) -> None:
    in_force(world, rule("华东", "张伟", "陈晨"))
    world.says("王强", "张伟库容0")
    world.says("王强", "陈晨库容0")
    lead = enters(world, "华东机电")
    assert holder(world, lead) == "王强"
    world.delivers()
    [asked] = world.heard("王强")
    assert asked.startswith("华东机电 等您分配\n规则「华东」里现在没有人能接，请您分配")
    assert "陈晨手上已满（0/0）" in world.taps("王强", "给陈晨")[0]
    [given] = world.says("王强", "客户指定")
    assert "已把「华东机电」给了陈晨" in given
    second = enters(world, "苏州绿的")
    world.ticks(world.now + timedelta(hours=24, seconds=1))
    assert holder(world, second) == "", "nobody decided within a day"
    assert world.lead("苏州绿的").state == "pooled"


def test_b5_a_rule_may_hand_on_to_the_next_one_or_to_the_pool(world: World) -> None:
    in_force(
        world,
        rule("先李娜", "李娜", otherwise="next"),
        rule("再张伟", "张伟", otherwise="pool"),
    )
    world.says("赵敏", "李娜库容0")
    assert comes_in(world, "华东机电") == ["张伟"]
    world.says("王强", "张伟库容1")
    assert comes_in(world, "苏州绿的") == [""]


def test_b5_the_same_customer_goes_to_who_holds_it_before_any_rule(world: World) -> None:
    in_force(world, rule("都给李娜", "李娜"))
    world.has_leads("华东机电有限公司", held_by="张伟")
    with world.work() as uow:
        from core.model.lead import Lead
        from core.rules.duplicates import core_name

        name = "华东机电有限公司"
        again = Lead(name=name, core_name=core_name(name), created_at=uow.now, updated_at=uow.now)
        again.to_pool(uow.now)
        uow.leads.add(again)
        uow.flush()
        route(uow, [again], Way.API)
    assert holder(world, again) == "张伟"
    world.delivers()
    assert "同一家公司已由张伟负责" in world.heard("张伟")[-1]


def test_b5_a_past_holder_in_cooldown_does_not_get_it_again(world: World) -> None:
    in_force(world, rule("轮流", "张伟", "陈晨"))
    lead = enters(world, "华东机电")
    assert holder(world, lead) == "张伟"
    world.says("张伟", "退回 华东机电 无需求")
    for _ in range(2):
        with world.work() as uow:
            pooled = uow.leads.get(lead.id)
            route(uow, [pooled], Way.RECYCLE)
        assert holder(world, lead) == "陈晨"
        world.says("陈晨", "退回 华东机电 联系不上")
        break
    with world.work() as uow:
        route(uow, [uow.leads.get(lead.id)], Way.RECYCLE)
    assert holder(world, lead) == "王强", "both have let it go within three days"


def test_b5_the_fairness_guard_keeps_the_value_of_a_week_even(world: World) -> None:
    in_force(world, rule("公平", "张伟", "陈晨", fair=True))
    assert comes_in(world, "第一家", grade="A") == ["张伟"]
    assert comes_in(world, "第二家", "第三家", "第四家", "第五家", "第六家", grade="C") == ["陈晨"] * 5
    assert comes_in(world, "第七家", grade="C") == ["张伟"], "five to five is even, and it is his turn"


@pytest.mark.parametrize("own", [False, True])
def test_a_reps_own_lead_is_theirs_unless_the_playbook_says_otherwise(world: World, own: bool) -> None:
    in_force(world, rule("都给李娜", "李娜"), own_leads=own)
    world.says("张伟", "新线索 华东机电 13812345678")
    assert world.lead("华东机电").owner_id == world.member("李娜" if own else "张伟").id


def test_a_reps_own_lead_stays_theirs_when_no_rule_fits_it(world: World) -> None:
    in_force(world, rule("广东给李娜", "李娜", when=region("广东")), own_leads=True)
    world.says("张伟", "新线索 华东机电 13812345678")
    assert world.lead("华东机电").owner_id == world.member("张伟").id


def test_marketing_reads_at_once_who_got_the_lead_and_why(world: World) -> None:
    in_force(world, rule("官网轮流", "张伟", "陈晨", when={"field": "来源", "value": "官网"}))
    [answer] = world.says("周婷", "新线索 华东机电 13812345678 官网")
    assert "已分给张伟。规则「官网轮流」：轮流，轮到张伟" in answer


def test_who_would_get_a_lead_is_said_without_giving_it_or_spending_a_turn(world: World) -> None:
    [lead] = world.has_leads("华东机电", held_by="周婷")
    in_force(world, rule("轮流", "张伟", "陈晨"))
    for _ in range(2):
        [said] = world.says("王强", "华东机电会分给谁")
        assert said.startswith("「华东机电」现在会分给张伟\n规则「轮流」：轮流，轮到张伟")
        assert "只是试算，没有分配，也不占轮次" in said
    assert holder(world, lead) == ""
    with world.work() as uow:
        assert uow.routings.memory("轮流") == {}


def test_the_rules_can_be_read_in_chat(world: World) -> None:
    assert "还没有分配规则" in world.says("王强", "看看分配规则")[0]
    in_force(
        world,
        rule("江苏", "李娜", "张伟", when=region("江苏"), reserve=[{"departments": ["销售部/华东"]}]),
        rule("其余", "陈晨", picker="最空闲"),
    )
    [said] = world.says("王强", "分配规则是什么")
    assert "1. 江苏：地区 ∈ 江苏 → 轮流分给李娜、张伟，都不能接换销售部/华东" in said
    assert "2. 其余：所有线索 → 最空闲分给陈晨" in said


def test_how_long_it_took_can_be_asked(world: World) -> None:
    in_force(world, rule("江苏", "张伟", when=region("江苏")))
    enters(world, "苏州绿的", region="江苏")
    enters(world, "广州数控", region="广东")
    enters(world, "深圳大族", region="广东")
    world.now += timedelta(minutes=3, seconds=20)
    world.says("李娜", "领取 2")
    [said] = world.says("王强", "分配用了多久")
    assert said.startswith("02-27 至 03-05 分配了 2 条线索，还有 1 条没有人接")
    assert "最慢：3 分 20 秒" in said
    assert world.says("张伟", "分配用了多久")[-1].startswith("您没有看分配用时的权限")


def test_only_leaders_say_what_somebody_can_do(world: World) -> None:
    assert "您没有" in world.says("张伟", "陈晨负责江苏")[0]
    assert "您没有" in world.says("王强", "李娜负责江苏")[0], "李娜 is not of his department"
    world.says("王强", "张伟负责江苏、浙江")
    assert world.member("张伟").regions == ("江苏", "浙江")
    world.says("王强", "撤销")
    assert world.member("张伟").regions == ()
