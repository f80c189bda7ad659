"""What the platform would find wrong with a message, said before it is sent.

The limits are the longer ones of the vendor's page 90236 (see `limits.py`); `render.py` stays below them.
"""

import re
from collections.abc import Iterable
from typing import Any

from bot.channels.wecom import limits

COMPONENTS = {
    "text_notice": "action_menu quote_area emphasis_content sub_title_text horizontal_content_list jump_list "
    "card_action",
    "news_notice": "action_menu quote_area horizontal_content_list jump_list card_action card_image image_text_area "
    "vertical_content_list",
    "button_interaction": "action_menu quote_area sub_title_text horizontal_content_list card_action button_selection "
    "button_list replace_text",
    "vote_interaction": "checkbox submit_button replace_text",
    "multiple_interaction": "select_list submit_button replace_text",
}
REQUIRED = {
    "text_notice": ("card_action",),
    "news_notice": ("card_action", "card_image"),
    "button_interaction": ("button_list",),
    "vote_interaction": ("checkbox", "submit_button"),
    "multiple_interaction": ("select_list", "submit_button"),
}
EVERYWHERE = frozenset({"card_type", "task_id", "source", "main_title"})
_TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")


def check(message: dict[str, Any]) -> list[str]:
    """Return what is wrong with a message of `render`; nothing when it may be sent."""
    kind = message["msgtype"]
    if kind in ("text", "markdown"):
        content = message[kind]["content"]
        sound = content.strip() and len(content.encode("utf-8", "replace")) <= limits.TEXT_BYTES
        return [] if sound else [f"{kind}: empty or longer than {limits.TEXT_BYTES} bytes"]
    return check_card(message["template_card"]) if kind == "template_card" else []


def check_card(card: dict[str, Any], *, sending: bool = True) -> list[str]:
    """Return what is wrong with a template card. An update carries no task id and may carry `replace_text`."""
    kind = card["card_type"]
    allowed = EVERYWHERE | set(COMPONENTS[kind].split())
    faults = [f"{name} does not belong on {kind}" for name in card if name not in allowed]
    faults += [f"{name} is missing" for name in REQUIRED[kind] if not card.get(name)]
    if sending and not _TASK_ID.fullmatch(card.get("task_id", "")):
        faults.append("task_id is missing or malformed")
    if sending and "replace_text" in card:
        faults.append("replace_text is for updates")
    if "emphasis_content" in card and "quote_area" in card:
        faults.append("emphasis_content and quote_area exclude each other")
    faults += [f"{name}: {len(text)} 字, at most {most}" for name, text, most in _texts(card) if len(text) > most]
    faults += [f"{name}: {count} entries, 1 to {most}" for name, count, most in _counts(card) if not 1 <= count <= most]
    faults += [f"{name}: empty" for name, text in _wanted(card) if not text]
    faults += [
        f"{name}: not a web address" for name, url in _addresses(card) if not url.startswith(("http://", "https://"))
    ]
    faults += [f"{name}: {text!r} twice" for name, texts in _unique(card) for text in texts if texts.count(text) > 1]
    faults += [f"key: {key!r} too long" for key in _keys(card) if len(key.encode()) > limits.KEY_BYTES]
    return faults


def _texts(card: dict[str, Any]) -> Iterable[tuple[str, str, int]]:
    wide = limits.WIDE
    yield "source", card.get("source", {}).get("desc", ""), wide["source"]
    yield "main_title.title", card["main_title"]["title"], wide["title"]
    yield "main_title.desc", card["main_title"].get("desc", ""), wide["subtitle"]
    figure = card.get("emphasis_content", {})
    yield "emphasis_content.title", figure.get("title", ""), wide["figure"]
    yield "emphasis_content.desc", figure.get("desc", ""), wide["caption"]
    yield "sub_title_text", card.get("sub_title_text", ""), wide["body"]
    for row in card.get("horizontal_content_list", ()):
        yield "keyname", row["keyname"], wide["field_name"]
        yield "value", row.get("value", ""), wide["field_value"]
    for row in card.get("vertical_content_list", ()):
        yield "vertical title", row["title"], wide["vertical_title"]
        yield "vertical desc", row.get("desc", ""), wide["vertical_text"]
    yield from (("jump title", row["title"], wide["jump_title"]) for row in card.get("jump_list", ()))
    yield from (("button text", button["text"], wide["button"]) for button in _pressed(card))
    for name, options in _options(card):
        most = wide["check_option" if name == "checkbox" else "option"]
        yield from ((f"{name} option", option["text"], most) for option in options)


def _counts(card: dict[str, Any]) -> Iterable[tuple[str, int, int]]:
    most = {
        "horizontal_content_list": limits.FIELDS,
        "jump_list": limits.JUMPS,
        "vertical_content_list": limits.VERTICALS,
        "button_list": limits.BUTTONS,
        "select_list": limits.SELECTS,
    }
    yield from ((name, len(card[name]), limit) for name, limit in most.items() if name in card)
    if "action_menu" in card:
        yield "action_list", len(card["action_menu"]["action_list"]), limits.MENU_ENTRIES
    for name, options in _options(card):
        yield name, len(options), limits.CHECK_OPTIONS if name == "checkbox" else limits.OPTIONS


def _wanted(card: dict[str, Any]) -> Iterable[tuple[str, str]]:
    yield "main_title.title", card["main_title"]["title"]
    yield from (("keyname", row["keyname"]) for row in card.get("horizontal_content_list", ()))
    yield from (("button text", button["text"]) for button in _pressed(card))
    yield from (("key", key) for key in _keys(card))
    for name, options in _options(card):
        yield from ((f"{name} option", part) for option in options for part in (option["id"], option["text"]))


def _addresses(card: dict[str, Any]) -> Iterable[tuple[str, str]]:
    if "card_action" in card:
        yield "card_action", card["card_action"]["url"]
    if "card_image" in card:
        yield "card_image", card["card_image"]["url"]
    for name in ("jump_list", "button_list", "horizontal_content_list"):
        yield from ((name, row["url"]) for row in card.get(name, ()) if row.get("type") == 1)


def _unique(card: dict[str, Any]) -> Iterable[tuple[str, list[str]]]:
    yield "key", [row["key"] for row in _pressed(card) if "key" in row]
    yield "question_key", [select["question_key"] for select in _questions(card)]
    yield from ((f"{name} id", [option["id"] for option in options]) for name, options in _options(card))


def _keys(card: dict[str, Any]) -> Iterable[str]:
    yield from (row["key"] for row in _pressed(card) if row.get("type", 0) == 0)
    yield from (select["question_key"] for select in _questions(card))


def _pressed(card: dict[str, Any]) -> list[dict[str, Any]]:
    submit = [card["submit_button"]] if "submit_button" in card else []
    return [*card.get("button_list", ()), *card.get("action_menu", {}).get("action_list", ()), *submit]


def _questions(card: dict[str, Any]) -> list[dict[str, Any]]:
    single = [card[name] for name in ("button_selection", "checkbox") if name in card]
    return [*single, *card.get("select_list", ())]


def _options(card: dict[str, Any]) -> Iterable[tuple[str, list[dict[str, Any]]]]:
    for name in ("button_selection", "checkbox"):
        if name in card:
            yield name, card[name]["option_list"]
    yield from (("select_list", select["option_list"]) for select in card.get("select_list", ()))
