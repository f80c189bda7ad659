"""Tokens, and the order in which the platform refuses (manual §8.2)."""

from datetime import timedelta

import pytest

from emulator.wecom import Platform

from .conftest import AGENT, CORP, SECRET, Api


def login(api: Api, corp: str | None = CORP, secret: str | None = SECRET) -> dict:
    query = {name: value for name, value in (("corpid", corp), ("corpsecret", secret)) if value}
    return api.client.get("/cgi-bin/gettoken", query_string=query).get_json()


def test_a_token_stays_the_same_for_two_hours_then_a_new_one_comes(api: Api, platform: Platform) -> None:
    assert login(api)["access_token"] == api.token
    platform.clock.advance(timedelta(seconds=7199))
    assert login(api)["access_token"] == api.token
    platform.clock.advance(timedelta(seconds=2))
    assert api.get("user/get", userid="xiaoli")["errcode"] == 42001
    assert login(api)["access_token"] != api.token


@pytest.mark.parametrize(
    ("corp", "secret", "code"),
    [(None, SECRET, 41002), (CORP, None, 41004), ("wwother", SECRET, 40013), (CORP, "wrong", 40001)],
)
def test_a_wrong_login_says_what_is_wrong(api: Api, corp: str | None, secret: str | None, code: int) -> None:
    assert login(api, corp, secret)["errcode"] == code


def test_two_thousand_wrong_logins_block_the_right_one_too(api: Api, platform: Platform) -> None:
    platform.limits.count("failed logins", 3600, 2000, 2000)
    assert login(api, CORP, "wrong")["errcode"] == 45009


def test_checks_come_in_the_platforms_order(api: Api, platform: Platform) -> None:
    bad = b"{not json"
    platform.switches.ip_allowed = False
    assert api.post("message/send", bad, access_token="")["errcode"] == 60020
    platform.switches.ip_allowed = True
    assert api.post("message/send", bad, access_token="")["errcode"] == 41001
    assert api.post("message/send", bad, access_token="unknown")["errcode"] == 40014
    api.control("fault", {"name": "freq_minute", "api": "user/list_id"})
    assert api.post("user/list_id", bad)["errcode"] == 45009
    api.control("fault", {"clear": True})
    wrong = api.post("user/list_id", bad)
    assert wrong["errcode"] == 40058
    assert "Warning: wrong json format." in wrong["errmsg"]
    assert api.post("user/list_id", {"limit": 10})["errcode"] == 48002


def test_a_refusal_looks_like_a_real_one(api: Api) -> None:
    response = api.client.get("/cgi-bin/user/get?access_token=x")
    assert response.status_code == 200
    assert response.headers["Error-Code"] == "40014"
    text = response.get_json()["errmsg"]
    assert text.startswith("invalid access_token, hint: [")
    assert "from ip: 127.0.0.1" in text
    assert text.endswith("query?e=40014")


def test_an_unknown_path_is_a_plain_404(api: Api) -> None:
    response = api.client.get("/cgi-bin/no/such")
    assert response.status_code == 404
    assert not response.is_json


def test_escaped_chinese_is_refused_and_raw_is_not(api: Api) -> None:
    body = '{"touser":"xiaoli","msgtype":"text","agentid":%d,"text":{"content":"%s"}}'
    assert api.post("message/send", (body % (AGENT, "\\u4f60")).encode())["errcode"] == 40033
    assert api.post("message/send", (body % (AGENT, "你")).encode())["errcode"] == 0
    assert api.post("message/send", (body % (AGENT, "\\u000a tab")).encode())["errcode"] == 0
    assert api.post("message/send", (body % (AGENT, "a\\\\u4f60")).encode())["errcode"] == 0
    api.control("switches", {"refuse_unicode_escapes": False})
    assert api.post("message/send", (body % (AGENT, "\\u4f60")).encode())["errcode"] == 0


def test_too_many_calls_of_one_api_block_it_until_the_minute_ends(api: Api, platform: Platform) -> None:
    platform.limits.count("api:user/get", 60, 10_000, 10_000)
    assert api.get("user/get", userid="xiaoli")["errcode"] == 45009
    assert api.get("department/list")["errcode"] == 0
    platform.clock.advance(timedelta(minutes=1))
    assert api.get("user/get", userid="xiaoli")["errcode"] == 0


def test_every_call_is_in_the_record_without_its_token(api: Api) -> None:
    api.send("text", {"content": "早"})
    (call,) = api.control("calls?api=message/send")["calls"]
    assert call["errcode"] == 0
    assert "早" in call["body"]
    assert api.token not in str(call)
