"""Guided questions about a deal: BANT and SPIN, one at a time, kept, put down and taken up again (M36, M37)."""

from datetime import date

import pytest

from core.model.deal import Deal
from core.model.money import Money
from tests.world import World


@pytest.fixture
def deal(world: World) -> World:
    world.says("张伟", "录个客户 华为技术有限公司 王工 13912345678")
    world.says("张伟", "跟进 华为 电话聊了服务器需求，明天下午三点再联系")
    world.says("张伟", "给华为建个商机")
    world.heard("张伟")
    return world


def _deal(world: World) -> Deal:
    with world.work() as uow:
        return uow.deals.of(1)[0]


def _taps(world: World, label: str) -> str:
    return "\n".join(world.taps("张伟", label))


def test_bant_is_asked_one_by_one_and_fills_the_deal(deal: World) -> None:
    asked = deal.says("张伟", "帮华为过一遍BANT")[-1]
    assert "准备花多少钱" in asked
    assert "BANT 1/4" in asked
    asked = deal.says("张伟", "大概80万吧")[-1]
    assert "记下了 预算：800,000元" in asked
    assert "最后谁拍板" in asked
    assert "解决什么问题" in deal.says("张伟", "采购李总")[-1]
    assert "什么时候定下来" in deal.says("张伟", "机房扩容，要40台服务器")[-1]
    summary = deal.says("张伟", "6月底")[-1]
    assert "BANT过完了" in summary
    assert "4/4 项有答案" in summary
    assert "可以推进到需求确认了" in summary
    kept = _deal(deal)
    assert (kept.budget, kept.decision_maker, kept.need, kept.expected_close_on) == (
        Money(80_000_000),
        "采购李总",
        "机房扩容，要40台服务器",
        date(2026, 6, 30),
    )
    assert "初步接洽 → 需求确认" in deal.says("张伟", "华为推进到需求确认")[-1]


def test_spin_offers_answers_to_tap_and_keeps_what_no_field_holds(deal: World) -> None:
    assert "现在是怎么做的" in deal.says("张伟", "华为 需求调研")[-1]
    assert "最头疼" in _taps(deal, "用老系统")
    assert "不解决会怎样" in deal.says("张伟", "2")[-1]
    assert "最看重" in deal.says("张伟", "一年多花50万电费，跟李总聊过，他也急")[-1]
    assert "还在看谁家" in deal.says("张伟", "稳定，别再宕机")[-1]
    summary = deal.says("张伟", "没有")[-1]
    assert "现状：用老系统" in summary
    assert "难点：效率太低" in summary
    assert (_deal(deal).competitor, _deal(deal).need) == ("无", "稳定，别再宕机")
    assert "影响：一年多花50万电费" in deal.says("张伟", "看看华为的商机")[-1]


def test_what_cannot_be_read_is_asked_again_and_what_is_unknown_is_skipped(deal: World) -> None:
    deal.says("张伟", "帮华为过一遍BANT")
    asked = deal.says("张伟", "领导还在想")[-1]
    assert "没看懂金额" in asked
    assert "准备花多少钱" in asked
    assert "预算先跳过" in _taps(deal, "跳过")
    assert _deal(deal).budget is None


def test_a_command_puts_the_questions_down_and_they_go_on_where_they_were(deal: World) -> None:
    deal.says("张伟", "帮华为过一遍BANT")
    deal.says("张伟", "80万")
    answer = deal.says("张伟", "今天有啥要跟的")[-1]
    assert "先放下了" in answer
    asked = deal.says("张伟", "继续问答 华为")[-1]
    assert "接着上次的问" in asked
    assert "最后谁拍板" in asked
    assert _deal(deal).budget == Money(80_000_000)


def test_to_stop_keeps_what_was_answered(deal: World) -> None:
    deal.says("张伟", "帮华为过一遍BANT")
    deal.says("张伟", "80万")
    stopped = deal.says("张伟", "算了")[-1]
    assert "BANT先到这里" in stopped
    assert "答了 1/4，都留着" in stopped
    assert "最后谁拍板" in _taps(deal, "接着问")


def test_an_hour_later_the_questions_go_on_too(deal: World) -> None:
    deal.says("张伟", "帮华为过一遍BANT")
    deal.says("张伟", "80万")
    deal.passes(hours=1)
    assert "最后谁拍板" in deal.says("张伟", "帮华为过一遍BANT")[-1]


def test_one_step_back_asks_the_last_question_again(deal: World) -> None:
    deal.says("张伟", "帮华为过一遍BANT")
    deal.says("张伟", "80万")
    assert "准备花多少钱" in deal.says("张伟", "上一题")[-1]
    assert "记下了 预算：900,000元" in deal.says("张伟", "90万")[-1]


def test_what_the_deal_knows_is_not_asked_again(deal: World) -> None:
    deal.says("张伟", "D1 预计签约改到7月15日")
    deal.says("张伟", "确认")
    asked = deal.says("张伟", "帮华为过一遍BANT")[-1]
    assert "已知道 时间：2026-07-15" in asked


def test_without_a_name_the_outline_is_chosen(deal: World) -> None:
    assert "过哪份提纲" in deal.says("张伟", "提纲 华为")[-1]
    assert "现在是怎么做的" in _taps(deal, "SPIN")


def test_an_answer_is_taken_back_like_any_other_write(deal: World) -> None:
    deal.says("张伟", "帮华为过一遍BANT")
    deal.says("张伟", "80万")
    deal.says("张伟", "撤销")
    assert _deal(deal).budget is None
    assert "准备花多少钱" in deal.says("张伟", "帮华为过一遍BANT")[-1]


def test_a_company_has_outlines_of_its_own(deal: World) -> None:
    deal.applies(
        """
name: 测试
outlines:
  - name: 首访
    aliases: [首访清单]
    questions:
      - {key: 规模, ask: 对方有多少人？, options: [50人以下, 50到500人]}
      - {key: 金额, ask: 这单大概多少钱？, fills: amount}
"""
    )
    assert "对方有多少人" in deal.says("张伟", "提纲 华为 首访")[-1]
    assert "这单大概多少钱" in _taps(deal, "50人以下")
    assert "首访过完了" in deal.says("张伟", "35万")[-1]
    assert _deal(deal).amount == Money(35_000_000)


def test_a_deal_that_is_over_is_asked_nothing(deal: World) -> None:
    deal.says("张伟", "输单 华为 价格太高，选了浪潮")
    assert "没有进行中的商机" in deal.says("张伟", "帮华为过一遍BANT")[-1]


def test_a_stranger_to_the_deal_is_not_asked(deal: World) -> None:
    assert "准备花" not in deal.says("李娜", "帮华为过一遍BANT")[-1]
