"""Who and what a control route is about; whatever is wrong raises ValueError with a sentence."""

from typing import TYPE_CHECKING

from emulator import control
from emulator.control import words
from emulator.dingtalk.settings import Person
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

Act = control.Act["Platform"]


def member(platform: "Platform", body: Json, name: str = "userid") -> Person:
    """Return the member that is named."""
    userid = words(body, name)
    person = platform.directory.find(userid)
    if person is None:
        known = ", ".join(one.userid for one in platform.directory.people)
        raise ValueError(f"there is no member {userid!r}; known: {known}")
    return person


def group(platform: "Platform", body: Json) -> Json | None:
    """Return the group that is named by id or name, None when none is."""
    wanted = body.get("group")
    if not wanted:
        return None
    found = platform.conversations.group(str(wanted))
    if found is None:
        known = ", ".join(one["name"] for one in platform.conversations.groups())
        raise ValueError(f"there is no group {wanted!r}; known: {known or 'none'}")
    return found


def people(platform: "Platform", body: Json, name: str) -> list[str]:
    """Return a list of members' ids."""
    given = body.get(name) or []
    if not isinstance(given, list):
        raise ValueError(f"{name} must be a list of userids")
    return [member(platform, {"userid": one}).userid for one in given]


def objects(body: Json, name: str) -> Json:
    """Return an object that may be missing."""
    value = body.get(name) or {}
    if not isinstance(value, dict):
        raise ValueError(f"{name} must be an object")
    return value


def item(platform: "Platform", body: Json, name: str = "id") -> Json | None:
    """Return the item of a screen that is named by its number, None when none is."""
    if body.get(name) is None:
        return None
    found = platform.phones.item(str(body[name]))
    if found is None:
        raise ValueError(f"there is no item {body[name]!r}")
    return found
