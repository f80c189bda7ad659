"""Pushes over Stream: pushed again until acknowledged, by one of the clients at a time (§2.5)."""

import time
from typing import TYPE_CHECKING

from emulator.dingtalk.basics import ROBOT_TOPIC
from emulator.dingtalk.pushes import CARD, EVENT, ROBOT, Push
from emulator.dingtalk.stream.connection import CALLBACK, Ack
from emulator.dingtalk.stream.connection import EVENT as EVENT_FRAME

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

CARD_TOPIC = "/v1.0/card/instances/callback"
FRAMES = {ROBOT: (CALLBACK, ROBOT_TOPIC), EVENT: (EVENT_FRAME, "*"), CARD: (CALLBACK, CARD_TOPIC)}
NOBODY = "没有 Stream 连接"


class StreamWay:
    """Sends pushes as frames."""

    def __init__(self, platform: "Platform") -> None:
        self._platform = platform

    def send(self, push: Push) -> None:
        """Push until it is acknowledged or tried often enough."""
        if push.kind == CARD:
            self._click(push)
        else:
            self._insist(push)

    def _insist(self, push: Push) -> None:
        pushes, limit_s, pauses = self._platform.pushes, self._limit(push), self._pauses(push)
        for attempt in range(1, len(pauses) + 2):
            pushes.progress(push, "delivering" if attempt == 1 else "retrying", attempt)
            started = time.monotonic()
            ack = self._once(push, attempt, limit_s)
            if ack is not None and self._done(push, ack):
                note = "" if ack.ok else f"应答 code {ack.code}"
                pushes.settled(push, "delivered", note)
                return
            push.note = NOBODY if ack is None and not self._anybody(push) else "没有应答，将重推"
            pause_s = pauses[attempt - 1] if attempt <= len(pauses) else 0.0
            if push.kind == ROBOT:  # the silence itself is the pause
                pause_s = max(0.0, limit_s - (time.monotonic() - started)) if pause_s else 0.0
            if pushes.stopping.wait(pause_s):
                break
        pushes.settled(push, "failed", push.note.replace("，将重推", "，不再重推"))

    def _limit(self, push: Push) -> float:
        switches = self._platform.switches
        return switches.robot_ack_s if push.kind == ROBOT else switches.event_stream_ack_s

    def _pauses(self, push: Push) -> list[float]:
        """Return the pauses before each further try."""
        switches = self._platform.switches
        if push.kind == ROBOT:
            return [switches.robot_ack_s] * switches.robot_redeliveries
        growing = [switches.event_first_retry_s, switches.event_second_retry_s, switches.event_second_retry_s * 3]
        return growing[: switches.event_stream_retries]

    def _done(self, push: Push, ack: Ack) -> bool:
        """Say whether nothing more is to be done: any ACK ends a message, an event must not be put off."""
        if push.kind == ROBOT:
            return True
        return ack.ok and not (isinstance(ack.data, dict) and ack.data.get("status") == "LATER")

    def _anybody(self, push: Push) -> bool:
        return self._platform.stream.choose(*FRAMES[push.kind]) is not None

    def _once(self, push: Push, attempt: int, limit_s: float) -> Ack | None:
        kind, topic = FRAMES[push.kind]
        connection = self._platform.stream.choose(kind, topic)
        started = time.perf_counter()
        ack = connection.ask(kind, topic, push.body, limit_s, dict(push.headers)) if connection else None
        ok = ack is not None and self._done(push, ack)
        self._platform.record(
            push,
            attempt=attempt,
            url=f"stream {connection.id}" if connection else "stream",
            status=ack.code if ack else None,
            ms=round((time.perf_counter() - started) * 1000, 1),
            outcome="ok" if ok else "failed" if connection is None or push.kind == CARD else "retry",
            note="" if ack else (NOBODY if connection is None else "没有应答"),
            answer=ack.text if ack else "",
        )
        return ack

    def _click(self, push: Push) -> None:
        """Push a click and give its answer to whoever waits for it."""
        pushes, switches = self._platform.pushes, self._platform.switches
        for attempt in range(1, switches.card_callback_retries + 2):
            pushes.progress(push, "delivering", attempt)
            ack = self._once(push, attempt, switches.card_answer_s)
            if ack is None:
                note = "回调超时" if self._anybody(push) else NOBODY
                continue
            answer = ack.data.get("response") if isinstance(ack.data, dict) else None
            note = "" if ack.ok else f"应答 code {ack.code}"
            self._platform.clicked(push, answer if ack.ok else None, note)
            return
        self._platform.clicked(push, None, note)
