"""A message to the robot becomes one Event, alike whether it was pushed over HTTP or Stream.

Unknown kinds are kept, never refused. People are known by `senderStaffId` alone: the encrypted ids differ from app to
app, and nobody's name is an identity.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.dingtalk.bodies import Malformed, as_object, canonical, moment, text_of, texts_of
from bot.event import Event, EventKind

CHANNEL = "dingtalk"
LONGEST_ID = 64  # characters, of a staff id
LONGEST_KEY = 80  # characters, of the inbox' key
GROUP = "2"
SESSION = timedelta(minutes=90)  # how long a session webhook has lived in every capture
NOBODY = "$:"
"""Begins the id of somebody without a staff id: external people, and everybody while the robot is unpublished.

The platform's encrypted ids begin so too, and no staff id can; nobody with such an id can be enrolled.
"""

_KINDS = {
    "text": EventKind.TEXT,
    "richText": EventKind.TEXT,
    "picture": EventKind.IMAGE,
    "audio": EventKind.VOICE,
    "video": EventKind.VIDEO,
    "file": EventKind.FILE,
}
_MEDIA = {
    "download_code": "downloadCode",
    "picture_download_code": "pictureDownloadCode",
    "duration": "duration",
    "format": "videoType",
    "file_name": "fileName",
    "space_id": "spaceId",
    "file_id": "fileId",
}
_WEBHOOK = re.compile(r"https?://[^\s?#]+(/robot/sendBySession\?[!-~]{1,500})")
_MENTION = re.compile(r"@\S+\s*")


@dataclass(frozen=True)
class Robot:
    """Whom a push must be meant for, and how to keep what it brings. `seal` closes secrets."""

    client_id: str
    code: str
    corp_id: str
    oapi_base: str
    seal: Callable[[str], str]

    def check(self, *, code: str = "", corp_id: str = "") -> None:
        """Return when a push is for us; Malformed when it names another robot or another company."""
        if code not in ("", self.code) or (self.corp_id and corp_id not in ("", self.corp_id)):
            raise Malformed


def message_of(body: dict[str, Any], robot: Robot, now: datetime) -> Event:
    """Return what a robot message says. Malformed when it is for another robot or names no conversation partner."""
    robot.check(code=text_of(body, "robotCode"), corp_id=text_of(body, "chatbotCorpId"))
    at = moment(body.get("createAt"), now)
    in_group = text_of(body, "conversationType") == GROUP
    staff_id = _staff_id(body, robot)
    kind, text, fields = _said(body, in_group)
    return Event(
        channel=CHANNEL,
        kind=kind,
        key=_key(body, robot),
        user_id=staff_id or _nobody(body),
        display_id=staff_id,
        at=at,
        text=text,
        fields={**fields, **_quote(body), **(_around(body) if in_group else {}), "nick": text_of(body, "senderNick")},
        reply_to={**_group(body, in_group), **_session(body, robot, at)},
    )


def short(key: str) -> str:
    """Return `key`, or its digest when it is too long for the inbox."""
    return key if len(key) <= LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()


def _key(body: dict[str, Any], robot: Robot) -> str:
    """Every redelivery has the same msgId, over HTTP and Stream, whatever the frame around it is called."""
    number = text_of(body, "msgId")
    return short(f"{robot.code}:{number}" if number else f"{robot.code}:{hashlib.sha256(_bytes(body)).hexdigest()}")


def _bytes(body: dict[str, Any]) -> bytes:
    return canonical(body).encode()


def _staff_id(body: dict[str, Any], robot: Robot) -> str:
    """Return the sender's id in our company, empty for everybody else: another company's ids may equal ours."""
    sender, home = text_of(body, "senderStaffId"), robot.corp_id or text_of(body, "chatbotCorpId")
    if len(sender) > LONGEST_ID or sender.startswith(NOBODY):
        raise Malformed
    return "" if home and text_of(body, "senderCorpId") not in ("", home) else sender


def _nobody(body: dict[str, Any]) -> str:
    sender = text_of(body, "senderId") or text_of(body, "conversationId")
    if not sender:
        raise Malformed
    return NOBODY + hashlib.sha256(sender.encode()).hexdigest()[:40]


def _said(body: dict[str, Any], in_group: bool) -> tuple[EventKind, str, dict[str, Any]]:
    """Return kind, words and what only this kind has."""
    code = text_of(body, "errCode") or text_of(body, "errorCode")
    if code not in ("", "0"):  # 20001: the month's pushes are used up, and what was said is withheld from us
        notice = text_of(body, "errMsg") or text_of(body, "errorMessage")
        return EventKind.UNREADABLE, "", {"code": code, "notice": notice}
    kind = text_of(body, "msgtype")
    content = as_object(body.get("content")) if kind != "text" else {}
    if kind == "text":
        return EventKind.TEXT, text_of(as_object(body.get("text")), "content").strip(), {}
    if kind == "richText":
        return _rich(content, in_group)
    if kind not in _KINDS:
        return EventKind.UNREADABLE, "", {"type": kind, "notice": text_of(content, "unknownMsgType")}
    fields = {ours: text_of(content, theirs) for ours, theirs in _MEDIA.items() if theirs in content}
    return _KINDS[kind], text_of(content, "recognition").strip(), fields


def _rich(content: dict[str, Any], in_group: bool) -> tuple[EventKind, str, dict[str, Any]]:
    parts = content.get("richText")
    pieces = [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    text = "".join(text_of(piece, "text") for piece in pieces).strip()
    if in_group:  # some clients repeat the mention that called us
        text = _MENTION.sub("", text, count=1) if text.startswith("@") else text
    pictures = [text_of(piece, "downloadCode") for piece in pieces if piece.get("downloadCode")]
    if text or not pictures:
        return EventKind.TEXT, text, {"pictures": pictures} if pictures else {}
    return EventKind.IMAGE, "", {"download_code": pictures[0], "pictures": pictures}


def _quote(body: dict[str, Any]) -> dict[str, Any]:
    """Return what the message answers, if it answers one: its id, its words, and our handle when we had sent it."""
    told = as_object(body.get("text")) if isinstance(body.get("text"), dict) else {}
    quoted = told.get("repliedMsg") or body.get("quoteMessage")
    message, ours = text_of(body, "originalMsgId"), text_of(body, "originalProcessQueryKey")
    if not isinstance(quoted, dict):
        return {"quote": {"message": message, "ours": ours, "text": ""}} if message or ours else {}
    content = quoted.get("content") or quoted.get("text")
    words = content if isinstance(content, str) else text_of(as_object(content), "text")
    return {"quote": {"message": message or text_of(quoted, "msgId"), "ours": ours, "text": words}}


def _around(body: dict[str, Any]) -> dict[str, Any]:
    """Return what only a group has: its name, and who was mentioned besides us."""
    mentioned = body.get("atUsers")
    people = [one for one in mentioned if isinstance(one, dict)] if isinstance(mentioned, list) else []
    us = text_of(body, "chatbotUserId")
    others = [one for one in people if not us or one.get("dingtalkId") != us]
    return {
        "group_name": text_of(body, "conversationTitle"),
        "is_in_at_list": body.get("isInAtList") in (True, "true"),
        "at_users": [{"user_id": staff_id} for one in others for staff_id in texts_of(one.get("staffId"))],
    }


def _group(body: dict[str, Any], in_group: bool) -> dict[str, str]:
    group = text_of(body, "conversationId") if in_group else ""
    if in_group and not group:
        raise Malformed
    return {"group": group} if group else {}


def _session(body: dict[str, Any], robot: Robot, at: datetime) -> dict[str, str]:
    """Return the sealed right to answer without an API call, until when.

    Nobody signs the body of a push over HTTP, so we take the session it names and post to the address the operator set.
    """
    session = _WEBHOOK.fullmatch(text_of(body, "sessionWebhook"))
    if session is None:
        return {}
    until = moment(body.get("sessionWebhookExpiredTime"), at + SESSION)
    webhook = robot.oapi_base.rstrip("/") + session[1]
    return {"session": robot.seal(webhook), "until": until.astimezone(UTC).isoformat()}
