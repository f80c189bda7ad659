"""Semantics B.8, row by row: the worked flow of special prices."""

from tests.approvals.company import Office


def test_up_to_5_percent_nobody_is_asked_and_the_price_holds_at_once(office: Office) -> None:
    assert office.submits("张伟", 100_000, 95_000) == 0
    assert office.prices.known[1].state == "valid"


def test_b8_1_10_percent_belongs_to_the_manager_alone(office: Office) -> None:
    approval = office.submits("张伟", 100_000, 90_000)
    assert office.asked(approval) == ["王强"]
    office.approves("王强", approval)
    assert office.state(approval) == "approved"
    assert office.prices.passed_for == [approval]


def test_b8_2_with_one_of_two_voices_it_still_runs(office: Office) -> None:
    approval = office.submits("张伟", 100_000, 85_000)
    office.approves("王强", approval)
    assert office.asked(approval) == ["赵敏", "陈静"]
    office.approves("赵敏", approval)
    assert office.state(approval) == "running"
    assert office.asked(approval) == ["陈静"]
