"""A frame of the Stream: what it says, and what to answer once that is durably kept, or when it cannot be.

https://open.dingtalk.com, 开发指南 > Stream 模式; the frames and topics are dingtalk-stream's.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dingtalk_stream import AckMessage, CallbackMessage, ChatbotMessage, EventMessage, SystemMessage
from dingtalk_stream.frames import Headers
from dingtalk_stream.handlers import CallbackHandler

from bot.channels.dingtalk.bodies import Malformed, as_object, clean, read_object, text_of
from bot.channels.dingtalk.events import Robot, message_of
from bot.channels.dingtalk.subscription import Report, events_of, pushed
from bot.channels.dingtalk.taps import Clicks, tap_of
from bot.event import Event

log = logging.getLogger(__name__)

ROBOT_TOPIC: str = ChatbotMessage.TOPIC
CARD_TOPIC: str = CallbackHandler.TOPIC_CARD_CALLBACK
SUBSCRIPTIONS = (
    {"type": EventMessage.TYPE, "topic": "*"},
    {"type": CallbackMessage.TYPE, "topic": ROBOT_TOPIC},
    {"type": CallbackMessage.TYPE, "topic": CARD_TOPIC},
)
_TIMES = frozenset({"time", "eventBornTime"})
_BAD, _UNKNOWN = 400, 404


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What came. `answer` is due once `events` are kept, `otherwise` when they could not be.

    Nothing to answer is the empty text: a robot message or press that stays unanswered is pushed again, an event is
    answered with LATER. `leaving`: the platform is about to close this connection.
    """

    topic: str
    answer: str = ""
    otherwise: str = ""
    events: tuple[Event, ...] = field(default=())
    leaving: bool = False


class Frames:
    """Reads what the platform pushes over a connection. Whatever comes, it answers and never raises."""

    def __init__(self, robot: Robot, clicks: Clicks, now: Callable[[], datetime]) -> None:
        self._robot, self._clicks, self._now = robot, clicks, now

    def read(self, raw: str | bytes) -> Frame:
        """Return what a frame says; one that nobody understands is answered as bad, if it says whom to answer."""
        try:
            told = read_object(raw)
        except Malformed:
            return Frame(topic="garbage")
        headers = told.get("headers")
        number = headers.get("messageId") if isinstance(headers, dict) else None
        if not isinstance(headers, dict) or not isinstance(number, str):
            return Frame(topic="garbage")
        told["headers"] = {name: value for name, value in headers.items() if name not in _TIMES or _is_time(value)}
        try:
            return self._understood(told, number)
        except (Malformed, ValueError, TypeError, AttributeError, RecursionError) as error:
            log.warning("a frame of the stream was not for us or could not be read: %s", type(error).__name__)
            return Frame(topic="malformed", answer=_ack(number, {}, _BAD, "bad frame"))

    def _understood(self, told: dict[str, Any], number: str) -> Frame:
        match told.get("type"):
            case SystemMessage.TYPE:
                return _system(SystemMessage.from_dict(told), number)
            case CallbackMessage.TYPE:
                return self._callback(CallbackMessage.from_dict(told), number)
            case EventMessage.TYPE:
                return self._event(EventMessage.from_dict(told), number)
        return Frame(topic="unknown", answer=_ack(number, {}, _UNKNOWN, "unknown type"))

    def _callback(self, message: CallbackMessage, number: str) -> Frame:
        topic, now = message.headers.topic, self._now()
        if topic == ROBOT_TOPIC:
            event = message_of(as_object(clean(message.data)), self._robot, now)
            return Frame(topic="robot", answer=_ack(number, {"response": None}), events=(event,))
        if topic == CARD_TOPIC:
            event = tap_of(as_object(clean(message.data)), self._robot, self._clicks, now)
            return Frame(topic="card", answer=_ack(number, {"response": {}}), events=(event,))
        return Frame(topic="unknown", answer=_ack(number, {}, _UNKNOWN, "unknown topic"))

    def _event(self, message: EventMessage, number: str) -> Frame:
        headers, inner = message.headers, as_object(clean(message.data))
        told = {"name": headers.event_type or "", "number": headers.event_id or "", "corp": headers.event_corp_id or ""}
        name, event_id, corp_id = (text_of(told, part) for part in told)
        report = Report(name, event_id, corp_id, headers.event_born_time, inner) if name else pushed(inner)
        return Frame(
            topic="event",
            answer=_ack(number, {"status": "SUCCESS", "message": "OK"}),
            otherwise=_ack(number, {"status": "LATER", "message": "busy"}),
            events=events_of(report, self._robot, self._now()),
        )


def _system(message: SystemMessage, number: str) -> Frame:
    if message.headers.topic == SystemMessage.TOPIC_DISCONNECT:
        return Frame(topic="disconnect", leaving=True)
    topic = "ping" if message.headers.topic == "ping" else "system"
    return Frame(topic=topic, answer=_ack(number, message.data))


def _ack(number: str, data: Any, code: int = AckMessage.STATUS_OK, message: str = "OK") -> str:
    ack = AckMessage()
    ack.code, ack.message, ack.data = code, message, data
    ack.headers.message_id, ack.headers.content_type = number, Headers.CONTENT_TYPE_APPLICATION_JSON
    return json.dumps(ack.to_dict(), ensure_ascii=False)


def _is_time(value: Any) -> bool:
    return str(value).isascii() and str(value).isdigit()
