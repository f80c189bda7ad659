"""What the service sends: to people, to groups, through session webhooks and custom robots (manual §5)."""

from datetime import timedelta
from typing import Any

import pytest

from emulator.dingtalk import Platform
from emulator.dingtalk.http_way import robot_sign

from .conftest import CLIENT, SALES, Api


def conversation(platform: Platform, name: str = SALES) -> str:
    group = platform.conversations.group(name)
    assert group is not None
    return str(group["openConversationId"])


def test_people_get_what_they_can_and_the_others_are_named(api: Api) -> None:
    answer = api.to_people(["user_li", "user_gone", "user_new"])
    assert answer["invalidStaffIdList"] == ["user_gone", "user_new"]
    assert answer["flowControlledStaffIdList"] == answer["filteredStaffIdList"] == []
    assert [(item["userid"], item["content"]) for item in api.control("outbox")["items"]] == [
        ("user_li", {"content": "你好"})
    ]


def test_ids_that_differ_in_a_letters_case_are_two_people(api: Api) -> None:
    api.to_people(["User_Li"])
    assert api.screen("user_li") == []
    assert len(api.screen("User_Li")) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"robotCode": ""}, "invalidParameter.robotCode.empty"),
        ({"robotCode": "other"}, "invalidParameter.robotCode.auth"),
        ({"userIds": []}, "invalidParameter.userIds.empty"),
        ({"userIds": [f"u{n}" for n in range(21)]}, "invalidParameter.userIds.overMax"),
        ({"msgKey": "sampleActionCard1"}, "invalidParameter.msgKey.invalid"),
        ({"msgParam": {"content": "x"}}, "invalidParameter.msgParam.invalid"),
        ({"msgParam": '{"content": 1}'}, "invalidParameter.msgParam.invalid"),
        ({"msgParam": "{}"}, "miss.param.content"),
        ({"msgParam": '{"content": "' + "长" * 5000 + '"}'}, "invalidParameter.msgParam.tooLong"),
        ({"msgKey": "sampleActionCard2", "msgParam": '{"title":"a","text":"b"}'}, "miss.param.actionTitle1"),
        (
            {"msgKey": "sampleFile", "msgParam": '{"mediaId":"@1","fileName":"a.csv","fileType":"csv"}'},
            "invalidParameter.msgParam.invalid",
        ),
    ],
)
def test_a_wrong_message_is_refused_by_name(api: Api, changes: dict[str, Any], code: str) -> None:
    body = {"robotCode": CLIENT, "userIds": ["user_li"], "msgKey": "sampleText", "msgParam": '{"content":"x"}'}
    response = api.raw("POST", "robot/oToMessages/batchSend", {**body, **changes})
    assert (response.status_code, response.get_json()["code"]) == (400, code)
    assert api.control("outbox")["items"] == []


def test_an_action_card_shows_its_buttons(api: Api) -> None:
    buttons = {"actionTitle1": "完成", "actionURL1": "dtmd://x", "actionTitle2": "推迟", "actionURL2": "https://a"}
    api.to_people(["user_li"], "sampleActionCard2", title="跟进", text="### 跟进", **buttons)
    [item] = api.screen("user_li")
    assert item["msgtype"] == "actionCard"
    assert [one["title"] for one in item["content"]["buttons"]] == ["完成", "推迟"]


def test_a_group_hears_the_robot_only_while_it_is_in_it(api: Api, platform: Platform) -> None:
    assert "processQueryKey" in api.to_group(conversation(platform))
    assert [item["userid"] for item in api.control("outbox")["items"]] == ["user_li", "user_wang"]
    assert api.to_group(conversation(platform, "闲聊"))["code"] == "resource.not.found"
    assert api.to_group("cidNOWHERE==")["code"] == "invalid.openConversationId"
    found = api.v1("POST", "robot/groups/query", {"robotCode": CLIENT, "pageNumber": 1, "pageSize": 10})
    assert found["openConversationIds"] == [conversation(platform)]


def test_what_was_read_is_known_and_what_is_recalled_is_gone(api: Api) -> None:
    key = api.to_people(["user_li"])["processQueryKey"]
    asked = {"robotCode": CLIENT, "processQueryKey": key}
    assert api.v1("GET", "robot/oToMessages/readStatus", **asked)["messageReadInfoList"][0]["readStatus"] == "UNREAD"
    api.control("read", {"userid": "user_li"})
    assert api.v1("GET", "robot/oToMessages/readStatus", **asked)["messageReadInfoList"][0]["readStatus"] == "READ"
    body = {"robotCode": CLIENT, "processQueryKeys": [key, "unknown"]}
    answer = api.v1("POST", "robot/otoMessages/batchRecall", body)
    assert (answer["successResult"], list(answer["failedResult"])) == ([key], ["unknown"])
    assert api.screen("user_li") == []
    assert api.v1("GET", "robot/oToMessages/readStatus", **asked)["sendStatus"] == "RECALLED"


def test_after_a_day_nothing_can_be_recalled(api: Api, platform: Platform) -> None:
    key = api.to_people(["user_li"])["processQueryKey"]
    platform.clock.advance(timedelta(hours=25))
    api.renew()
    answer = api.v1("POST", "robot/otoMessages/batchRecall", {"robotCode": CLIENT, "processQueryKeys": [key]})
    assert list(answer["failedResult"]) == [key]
    assert len(api.screen("user_li")) == 1


def test_a_session_answers_where_one_spoke_until_it_expires(api: Api, platform: Platform) -> None:
    api.control("say", {"userid": "user_li", "text": "@聊单 在吗", "group": SALES})
    session = platform.sessions.open(conversation(platform), "user_li", 90, platform.clock.now())["session"]
    said = {"msgtype": "markdown", "markdown": {"title": "客户", "text": "### 客户"}, "at": {"atUserIds": ["user_li"]}}
    assert api.oapi("robot/sendBySession", said, session=session)["errcode"] == 0
    assert [item["userid"] for item in api.control("outbox")["items"]] == ["user_li", "user_wang"]
    assert api.oapi("robot/sendBySession", {"msgtype": "empty"}, session=session)["errcode"] == 0
    assert api.oapi("robot/sendBySession", {"msgtype": "voice"}, session=session)["errcode"] == 400105
    assert api.oapi("robot/sendBySession", {"msgtype": "markdown", "markdown": {"text": "x"}}, session=session)[
        "errcode"
    ]
    platform.clock.advance(timedelta(minutes=91))
    assert api.oapi("robot/sendBySession", said, session=session)["errcode"] == 300001
    assert len(api.control("outbox")["items"]) == 2


def test_a_custom_robot_is_signed_paced_and_says_things_once(api: Api, platform: Platform) -> None:
    stamp = str(int(platform.clock.now().timestamp() * 1000))
    said = {"msgtype": "text", "text": {"content": "日报"}, "msgUuid": "one"}
    signed = {"access_token": "tok", "timestamp": stamp, "sign": robot_sign("SECret", stamp)}
    assert api.oapi("robot/send", said, **signed)["errcode"] == 0
    assert api.oapi("robot/send", said, **signed)["errcode"] == 0
    assert len(api.screen("user_li")) == 1
    assert api.oapi("robot/send", said, **{**signed, "sign": "x"})["errcode"] == 310000
    assert api.oapi("robot/send", said, access_token="nobody")["errcode"] == 400101
    plain = {"msgtype": "text", "text": {"content": "日报"}}
    codes = [api.oapi("robot/send", plain, access_token="free")["errcode"] for _ in range(21)]
    assert codes == [0] * 20 + [410100]
    platform.clock.advance(timedelta(minutes=11))
    assert api.oapi("robot/send", plain, access_token="free")["errcode"] == 0
