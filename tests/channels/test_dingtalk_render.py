"""Cards as DingTalk's JSON: what is kept in golden files, and the laws that hold for any card."""

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.card import Button, Card, Style
from bot.channels.dingtalk import limits
from bot.channels.dingtalk.check import check, check_card
from bot.channels.dingtalk.markup import escaped, spoken
from bot.channels.dingtalk.messages import Action, Message
from bot.channels.dingtalk.render import SAYS, in_words, render, render_card
from bot.channels.dingtalk.template import LINK, VARIABLES
from bot.channels.keys import read_key
from bot.taps import spoken_tap
from docs.generate import ROOT

from .sample_cards import APPROVAL, CARDS, cards, strings, words_on, wordy_cards

GOLDEN = Path(__file__).parent / "golden"
WITH_A_PHONE = Card(
    title="客户 华东机电",
    fields=(("电话", "13812345678"), ("地址", "杭州")),
    buttons=(Button(label="跟进", action="follow", values={"lead_id": "1"}),),
)


def shown(card: Card) -> dict[str, Any]:
    """Return everything that is said of a card, with and without a template, by API and by webhook."""
    messages = render(card, card_id="o12-6a3")
    template = render_card(card)
    params = {name: _read(value) if value[:1] in "[{" else value for name, value in template.public.items()}
    by_api = [message.by_api() for message in messages]
    return {
        "template": {} if card.is_plain else params,
        "beside the template": [] if card.is_plain else [asdict(message) for message in template.words],
        "by api": [{**sent, "msgParam": json.loads(sent["msgParam"])} for sent in by_api],
        "by webhook": [message.by_webhook() for message in messages],
    }


def _read(value: str) -> Any:
    return json.loads(value) if value else value


@pytest.mark.parametrize("name", CARDS)
def test_cards_look_as_they_did(name: str) -> None:
    written = json.dumps(shown(CARDS[name]), ensure_ascii=False, indent=1) + "\n"
    assert written == (GOLDEN / f"dingtalk_{name}.json").read_text("utf-8")


@settings(max_examples=150, deadline=None)
@given(card=cards, in_public=st.booleans())
def test_no_card_breaks_a_limit(card: Card, in_public: bool) -> None:
    template = render_card(card, in_public=in_public)
    messages = [*render(card, card_id="o12-6a3"), *in_words(card), *template.words]
    assert [check(message) for message in messages] == [[] for _ in messages]
    assert check_card(template.public) == []
    assert not in_public or check_card({**template.public, **template.private}) == []
    assert [message.kind for message in render(card, card_id="o12-6a3")][:-1].count("action") == 0
    assert all(len(json.dumps(message.by_webhook()).encode()) < 40_000 for message in messages)


@settings(max_examples=150, deadline=None)
@given(card=wordy_cards, template=st.booleans())
def test_no_word_of_a_card_is_lost(card: Card, template: bool) -> None:
    if template:
        filled = render_card(card)
        sent: list[Any] = [filled.public, [message.text for message in filled.words]]
    else:
        sent = [[message.text, *(action.label for action in message.actions)] for message in render(card, card_id="o1")]
    said = "".join(strings(sent)).replace("\n", "").replace(" ", "")
    assert [word for word in words_on(card) if word.replace(" ", "") not in said] == []


def test_every_button_of_the_template_comes_back_as_what_it_was() -> None:
    buttons = json.loads(render_card(APPROVAL).public["buttons"])
    assert [read_key(button["key"]) for button in buttons] == [
        ("approve", {"approval_id": "42"}),
        ("reject", {"approval_id": "42"}),
        None,
    ]
    assert buttons[2]["url"] == "https://crm.example.com/a/42"


def test_without_a_template_a_button_says_a_line_and_a_link_opens_a_page() -> None:
    (message,) = render(APPROVAL, card_id="o12-6a3")
    said = [unquote(action.url.removeprefix(SAYS)) for action in message.actions]
    assert said == ["同意 #o12-6a3.1", "驳回 #o12-6a3.2", "https://crm.example.com/a/42"]
    assert said[0] == spoken_tap("同意", "o12-6a3", 1)


def test_a_sixth_button_becomes_a_link_with_its_own_number() -> None:
    (message,) = render(CARDS["nine_buttons"], card_id="o12-6a3")
    assert [action.label for action in message.actions] == [f"客户{number}" for number in range(1, 6)]
    assert f"[客户11]({SAYS}%E5%AE%A2%E6%88%B711%20%23o12-6a3.11)" in message.text


def test_a_button_without_room_on_a_card_becomes_a_link_below_it() -> None:
    many = replace(APPROVAL, buttons=tuple(Button(label=f"客户{n}", action="show_lead") for n in range(1, 41)))
    card = render_card(many, card_id="o12-6a3")
    shown = len(json.loads(card.public["buttons"]))
    (below,) = card.words
    assert f"[客户{shown + 1}]({SAYS}%E5%AE%A2%E6%88%B7{shown + 1}%20%23o12-6a3.{shown + 1})" in below.text
    assert below.text.count(SAYS) == 40 - shown
    assert "也可以：客户40" in render_card(many).words[0].text, "what is changed later has another id"


def test_a_form_is_said_in_words_because_a_line_brings_no_choices() -> None:
    (message,) = render(CARDS["form"], card_id="o12-6a3")
    assert message.kind == "markdown"
    assert "阶段：洽谈、赢单" in message.text
    assert "请直接回复要选的内容" in message.text


def test_an_update_says_every_variable_so_that_nothing_old_stays() -> None:
    assert set(render_card(replace(APPROVAL, settled="已同意")).public) == set(VARIABLES)
    settled = render_card(replace(APPROVAL, settled="已由陈立同意")).public
    assert (settled["buttons"], settled["settled"]) == ("[]", "已由陈立同意")


def test_in_public_everybody_sees_masked_numbers_and_one_person_the_whole() -> None:
    card = render_card(WITH_A_PHONE, in_public=True)
    assert "13812345678" not in "".join(card.public.values())
    assert "138****5678" in card.public["fields"]
    assert "13812345678" in card.private["fields"]
    assert "buttons" not in card.private, "what the card may still be asked is the same for all"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("*急* `x` [点我](http://evil.example)", "＊急＊ ｀x｀ ［点我］(http://evil.example)"),
        ("# 标题", "＃ 标题"),
        ("> 引用", "＞ 引用"),
        ("_斜_ snake_case", "＿斜＿ snake_case"),
        ("<font color=#ff0000>红</font>", "＜font color=#ff0000>红＜/font>"),
        ("@所有人 请看", "＠所有人 请看"),
        ("li@example.com", "li@example.com"),
        ("https://a.example/x_y_z?q=*1*", "https://a.example/x_y_z?q=*1*"),
        ("上\n---\n下", "上  \n  ——  \n  下"),
    ],
)
def test_what_somebody_typed_is_shown_as_it_stands(said: str, shown: str) -> None:
    assert escaped(said) == shown


def test_plain_text_mentions_nobody() -> None:
    assert spoken("@all 报价 50*2") == "＠all 报价 50*2"


def test_a_long_text_becomes_several_messages_and_the_last_has_the_buttons() -> None:
    card = Card(title="周报", text="本周跟进情况如下。\n" * 400, buttons=(Button(label="收到", action="seen"),))
    messages = render(card, card_id="o12-6a3")
    assert [message.kind for message in messages] == ["markdown", "markdown", "action"]
    assert all(len(message.text.encode()) <= limits.PART for message in messages)
    assert not any(line.strip().startswith("周跟进") for message in messages for line in message.text.split("\n"))


def test_check_finds_what_the_platform_would_refuse() -> None:
    sound = render_card(APPROVAL).public
    broken: list[dict[str, str]] = [
        {"title": " "},
        {"title": "字" * 400},
        {"other": ""},
        {"buttons": "[}"},
        {"buttons": '["x"]'},
        {"buttons": '[{"text":"好","key":"","url":""}]'},
        {"buttons": '[{"text":"","key":"ok","url":""}]'},
        {"form": "[]"},
        {"form": '{"fields":[{"name":"a","options":[]}]}', "submit": '{"text":"好","key":"ok"}'},
        {
            "form": '{"fields":[{"name":"a","options":[{}]},{"name":"a","options":[{}]}]}',
            "submit": '{"text":"好","key":"k"}',
        },
        {"form": '{"fields":[{"name":"a","options":[{}]}]}'},
        {"submit": ""},
    ]
    assert check_card(sound) == []
    assert [change for change in broken if not check_card({**sound, **change})] == []
    assert check_card({name: value for name, value in sound.items() if name != "text"})
    tap = Action(label="好", url=SAYS + "x")
    assert check(Message(kind="action", title="题", text="文", actions=(tap,))) == []
    wrong = [
        Message(kind="text", text=" "),
        Message(kind="markdown", text="文"),
        Message(kind="text", text="字" * 6000),
        Message(kind="action", title="题", text="文"),
        Message(kind="action", title="题", text="文", actions=(tap,) * 6),
        Message(kind="action", title="题", text="文", actions=(Action(label=" ", url=SAYS),)),
        Message(kind="action", title="题", text="文", actions=(Action(label="好", url="javascript:1"),)),
    ]
    assert [message for message in wrong if not check(message)] == []


def test_the_template_file_declares_what_we_send_and_asks_for_the_key() -> None:
    written = json.loads((ROOT / "deploy" / "dingtalk-card.json").read_text("utf-8"))
    editor = json.loads(written["editorData"])
    declared = {variable["name"]: variable for variable in editor["variableList"]}
    assert set(declared) == set(VARIABLES)
    private = render_card(WITH_A_PHONE, in_public=True).private
    assert {name for name, variable in declared.items() if variable["private"]} == set(private)
    asked = [one for one in walk(editor["schema"]) if one.get("name") == "key" and "variable" in one]
    assert {one["variable"] for one in asked} == {"buttons[0].key", "submit.key"}
    ids = [node["id"] for node in walk(editor["schema"]) if "componentName" in node and "props" in node]
    assert len(ids) == len(set(ids)), "the builder tells components apart by their ids"
    named = {part["componentName"] for part in editor["schema"]["componentsMap"]}
    assert {node["componentName"] for node in walk(editor["schema"]) if "props" in node} == named


def test_every_style_of_a_button_has_its_button_in_the_template() -> None:
    written = json.loads((ROOT / "deploy" / "dingtalk-card.json").read_text("utf-8"))
    conditions = [one for one in walk(json.loads(written["editorData"])) if one.get("op") == "equal"]
    assert {one["value"] for one in conditions} == {*Style, LINK}


def walk(found: Any) -> Iterator[dict[str, Any]]:
    """Yield every object inside."""
    if isinstance(found, dict):
        yield found
        found = list(found.values())
    for one in found if isinstance(found, list) else ():
        yield from walk(one)
