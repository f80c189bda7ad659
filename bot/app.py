"""The web process: callbacks on a small WSGI application of their own, everything else on Flask.

A callback is verified, decrypted, kept durably, and only then acknowledged; nothing else happens in the request.
Flask's routing and request objects cost more than the crypto, so the callbacks stand beside it.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl

from prometheus_client import Counter

from bot.channels.base import REFUSED, Callback, Reading, Request
from bot.event import Event

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

PREFIX = "/callback/"
BODY_LIMIT = 64 * 1024
UNAVAILABLE = Reading(status=503)
"""We could not keep it: the platform delivers again."""

CALLBACKS = Counter("liaodan_callbacks_total", "callbacks answered", ["channel", "status"])
_REASONS = {200: "200 OK", 403: "403 Forbidden", 404: "404 Not Found", 503: "503 Service Unavailable"}


class Keep(Protocol):
    """Keeps events durably; returns after the commit, raises when there is none."""

    def __call__(self, events: Sequence[Event]) -> None: ...


class Application:
    """The WSGI application: `callbacks` by the rest of the path behind /callback/, `rest` for everything else."""

    def __init__(self, callbacks: Mapping[str, Callback], keep: Keep, rest: "WSGIApplication") -> None:
        self._callbacks, self._keep, self._rest = callbacks, keep, rest
        self._answered = cache(CALLBACKS.labels)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not path.startswith(PREFIX):
            return self._rest(environ, start_response)
        name = path[len(PREFIX) :]
        callback = self._callbacks.get(name)
        answer = REFUSED if callback is None else self._receive(name, callback, environ)
        if callback is not None:
            self._answered(name, answer.status).inc()
        headers = [("Content-Type", answer.content_type), ("Content-Length", str(len(answer.body)))]
        start_response(_REASONS[answer.status], headers)
        return [answer.body]

    def _receive(self, name: str, callback: Callback, environ: "WSGIEnvironment") -> Reading:
        request = _request(environ)
        if request is None:
            return REFUSED
        reading = callback.read(request)
        if not reading.events:
            return reading
        try:
            self._keep(reading.events)
        except Exception as error:  # whatever keeps us from keeping it, the platform must not be told that we have it
            log.error("callback %s could not be kept: %s", name, type(error).__name__)
            return UNAVAILABLE
        return reading


def _request(environ: "WSGIEnvironment") -> Request | None:
    """Read the request within its limits; None when it is too large or its query cannot be read."""
    body = b""
    if environ["REQUEST_METHOD"] == "POST":
        body = environ["wsgi.input"].read(_length(environ))
        if len(body) > BODY_LIMIT:
            return None
    try:
        pairs = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True, errors="strict", max_num_fields=32)
    except ValueError:
        return None
    args = dict(reversed(pairs))  # of several with one name the first wins
    return Request(method=environ["REQUEST_METHOD"], args=args, headers=_Headers(environ), body=body)


def _length(environ: Mapping[str, Any]) -> int:
    """How much of the body to read: what is announced, never more than one byte over the limit."""
    try:
        announced = int(environ.get("CONTENT_LENGTH") or BODY_LIMIT + 1)
    except ValueError:
        announced = BODY_LIMIT + 1
    return min(max(announced, 0), BODY_LIMIT + 1)


class _Headers(Mapping[str, str]):
    """The request's headers by lower-case name, looked up in `environ` when somebody asks: most callbacks ask none."""

    def __init__(self, environ: Mapping[str, Any]) -> None:
        self._environ = environ

    def __getitem__(self, name: str) -> str:
        value: str = self._environ[f"HTTP_{name.upper().replace('-', '_')}"]
        return value

    def __iter__(self) -> Iterator[str]:
        return (name[5:].replace("_", "-").lower() for name in self._environ if name.startswith("HTTP_"))

    def __len__(self) -> int:
        return sum(1 for _ in self)
