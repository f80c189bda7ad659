"""How payments settle a plan: laws that hold for any plan and any payments, and the cases that people ask about."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.model.contract import Instalment, Term
from core.model.ids import AccountId, ContractId, InstalmentId, PaymentId
from core.model.money import Money
from core.model.payment import Payment, PaymentKind
from core.rules.settling import age_of, lay_out, settle
from core.rules.tax_numbers import plain_tax_number
from tests.world import START

DAY = date(2026, 3, 5)
FEN = st.integers(min_value=1, max_value=10**13)


def an_instalment(number: int, fen: int, due_on: date | None = None) -> Instalment:
    return Instalment(
        id=InstalmentId(number),
        contract_id=ContractId(1),
        place=number,
        name=f"第{number}期",
        amount=Money(fen),
        due_on=due_on,
        created_at=START,
        updated_at=START,
    )


def a_payment(number: int, fen: int, *, on: date = DAY, refund: bool = False, meant: int | None = None) -> Payment:
    return Payment(
        id=PaymentId(number),
        account_id=AccountId(1),
        instalment_id=InstalmentId(meant) if meant is not None else None,
        kind=PaymentKind.REFUND if refund else PaymentKind.RECEIPT,
        amount=Money(fen),
        paid_on=on,
        created_at=START,
        updated_at=START,
    )


PLANS = st.lists(st.tuples(FEN, st.none() | st.integers(0, 400)), max_size=12).map(
    lambda parts: [
        an_instalment(number, fen, None if days is None else DAY + timedelta(days=days))
        for number, (fen, days) in enumerate(parts, 1)
    ]
)
PAYMENTS = st.lists(
    st.tuples(FEN, st.integers(0, 400), st.booleans(), st.none() | st.integers(1, 12)), max_size=20
).map(
    lambda parts: [
        a_payment(number, fen, on=DAY + timedelta(days=days), refund=refund, meant=meant)
        for number, (fen, days, refund, meant) in enumerate(parts, 1)
    ]
)


@given(PLANS, PAYMENTS)
def test_paid_and_open_are_the_amount_and_what_came_in_is_paid_or_left_over(
    plan: list[Instalment], payments: list[Payment]
) -> None:
    standing = settle(plan, payments)
    for one in standing.plan:
        assert one.paid.fen + one.open.fen == one.instalment.amount.fen
        assert 0 <= one.paid.fen <= one.instalment.amount.fen
    assert standing.paid.fen + standing.open.fen == sum(one.amount.fen for one in plan)
    assert standing.received.fen == sum(one.signed.fen for one in payments)
    assert standing.paid.fen + standing.surplus.fen == standing.received.fen


@given(PLANS, PAYMENTS)
def test_nothing_waits_as_a_surplus_while_something_is_owed(plan: list[Instalment], payments: list[Payment]) -> None:
    standing = settle(plan, [one for one in payments if one.kind == PaymentKind.RECEIPT])
    assert standing.surplus.fen == 0 or standing.open.fen == 0


@given(PLANS, PAYMENTS, st.randoms())
def test_the_order_in_which_payments_were_written_down_changes_nothing(
    plan: list[Instalment], payments: list[Payment], random: object
) -> None:
    shuffled = sorted(payments, key=lambda one: hash((one.id, random)))
    assert settle(plan, payments) == settle(plan, shuffled)


@given(FEN, st.lists(st.integers(1, 9_999), min_size=1, max_size=10))
def test_shares_that_are_the_whole_always_add_up_to_the_last_fen(fen: int, weights: list[int]) -> None:
    total = sum(weights)
    shares = [max(weight * 10_000 // total, 1) for weight in weights]
    shares[-1] = 10_000 - sum(shares[:-1])
    terms = [Term(name=f"第{n}期", share=share) for n, share in enumerate(shares, 1)]
    try:
        amounts = lay_out(terms, Money(fen))
    except BadInput:
        assert fen < 10_000 * len(shares)  # so small that a part of it would be nothing
        return
    assert sum(one.fen for one in amounts) == fen
    for share, amount in zip(shares[:-1], amounts[:-1], strict=True):
        assert abs(amount.fen * 10_000 - fen * share) <= 5_000


@given(FEN, st.lists(FEN, min_size=1, max_size=8))
def test_the_term_without_a_figure_takes_the_rest(fen: int, others: list[int]) -> None:
    terms = [Term(name="一期", amount=Money(one)) for one in others] + [Term(name="尾款")]
    whole = sum(others) + fen
    assert [one.fen for one in lay_out(terms, Money(whole))] == [*others, fen]


@pytest.mark.parametrize(
    "terms",
    [
        [],
        [Term(name="首款", share=3_000)],
        [Term(name="首款", share=6_000), Term(name="尾款", share=5_000)],
        [Term(name="首款", amount=Money(200)), Term(name="尾款")],
        [Term(name="首款"), Term(name="尾款")],
        [Term(name="首款", share=0), Term(name="尾款")],
    ],
)
def test_a_plan_that_is_not_the_whole_is_refused(terms: list[Term]) -> None:
    with pytest.raises(BadInput, match=r"付款计划|合同金额"):
        lay_out(terms, Money(200))


def test_a_payment_goes_to_what_is_due_first_unless_it_was_meant_for_another() -> None:
    plan = [an_instalment(1, 300, DAY + timedelta(days=60)), an_instalment(2, 700, DAY)]
    assert [one.paid.fen for one in settle(plan, [a_payment(1, 750)]).plan] == [50, 700]
    assert [one.paid.fen for one in settle(plan, [a_payment(1, 400, meant=1)]).plan] == [300, 100]


def test_money_that_goes_back_comes_out_of_the_surplus_and_then_of_what_is_due_last() -> None:
    plan = [an_instalment(1, 300, DAY), an_instalment(2, 700, DAY + timedelta(days=30))]
    standing = settle(plan, [a_payment(1, 1_100), a_payment(2, 250, refund=True)])
    assert ([one.paid.fen for one in standing.plan], standing.surplus.fen) == ([300, 550], 0)


def test_the_last_day_is_in_time_and_the_next_one_is_late() -> None:
    one = settle([an_instalment(1, 100, DAY)], []).plan[0]
    assert (one.late_days(DAY), one.late_days(DAY + timedelta(days=1))) == (0, 1)


@pytest.mark.parametrize(("days", "age"), [(0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4)])
def test_ages_of_debt_end_with_their_last_day(days: int, age: int) -> None:
    assert age_of(days) == age


@pytest.mark.parametrize(
    "number",
    ["914403001922038216", "9144 0300 1922 0382 16", "９１４４０３００１９２２０３８２１６", "440301192203821"],
)
def test_tax_numbers_that_can_be_ones(number: str) -> None:
    assert plain_tax_number(number) in ("914403001922038216", "440301192203821")


@pytest.mark.parametrize(
    "number", ["914403001922038261", "91440300192203821", "", "O14403001922038216", "110101199003077750"]
)
def test_tax_numbers_with_a_wrong_sign_are_found(number: str) -> None:
    assert plain_tax_number(number) is None
