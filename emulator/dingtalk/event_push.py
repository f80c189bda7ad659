"""Events over HTTP: encrypted, to be answered with an encrypted `success` in time, else tried again and listed (§3)."""

import json
import secrets
import string
from collections import deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from emulator.clock import Clock
from emulator.control import NotNow
from emulator.crypto import Crypto, CryptoError
from emulator.dingtalk.pushes import Push, written
from emulator.outgoing import OK, Answer, Outgoing
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

MOST_LISTED = 200
SUCCESS = b"success"
HOSTILE = ("event_sig_bad", "event_owner_bad", "event_garbage")


class FailedEvents:
    """Events that could not be pushed, given once, a while after they failed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._events: deque[tuple[datetime, Json]] = deque()

    def add(self, event: Json, minutes: int) -> None:
        """Keep an event to be given from `minutes` on."""
        self._events.append((self._clock.now() + timedelta(minutes=minutes), event))

    def take(self) -> tuple[list[Json], bool]:
        """Return up to 200 events and forget them; say whether more wait."""
        now = self._clock.now()
        given: list[Json] = []
        while self._events and self._events[0][0] <= now and len(given) < MOST_LISTED:
            given.append(self._events.popleft()[1])
        return given, bool(self._events and self._events[0][0] <= now)

    def clear(self) -> None:
        """Forget every event."""
        self._events.clear()


class EventPush:
    """Seals an event, sends it, reads the answer."""

    def __init__(self, platform: "Platform", line: Outgoing) -> None:
        self._platform = platform
        self._line = line

    def send(self, push: Push) -> None:
        """Push an event, again after two pauses, then put it on the list of failures."""
        pushes, switches = self._platform.pushes, self._platform.switches
        for name in HOSTILE:
            if self._platform.faults.take(name):
                self._once(push, 0, hostile=name)
        for attempt, pause_s in enumerate((switches.event_first_retry_s, switches.event_second_retry_s, None), 1):
            pushes.progress(push, "delivering" if attempt == 1 else "retrying", attempt)
            push.note = self._once(push, attempt)
            if not push.note:
                pushes.settled(push, "delivered")
                return
            if pause_s is not None and pushes.stopping.wait(pause_s):
                break
        self._list(push)
        pushes.settled(push, "failed", push.note)

    def check(self, url: str) -> None:
        """Ask a URL once, as saving it in the console does; NotNow when it does not answer as it must."""
        push = self._platform.pushes.make("event", "check_url", "", "check_url", {"EventType": "check_url"})
        push.done.set()
        push.settled_at = 1e-9
        note = self._once(push, 1, url=url)
        if note:
            raise NotNow(f"url check failed: {note}")

    def _once(self, push: Push, attempt: int, *, hostile: str = "", url: str = "") -> str:
        """Send one request; return what was wrong with the answer, "" when nothing was."""
        crypto, target = self._platform.crypto, url or self._platform.event_url
        sealed = crypto.seal(push.body.encode(), receive_id="dingOTHERAPP" if hostile == "event_owner_bad" else None)
        if hostile == "event_garbage":
            sealed = sealed[:-8] + "AAAAAAA="
        stamp, nonce = str(int(self._platform.clock.real().timestamp() * 1000)), _nonce()
        signature = "0" * 40 if hostile == "event_sig_bad" else crypto.sign(stamp, nonce, sealed)
        query = {"signature": signature, "msg_signature": signature, "timestamp": stamp, "nonce": nonce}
        if self._platform.faults.take("event_param_name"):
            del query["msg_signature"]
        headers = {"Content-Type": "application/json; charset=utf-8"}
        body = written({"encrypt": sealed})
        limit_s = self._platform.switches.event_limit_s
        answer = self._line.send("POST", target, body=body.encode(), headers=headers, limit_s=limit_s, query=query)
        note, said = _read(crypto, answer)
        self._platform.record(
            push,
            attempt=attempt,
            url=target,
            status=answer.status,
            ms=answer.ms,
            outcome="hostile" if hostile else "ok" if not note else "retry",
            note=hostile or note,
            answer=answer.body[:4096].decode("utf-8", "replace"),
            query=query,
            body=body,
            reply=said,
        )
        return note

    def _list(self, push: Push) -> None:
        fields = push.fields
        tag = str(fields.get("EventType", ""))
        inner = {name: value for name, value in fields.items() if name not in ("EventType", "CorpId")}
        users = fields.get("userId") or fields.get("UserId") or []
        listed = {"event_time": fields.get("EventTime", 0), "call_back_tag": tag, tag: inner}
        corp = self._platform.settings.corp_id
        minutes = self._platform.switches.failed_list_after_minutes
        self._platform.failed_events.add({**listed, "userid": users, "corpid": corp}, minutes)


def _read(crypto: Crypto, answer: Answer) -> tuple[str, Json | None]:
    """Return what is wrong with an answer ("" when it is right), and what it says."""
    if answer.status != OK:
        return f"回调失败 {answer.reason}", None
    try:
        outer = json.loads(answer.body)
        stamp = outer.get("timeStamp") or outer.get("timestamp")
        said = crypto.open(outer["msg_signature"], str(stamp), outer["nonce"], outer["encrypt"])
    except CryptoError as error:
        return f"应答验签或解密失败 {error.code}", None
    except (ValueError, KeyError, TypeError, AttributeError):
        return "应答不是加密的 JSON", None
    return ("" if said == SUCCESS else "应答不是 success"), {"plain": said.decode("utf-8", "replace")}


def _nonce() -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(8))
