"""The callback route over WSGI: kept before it is acknowledged, refused alike, unavailable when it cannot be kept."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.app import BODY_LIMIT, Application
from bot.channels.base import REFUSED, Reading, Request
from bot.event import Event, EventKind

EVENT = Event(channel="wecom", kind=EventKind.TEXT, key="k", user_id="zhangwei", at=datetime.now(UTC), text="帮助")


class Door:
    """An application with a callback that says what it is told, and a keeper that may fail."""

    def __init__(self, reading: Reading, failing: Exception | None = None) -> None:
        self.reading, self.failing = reading, failing
        self.kept: list[Event] = []
        self.requests: list[Request] = []
        self.app = Application({"wecom": self}, self.keep, self.rest)

    def read(self, request: Request) -> Reading:
        self.requests.append(request)
        return self.reading

    def keep(self, events: Sequence[Event]) -> None:
        if self.failing:
            raise self.failing
        self.kept += events

    def rest(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [b"the rest"]

    def asks(
        self, path: str = "/callback/wecom", body: bytes = b"", **environ: str
    ) -> tuple[str, dict[str, str], bytes]:
        answered: list[Any] = []
        given = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            **environ,
        }
        answer = self.app(given, lambda status, headers: answered.extend([status, dict(headers)]))
        return answered[0], answered[1], b"".join(answer)


def test_an_event_is_acknowledged_only_after_it_is_kept() -> None:
    door = Door(Reading(events=(EVENT,)))
    assert door.asks()[0] == "200 OK"
    assert door.kept == [EVENT]


@pytest.mark.parametrize("failure", [TimeoutError(), OSError("disk full"), RuntimeError("database gone")])
def test_what_cannot_be_kept_is_not_acknowledged(failure: Exception) -> None:
    status, _, body = Door(Reading(events=(EVENT,)), failure).asks()
    assert status == "503 Service Unavailable"
    assert body == b""


def test_every_refusal_looks_alike() -> None:
    door = Door(REFUSED)
    answers = {
        str(door.asks()),
        str(door.asks("/callback/unknown")),
        str(door.asks("/callback/wecom/../x")),
        str(door.asks(body=b"x" * (BODY_LIMIT + 1))),
        str(door.asks(body=b"x" * (BODY_LIMIT + 1), CONTENT_LENGTH="")),
        str(door.asks(QUERY_STRING="a=%ff")),
        str(door.asks(QUERY_STRING="&".join(f"a{n}=1" for n in range(100)))),
    }
    assert len(answers) == 1
    assert "403" in answers.pop()
    assert door.kept == []


def test_never_more_than_the_limit_is_read_whatever_is_announced() -> None:
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size: int = -1) -> bytes:
            assert 0 <= size <= BODY_LIMIT + 1
            self.taken += size
            return b"x" * size

    for announced in ("", "99999999999", "-5", "many"):
        source = Endless()
        Door(REFUSED).asks(CONTENT_LENGTH=announced, **{"wsgi.input": source})
        assert source.taken <= BODY_LIMIT + 1


def test_everything_else_goes_to_the_rest() -> None:
    assert Door(REFUSED).asks("/healthz")[2] == b"the rest"
