"""An approval also stands in the platform's own approvals: handed in, decided there or here, ended in step."""

from core.services.approvals import deciding
from tests.oa.company import OaCompany


def test_an_approval_stands_there_with_its_form_filled_and_the_right_people_asked(company: OaCompany) -> None:
    approval = company.offers("15")
    (instance,) = company.instances
    assert instance.state == "running"
    assert instance.levels == (("wangqiang?",), ("zhaomin?", "chenjing?"))
    words = "\n".join(instance.form.values())
    assert f"华东机电 85折 85,000元（S{approval}）" in words
    assert "对手报得低" in words
    assert "85000" in words
    assert "华东机电" in instance.form["客户"]
    assert "毛利" not in words


def test_a_yes_there_is_a_yes_here_and_the_next_ones_are_asked_on_both_sides(company: OaCompany) -> None:
    approval = company.offers("15")
    company.decides("王强", company.instance.number, "同意", "最低这个价")
    assert company.log(approval) == ["张伟 submit", "王强 approve"]
    assert "最低这个价" in company.reads("赵敏")
    company.decides("赵敏", company.instance.number, "同意").decides("陈静", company.instance.number, "同意")
    assert company.approval(approval).state == "approved"
    assert company.instance.state == "agreed"
    assert company.mirror(approval).state == "closed"


def test_a_no_there_ends_it_here_with_its_reason(company: OaCompany) -> None:
    approval = company.offers("15")
    company.decides("王强", company.instance.number, "驳回", "低于成本")
    assert company.approval(approval).state == "rejected"
    assert "低于成本" in company.reads("张伟")
    assert company.instance.state == "refused"


def test_nothing_is_decided_twice_however_often_the_platform_tells_of_it(company: OaCompany) -> None:
    approval = company.offers("15")
    number = company.instance.number
    company.decides("王强", number, "同意")
    for _ in range(3):
        company.side.repeats(number)
    company.works()
    assert company.log(approval) == ["张伟 submit", "王强 approve"]


def test_a_comment_there_is_read_here(company: OaCompany) -> None:
    approval = company.offers("15")
    company.decides("王强", company.instance.number, "评论", "先看看竞品报价")
    company.ticks(400)
    assert "先看看竞品报价" in company.reads("张伟")
    assert company.log(approval)[:2] == ["张伟 submit", "王强 remark"]


def test_handed_on_there_it_is_the_other_who_decides_here_too(company: OaCompany) -> None:
    approval = company.offers("15")
    number = company.instance.number
    company.decides("王强", number, "转交", "你来定", to="李娜")
    assert company.log(approval) == ["张伟 submit", "王强 transfer"]
    company.decides("李娜", number, "同意")
    assert company.log(approval) == ["张伟 submit", "王强 transfer", "李娜 approve"]
    assert len(company.instances) == 1


def test_withdrawn_there_it_is_withdrawn_here(company: OaCompany) -> None:
    approval = company.offers("15")
    company.side.passes(1)
    company.decides("张伟", company.instance.number, "撤销")
    assert company.approval(approval).state == "withdrawn"


def test_on_dingtalk_what_is_decided_here_is_decided_there(dingtalk: OaCompany) -> None:
    approval = dingtalk.offers("15")
    dingtalk.approves("王强", approval, "同意特价")
    assert dingtalk.instance.levels == (("wangqiang✓",), ("zhaomin?", "chenjing?"))
    dingtalk.approves("赵敏", approval).approves("陈静", approval)
    assert dingtalk.instance.state == "agreed"
    assert dingtalk.mirror(approval).state == "closed"


def test_on_dingtalk_a_no_here_is_a_no_there(dingtalk: OaCompany) -> None:
    approval = dingtalk.offers("15")
    dingtalk.approves("王强", approval).rejects("陈静", approval, "低于成本")
    assert dingtalk.instance.state == "refused"


def test_on_wecom_whoever_decides_here_is_asked_once_to_tap_there_too(wecom: OaCompany) -> None:
    approval = wecom.offers("8")
    wecom.reads("王强")
    wecom.approves("王强", approval)
    number = wecom.instance.number
    assert f"审批单 {number}" in wecom.reads("王强")
    assert wecom.instance.state == "running"
    wecom.ticks(40).ticks(40)
    assert "审批单" not in wecom.reads("王强")
    wecom.decides("王强", number, "同意")
    assert wecom.log(approval) == ["张伟 submit", "王强 approve"]
    assert wecom.instance.state == "agreed"
    assert wecom.mirror(approval).state == "closed"


def test_on_wecom_a_no_there_after_a_yes_here_changes_nothing_and_is_said(wecom: OaCompany) -> None:
    approval = wecom.offers("8")
    wecom.approves("王强", approval)
    wecom.reads("王强")
    wecom.decides("王强", wecom.instance.number, "驳回", "反悔了")
    assert wecom.approval(approval).state == "approved"
    assert "没有算数" in wecom.reads("王强")
    assert "不一致" in wecom.reads("吴昊")


def test_on_dingtalk_an_instance_that_ended_otherwise_is_followed_by_one_that_says_what_holds(
    dingtalk: OaCompany,
) -> None:
    approval = dingtalk.offers("8")
    with dingtalk.work("王强") as uow:
        deciding.approve(uow, approval)
    dingtalk.side.decide("wangqiang", dingtalk.instance.number, "驳回", "反悔了")
    dingtalk.works()
    assert dingtalk.approval(approval).state == "approved"
    assert [one.state for one in dingtalk.instances] == ["refused", "agreed"]
    assert "补一张结果一致的单" in dingtalk.reads("吴昊")
    assert "没有算数" in dingtalk.reads("王强")
    dingtalk.ticks(70)
    assert len(dingtalk.instances) == 2
