"""Cards as the platform's JSON: what is kept in golden files, and the laws that hold for any card."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.card import Button, Card
from bot.channels.keys import read_key
from bot.channels.wecom.check import check, check_card
from bot.channels.wecom.render import in_words, render, render_update

from .sample_cards import APPROVAL, CARDS, PUBLIC, cards, strings, words_on, wordy_cards

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", CARDS)
def test_cards_look_as_they_did(name: str) -> None:
    card = CARDS[name]
    update = render_update(card, public_url=PUBLIC)
    shown = {
        "send": render(card, card_id="card-1", public_url=PUBLIC),
        "update": {"template_card": update.template_card, "words": update.words},
        "markdown": render(card, card_id="card-1", public_url="", markdown=True),
    }
    written = json.dumps(shown, ensure_ascii=False, indent=1) + "\n"
    assert written == (GOLDEN / f"wecom_{name}.json").read_text("utf-8")


@settings(max_examples=150, deadline=None)
@given(card=cards, public_url=st.sampled_from(["", PUBLIC]), markdown=st.booleans())
def test_no_card_breaks_a_limit(card: Card, public_url: str, markdown: bool) -> None:
    messages = render(card, card_id="card-1", public_url=public_url, markdown=markdown)
    update = render_update(card, public_url=public_url, markdown=markdown)
    assert [check(message) for message in (*messages, *update.words, *in_words(card))].count([]) == len(messages) + len(
        update.words
    ) + len(in_words(card))
    assert check_card(update.template_card, sending=False) == []
    assert [message["msgtype"] for message in messages][:-1].count("template_card") == 0
    json.dumps(messages, ensure_ascii=False).encode()


@settings(max_examples=150, deadline=None)
@given(card=wordy_cards, updated=st.booleans())
def test_no_word_of_a_card_is_lost(card: Card, updated: bool) -> None:
    update = render_update(card, public_url=PUBLIC)
    sent = [update.template_card, update.words] if updated else render(card, card_id="c", public_url=PUBLIC)
    said = "\n".join(strings(sent)).replace("\n", "")
    assert [word for word in words_on(card) if word not in said] == []


def test_every_button_on_a_card_comes_back_as_what_it_was() -> None:
    (message,) = render(APPROVAL, card_id="card-1", public_url=PUBLIC)
    keys = [button.get("key", "") for button in message["template_card"]["button_list"]]
    assert [read_key(key) for key in keys] == [
        ("approve", {"approval_id": "42"}),
        ("reject", {"approval_id": "42"}),
        None,
    ]


def test_every_card_bears_its_name_so_that_no_two_are_equal() -> None:
    for card in CARDS.values():
        last = render(card, card_id="card-1", public_url=PUBLIC)[-1]
        assert last.get("template_card", {"task_id": "card-1"})["task_id"] == "card-1"


@pytest.mark.parametrize("card_id", ["", "卡片", "a b", "x" * 129, "a|b", "a\n"])
def test_a_malformed_card_id_is_our_own_mistake(card_id: str) -> None:
    with pytest.raises(ValueError, match="task_id"):
        render(APPROVAL, card_id=card_id, public_url=PUBLIC)


def test_check_finds_what_the_platform_would_refuse() -> None:
    (message,) = render(APPROVAL, card_id="card-1", public_url=PUBLIC)
    sound = message["template_card"]
    button = sound["button_list"][0]
    broken: list[dict[str, Any]] = [
        {"task_id": ""},
        {"button_list": []},
        {"button_list": [button] * 2},
        {"button_list": [{**button, "text": "字" * 11}]},
        {"button_list": [{**button, "key": "k" * 1025}]},
        {"button_list": [{"type": 1, "text": "打开", "url": "ftp://x"}]},
        {"main_title": {"title": ""}},
        {"main_title": {"title": "字" * 37}},
        {"horizontal_content_list": [{"keyname": "六个字的名称", "value": ""}]},
        {"horizontal_content_list": [{"keyname": "名", "value": ""}] * 7},
        {"emphasis_content": {"title": "20万"}},
        {"replace_text": "好"},
        {"submit_button": {"text": "提交", "key": "k"}},
        {"button_selection": {"question_key": "q", "option_list": []}},
        {"action_menu": {"action_list": [{"text": "x", "key": f"k{n}"} for n in range(4)]}},
    ]
    assert check_card(sound) == []
    assert [change for change in broken if not check_card({**sound, **change})] == []
    assert check({"msgtype": "text", "text": {"content": "字" * 683}})
    assert check({"msgtype": "text", "text": {"content": " \n"}})
    assert check({"msgtype": "file", "file": {"media_id": "m"}}) == []


def test_a_choice_beside_a_link_that_is_none_can_still_be_submitted() -> None:
    card = Card(title="商机 42", selects=CARDS["one_select"].selects, buttons=(Button(label="看板", url="not a link"),))
    shown = render_update(card, public_url=PUBLIC).template_card
    assert check_card(shown, sending=False) == []
    assert shown["submit_button"]["text"]
