"""menu/create, get, delete: the bar under the conversation (§3.9)."""

from typing import TYPE_CHECKING, Any

from emulator.store import Json
from emulator.wecom.api import APP, Api, Call, get, post
from emulator.wecom.errors import ApiError

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

BUTTONS, SUB_BUTTONS = 3, 5
NAME_BYTES, KEY_BYTES, URL_BYTES = 16, 128, 1024
SUB_NAME_BYTES = 60
KEYED = {
    "click",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
}


def create(platform: "Platform", call: Call) -> Json:
    """Check and show a menu; it replaces the one before."""
    _agent(platform, call)
    buttons = call.json.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= BUTTONS:
        raise ApiError(40016)
    for button in buttons:
        _check(button, NAME_BYTES)
        for sub in button.get("sub_button") or []:
            _check(sub, SUB_NAME_BYTES)
    platform.menu.put("menu", {"button": buttons})
    platform.feed.bump()
    return {}


def read(platform: "Platform", call: Call) -> Json:
    """Return the menu; 46003 when there is none."""
    _agent(platform, call)
    menu: Json | None = platform.menu.get("menu")
    if menu is None:
        raise ApiError(46003)
    return menu


def delete(platform: "Platform", call: Call) -> Json:
    """Take the menu away."""
    _agent(platform, call)
    platform.menu.drop("menu")
    platform.feed.bump()
    return {}


def _agent(platform: "Platform", call: Call) -> None:
    if call.number("agentid") != platform.settings.agent_id:
        raise ApiError(301002)


def _check(button: Any, name_bytes: int) -> None:
    if not isinstance(button, dict):
        raise ApiError(40016)
    name = button.get("name")
    if not isinstance(name, str) or not 0 < len(name.encode()) <= name_bytes:
        raise ApiError(40018)
    subs = button.get("sub_button")
    if subs:
        if not isinstance(subs, list) or len(subs) > SUB_BUTTONS:
            raise ApiError(40023)
    elif button.get("type") in KEYED:
        if not 0 < len(str(button.get("key") or "").encode()) <= KEY_BYTES:
            raise ApiError(40019)
    elif button.get("type") == "view":
        if not 0 < len(str(button.get("url") or "").encode()) <= URL_BYTES:
            raise ApiError(41010)
    elif button.get("type") != "view_miniprogram":
        raise ApiError(40016, "unknown button type")


APIS: tuple[Api, ...] = (
    post("menu/create", create),
    get("menu/get", read, holders=(APP,)),
    get("menu/delete", delete, holders=(APP,)),
)
