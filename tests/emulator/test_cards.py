"""Template cards: what is refused, who may be updated, what can be pressed (manual §3.3)."""

from datetime import timedelta
from typing import Any

import pytest

from emulator.wecom import Platform

from .conftest import AGENT, Api, button_card

LINK = {"type": 1, "url": "https://crm.example.com"}
OPTION = {"id": "a", "text": "甲"}
TITLE = {"title": "标题"}
NOTICE = {"card_type": "text_notice", "main_title": TITLE, "card_action": LINK}
NEWS = {"card_type": "news_notice", "main_title": TITLE, "card_action": LINK, "card_image": {"url": "https://a/b.png"}}
VOTE = {
    "card_type": "vote_interaction",
    "task_id": "v-1",
    "main_title": TITLE,
    "checkbox": {"question_key": "q", "mode": 1, "option_list": [OPTION, {"id": "b", "text": "乙"}]},
    "submit_button": {"text": "提交", "key": "s"},
}
MULTIPLE = {
    "card_type": "multiple_interaction",
    "task_id": "m-1",
    "main_title": TITLE,
    "select_list": [{"question_key": "q", "option_list": [OPTION, {"id": "b", "text": "乙"}]}],
    "submit_button": {"key": "s"},
}
MENU = {"desc": "更多", "action_list": [{"text": "静音", "key": "mute"}]}
GOOD = (NOTICE, NEWS, button_card(), VOTE, MULTIPLE)


def without(card: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in card.items() if key != name}


BAD: list[tuple[int, dict[str, Any]]] = [
    (42031, {**NOTICE, "card_type": "poster"}),
    (42014, without(VOTE, "task_id")),
    (42014, {**VOTE, "task_id": "中文"}),
    (42014, {**VOTE, "task_id": "x" * 129}),
    (42014, {**NOTICE, "action_menu": MENU}),
    (42033, without(NOTICE, "main_title")),
    (42033, {**VOTE, "main_title": {"desc": "x"}, "sub_title_text": "y"}),
    (42051, {**NOTICE, "task_id": "t", "action_menu": {"action_list": [{"text": "a", "key": "k"}] * 2}}),
    (42051, {**NOTICE, "task_id": "t", "action_menu": {"action_list": []}}),
    (42038, {**NOTICE, "task_id": "t", "action_menu": {"action_list": [{"key": "k"}]}}),
    (42027, {**NOTICE, "horizontal_content_list": [{"value": "x"}]}),
    (42035, {**NOTICE, "horizontal_content_list": [{"keyname": "a"}] * 7}),
    (42028, {**NOTICE, "horizontal_content_list": [{"keyname": "a", "type": 1}]}),
    (42029, {**NOTICE, "horizontal_content_list": [{"keyname": "a", "type": 2}]}),
    (42050, {**NOTICE, "horizontal_content_list": [{"keyname": "a", "type": 3}]}),
    (42028, {**NOTICE, "quote_area": {"type": 1}}),
    (42030, {**NOTICE, "quote_area": {"type": 2}}),
    (42042, {**NOTICE, "jump_list": [{"title": "t"}] * 4}),
    (42042, {**NOTICE, "jump_list": [{"type": 0}]}),
    (42045, without(NOTICE, "card_action")),
    (42045, {**NOTICE, "card_action": {"type": 0}}),
    (42028, {**NOTICE, "card_action": {"type": 1, "url": "crm"}}),
    (42030, {**NOTICE, "card_action": {"type": 2}}),
    (42044, without(NEWS, "card_image")),
    (42044, {**NEWS, "card_image": {"url": "https://a", "aspect_ratio": 2.25}}),
    (42036, {**NEWS, "vertical_content_list": [{"title": "t"}] * 5}),
    (42036, {**NEWS, "vertical_content_list": [{"desc": "d"}]}),
    (42038, button_card(button_list=[])),
    (42038, button_card(button_list=[{"text": "a", "key": str(n)} for n in range(7)])),
    (42038, button_card(button_list=[{"key": "a"}])),
    (42039, button_card(button_list=[{"text": "a"}])),
    (42039, button_card(button_list=[{"text": "a", "key": "k" * 1025}])),
    (42039, button_card(button_list=[{"text": "a", "key": "k"}] * 2)),
    (42028, button_card(button_list=[{"text": "a", "type": 1}])),
    (42043, button_card(button_selection={"option_list": [OPTION]})),
    (42037, button_card(button_selection={"question_key": "q", "option_list": []})),
    (42040, button_card(button_selection={"question_key": "q", "option_list": [OPTION, OPTION]})),
    (42040, button_card(button_selection={"question_key": "q", "option_list": [{"text": "a"}]})),
    (42041, button_card(button_selection={"question_key": "q", "option_list": [{"id": "a"}]})),
    (
        42037,
        {**VOTE, "checkbox": {"question_key": "q", "option_list": [{"id": str(n), "text": "x"} for n in range(21)]}},
    ),
    (42046, without(VOTE, "submit_button")),
    (42046, {**VOTE, "submit_button": {"text": "a"}}),
    (42049, {**VOTE, "submit_button": {"key": "a", "text": 7}}),
    (42047, {**MULTIPLE, "select_list": []}),
    (42043, {**MULTIPLE, "select_list": MULTIPLE["select_list"] * 2}),
]


@pytest.mark.parametrize("card", GOOD, ids=lambda card: str(card["card_type"]))
def test_each_type_of_card_is_taken_and_only_those_with_events_get_a_code(api: Api, card: dict[str, Any]) -> None:
    answer = api.send("template_card", card)
    assert answer["errcode"] == 0
    assert ("response_code" in answer) == card["card_type"].endswith("interaction")


@pytest.mark.parametrize(("code", "card"), BAD)
def test_each_fault_has_its_code(api: Api, code: int, card: dict[str, Any]) -> None:
    assert api.send("template_card", card)["errcode"] == code
    assert api.screen("xiaoli") == []


def test_a_task_id_is_taken_once(api: Api) -> None:
    assert api.send("template_card", button_card())["errcode"] == 0
    assert api.send("template_card", button_card())["errcode"] == 42014


def test_without_a_callback_url_no_card_with_events_goes_out(api: Api, platform: Platform) -> None:
    platform.callbacks.url = ""
    assert api.send("template_card", button_card())["errcode"] == 43012
    assert api.send("template_card", NOTICE)["errcode"] == 0


def test_long_words_are_clipped_on_the_screen(api: Api) -> None:
    api.send("template_card", button_card(main_title={"title": "长" * 40}))
    assert api.screen("xiaoli")[0]["content"]["main_title"]["title"] == "长" * 35 + "…"


def update(api: Api, code: str, users: list[str], **how: Any) -> dict[str, Any]:
    body = {"userids": users, "agentid": AGENT, "response_code": code, **how}
    return api.post("message/update_template_card", body)


DONE = {"button": {"replace_name": "已确认"}}


def test_a_code_greys_the_listed_copies_once(api: Api) -> None:
    code = api.send("template_card", button_card(), "xiaoli|laowang")["response_code"]
    assert update(api, code, ["XiaoLi", "ghost", "chenzong"], **DONE)["invaliduser"] == ["ghost", "chenzong"]
    assert api.screen("xiaoli")[0]["state"] == "greyed"
    assert api.screen("xiaoli")[0]["replace_text"] == "已确认"
    assert api.screen("laowang")[0]["state"] == "live"
    assert update(api, code, ["laowang"], **DONE)["errcode"] == 60140


def test_a_code_is_good_for_three_days(api: Api, platform: Platform) -> None:
    codes = [api.send("template_card", button_card(f"t-{n}"))["response_code"] for n in range(2)]
    platform.clock.advance(timedelta(hours=71, minutes=59))
    api = Api(api.client)
    assert update(api, codes[0], ["xiaoli"], **DONE)["errcode"] == 0
    platform.clock.advance(timedelta(minutes=2))
    assert update(Api(api.client), codes[1], ["xiaoli"], **DONE)["errcode"] == 60140
    assert update(Api(api.client), "invented", ["xiaoli"], **DONE)["errcode"] == 60140


def test_a_refused_update_does_not_spend_the_code(api: Api) -> None:
    code = api.send("template_card", button_card())["response_code"]
    assert update(api, code, ["xiaoli"])["errcode"] == 40058
    assert update(api, code, ["xiaoli"], **DONE, template_card=NOTICE)["errcode"] == 40058
    assert update(api, code, ["xiaoli"], template_card={"card_type": "x"})["errcode"] == 42031
    assert update(api, code, [], **DONE)["errcode"] == 82001
    assert update(api, code, ["xiaoli"], **DONE)["errcode"] == 0


def test_a_card_is_replaced_and_keeps_its_task(api: Api) -> None:
    code = api.send("template_card", button_card())["response_code"]
    new = without(button_card(main_title={"title": "已报价"}, replace_text="已提交"), "task_id")
    assert update(api, code, ["xiaoli"], template_card=new)["errcode"] == 0
    (item,) = api.screen("xiaoli")
    assert (item["state"], item["task_id"], item["replace_text"]) == ("replaced", "t-1", "已提交")
    assert item["content"]["main_title"]["title"] == "已报价"


def test_a_notice_with_a_menu_can_be_replaced_but_not_greyed(api: Api) -> None:
    code = api.send("template_card", {**NOTICE, "task_id": "n-1", "action_menu": MENU})["response_code"]
    assert update(api, code, ["xiaoli"], **DONE)["errcode"] == 40058
    assert update(api, code, ["xiaoli"], template_card=NOTICE)["errcode"] == 0


def press(api: Api, key: str, task: str = "t-1", user: str = "xiaoli", **more: Any) -> tuple[int, dict[str, Any]]:
    response = api.client.post("/__emu/click", json={"task_id": task, "userid": user, "key": key, **more})
    return response.status_code, response.get_json()


def test_only_what_is_alive_on_ones_own_screen_can_be_pressed(api: Api) -> None:
    code = api.send("template_card", button_card(), "xiaoli|laowang")["response_code"]
    assert press(api, "ok")[0] == 200
    assert press(api, "maybe")[0] == 409
    assert press(api, "ok", user="chenzong")[0] == 409
    assert press(api, "ok", user="ghost")[0] == 400
    assert press(api, "ok", selected={"stage": "won"})[0] == 409
    assert press(api, "ok", selected={"stage": ["talk", "quote"]})[0] == 409
    assert press(api, "ok", selected={"other": "x"})[0] == 409
    update(api, code, ["xiaoli"], **DONE)
    assert press(api, "ok") == (409, {"error": "卡片已置灰，不能再点"})
    assert press(api, "ok", user="laowang")[0] == 200


def test_a_disabled_or_empty_choice_cannot_be_sent(api: Api) -> None:
    api.send("template_card", VOTE)
    assert press(api, "s", task="v-1")[0] == 409
    assert press(api, "s", task="v-1", selected={"q": ["a", "b"]})[0] == 200
    api.send("template_card", {**VOTE, "task_id": "v-2", "checkbox": {**VOTE["checkbox"], "disable": True}})
    assert press(api, "s", task="v-2", selected={"q": ["a"]})[0] == 409


def test_a_recalled_card_sends_nothing(api: Api) -> None:
    msgid = api.send("template_card", button_card())["msgid"]
    api.post("message/recall", {"msgid": msgid})
    assert press(api, "ok")[0] == 409
