"""Deals: opened, moved through gates, amended, won and lost, in chat (semantics B.6)."""

from datetime import datetime

from core.model.playbook import Need, Pipeline, Playbook
from core.rules.stages import PAPERS
from core.services.deal_clocks import set_deal_clock
from tests.agreeing import everybody_agrees
from tests.reports.builders import has_deal, steps
from tests.world import SHANGHAI, World


def _meets_huawei(world: World) -> None:
    world.says("张伟", "录个客户 华为技术有限公司 王工 13912345678")
    world.says("张伟", "跟进 华为 电话聊了服务器需求，明天下午三点再联系")


def test_a_deal_is_opened_moved_and_won_in_chat(world: World) -> None:
    _meets_huawei(world)
    opened = world.says("张伟", "给华为建个商机 服务器采购 35万 6月底签")[-1]
    assert "已建商机：华为技术有限公司服务器采购" in opened
    assert "350,000元" in opened
    assert "2026-06-30" in opened
    assert "初步接洽 → 需求确认" in world.says("张伟", "华为推进到需求确认")[-1]
    asked = world.says("张伟", "华为推进到商务谈判")[-1]
    assert "还缺 3 项" in asked
    assert "预算" in asked
    assert "决策人" in asked
    assert "竞争对手" in asked
    assert "需求确认 → 商务谈判" in world.says("张伟", "预算80万，决策人李总，对手是浪潮")[-1]
    world.says("张伟", "拟合同 华为 38.5万")
    world.says("张伟", "确认")
    everybody_agrees(world)
    assert "已批准，还没有登记签约" in world.says("张伟", "拿下了！！华为签了38.5万")[-1]
    assert "赢在哪里" in world.says("张伟", "1")[-1]
    won = world.says("张伟", "1")[-1]
    assert "赢单" in won
    assert "385,000元" in won
    assert "产品" in won


def test_b6_2_everything_that_is_missing_is_listed_at_once_and_taken_in_parts(world: World) -> None:
    _meets_huawei(world)
    world.says("张伟", "给华为建个商机 35万")
    asked = world.says("张伟", "华为推进到方案报价")[-1]
    assert all(label in asked for label in ("客户需求", "预算", "决策人", "预计签约日"))
    asked = world.says("张伟", "需求 40台服务器，预算80万")[-1]
    assert "还缺 2 项" in asked
    assert "决策人" in asked
    assert "预计签约日" in asked
    assert "客户需求" not in asked
    assert "初步接洽 → 方案报价" in world.says("张伟", "李总拍板，6月底签")[-1]


def test_b6_3_a_loss_without_a_reason_asks_with_buttons_and_changes_nothing(world: World) -> None:
    _meets_huawei(world)
    world.says("张伟", "给华为建个商机 35万")
    asked = world.says("张伟", "输单 华为")[-1]
    assert "丢在哪里" in asked
    with world.work() as uow:
        assert [deal.outcome for deal in uow.deals.of(1)] == ["open"]
    assert "输给了谁" in world.says("张伟", "选了竞争对手")[-1]
    assert "已登记输单" in world.says("张伟", "输给了浪潮，他们价格低两成")[-1]


def test_b6_1_a_deal_in_negotiation_that_nobody_touches_for_a_week_gives_one_todo(world: World) -> None:
    _meets_huawei(world)
    world.says("张伟", "给华为建个商机 服务器 35万 6月底签")
    world.says("张伟", "华为推进到商务谈判")
    assert "商务谈判" in world.says("张伟", "预算80万，决策人李总，没有竞争对手")[-1]
    world.passes(days=7)
    assert not any("跟进待办" in said for said in world.heard("张伟"))
    world.passes(minutes=1)
    assert [said for said in world.heard("张伟") if "跟进待办" in said] != []
    world.passes(hours=3)
    assert not any("跟进待办" in said for said in world.heard("张伟"))


def _opens(world: World, words: str = "服务器 35万 6月底签") -> None:
    _meets_huawei(world)
    assert "已建商机" in world.says("张伟", f"给华为建个商机 {words}")[-1]


def test_a_way_back_needs_a_reason_and_keeps_it(world: World) -> None:
    _opens(world)
    world.says("张伟", "华为推进到需求确认")
    assert "原因是" in world.says("张伟", "华为退回到初步接洽")[-1]
    assert "需求确认 → 初步接洽" in world.says("张伟", "客户预算没批")[-1]
    with world.work() as uow:
        stays = uow.deals.stays(uow.deals.of(1)[0].id)
    assert [(stay.stage, stay.next_stage, stay.reason) for stay in stays] == [
        ("初步接洽", "需求确认", ""),
        ("需求确认", "初步接洽", "客户预算没批"),
        ("初步接洽", "", ""),
    ]
    assert all(stay.left_at is not None for stay in stays[:-1])


def test_what_cannot_be_is_said_and_changes_nothing(world: World) -> None:
    _opens(world)
    assert "以后的日期" in world.says("张伟", "D1 预计签约改到2026年1月15日")[-1]
    assert "小于一千亿" in world.says("张伟", "D1 金额改成1000000亿")[-1]
    with world.work() as uow:
        [deal] = uow.deals.of(1)
    assert (deal.stage, str(deal.amount), f"{deal.expected_close_on}") == ("初步接洽", "350,000元", "2026-06-30")


def test_a_lost_deal_is_opened_again_under_its_number_for_ninety_days(world: World) -> None:
    _opens(world)
    world.says("张伟", "输单 华为 价格太高，选了浪潮")
    world.passes(days=89)
    assert "输单 → 需求确认" in world.says("张伟", "华为推进到需求确认，原因是客户又来找我们")[-1]
    with world.work() as uow:
        [deal] = uow.deals.of(1)
    assert deal.is_open
    assert deal.closed_on is None
    assert deal.reason == ""


def test_a_lost_deal_stays_lost_after_ninety_days(world: World) -> None:
    _opens(world)
    world.says("张伟", "输单 华为 价格太高，选了浪潮")
    world.passes(days=91)
    assert "超过 90 天" in world.says("张伟", "华为推进到需求确认，原因是客户又来找我们")[-1]


def test_moving_is_taken_back_with_its_clock_and_its_stay(world: World) -> None:
    _opens(world)
    world.says("张伟", "华为推进到需求确认")
    world.says("张伟", "撤销")
    with world.work() as uow:
        [deal] = uow.deals.of(1)
        stays = uow.deals.stays(deal.id)
        [clock] = uow.deadlines.of(deal.ref)
    assert (deal.stage, [stay.stage for stay in stays], stays[0].left_at) == ("初步接洽", ["初步接洽"], None)
    assert clock.rule == "初步接洽停滞"


def test_of_two_who_move_the_same_deal_the_second_hears_who_was_first(world: World) -> None:
    _opens(world)
    world.says("王强", "华为推进到需求确认")
    assert "已经在需求确认（王强" in world.says("张伟", "华为推进到需求确认")[-1]


def test_of_two_open_deals_one_asks_which(world: World) -> None:
    _opens(world)
    world.says("张伟", "给华为建个商机 存储 50万 7月底签")
    asked = world.says("张伟", "华为推进到需求确认")[-1]
    assert "对应多个商机" in asked
    assert "服务器" in asked
    assert "存储" in asked
    assert "初步接洽 → 需求确认" in world.says("张伟", "1")[-1]
    with world.work() as uow:
        assert {deal.product: deal.stage for deal in uow.deals.of(1)} == {"服务器": "初步接洽", "存储": "需求确认"}


def test_a_stranger_to_the_deal_neither_sees_nor_moves_it(world: World) -> None:
    _opens(world)
    for said in ("推进 D1 需求确认", "看商机 D1", "看看华为的商机"):
        answer = world.says("李娜", said)[-1]
        assert "服务器" not in answer
        assert "350,000" not in answer
    with world.work() as uow:
        assert uow.deals.of(1)[0].stage == "初步接洽"


def test_a_lead_becomes_an_account_with_its_first_deal_when_that_is_wanted(world: World) -> None:
    world.says("张伟", "新线索 苏州汇川技术有限公司 李工 13912345679 官网 伺服电机")
    assert "还是线索" in world.says("张伟", "给汇川建个商机 伺服电机 30万")[-1]
    assert "已建商机：苏州汇川技术有限公司伺服电机" in world.says("张伟", "转客户并建商机")[-1]


def test_what_is_shown_before_a_move_names_the_deal_and_no_lead_of_that_number(world: World) -> None:
    world.has_leads("广州木棉服饰", held_by="李娜")
    _opens(world)
    asked = world.says("张伟", "D1 金额改成36万")[-1]
    assert "华为技术有限公司服务器" in asked
    assert "木棉" not in asked
    assert "350,000元 → 360,000元" in world.says("张伟", "确认")[-1]


def test_e44_a_win_without_a_contract_lists_what_is_missing_and_wins_nothing(world: World) -> None:
    _opens(world)
    world.says("张伟", "华为推进到商务谈判")
    world.says("张伟", "预算80万，决策人李总，没有竞争对手")
    asked = world.says("张伟", "拿下了！！华为签了38.5万🎉")[-1]
    assert "进入赢单还缺 2 项" in asked
    assert "批准的合同：发送「拟合同 客户名 金额」" in asked
    assert "签好的合同：签回来发送「登记签约 客户名」" in asked
    world.says("张伟", "拟合同 华为 38.5万")
    world.says("张伟", "确认")
    assert "还缺 2 项" in world.says("张伟", "赢单 华为")[-1]
    everybody_agrees(world)
    world.says("张伟", "登记签约 华为")
    assert "赢在哪里" in world.says("张伟", "赢单 华为")[-1]
    won = world.says("张伟", "1")[-1]
    assert "🎉 赢单" in won
    assert "成交金额：385,000元" in won, "a deal is worth what was signed"


def test_what_a_win_lacks_may_be_said_in_the_answer(world: World) -> None:
    _opens(world)
    world.says("张伟", "拟合同 华为 38.5万")
    world.says("张伟", "确认")
    everybody_agrees(world)
    world.says("张伟", "登记签约 华为")
    asked = world.says("张伟", "赢单 华为")[-1]
    assert "还缺 3 项" in asked
    assert "还缺 1 项" in world.says("张伟", "预算80万，决策人李总")[-1]
    assert "赢在哪里" in world.says("张伟", "没有竞争对手")[-1]
    assert "🎉 赢单" in world.says("张伟", "1")[-1]


def test_who_has_not_signed_yet_is_told_what_is_missing(world: World) -> None:
    _opens(world)
    world.says("张伟", "华为推进到商务谈判")
    world.says("张伟", "预算80万，决策人李总，没有竞争对手")
    world.says("张伟", "拟合同 华为 38.5万")
    world.says("张伟", "确认")
    everybody_agrees(world)
    world.says("张伟", "赢单 华为")
    answer = world.says("张伟", "2")[-1]
    assert "还缺 1 项" in answer
    assert "签好的合同" in answer


def test_a_company_without_a_gate_for_contracts_wins_without_one(world: World) -> None:
    stages = Playbook().pipelines[0].stages
    bare = tuple(stage.model_copy(update={"entry": _bare(stage.entry), "exit": _bare(stage.exit)}) for stage in stages)
    world.plays(Playbook(name="没有合同", pipelines=(Pipeline(stages=bare),)))
    _opens(world)
    world.says("张伟", "华为推进到商务谈判")
    world.says("张伟", "预算80万，决策人李总，没有竞争对手")
    assert "赢在哪里" in world.says("张伟", "拿下了！！华为签了38.5万")[-1]
    assert "🎉 赢单" in world.says("张伟", "1")[-1]


def _bare(needs: tuple[Need, ...]) -> tuple[Need, ...]:
    return tuple(need for need in needs if need not in PAPERS)


def test_stale_deals_of_one_stage_are_asked_for_with_other_days(world: World) -> None:

    begin = (("初步接洽", "02-10 09:00"), ("需求确认", "02-12 09:00"), ("方案报价", "02-16 09:00"))
    has_deal(world, steps(*begin, ("商务谈判", "02-20 09:00")), name="卡住的一单")
    has_deal(world, steps(*begin), name="还在报价的一单")
    [card] = world.says("王强", "卡在商务谈判超过7天的单子")
    assert "商务谈判超过 7 天没动的商机 1 个" in card
    assert "卡住的一单" in card
    assert "还在报价" not in card
    assert "没有商务谈判超过 60 天没动的商机" in world.says("王强", "卡在商务谈判超过60天的单子")[0]


CLOSING = "pipelines: [{close_after: 60d}]"


def test_b6_4_what_closes_by_age_never_touches_won_and_lost_deals_and_may_be_opened_again(world: World) -> None:
    begin = (("初步接洽", "01-02 09:00"), ("需求确认", "01-05 09:00"))
    old = has_deal(world, steps(*begin), name="没人管的一单")
    won = has_deal(world, steps(*begin, ("赢单", "01-06 09:00")), name="赢的一单")
    lost = has_deal(world, steps(*begin, ("输单", "01-06 09:00")), name="输的一单", reason="价格")
    world.applies(CLOSING)
    with world.work() as uow:
        for deal in uow.deals.find([old, won, lost]):  # type: ignore[list-item]
            set_deal_clock(uow, deal)
    world.heard("张伟")
    world.ticks(datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI))
    assert "没人管的一单" not in "".join(text for text in world.heard("张伟") if "已按输单关闭" in text), "in time"
    world.ticks(datetime(2026, 3, 6, 9, 1, tzinfo=SHANGHAI))
    [told] = [text for text in world.heard("张伟") if "已按输单关闭" in text]
    assert "没人管的一单" in told
    with world.work() as uow:
        outcomes = {deal.id: (deal.outcome, deal.reason) for deal in uow.deals.find([old, won, lost])}  # type: ignore[list-item]
    assert outcomes[old] == ("lost", "久未更新")  # type: ignore[index]
    assert outcomes[won][0] == "won"  # type: ignore[index]
    assert outcomes[lost] == ("lost", "价格")  # type: ignore[index]


def test_deals_stay_open_for_ever_where_the_playbook_does_not_close_them(world: World) -> None:
    old = has_deal(world, steps(("初步接洽", "01-02 09:00")), name="没人管的一单")
    with world.work() as uow:
        set_deal_clock(uow, uow.deals.get(old))  # type: ignore[arg-type]
    world.ticks(datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI))
    with world.work() as uow:
        assert uow.deals.get(old).is_open  # type: ignore[arg-type]


def test_what_a_deal_has_may_be_said_before_its_stage_and_a_budget_is_not_its_amount(world: World) -> None:
    _meets_huawei(world)
    world.says("张伟", "给华为建个商机 服务器采购 38.5万 6月底签")
    assert "初步接洽 → 方案报价" in world.says("张伟", "华为 预算40万，王工拍板，推进到方案报价")[-1]
    card = world.says("张伟", "看看商机 华为")[-1]
    assert "金额：385,000元" in card
    assert "预算：400,000元" in card


def test_a_new_command_about_the_same_customer_puts_down_the_question_what_a_deal_lacks(world: World) -> None:
    _meets_huawei(world)
    world.says("张伟", "给华为建个商机 服务器采购 38.5万 6月底签")
    assert "还缺" in world.says("张伟", "华为推进到方案报价")[-1]
    quoted = world.says("张伟", "给华为出个报价 A型服务器10台 单价1.2万 打96折")[-1]
    assert "还缺" not in quoted
    assert "A型服务器" in quoted
    assert "初步接洽 → 需求确认" in world.says("张伟", "华为推进到需求确认")[-1]


def test_what_a_deal_lacks_may_be_told_with_the_customers_name(world: World) -> None:
    _meets_huawei(world)
    world.says("张伟", "给华为建个商机 服务器采购 38.5万 6月底签")
    world.says("张伟", "华为推进到方案报价")
    assert "方案报价" in world.says("张伟", "华为预算40万，决策人王工")[-1]


def test_whom_one_has_beaten_may_be_said_with_the_win(world: World) -> None:
    _meets_huawei(world)
    world.says("张伟", "给华为建个商机 服务器采购 38.5万 6月底签")
    lacking = world.says("张伟", "华为 赢单，竞争对手是浪潮")[-1]
    assert "还缺" in lacking
    assert "竞争对手" not in lacking
