"""客户联系: customers come with a greeting of 20 seconds, are tagged, handed over, lost (manual §3.10)."""

from datetime import timedelta
from typing import Any

import pytest

from emulator.wecom import Platform

from .conftest import Api, Service


def meet(api: Api, userid: str = "xiaoli", **details: Any) -> dict[str, Any]:
    return api.control("customer", {"userid": userid, "name": "李经理", **details})


def test_a_new_customer_is_told_and_can_be_greeted_once(calls: Api, service: Service) -> None:
    made = meet(calls, state="expo47")
    event = service.wait_for(1)[0]["event"]
    assert (event["ChangeType"], event["FromUserName"], event["State"]) == ("add_external_contact", "sys", "expo47")
    greeting = {"welcome_code": event["WelcomeCode"], "text": {"content": "你好"}}
    assert calls.post("externalcontact/send_welcome_msg", greeting)["errcode"] == 0
    assert calls.post("externalcontact/send_welcome_msg", greeting)["errcode"] == 41050
    assert calls.control("greetings")["greetings"][0]["external_userid"] == made["external_userid"]


def test_after_twenty_seconds_it_is_too_late_to_greet(api: Api, platform: Platform) -> None:
    code = meet(api)["welcome_code"]
    platform.clock.advance(timedelta(seconds=20))
    greeting = {"welcome_code": code, "text": {"content": "你好"}}
    assert api.post("externalcontact/send_welcome_msg", greeting)["errcode"] == 41050


def test_remarks_and_tags_show_up_in_get(api: Api) -> None:
    external = meet(api)["external_userid"]
    who = {"userid": "xiaoli", "external_userid": external}
    api.post("externalcontact/remark", {**who, "remark": "李总" * 20, "remark_mobiles": ["13800000001"]})
    group = api.post("externalcontact/add_corp_tag", {"group_name": "阶段", "tag": [{"name": "洽谈"}]})["tag_group"]
    tag = group["tag"][0]["id"]
    assert (
        api.post("externalcontact/add_corp_tag", {"group_name": "阶段", "tag": [{"name": "洽谈"}]})["errcode"] == 40071
    )
    assert api.post("externalcontact/mark_tag", {**who, "add_tag": [tag]})["errcode"] == 0
    assert api.post("externalcontact/mark_tag", {**who, "add_tag": ["et?"]})["errcode"] == 40068
    (follower,) = api.get("externalcontact/get", external_userid=external)["follow_user"]
    assert len(follower["remark"]) == 20
    assert follower["tags"] == [{"group_name": "阶段", "tag_name": "洽谈", "tag_id": tag, "type": 1}]
    page = api.post("externalcontact/batch/get_by_user", {"userid_list": ["xiaoli"]})
    assert page["external_contact_list"][0]["follow_info"]["tag_id"] == [tag]
    api.post("externalcontact/edit_corp_tag", {"id": tag, "name": "报价"})
    assert api.post("externalcontact/get_corp_tag_list", {"tag_id": [tag]})["tag_group"][0]["tag"][0]["name"] == "报价"
    api.post("externalcontact/del_corp_tag", {"tag_id": [tag]})
    assert api.get("externalcontact/get", external_userid=external)["follow_user"][0]["tags"] == []


def test_a_lost_customer_is_no_contact_any_more(calls: Api, service: Service) -> None:
    external = meet(calls)["external_userid"]
    assert calls.get("externalcontact/list", userid="xiaoli")["external_userid"] == [external]
    calls.control("fault", {"name": "customer_deleted"})
    kinds = [request["event"]["ChangeType"] for request in service.wait_for(2)]
    assert sorted(kinds) == ["add_external_contact", "del_follow_user"]
    assert calls.get("externalcontact/list", userid="xiaoli")["errcode"] == 84061
    remark = {"userid": "xiaoli", "external_userid": external, "remark": "x"}
    assert calls.post("externalcontact/remark", remark)["errcode"] == 84061
    assert calls.get("externalcontact/get", external_userid="wm?")["errcode"] == 40096


HANDOVER = {"handover_userid": "xiaoli", "takeover_userid": "laowang"}


def test_a_transfer_is_done_after_a_day_and_both_are_told(calls: Api, service: Service, live: Platform) -> None:
    external = meet(calls)["external_userid"]
    wish = {**HANDOVER, "external_userid": [external, "wm?"]}
    started = calls.post("externalcontact/transfer_customer", wish)["customer"]
    assert [one["errcode"] for one in started] == [0, 40096]
    assert calls.post("externalcontact/transfer_customer", wish)["customer"][0]["errcode"] == 40129
    assert calls.post("externalcontact/transfer_result", HANDOVER)["customer"][0]["status"] == 2
    live.clock.advance(timedelta(hours=24))
    kinds = {request["event"]["ChangeType"] for request in service.wait_for(3)}
    assert kinds == {"add_external_contact", "del_external_contact"}
    calls = Api(calls.client)
    assert calls.post("externalcontact/transfer_result", HANDOVER)["customer"][0]["status"] == 1
    assert calls.get("externalcontact/list", userid="laowang")["external_userid"] == [external]


def test_a_customer_may_refuse(calls: Api, service: Service) -> None:
    external = meet(calls)["external_userid"]
    calls.post("externalcontact/transfer_customer", {**HANDOVER, "external_userid": [external]})
    calls.control("transfer", {"external_userid": external})
    assert "transfer_fail" in {request["event"]["ChangeType"] for request in service.wait_for(2)}
    assert calls.post("externalcontact/transfer_result", HANDOVER)["customer"][0]["status"] == 3


@pytest.mark.parametrize(
    ("giver", "taker", "code"), [("xiaoli", "XIAOLI", 40130), ("xiaoli", "ghost", 60111), ("ghost", "xiaoli", 60111)]
)
def test_a_transfer_between_the_wrong_people_is_refused(api: Api, giver: str, taker: str, code: int) -> None:
    wish = {"handover_userid": giver, "takeover_userid": taker, "external_userid": []}
    assert api.post("externalcontact/transfer_customer", wish)["errcode"] == code


def test_customers_of_who_left_wait_for_somebody(api: Api, platform: Platform) -> None:
    external = meet(api)["external_userid"]
    wish = {**HANDOVER, "external_userid": [external]}
    assert api.post("externalcontact/resigned/transfer_customer", wish)["errcode"] == 40097
    api.control("fault", {"name": "user_left", "params": {"userid": "xiaoli"}})
    assert api.post("externalcontact/get_unassigned_list", {})["info"][0]["external_userid"] == external
    assert api.post("externalcontact/resigned/transfer_customer", wish)["customer"][0]["errcode"] == 0


def test_ways_and_mass_messages_are_checked(api: Api) -> None:
    way = {"type": 2, "scene": 2, "state": "expo47", "user": ["xiaoli"]}
    config = api.post("externalcontact/add_contact_way", way)["config_id"]
    found = api.post("externalcontact/get_contact_way", {"config_id": config})
    assert found["contact_way"]["state"] == "expo47"
    assert api.post("externalcontact/add_contact_way", {**way, "user": ["xiaoli"] * 101})["errcode"] == 41041
    text = {"text": {"content": "活动"}}
    assert api.post("externalcontact/add_msg_template", text)["errcode"] == 41048
    external = meet(api)["external_userid"]
    sent = api.post("externalcontact/add_msg_template", {**text, "external_userid": [external, "wm9"]})
    assert sent["fail_list"] == ["wm9"]
    many = {**text, "attachments": [{"msgtype": "link"}] * 10}
    assert api.post("externalcontact/add_msg_template", many)["errcode"] == 41064


def test_a_group_is_read_and_inherited_only_from_who_left(api: Api) -> None:
    external = meet(api)["external_userid"]
    made = api.control("group", {"userid": "xiaoli", "name": "项目群", "members": ["laowang"], "customers": [external]})
    assert len(api.post("externalcontact/groupchat/list", {})["group_chat_list"]) == 1
    group = api.post("externalcontact/groupchat/get", {**made, "need_name": 1})["group_chat"]
    assert [one["name"] for one in group["member_list"]] == ["李晓芸", "王建国", "李经理"]
    wish = {"chat_id_list": [made["chat_id"]], "new_owner": "laowang"}
    assert api.post("externalcontact/groupchat/transfer", wish)["failed_chat_list"][0]["errcode"] == 90500
    api.control("fault", {"name": "user_left", "params": {"userid": "xiaoli"}})
    assert api.post("externalcontact/groupchat/transfer", wish)["failed_chat_list"] == []
