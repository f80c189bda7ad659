"""Interactive cards: created once, delivered to spaces, changed by key or as a whole, clicked (manual §4)."""

import json
import threading
from typing import Any

import pytest

from emulator.dingtalk import Platform
from emulator.dingtalk.http_way import card_sign

from .conftest import CLIENT, SALES, TEMPLATE, Api, Client, Service, acknowledge, group_space, robot_space


@pytest.fixture
def sales(platform: Platform) -> str:
    """The id of the sales group."""
    return group_id(platform)


def group_id(platform: Platform, name: str = SALES) -> str:
    group = platform.conversations.group(name)
    assert group is not None
    return str(group["openConversationId"])


def shown(api: Api, userid: str) -> dict[str, str]:
    data: dict[str, str] = api.screen(userid)[-1]["content"]["data"]
    return data


def test_a_card_goes_to_several_spaces_and_each_tells_how_it_went(api: Api, platform: Platform, sales: str) -> None:
    spaces = ";".join([robot_space("user_li"), robot_space("user_gone"), group_space(sales), group_space("cidNO==")])
    answer = api.card("c-1", spaces)
    results = answer["result"]["deliverResults"]
    assert answer["success"] is True
    assert [one["success"] for one in results] == [True, False, True, False]
    assert results[2]["carrierId"]
    assert results[3]["errorMsg"]
    assert [item["userid"] for item in api.control("outbox")["items"]] == ["user_li", "user_li", "user_wang"]
    robotless = api.card("c-2", group_space(group_id(platform, "闲聊")))
    assert robotless["result"]["deliverResults"][0]["errorMsg"] == "robot not in group"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"outTrackId": ""}, "param.outTrackIdEmpty"),
        ({"outTrackId": "x" * 101}, "param.invalid"),
        ({"cardTemplateId": ""}, "param.cardTemplateIdEmpty"),
        ({"cardTemplateId": "other.schema"}, "param.templateNotExist"),
        ({"cardData": None}, "param.cardPublicDataEmpty"),
        ({"cardData": {"cardParamMap": {"done": True}}}, "param.invalid"),
        ({"cardData": {"cardParamMap": {"n" * 101: "x"}}}, "param.invalid"),
        ({"privateData": {"user_li": {"cardParamMap": {"n": 1}}}}, "param.invalid"),
        ({"openSpaceId": ""}, "param.openSpaceIdEmpty"),
        ({"openSpaceId": "IM_ROBOT.user_li"}, "param.openSpaceIdInvalid"),
        ({"openSpaceId": "dtv1.card//NOWHERE.user_li"}, "param.openSpaceIdInvalid"),
        ({"imRobotOpenDeliverModel": None}, "param.openDeliverModelEmpty"),
        ({"imRobotOpenDeliverModel": {"robotCode": CLIENT}}, "param.openDeliverModelError"),
        ({"imRobotOpenDeliverModel": {"spaceType": "IM_ROBOT", "robotCode": "x"}}, "param.openDeliverModelError"),
        ({"imRobotOpenSpaceModel": "x"}, "param.openSpaceModelInvalid"),
    ],
)
def test_a_wrong_card_is_refused_by_name(api: Api, changes: dict[str, Any], code: str) -> None:
    space = changes.pop("openSpaceId", robot_space("user_li"))
    assert api.card(changes.pop("outTrackId", "c-1"), space, **changes)["code"] == code
    assert api.control("outbox")["items"] == []


def test_a_card_is_made_once(api: Api) -> None:
    api.card("c-1", robot_space("user_li"))
    assert api.card("c-1", robot_space("user_li"), {"title": "anders"})["code"] == "param.cardAlreadyExist"
    assert shown(api, "user_li")["title"] == "跟进提醒"


def test_made_and_delivered_apart(api: Api) -> None:
    body = {"cardTemplateId": TEMPLATE, "outTrackId": "c-1", "cardData": {"cardParamMap": {"title": "x"}}}
    assert api.v1("POST", "card/instances", body) == {"success": True, "result": "c-1"}
    assert api.v1("PUT", "card/instances/spaces", {"outTrackId": "c-1", "imRobotOpenSpaceModel": {}})["success"]
    there = {"openSpaceId": robot_space("user_li"), "imRobotOpenDeliverModel": {"spaceType": "IM_ROBOT"}}
    [result] = api.v1("POST", "card/instances/deliver", {"outTrackId": "c-1", **there})["result"]
    assert result["success"] is True
    missing = api.v1("POST", "card/instances/deliver", {"outTrackId": "c-9", **there})
    assert missing["code"] == "param.cardNotExist"


def test_private_data_lies_over_the_public_for_one_viewer(api: Api, sales: str) -> None:
    private = {"user_wang": {"cardParamMap": {"text": "13812345678"}}}
    api.card("c-1", group_space(sales), {"title": "汇川", "text": "138****5678"}, privateData=private)
    assert shown(api, "user_li")["text"] == "138****5678"
    assert shown(api, "user_wang") == {"title": "汇川", "text": "13812345678"}


def test_without_by_key_an_update_takes_the_place_of_all(api: Api) -> None:
    api.card("c-1", robot_space("user_li"), {"title": "a", "text": "b"})
    by_key = {"updateCardDataByKey": True, "updatePrivateDataByKey": True}
    change = {"outTrackId": "c-1", "cardData": {"cardParamMap": {"text": "c"}}, "cardUpdateOptions": by_key}
    assert api.v1("PUT", "card/instances", change) == {"success": True, "result": True}
    assert shown(api, "user_li") == {"title": "a", "text": "c"}
    api.v1("PUT", "card/instances", {"outTrackId": "c-1", "cardData": {"cardParamMap": {"text": "d"}}})
    assert shown(api, "user_li") == {"text": "d"}
    [card] = api.control("cards?outTrackId=c-1")["cards"]
    assert [one["what"].split()[0] for one in card["history"]] == ["created", "delivered", "updated", "updated"]
    assert [one["data"].get("text") for one in card["history"]] == ["b", "b", "c", "d"]
    assert api.v1("PUT", "card/instances", {**change, "outTrackId": "c-9"})["code"] == "param.cardNotExist"


def test_what_the_template_does_not_declare_is_not_shown(api: Api) -> None:
    api.card("c-1", robot_space("user_li"), {"title": "a", "colour": "red"})
    assert shown(api, "user_li") == {"title": "a"}
    assert api.control("cards")["cards"][0]["undeclared"] == ["colour"]


def test_templates_are_brought_in_and_published(api: Api) -> None:
    api.control("template", {"id": "new.schema", "variables": ["colour"], "published": False})
    new = {"cardTemplateId": "new.schema"}
    assert api.card("c-1", robot_space("user_li"), {"colour": "red"}, **new)["code"] == "param.templateUnpublished"
    api.control("template", {"id": "new.schema", "published": True})
    assert api.card("c-1", robot_space("user_li"), {"colour": "red"}, **new)["success"] is True
    assert shown(api, "user_li") == {"colour": "red"}


def test_a_stream_of_text_is_written_once_for_each_guid(api: Api) -> None:
    api.card("c-1", robot_space("user_li"), {"title": "a", "text": ""})
    piece = {"outTrackId": "c-1", "guid": "1", "key": "text", "content": "一", "isFull": False}
    for guid in ("1", "1", "2"):
        assert api.v1("PUT", "card/streaming", {**piece, "guid": guid})["success"] is True
    assert shown(api, "user_li")["text"] == "一一"
    assert api.v1("PUT", "card/streaming", {**piece, "outTrackId": "no"})["code"] == "param.stream.outTrackId"


def test_a_click_over_stream_is_answered_and_merged(calls: Api, client: Client) -> None:
    answer = {
        "cardUpdateOptions": {"updateCardDataByKey": True, "updatePrivateDataByKey": True},
        "cardData": {"cardParamMap": {"settled": "已完成"}},
        "userPrivateData": {"cardParamMap": {"text": "只有你看得到"}},
    }
    client.answer = lambda frame: acknowledge(frame, {"response": answer})
    live_group = calls.control("groups")["groups"][0]["openConversationId"]
    calls.card("c-1", group_space(live_group), {"title": "a", "text": "b"})
    pushed = calls.control("click", {"userid": "user_wang", "outTrackId": "c-1", "key": "done", "wait": True})
    assert pushed["outcome"] == "delivered"
    body = json.loads(client.wait_for(1)[0]["data"])
    assert json.loads(body["content"]) == {"cardPrivateData": {"actionIds": ["button"], "params": {"key": "done"}}}
    assert (body["userId"], body["spaceType"], body["spaceId"]) == ("user_wang", "IM_GROUP", live_group)
    assert shown(calls, "user_wang") == {"title": "a", "text": "只有你看得到", "settled": "已完成"}
    assert shown(calls, "user_li") == {"title": "a", "text": "b", "settled": "已完成"}


@pytest.mark.parametrize("answer", [{"response": {}}, {"response": "OK"}, {"response": {"cardData": {}}}])
def test_an_empty_answer_changes_nothing(calls: Api, client: Client, answer: Any) -> None:
    client.answer = lambda frame: acknowledge(frame, answer)
    calls.card("c-1", robot_space("user_li"), {"title": "a"})
    clicked = calls.control("click", {"userid": "user_li", "outTrackId": "c-1", "key": "x", "wait": True})
    assert clicked["outcome"] == "delivered"
    assert shown(calls, "user_li") == {"title": "a"}


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: None,
        lambda frame: acknowledge(frame, {"response": [1]}),
        lambda frame: acknowledge(frame, {"response": {"cardData": {"cardParamMap": {"n": 1}}}}),
        lambda frame: acknowledge(frame, {"response": {}}, code=500),
    ],
)
def test_a_click_that_is_not_answered_well_shows_a_failure(
    calls: Api, client: Client, live: Platform, answer: Any
) -> None:
    live.switches.card_answer_s = 0.1
    client.answer = answer
    calls.card("c-1", robot_space("user_li"), {"title": "a"})
    clicked = calls.control("click", {"userid": "user_li", "outTrackId": "c-1", "key": "x", "wait": True})
    assert clicked["outcome"] == "failed"
    [item] = calls.screen("user_li")
    assert item["failed"]
    assert item["content"]["data"] == {"title": "a"}


def test_a_click_over_http_goes_to_its_registered_address_signed(calls: Api, service: Service) -> None:
    route = {"callbackRouteKey": "crm", "callbackUrl": f"{service.url}/card", "apiSecret": "card-secret-demo"}
    assert calls.v1("POST", "card/callbacks/register", route)["result"]["apiSecret"] == "card-secret-demo"
    again = calls.raw("POST", "card/callbacks/register", {**route, "callbackUrl": "http://127.0.0.1:9"})
    assert (again.status_code, again.get_json()["code"]) == (500, "param.callbackRouteKeyExist")
    answer = {"cardUpdateOptions": {"updateCardDataByKey": True}, "cardData": {"cardParamMap": {"settled": "好"}}}
    service.answer = lambda _: (200, json.dumps(answer).encode())
    calls.card("c-1", robot_space("user_li"), {"title": "a"}, callbackType="HTTP", callbackRouteKey="crm")
    calls.control("click", {"userid": "user_li", "outTrackId": "c-1", "params": {"form": {"a": "b"}}, "wait": True})
    [request] = service.requests
    stamp = request["headers"]["x-ddpaas-signature-timestamp"]
    assert request["headers"]["x-ddpaas-signature"] == card_sign("card-secret-demo", stamp)
    assert shown(calls, "user_li") == {"title": "a", "settled": "好"}


def test_a_card_without_a_callback_or_out_of_sight_cannot_be_clicked(api: Api) -> None:
    api.card("c-1", robot_space("user_li"), callbackType="stream")  # lower case: none
    assert "callbackType" in api.control("click", {"userid": "user_li", "outTrackId": "c-1", "key": "x"})["error"]
    api.card("c-2", robot_space("user_li"))
    assert "error" in api.control("click", {"userid": "user_wang", "outTrackId": "c-2", "key": "x"})


def test_two_fingers_at_once_are_two_callbacks(calls: Api, client: Client) -> None:
    calls.card("c-1", robot_space("user_li"))
    client.answer = lambda frame: acknowledge(frame, {"response": {}})
    fingers = [
        threading.Thread(
            target=calls.control, args=("click", {"userid": "user_li", "outTrackId": "c-1", "key": "x", "wait": True})
        )
        for _ in range(2)
    ]
    for finger in fingers:
        finger.start()
    for finger in fingers:
        finger.join()
    assert len(client.wait_for(2)) == 2


def test_unions_name_people_where_asked(calls: Api, client: Client) -> None:
    calls.card("c-1", robot_space("uni_user_li"), userIdType=2)
    client.answer = lambda frame: acknowledge(frame, {"response": {}})
    calls.control("click", {"userid": "user_li", "outTrackId": "c-1", "key": "x", "wait": True})
    assert json.loads(client.wait_for(1)[0]["data"])["userId"] == "uni_user_li"
