"""Semantics B.8, the worked flow of special prices and B8-1 to B8-10."""

from datetime import datetime, timedelta

import pytest

from core.errors import TaskAnswered, UnderApproval
from core.model.approval import NodeState, ReturnMode, TaskState
from core.model.ids import Ref
from core.services.approvals import deciding, submitting
from tests.approvals.company import Office
from tests.approvals.flows import a_flow, a_node, with_flow
from tests.world import SHANGHAI


def at(words: str) -> datetime:
    return datetime.strptime(f"2026-{words}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def test_up_to_5_percent_nobody_is_asked_and_the_price_holds_at_once(office: Office) -> None:
    assert office.submits("张伟", 100_000, 95_000) == 0
    assert office.prices.known[1].state == "valid"


def test_b8_1_10_percent_belongs_to_the_manager_alone(office: Office) -> None:
    approval = office.submits("张伟", 100_000, 90_000)
    assert office.asked(approval) == ["王强"]
    office.approves("王强", approval)
    assert office.state(approval) == "approved"
    assert office.prices.passed_for == [approval]


def test_a_price_a_fen_below_the_boundary_goes_further(office: Office) -> None:
    approval = office.submits("张伟", 100_000, 89_999)
    office.approves("王强", approval)
    assert office.asked(approval) == ["赵敏", "陈静"]


def test_b8_2_with_one_of_two_voices_it_still_runs_and_the_card_says_1_of_2(office: Office) -> None:
    approval = office.submits("张伟", 100_000, 85_000)
    office.approves("王强", approval)
    assert office.asked(approval) == ["赵敏", "陈静"]
    office.approves("赵敏", approval)
    assert office.state(approval) == "running"
    assert office.asked(approval) == ["陈静"]
    assert office.progress(approval, "总监和财务") == (1, 2)


def test_b8_3_finance_rejects_the_price_is_what_it_was_and_the_director_s_yes_stays_on_record(office: Office) -> None:
    approval = office.submits("张伟", 100_000, 85_000, prior=98_000)
    office.approves("王强", approval)
    office.approves("赵敏", approval, "可以")
    office.heard_nothing_yet("张伟", "赵敏")
    office.rejects("陈静", approval, "低于成本")
    assert office.state(approval) == "rejected"
    assert office.prices.known[1].net == 98_000
    assert "低于成本" in office.hears("张伟")
    assert office.hears("赵敏")
    assert office.task("赵敏", approval).state is TaskState.APPROVED
    assert [line["did"]["deed"] for line in office.log(approval)] == ["submit", "approve", "approve", "reject"]


def test_b8_4_at_30_percent_four_are_asked_each_in_order(office: Office) -> None:
    approval = office.submits("张伟", 100_000, 70_000)
    order = []
    while office.state(approval) == "running":
        asked = office.asked(approval)
        order.append(asked)
        for one in asked:
            office.approves(one, approval)
    assert order == [["王强"], ["赵敏", "陈静"], ["宋岚"]]
    assert len(office.course(approval).tasks) == 4
    assert "何法" in office.copied(approval)


def test_above_500_000_legal_is_asked_and_not_copied(office: Office) -> None:
    approval = office.submits("张伟", 1_000_000, 900_000)
    office.approves("王强", approval)
    assert office.asked(approval) == ["何法"]
    assert office.copied(approval) == []


def test_b8_5_two_taps_of_one_manager_are_one_decision(office: Office) -> None:
    approval = office.submits("张伟", 100_000, 90_000)
    office.world.now = at("03-05 10:32")
    office.approves("王强", approval)
    office.world.now = at("03-05 10:33")
    with pytest.raises(TaskAnswered, match="已由您 10:32 同意"):
        office.approves("王强", approval)
    assert office.prices.passed_for == [approval]
    assert len(office.log(approval)) == 2


def test_b8_6_a_changed_price_voids_and_takes_the_longer_path(office: Office) -> None:
    approval = office.submits("张伟", 100_000, 90_000)
    office.heard_nothing_yet("张伟", "王强")
    with office.acts("张伟") as uow:
        office.prices.known[1].net = 88_000
        again = submitting.changed(uow, Ref("quote", 1))[0]
        number = again.id
    assert office.state(approval) == "voided"
    assert office.approval(number).replaces == approval
    assert office.asked(number) == ["王强"]
    assert office.names_of_nodes(number) == ["主管", "总监和财务", "抄送法务"]
    assert office.prices.refused_for == [], "the price stays as it was changed"
    assert "作废" in office.hears("王强")


def test_a_change_of_what_nobody_is_asked_about_changes_nothing(office: Office) -> None:
    approval = office.submits("张伟", 100_000, 90_000)
    with office.acts("张伟") as uow:
        assert submitting.changed(uow, Ref("quote", 1)) == []
    assert office.state(approval) == "running"


def test_a_flow_may_lock_its_subject(office: Office) -> None:
    with_flow(office, a_flow(a_node("主管", superior=1), running="lock"))
    approval = office.submits("张伟", 100_000, 90_000)
    office.prices.known[1].net = 88_000
    with pytest.raises(UnderApproval, match="撤回审批 S1"), office.acts("张伟") as uow:
        submitting.changed(uow, Ref("quote", 1))
    assert office.state(approval) == "running"


def test_b8_7_a_card_of_last_week_still_decides_and_a_decided_one_says_how(office: Office) -> None:
    approval = office.submits("张伟", 100_000, 90_000)
    task = office.task("王强", approval).number
    office.world.now += timedelta(hours=80)
    office.approves("王强", approval, task=task)
    assert office.state(approval) == "approved"
    office.world.now += timedelta(days=1)
    with pytest.raises(TaskAnswered, match="审批已通过"):
        office.approves("王强", approval, task=task)


def test_b8_8_eight_working_hours_from_friday_afternoon(office: Office) -> None:
    office.world.now = at("03-06 16:30")
    approval = office.submits("张伟", 100_000, 90_000)
    office.heard_nothing_yet("王强")
    office.world.ticks(at("03-09 11:29"))
    assert office.hears("王强") == ""
    office.world.ticks(at("03-09 11:30"))
    assert "15:30" in office.hears("王强")
    office.world.ticks(at("03-09 13:53"))
    assert office.hears("王强") == ""
    office.world.ticks(at("03-09 13:54"))
    assert "15:30" in office.hears("王强")
    office.world.ticks(at("03-09 15:29"))
    assert office.asked(approval) == ["王强"]
    office.world.ticks(at("03-09 15:30"))
    assert office.asked(approval) == ["赵敏"]
    assert office.task("王强", approval).state is TaskState.TIMED_OUT


@pytest.mark.parametrize(("say", "state"), [("approves", "approved"), ("rejects", "rejected")])
def test_b8_9_a_vote_of_five_is_decided_by_the_third(office: Office, say: str, state: str) -> None:
    voters = ["王强", "赵敏", "陈静", "宋岚", "何法"]
    with_flow(office, a_flow(a_node("投票", *({"member": name} for name in voters), mode="vote")))
    approval = office.submits("张伟", 100_000, 90_000)
    for voter in voters[:3]:
        assert office.state(approval) == "running"
        getattr(office, say)(voter, approval, "我的意见")
    assert office.state(approval) == state
    assert [office.task(voter, approval).state for voter in voters[3:]] == [TaskState.CANCELLED] * 2


def test_b8_10_straight_back_does_not_ask_what_lies_between(office: Office) -> None:
    with_flow(office, a_flow(a_node("一", member="王强"), a_node("二", member="赵敏"), a_node("三", member="宋岚")))
    approval = office.submits("张伟", 100_000, 90_000)
    office.approves("王强", approval)
    office.approves("赵敏", approval)
    with office.acts("宋岚") as uow:
        deciding.send_back(uow, approval, "再看看成本", node=1, mode=ReturnMode.STRAIGHT)
    assert office.asked(approval) == ["王强"]
    assert office.course(approval).node(3).state is NodeState.RETURNED
    office.approves("王强", approval)
    assert office.asked(approval) == ["宋岚"]
    office.approves("宋岚", approval)
    assert office.state(approval) == "approved"


def test_again_in_order_asks_everybody_once_more(office: Office) -> None:
    with_flow(office, a_flow(a_node("一", member="王强"), a_node("二", member="赵敏"), a_node("三", member="宋岚")))
    approval = office.submits("张伟", 100_000, 90_000)
    office.approves("王强", approval)
    office.approves("赵敏", approval)
    with office.acts("宋岚") as uow:
        deciding.send_back(uow, approval, "再看看成本", node=1)
    for name in ("王强", "赵敏", "宋岚"):
        assert office.asked(approval) == [name]
        office.approves(name, approval)
    assert office.state(approval) == "approved"


def test_what_is_not_known_goes_the_default_way_and_crashes_nothing(office: Office) -> None:
    approval = office.submits("张伟", 0, 90_000)
    assert office.names_of_nodes(approval) == ["主管", "总监和财务", "副总", "抄送法务"]


def test_a_running_approval_keeps_the_flow_it_began_with(office: Office) -> None:
    approval = office.submits("张伟", 100_000, 85_000)
    with_flow(office, a_flow(a_node("谁都不是", member="何法")))
    office.approves("王强", approval)
    assert office.asked(approval) == ["赵敏", "陈静"]
    assert office.submits("张伟", 100_000, 85_000)
    assert office.asked(2) == ["何法"]


def test_the_same_matter_is_submitted_once(office: Office) -> None:
    office.submits("张伟", 100_000, 85_000)
    with pytest.raises(UnderApproval), office.acts("张伟") as uow:
        submitting.submit(uow, "special_price", Ref("quote", 1), title="再来一次")


def test_the_history_replays_to_what_is_stored(office: Office) -> None:
    approval = office.submits("张伟", 100_000, 70_000)
    for name in ("王强", "陈静", "赵敏", "宋岚"):
        office.approves(name, approval, "同意")
        assert office.replayed(approval) == office.approval(approval).course
