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
