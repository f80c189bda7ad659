"""Is this template card one WeCom would take? The table of page 90236, each fault with its code 42014 … 42051."""

import re
from typing import Any

from emulator.store import Json
from emulator.wecom.errors import ApiError

CARD_TYPES = ("text_notice", "news_notice", "button_interaction", "vote_interaction", "multiple_interaction")
ANSWERING = ("button_interaction", "vote_interaction", "multiple_interaction")
TITLED = ("news_notice", "vote_interaction", "multiple_interaction")
KEY_BYTES, ID_BYTES = 1024, 128
TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
ASPECT = (1.3, 2.25)


def check_card(card: Any, *, updating: bool = False) -> None:
    """Raise ApiError with the code of the first fault; `updating` needs no task_id."""
    if not isinstance(card, dict) or card.get("card_type") not in CARD_TYPES:
        raise ApiError(42031)
    kind = card["card_type"]
    if not updating:
        _task_id(card)
    _main_title(card, kind)
    _action_menu(card)
    if kind in ("text_notice", "news_notice", "button_interaction"):
        _facts(card.get("horizontal_content_list", []))
        _target(card.get("quote_area", {}), kinds=(0, 1, 2), bad_kind=42028)
    if kind in ("text_notice", "news_notice"):
        _jumps(card.get("jump_list", []))
        _card_action(card, required=True)
    _CHECKS[kind](card)


def answers(card: Json) -> bool:
    """Say whether a card can send events, and therefore gets a response_code."""
    return card.get("card_type") in ANSWERING or bool(card.get("action_menu"))


def _fail_unless(condition: object, code: int) -> None:
    if not condition:
        raise ApiError(code)


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _key(value: Any, code: int, most: int = KEY_BYTES) -> None:
    _fail_unless(_text(value) and len(value.encode()) <= most, code)


def _array(value: Any, least: int, most: int, code: int) -> list[Json]:
    if not isinstance(value, list) or not least <= len(value) <= most:
        raise ApiError(code)
    _fail_unless(all(isinstance(one, dict) for one in value), code)
    return value


def _object(value: Any, code: int) -> Json:
    if not isinstance(value, dict):
        raise ApiError(code)
    return value


def _url(value: Any) -> None:
    _fail_unless(_text(value) and re.match(r"https?://", value), 42028)


def _target(part: Any, *, kinds: tuple[int, ...], bad_kind: int) -> None:
    """Check a jump: type 1 needs url, type 2 needs appid."""
    _fail_unless(isinstance(part, dict), bad_kind)
    kind = part.get("type", 0)
    _fail_unless(kind in kinds, bad_kind)
    if kind == 1:
        _url(part.get("url"))
    if kind == 2:  # noqa: PLR2004 - the platform's number for a mini-program
        _fail_unless(_text(part.get("appid")), 42030)


def _task_id(card: Json) -> None:
    task_id = card.get("task_id")
    if task_id in (None, ""):
        _fail_unless(not answers(card), 42014)
        return
    _fail_unless(isinstance(task_id, str) and TASK_ID.fullmatch(task_id), 42014)


def _main_title(card: Json, kind: str) -> None:
    title = card.get("main_title", {})
    _fail_unless(isinstance(title, dict), 42033)
    has_title = _text(title.get("title"))
    _fail_unless(has_title or (kind not in TITLED and _text(card.get("sub_title_text"))), 42033)


def _action_menu(card: Json) -> None:
    menu = card.get("action_menu")
    if not menu:
        return
    _fail_unless(card["card_type"] not in ("vote_interaction", "multiple_interaction"), 42051)
    _fail_unless(isinstance(menu, dict), 42051)
    actions = _array(menu.get("action_list"), 1, 3, 42051)
    for action in actions:
        _fail_unless(_text(action.get("text")), 42038)
        _key(action.get("key"), 42051)
    _fail_unless(len({action["key"] for action in actions}) == len(actions), 42051)


def _facts(facts: Any) -> None:
    for fact in _array(facts, 0, 6, 42035):
        _fail_unless(_text(fact.get("keyname")), 42027)
        kind = fact.get("type", 0)
        _fail_unless(kind in (0, 1, 2, 3), 42035)
        if kind == 1:
            _url(fact.get("url"))
        if kind == 2:  # noqa: PLR2004 - an attachment
            _fail_unless(_text(fact.get("media_id")), 42029)
        if kind == 3:  # noqa: PLR2004 - a member's page
            _fail_unless(_text(fact.get("userid")), 42050)


def _jumps(jumps: Any) -> None:
    for jump in _array(jumps, 0, 3, 42042):
        _fail_unless(_text(jump.get("title")), 42042)
        _target(jump, kinds=(0, 1, 2), bad_kind=42042)


def _card_action(card: Json, *, required: bool) -> None:
    action = card.get("card_action")
    if action is None and not required:
        return
    _target(action, kinds=(1, 2) if required else (0, 1, 2), bad_kind=42045)


def _options(options: Any, most: int, longest_id: int = ID_BYTES) -> None:
    for option in _array(options, 1, most, 42037):
        _key(option.get("id"), 42040, longest_id)
        _fail_unless(_text(option.get("text")), 42041)
    _fail_unless(len({option["id"] for option in options}) == len(options), 42040)


def _text_notice(card: Json) -> None:
    emphasis = card.get("emphasis_content", {})
    _fail_unless(isinstance(emphasis, dict), 42033)


def _news_notice(card: Json) -> None:
    image, area = card.get("card_image"), card.get("image_text_area")
    _fail_unless(image or area, 42044)
    if image:
        _fail_unless(isinstance(image, dict) and _text(image.get("url")), 42044)
        ratio = image.get("aspect_ratio", ASPECT[0])
        _fail_unless(isinstance(ratio, int | float) and ASPECT[0] <= ratio < ASPECT[1], 42044)
    if area:
        _target(area, kinds=(0, 1, 2), bad_kind=42028)
        _fail_unless(_text(area.get("image_url")), 42044)
    rows = _array(card.get("vertical_content_list", []), 0, 4, 42036)
    _fail_unless(all(_text(row.get("title")) for row in rows), 42036)


def _button_interaction(card: Json) -> None:
    _card_action(card, required=False)
    if card.get("button_selection"):
        _selector(card["button_selection"], 42037)
    buttons = _array(card.get("button_list"), 1, 6, 42038)
    for button in buttons:
        _fail_unless(_text(button.get("text")), 42038)
        _fail_unless(button.get("style", 1) in (1, 2, 3, 4), 42038)
        if button.get("type", 0) == 1:
            _url(button.get("url"))
        else:
            _key(button.get("key"), 42039)
    keys = [button["key"] for button in buttons if button.get("type", 0) != 1]
    _fail_unless(len(set(keys)) == len(keys), 42039)


def _selector(selector: Any, bad_shape: int) -> None:
    _fail_unless(isinstance(selector, dict), bad_shape)
    _key(selector.get("question_key"), 42043)
    _options(selector.get("option_list"), 10)


def _submit(card: Json) -> None:
    button = _object(card.get("submit_button"), 42046)
    _key(button.get("key"), 42046)
    _fail_unless(isinstance(button.get("text", ""), str), 42049)


def _vote_interaction(card: Json) -> None:
    box = _object(card.get("checkbox"), 42037)
    _key(box.get("question_key"), 42043)
    _options(box.get("option_list"), 20)
    _submit(card)


def _multiple_interaction(card: Json) -> None:
    selectors = _array(card.get("select_list"), 1, 3, 42047)
    for selector in selectors:
        _selector(selector, 42047)
    _fail_unless(len({selector["question_key"] for selector in selectors}) == len(selectors), 42043)
    _submit(card)


_CHECKS = {
    "text_notice": _text_notice,
    "news_notice": _news_notice,
    "button_interaction": _button_interaction,
    "vote_interaction": _vote_interaction,
    "multiple_interaction": _multiple_interaction,
}
