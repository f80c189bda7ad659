"""Customer groups: list, read, and hand over those of members who left."""

from typing import TYPE_CHECKING

from emulator.store import Json
from emulator.wecom.api import Api, Call, post
from emulator.wecom.errors import ApiError

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

PAGE = 1000
AT_ONCE = 100


def listed(platform: "Platform", call: Call) -> Json:
    """Page through the groups, of some owners or all."""
    owners = (call.json.get("owner_filter") or {}).get("userid_list") or []
    wanted = {str(one).casefold() for one in owners}
    rows = [one for one in platform.book.groups.values() if not wanted or one["owner"].casefold() in wanted]
    start, limit = int(call.json.get("cursor") or 0), min(int(call.json.get("limit") or PAGE), PAGE)
    page = [{"chat_id": one["chat_id"], "status": 0} for one in rows[start : start + limit]]
    return {"group_chat_list": page, "next_cursor": str(start + limit) if start + limit < len(rows) else ""}


def detail(platform: "Platform", call: Call) -> Json:
    """Return one group; outsiders' names only when need_name asks."""
    group: Json | None = platform.book.groups.get(call.words("chat_id"))
    if group is None:
        raise ApiError(40050)
    named = bool(call.json.get("need_name"))
    members = [{k: v for k, v in one.items() if named or k != "name"} for one in group["member_list"]]
    return {"group_chat": {**group, "member_list": members}}


def transfer(platform: "Platform", call: Call) -> Json:
    """Give the groups of members who left a new owner; 90500 for an owner who still works here."""
    person = platform.directory.find(call.words("new_owner"))
    if person is None:
        raise ApiError(60111)
    failed = []
    for chat_id in call.list_of("chat_id_list", AT_ONCE):
        group = platform.book.groups.get(str(chat_id))
        code = 40050 if group is None else 0 if group["owner"].casefold() in platform.directory.left else 90500
        if code:
            failed.append({"chat_id": chat_id, "errcode": code, "errmsg": "the owner of this chat is not resigned"})
        else:
            platform.book.groups.put(str(chat_id), {**group, "owner": person.userid})
    return {"failed_chat_list": failed}


APIS: tuple[Api, ...] = (
    post("externalcontact/groupchat/list", listed),
    post("externalcontact/groupchat/get", detail),
    post("externalcontact/groupchat/transfer", transfer),
)
