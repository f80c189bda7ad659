"""Address book, menu, media, login, and what survives a restart (manual §3.6–3.9)."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from emulator.clock import Clock
from emulator.wecom import Platform

from .conftest import AGENT, CORP, Api, button_card, settings

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def test_members_are_read_without_their_private_details(api: Api) -> None:
    member = api.get("user/get", userid="LAOWANG")
    assert (member["userid"], member["name"], member["department"]) == ("LaoWang", "王建国", [3])
    assert "mobile" not in member
    assert api.get("user/get", userid="ghost")["errcode"] == 60111
    api.control("switches", {"sensitive_fields": True})
    mobile = api.get("user/get", userid="LAOWANG")["mobile"]
    assert api.post("user/getuserid", {"mobile": mobile})["userid"] == "LaoWang"
    assert api.post("user/getuserid", {"mobile": "1"})["errcode"] == 46004


def test_departments_are_a_tree_and_lists_are_of_one_node(api: Api) -> None:
    assert [one["name"] for one in api.get("department/list")["department"]] == ["聊单演示公司", "销售部", "华东"]
    assert [one["id"] for one in api.get("department/simplelist", id=2)["department_id"]] == [2, 3]
    assert [one["userid"] for one in api.get("user/simplelist", department_id=2)["userlist"]] == ["chenzong"]
    assert len(api.get("user/list", department_id=3)["userlist"]) == 2
    assert api.get("user/list", department_id=9)["errcode"] == 60003


def test_ids_are_listed_for_the_contact_secret_only(api: Api) -> None:
    assert api.post("user/list_id", {})["errcode"] == 48002
    login = api.client.get(f"/cgi-bin/gettoken?corpid={CORP}&corpsecret=contact-secret").get_json()
    api.token = login["access_token"]
    page = api.post("user/list_id", {"limit": 2})
    assert (len(page["dept_user"]), page["next_cursor"]) == (2, "2")
    assert len(api.post("user/list_id", {"limit": 2, "cursor": "2"})["dept_user"]) == 1
    assert api.send("text", {"content": "x"})["errcode"] == 48002


def test_the_app_knows_who_sees_it(api: Api) -> None:
    agent = api.get("agent/get", agentid=AGENT)
    assert (agent["name"], agent["redirect_domain"]) == ("聊单", "127.0.0.1:9")
    assert api.get("agent/get", agentid=1)["errcode"] == 301002


@pytest.mark.parametrize(
    ("buttons", "code"),
    [
        ([], 40016),
        ([{"type": "click", "name": "a", "key": "k"}] * 4, 40016),
        ([{"type": "click", "name": "六个汉字太长", "key": "k"}], 40018),
        ([{"type": "click", "name": "a"}], 40019),
        ([{"name": "a", "sub_button": [{"type": "click", "name": "a", "key": "k"}] * 6}], 40023),
        ([{"type": "click", "name": "今日待办", "key": "TODAY"}], 0),
    ],
)
def test_a_menu_is_checked_shown_and_taken_away(api: Api, buttons: list[Any], code: int) -> None:
    assert api.post("menu/create", {"button": buttons}, agentid=AGENT)["errcode"] == code
    assert api.get("menu/get", agentid=AGENT)["errcode"] == (0 if code == 0 else 46003)
    api.get("menu/delete", agentid=AGENT)
    assert api.get("menu/get", agentid=AGENT)["errcode"] == 46003


def form(disposition: str, content: bytes) -> dict[str, Any]:
    """Write a form by hand: names go over the wire as raw UTF-8."""
    head = f'--b\r\nContent-Disposition: form-data; name="media"; {disposition}\r\nContent-Type: image/png\r\n\r\n'
    body = head.encode() + content + b"\r\n--b--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=b"}


def upload(api: Api, content: bytes, name: str = "报价.png", kind: str = "image") -> dict[str, Any]:
    url = f"/cgi-bin/media/upload?access_token={api.token}&type={kind}"
    return api.client.post(url, **form(f'filename="{name}"', content)).get_json()


def test_a_picture_lives_three_days(api: Api, platform: Platform) -> None:
    media_id = upload(api, PNG)["media_id"]
    assert api.send("image", {"media_id": media_id})["errcode"] == 0
    assert api.send("file", {"media_id": media_id})["errcode"] == 40007
    url = f"/cgi-bin/media/get?access_token={api.token}&media_id={media_id}"
    response = api.client.get(url)
    assert (response.data, response.mimetype) == (PNG, "image/png")
    platform.clock.advance(timedelta(days=3))
    assert Api(api.client).get("media/get", media_id=media_id)["errcode"] == 40007


@pytest.mark.parametrize(
    ("content", "name", "kind", "code"),
    [
        (b"12345", "a.png", "image", 44001),
        (b"GIF89a....", "a.gif", "image", 40004),
        (PNG, "a:b.png", "image", 44001),
        (PNG, "a.png", "poster", 40004),
        (PNG + b"0" * (10 * 2**20), "a.png", "image", 40006),
    ],
)
def test_a_bad_upload_is_refused(api: Api, content: bytes, name: str, kind: str, code: int) -> None:
    assert upload(api, content, name, kind)["errcode"] == code


def test_a_name_in_the_other_encoding_is_refused(api: Api) -> None:
    url = f"/cgi-bin/media/upload?access_token={api.token}&type=image"
    answer = api.client.post(url, **form("filename*=UTF-8''%E6%8A%A5.png", PNG)).get_json()
    assert answer["errcode"] == 44001


def authorize(api: Api, **changes: Any) -> Any:
    query = {
        "appid": CORP,
        "redirect_uri": "http://127.0.0.1:9/login?next=1",
        "response_type": "code",
        "scope": "snsapi_base",
        "state": "s1",
        "agentid": AGENT,
        "emu_userid": "xiaoli",
    }
    return api.client.get("/connect/oauth2/authorize", query_string={**query, **changes})


def test_a_member_logs_in_with_a_code_that_works_once(api: Api, platform: Platform) -> None:
    back = parse_qs(urlsplit(authorize(api).headers["Location"]).query)
    assert (back["state"], back["next"]) == (["s1"], ["1"])
    assert api.get("auth/getuserinfo", code=back["code"][0])["userid"] == "xiaoli"
    assert api.get("auth/getuserinfo", code=back["code"][0])["errcode"] == 42022
    assert api.get("auth/getuserinfo", code="x")["errcode"] == 40029
    late = parse_qs(urlsplit(authorize(api).headers["Location"]).query)["code"][0]
    platform.clock.advance(timedelta(minutes=5))
    assert api.get("auth/getuserinfo", code=late)["errcode"] == 42003


def test_private_details_need_their_scope(api: Api) -> None:
    code = parse_qs(urlsplit(authorize(api, scope="snsapi_privateinfo").headers["Location"]).query)["code"][0]
    ticket = api.get("auth/getuserinfo", code=code)["user_ticket"]
    assert api.post("auth/getuserdetail", {"user_ticket": ticket})["mobile"].startswith("1380000")
    assert api.post("auth/getuserdetail", {"user_ticket": "x"})["errcode"] == 84015


def test_a_foreign_host_gets_no_code(api: Api) -> None:
    response = authorize(api, redirect_uri="http://evil.example/login")
    assert response.status_code == 400
    assert "50001" in response.get_data(as_text=True)


def test_a_stranger_is_asked_who_they_are(api: Api) -> None:
    page = authorize(api, emu_userid="").get_data(as_text=True)
    assert "以谁的身份登录" in page
    assert "李晓芸" in page


def test_phones_cards_and_clock_survive_a_restart(tmp_path: Path) -> None:
    first = Platform(settings(data_dir=tmp_path))
    api = Api(first.app.test_client())
    code = api.send("template_card", button_card())["response_code"]
    first.clock.advance(timedelta(hours=5))
    before = first.message_ids.next()
    first.stop()
    second = Platform(settings(data_dir=tmp_path))
    api = Api(second.app.test_client())
    assert second.clock.offset == timedelta(hours=5)
    assert second.message_ids.next() > before
    assert api.send("template_card", button_card())["errcode"] == 42014
    body = {"userids": ["xiaoli"], "agentid": AGENT, "response_code": code, "button": {"replace_name": "好"}}
    assert api.post("message/update_template_card", body)["errcode"] == 0
    second.stop()
    third = Platform(settings(data_dir=tmp_path))
    assert third.phones.screen("xiaoli")[0]["state"] == "greyed"
    third.reset(clock=True)
    assert third.phones.everything() == []
    third.stop()


def test_the_clock_moves_only_forward_and_tells_its_listeners() -> None:
    clock, heard = Clock(), []
    clock.on_change(lambda: heard.append(clock.offset))
    clock.advance(timedelta(hours=1))
    with pytest.raises(ValueError):
        clock.advance(timedelta(seconds=-1))
    assert heard == [timedelta(hours=1)]


def test_the_feed_gives_what_changed_and_begins_anew_after_a_reset(api: Api) -> None:
    first = api.control("feed")
    assert [person["name"] for person in first["people"]] == ["李晓芸", "王建国", "陈立"]
    api.send("text", {"content": "早"})
    news = api.control(f"feed?since={first['version']}&epoch={first['epoch']}")
    assert [item["content"]["content"] for item in news["items"]] == ["早"]
    assert "people" not in news
    api.control("reset", {})
    assert "people" in api.control(f"feed?since={news['version']}&epoch={news['epoch']}")


def test_the_page_is_strict_about_what_may_run(api: Api) -> None:
    with api.client.get("/") as page:
        policy = page.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert b'<script type="module" src="/static/main.js">' in page.data
