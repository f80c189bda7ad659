"""appchat/*: groups the app makes and speaks into; nobody answers there (§3.5)."""

import re
import secrets
from typing import TYPE_CHECKING, Any

from emulator.store import Json
from emulator.wecom.api import APP, Api, Call, get, post
from emulator.wecom.bodies import read_body
from emulator.wecom.errors import ApiError

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

MEMBERS = (2, 2000)
NAME_CHARS = 50
CHAT_ID = re.compile(r"[0-9A-Za-z]{1,32}")
TYPES = ("text", "image", "voice", "video", "file", "textcard", "news", "mpnews", "markdown")
SCREEN = "群聊:"


def create(platform: "Platform", call: Call) -> Json:
    """Make a group; nobody sees it before its first message."""
    chat_id = str(call.json.get("chatid") or secrets.token_hex(16))
    if not CHAT_ID.fullmatch(chat_id):
        raise ApiError(86001)
    if chat_id in platform.chats:
        raise ApiError(86215)
    members = _people(platform, call.list_of("userlist", 10_000))
    owner = str(call.json.get("owner") or members[0])
    chat = {"chatid": chat_id, "name": _name(call.json.get("name") or "群聊"), "owner": owner, "userlist": members}
    platform.chats.put(chat_id, {**_checked(chat), "chat_type": 0})
    return {"chatid": chat_id}


def update(platform: "Platform", call: Call) -> Json:
    """Change name, owner and members."""
    chat = dict(_chat(platform, call.words("chatid")))
    chat["name"] = _name(call.json.get("name") or chat["name"])
    gone = {str(one).casefold() for one in call.list_of("del_user_list")}
    kept = [one for one in chat["userlist"] if one.casefold() not in gone]
    added = call.list_of("add_user_list")
    chat["userlist"] = kept + [one for one in (_people(platform, added) if added else []) if one not in kept]
    chat["owner"] = str(call.json.get("owner") or chat["owner"])
    platform.chats.put(chat["chatid"], _checked(chat))
    return {}


def read(platform: "Platform", call: Call) -> Json:
    """Return a group."""
    return {"chat_info": _chat(platform, call.args.get("chatid", ""))}


def send(platform: "Platform", call: Call) -> Json:
    """Show a message in the group; template cards are not for groups."""
    chat = _chat(platform, call.words("chatid"))
    msgtype = call.json.get("msgtype")
    if msgtype not in TYPES:
        raise ApiError(40008)
    content = read_body(msgtype, call.json, platform.media)
    platform.phones.show(SCREEN + chat["chatid"], "app", str(msgtype), content, secrets.token_urlsafe(24))
    return {}


def _chat(platform: "Platform", chat_id: str) -> Json:
    found: Json | None = platform.chats.get(chat_id)
    if found is None:
        raise ApiError(86003)
    return found


def _people(platform: "Platform", userids: list[Any]) -> list[str]:
    """Return the members' ids as the company writes them; 86216 for an unknown one, 86006 for none."""
    found = [platform.directory.find(str(one)) for one in userids]
    if None in found:
        raise ApiError(86216)
    if not found:
        raise ApiError(86006)
    return list(dict.fromkeys(one.userid for one in found if one))


def _name(name: Any) -> str:
    if not isinstance(name, str) or len(name) > NAME_CHARS:
        raise ApiError(86004)
    return name


def _checked(chat: Json) -> Json:
    """Refuse a group of too few or many (86006), or whose owner is not in it (86207)."""
    if not MEMBERS[0] <= len(chat["userlist"]) <= MEMBERS[1]:
        raise ApiError(86006)
    if chat["owner"].casefold() not in [one.casefold() for one in chat["userlist"]]:
        raise ApiError(86207)
    return chat


APIS: tuple[Api, ...] = (
    post("appchat/create", create),
    post("appchat/update", update),
    get("appchat/get", read, holders=(APP,)),
    post("appchat/send", send),
)
