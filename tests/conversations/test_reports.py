"""Reports in chat (phrases E59, E63, E85, E86, E87, E89 to E92, E101): figures, pictures, deals to open, rights."""

import pytest

from core.services.reports import REPORTS
from core.services.reports.asking import Asked
from tests.reports.builders import WON, a_first_quarter, at, has_deal, steps
from tests.world import World


@pytest.fixture
def selling(world: World) -> World:
    return a_first_quarter(world)


def test_e85_the_funnel_comes_with_its_numbers_as_words_and_deals_to_open(selling: World) -> None:
    [answer, *_] = selling.says("王强", "本季度漏斗")
    assert answer.startswith("销售部/华东 2026年1季度 漏斗")
    assert "初步接洽：进入 5，转化 100%，停留 3 天" in answer
    assert "商务谈判：进入 4，转化 75%（已定 100%）" in answer
    assert "流失：价格 1" in answer
    assert "价格复盘" in answer
    assert "赢单：3" in answer
    assert "李娜" not in answer


def test_e85_its_picture_follows_as_a_message_of_its_own(selling: World) -> None:
    answers = selling.says("王强", "本季度漏斗")
    assert any("漏斗" in one and ".png" in one for one in answers[1:])


def test_e86_why_a_stage_loses_names_reasons_people_and_the_deals(selling: World) -> None:
    [answer, *_] = selling.says("王强", "为什么方案报价这块转化这么低")
    assert answer.startswith("方案报价：进入 5，推进 4，输 1，仍在 0")
    assert "流失原因：价格 1（100%）" in answer
    assert "张伟：75%（3/4）" in answer
    assert "陈晨：100%（1/1）" in answer


def test_e63_ones_own_forecast_has_a_band_and_counts_nobody_elses_deals(selling: World) -> None:
    [answer, *_] = selling.says("张伟", "我这个月能成多少，靠谱不")
    assert answer.startswith("我 2026-03 预测")
    assert "已赢：20万" in answer
    assert "八成把握区间" in answer
    assert "70万" not in answer, "李娜's deal is not his"


def test_e92_a_unit_said_once_goes_on_and_only_whoever_leads_them_sets_targets(selling: World) -> None:
    asked = selling.says("赵敏", "给每人定个目标 3月 张伟50万 李娜60w 小陈20")[-1]
    assert "张伟：50万" in asked
    assert "李娜：60万" in asked
    assert "陈晨：20万" in asked
    assert "已定 2026-03 目标，共 3 个" in selling.says("赵敏", "确认")[-1]
    assert "没有" in selling.says("王强", "给每人定个目标 3月 李娜10万")[-1]
    assert "没有" in selling.says("张伟", "给自己定3月目标1万 张伟1万")[-1]
    assert "还差：30万" in selling.says("张伟", "我这个月还差多少")[0]


def test_e59_the_gap_says_pace_open_weight_and_how_many_deals_it_is(selling: World) -> None:
    selling.says("王强", "给每人定个目标 3月 张伟100万")
    selling.says("王强", "确认")
    [answer, *_] = selling.says("张伟", "我这个月还差多少")
    assert "还差：80万" in answer
    assert "已签：20万（20%）" in answer
    assert "时间进度：4/22 个工作日，18.2%，跟得上时间进度" in answer
    assert "在手加权" in answer
    selling.says("王强", "给每人定个目标 3月 张伟200万")
    selling.says("王强", "确认")
    assert "落后于时间进度" in selling.says("张伟", "我这个月还差多少")[0]


def test_e92_is_taken_back_with_one_word(selling: World) -> None:
    selling.says("王强", "给每人定个目标 3月 张伟100万")
    selling.says("王强", "确认")
    selling.says("王强", "撤销")
    assert "还没有定目标" in selling.says("张伟", "我这个月还差多少")[0]


def test_e89_the_ranking_goes_by_attainment_and_names_skill_against_luck(selling: World) -> None:
    selling.says("赵敏", "给每人定个目标 3月 张伟50万 李娜60w 小陈20")
    selling.says("赵敏", "确认")
    [answer, *_] = selling.says("赵敏", "排行榜")
    assert answer.index("1. 陈晨：30万，1 单，达成 150%") < answer.index("2. 李娜：70万，1 单，达成 116.7%")
    assert "3. 张伟：20万，2 单，达成 40%" in answer
    assert "能力系数" in answer
    [own, *_] = selling.says("张伟", "排行榜")
    assert "陈晨" not in own
    assert "1. 张伟" in own


def test_e87_the_forecast_of_next_month_moves_what_cannot_come_sooner(selling: World) -> None:
    assert "2026-04 预测" in selling.says("王强", "下个月能做多少")[0]


def test_e90_a_newcomer_is_held_against_the_others_at_the_same_age(selling: World) -> None:
    answer = selling.says("王强", "小陈上手怎么样")[0]
    assert answer.startswith("陈晨 入职")
    assert "同龄" in answer
    assert "没有" in selling.says("张伟", "小陈上手怎么样")[0]


def test_e91_what_a_campaign_cost_is_noted_and_held_against_what_it_brought(selling: World) -> None:
    assert "还没有登记花费" in selling.says("王强", "展会那批线索回本了没")[0]
    assert "已登记花费：展会 5万" in selling.says("周婷", "登记花费 展会 5万")[-1]
    answer = selling.says("王强", "展会那批线索回本了没")[0]
    assert "赢单 3，50万" in answer
    assert "已回本" in answer
    assert "投产比 900%" in answer
    assert "赢单 4，120万" in selling.says("周婷", "展会那批线索回本了没")[0], "who spends for all sees all of it"


def test_e101_without_a_baseline_nothing_is_guessed(selling: World) -> None:
    answer = selling.says("赵敏", "这套系统到底值不值")[0]
    assert answer.count("尚无法计算") == 4
    assert "没有" in selling.says("张伟", "这套系统到底值不值")[0]


def test_a_pivot_is_asked_in_words_and_drilled_down_to_single_deals(selling: World) -> None:
    [answer, *_] = selling.says("王强", "按地区看本月赢单金额")
    assert answer.index("1. 江苏：赢单金额 45万") < answer.index("2. 浙江：赢单金额 5万")
    assert "合计赢单金额 50万" in answer
    assert "广东" not in answer
    drilled = selling.taps("王强", "江苏 ›")[0]
    assert drilled.index("陈晨的30万客户") < drilled.index("张伟的15万客户")


def test_the_evening_digest_says_what_the_reports_say_and_leads_to_them(selling: World) -> None:
    selling.says("王强", "给每人定个目标 3月 张伟50万 小陈50万")
    assert "已定 2026-03 目标，共 2 个" in selling.says("王强", "确认")[-1]
    selling.ticks(at("03-05 18:00"))
    [digest] = [text for text in selling.heard("王强") if "03-05 日报" in text]
    assert "今日赢单 0元，本月 50万，目标 100万，达成 50%" in digest
    with selling.work("王强") as uow:
        table = REPORTS["pivot"].build(uow, Asked(measures=("赢单金额",)))
    assert table.rows == ((50_000_000,),)
    shown = selling.taps("王强", "看赢单")[0]
    assert "共 3 条" in shown
    assert "商机 陈晨的30万客户" in shown
    assert "李娜" not in shown


def test_a_long_pivot_has_pages_and_a_drill_down_keeps_every_filter(selling: World) -> None:
    for place in range(12):
        account = {"name": f"第{place:02}客户", "region": "江苏", "source": "转介绍", "industry": "机械"}
        has_deal(
            selling, steps(("初步接洽", "02-02 09:00"), (WON, "03-03 09:00")), yuan=10_000 * (place + 1),
            account=account, name=f"第{place:02}单",
        )  # fmt: skip
    [answer, *_] = selling.says("王强", "按客户看本月赢单金额")
    assert "还有 5 行" in answer
    following = selling.taps("王强", "下一页")[0]
    assert following.startswith("销售部/华东 2026-03")
    assert "11. " in following
    assert "15. 第00客户：赢单金额 1万" in following
    assert "还有" not in following
    [answer, *_] = selling.says("王强", "按地区看张伟本月赢单金额")
    drilled = selling.taps("王强", "江苏 ›")[0]
    assert "陈晨的30万客户" not in drilled, "only his deals were asked for"
    assert "张伟的15万客户" in drilled


def test_a_pivot_by_two_is_shown_crosswise(selling: World) -> None:
    [answer, *_] = selling.says("赵敏", "按部门和产品看本月赢单金额")
    assert "销售部/华东：机器人 30万，伺服 20万" in answer or "销售部/华东：伺服 20万，机器人 30万" in answer
    assert "销售部/华南：伺服 70万" in answer


def test_whoever_sells_nothing_sees_no_figures_of_sales(selling: World) -> None:
    assert "没有查看业绩报表的权限" in selling.says("陈静", "本月漏斗")[0]


def test_how_sure_a_deal_counts_is_said_in_chat(selling: World) -> None:
    selling.says("张伟", "录个客户 华为技术有限公司 王工 13912345678")
    selling.says("张伟", "给华为建个商机 服务器采购 35万 6月底签")
    assert "算「不计入」" in selling.says("张伟", "华为 预测标为不计入")[-1]
    with selling.work() as uow:
        [deal] = uow.deals.of(max(uow.accounts.find(range(1, 50)), key=lambda one: one.id).id)
    assert deal.forecast == "omitted"


def test_a_leaders_word_stands_beside_what_the_figures_say(selling: World) -> None:
    selling.says("王强", "张伟本月预测调到50万，大客户推迟了")
    assert "系统预测" in selling.says("王强", "确认")[-1]
    assert "张伟：主管判断 50万（系统" in selling.says("王强", "本月预测")[0]
    assert "大客户推迟了" in selling.says("张伟", "本月预测")[0]


def test_a_funnel_of_days_without_deals_says_what_to_try(world: World) -> None:
    has_deal(world, steps(("初步接洽", "02-02 09:00")))
    assert "没有商机进入" in world.says("王强", "去年漏斗")[0]
