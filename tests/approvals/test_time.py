"""What happens when nobody taps: handed up, rejected, passed where that is allowed, or expired (semantics B.8)."""

from datetime import timedelta

import pytest

from core.model.approval import TaskState
from tests.approvals.company import Office
from tests.approvals.flows import a_flow, a_node, with_flow


def overdue(office: Office, then: str, net: int, **more: object) -> int:
    """Submit a price to a flow of one hour, and let that hour go by."""
    timeout = {"amount": "1h", "clock": "calendar", "then": then, **more}
    with_flow(office, a_flow(a_node("主管", superior=1), timeout=timeout))
    approval = office.submits("张伟", 100_000, net)
    office.world.passes(hours=1)
    return approval


def test_time_up_hands_it_to_the_superior_and_the_submitter_is_told(office: Office) -> None:
    approval = overdue(office, "superior", 90_000)
    assert office.asked(approval) == ["赵敏"]
    assert "赵敏" in office.hears("张伟")


def test_time_up_may_reject(office: Office) -> None:
    approval = overdue(office, "reject", 90_000)
    assert office.state(approval) == "rejected"
    assert office.prices.refused_for == [(approval, "rejected")]
    assert office.task("王强", approval).state is TaskState.TIMED_OUT


@pytest.mark.parametrize(("net", "state"), [(1_000, "approved"), (1_001, "running")])
def test_it_passes_by_itself_up_to_its_amount_and_never_above(office: Office, net: int, state: str) -> None:
    approval = overdue(office, "pass", net, up_to=1_000)
    assert office.state(approval) == state
    if state == "running":
        assert office.asked(approval) == ["赵敏"], "above it, the superior decides"


def test_a_lower_limit_of_the_company_holds_for_what_runs_already(office: Office) -> None:
    timeout = {"amount": "1h", "clock": "calendar", "then": "pass", "up_to": 5_000}
    with_flow(office, a_flow(a_node("主管", superior=1), timeout=timeout))
    approval = office.submits("张伟", 100_000, 4_000)
    with_flow(office, a_flow(a_node("主管", superior=1)), auto_pass_limit=3_000)
    office.world.passes(hours=1)
    assert office.asked(approval) == ["赵敏"]


def test_whoever_a_late_clock_hands_it_to_has_their_whole_time_and_then_it_goes_on(office: Office) -> None:
    timeout = {"amount": "1h", "clock": "calendar", "then": "superior"}
    with_flow(office, a_flow(a_node("主管", superior=1), timeout=timeout))
    approval = office.submits("张伟", 100_000, 90_000)
    office.world.passes(hours=3)
    assert office.asked(approval) == ["赵敏"]
    with office.world.work() as uow:
        standing = {deadline.rule for deadline in uow.deadlines.of(uow.approvals.get(approval).ref)}
    assert standing == {"expire", "act:2", "remind:2:0.5", "remind:2:0.8"}
    office.world.passes(hours=1)
    assert office.asked(approval) != ["赵敏"], "the clock of whoever was asked second runs too"


def test_whoever_was_to_be_reminded_of_what_is_over_at_that_very_time_hears_nothing_of_it(office: Office) -> None:
    with_flow(
        office, a_flow(a_node("主管", superior=1), timeout={"amount": "1h", "clock": "calendar", "then": "reject"})
    )
    approval = office.submits("张伟", 100_000, 90_000)
    office.heard_nothing_yet("王强")
    office.world.passes(hours=3)
    assert office.state(approval) == "rejected"
    cards = [card for _, card in office.world.channel.phones["wangqiang"].cards]
    assert not any(card.pressable() for card in cards), "nobody is asked about what has ended"


def test_an_answer_in_the_last_minute_is_in_time(office: Office) -> None:
    with_flow(
        office, a_flow(a_node("主管", superior=1), timeout={"amount": "1h", "clock": "calendar", "then": "reject"})
    )
    approval = office.submits("张伟", 100_000, 90_000)
    office.world.now += timedelta(minutes=59)
    office.approves("王强", approval)
    office.world.passes(hours=2)
    assert office.state(approval) == "approved"


def test_what_nobody_decides_expires_and_is_told(office: Office) -> None:
    with_flow(office, a_flow(a_node("主管", superior=1), timeout=None, lives="3d"))
    approval = office.submits("张伟", 100_000, 90_000)
    office.world.passes(days=3)
    assert office.state(approval) == "expired"
    assert office.prices.refused_for == [(approval, "expired")]
    assert "失效" in office.hears("张伟")


def test_a_clock_that_ticks_twice_does_nothing_more(office: Office) -> None:
    approval = overdue(office, "superior", 90_000)
    before = office.log(approval)
    office.world.ticks(office.world.now)
    assert office.log(approval) == before
