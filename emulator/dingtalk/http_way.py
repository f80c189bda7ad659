"""Pushes over HTTP: robot messages with timestamp and sign, events encrypted, clicks to their registered address."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from emulator.dingtalk.event_push import EventPush
from emulator.dingtalk.pushes import CARD, EVENT, Push
from emulator.outgoing import OK, Answer, Outgoing
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

JSON_TYPE = {"Content-Type": "application/json; charset=utf-8"}
OLD_MS = 61 * 60 * 1000


def robot_sign(secret: str, timestamp: str) -> str:
    """Sign a robot's push: the secret is the key and part of the text."""
    mac = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()


def card_sign(secret: str, timestamp: str) -> str:
    """Sign a card's callback: only its time is signed."""
    return base64.b64encode(hmac.new(secret.encode(), timestamp.encode(), hashlib.sha256).digest()).decode()


@dataclass(frozen=True, kw_only=True)
class Try:
    """One request: where to, with which headers, how long it may take."""

    url: str
    headers: dict[str, str]
    limit_s: float


class HttpWay:
    """Sends pushes as requests."""

    def __init__(self, platform: "Platform") -> None:
        self._platform = platform
        self.line = Outgoing("DingTalk/1.0")
        self.events = EventPush(platform, self.line)

    def send(self, push: Push) -> None:
        """Push until it is taken or tried often enough."""
        if push.kind == EVENT:
            self.events.send(push)
        elif push.kind == CARD:
            self._click(push)
        else:
            self._robot(push)

    def _robot(self, push: Push) -> None:
        pushes, switches = self._platform.pushes, self._platform.switches
        self._hostile_copies(push)
        for attempt in range(1, switches.robot_http_retries + 2):
            pushes.progress(push, "delivering" if attempt == 1 else "retrying", attempt)
            answer = self._post(push, self._robot_try(), attempt)
            if answer.status is not None and answer.status // 100 == 2:  # noqa: PLR2004 - any success
                push.note = self._reply(push, answer)
                pushes.settled(push, "delivered", push.note)
                return
            push.note = f"推送失败 {answer.reason}"
            if attempt <= switches.robot_http_retries and pushes.stopping.wait(switches.robot_http_pause_s):
                break
        pushes.settled(push, "failed", push.note)

    def _robot_try(self, *, secret: str = "", earlier_ms: int = 0) -> Try:
        stamp = str(int(self._platform.clock.real().timestamp() * 1000) - earlier_ms)
        sign = robot_sign(secret or self._platform.settings.client_secret, stamp)
        headers = {**JSON_TYPE, "timestamp": stamp, "sign": sign}
        return Try(url=self._platform.robot_url, headers=headers, limit_s=self._platform.switches.robot_http_limit_s)

    def _hostile_copies(self, push: Push) -> None:
        """Send what a stranger might send, in addition to the real push."""
        for name, asked in (
            ("robot_sign_bad", {"secret": "not-the-secret"}),
            ("robot_sign_old", {"earlier_ms": OLD_MS}),
        ):
            if self._platform.faults.take(name):
                self._post(push, self._robot_try(**asked), 0, hostile=name)

    def _reply(self, push: Push, answer: Answer) -> str:
        """Show the reply in the body of an answer, if there is one; return what is wrong with it."""
        if not answer.body.strip():
            return ""
        try:
            body = json.loads(answer.body)
        except ValueError:
            return "应答不是 JSON，已忽略"
        if not isinstance(body, dict) or body.get("msgtype") in (None, "empty"):
            return ""
        return self._platform.answered_in_body(push, body)

    def _click(self, push: Push) -> None:
        platform = self._platform
        route = platform.cards.route(push.key)
        if route is None:
            platform.clicked(push, None, "回调地址没有注册")
            return
        headers = dict(JSON_TYPE)
        if route.get("apiSecret"):
            stamp = str(int(platform.clock.real().timestamp() * 1000))
            headers["x-ddpaas-signature-timestamp"] = stamp
            headers["x-ddpaas-signature"] = card_sign(route["apiSecret"], stamp)
        attempt = Try(url=route["callbackUrl"], headers=headers, limit_s=platform.switches.card_answer_s)
        platform.pushes.progress(push, "delivering", 1)
        answer = self._post(push, attempt, 1)
        read = _object(answer.body) if answer.status == OK else None
        note = "" if read is not None else (answer.reason and f"回调失败 {answer.reason}") or "应答不是 JSON"
        platform.clicked(push, read, note)

    def _post(self, push: Push, attempt: Try, number: int, *, hostile: str = "") -> Answer:
        answer = self.line.send(
            "POST", attempt.url, body=push.body.encode(), headers=attempt.headers, limit_s=attempt.limit_s
        )
        good = answer.status is not None and answer.status // 100 == 2  # noqa: PLR2004 - any success
        self._platform.record(
            push,
            attempt=number,
            url=attempt.url,
            status=answer.status,
            ms=answer.ms,
            outcome="hostile" if hostile else "ok" if good else "failed",
            note=hostile or answer.reason,
            answer=answer.body[:4096].decode("utf-8", "replace"),
        )
        return answer


def _object(body: bytes) -> Json | None:
    """Read an answer to a click: empty is an empty object, what is none is None."""
    if not body.strip():
        return {}
    try:
        read: Any = json.loads(body)
    except ValueError:
        return None
    return read if isinstance(read, dict) else None
