"""What people do with an approval, act by act (semantics B.8)."""

from datetime import timedelta

import pytest

from core.errors import ActRefused, ApprovalOver, NotYourTask
from core.model.approval import Demand, TaskState
from core.model.ids import Ref
from core.services.approvals import deciding, submitting
from core.services.undo import undo_last
from tests.approvals.company import Office
from tests.approvals.flows import a_flow, a_node, with_flow


@pytest.fixture
def asked(office: Office) -> int:
    """A special price of 10 %, which waits for 王强."""
    return office.submits("张伟", 100_000, 90_000)


def test_a_no_wants_a_reason(office: Office, asked: int) -> None:
    with pytest.raises(ActRefused, match="要写原因"):
        office.rejects("王强", asked, " ")
    assert office.state(asked) == "running"


def test_a_stranger_learns_nothing(office: Office, asked: int) -> None:
    with pytest.raises(NotYourTask) as refused:
        office.approves("李娜", asked)
    assert "华东机电" not in str(refused.value)


def test_a_transferred_task_is_answered_by_who_got_it(office: Office, asked: int) -> None:
    director = office.id("赵敏")
    with office.acts("王强") as uow:
        deciding.transfer(uow, asked, director, comment="您来定")
    assert office.asked(asked) == ["赵敏"]
    office.approves("赵敏", asked)
    assert office.state(asked) == "approved"
    assert office.task("王强", asked).state is TaskState.TRANSFERRED


def test_a_task_goes_through_three_hands_and_never_to_the_submitter(office: Office, asked: int) -> None:
    ids = {name: office.id(name) for name in ("张伟", "王强", "赵敏", "陈静", "何法", "宋岚")}
    with pytest.raises(ActRefused, match="提交人"), office.acts("王强") as uow:
        deciding.transfer(uow, asked, ids["张伟"])
    for who, to in (("王强", "赵敏"), ("赵敏", "陈静"), ("陈静", "何法")):
        with office.acts(who) as uow:
            deciding.transfer(uow, asked, ids[to])
    with pytest.raises(ActRefused, match="转过 3 次"), office.acts("何法") as uow:
        deciding.transfer(uow, asked, ids["宋岚"])


def test_a_delegate_gives_an_opinion_and_the_delegator_decides(office: Office, asked: int) -> None:
    finance = office.id("陈静")
    with office.acts("王强") as uow:
        deciding.delegate(uow, asked, finance)
    office.rejects("陈静", asked, "毛利太低")
    assert office.state(asked) == "running"
    assert office.asked(asked) == ["王强"]
    office.approves("王强", asked)
    assert office.state(asked) == "approved"


def test_signed_in_before_the_own_task_waits(office: Office, asked: int) -> None:
    finance = office.id("陈静")
    with office.acts("王强") as uow:
        deciding.sign_in(uow, asked, [finance])
    assert office.asked(asked) == ["陈静"]
    with pytest.raises(ActRefused, match="等陈静处理"):
        office.approves("王强", asked)
    office.approves("陈静", asked)
    assert office.asked(asked) == ["王强"]
    office.approves("王强", asked)
    assert office.state(asked) == "approved"


def test_signed_in_before_and_out_again(office: Office, asked: int) -> None:
    finance = office.id("陈静")
    with office.acts("王强") as uow:
        deciding.sign_in(uow, asked, [finance])
    with pytest.raises(NotYourTask), office.acts("陈静") as uow:
        deciding.sign_out(uow, asked, finance)
    with office.acts("王强") as uow:
        deciding.sign_out(uow, asked, finance)
    assert office.asked(asked) == ["王强"]


def test_signed_in_after_the_own_yes_comes_first(office: Office, asked: int) -> None:
    finance = office.id("陈静")
    with office.acts("王强") as uow:
        deciding.sign_in(uow, asked, [finance], after=True)
    assert office.state(asked) == "running"
    assert office.asked(asked) == ["陈静"]
    office.rejects("陈静", asked, "不行")
    assert office.state(asked) == "rejected"


def test_at_most_92_percent_is_accepted_amended_and_not_asked_once_more(office: Office, asked: int) -> None:
    demand = Demand(task=0, says="最多给到92折", field="discount", op="<=", value="8%")
    office.approves("王强", asked, demand=demand)
    assert office.state(asked) == "running"
    assert office.asked(asked) == ["张伟"]
    office.approves("张伟", asked)
    assert office.prices.known[1].net == 92_000
    assert office.state(asked) == "approved"
    assert office.approval(asked).facts["discount"] == "8"


def test_a_condition_that_is_met_already_is_a_yes(office: Office, asked: int) -> None:
    office.approves("王强", asked, demand=Demand(task=0, says="最多9折", field="discount", op="<=", value="10%"))
    assert office.state(asked) == "approved"


def test_a_condition_that_is_declined_is_decided_once_more(office: Office, asked: int) -> None:
    office.approves("王强", asked, demand=Demand(task=0, says="最多92折", field="discount", op="<=", value="8%"))
    office.rejects("张伟", asked, "客户不接受")
    assert office.asked(asked) == ["王强"]
    office.approves("王强", asked)
    assert office.state(asked) == "approved"
    assert office.prices.known[1].net == 90_000


def test_a_condition_may_shorten_the_way(office: Office) -> None:
    asked = office.submits("张伟", 100_000, 70_000)
    office.approves("王强", asked, demand=Demand(task=0, says="最多9折", field="discount", op="<=", value="10%"))
    office.approves("张伟", asked)
    assert office.state(asked) == "approved", "at 10 % nobody but the manager is asked"


def test_returned_to_the_submitter_it_is_mended_and_goes_its_way(office: Office, asked: int) -> None:
    with office.acts("王强") as uow:
        deciding.send_back(uow, asked, "补竞品报价")
    assert office.asked(asked) == ["张伟"]
    office.prices.known[1].net = 85_000
    with office.acts("张伟") as uow:
        assert submitting.changed(uow, Ref("quote", 1)) == [], "what came back may be mended"
        deciding.resubmit(uow, asked, "竞品报 84000")
    office.approves("王强", asked)
    assert office.asked(asked) == ["赵敏", "陈静"], "at 15 % two more are asked"


def test_a_yes_is_taken_back_until_the_next_has_answered(office: Office) -> None:
    asked = office.submits("张伟", 100_000, 85_000)
    office.approves("王强", asked)
    with office.acts("王强") as uow:
        deciding.take_back(uow, asked)
    assert office.asked(asked) == ["王强"]
    office.approves("王强", asked)
    office.approves("陈静", asked)
    with pytest.raises(ActRefused, match="陈静已经处理了下一步"), office.acts("王强") as uow:
        deciding.take_back(uow, asked)


def test_what_has_taken_effect_is_not_taken_back(office: Office, asked: int) -> None:
    office.approves("王强", asked)
    with pytest.raises(ApprovalOver, match="已通过"), office.acts("王强") as uow:
        deciding.take_back(uow, asked)


def test_withdrawn_while_nobody_has_answered(office: Office, asked: int) -> None:
    with office.acts("张伟") as uow:
        deciding.withdraw(uow, asked)
    assert office.state(asked) == "withdrawn"
    assert office.prices.refused_for == [(asked, "withdrawn")]
    with pytest.raises(ApprovalOver, match="已撤回"):
        office.approves("王强", asked)


def test_withdrawn_later_only_with_an_approver_s_consent(office: Office) -> None:
    asked = office.submits("张伟", 100_000, 85_000)
    office.approves("王强", asked)
    with office.acts("张伟") as uow:
        deciding.withdraw(uow, asked, "客户又变了")
    assert office.state(asked) == "running"
    with pytest.raises(NotYourTask), office.acts("何法") as uow:
        deciding.answer_wish(uow, asked, agrees=True)
    with office.acts("赵敏") as uow:
        deciding.answer_wish(uow, asked, agrees=True)
    assert office.state(asked) == "withdrawn"


def test_nudged_once_in_two_hours(office: Office, asked: int) -> None:
    with office.acts("张伟") as uow:
        deciding.nudge(uow, asked)
    office.world.now += timedelta(minutes=119)
    with pytest.raises(ActRefused, match="12:00 之后"), office.acts("张伟") as uow:
        deciding.nudge(uow, asked)
    office.world.now += timedelta(minutes=1)
    with office.acts("张伟") as uow:
        deciding.nudge(uow, asked)


def test_copied_once_a_person(office: Office, asked: int) -> None:
    legal = office.id("何法")
    with office.acts("王强") as uow:
        deciding.copy_in(uow, asked, [legal])
    with pytest.raises(ActRefused, match="每人只抄送一次"), office.acts("张伟") as uow:
        deciding.copy_in(uow, asked, [legal])
    assert office.copied(asked) == ["何法"]


def test_a_question_goes_to_the_submitter_and_the_answer_comes_back(office: Office, asked: int) -> None:
    office.heard_nothing_yet("张伟", "王强")
    with office.acts("王强") as uow:
        deciding.ask_submitter(uow, asked, "竞品报多少？")
    assert "竞品报多少" in office.hears("张伟")
    with office.acts("张伟") as uow:
        deciding.answer_question(uow, asked, "84000")
    assert "84000" in office.hears("王强")
    with pytest.raises(NotYourTask), office.acts("李娜") as uow:
        deciding.remark(uow, asked, "我也说两句")


def test_several_at_once_and_one_that_is_refused_stops_nobody(office: Office) -> None:
    first, second = (office.submits("张伟", 100_000, 90_000) for _ in range(2))
    with office.acts("王强") as uow:
        waiting = [task for task, _ in deciding.waiting_for(uow, uow.actor.id)]
        deciding.approve(uow, first)
        done = deciding.approve_all(uow, waiting, "一起批了")
    assert [bool(one.refused) for one in done] == [True, False]
    assert office.state(second) == "approved"


def test_a_submission_is_withdrawn_and_not_undone(office: Office, asked: int) -> None:
    with pytest.raises(ActRefused, match=f"撤回审批 S{asked}"), office.acts("张伟") as uow:
        undo_last(uow)


def test_parallel_and_inclusive_branches_and_sub_flows(office: Office) -> None:
    part = a_flow(a_node("财务初审", member="陈静"), name="财务", kind="")
    branches = [
        {"name": "大折扣", "when": {"field": "discount", "op": ">", "value": "5%"}, "steps": [a_step("宋岚")]},
        {"name": "大金额", "when": {"field": "amount", "op": ">", "value": 50_000}, "steps": [a_step("何法")]},
        {"name": "其他", "steps": [a_step("吴昊")]},
    ]
    whole = a_flow(steps=[{"name": "一起", "split": "parallel", "branches": [
        {"name": "财务线", "steps": [{"name": "子流程", "flow": "财务"}, {"name": "总监", "by": [{"member": "赵敏"}]}]},
        {"name": "条件线", "steps": [{"name": "都走", "split": "inclusive", "branches": branches}]},
    ]}])  # fmt: skip
    with_flow(office, whole, part)
    asked = office.submits("张伟", 100_000, 90_000)
    assert office.asked(asked) == ["何法", "宋岚", "陈静"]
    for name in ("何法", "宋岚", "陈静"):
        office.approves(name, asked)
    assert office.asked(asked) == ["赵敏"]
    office.approves("赵敏", asked)
    assert office.state(asked) == "approved"


def a_step(name: str) -> dict[str, object]:
    return {"name": f"{name}看", "by": [{"member": name}]}
