"""The customer card with all its sides (E60, M65), and the whole timeline page by page."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.model.contract import ContractState, ContractTerms
from core.model.customer import Account
from core.model.ids import AccountId
from core.model.money import Money
from core.services.contracts import draw_up, sign
from core.services.payments import record_payment
from core.services.timeline import timeline_of
from tests.world import World


@pytest.fixture
def huawei(world: World) -> World:
    world.says("张伟", "录个客户 华为技术有限公司 王工 13912345678 制造业")
    world.says("张伟", "跟进 华为 电话聊了服务器需求，答应周五前给方案，明天下午三点再联系")
    world.says("张伟", "给华为建个商机 服务器 35万 6月底签")
    world.says("张伟", "给华为打标签 高意向")
    world.heard("张伟")
    return world


def _account(world: World) -> Account:
    with world.work() as uow:
        return uow.accounts.get(1)


def _tapped(world: World, name: str, label: str) -> str:
    return "\n".join(world.taps(name, label))


def test_e60_one_card_says_where_a_customer_stands(huawei: World) -> None:
    card = huawei.says("张伟", "看看华为")[-1]
    for part in (
        "联系人：王工 13912345678",
        "标签：高意向",
        "资料完整度",
        "商机 华为技术有限公司服务器：初步接洽 350,000元，预计 06-30 签",
        "承诺 答应周五前给方案（03-06 18:00）",
        "下次 03-06 15:00",
        "03-05 10:00 电话：聊了服务器需求",
    ):
        assert part in card


def test_every_side_is_a_tap_away(huawei: World) -> None:
    huawei.says("张伟", "看看华为")
    assert "华为技术有限公司 · 跟进" in _tapped(huawei, "张伟", "跟进")
    assert "D1 商机 华为技术有限公司服务器" in _tapped(huawei, "张伟", "商机")
    assert "还没有报价和合同" in _tapped(huawei, "张伟", "报价合同")
    assert "还没有应收和回款" in _tapped(huawei, "张伟", "回款")
    told = _tapped(huawei, "张伟", "时间线")
    assert "商机 华为技术有限公司服务器：进入初步接洽 350,000元（张伟）" in told
    assert "建了客户" in told
    assert "联系人：王工" in _tapped(huawei, "张伟", "概览")


def test_contracts_and_money_stand_on_the_card_of_whoever_may_see_them(huawei: World) -> None:
    _signs_and_pays(huawei)
    card = huawei.says("张伟", "看看华为")[-1]
    assert "应收：225,000元" in card
    assert "已收：125,000元" in card
    assert "合同 " in card
    assert "回款 125,000元" in _tapped(huawei, "张伟", "回款")
    assert "回款 125,000元" in _tapped(huawei, "张伟", "时间线")


def _signs_and_pays(world: World) -> None:
    with world.work("张伟") as uow:
        account = uow.accounts.get(1)
        contract = draw_up(uow, account, ContractTerms(amount=Money.yuan(Decimal(350_000))))
        contract.state = ContractState.APPROVED
        sign(uow, contract, on=date(2026, 3, 5))
    with world.work("张伟") as uow:
        [contract] = uow.contracts.of([AccountId(1)])
        record_payment(uow, uow.accounts.get(1), Money.yuan(Decimal(125_000)), date(2026, 3, 5), contract=contract)


def test_a_lead_has_the_sides_that_it_can_have(world: World) -> None:
    world.has_leads("大疆创新", held_by="张伟")
    world.says("张伟", "跟进 大疆 电话聊了样品的事")
    assert "线索 L1 · 跟进中" in world.says("张伟", "看看大疆")[-1]
    assert "归到张伟名下" in _tapped(world, "张伟", "时间线")


def test_the_timeline_goes_on_through_a_conversion(world: World) -> None:
    world.has_leads("大疆创新", held_by="张伟")
    world.says("张伟", "跟进 大疆 电话聊了样品的事")
    world.says("张伟", "大疆转成客户")
    world.says("张伟", "确认")
    world.says("张伟", "看看大疆")
    told = _tapped(world, "张伟", "时间线")
    assert "转为客户" in told
    assert "归到张伟名下" in told
    assert "聊了样品的事（张伟）" in told
    assert told.count("转为客户") == told.count("建了线索") == 1


def test_pages_of_the_timeline_join_without_a_gap_while_more_happens(huawei: World) -> None:
    for day in range(25):
        huawei.now += timedelta(hours=3)
        huawei.says("张伟", f"跟进 华为 第{day}次电话聊了扩容的细节")
    with huawei.work("张伟") as uow:
        whole, nothing = timeline_of(uow, uow.accounts.get(1), None, 1000)
    assert nothing is None
    seen, mark = [], None
    for page in range(100):
        if page == 1:
            huawei.says("张伟", "跟进 华为 翻页的时候又打了一次电话")
        with huawei.work("张伟") as uow:
            entries, mark = timeline_of(uow, uow.accounts.get(1), mark, 4)
        seen += entries
        if mark is None:
            break
    assert [one.mark for one in seen] == [one.mark for one in whole]
    assert [one.mark for one in seen] == sorted({one.mark for one in seen}, reverse=True)


def test_earlier_pages_are_a_tap_away_in_chat(huawei: World) -> None:
    for day in range(12):
        huawei.now += timedelta(hours=3)
        huawei.says("张伟", f"跟进 华为 第{day}次电话聊了扩容的细节")
    huawei.says("张伟", "看看华为")
    assert "第11次" in _tapped(huawei, "张伟", "时间线")
    assert "建了客户" in _tapped(huawei, "张伟", "更早")


def test_whoever_only_works_along_sees_no_number_in_words_and_no_deal_that_is_not_theirs(huawei: World) -> None:
    huawei.says("张伟", "跟进 华为 电话打到采购刘总13800138000，约好再聊")
    huawei.says("张伟", "和陈晨一起跟华为")
    with huawei.work("陈晨") as uow:
        along = [one.says for one in timeline_of(uow, uow.accounts.get(1), None, 50)[0]]
    with huawei.work("张伟") as uow:
        holder = [one.says for one in timeline_of(uow, uow.accounts.get(1), None, 50)[0]]
    assert any("13800138000" in says for says in holder)
    assert not any("13800138000" in says or "商机" in says for says in along)


def test_a_stranger_sees_nothing_of_it(huawei: World) -> None:
    assert "服务器" not in huawei.says("李娜", "看看华为")[-1]


def test_finance_names_every_customer_and_still_sees_no_card(huawei: World) -> None:
    _signs_and_pays(huawei)
    assert "350,000" not in huawei.says("陈静", "看看华为")[-1]


def test_a_field_that_a_role_may_not_see_is_not_on_the_card(huawei: World) -> None:
    huawei.applies(
        """
name: 测试
fields:
  account:
    - {key: floor, label: 底价, type: money, visible_to: [manager]}
"""
    )
    huawei.says("王强", "华为 底价 20万")
    assert "底价：200,000" in huawei.says("王强", "看看华为")[-1]
    assert "底价" not in huawei.says("张伟", "看看华为")[-1]
