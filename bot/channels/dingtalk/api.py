"""Both of the platform's APIs under one request policy.

The newer one (v1.0) and the older one (oapi) differ in where the token goes and how a failure is spelled. How requests
travel is decided here for both: timeouts, raw UTF-8, at most one new token per call, our own pace, one exception for
every failure, and no secret in anything that may be printed.
"""

import hashlib
import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import httpx2

from bot.channels.base import Locks, Tokens
from bot.channels.dingtalk import failures
from bot.channels.dingtalk.pace import Pace
from bot.channels.media import Download, file_name
from bot.channels.tokens import SharedToken
from core.errors import DeliveryFailed

if TYPE_CHECKING:
    from bot.channels.dingtalk.oapi import Oapi

CONNECT_SECONDS, READ_SECONDS = 3.0, 10.0
FIREWALL = (200, 403, 429)  # statuses of the page that says our address is blocked
LONGEST_QUEUE = 2.0  # seconds that a call may wait for our own pace
LARGEST_ANSWER = 8 * 2**20
LARGEST_FILE = 32 * 2**20
AFTER_REFUSAL = timedelta(minutes=1)  # before a refused secret is tried again; the token API is watched
QUOTA_REST = timedelta(minutes=10)  # in which a used-up month is not asked about again
LONGEST_HOLD = timedelta(days=4)
BILLED_IN = ZoneInfo("Asia/Shanghai")
JSON_TYPE = "application/json; charset=utf-8"

DELIVERS = frozenset(
    {
        "robot/oToMessages/batchSend",
        "robot/groupMessages/send",
        "robot/sendBySession",
        "card/instances/createAndDeliver",
        "card/instances/deliver",
        "workflow/processInstances",
    }
)
"""Calls that somebody may see the effect of, even when we never get the answer."""
_FREE = ("oauth2/", "contact/", "topapi/user/", "topapi/v2/user/", "topapi/v2/department/", "robot/sendBySession")
"""Calls that the platform does not count by the month."""


@dataclass(frozen=True)
class Call:
    """One request. `api` is its name in errors and for our pace, without any id."""

    method: str
    url: str = field(repr=False)
    api: str
    params: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = field(default=None, repr=False)
    content_type: str = JSON_TYPE

    @property
    def counted(self) -> bool:
        """Whether the platform counts it by the month."""
        return not self.api.startswith(_FREE)

    @property
    def delivers(self) -> bool:
        """Whether somebody may see its effect."""
        return self.api in DELIVERS


class DingTalkApi:
    """One app of one company. Safe to share between threads; `close` gives the connections back.

    `api_base` and `oapi_base` are scheme and host. Environment proxies are not used. `now` is the clock by which the
    platform's months end.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        *,
        api_base: str,
        oapi_base: str,
        tokens: Tokens,
        locks: Locks,
        now: Callable[[], datetime],
        timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
    ) -> None:
        _hide_queries()
        self.client_id, self._secret = client_id, client_secret
        self._api_base, self._oapi_base = api_base.rstrip("/"), oapi_base.rstrip("/")
        self._now = now
        digest = hashlib.sha256(f"{client_id}|{client_secret}".encode()).hexdigest()[:16]
        name = f"dingtalk:{client_id}:{digest}"  # a token belongs to one secret
        self._token = SharedToken(name, tokens, locks, self._fetch_token)
        self._pace = Pace()
        self._shut: dict[str, tuple[float, DeliveryFailed]] = {}
        self.timeout = timeout
        self._http = httpx2.Client(
            timeout=httpx2.Timeout(timeout[1], connect=timeout[0]),
            limits=httpx2.Limits(max_connections=32, max_keepalive_connections=8),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            trust_env=False,
            follow_redirects=False,
        )

    def close(self) -> None:
        """Close idle connections."""
        self._http.close()

    @cached_property
    def oapi(self) -> "Oapi":
        """The older API by its own paths: `oapi.post("/topapi/v2/user/get", {...})`."""
        # dingtalk-sdk brings 100,000 lines along; a process that only sends never needs them.
        from bot.channels.dingtalk.oapi import Oapi

        return Oapi(self, self.client_id, self._secret)

    def call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, params: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Call the newer API; `path` is what follows /v1.0/. Raises nothing but DeliveryFailed."""
        url = f"{self._api_base}/v1.0/{path}"
        return self._asked(Call(method, url, path, params or {}, _json(body)), in_header=True)

    def old_call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, params: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Call the older API; whoever wants its paths by name takes `oapi`."""
        path = path.lstrip("/")
        return self._asked(Call(method, f"{self._oapi_base}/{path}", path, params or {}, _json(body)), in_header=False)

    def upload(self, kind: str, name: str, content: bytes) -> dict[str, Any]:
        """Upload a file as multipart; the older API does this alone."""
        request = self._http.build_request(
            "POST", self._oapi_base, files={"media": (name, content, "application/octet-stream")}
        )
        call = Call(
            "POST",
            f"{self._oapi_base}/media/upload",
            "media/upload",
            {"type": kind},
            request.read(),
            request.headers["Content-Type"],
        )
        return self._asked(call, in_header=False)

    def answer(self, webhook: str, body: Mapping[str, Any]) -> None:
        """Say something at a session webhook: no token, not counted. Only the platform's own addresses are called."""
        if not webhook.startswith(f"{self._oapi_base}/"):
            raise DeliveryFailed(reason="钉钉 robot/sendBySession：不是平台的地址", code=300001)
        call = Call("POST", webhook, "robot/sendBySession", {}, _json(body))
        code, answer = self._exchange(call, {}, {})
        if code:
            raise self._refused(call, code, answer)

    def fetch(self, url: str, name: str) -> Download:
        """Fetch a file from the temporary address the platform gave for it; it needs no token and gets none."""
        call = Call("GET", url, "文件下载")
        status, headers, content = self._read(call, {}, {}, LARGEST_FILE)
        if status != httpx2.codes.OK:
            raise DeliveryFailed(f"钉钉 文件下载：服务器答 HTTP {status}", temporary=status >= failures.SERVER_FAULT)
        return Download(file_name(name), headers.get("Content-Type", "application/octet-stream"), content)

    def token(self) -> str:
        """Return the token every process shares, fetched when there is none."""
        return self._token.get()

    def _fetch_token(self) -> tuple[str, object]:
        call = Call(
            "POST",
            f"{self._api_base}/v1.0/oauth2/accessToken",
            "oauth2/accessToken",
            {},
            _json({"appKey": self.client_id, "appSecret": self._secret}),
        )
        self._check_open("token")
        code, answer = self._exchange(call, {}, {})
        if code:
            refusal = self._refused(call, code, answer)
            if failures.mends(code):
                self._shut["token"] = (time.monotonic() + AFTER_REFUSAL.total_seconds(), refusal)
            raise refusal
        token = answer.get("accessToken")
        if not isinstance(token, str) or not token:
            raise failures.unanswered("oauth2/accessToken", "应答里没有令牌", delivers=False)
        return token, answer.get("expireIn")

    def _asked(self, call: Call, *, in_header: bool) -> dict[str, Any]:
        """Make one call with our token; refused for the token's sake, it gets a new one and one more try."""
        code, answer = self._with_token(call, in_header=in_header)
        if code in failures.STALE_TOKEN:
            code, answer = self._with_token(call, in_header=in_header)
        if code:
            raise self._refused(call, code, answer)
        return answer

    def _with_token(self, call: Call, *, in_header: bool) -> tuple[failures.Code, dict[str, Any]]:
        token = self.token()
        headers = {"x-acs-dingtalk-access-token": token} if in_header else {}
        code, answer = self._exchange(call, headers, {} if in_header else {"access_token": token})
        if code in failures.STALE_TOKEN:
            self._token.drop(token)
        return code, answer

    def _exchange(
        self, call: Call, headers: dict[str, str], params: dict[str, str]
    ) -> tuple[failures.Code, dict[str, Any]]:
        """Send one request; return the code of its failure, or 0, and its JSON object."""
        self._check_open("quota" if call.counted else "")
        self._queue(call)
        status, _, content = self._read(call, headers, params, LARGEST_ANSWER)
        try:
            answer = json.loads(content.decode("utf-8", "replace"), strict=False) if content.strip() else None
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            if status in FIREWALL and content.lstrip()[:1] == b"<":
                raise self._ip_blocked(call)
            if not failures.REDIRECTED <= status < failures.SERVER_FAULT:
                raise failures.unanswered(call.api, f"应答不是完整的 JSON（HTTP {status}）", delivers=call.delivers)
            answer = {}
        code = failures.code_of(status, answer)
        if code == failures.IP_BLOCKED:
            raise self._ip_blocked(call)
        return code, answer

    def _read(
        self, call: Call, headers: dict[str, str], params: dict[str, str], largest: int
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Return status, headers and body of the answer, whatever it is."""
        content = bytearray()
        sent = {**headers, "Content-Type": call.content_type} if call.content is not None else headers
        query = {**call.params, **params}
        try:
            url = httpx2.URL(call.url).copy_merge_params(query) if query else httpx2.URL(call.url)
            with self._http.stream(call.method, url, content=call.content, headers=sent) as response:
                for chunk in response.iter_bytes():
                    content += chunk
                    if len(content) > largest:
                        raise failures.unanswered(call.api, "应答太大", delivers=call.delivers)
                return response.status_code, response.headers, bytes(content)
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as problem:
            failure = _network_failure(call, problem)
        # Raised out here, so that not even the exception's context knows the address with its token.
        raise failure

    def _queue(self, call: Call) -> None:
        delay = self._pace.delay(call.api, LONGEST_QUEUE)
        if delay is None:
            raise DeliveryFailed(
                f"钉钉 {call.api}：排队太长", temporary=True, retry_after=timedelta(seconds=LONGEST_QUEUE)
            )
        if delay:
            time.sleep(delay)

    def _check_open(self, *doors: str) -> None:
        """Raise what the platform said when it shut a door that may not have opened again."""
        for door in ("ip", *doors):
            until, known = self._shut.get(door, (0.0, None))
            if known is not None and time.monotonic() < until:
                left = timedelta(seconds=until - time.monotonic())
                pause = known.retry_after if door == "quota" else left
                raise DeliveryFailed(known.reason, temporary=known.temporary, retry_after=pause, code=known.code)

    def _ip_blocked(self, call: Call) -> DeliveryFailed:
        failure = failures.blocked(call.api)
        self._shut["ip"] = (time.monotonic() + failures.IP_PAUSE.total_seconds(), failure)
        return failure

    def _refused(self, call: Call, code: failures.Code, answer: Mapping[str, Any]) -> DeliveryFailed:
        failure = failures.refused(call.api, code, answer, delivers=call.delivers)
        if code in failures.TOO_FAST:
            self._pace.slower(call.api)
        if code in failures.QUOTA:
            failure.retry_after = self._month_ends()
            self._shut["quota"] = (time.monotonic() + QUOTA_REST.total_seconds(), failure)
        return failure

    def _month_ends(self) -> timedelta:
        """Return how long to hold what this month has no calls for; never so long that it would be given up."""
        now = self._now().astimezone(BILLED_IN)
        following = (now.replace(day=1) + timedelta(days=32)).replace(day=1, hour=0, minute=1, second=0, microsecond=0)
        return min(following - now, LONGEST_HOLD)


def _json(body: Mapping[str, Any] | None) -> bytes | None:
    return None if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def _network_failure(call: Call, problem: Exception) -> DeliveryFailed:
    if isinstance(problem, httpx2.InvalidURL | httpx2.UnsupportedProtocol):
        return failures.misconfigured(call.api, "接口地址不正确")
    if isinstance(problem, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout | httpx2.ProxyError):
        return failures.unreached(call.api)
    what = "等不到应答" if isinstance(problem, httpx2.TimeoutException) else "应答中途断开"
    return failures.unanswered(call.api, what, delivers=call.delivers)


class _NoQuery(logging.Filter):
    """Cuts the query, which carries tokens and sessions, off the addresses httpx2 writes to its log."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                str(arg).partition("?")[0] if isinstance(arg, str | httpx2.URL) else arg for arg in record.args
            )
        return True


_NO_QUERY = _NoQuery()


def _hide_queries() -> None:
    logging.getLogger("httpx2").addFilter(_NO_QUERY)  # the same filter is added only once
