"""Requests a stranger might send, or odd ones the platform itself has been seen to send (§8.4)."""

import json
import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from emulator import xml
from emulator.store import Json
from emulator.wecom.events import head
from emulator.wecom.post import Sent

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

MUTATIONS = (
    "bad_signature",
    "wrong_receiveid",
    "bad_padding",
    "dtd_body",
    "huge_body",
    "deep_xml",
    "json_body",
    "stale_timestamp",
)
EXTRAS = ("unknown_event", "missing_fields", "two_piclists")
REPLAYED = "replayed"
DAY = 86400


def hostile_request(platform: "Platform", name: str, plain: str, params: Json) -> Sent:
    """Build the request a fault of this name sends in addition to the real one."""
    if name in EXTRAS:
        return platform.callbacks.post.envelope(xml.document(_odd_event(platform, name)))
    return _mutated(platform, name, plain, params)


def _mutated(platform: "Platform", name: str, plain: str, params: Json) -> Sent:
    post, crypto = platform.callbacks.post, platform.crypto
    sent = post.envelope(plain)
    if name == "bad_signature":
        return replace(sent, query={**sent.query, "msg_signature": "0" * 40})
    if name == "wrong_receiveid":
        return post.wrap(crypto.seal(plain.encode(), receive_id="wwOTHERCORP0000001"), plain)
    if name == "bad_padding":
        return post.wrap(crypto.seal_raw(_wrongly_padded(plain.encode(), platform.settings.corp_id)), plain)
    if name == "stale_timestamp":
        stale = int(platform.clock.real().timestamp()) - DAY
        return post.wrap(crypto.seal(plain.encode()), plain, timestamp=stale)
    bodies: dict[str, Any] = {
        "dtd_body": lambda: b'<!DOCTYPE xml [<!ENTITY a "b">]>' + sent.body,
        "huge_body": lambda: sent.body + b" " * int(params["bytes"]),
        "deep_xml": lambda: b"<xml>" * int(params["depth"]) + b"</xml>" * int(params["depth"]),
        "json_body": lambda: json.dumps({"encrypt": "x", "tousername": platform.settings.corp_id}).encode(),
    }
    return replace(sent, body=bodies[name]())


def _wrongly_padded(message: bytes, receive_id: str) -> bytes:
    plain = b"0123456789abcdef" + struct.pack(">I", len(message)) + message + receive_id.encode()
    pad = 32 - len(plain) % 32
    return plain + b"\x01" * (pad - 1) + bytes([33])


def _odd_event(platform: "Platform", name: str) -> Json:
    userid = platform.settings.people[0].userid if platform.settings.people else "sys"
    fields = head(platform, userid, "event")
    if name == "unknown_event":
        return {**fields, "Event": "event_of_tomorrow", "Payload": {"Item": ["a", "b"]}}
    if name == "missing_fields":
        return {"MsgType": "event", "Event": "template_card_event"}
    pictures = [{"item": {"PicMd5Sum": digest}} for digest in ("a", "b")]
    info = {"PicList": pictures, "Count": 2}
    agent = {"AgentID": platform.settings.agent_id}
    return {**fields, "Event": "pic_weixin", "EventKey": "PIC", "SendPicsInfo": info, **agent}
