"""The way of every API call: the platform's order of checks, then the function, then the record (§8.2)."""

import json
import re
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from flask import Request, Response

from emulator.line import NetworkFault, before, spoil
from emulator.store import Json
from emulator.wecom.api import NOBODY, Api, Call
from emulator.wecom.errors import ApiError, error_body

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\u([0-9a-fA-F]{4})")
FIRST_NON_ASCII = 0x80
SECRET_ARGUMENTS = ("access_token", "corpsecret", "code")


class Gate:
    """Answers the calls of one platform; counts what is in flight."""

    def __init__(self, platform: "Platform", apis: tuple[Api, ...]) -> None:
        self._platform = platform
        self._apis = {api.path: api for api in apis}
        self._in_flight: Counter[str] = Counter()

    def handle(self, path: str, request: Request) -> Response:
        """Answer one call; an unknown path is HTTP 404 without errcode."""
        api = self._apis.get(path)
        if api is None:
            return Response("404 page not found", status=404)
        started, body = time.perf_counter(), request.get_data(cache=True)
        self._in_flight[path] += 1
        try:
            response = self._answer(api, request)
        finally:
            self._in_flight[path] -= 1
            if not api.json:
                body = f"[{len(body)} bytes]".encode()
        self._record(api, request, body, response, time.perf_counter() - started)
        return spoil(self._platform.faults, path, request, response)

    def _answer(self, api: Api, request: Request) -> Response:
        try:
            before(self._platform.faults, api.path, request)
            self._order_of_checks(api, request)
            call = self._call(api, request)
            with self._platform.lock:
                answer = api.answer(self._platform, call)
        except NetworkFault as fault:
            return fault.response
        except ApiError as error:
            body = error_body(error, request.remote_addr or "127.0.0.1")
            headers = {"Error-Code": str(error.code), "Error-Msg": body["errmsg"].split(",")[0]}
            return _json(body, headers)
        return answer if isinstance(answer, Response) else _json({"errcode": 0, "errmsg": "ok", **answer})

    def _order_of_checks(self, api: Api, request: Request) -> None:
        """IP list, token, frequency, concurrency, system busy; the rest needs the body."""
        platform, faults = self._platform, self._platform.faults
        if faults.take("ip_denied", api.path) or not platform.switches.ip_allowed:
            raise ApiError(60020)
        if NOBODY not in api.holders:
            if faults.take("token_flap", api.path):
                raise ApiError(40014)
            if faults.take("token_invalid", api.path):
                platform.tokens.revoke()
            if faults.take("token_expired", api.path):
                platform.tokens.expire()
            platform.tokens.holder(request.args.get("access_token"))
        if faults.take("freq_minute", api.path) or faults.take("freq_hour", api.path):
            raise ApiError(45009)
        with platform.lock:
            platform.limits.call(api.path)
        crowd = faults.take("concurrency", api.path)
        if crowd and self._in_flight[api.path] > crowd.params["in_flight"]:
            raise ApiError(45033)
        if faults.take("busy", api.path):
            raise ApiError(-1)

    def _call(self, api: Api, request: Request) -> Call:
        if request.method != api.method:
            raise ApiError(43002 if api.method == "POST" else 43001)
        body = self._body(request) if api.json and api.method == "POST" else {}
        holder = NOBODY
        if NOBODY not in api.holders:
            holder = self._platform.tokens.holder(request.args.get("access_token"))
            if holder not in api.holders:
                raise ApiError(48002)
        return Call(api=api.path, args=request.args, json=body, holder=holder, request=request)

    def _body(self, request: Request) -> Json:
        raw = request.get_data(cache=True)
        try:
            body = json.loads(raw.decode("utf-8"))
        except (UnicodeDecodeError, ValueError):
            raise ApiError(40058, "Warning: wrong json format.") from None
        if not isinstance(body, dict):
            raise ApiError(40058, "Warning: wrong json format.")
        escaped = any(int(match[1], 16) >= FIRST_NON_ASCII for match in ESCAPE.finditer(raw))
        if escaped and self._platform.switches.refuse_unicode_escapes:
            raise ApiError(40033)
        return body

    def _record(self, api: Api, request: Request, body: bytes, response: Response, took_s: float) -> None:
        answer = response.get_data().decode("utf-8", "replace") if response.mimetype == "application/json" else ""
        self._platform.calls.add(
            at=self._platform.clock.now().isoformat(),
            api=api.path,
            method=request.method,
            query={name: _shorten(name, value) for name, value in request.args.items()},
            body=body.decode("utf-8", "replace"),
            status=response.status_code,
            errcode=_errcode(answer),
            answer=answer,
            ms=round(took_s * 1000, 1),
        )
        self._platform.feed.bump()


def _json(body: Json, headers: dict[str, str] | None = None) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, mimetype="application/json", headers=headers)


def _errcode(answer: str) -> Any:
    try:
        return json.loads(answer).get("errcode", 0)
    except ValueError:
        return None


def _shorten(name: str, value: str) -> str:
    return value[:6] + "…" if name in SECRET_ARGUMENTS else value
