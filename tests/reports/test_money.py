"""Money in the figures: received, signed, owed and not paid; alike in chat, on the command line and in lists (8.1)."""

import pytest

from core.errors import Refusal
from core.rules.metrics.declared import CONTRACT_AMOUNT, CONTRACTS, RECEIPTS
from core.services.reports import REPORTS
from core.services.reports.asking import Asked, today, totals
from core.services.reports.pivot import filters
from tests.conversations.test_contracts import signs
from tests.world import World


@pytest.fixture
def paid(world: World) -> World:
    """张伟's 华为 has a contract of 38.5万 signed today, of which 12万 was paid."""
    signs(world, "38.5万 账期30天")
    world.says("张伟", "华为回款12万")
    return world


def test_received_by_person_is_asked_in_chat_and_agrees_with_the_report(paid: World) -> None:
    answer = paid.says("王强", "按人看本月回款")[-1]
    assert "1. 张伟：回款金额 12万" in answer
    assert "合计回款金额 12万" in answer
    with paid.work("王强") as uow:
        table = REPORTS["receipts"].build(uow, Asked())
        assert table.rows == (("张伟", 12_000_000, 38_500_000, 1),)
        by_customer = totals(uow, [RECEIPTS, CONTRACT_AMOUNT, CONTRACTS], [], None, Asked())
    assert by_customer == {(): {"receipts": 12_000_000, "contract_amount": 38_500_000, "contracts": 1}}


def test_a_colleague_elsewhere_sees_none_of_it_in_totals_either(paid: World) -> None:
    with paid.work("李娜") as uow:
        assert totals(uow, [RECEIPTS, CONTRACTS], [], None, Asked()) == {(): {"receipts": 0, "contracts": 0}}
        assert REPORTS["receivables"].build(uow, Asked()).rows == ()


def test_what_is_owed_grows_old_by_person_and_by_customer(paid: World) -> None:
    with paid.work() as uow:
        table = REPORTS["receivables"].build(uow, Asked())
        assert [column.label for column in table.columns[:4]] == ["负责人", "应收", "未到期", "逾期1-30天"]
        assert table.rows == (("张伟", 26_500_000, 26_500_000, 0, 0, 0, 0, 0),)
    paid.passes(days=45)
    with paid.work() as uow:
        table = REPORTS["receivables"].build(uow, Asked(by=("客户",)))
        [row] = table.rows
        assert row[:5] == ("华为技术有限公司", 26_500_000, 0, 26_500_000, 0)
        assert row[-1] > 0
    shown = paid.says("张伟", "看应收")[0]
    assert "265,000元" in shown, "the card says what the report says"


def test_a_report_that_cannot_be_narrowed_says_so(paid: World) -> None:
    with paid.work() as uow, pytest.raises(Refusal, match="不能再加条件"):
        REPORTS["receivables"].build(uow, Asked(where=filters(uow, [("地区", ("江苏",))])))
    with paid.work() as uow, pytest.raises(Refusal, match="按负责人或客户"):
        REPORTS["receivables"].build(uow, Asked(by=("地区",)))


def test_an_invoice_that_nobody_paid_is_listed(paid: World) -> None:
    with paid.work() as uow:
        assert REPORTS["invoices"].build(uow, Asked()).rows == ()
    paid.says("张伟", "开票信息 华为 税号 914403001922038216")
    paid.says("张伟", "申请开票 华为 20万")
    paid.says("陈静", "已开票 B1 12345678")
    with paid.work() as uow:
        day = str(today(uow))
        [row] = REPORTS["invoices"].build(uow, Asked()).rows
    assert row == ("华为技术有限公司", "12345678", day, 20_000_000, 8_000_000, 0)
