"""What happens to an approval here is seen there, as far as the platform allows it, and never decided twice."""

from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import pytest

from core.errors import Refusal
from core.services.approvals import deciding
from tests.oa.company import DingTalkOffice, OaCompany, WeComOffice


def does(company: OaCompany, name: str, approval: int, what: str, *args: object, **more: object) -> None:
    with company.work(name) as uow:
        getattr(deciding, what)(uow, approval, *args, **more)
    company.works()


def test_a_tap_here_and_one_there_at_the_same_time_have_one_winner(company: OaCompany) -> None:
    for round_ in range(3):
        approval = company.offers("8", to=f"客户{round_}")
        number = next(one.number for one in company.instances if f"S{approval}）" in "".join(one.form.values()))
        gate, refused = Barrier(2), []

        def here(approval: int = approval, gate: Barrier = gate, refused: list[str] = refused) -> None:
            gate.wait()
            try:
                with company.work("王强") as uow:
                    deciding.approve(uow, approval)
            except Refusal as refusal:
                refused.append(str(refusal))

        thread = Thread(target=here)
        thread.start()
        gate.wait()
        company.side.decide("wangqiang", number, "驳回", "不行")
        thread.join()
        company.works()
        decided = [line for line in company.log(approval) if line.startswith("王强")]
        assert len(decided) == 1
        assert company.approval(approval).state == ("approved" if decided == ["王强 approve"] else "rejected")
        there = [one.state for one in company.instances if f"S{approval}）" in "".join(one.form.values())]
        if company.side.decides:
            assert there[-1] == ("agreed" if decided == ["王强 approve"] else "refused")


def test_handed_on_here_the_other_one_is_asked_there(company: OaCompany) -> None:
    approval = company.offers("15")
    company.ticks(1)
    does(company, "王强", approval, "transfer", company.member("李娜").id)
    company.ticks(1)
    assert company.instance.levels[0] == ("lina?",)
    assert len(company.instances) == 2
    company.decides("李娜", company.instance.number, "同意")
    assert company.log(approval)[-1] == "李娜 approve"


def test_who_is_signed_in_here_is_asked_first_there(company: OaCompany) -> None:
    approval = company.offers("15")
    company.ticks(1)
    does(company, "王强", approval, "sign_in", [company.member("李娜").id])
    company.ticks(1)
    assert company.instance.levels[:2] == (("lina?",), ("wangqiang?",))
    number = company.instance.number
    company.decides("李娜", number, "同意").decides("王强", number, "同意")
    assert company.log(approval)[-2:] == ["李娜 approve", "王强 approve"]


def test_returned_here_it_waits_for_nobody_there_until_it_comes_back(company: OaCompany) -> None:
    approval = company.offers("15")
    company.ticks(1)
    does(company, "王强", approval, "send_back", "补竞品报价")
    company.ticks(1)
    does(company, "张伟", approval, "resubmit", "补好了")
    company.ticks(1)
    assert company.instance.state == "running"
    assert company.instance.levels[0] == ("wangqiang?",)
    company.decides("王强", company.instance.number, "同意")
    assert company.log(approval)[-1] == "王强 approve"


def test_withdrawn_here_it_ends_there_or_its_author_is_asked_to_end_it(company: OaCompany) -> None:
    approval = company.offers("15")
    company.ticks(1)
    company.reads("张伟")
    does(company, "张伟", approval, "withdraw")
    if company.side.decides:
        assert company.instance.state == "withdrawn"
    else:
        told = company.reads("张伟")
        assert f"撤销审批单 {company.instance.number}" in told
        company.decides("张伟", company.instance.number, "撤销")
    assert company.mirror(approval).state == "closed"


def test_on_dingtalk_an_instance_too_young_to_be_withdrawn_is_withdrawn_a_little_later(dingtalk: OaCompany) -> None:
    approval = dingtalk.offers("15")
    does(dingtalk, "张伟", approval, "withdraw")
    assert dingtalk.instance.state == "running"
    dingtalk.ticks(70)
    assert dingtalk.instance.state == "withdrawn"
    assert dingtalk.approval(approval).state == "withdrawn"


def test_on_dingtalk_the_no_of_a_second_voice_here_ends_it_there(dingtalk: OaCompany) -> None:
    approval = dingtalk.offers("15")
    dingtalk.approves("王强", approval).approves("赵敏", approval)
    assert dingtalk.instance.levels[1] == ("zhaomin✓", "chenjing?")
    dingtalk.rejects("陈静", approval, "低于成本")
    assert dingtalk.instance.state == "refused"


def test_decided_before_the_instance_was_made_it_still_stands_there_with_its_result(dingtalk: OaCompany) -> None:
    dingtalk.side.loses_right()
    approval = dingtalk.offers("8")
    dingtalk.approves("王强", approval)
    dingtalk.side.gets_right()
    dingtalk.ticks(70)
    assert dingtalk.instance.state == "agreed"


@pytest.fixture(params=[WeComOffice, DingTalkOffice])
def keeper(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OaCompany]:
    made = OaCompany(request.param(), tmp_path, way="record")
    yield made
    made.close()


def test_kept_as_a_record_it_is_written_once_it_is_decided_with_who_said_what(keeper: OaCompany) -> None:
    approval = keeper.offers("15")
    assert keeper.instances == []
    keeper.approves("王强", approval, "最低这个价").approves("赵敏", approval).approves("陈静", approval)
    (instance,) = keeper.instances
    assert instance.state == "agreed"
    if not keeper.side.decides:
        assert instance.form["审批结果"] == "已通过"
        assert "王强 同意：最低这个价" in instance.form["审批经过"]
    keeper.ticks(70)
    assert len(keeper.instances) == 1


def test_what_was_withdrawn_leaves_no_record(keeper: OaCompany) -> None:
    approval = keeper.offers("15")
    does(keeper, "张伟", approval, "withdraw")
    keeper.ticks(70)
    assert keeper.instances == []
