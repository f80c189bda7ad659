"""Tokens, unknown paths, contacts, logins, and the work beside the chat (manual §5.1, §6)."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from emulator.dingtalk import Platform

from .conftest import AGENT, CLIENT, CORP, SECRET, Api, Client


def test_one_token_serves_both_apis_and_is_renewed_by_asking(api: Api, platform: Platform) -> None:
    first = api.token
    platform.clock.advance(timedelta(minutes=90))
    legacy = api.call("GET", f"/gettoken?appkey={CLIENT}&appsecret={SECRET}").get_json()
    unified = {"client_id": CLIENT, "client_secret": SECRET, "grant_type": "client_credentials"}
    tenant = api.call("POST", f"/v1.0/oauth2/{CORP}/token", json=unified).get_json()
    assert legacy["access_token"] == tenant["access_token"] == first
    platform.clock.advance(timedelta(minutes=90))
    assert api.oapi("topapi/v2/user/get", {"userid": "user_li"})["errcode"] == 0
    platform.clock.advance(timedelta(minutes=90))
    assert api.to_people(["user_li"])["code"] == "InvalidAuthentication"
    api.renew()
    assert api.token != first


def test_wrong_credentials_are_named_in_each_api(api: Api) -> None:
    wrong = api.call("POST", "/v1.0/oauth2/accessToken", json={"appKey": CLIENT, "appSecret": "x"})
    assert (wrong.status_code, wrong.get_json()["code"]) == (400, "invalidClientIdOrSecret")
    assert api.call("GET", f"/gettoken?appkey={CLIENT}&appsecret=x").get_json()["errcode"] == 40089
    form = api.call("POST", "/v1.0/oauth2/accessToken", data={"appKey": CLIENT, "appSecret": SECRET})
    assert form.get_json()["code"] == "Missingbody"


def test_unknown_paths_are_answered_as_each_api_does(api: Api) -> None:
    response = api.raw("GET", "robot/oToMessages/batchSend")
    assert (response.status_code, response.get_json()["code"]) == (404, "InvalidAction.NotFound")
    assert api.oapi("topapi/of/tomorrow")["errcode"] == 22


def test_oapi_takes_forms_too(api: Api) -> None:
    answer = api.call("POST", f"/topapi/v2/user/get?access_token={api.token}", data={"userid": "user_wang"})
    assert answer.get_json()["result"]["name"] == "王芳"
    assert answer.content_type == "application/json; charset=utf-8"


def test_departments_are_walked_and_members_found(api: Api) -> None:
    [sales, market] = api.oapi("topapi/v2/department/listsub", {"dept_id": 1})["result"]
    assert (sales["name"], market["name"]) == ("销售部", "市场部")
    [east] = api.oapi("topapi/v2/department/listsub", {"dept_id": sales["dept_id"]})["result"]
    page = api.oapi("topapi/v2/user/list", {"dept_id": east["dept_id"], "cursor": 0, "size": 1})["result"]
    assert (page["has_more"], page["next_cursor"], page["list"][0]["userid"]) == (True, 1, "user_li")
    rest = api.oapi("topapi/user/listsimple", {"dept_id": east["dept_id"], "cursor": 1, "size": 1})["result"]
    assert (rest["has_more"], rest["list"]) == (False, [{"userid": "User_Li", "name": "李磊"}])
    assert api.oapi("topapi/user/listid", {"dept_id": sales["dept_id"]})["result"]["userid_list"] == ["user_wang"]
    assert api.oapi("topapi/v2/department/get", {"dept_id": sales["dept_id"]})["result"]["member_count"] == 1
    assert api.oapi("topapi/v2/department/get", {"dept_id": 99})["errcode"] == 60003
    assert api.oapi("topapi/v2/user/getbymobile", {"mobile": "13800000000"})["result"]["userid"] == "user_wang"
    assert api.oapi("topapi/v2/user/getbymobile", {"mobile": "12"})["errcode"] == 40104
    assert api.oapi("topapi/user/getbyunionid", {"unionid": "uni_user_li"})["result"]["userid"] == "user_li"
    assert api.oapi("topapi/v2/user/get", {"userid": "user_gone"})["errcode"] == 33012
    assert api.v1("POST", "contact/users/search", {"queryWord": "李", "offset": 0, "size": 10})["totalCount"] == 2


def test_a_browser_login_comes_back_with_a_code(api: Api, platform: Platform) -> None:
    query = f"client_id={CLIENT}&redirect_uri={quote('https://crm.example.com/in')}&state=s&response_type=code"
    link = f"/oauth2/auth?{query}&scope=openid%20corpid&prompt=consent"
    assert "以谁的身份登录" in api.call("GET", link).text
    back = api.call("GET", f"{link}&emu_userid=user_li").headers["Location"]
    code = parse_qs(urlsplit(back).query)["authCode"][0]
    asked = {"clientId": CLIENT, "clientSecret": SECRET, "code": code, "grantType": "authorization_code"}
    tokens = api.v1("POST", "oauth2/userAccessToken", asked)
    assert tokens["corpId"] == CORP
    assert "code" in api.v1("POST", "oauth2/userAccessToken", asked)  # once only
    headers = {"x-acs-dingtalk-access-token": tokens["accessToken"]}
    assert api.call("GET", "/v1.0/contact/users/me", headers=headers).get_json()["unionId"] == "uni_user_li"
    refresh = {**asked, "grantType": "refresh_token", "refreshToken": tokens["refreshToken"]}
    assert "accessToken" in api.v1("POST", "oauth2/userAccessToken", refresh)
    assert "code" in api.v1("POST", "oauth2/userAccessToken", refresh)  # the old one died on use
    assert api.call("GET", "/oauth2/auth?client_id=x&emu_userid=user_li").status_code == 400


def test_a_page_inside_learns_who_opened_it(api: Api, platform: Platform) -> None:
    code = api.control("code", {"userid": "user_li"})["code"]
    assert api.oapi("topapi/v2/user/getuserinfo", {"code": code})["result"]["userid"] == "user_li"
    assert api.oapi("topapi/v2/user/getuserinfo", {"code": code})["errcode"] == 40078
    late = api.control("code", {"userid": "user_li"})["code"]
    platform.clock.advance(timedelta(minutes=6))
    assert api.oapi("topapi/v2/user/getuserinfo", {"code": late})["errcode"] == 40078
    assert api.v1("POST", "oauth2/jsapiTickets", {})["expireIn"] == 7200


def test_uploaded_files_are_shown(api: Api) -> None:
    def upload(name: str, kind: str) -> dict[str, Any]:
        data = {"media": (BytesIO(b"%PDF"), name)}
        return api.call("POST", f"/media/upload?access_token={api.token}&type={kind}", data=data).get_json()

    assert upload("报价.txt", "file")["errcode"] == 40004
    media_id = upload("offer.pdf", "file")["media_id"]
    assert media_id.startswith("@")
    api.to_people(["user_li"], "sampleFile", mediaId=media_id, fileName="报价.pdf", fileType="pdf")
    assert api.call("GET", f"/__emu/media/{quote(media_id)}").data == b"%PDF"


def test_a_to_do_is_made_once_for_each_source_and_done_by_everybody(calls: Api, client: Client) -> None:
    url = {"appUrl": "https://crm.example.com/1", "pcUrl": "https://crm.example.com/1"}
    body = {"sourceId": "t-1", "subject": "回访", "executorIds": ["uni_user_li", "uni_user_wang"], "detailUrl": url}
    task = calls.v1("POST", "todo/users/uni_user_li/tasks", body, operatorId="uni_user_li")
    assert calls.v1("POST", "todo/users/uni_user_li/tasks", body)["message"] == "task exist"
    path = f"todo/users/uni_user_li/tasks/{task['id']}"
    for union, done in (("uni_user_li", False), ("uni_user_wang", True)):
        calls.v1("PUT", f"{path}/executorStatus", {"executorStatusList": [{"id": union, "isDone": True}]})
        assert calls.v1("GET", path)["done"] is done
    calls.v1("PUT", path, {"subject": "再回访", "done": False})
    assert calls.v1("GET", "todo/users/uni_user_li/tasks/sources/t-1")["subject"] == "再回访"
    found = calls.v1("POST", "todo/users/uni_user_li/org/tasks/query", {"isDone": False})["todoCards"]
    assert [one["taskId"] for one in found] == [task["id"]]
    assert calls.v1("DELETE", path)["result"] is True
    assert calls.v1("GET", path)["message"] == "task not exist"
    kinds = [frame["headers"]["eventType"] for frame in client.wait_for(5, "EVENT")]
    assert sorted(set(kinds)) == ["todo_task_create", "todo_task_delete", "todo_task_update"]
    no_link = calls.v1("POST", "todo/users/uni_user_li/tasks", {"subject": "x"})
    assert no_link["code"] == "todo.taskCreate.paramError"


def approval(api: Api, **changes: Any) -> dict[str, Any]:
    body = {
        "originatorUserId": "user_li",
        "processCode": "PROC-DEMO",
        "deptId": -1,
        "formComponentValues": [{"name": "客户", "value": "杭州云帆"}],
        "approvers": [{"actionType": "AND", "userIds": ["user_wang"]}, {"actionType": "NONE", "userIds": ["User_Li"]}],
        **changes,
    }
    return api.v1("POST", "workflow/processInstances", body)


def details(api: Api, instance_id: str) -> dict[str, Any]:
    found: dict[str, Any] = api.v1("GET", "workflow/processInstances", processInstanceId=instance_id)["result"]
    return found


def test_an_approval_goes_from_level_to_level(calls: Api, client: Client) -> None:
    code = calls.v1("GET", "workflow/processCentres/schemaNames/processCodes", name="报价审批")
    assert code["result"]["processCode"] == "PROC-DEMO"
    schema = calls.v1("GET", "workflow/forms/schemas/processCodes", processCode="PROC-DEMO")["result"]
    assert schema["name"] == "报价审批"
    instance_id = approval(calls)["instanceId"]
    [task] = details(calls, instance_id)["tasks"]
    assert (task["userId"], task["status"]) == ("user_wang", "RUNNING")
    decided = {"processInstanceId": instance_id, "taskId": task["taskId"], "actionerUserId": "user_wang"}
    assert calls.v1("POST", "workflow/processInstances/execute", {**decided, "result": "agree", "remark": "好"})[
        "success"
    ]
    again = calls.v1("POST", "workflow/processInstances/execute", {**decided, "result": "agree"})
    assert again["code"] == "processInstanceInvalidParameter"
    calls.control("approve", {"userid": "User_Li", "processInstanceId": instance_id, "action": "agree"})
    found = details(calls, instance_id)
    assert (found["status"], found["result"]) == ("COMPLETED", "agree")
    told = [(frame["headers"]["eventType"], json.loads(frame["data"])["type"]) for frame in client.wait_for(6, "EVENT")]
    assert sorted(told) == sorted(
        [("bpms_instance_change", "start"), ("bpms_instance_change", "finish")]
        + [("bpms_task_change", "start"), ("bpms_task_change", "finish")] * 2
    )
    listed = calls.v1("POST", "workflow/processes/instanceIds/query", {"processCode": "PROC-DEMO", "startTime": 0})
    assert listed["result"]["list"] == [instance_id]


def test_an_approval_is_refused_or_taken_back(api: Api, platform: Platform) -> None:
    refused = approval(api)["instanceId"]
    api.control("approve", {"userid": "user_wang", "processInstanceId": refused, "action": "refuse"})
    assert details(api, refused)["result"] == "refuse"
    taken = approval(api)["instanceId"]
    body = {"processInstanceId": taken, "operatingUserId": "user_li"}
    assert "code" in api.v1("POST", "workflow/processInstances/terminate", body)
    platform.clock.advance(timedelta(seconds=16))
    assert api.v1("POST", "workflow/processInstances/terminate", body)["success"] is True
    assert details(api, taken)["status"] == "TERMINATED"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"processCode": "PROC-X"}, "processCodeError"),
        ({"formComponentValues": [{"name": "金额", "value": 3}]}, "formConverterError"),
        ({"originatorUserId": "user_gone"}, "processInstanceInvalidParameter"),
        ({"approvers": None, "originatorUserId": "User_Li"}, "targetSelectApproverMissing"),
    ],
)
def test_a_wrong_approval_is_refused_by_name(api: Api, changes: dict[str, Any], code: str) -> None:
    assert approval(api, **changes)["code"] == code


def test_a_task_that_is_handed_on_is_asked_at_the_same_place_and_one_no_of_several_ends_it(api: Api) -> None:
    either = [{"actionType": "OR", "userIds": ["user_wang", "User_Li"]}]
    handed = approval(api, approvers=either)["instanceId"]
    act = {"userid": "user_wang", "processInstanceId": handed, "action": "redirect", "to": "user_li", "remark": "你定"}
    api.control("approve", act)
    tasks = [(one["userId"], one["result"], one["activityId"]) for one in details(api, handed)["tasks"]]
    assert tasks[0] == ("user_wang", "REDIRECTED", "activity_1")
    assert tasks[-1] == ("user_li", "", "activity_1")
    assert "level" not in details(api, handed)["tasks"][0]
    api.control("approve", {"userid": "user_li", "processInstanceId": handed, "action": "comment", "remark": "看看"})
    assert details(api, handed)["operationRecords"][-1]["type"] == "ADD_REMARK"
    api.control("approve", {"userid": "User_Li", "processInstanceId": handed, "action": "refuse"})
    assert details(api, handed)["result"] == "refuse"


@pytest.mark.parametrize(
    "values",
    [
        [{"name": "客户", "value": "杭州云帆"}],
        [{"name": "标题", "value": "x"}, {"name": "颜色", "value": "红"}],
        [{"name": "标题", "value": "x"}, {"name": "金额（元）", "value": "八万"}],
        [{"name": "标题", "value": "x"}, {"name": "申请日期", "value": "3月5日"}],
    ],
)
def test_a_form_with_components_takes_what_fits_them(api: Api, values: list[dict[str, str]]) -> None:
    assert "code" in approval(api, processCode="PROC-LIAODAN", formComponentValues=values)
    assert approval(api, processCode="PROC-LIAODAN", formComponentValues=[{"name": "标题", "value": "x"}])["instanceId"]


def test_a_calendar_event_is_made_once_for_each_token(api: Api) -> None:
    path = "calendar/users/uni_user_li/calendars/primary/events"
    start = {"dateTime": "2026-11-24T10:00:00+08:00", "timeZone": "Asia/Shanghai"}
    body = {"summary": "拜访", "start": start, "attendees": [{"id": "uni_user_wang"}]}
    headers = {"x-acs-dingtalk-access-token": api.token, "x-client-token": "t-1"}
    made = [api.call("POST", f"/v1.0/{path}", json=body, headers=headers).get_json() for _ in range(2)]
    assert made[0]["id"] == made[1]["id"]
    assert made[0]["attendees"][0]["displayName"] == "王芳"
    one = f"{path}/{made[0]['id']}"
    api.v1("PUT", one, {"summary": "改期"})
    assert api.v1("GET", one)["summary"] == "改期"
    assert len(api.v1("GET", path, timeMin="2026-11-24", timeMax="2026-11-25")["events"]) == 1
    api.v1("DELETE", one)
    assert api.v1("GET", one)["code"] == "notFound"
    assert "code" in api.v1("POST", path, {"start": start})


def test_a_work_notification_is_told_once_a_day(api: Api, platform: Platform) -> None:
    root = "topapi/message/corpconversation"
    body = {
        "agent_id": AGENT,
        "userid_list": "user_li,user_gone",
        "msg": {"msgtype": "text", "text": {"content": "早"}},
    }
    first = api.oapi(f"{root}/asyncsend_v2", body)["task_id"]
    second = api.oapi(f"{root}/asyncsend_v2", body)["task_id"]
    results = [
        api.oapi(f"{root}/getsendresult", {"agent_id": AGENT, "task_id": one})["send_result"] for one in (first, second)
    ]
    assert results[0]["unread_user_id_list"] == ["user_li"]
    assert results[0]["invalid_user_id_list"] == ["user_gone"]
    assert results[1]["forbidden_list"] == [{"code": "143106", "count": 1, "userid": "user_li"}]
    assert [item["place"] for item in api.screen("user_li")] == ["工作通知"]
    platform.clock.advance(timedelta(hours=24))
    api.renew()
    api.oapi(f"{root}/asyncsend_v2", body)
    assert len(api.screen("user_li")) == 2
    api.oapi(f"{root}/recall", {"agent_id": AGENT, "msg_task_id": first})
    assert len(api.screen("user_li")) == 1
    long = {**body, "msg": {"msgtype": "text", "text": {"content": "长" * 700}}}
    assert api.oapi(f"{root}/asyncsend_v2", long)["errcode"] == 400002


def test_a_reset_forgets_what_happened_and_keeps_the_company(api: Api, platform: Platform) -> None:
    api.to_people(["user_li"])
    api.control("person", {"userid": "user_q", "name": "钱多"})
    api.control("group", {"name": "新群", "members": ["user_li"]})
    api.fault("stubborn_token")
    api.control("reset", {})
    assert api.control("outbox")["items"] == []
    assert [one["name"] for one in api.control("groups")["groups"]] == ["华东销售群", "闲聊"]
    api.renew()
    assert "processQueryKey" in api.to_people(["user_li"])
    assert platform.directory.find("user_q") is None


def test_what_is_on_the_phones_survives_a_restart(tmp_path: Any) -> None:
    from .conftest import settings

    first = Platform(settings(data_dir=tmp_path))
    api = Api(first.app.test_client())
    api.card("c-1", "dtv1.card//IM_ROBOT.user_li")
    first.stop()
    second = Platform(settings(data_dir=tmp_path))
    again = Api(second.app.test_client())
    assert again.screen("user_li")[0]["outTrackId"] == "c-1"
    assert again.card("c-1", "dtv1.card//IM_ROBOT.user_li")["code"] == "param.cardAlreadyExist"
    second.stop()
