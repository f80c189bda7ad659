"""Passive replies: encrypted XML in the body of a 200, shown on the phone or applied to the clicked card (§1.6)."""

import re
import secrets
from typing import TYPE_CHECKING, Any

from emulator import xml
from emulator.crypto import CryptoError
from emulator.store import Json
from emulator.wecom.bodies import TEXT_BYTES, cut
from emulator.wecom.card_rules import check_card
from emulator.wecom.errors import ApiError
from emulator.wecom.updating import change_card

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

NOTHING = (b"", b"success")
CARD_EVENTS = ("template_card_event", "template_card_menu_event")
LISTS = {
    "action_list",
    "horizontal_content_list",
    "vertical_content_list",
    "jump_list",
    "option_list",
    "button_list",
    "select_list",
}
WHOLE = {"type", "style", "mode", "desc_color"}
YES_NO = {"disable", "is_checked"}
JOINED = {
    "key_name": "keyname",
    "app_id": "appid",
    "page_path": "pagepath",
    "user_id": "userid",
    "check_box": "checkbox",
}


class ReplyRefused(Exception):
    """The platform throws this answer away; the text goes into the record and onto the page."""


def read_reply(platform: "Platform", body: bytes) -> Json | None:
    """Decrypt an answer; None for an empty one, ReplyRefused for plaintext, bad signature or broken XML."""
    if body.strip() in NOTHING:
        return None
    try:
        outer = xml.parse(body)
        parts = [str(outer[name]) for name in ("MsgSignature", "TimeStamp", "Nonce", "Encrypt")]
        return xml.parse(platform.crypto.open(*parts))
    except KeyError as missing:
        raise ReplyRefused(f"应答里没有 {missing}") from None
    except CryptoError as error:
        raise ReplyRefused(f"验签或解密失败 {error.code}") from None
    except ValueError:
        raise ReplyRefused("不是约定的 XML") from None


def apply_reply(platform: "Platform", event: Json, reply: Json) -> None:
    """Show a reply to whom the event came from; ReplyRefused when it answers somebody or something else."""
    userid = str(event.get("FromUserName", ""))
    person = platform.directory.find(userid)
    if person is None:
        raise ReplyRefused("这个事件不能被动回复")
    if str(reply.get("ToUserName", "")).casefold() != userid.casefold():
        raise ReplyRefused("ToUserName 不是发送人")
    if reply.get("FromUserName") != platform.settings.corp_id:
        raise ReplyRefused("FromUserName 不是企业 ID")
    msgtype = reply.get("MsgType")
    if msgtype in ("update_button", "update_template_card"):
        _update_card(platform, event, reply)
        return
    read = _CONTENTS.get(str(msgtype))
    if read is None:
        raise ReplyRefused(f"不认识的 MsgType {msgtype}")
    try:
        content = read(platform, reply)
    except (ApiError, AttributeError) as error:
        raise ReplyRefused(str(error)) from None
    platform.phones.show(person.userid, "app", str(msgtype), content, secrets.token_urlsafe(24))


def _update_card(platform: "Platform", event: Json, reply: Json) -> None:
    if event.get("Event") not in CARD_EVENTS:
        raise ReplyRefused("只有卡片事件能用更新卡片来回复")
    button, card = None, None
    if reply["MsgType"] == "update_button":
        name = (reply.get("Button") or {}).get("ReplaceName")
        if not name:
            raise ReplyRefused("缺少 ReplaceName")
        button = {"replace_name": name}
    else:
        try:
            card = as_card(reply.get("TemplateCard") or {})
            check_card(card, updating=True)
        except (ApiError, ValueError, TypeError, AttributeError) as error:
            raise ReplyRefused(str(error)) from None
    change_card(platform, str(event["TaskId"]), str(event["FromUserName"]), button, card)


def as_card(node: Any, name: str = "") -> Any:
    """Turn PascalCase XML into the JSON of a card: snake_case, lists always lists, numbers and flags as such."""
    if name in LISTS:
        return [as_card(one) for one in (node if isinstance(node, list) else [node])]
    if isinstance(node, dict):
        named = {_snake(key): value for key, value in node.items()}
        return {key: as_card(value, key) for key, value in named.items()}
    if name in WHOLE:
        return int(node) if str(node).isdigit() else node
    if name in YES_NO:
        return str(node).strip().lower() in ("true", "1")
    if name == "aspect_ratio":
        return float(node)
    return node


def _snake(name: str) -> str:
    snake = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
    return JOINED.get(snake, snake)


def _text(_: "Platform", reply: Json) -> Json:
    return {"content": cut(str(reply.get("Content") or ""), TEXT_BYTES)}


def _media(node: str) -> Any:
    def read(platform: "Platform", reply: Json) -> Json:
        held = platform.media.find(str((reply.get(node) or {}).get("MediaId")))
        return {"media_id": held["media_id"], "filename": held["filename"], "size": held["size"]}

    return read


def _news(_: "Platform", reply: Json) -> Json:
    items = (reply.get("Articles") or {}).get("item", [])
    articles = items if isinstance(items, list) else [items]
    names = {"title": "Title", "description": "Description", "url": "Url", "picurl": "PicUrl"}
    return {"articles": [{key: str(one.get(node) or "") for key, node in names.items()} for one in articles[:8]]}


_CONTENTS = {"text": _text, "image": _media("Image"), "voice": _media("Voice"), "video": _media("Video"), "news": _news}
