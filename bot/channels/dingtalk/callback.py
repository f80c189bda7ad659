"""The receiving half over HTTP: verify, decrypt, normalise. Everything that is not genuine gets the same answer.

Robot messages and events come here only when the console says HTTP; card callbacks when their card was created so.
What comes over Stream meets the same readers in `frames.py`.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.channels.base import REFUSED, Reading, Request
from bot.channels.dingtalk.bodies import LARGEST_BODY, Malformed, read_object
from bot.channels.dingtalk.crypto import EventSeal, Signs
from bot.channels.dingtalk.events import Robot, message_of
from bot.channels.dingtalk.subscription import CHECK, events_of, pushed
from bot.channels.dingtalk.taps import Clicks, tap_of
from bot.channels.envelope import Forged

JSON = "application/json; charset=utf-8"
NO_REPLY = b'{"msgtype":"empty"}'
NO_CHANGE = b"{}"


@dataclass(frozen=True)
class Clocks:
    """The clock by which things happen, and the machine's own, by which requests are signed."""

    now: Callable[[], datetime]
    machine: Callable[[], datetime]


class RobotCallback:
    """Reads messages to the robot. The answer says nothing: ours follows when it is ready."""

    def __init__(self, robot: Robot, signs: Signs, clocks: Clocks) -> None:
        self._robot, self._signs, self._clocks = robot, signs, clocks

    def read(self, request: Request) -> Reading:
        """Answer a message with an empty one, anything else with REFUSED."""
        now, signed = self._clocks.now(), self._clocks.machine()
        try:
            _check_shape(request)
            self._signs.check_robot(request.headers.get("timestamp", ""), request.headers.get("sign", ""), signed)
            event = message_of(read_object(request.body), self._robot, now)
        except (Forged, Malformed):
            return REFUSED
        return Reading(body=NO_REPLY, content_type=JSON, events=(event,))


class CardCallback:
    """Reads presses of buttons. The visible change follows by an update; the platform waits two seconds for this."""

    def __init__(self, robot: Robot, signs: Signs, clicks: Clicks, clocks: Clocks) -> None:
        self._robot, self._signs, self._clicks, self._clocks = robot, signs, clicks, clocks

    def read(self, request: Request) -> Reading:
        """Answer a press with no change, anything else with REFUSED."""
        now, signed = self._clocks.now(), self._clocks.machine()
        try:
            _check_shape(request)
            self._check(request, signed)
            event = tap_of(read_object(request.body), self._robot, self._clicks, now)
        except (Forged, Malformed):
            return REFUSED
        return Reading(body=NO_CHANGE, content_type=JSON, events=(event,))

    def _check(self, request: Request, now: datetime) -> None:
        header = request.headers.get
        stamp, sign = header("x-ddpaas-signature-timestamp", ""), header("x-ddpaas-signature", "")
        if stamp or sign:
            self._signs.check_card(stamp, sign, now)
        else:  # registered without a secret, the platform signs as it does for the robot
            self._signs.check_robot(header("timestamp", ""), header("sign", ""), now)


class EventCallback:
    """Reads what the platform reports, sealed. The answer is the word success, sealed as well."""

    def __init__(self, robot: Robot, seal: EventSeal, clocks: Clocks) -> None:
        self._robot, self._seal, self._clocks = robot, seal, clocks

    def read(self, request: Request) -> Reading:
        """Answer a report, and the check of the address, with sealed success; anything else with REFUSED."""
        now, signed = self._clocks.now(), self._clocks.machine()
        try:
            _check_shape(request)
            report = pushed(read_object(self._opened(request, signed)))
            events = () if report.name == CHECK else events_of(report, self._robot, now)
        except (Forged, Malformed):
            return REFUSED
        return Reading(body=json.dumps(self._seal.success(signed)).encode(), content_type=JSON, events=events)

    def _opened(self, request: Request, now: datetime) -> str:
        arg: Callable[[str, str], Any] = request.args.get
        sealed = read_object(request.body).get("encrypt")
        if not isinstance(sealed, str) or not sealed:
            raise Malformed
        signature, stamp = (
            arg("msg_signature", "") or arg("signature", ""),
            arg("timestamp", "") or arg("timeStamp", ""),
        )
        return self._seal.open(signature, stamp, arg("nonce", ""), sealed, now)


def _check_shape(request: Request) -> None:
    if request.method != "POST" or len(request.body) > LARGEST_BODY:
        raise Malformed
