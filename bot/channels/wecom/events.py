"""A decrypted callback becomes one Event. Unknown kinds are kept, never refused; doubtful identities are refused.

https://developer.work.weixin.qq.com/document/path/90239 (messages), 90240 (events), 90970 (address book)
"""

import hashlib
import re
from datetime import UTC, datetime
from typing import Any, NamedTuple

from bot.channels.keys import read_key
from bot.channels.wecom.nodes import Malformed
from bot.event import Event, EventKind

CHANNEL = "wecom"
PLATFORM_APPS = 2_000_000  # self-built apps count from 1000002; approval is 3010040, the archive 2000004
LONGEST_ID = 64  # bytes, of a member's userid (90195)
A_DAY = 86_400  # seconds; a clock further ahead than that is nonsense
LONGEST_NUMBER = 20  # digits of a 64-bit number

_MESSAGES = {
    "text": (EventKind.TEXT, {}),
    "image": (EventKind.IMAGE, {"media_id": "MediaId", "pic_url": "PicUrl"}),
    "voice": (EventKind.VOICE, {"media_id": "MediaId", "format": "Format"}),
    "video": (EventKind.VIDEO, {"media_id": "MediaId", "thumb_media_id": "ThumbMediaId"}),
    "file": (EventKind.FILE, {"media_id": "MediaId", "file_name": "FileName"}),
    "location": (
        EventKind.LOCATION,
        {"latitude": "Location_X", "longitude": "Location_Y", "scale": "Scale", "label": "Label"},
    ),
    "link": (
        EventKind.LINK,
        {"title": "Title", "description": "Description", "url": "Url", "pic_url": "PicUrl"},
    ),
}
_PRESENCE = {"enter_agent": EventKind.ENTERED, "subscribe": EventKind.JOINED, "unsubscribe": EventKind.LEFT}
_TAPS = frozenset({"template_card_event", "template_card_menu_event"})
_COMMON = frozenset({"ToUserName", "FromUserName", "CreateTime"})
_COMMA_LISTS = frozenset({"department", "is_leader_in_dept", "direct_leader"})
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


class App(NamedTuple):
    """Whom a callback must be meant for."""

    corp_id: str
    agent_id: str


def event_of(nodes: dict[str, Any], message: bytes, app: App, now: datetime) -> Event:
    """Return what `nodes`, read from `message`, say. Malformed when it is not for `app` or says a thing twice."""
    sender = _text(nodes, "FromUserName")
    person = "" if sender == "sys" else sender
    if len(person) > LONGEST_ID or _text(nodes, "ToUserName") not in ("", app.corp_id):
        raise Malformed
    kind = _text(nodes, "MsgType").lower()
    if not _is_for(_text(nodes, "AgentID"), app.agent_id, person):
        raise Malformed
    said: dict[str, Any] = {
        "channel": CHANNEL,
        "key": _key(nodes, message, app.corp_id),
        "user_id": fold(person),
        "display_id": person,
        "at": _moment(_text(nodes, "CreateTime"), now),
    }
    if kind in _MESSAGES:
        meaning, wanted = _MESSAGES[kind]
        fields = {ours: _text(nodes, theirs) for ours, theirs in wanted.items()}
        return Event(**said, kind=meaning, text=_text(nodes, "Content"), fields=fields)
    name = _text(nodes, "Event").lower() if kind == "event" else ""
    if name in _TAPS:
        return Event(**said, kind=EventKind.TAP, **_tap(nodes))
    if name in _PRESENCE:
        return Event(**said, kind=_PRESENCE[name])
    if name == "click":
        return Event(**said, kind=EventKind.MENU, text=_text(nodes, "EventKey"))
    if name in _REPORTS and not person:
        meaning, read = _REPORTS[name]
        return Event(**said, kind=meaning, fields=read(nodes))
    fields = {name: value for name, value in nodes.items() if name not in _COMMON}
    return Event(**said, kind=EventKind.OTHER, fields=fields)


def fold(user_id: str) -> str:
    """Return the id to compare by. Ids are ASCII; folding anything else could make two people one."""
    return user_id.lower() if user_id.isascii() else user_id


def _text(nodes: dict[str, Any], name: str) -> str:
    """Return a node's text, empty when it is missing; twice, or children where text is due, is Malformed."""
    value = nodes.get(name, "")
    if not isinstance(value, str):
        raise Malformed
    return value


def _is_for(agent: str, ours: str, person: str) -> bool:
    """Say whether an event is ours to read. The platform's own apps report through us, but never as a person."""
    if agent in ("", ours):
        return True
    return not person and _number(agent) >= PLATFORM_APPS


def _key(nodes: dict[str, Any], message: bytes, corp_id: str) -> str:
    number = _text(nodes, "MsgId")
    if _number(number) > 0:
        return number
    # Two events may share sender and second, so the key is a digest of the decrypted body.
    return hashlib.sha256(corp_id.encode() + b"|" + message).hexdigest()


def _number(text: str) -> int:
    """Return a plain decimal number, -1 for anything else (`int` also reads Arabic digits and underscores)."""
    return int(text) if len(text) <= LONGEST_NUMBER and text.isascii() and text.isdigit() else -1


def _moment(text: str, now: datetime) -> datetime:
    seconds = _number(text)
    if 0 < seconds < now.timestamp() + A_DAY:
        return datetime.fromtimestamp(seconds, UTC)
    return now


def _tap(nodes: dict[str, Any]) -> dict[str, Any]:
    pressed = _text(nodes, "EventKey")
    ours = read_key(pressed)
    meaning = {"action": ours[0], "values": ours[1]} if ours else {"text": pressed}
    return {
        **meaning,
        "card": _text(nodes, "TaskId"),
        "response_code": _text(nodes, "ResponseCode"),
        "selected": _selected(nodes.get("SelectedItems", "")),
    }


def _selected(items: Any) -> dict[str, list[str]]:
    selected: dict[str, list[str]] = {}
    for item in _children(items).get("SelectedItem", ()):
        question = _text(_children(item), "QuestionKey")
        options = _children(_children(item).get("OptionIds", "")).get("OptionId", ())
        if not question:
            continue
        if question in selected or not all(isinstance(option, str) for option in options):
            raise Malformed
        selected[question] = list(options)
    return selected


def _children(node: Any) -> dict[str, Any]:
    """Return the nodes below; an empty node has none, and words or a repetition where nodes are due are Malformed."""
    if isinstance(node, dict):
        return node
    if isinstance(node, str) and not node.strip():
        return {}
    raise Malformed


def _approval(nodes: dict[str, Any]) -> dict[str, Any]:
    """Return which instance has changed; how it stands is asked for, since events repeat and overtake each other."""
    told = _children(nodes.get("ApprovalInfo", ""))
    return {"number": _text(told, "SpNoStr") or _text(told, "SpNo"), "template": _text(told, "TemplateId")}


def _directory(nodes: dict[str, Any]) -> dict[str, Any]:
    """Name the nodes as Python does: `change_type`, `user_id` and `new_user_id` (folded), `department` (a list), …"""
    fields: dict[str, Any] = {"change_type": _text(nodes, "ChangeType").lower()}
    for theirs, value in nodes.items():
        if theirs in _COMMON or theirs in ("MsgType", "Event", "ChangeType", "AgentID"):
            continue
        ours = _WORD.sub("_", theirs).lower()
        if ours in ("user_id", "new_user_id"):
            fields[ours] = fold(_text(nodes, theirs))
        elif ours in _COMMA_LISTS:
            fields[ours] = [part for part in _text(nodes, theirs).split(",") if part]
        else:
            fields[ours] = value
    return fields


_REPORTS = {
    "change_contact": (EventKind.DIRECTORY, _directory),
    "sys_approval_change": (EventKind.APPROVAL, _approval),
}
"""What the platform reports of itself, without a person behind it."""
