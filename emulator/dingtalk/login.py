"""Who somebody is: codes of the browser and of pages inside DingTalk, user tokens, the JSAPI ticket (§6.2)."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from emulator.clock import Clock
from emulator.dingtalk.api import Api, Call, oapi, v1
from emulator.dingtalk.basics import BAD_CREDENTIALS, EXPIRES_S
from emulator.dingtalk.directory import mobile_of
from emulator.dingtalk.errors import ApiError, OapiError, Trouble
from emulator.dingtalk.settings import CODE_LIFE, REFRESH_LIFE, TOKEN_LIFE, Person
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

TICKET_LIFE = timedelta(seconds=7200)
OLDEST_TICKET = timedelta(hours=24)


class BadLink(Exception):
    """A login link is wrong; the text says how."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Something that speaks for a member until it expires."""

    userid: str
    scope: str
    expires_at: datetime


class Logins:
    """Codes, user tokens and refresh tokens; all live in memory only."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._codes: dict[str, Grant] = {}
        self._tokens: dict[str, Grant] = {}
        self._refresh: dict[str, Grant] = {}
        self._ticket: tuple[str, datetime, datetime] | None = None

    def code(self, userid: str, scope: str = "") -> str:
        """Make a code, good for five minutes and once."""
        return self._made(self._codes, userid, scope, CODE_LIFE)

    def redeem(self, code: object) -> Grant | None:
        """Use a code up; None when it is unknown, used or too old."""
        return self._living(self._codes.pop(str(code), None))

    def tokens(self, grant: Grant) -> tuple[str, str]:
        """Make a user token and the one to refresh it with."""
        token = self._made(self._tokens, grant.userid, grant.scope, TOKEN_LIFE)
        return token, self._made(self._refresh, grant.userid, grant.scope, REFRESH_LIFE)

    def refreshed(self, token: object) -> Grant | None:
        """Use a refresh token up: the old one dies on use."""
        return self._living(self._refresh.pop(str(token), None))

    def holder(self, token: str) -> Grant | None:
        """Return whose user token this is."""
        return self._living(self._tokens.get(token))

    def ticket(self) -> tuple[str, int]:
        """Return the JSAPI ticket with its life renewed, a new one once a day."""
        now = self._clock.now()
        if self._ticket is None or self._ticket[2] <= now or self._ticket[1] + OLDEST_TICKET <= now:
            self._ticket = (secrets.token_hex(32), now, now)
        self._ticket = (self._ticket[0], self._ticket[1], now + TICKET_LIFE)
        return self._ticket[0], int(TICKET_LIFE.total_seconds())

    def _made(self, kept: dict[str, Grant], userid: str, scope: str, lives: timedelta) -> str:
        text = secrets.token_hex(16)
        kept[text] = Grant(userid=userid, scope=scope, expires_at=self._clock.now() + lives)
        return text

    def _living(self, grant: Grant | None) -> Grant | None:
        return grant if grant is not None and grant.expires_at > self._clock.now() else None


def redirect_target(platform: "Platform", args: Any, person: Person) -> str:
    """Return where the browser is sent back with a code; BadLink when the link is wrong."""
    target, trusted = args.get("redirect_uri", ""), platform.settings.redirect_domain
    if args.get("client_id") != platform.settings.client_id:
        raise BadLink("client_id 不是这个应用")
    if not target.startswith(("http://", "https://")) or (trusted and urlsplit(target).netloc != trusted):
        raise BadLink(f"redirect_uri 的域名没有登记{f'，登记的是 {trusted}' if trusted else ''}")
    if args.get("response_type") != "code" or "openid" not in args.get("scope", "").split():
        raise BadLink("response_type 必须是 code，scope 必须含 openid")
    back = {"authCode": platform.logins.code(person.userid, args["scope"]), "state": args.get("state", "")}
    return f"{target}{'&' if '?' in target else '?'}{urlencode(back)}"


def user_token(platform: "Platform", call: Call) -> Json:
    """Change a code, or a refresh token, for a member's token."""
    if not platform.tokens.knows(call.json.get("clientId"), call.json.get("clientSecret")):
        raise ApiError(*BAD_CREDENTIALS)
    kind = call.json.get("grantType")
    grant = None
    if kind == "authorization_code":
        grant = platform.logins.redeem(call.json.get("code"))
    elif kind == "refresh_token":
        grant = platform.logins.refreshed(call.json.get("refreshToken"))
    if grant is None:
        raise ApiError("invalidParameter.authCode.notFound", "不存在的授权码")
    token, refresh = platform.logins.tokens(grant)
    tenant = {"corpId": platform.settings.corp_id} if "corpid" in grant.scope.split() else {}
    return {"accessToken": token, "refreshToken": refresh, "expireIn": EXPIRES_S, **tenant}


def me(platform: "Platform", call: Call) -> Json:
    """Say whose user token this is."""
    grant = platform.logins.holder(call.token)
    person = platform.directory.find(grant.userid) if grant else None
    if person is None:
        raise Trouble("bad_token")
    shown = {"nick": person.name, "unionId": person.union, "openId": platform.ids.encrypted(f"open:{person.userid}")}
    return {**shown, "mobile": mobile_of(person), "stateCode": "86", "avatarUrl": "", "email": "", "visitor": False}


def user_info(platform: "Platform", call: Call) -> Json:
    """Change the code of a page inside DingTalk for the member's ids."""
    grant = platform.logins.redeem(call.words("code"))
    person = platform.directory.find(grant.userid) if grant else None
    if person is None:
        raise OapiError(40078)
    ids = {"userid": person.userid, "unionid": person.union, "associated_unionid": "", "name": person.name}
    return {"result": {**ids, "device_id": "emulator", "sys": person.admin, "sys_level": 2 if person.admin else 0}}


def jsapi_ticket(platform: "Platform", _: Call) -> Json:
    """Give the ticket with which pages sign themselves."""
    ticket, lives = platform.logins.ticket()
    return {"jsapiTicket": ticket, "expireIn": lives}


APIS: tuple[Api, ...] = (
    v1("POST", "oauth2/userAccessToken", user_token, token=False, counted=False),
    v1("GET", "contact/users/me", me, token=False, counted=False),
    v1("POST", "oauth2/jsapiTickets", jsapi_ticket, counted=False),
    oapi("topapi/v2/user/getuserinfo", user_info, counted=False),
)
