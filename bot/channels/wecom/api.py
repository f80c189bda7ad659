"""wechatpy's catalogue of the platform's API under our own request policy.

wechatpy names the calls; how they travel is decided here: timeouts, raw UTF-8, at most one new token per call, one
exception for every failure, and no secret in anything that may be printed.
"""

import hashlib
import json
import logging
import time
from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from typing import Any, NamedTuple

import requests
import urllib3
from requests.adapters import HTTPAdapter
from wechatpy.work import WeChatClient
from wechatpy.work.client.api import WeChatMedia

from bot.channels.base import Locks, Tokens
from bot.channels.media import Download, name_in
from bot.channels.tokens import SharedToken
from bot.channels.wecom import failures
from bot.channels.wecom.media import form
from core.errors import DeliveryFailed

CONNECT_SECONDS, READ_SECONDS = 3.0, 10.0
LARGEST_ANSWER = 32 * 2**20
AFTER_REFUSAL = 60.0  # seconds before a refused secret is tried again; failing too often gets a company blocked
SERVER_FAULT, TOO_MANY = 500, 429

DELIVERS = frozenset(
    {
        "message/send",
        "message/update_template_card",
        "appchat/send",
        "externalcontact/send_welcome_msg",
        "kf/send_msg",
        "oa/applyevent",
    }
)
"""Calls that somebody may see the effect of, even when we never get the answer."""


class _Call(NamedTuple):
    method: str
    api: str
    params: dict[str, Any]
    body: bytes | None
    content_type: str


class _Media(WeChatMedia):  # type: ignore[misc]  # wechatpy is not typed
    def download(self, media_id: str) -> Any:
        """Fetch through our policy; wechatpy's own goes to a fixed address, without a timeout."""
        return self._get("media/get", params={"media_id": media_id})


class WeComApi(WeChatClient):  # type: ignore[misc]  # wechatpy is not typed
    """One app of one company. Safe to share between threads; `close` gives the connections back.

    `base_url` is scheme and host. Environment proxies are not used; `proxy` names one explicitly.
    """

    media = _Media()

    def __init__(
        self,
        corp_id: str,
        secret: str,
        *,
        base_url: str,
        tokens: Tokens,
        locks: Locks,
        timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
        proxy: str = "",
    ) -> None:
        super().__init__(corp_id, secret, timeout=timeout, auto_retry=False)
        _hide_queries()
        self._base = f"{base_url.rstrip('/')}/cgi-bin/"
        digest = hashlib.sha256(f"{corp_id}|{secret}".encode()).hexdigest()[:16]
        name = f"wecom:{corp_id}:{digest}"  # a token belongs to one secret
        self._token = SharedToken(name, tokens, locks, self._fetch_token)
        self._refusal: tuple[float, DeliveryFailed] | None = None
        self._http.trust_env = False
        self._http.proxies = {"http": proxy, "https": proxy} if proxy else {}
        self._http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = HTTPAdapter(pool_connections=4, pool_maxsize=32, max_retries=0)
        self._http.mount("https://", adapter)
        self._http.mount("http://", adapter)

    def close(self) -> None:
        """Close idle connections."""
        self._http.close()

    @property
    def access_token(self) -> str:
        """The token every process shares, fetched when there is none."""
        return self._token.get()

    def fetch_access_token(self) -> Any:
        """Fetch a token, as wechatpy expects; use `access_token` instead."""
        token, seconds = self._fetch_token()
        return {"access_token": token, "expires_in": seconds}

    def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        """Make one call: wechatpy's every API comes through here. Raises nothing but DeliveryFailed."""
        call = _call(method, url_or_endpoint, kwargs)
        token = self._token.get()
        answer = self._exchange(call, token)
        if _code(answer) in failures.STALE_TOKEN:
            self._token.drop(token)
            answer = self._exchange(call, self._token.get())
        if isinstance(answer, dict) and (code := _code(answer)):
            raise failures.refused(call.api, code, str(answer.get("errmsg", "")))
        process: Callable[[Any], Any] | None = kwargs.get("result_processor")
        return process(answer) if process else answer

    def _fetch_token(self) -> tuple[str, object]:
        if self._refusal and time.monotonic() < self._refusal[0]:
            known = self._refusal[1]
            raise DeliveryFailed(reason=known.reason, code=known.code)
        params = {"corpid": self.corp_id, "corpsecret": self.secret}
        answer = self._exchange(_Call("GET", "gettoken", params, None, ""), "")
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if code := _code(answer):
            refusal = failures.refused("gettoken", code, str(answer.get("errmsg", "")))
            if refusal.code in failures.OUR_SETTINGS:
                self._refusal = (time.monotonic() + AFTER_REFUSAL, refusal)
            raise refusal
        if not isinstance(token, str) or not token:
            raise failures.unanswered("gettoken", "应答里没有令牌", delivers=False)
        return token, answer.get("expires_in")

    def _exchange(self, call: _Call, token: str) -> Any:
        """Send one request and return its JSON object, or a Download for a file."""
        params = {**call.params, "access_token": token} if token else call.params
        headers = {"Content-Type": call.content_type} if call.content_type else {}
        try:
            with self._http.request(
                call.method,
                self._base + call.api,
                params=params,
                data=call.body,
                headers=headers,
                timeout=self.timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                return _answer(call.api, response)
        except requests.RequestException as problem:
            failure = _network_failure(call.api, problem)
        # Raised out here, so that not even the exception's context knows the address with its token.
        raise failure


def _call(method: str, api: str, kwargs: dict[str, Any]) -> _Call:
    if "://" in api:
        raise failures.misconfigured("接口", "不向别的地址发送令牌")
    params = dict(kwargs.get("params") or {})
    params.pop("access_token", None)
    data, files = kwargs.get("data"), kwargs.get("files")
    if files:
        ((field, (name, content)),) = files.items()
        return _Call(method.upper(), api, params, *form(field, name, content))
    if data is None:
        return _Call(method.upper(), api, params, None, "")
    # The platform refuses \uXXXX escapes (40033).
    body = json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")
    return _Call(method.upper(), api, params, body, "application/json; charset=utf-8")


def _answer(api: str, response: requests.Response) -> Any:
    delivers = api in DELIVERS
    status = response.status_code
    if status >= SERVER_FAULT or status == TOO_MANY:
        raise failures.unanswered(api, f"服务器答 HTTP {status}", delivers=delivers and status != TOO_MANY)
    if status != requests.codes.ok:
        raise failures.misconfigured(api, f"服务器答 HTTP {status}，请检查接口地址")
    content = bytearray()
    for chunk in response.iter_content(64 * 1024):
        content += chunk
        if len(content) > LARGEST_ANSWER:
            raise failures.unanswered(api, "应答太大", delivers=delivers)
    if api == "media/get" and "json" not in response.headers.get("Content-Type", "json"):
        headers = response.headers
        return Download(name_in(headers.get("Content-Disposition", "")), headers["Content-Type"], bytes(content))
    try:
        answer = json.loads(content.decode("utf-8", "replace"), strict=False)
        sound = isinstance(answer, dict) and isinstance(_code(answer), int)
    except (ValueError, TypeError, RecursionError):
        sound = False
    if not sound:
        raise failures.unanswered(api, "应答不是完整的 JSON", delivers=delivers)
    return answer


def _code(answer: Any) -> int:
    """Return the error code; an answer without one is a success."""
    return int(answer.get("errcode") or 0) if isinstance(answer, dict) else 0


def _network_failure(api: str, problem: requests.RequestException) -> DeliveryFailed:
    if isinstance(problem, ValueError) and not isinstance(problem, requests.exceptions.JSONDecodeError):
        return failures.misconfigured(api, "接口地址不正确")
    reason = getattr(problem.args[0], "reason", None) if problem.args else None
    never_left = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)
    closed_doors = (requests.ConnectTimeout, requests.exceptions.SSLError, requests.exceptions.ProxyError)
    if isinstance(reason, never_left) or isinstance(problem, closed_doors):
        return failures.unreached(api)
    what = "等不到应答" if isinstance(problem, requests.Timeout) else "应答中途断开"
    return failures.unanswered(api, what, delivers=api in DELIVERS)


class _NoQuery(logging.Filter):
    """Cuts the query, which carries token, secret and code, off the addresses urllib3 writes to its debug log."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(arg.partition("?")[0] if isinstance(arg, str) else arg for arg in record.args)
        return True


_NO_QUERY = _NoQuery()


def _hide_queries() -> None:
    logging.getLogger("urllib3.connectionpool").addFilter(_NO_QUERY)  # the same filter is added only once
