"""oa/*: an application, its steps, and the events of each (manual §3.11)."""

from typing import Any

import pytest

from emulator.wecom.approval_forms import TEMPLATE_ID

from .conftest import Api, Service

REASON = {"control": "Text", "id": "Text-1", "value": {"text": "折扣 85 折"}}


def application(*contents: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "creator_userid": "xiaoli",
        "template_id": TEMPLATE_ID,
        "use_template_approver": 0,
        "approver": [{"attr": 2, "userid": ["laowang", "chenzong"]}],
        "notifyer": ["laowang"],
        "apply_data": {"contents": list(contents or [REASON])},
        **changes,
    }


def decide(api: Api, sp_no: str, userid: str, action: str = "agree") -> Any:
    return api.client.post("/__emu/approve", json={"sp_no": sp_no, "userid": userid, "action": action, "speech": "好"})


def test_an_application_passes_when_everybody_agreed(calls: Api, service: Service) -> None:
    sp_no = calls.post("oa/applyevent", application())["sp_no"]
    assert sp_no == "202611230001"
    service.wait_for(1)
    assert decide(calls, sp_no, "laowang").status_code == 200
    service.wait_for(2)
    assert calls.post("oa/getapprovaldetail", {"sp_no": sp_no})["info"]["sp_status"] == 1
    assert decide(calls, sp_no, "laowang").status_code == 400
    decide(calls, sp_no, "CHENZONG")
    told = [request["event"]["ApprovalInfo"] for request in service.wait_for(3)]
    assert [one["StatuChangeEvent"] for one in told] == ["1", "2", "2"]
    assert told[-1]["SpStatus"] == "2"
    assert calls.post("oa/getapprovaldetail", {"sp_no": sp_no})["info"]["sp_status"] == 2


def test_one_no_ends_it_and_the_applicant_may_withdraw(api: Api) -> None:
    first, second = (api.post("oa/applyevent", application())["sp_no"] for _ in range(2))
    decide(api, first, "laowang", "reject")
    assert api.post("oa/getapprovaldetail", {"sp_no": first})["info"]["sp_status"] == 3
    assert decide(api, second, "laowang", "withdraw").status_code == 400
    assert decide(api, second, "xiaoli", "withdraw").status_code == 200
    assert decide(api, second, "laowang").status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        application(template_id="x"),
        application({"control": "Number", "id": "Number-1", "value": {"new_number": "1"}}),
        application({"control": "Number", "id": "Text-1", "value": {}}),
        application(approver=[]),
    ],
)
def test_what_does_not_fit_the_template_is_refused(api: Api, wrong: dict[str, Any]) -> None:
    assert api.post("oa/applyevent", wrong)["errcode"] == 301025


def test_numbers_are_listed_by_window_and_filter(api: Api) -> None:
    sp_no = api.post("oa/applyevent", application())["sp_no"]
    window = {"starttime": "1795390000", "endtime": "1795400000"}
    assert api.post("oa/getapprovalinfo", window)["sp_no_list"] == [sp_no]
    other = {**window, "filters": [{"key": "template_id", "value": "x"}]}
    assert api.post("oa/getapprovalinfo", other)["sp_no_list"] == []
    assert api.post("oa/getapprovalinfo", {"starttime": "0", "endtime": "1795400000"})["errcode"] == 301025
    assert api.post("oa/gettemplatedetail", {"template_id": TEMPLATE_ID})["template_names"][0]["text"] == "折扣审批"


def test_what_is_handed_on_follows_whoever_handed_it_on_and_a_comment_stands_beside_it(api: Api) -> None:
    sp_no = api.post("oa/applyevent", application())["sp_no"]
    body = {"sp_no": sp_no, "userid": "laowang", "action": "transfer", "speech": "你定", "to": "xiaoli"}
    assert api.client.post("/__emu/approve", json=body).status_code == 200
    comment = {"sp_no": sp_no, "userid": "chenzong", "action": "comment", "speech": "先看看"}
    assert api.client.post("/__emu/approve", json=comment).status_code == 200
    info = api.post("oa/getapprovaldetail", {"sp_no": sp_no})["info"]
    parts = [(one["approver"]["userid"], one["sp_status"]) for one in info["sp_record"][0]["details"]]
    assert parts == [("laowang", 4), ("xiaoli", 1), ("chenzong", 1)]
    assert [one["commentcontent"] for one in info["comments"]] == ["先看看"]
    decide(api, sp_no, "xiaoli")
    decide(api, sp_no, "chenzong")
    assert api.post("oa/getapprovaldetail", {"sp_no": sp_no})["info"]["sp_status"] == 2


def test_an_app_that_is_not_on_the_list_hands_nothing_in(api: Api) -> None:
    api.client.post("/__emu/switches", json={"approval_api": False})
    assert api.post("oa/applyevent", application())["errcode"] == 301055
    assert api.post("oa/gettemplatedetail", {"template_id": TEMPLATE_ID})["errcode"] == 301055


def test_a_template_whose_flow_asks_nobody_agrees_at_once_and_numbers_only_grow(api: Api) -> None:
    wanted = [
        {"kind": "Text", "title": "事由", "required": True},
        {"kind": "Selector", "title": "类型", "options": ["甲"]},
    ]
    api.client.post("/__emu/template", json={"id": "T1", "name": "归档", "controls": wanted, "passes": True})
    contents = [{"control": "Text", "id": "Text-1", "value": {"text": "特价"}}]
    body = {**application(*contents), "template_id": "T1", "use_template_approver": 1}
    first = api.post("oa/applyevent", body)["sp_no"]
    assert api.post("oa/getapprovaldetail", {"sp_no": first})["info"]["sp_status"] == 2
    assert api.post("oa/applyevent", application())["sp_no"] > first


@pytest.mark.parametrize(
    "value",
    [
        {"control": "Number", "id": "Number-1", "value": {"new_number": 85}},
        {"control": "Money", "id": "Money-1", "value": {"new_money": "八万"}},
        {"control": "Date", "id": "Date-1", "value": {"date": {"s_timestamp": 1}}},
    ],
)
def test_numbers_and_days_go_as_text(api: Api, value: dict[str, Any]) -> None:
    assert api.post("oa/applyevent", application(REASON, value))["errcode"] == 301025
    long = [{"summary_info": [{"text": "字" * 21, "lang": "zh_CN"}]}]
    assert api.post("oa/applyevent", application(REASON, summary_list=long))["errcode"] == 301025
