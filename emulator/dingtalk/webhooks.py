"""Webhooks: the session webhook that answers where one was spoken to, and custom robots of a group (§1.4, §5.7)."""

import re
from collections import defaultdict, deque
from typing import TYPE_CHECKING

from emulator.dingtalk import showing
from emulator.dingtalk.api import Api, Call, oapi
from emulator.dingtalk.contents import read_webhook
from emulator.dingtalk.errors import OapiError
from emulator.dingtalk.http_way import robot_sign
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

PER_MINUTE = 20
BLOCKED_S = 600
SIGN_LIFE_MS = 3_600_000
MINUTE_S = 60


def send_by_session(platform: "Platform", call: Call) -> Json:
    """Show an answer in the conversation of a session."""
    if platform.faults.take("webhook_too_fast", call.api):
        raise OapiError(130101)
    session = platform.sessions.find(call.args.get("session", ""))
    if session is None or platform.faults.take("webhook_expired", call.api):
        raise OapiError(300001)
    show_in_session(platform, session, call.json, len(call.request.get_data(cache=True)))
    return {}


def show_in_session(platform: "Platform", session: Json, body: Json, size: int = 0) -> None:
    """Show a webhook body where a session belongs; OapiError when it is no message."""
    read = read_webhook(body, size)
    if read is None:
        return
    msgtype, content = read
    key = platform.ids.process_query_key()
    group = platform.conversations.group(session["conversation"])
    receivers = showing.present(platform, group) if group else [session["userid"]]
    platform.keep_message(key, msgtype, session["conversation"], receivers)
    for userid in receivers:
        showing.from_robot(platform, userid, msgtype, dict(content), key, group=group)


class Pace:
    """How often each custom robot spoke; too often, and it is blocked for ten minutes of the platform's time."""

    def __init__(self) -> None:
        self._spoken: dict[str, deque[float]] = defaultdict(deque)
        self._blocked: dict[str, float] = {}

    def step(self, token: str, now: float) -> bool:
        """Count one message; False when the robot may not speak."""
        if self._blocked.get(token, 0) > now:
            return False
        spoken = self._spoken[token]
        while spoken and spoken[0] <= now - MINUTE_S:
            spoken.popleft()
        if len(spoken) >= PER_MINUTE:
            self._blocked[token] = now + BLOCKED_S
            return False
        spoken.append(now)
        return True


def send_by_robot(platform: "Platform", call: Call) -> Json:
    """Show what a custom robot says in its group."""
    robot = next((one for one in platform.settings.custom_robots if one.token == call.args.get("access_token")), None)
    if robot is None:
        raise OapiError(400101)
    group = platform.conversations.group(robot.group)
    if group is None or group["disbanded"]:
        raise OapiError(400013)
    if platform.faults.take("custom_robot_refused", call.api) or not _trusted(platform, call, robot.secret):
        raise OapiError(310000)
    text = call.request.get_data(cache=True).decode("utf-8", "replace")
    if robot.keywords and not any(word in text for word in robot.keywords):
        raise OapiError(310000, "keywords not in content")
    repeated = str(call.json.get("msgUuid") or "")
    if repeated and platform.seen_uuid(repeated):
        return {}
    if platform.faults.take("custom_robot_too_fast", call.api):
        raise OapiError(410100)
    if not platform.pace.step(robot.token, platform.clock.now().timestamp()):
        raise OapiError(410100)
    read = read_webhook(call.json, len(text.encode()))
    if read is not None:
        showing.to_group(platform, group, read[0], read[1], platform.ids.process_query_key(), robot="自定义机器人")
    return {}


def _trusted(platform: "Platform", call: Call, secret: str) -> bool:
    """Say whether a request is signed as this robot wants it."""
    if not secret:
        return True
    stamp = call.args.get("timestamp", "")
    if not re.fullmatch(r"\d{1,15}", stamp):
        return False
    fresh = abs(platform.clock.now().timestamp() * 1000 - int(stamp)) <= SIGN_LIFE_MS
    return fresh and call.args.get("sign") == robot_sign(secret, stamp)


APIS: tuple[Api, ...] = (
    oapi("robot/sendBySession", send_by_session, token=False, counted=False),
    oapi("robot/send", send_by_robot, token=False, counted=False),
)
