"""Deals as reps speak of them (E41-E44, E53), and what cannot be a deal's."""

import pytest

from core.model.contract import ContractState, ContractTerms
from core.model.deal import Deal
from core.model.ids import AccountId
from core.model.money import Money
from core.services.contracts import draw_up, sign
from tests.world import World

STRICT = """
name: 严格
pipelines:
  - name: 标准
    stages:
      - {name: 初步接洽, win: 2.4%, entry: [contact, source], exit: [conversation]}
      - {name: 需求确认, win: 12%, entry: [need, two_of_bant], exit: [budget, decision_maker, expected_close]}
      - {name: 方案报价, win: 30%, entry: [quote_sent], exit: [competitor], stale_after: 10d}
      - {name: 商务谈判, win: 60%, entry: [quote_accepted, amount, expected_close], stale_after: 7d}
      - {name: 赢单, outcome: won, win: 100%, entry: [amount, contract_approved, signed_contract]}
      - {name: 输单, outcome: lost}
  - name: 续费
    stages:
      - {name: 到期提醒, win: 60%}
      - {name: 商务确认, win: 85%, entry: [amount]}
      - {name: 赢单, outcome: won, win: 100%, entry: [amount]}
      - {name: 输单, outcome: lost}
"""


@pytest.fixture
def huawei(world: World) -> World:
    world.says("张伟", "录个客户 华为技术有限公司 王工 13912345678")
    world.says("张伟", "跟进 华为 电话聊了服务器需求，明天下午三点再联系")
    world.says("张伟", "给华为建个商机 服务器 35万 6月底签")
    world.heard("张伟")
    return world


def _deal(world: World) -> Deal:
    with world.work() as uow:
        return uow.deals.of(AccountId(1))[0]


def test_e41_a_way_back_asks_why(huawei: World) -> None:
    huawei.says("张伟", "华为推进到商务谈判")
    assert "→ 商务谈判" in huawei.says("张伟", "预算80万，决策人李总，没有竞争对手")[-1]
    assert "原因是" in huawei.says("张伟", "华为推进到方案报价")[-1]
    assert _deal(huawei).stage == "商务谈判"
    assert "商务谈判 → 方案报价" in huawei.says("张伟", "需求变了")[-1]


def test_e42_a_stage_told_with_bant_is_moved_and_filled(huawei: World) -> None:
    said = huawei.says("张伟", "华为 需求确认了，预算80w，老板拍板，Q2要上")[-1]
    if "对吗" in said:
        said = huawei.says("张伟", "确认")[-1]
    deal = _deal(huawei)
    assert (deal.stage, deal.budget, deal.decision_maker) == ("需求确认", Money(80_000_000), "老板")


def test_e43_a_loss_keeps_its_reason_and_what_was_told(huawei: World) -> None:
    said = huawei.says("张伟", "华为丢了，给友商抢了，价格低我们两成")[-1]
    assert "已登记输单" in said
    deal = _deal(huawei)
    assert deal.reason in ("价格", "选了竞争对手")
    assert "低我们两成" in deal.note


def test_e44_a_win_is_held_by_the_gate_that_the_company_has_set(huawei: World) -> None:
    huawei.says("张伟", "华为推进到商务谈判")
    huawei.says("张伟", "预算80万，决策人李总，没有竞争对手")
    said = huawei.says("张伟", "拿下了！！华为签了38.5万")[-1]
    said = huawei.says("张伟", "1")[-1] if "赢在哪里" in said else said
    assert "批准的合同" in said
    assert "签好的合同" in said
    assert _deal(huawei).is_open
    with huawei.work("张伟") as uow:
        contract = draw_up(uow, uow.accounts.get(AccountId(1)), ContractTerms(amount=Money(38_500_000)))
        contract.state = ContractState.APPROVED
        sign(uow, contract)
    assert "赢在哪里" in huawei.says("张伟", "拿下了！！华为签了38.5万")[-1]
    assert "赢单" in huawei.says("张伟", "1")[-1]


def test_e53_an_amount_is_changed_after_a_look(huawei: World) -> None:
    huawei.says("张伟", "看看华为的商机")
    asked = huawei.says("张伟", "华为金额改成36万")[-1]
    assert "350,000元 → 360,000元" in asked
    assert _deal(huawei).amount == Money(35_000_000)
    huawei.says("张伟", "确认")
    assert _deal(huawei).amount == Money(36_000_000)


def test_b6_2_a_gate_of_papers_says_where_they_come_from(huawei: World) -> None:
    huawei.applies(STRICT)
    huawei.says("张伟", "华为推进到需求确认")
    huawei.says("张伟", "预算80万，决策人李总")
    asked = huawei.says("张伟", "华为推进到方案报价")[-1]
    assert "发给客户的报价" in asked
    assert "出个报价" in asked


def test_a_kind_of_deal_with_stages_of_its_own_is_chosen_when_it_is_opened(huawei: World) -> None:
    huawei.applies(STRICT)
    opened = huawei.says("张伟", "给华为建个续费商机 20万")[-1]
    assert "到期提醒 ●○" in opened
    with huawei.work() as uow:
        assert [deal.pipeline for deal in uow.deals.of(AccountId(1))] == ["续费", "标准"]


def test_without_a_kind_the_kinds_are_offered(huawei: World) -> None:
    huawei.applies(STRICT)
    asked = huawei.says("张伟", "给华为建个商机 存储 20万")[-1]
    assert "哪一类商机" in asked
    assert "到期提醒 ●○" in "\n".join(huawei.taps("张伟", "续费"))


@pytest.mark.parametrize("amount", ["1.2.3万", "-5万", "1000000000000000", "NaN", "１０００００００００００万"])
def test_what_is_no_amount_changes_nothing(huawei: World, amount: str) -> None:
    huawei.says("张伟", f"D1 金额改成{amount}")
    huawei.says("张伟", "确认")
    assert _deal(huawei).amount == Money(35_000_000)


def test_a_full_width_amount_is_an_amount(huawei: World) -> None:
    huawei.says("张伟", "D1 金额改成３６万")
    huawei.says("张伟", "确认")
    assert _deal(huawei).amount == Money(36_000_000)


def test_a_stage_that_does_not_exist_names_those_there_are(huawei: World) -> None:
    said = huawei.says("张伟", "推进 华为 验收交付")[-1]
    assert _deal(huawei).stage == "初步接洽"
    assert "没有「验收交付」这个阶段，可以是：初步接洽" in said


def test_who_decides_and_who_competes_are_told_without_a_stage(huawei: World) -> None:
    shown = huawei.says("张伟", "华为那单 拍板的是刘总 对手是浪潮")[-1]
    assert "没有填 → 刘总" in shown
    assert "没有填 → 浪潮" in shown
    assert _deal(huawei).competitor == ""
    huawei.says("张伟", "确认")
    assert (_deal(huawei).decision_maker, _deal(huawei).competitor) == ("刘总", "浪潮")


def test_a_deal_of_somebody_who_left_goes_on_with_who_leads_them(huawei: World) -> None:
    with huawei.work() as uow:
        uow.members.get(huawei.member("张伟").id).active = False
    assert "350,000" in huawei.says("王强", "看商机 D1")[-1]
    assert "初步接洽 → 需求确认" in huawei.says("王强", "华为推进到需求确认")[-1]
