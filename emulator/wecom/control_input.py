"""Reading the JSON of a control route; whatever is wrong raises ValueError with a sentence."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import request

from emulator.store import Json

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

Act = Callable[["Platform", Json], Json]


def json_body() -> Json:
    """Return the JSON object that was sent."""
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise ValueError("send a JSON object")
    return body


def words(body: Json, name: str) -> str:
    """Return a text that must be there."""
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is missing")
    return value


def member(platform: "Platform", body: Json) -> str:
    """Return the member's id as the company writes it."""
    userid = words(body, "userid")
    person = platform.directory.find(userid)
    if person is None:
        known = ", ".join(one.userid for one in platform.directory.people)
        raise ValueError(f"there is no member {userid!r}; known: {known}")
    return person.userid


def since(query: Json) -> int:
    """Return the number after which a journal is wanted."""
    text = str(query.get("since", "0"))
    if not text.isdigit():
        raise ValueError("since must be a number")
    return int(text)
