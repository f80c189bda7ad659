"""Group robots: webhook/send and webhook/upload_media, by key instead of token (§3.14)."""

import base64
import binascii
import hashlib
import secrets
from typing import TYPE_CHECKING, Any

from emulator.store import Json
from emulator.wecom.api import NOBODY, Api, Call, post
from emulator.wecom.basics import upload
from emulator.wecom.bodies import MARKDOWN_V2_BYTES, TEXT_BYTES, read_body
from emulator.wecom.errors import ApiError
from emulator.wecom.limits import MINUTE, WEBHOOK_PER_MINUTE

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

IMAGE_BYTES = 2 * 2**20
CARDS = ("text_notice", "news_notice")
GROUP = "群机器人"


def send(platform: "Platform", call: Call) -> Json:
    """Show a message in the robot's group; the 21st in a minute is refused."""
    key = _key(platform, call)
    platform.limits.count(f"webhook:{key}", MINUTE, WEBHOOK_PER_MINUTE)
    msgtype = call.json.get("msgtype")
    content = _read(platform, msgtype, call.json)
    platform.phones.show(f"{GROUP}:{key}", "app", str(msgtype), content, secrets.token_urlsafe(24))
    return {}


def upload_media(platform: "Platform", call: Call) -> Json:
    """Keep a file for the robot."""
    _key(platform, call)
    if call.args.get("type") not in ("file", "voice"):
        raise ApiError(40004)
    return upload(platform, call)


def _key(platform: "Platform", call: Call) -> str:
    key = call.args.get("key", "")
    if key not in platform.settings.webhook_keys:
        raise ApiError(93000)
    return key


def _read(platform: "Platform", msgtype: Any, message: Json) -> Json:
    body = message.get(msgtype) if isinstance(msgtype, str) else None
    if msgtype in ("text", "markdown", "markdown_v2"):
        most = TEXT_BYTES if msgtype == "text" else MARKDOWN_V2_BYTES
        content = body.get("content") if isinstance(body, dict) else None
        if not isinstance(content, str) or not content:
            raise ApiError(44004)
        if len(content.encode()) > most:
            raise ApiError(93000, "Invalid input : content exceed max length")
        return dict(body or {})
    if msgtype == "image":
        return _image(platform, body)
    if msgtype == "template_card" and isinstance(body, dict) and body.get("card_type") not in CARDS:
        raise ApiError(42031)
    if msgtype not in ("news", "file", "voice", "template_card"):
        raise ApiError(40008)
    return read_body(msgtype, message, platform.media)


def _image(platform: "Platform", body: Any) -> Json:
    try:
        raw = base64.b64decode(body["base64"], validate=True)
    except (TypeError, KeyError, ValueError, binascii.Error):
        raise ApiError(40058, "base64") from None
    if len(raw) > IMAGE_BYTES:
        raise ApiError(40006)
    if hashlib.md5(raw, usedforsecurity=False).hexdigest() != body.get("md5"):
        raise ApiError(40058, "md5")
    held = platform.media.keep("image", "image.png", "image/png", raw)
    return {"media_id": held["media_id"], "filename": held["filename"], "size": held["size"]}


APIS: tuple[Api, ...] = (
    post("webhook/send", send, holders=(NOBODY,)),
    post("webhook/upload_media", upload_media, holders=(NOBODY,), json=False),
)
