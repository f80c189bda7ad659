"""What members do, as callback fields: messages, menu taps, anything a caller spells out (§2)."""

import re
import threading
from typing import TYPE_CHECKING

from emulator.clock import Clock
from emulator.store import Json, Store

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class MessageIds:
    """64-bit ids, each greater than the one before, also over restarts."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._counters = store.shelf("counters")
        self._clock = clock
        self._lock = threading.Lock()

    def next(self) -> int:
        """Return the next id: milliseconds in the upper bits, so a platform without memory repeats none either."""
        with self._lock:
            now = int(self._clock.now().timestamp() * 1000) << 22
            number = max(now, int(self._counters.get("msg_id", 0)) + 1)
            self._counters.put("msg_id", number)
            return number


def head(platform: "Platform", userid: str, msgtype: str) -> Json:
    """Return the nodes every callback begins with."""
    return {
        "ToUserName": platform.settings.corp_id,
        "FromUserName": userid,
        "CreateTime": platform.clock.timestamp(),
        "MsgType": msgtype,
    }


def message(platform: "Platform", userid: str, msgtype: str, nodes: Json) -> Json:
    """Return the fields of a message a member sends."""
    agent = {"MsgId": platform.message_ids.next(), "AgentID": platform.settings.agent_id}
    return {**head(platform, userid, msgtype), **nodes, **agent}


def tapped(platform: "Platform", userid: str, event: str, key: str) -> Json:
    """Return the fields of a tap on the menu, or of opening the app (enter_agent)."""
    agent = {"AgentID": platform.settings.agent_id}
    return {**head(platform, userid, "event"), "Event": event, "EventKey": key, **agent}


def spelled_out(platform: "Platform", fields: Json) -> Json:
    """Complete fields a caller gave: head of a `sys` event, numbers and texts as given; bad names raise ValueError."""
    if not fields or any(not NAME.fullmatch(name) for name in _names(fields)):
        raise ValueError('give XML node names and their values, like {"Event": "subscribe"}')
    return {**head(platform, "sys", "event"), **fields}


def _names(fields: object) -> list[str]:
    if isinstance(fields, dict):
        return [*fields, *(name for value in fields.values() for name in _names(value))]
    if isinstance(fields, list):
        return [name for value in fields for name in _names(value)]
    return []
