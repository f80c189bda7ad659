"""The way of every API call: the platform's order of checks, then the function, then the record."""

import json
import time
from typing import TYPE_CHECKING, Any

from flask import Request, Response

from emulator.dingtalk.api import OAPI, V1, Api, Call
from emulator.dingtalk.errors import ApiError, OapiError, Refused, Trouble, oapi_body, v1_body
from emulator.line import NetworkFault, before, spoil
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

TOKEN_HEADER = "x-acs-dingtalk-access-token"  # noqa: S105 - a header's name
SECRET_ARGUMENTS = ("access_token", "appsecret", "session", "ticket", "sign", "code")
BLOCKED = {"status": 1111, "wait": 5, "source": "x5", "punish": "deny", "uuid": "0a1b2c3d4e5f"}
NOT_FOUND = "Specified api is not found, please check your url and method."
SERVER_FAULTS = {"http_500": "busy", "http_504": "timeout"}


class Gate:
    """Answers the calls of one platform."""

    def __init__(self, platform: "Platform", apis: tuple[Api, ...]) -> None:
        self._platform = platform
        self._apis = apis
        self._bad_tokens = 0

    def handle(self, side: str, path: str, request: Request) -> Response:
        """Answer one call, on a path that may not exist."""
        started, body = time.perf_counter(), request.get_data(cache=True)
        api, parts = self._find(side, path, request.method)
        name = api.name if api else path
        response = self._respond(side, api, parts, request)
        if api is not None and api.upload:
            body = f"[{len(body)} bytes]".encode()
        self._record(side, name, request, body, response, time.perf_counter() - started)
        return spoil(self._platform.faults, name, request, response)

    def _find(self, side: str, path: str, method: str) -> tuple[Api | None, dict[str, str]]:
        for api in self._apis:
            if api.side == side and api.method in (method, "*"):
                match = api.pattern.fullmatch(path)
                if match:
                    return api, match.groupdict()
        return None, {}

    def _respond(self, side: str, api: Api | None, parts: dict[str, str], request: Request) -> Response:
        try:
            if api is None:
                raise ApiError("InvalidAction.NotFound", NOT_FOUND, 404) if side == V1 else OapiError(22)
            before(self._platform.faults, api.name, request)
            blocked = self._blocked(api)
            return blocked or self._answer(api, parts, request)
        except NetworkFault as fault:
            return fault.response
        except Refused as refused:
            return self._refusal(side, refused)

    def _blocked(self, api: Api) -> Response | None:
        """Answer a blocked address: a page or a form nobody expects, for five minutes."""
        fault = self._platform.faults.take("ip_block", api.name)
        if fault is None:
            return None
        if fault.params["html"]:
            return Response("<html><body><h1>请稍后再试</h1></body></html>", mimetype="text/html")
        return _json(BLOCKED)

    def _answer(self, api: Api, parts: dict[str, str], request: Request) -> Response:
        faults = self._platform.faults
        late = None
        for name, trouble in SERVER_FAULTS.items():
            fault = faults.take(name, api.name)
            if fault and not fault.params["processed"]:
                raise Trouble(trouble)
            late = trouble if fault else late
        call = self._call(api, parts, request)
        self._order_of_checks(api, call)
        with self._platform.lock:
            answer = api.answer(self._platform, call)
        if late is not None:
            raise Trouble(late)
        if isinstance(answer, Response):
            return answer
        if api.side == OAPI:
            answer = {"errcode": 0, "errmsg": "ok", **answer, "request_id": self._platform.ids.hexes(16)}
        return _json(answer)

    def _order_of_checks(self, api: Api, call: Call) -> None:
        """Address, token, permission, rate, month: in the order in which one meets them."""
        platform, faults = self._platform, self._platform.faults
        if not platform.switches.ip_allowed:
            raise Trouble("ip")
        if api.token:
            if faults.take("stubborn_token", api.name):
                raise Trouble("bad_token")
            if faults.take("expire_token", api.name):
                platform.tokens.revoke()
            platform.tokens.check(call.token)
            if faults.take("permission_denied", api.name) or (api.scope and api.scope in platform.denied_scopes):
                scopes = {"requiredScopes": [api.scope or "qyapi_base"]}
                raise Trouble("permission", accessdenieddetail=scopes)
            for name, trouble in (("qps_limit", "qps"), ("global_limit", "global"), ("month_quota", "quota")):
                if (api.counted or trouble != "quota") and faults.take(name, api.name):
                    raise Trouble(trouble)
        if api.counted:
            with platform.lock:
                platform.counters.call(api.name, platform.switches)

    def _call(self, api: Api, parts: dict[str, str], request: Request) -> Call:
        body: Any = {} if request.method == "GET" or api.upload else self._body(api, request)
        token = request.headers.get(TOKEN_HEADER, "") if api.side == V1 else request.args.get("access_token", "")
        return Call(
            api=api.name,
            side=api.side,
            parts=parts,
            args=request.args,
            json=body if isinstance(body, dict) else {},
            items=body if isinstance(body, list) else [],
            token=token,
            request=request,
        )

    def _body(self, api: Api, request: Request) -> Any:
        raw = request.get_data(cache=True)
        if not raw:
            return {}
        if api.side == OAPI and request.mimetype == "application/x-www-form-urlencoded":
            return {name: _opened(value) for name, value in request.form.items()}
        try:
            return json.loads(raw.decode("utf-8"))
        except (UnicodeDecodeError, ValueError):
            raise (ApiError("Missingbody", "body is not JSON") if api.side == V1 else OapiError(40035)) from None

    def _refusal(self, side: str, refused: Refused) -> Response:
        request_id = self._platform.ids.uuid().upper()
        if isinstance(refused, Trouble):
            refused = refused.v1() if side == V1 else refused.oapi(gateway=self._by_gateway(refused))
        if isinstance(refused, ApiError):
            return _json(v1_body(refused, request_id), refused.status)
        if isinstance(refused, OapiError):
            return _json(oapi_body(refused, request_id))
        raise TypeError(f"unknown refusal {refused!r}")

    def _by_gateway(self, trouble: Trouble) -> bool:
        """Say whether oapi hides a bad token behind 88 this time."""
        if trouble.name != "bad_token":
            return False
        self._bad_tokens += 1
        form = self._platform.switches.token_error
        return form == "gateway" or (form == "alternate" and self._bad_tokens % 2 == 0)

    def _record(self, side: str, name: str, request: Request, body: bytes, response: Response, took_s: float) -> None:
        answer = response.get_data().decode("utf-8", "replace") if response.mimetype == "application/json" else ""
        self._platform.calls.add(
            at=self._platform.clock.now().isoformat(),
            api=name,
            side=side,
            method=request.method,
            query={key: _shorten(key, value) for key, value in request.args.items()},
            body=body.decode("utf-8", "replace"),
            status=response.status_code,
            errcode=_code(answer),
            answer=answer,
            ms=round(took_s * 1000, 1),
        )
        self._platform.feed.bump()


def _json(body: Json, status: int = 200) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status=status, content_type="application/json; charset=utf-8")


def _opened(value: str) -> Any:
    """Read a form's value: objects and lists come as JSON text."""
    if value[:1] in "[{":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _code(answer: str) -> Any:
    """Return the code of an answer for the journal, 0 when it is none."""
    try:
        read = json.loads(answer)
    except ValueError:
        return None
    return read.get("errcode", read.get("code", 0)) if isinstance(read, dict) else 0


def _shorten(name: str, value: str) -> str:
    return value[:6] + "…" if name in SECRET_ARGUMENTS else value
