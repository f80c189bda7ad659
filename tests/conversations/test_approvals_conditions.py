"""A yes under a condition: on the price, the sum or the terms of payment; what is accepted is what is agreed then."""

import pytest

from core.model.contract import Contract
from core.model.ids import AccountId
from core.model.money import Money
from tests.approving import Office
from tests.world import World


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


LIMITED = "contracts: {longest_payment_days: 60}"


def contract(world: World) -> Contract:
    with world.work() as uow:
        return uow.contracts.of([AccountId(1)])[0]


def draws_up(office: Office, words: str) -> None:
    office.world.applies(LIMITED)
    office.world.says("张伟", words)
    office.world.says("张伟", "确认")
    office.cards("张伟")


def agrees_within_45_days(office: Office) -> None:
    office.world.says("王强", "账期缩到45天我就批")
    with office.world.work() as uow:
        terms = next(one for one in uow.approvals.running_on(contract(office.world).ref) if one.kind == "payment_terms")
    office.world.says("王强", f"{terms.ref}")


def test_terms_within_which_the_manager_agrees_become_the_contract_s_with_its_plan(office: Office) -> None:
    draws_up(office, "给华东机电拟个合同 30万 账期90天")
    [terms] = [one for one in office.cards("王强") if "账期 90 天" in one.splitlines()[0]]
    assert "90 天（上限 60 天）" in terms
    agrees_within_45_days(office)
    assert "账期最多 45 天" in "\n".join(office.cards("张伟"))
    assert contract(office.world).payment_days == 90
    office.world.taps("张伟", "接受")
    agreed = contract(office.world)
    assert (agreed.payment_days, agreed.state) == (45, "pending")
    with office.world.work() as uow:
        [part] = uow.contracts.plans([agreed.id])[agreed.id]
    assert part.days == 45


def test_accepted_terms_ask_the_others_anew_about_the_contract_as_it_is_now(office: Office) -> None:
    draws_up(office, "给华东机电拟个合同 30万 账期90天")
    with office.world.work() as uow:
        first = next(one for one in uow.approvals.running_on(contract(office.world).ref) if one.kind == "contract")
    agrees_within_45_days(office)
    office.world.taps("张伟", "接受")
    with office.world.work() as uow:
        running = {one.kind: one for one in uow.approvals.running_on(contract(office.world).ref)}
        assert uow.approvals.get(first.id).state == "voided"
    assert running["contract"].facts["payment_days"] == 45
    assert "payment_terms" in running, "finance is asked about 45 days"


def test_a_sum_below_which_nobody_agrees_lowers_the_discount(office: Office) -> None:
    quote = office.offers("15")
    office.world.says("王强", "总价不低于9万我就批")
    assert "总价不低于 90,000元" in "\n".join(office.cards("张伟"))
    office.world.taps("张伟", "接受")
    assert office.quote(quote).total == Money(90_000_00)
    assert office.quote(quote).discount == 10
    assert office.quote(quote).state == "valid"


def test_terms_as_a_condition_of_a_special_price_are_what_the_quote_says_then(office: Office) -> None:
    quote = office.offers("10")
    office.world.says("王强", "账期缩到30天我就批")
    office.world.taps("张伟", "接受")
    assert office.quote(quote).payment_terms == "账期 30 天"
    assert office.quote(quote).net_total == Money(90_000_00)
    assert office.quote(quote).state == "valid"


@pytest.mark.parametrize(
    "said", ["最多给到-3折", "最多给到0折", "最多给到3折", "账期最多9999天我就批", "总价不低于0元我就批"]
)
def test_a_condition_that_nobody_can_meet_is_not_taken(office: Office, said: str) -> None:
    quote = office.offers("10")
    office.world.says("王强", said)
    assert office.quote(quote).state == "pending"
    assert "接受" not in "\n".join(office.cards("张伟"))


def test_the_tapped_button_asks_about_what_the_matter_is(office: Office) -> None:
    draws_up(office, "给华东机电拟个合同 30万 账期90天")
    with office.world.work() as uow:
        terms = next(one for one in uow.approvals.running_on(contract(office.world).ref) if one.kind == "payment_terms")
    values = {"approval": str(terms.id), "task": "1"}
    asked = "\n".join(office.world.presses("王强", "approval.conditional", values))
    assert "账期最多给多少天" in asked
    office.world.taps("王强", "45 天")
    assert "账期最多 45 天" in "\n".join(office.cards("张伟"))


def test_a_number_that_no_approval_has_says_where_the_numbers_are(office: Office) -> None:
    assert "没有「S999」这个审批" in office.world.says("王强", "同意 S999")[0]


def test_a_reason_of_five_thousand_signs_is_cut_and_kept(office: Office) -> None:
    quote = office.offers("10")
    office.world.says("王强", "不同意 " + "😀价格太低" * 1000)
    office.world.says("王强", "确认")
    assert office.quote(quote).state == "draft"
    assert len(max(office.cards("张伟"), key=len)) < 700
