"""Reaching customers: contact ways, mass messages a member must confirm, the greeting of the first 20 seconds."""

import secrets
from typing import TYPE_CHECKING, Any

from emulator.store import Json
from emulator.wecom.api import Api, Call, post
from emulator.wecom.errors import ApiError

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

WAY_USERS = 100
STATE_CHARS = 30
ATTACHMENTS = 9
ATTACHMENT_TYPES = {"image", "link", "miniprogram", "video", "file"}
TEXT_BYTES = 4000
RECEIVERS = 10_000


def add_way(platform: "Platform", call: Call) -> Json:
    """Make a 「联系我」 code for some members."""
    users = [str(one) for one in call.list_of("user", 10_000)]
    if len(users) > WAY_USERS:
        raise ApiError(41041)
    if call.json.get("type") not in (1, 2) or call.json.get("scene") not in (1, 2):
        raise ApiError(40058, "type and scene are 1 or 2")
    if len(str(call.json.get("state", ""))) > STATE_CHARS:
        raise ApiError(40058, "state too long")
    if any(platform.directory.find(one) is None for one in users):
        raise ApiError(60111)
    config = secrets.token_hex(16)
    platform.book.ways.put(config, {**call.json, "config_id": config})
    return {"config_id": config, "qr_code": f"https://wework.qpic.cn/wwpic/{config}/0"}


def get_way(platform: "Platform", call: Call) -> Json:
    """Return a contact way."""
    return {"contact_way": _way(platform, call)}


def update_way(platform: "Platform", call: Call) -> Json:
    """Change a contact way."""
    platform.book.ways.put(call.words("config_id"), {**_way(platform, call), **call.json})
    return {}


def del_way(platform: "Platform", call: Call) -> Json:
    """Delete a contact way."""
    _way(platform, call)
    platform.book.ways.drop(call.words("config_id"))
    return {}


def add_mass(platform: "Platform", call: Call) -> Json:
    """Prepare a mass message; a member must still confirm it, so nothing is shown to anybody."""
    _words(call.json)
    chat_type = call.json.get("chat_type", "single")
    if chat_type not in ("single", "group"):
        raise ApiError(40058, "chat_type")
    wanted = [str(one) for one in call.list_of("external_userid", RECEIVERS)]
    sender = str(call.json.get("sender") or "")
    relations = platform.book.followed_by(sender) if sender else list(platform.book.relations.values())
    reachable = {one["external_userid"] for one in relations}
    chosen = [one for one in wanted if one in reachable] if wanted else sorted(reachable)
    if chat_type == "single" and not chosen:
        raise ApiError(41048)
    msgid = "msg" + secrets.token_hex(14)
    platform.book.mass.put(msgid, {**call.json, "msgid": msgid, "at": platform.clock.timestamp(), "to": chosen})
    return {"fail_list": [one for one in wanted if one not in reachable], "msgid": msgid}


def welcome(platform: "Platform", call: Call) -> Json:
    """Send the one greeting a WelcomeCode allows, within 20 s."""
    if platform.faults.take("welcome_late", call.api):
        raise ApiError(41050)
    _words(call.json)
    used = platform.book.use_welcome(call.words("welcome_code"))
    kept = {"text": call.json.get("text"), "attachments": call.json.get("attachments", [])}
    platform.greetings.add(userid=used["userid"], external_userid=used["external_userid"], **kept)
    return {}


def _words(body: Json) -> None:
    """Check text and attachments: 45002 too long, 41064 too many, 41065 of a wrong type, 40063 nothing."""
    text: Any = (body.get("text") or {}).get("content", "")
    attachments = body.get("attachments") or []
    if len(str(text).encode()) > TEXT_BYTES:
        raise ApiError(45002)
    if len(attachments) > ATTACHMENTS:
        raise ApiError(41064)
    if any(one.get("msgtype") not in ATTACHMENT_TYPES for one in attachments):
        raise ApiError(41065)
    if not text and not attachments:
        raise ApiError(40063, "text and attachments are empty")


def _way(platform: "Platform", call: Call) -> Json:
    found: Json | None = platform.book.ways.get(call.words("config_id"))
    if found is None:
        raise ApiError(40058, "unknown config_id")
    return found


APIS: tuple[Api, ...] = (
    post("externalcontact/add_contact_way", add_way),
    post("externalcontact/get_contact_way", get_way),
    post("externalcontact/update_contact_way", update_way),
    post("externalcontact/del_contact_way", del_way),
    post("externalcontact/add_msg_template", add_mass),
    post("externalcontact/send_welcome_msg", welcome),
)
