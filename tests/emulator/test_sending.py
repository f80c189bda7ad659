"""message/send: who gets it, what is cut, what is dropped in silence (manual §3.2)."""

from datetime import timedelta
from typing import Any

import pytest

from emulator.wecom import Platform

from .conftest import AGENT, Api


def test_receivers_are_found_whatever_the_case_and_the_rest_is_named(api: Api) -> None:
    answer = api.send("text", {"content": "早"}, "XIAOLI|laowang|Ghost")
    assert answer["errcode"] == 0
    assert answer["invaliduser"] == "ghost"
    assert [item["userid"] for item in api.control("outbox")["items"]] == ["xiaoli", "LaoWang"]


def test_all_means_everybody_and_a_party_means_who_is_below_it(api: Api) -> None:
    api.send("text", {"content": "a"}, "@all")
    assert len(api.control("outbox")["items"]) == 3
    api.send("text", {"content": "b"}, "", toparty="2|99", totag="7")
    assert len(api.control("outbox")["items"]) == 6
    assert "invalidparty" in api.send("text", {"content": "c"}, "", toparty="3|99")


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ({}, 82001),
        ({"touser": "ghost|nobody"}, 81013),
        ({"touser": "|".join(f"u{n}" for n in range(1001))}, 40032),
        ({"toparty": "|".join(str(n) for n in range(101))}, 82002),
        ({"totag": "|".join(str(n) for n in range(101))}, 82003),
    ],
)
def test_bad_receivers_are_refused(api: Api, to: dict[str, str], code: int) -> None:
    body = {"msgtype": "text", "agentid": AGENT, "text": {"content": "x"}, **to}
    answer = api.post("message/send", body)
    assert answer["errcode"] == code
    assert code != 81013 or answer["invaliduser"] == "ghost|nobody"


@pytest.mark.parametrize(
    ("msgtype", "content", "code"),
    [
        ("sticker", {}, 40008),
        ("text", {"content": ""}, 44004),
        ("markdown", {"content": "字" * 683}, 45002),
        ("textcard", {"description": "d", "url": "https://a"}, 41016),
        ("textcard", {"title": "t", "description": "d", "url": "a.com"}, 45034),
        ("news", {"articles": [{"title": "t", "url": "https://a"}] * 9}, 45008),
        ("image", {}, 41006),
        ("image", {"media_id": "gone"}, 40007),
        ("miniprogram_notice", {"appid": "wx1", "title": "t", "content_item": [{}] * 11}, 90201),
        ("template_card", {"card_type": "poster"}, 42031),
    ],
)
def test_a_faulty_message_is_refused_with_its_code(api: Api, msgtype: str, content: dict[str, Any], code: int) -> None:
    assert api.send(msgtype, content)["errcode"] == code


def test_another_agent_is_refused(api: Api) -> None:
    assert api.send("text", {"content": "x"}, agentid=7)["errcode"] == 40056


def test_long_text_is_cut_between_characters(api: Api) -> None:
    api.send("text", {"content": "字" * 700})
    text = api.screen("xiaoli")[0]["content"]["content"]
    assert text == "字" * 682
    assert len(text.encode()) == 2046


def test_the_thirty_first_message_of_a_minute_vanishes_without_a_word(api: Api, platform: Platform) -> None:
    codes = {api.send("text", {"content": f"第 {n} 条"})["errcode"] for n in range(32)}
    assert codes == {0}
    assert len(api.screen("xiaoli")) == 30
    dropped = api.control("dropped")["dropped"]
    assert [one["content"]["content"] for one in dropped] == ["第 30 条", "第 31 条"]
    platform.clock.advance(timedelta(minutes=1))
    api.send("text", {"content": "又能收到"})
    assert len(api.screen("xiaoli")) == 31


def test_the_thousandth_of_an_hour_is_the_last(api: Api, platform: Platform) -> None:
    platform.switches.member_per_minute = 10_000
    for n in range(1001):
        platform.limits.may_reach("xiaoli", 10_000, 1000) if n < 1000 else None
    api.send("text", {"content": "x"})
    assert api.screen("xiaoli") == []


def test_the_same_words_are_shown_once_when_the_check_is_asked_for(api: Api, platform: Platform) -> None:
    ask = {"enable_duplicate_check": 1, "duplicate_check_interval": 600}
    for _ in range(2):
        assert api.send("text", {"content": "早"}, **ask)["errcode"] == 0
    assert len(api.screen("xiaoli")) == 1
    platform.clock.advance(timedelta(seconds=601))
    api.send("text", {"content": "早"}, **ask)
    assert len(api.screen("xiaoli")) == 2


def test_the_daily_budget_of_the_company_ends(api: Api, platform: Platform) -> None:
    platform.switches.account_cap = 0
    assert api.send("text", {"content": "x"})["errcode"] == 45009


def test_a_recalled_message_is_gone_and_after_a_day_it_stays(api: Api, platform: Platform) -> None:
    first = api.send("text", {"content": "错了"}, "xiaoli|chenzong")["msgid"]
    assert api.post("message/recall", {"msgid": first})["errcode"] == 0
    assert api.screen("xiaoli") == api.screen("chenzong") == []
    second = api.send("text", {"content": "旧了"})["msgid"]
    platform.clock.advance(timedelta(hours=25))
    fresh = Api(api.client)
    assert fresh.post("message/recall", {"msgid": second})["errcode"] == 42052
    assert fresh.post("message/recall", {"msgid": "foreign"})["errcode"] == 40058


def test_names_are_put_in_for_ids_when_asked(api: Api) -> None:
    api.send("text", {"content": "$userName=LAOWANG$ 在 $departmentName=3$"}, enable_id_trans=1)
    assert api.screen("xiaoli")[0]["content"]["content"] == "王建国 在 华东"


def test_statistics_count_the_day_in_china(api: Api, platform: Platform) -> None:
    api.send("text", {"content": "x"})
    assert api.post("message/get_statistics", {"time_type": 0})["statistics"][0]["count"] == 1
    platform.clock.advance(timedelta(hours=20))
    fresh = Api(api.client)
    assert fresh.post("message/get_statistics", {"time_type": 0})["statistics"][0]["count"] == 0
    assert fresh.post("message/get_statistics", {"time_type": 1})["statistics"][0]["count"] == 1


def test_the_app_makes_a_group_and_speaks_into_it(api: Api) -> None:
    group = {"name": "项目群", "owner": "xiaoli", "userlist": ["xiaoli", "LAOWANG"], "chatid": "deal42"}
    assert api.post("appchat/create", group)["chatid"] == "deal42"
    assert api.post("appchat/create", group)["errcode"] == 86215
    assert api.post("appchat/create", {**group, "chatid": "群"})["errcode"] == 86001
    assert api.post("appchat/create", {**group, "chatid": "d2", "userlist": ["xiaoli"]})["errcode"] == 86006
    assert api.post("appchat/create", {**group, "chatid": "d2", "owner": "chenzong"})["errcode"] == 86207
    assert api.post("appchat/update", {"chatid": "deal42", "add_user_list": ["chenzong"]})["errcode"] == 0
    assert api.get("appchat/get", chatid="deal42")["chat_info"]["userlist"] == ["xiaoli", "LaoWang", "chenzong"]
    words = {"chatid": "deal42", "msgtype": "text", "text": {"content": "赢单"}}
    assert api.post("appchat/send", words)["errcode"] == 0
    assert api.post("appchat/send", {**words, "chatid": "d9"})["errcode"] == 86003
    assert api.screen("群聊:deal42")[0]["content"]["content"] == "赢单"


def test_a_robot_speaks_into_its_group_twenty_times_a_minute(api: Api, platform: Platform) -> None:
    key = platform.settings.webhook_keys[0]
    for n in range(20):
        assert api.post("webhook/send", {"msgtype": "text", "text": {"content": str(n)}}, key=key)["errcode"] == 0
    assert api.post("webhook/send", {"msgtype": "text", "text": {"content": "x"}}, key=key)["errcode"] == 45009
    assert api.post("webhook/send", {"msgtype": "text", "text": {"content": "x"}}, key="no")["errcode"] == 93000
    assert len(api.screen(f"群机器人:{key}")) == 20
