"""What the platform would find wrong with a message or a card, said before it is sent."""

import json
from collections.abc import Iterable
from typing import Any

from bot.channels.dingtalk import limits
from bot.channels.dingtalk.messages import Message
from bot.channels.dingtalk.template import VARIABLES
from bot.channels.keys import read_key

_LISTS = ("fields", "buttons")
_SCHEMES = ("http://", "https://", "dtmd://dingtalkclient/sendMessage?content=")


def check(message: Message) -> list[str]:
    """Return what is wrong with a message; nothing when it may be sent."""
    faults = [] if message.text.strip() else ["text: empty"]
    faults += [] if message.kind == "text" or message.title.strip() else ["title: empty"]
    if len(message.by_api()["msgParam"].encode("utf-8", "replace")) > limits.MESSAGE_PARAM:
        faults.append(f"msgParam: longer than {limits.MESSAGE_PARAM} bytes")
    if message.kind == "action":
        if not 1 <= len(message.actions) <= limits.ACTIONS:
            faults.append(f"actions: {len(message.actions)}, 1 to {limits.ACTIONS}")
        faults += ["action: without a label" for action in message.actions if not action.label.strip()]
        faults += ["action: not an address" for action in message.actions if not action.url.startswith(_SCHEMES)]
    return faults


def check_card(params: dict[str, str]) -> list[str]:
    """Return what is wrong with the variables of a card; nothing when it may be sent."""
    faults = [f"{name}: missing" for name in VARIABLES if name not in params]
    faults += [f"{name}: unknown to the template" for name in params if name not in VARIABLES]
    for name, value in params.items():
        if len(value.encode("utf-8", "replace")) > limits.CARD_VALUE:
            faults.append(f"{name}: longer than {limits.CARD_VALUE} bytes")
    return faults or [*_faulty_lists(params)] or [*_faulty_controls(params)]


def _faulty_lists(params: dict[str, str]) -> Iterable[str]:
    for name in _LISTS:
        rows = _read(params[name])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            yield f"{name}: not a list of objects"
    for name in ("form", "submit"):
        if not isinstance(_read(params[name]), dict):
            yield f"{name}: not an object"


def _faulty_controls(params: dict[str, str]) -> Iterable[str]:
    buttons, form, submit = (_read(params[name]) for name in ("buttons", "form", "submit"))
    if not params["title"].strip():
        yield "title: empty"
    for button in (*buttons, *([submit] if submit else [])):
        if not button.get("text"):
            yield "button: without a label"
        if not (button.get("url") or read_key(str(button.get("key", "")))):
            yield "button: leads nowhere"
    questions: list[dict[str, Any]] = form.get("fields", [])
    names = [question.get("name") for question in questions]
    yield from (f"form: {name!r} twice" for name in {*names} if names.count(name) > 1)
    yield from (f"form: {question.get('name')!r} without a choice" for question in questions if not question["options"])
    if questions and not submit and not params["settled"]:
        yield "form: nothing to submit it with"


def _read(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return None
