"""What goes wrong between us and a platform's approvals: mended by itself, or an administrator hears of it once."""

from pathlib import Path

import pytest

from tests.oa.company import DingTalkOffice, OaCompany, WeComOffice


def test_a_decision_whose_event_was_lost_is_found_by_looking(company: OaCompany) -> None:
    approval = company.offers("15")
    number = company.instance.number
    company.side.loses_callbacks(9)
    company.decides("王强", number, "驳回", "低于成本")
    assert company.approval(approval).state == "running"
    company.ticks(70)
    assert company.approval(approval).state == "rejected"


def test_a_yes_of_one_of_several_whose_event_was_lost_is_found_too(company: OaCompany) -> None:
    approval = company.offers("15")
    number = company.instance.number
    company.side.loses_callbacks(9)
    company.decides("王强", number, "同意")
    assert company.log(approval) == ["张伟 submit"]
    company.ticks(200).ticks(200)
    assert company.log(approval)[:2] == ["张伟 submit", "王强 approve"]


def test_an_application_whose_answer_was_lost_is_not_handed_in_twice(company: OaCompany) -> None:
    company.side.loses_answer()
    approval = company.offers("15")
    company.ticks(70)
    assert len(company.instances) == 1
    company.decides("王强", company.instance.number, "同意")
    assert company.log(approval)[:2] == ["张伟 submit", "王强 approve"]


def test_without_the_right_the_administrator_hears_once_and_the_approval_goes_on(company: OaCompany) -> None:
    company.side.loses_right()
    first = company.offers("15")
    told = [words for words in company.works().heard("吴昊") if "聊单里的审批照常进行" in words]
    assert len(told) == 1
    assert company.side.no_right in told[0]
    company.offers("15", to="星河软件")
    company.ticks(70)
    assert "建不了单" not in company.reads("吴昊")
    assert company.instances == []
    company.approves("王强", first)
    assert company.log(first)[:2] == ["张伟 submit", "王强 approve"]


def test_once_the_right_is_there_what_still_runs_is_handed_in(company: OaCompany) -> None:
    company.side.loses_right()
    company.offers("15")
    company.side.gets_right()
    company.ticks(70)
    assert [one.state for one in company.instances] == ["running"]


def test_a_template_that_is_not_there_is_said_by_its_name(company: OaCompany) -> None:
    company.mirrors({"channel": company.side.channel, "template": "PROC-GONE"})
    company.offers("15")
    told = company.reads("吴昊")
    assert "PROC-GONE" in told
    assert "模板" in told
    assert company.instances == []


def test_a_form_that_asks_for_what_we_do_not_know_is_said_with_what_to_do(company: OaCompany) -> None:
    company.side.asks_also("到货日期")
    company.offers("15")
    told = company.reads("吴昊")
    assert "「到货日期」" in told
    assert "fields" in told
    assert company.instances == []


def test_a_control_of_another_name_is_filled_with_what_the_rules_say(company: OaCompany) -> None:
    company.side.asks_also("到货日期")
    mirror = {"channel": company.side.channel, "template": company.side.template, "fields": {"到货日期": "日期"}}
    company.mirrors(mirror)
    company.offers("15")
    assert company.instance.form["到货日期"]


def test_events_of_instances_that_are_not_ours_change_nothing(company: OaCompany) -> None:
    approval = company.offers("15")
    company.side.foreign("202501010001")
    company.works()
    assert company.log(approval) == ["张伟 submit"]
    assert company.approval(approval).state == "running"


def test_somebody_there_whom_we_do_not_know_decides_nothing_here(company: OaCompany) -> None:
    approval = company.offers("15")
    company.decides("王强", company.instance.number, "转交", to="stranger")
    assert company.log(approval) == ["张伟 submit"]
    assert "没有算数" in company.reads("王强")
    company.side.decide("stranger", company.instances[0].number, "同意")
    company.works()
    assert company.log(approval) == ["张伟 submit"]
    company.approves("王强", approval)
    assert company.log(approval) == ["张伟 submit", "王强 approve"]


def test_somebody_who_has_left_us_decides_nothing_here(company: OaCompany) -> None:
    approval = company.offers("15")
    number = company.instance.number
    with company.work("吴昊") as uow:
        uow.members.get(company.member("王强").id).active = False
    company.decides("王强", number, "同意")
    assert company.log(approval) == ["张伟 submit"]


@pytest.mark.parametrize("office", [WeComOffice, DingTalkOffice])
def test_off_by_default_nothing_is_handed_in_and_nothing_is_asked(
    office: type[WeComOffice | DingTalkOffice], tmp_path: Path
) -> None:
    company = OaCompany(office(), tmp_path)
    company.mirrors()
    company.offers("15")
    assert company.instances == []
    company.close()
