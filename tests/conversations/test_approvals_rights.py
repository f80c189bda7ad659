"""What the rights of a node let an approver change and not see (semantics B.8): on the card and in words."""

import pytest

from core.model.contract import Contract
from core.model.ids import AccountId
from core.model.money import Money
from tests.approving import Office
from tests.world import World

TERMS = """
contracts: {longest_payment_days: 60}
approvals:
  flows:
    - name: 账期审批
      kind: payment_terms
      steps:
        - {name: 主管, by: [{member: 王强}]}
        - {name: 财务, by: [{member: 陈静}], rights: {账期: write, 金额: hidden}}
"""

PRICES = """
approvals:
  flows:
    - name: 特价审批
      kind: special_price
      steps:
        - name: 主管
          by: [{member: 王强}]
        - name: 总监
          by: [{member: 赵敏}]
          rights: {折扣力度: write, 毛利率: hidden}
"""


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def contract(world: World) -> Contract:
    with world.work() as uow:
        return uow.contracts.of([AccountId(1)])[0]


def asks_for_90_days(office: Office) -> None:
    office.world.applies(TERMS)
    office.world.says("张伟", "给华东机电拟个合同 30万 账期90天")
    office.world.says("张伟", "确认")
    office.world.taps("王强", "同意")
    office.cards("张伟")


def test_finance_writes_the_days_in_words_and_then_agrees_to_what_it_wrote(office: Office) -> None:
    asks_for_90_days(office)
    office.cards("王强")
    office.world.says("陈静", "账期核定45天")
    assert contract(office.world).payment_days == 45
    assert "账期天数 90 天 → 45 天" in "\n".join(office.cards("张伟"))
    assert "账期天数 90 天 → 45 天" in "\n".join(office.cards("王强")), "who agreed to 90 days hears of it"
    with office.world.work() as uow:
        running = {one.kind: one for one in uow.approvals.running_on(contract(office.world).ref)}
        log = uow.history.of_subjects([running["payment_terms"].ref])
    assert running["payment_terms"].facts["payment_days"] == 45
    assert "fill" in repr([one.after for one in log])
    office.world.taps("陈静", "同意")
    with office.world.work() as uow:
        assert "payment_terms" not in {one.kind for one in uow.approvals.running_on(contract(office.world).ref)}


def test_the_card_offers_to_change_it_and_asks_for_the_days(office: Office) -> None:
    asks_for_90_days(office)
    office.world.taps("陈静", "更多")
    assert "账期改成多少天" in "\n".join(office.world.taps("陈静", "改内容"))
    office.world.taps("陈静", "30 天")
    assert contract(office.world).payment_days == 30


def test_the_director_writes_the_discount_and_the_quote_is_that_price(office: Office) -> None:
    office.world.applies(PRICES)
    quote = office.offers("15")
    office.world.taps("王强", "同意")
    office.world.says("赵敏", "折扣核定92折")
    assert office.quote(quote).net_total == Money(92_000_00)
    office.world.taps("赵敏", "同意")
    assert office.quote(quote).state == "valid"


def test_who_has_no_such_right_changes_nothing(office: Office) -> None:
    office.world.applies(PRICES)
    quote = office.offers("15")
    said = "\n".join(office.world.says("王强", "折扣核定92折"))
    assert "不能改" in said
    assert office.quote(quote).net_total == Money(85_000_00)
    assert "没有等您审批" in "\n".join(office.world.says("赵敏", "折扣核定92折"))


def test_what_is_hidden_is_nowhere_on_the_card_in_the_list_nor_in_the_news(office: Office) -> None:
    asks_for_90_days(office)
    office.world.says("陈静", "待我审批的")
    office.world.taps("陈静", "看第1个")
    office.world.says("陈静", "问一下申请人，为什么要90天")
    office.world.says("陈静", "同意")
    assert "300,000" not in "\n".join(office.cards("陈静"))
    assert "30万" not in "\n".join(office.cards("陈静"))
