"""Web login: the authorize redirect, codes and user tickets (§3.8)."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from emulator.clock import Clock
from emulator.store import Json
from emulator.wecom.api import APP, Api, Call, get, post
from emulator.wecom.contacts import mobile_of
from emulator.wecom.errors import ApiError

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

CODE_LIFE, TICKET_LIFE = timedelta(minutes=5), timedelta(seconds=1800)
PRIVATE = "snsapi_privateinfo"


@dataclass(kw_only=True)
class Login:
    """One code or ticket: whose, for which scope, until when."""

    userid: str
    scope: str
    expires_at: datetime
    used: bool = False


class Logins:
    """Issues one-shot codes and the tickets they are changed for; in memory only."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._codes: dict[str, Login] = {}
        self._tickets: dict[str, Login] = {}

    def code(self, userid: str, scope: str) -> str:
        """Return a code that is good once, for five minutes."""
        code = secrets.token_urlsafe(32)
        self._codes[code] = Login(userid=userid, scope=scope, expires_at=self._clock.now() + CODE_LIFE)
        return code

    def redeem(self, code: str, used_code_error: int) -> Login:
        """Use a code up; raises 40029 unknown, 42003 too old, `used_code_error` when used before."""
        login = self._codes.get(code)
        if login is None:
            raise ApiError(40029)
        if login.used:
            raise ApiError(used_code_error)
        if login.expires_at <= self._clock.now():
            raise ApiError(42003)
        login.used = True
        return login

    def ticket(self, login: Login) -> str:
        """Return a ticket for the private details of a member."""
        ticket = secrets.token_urlsafe(48)
        expires = self._clock.now() + TICKET_LIFE
        self._tickets[ticket] = Login(userid=login.userid, scope=login.scope, expires_at=expires)
        return ticket

    def holder(self, ticket: str) -> str:
        """Return whose ticket this is; raises 84015 unknown, 84014 too old."""
        login = self._tickets.get(ticket)
        if login is None:
            raise ApiError(84015)
        if login.expires_at <= self._clock.now():
            raise ApiError(84014)
        return login.userid


def redirect_target(platform: "Platform", args: Any, userid: str) -> str:
    """Return where the member is sent back with a code; ApiError 40013, 50001 or 40058 when the link is wrong."""
    if args.get("appid") != platform.settings.corp_id:
        raise ApiError(40013)
    target, scope = args.get("redirect_uri", ""), args.get("scope", "snsapi_base")
    if not target.startswith(("http://", "https://")) or urlsplit(target).netloc != platform.redirect_domain:
        raise ApiError(50001, f"trusted is {platform.redirect_domain}")
    if args.get("response_type") != "code" or scope not in ("snsapi_base", PRIVATE):
        raise ApiError(40058, "response_type or scope")
    if scope == PRIVATE and args.get("agentid") != str(platform.settings.agent_id):
        raise ApiError(41011)
    back = urlencode({"code": platform.logins.code(userid, scope), "state": args.get("state", "")})
    return f"{target}{'&' if '?' in target else '?'}{back}"


def getuserinfo(platform: "Platform", call: Call) -> Json:
    """Change a code for the member's id, and with the private scope for a ticket."""
    code = call.args.get("code")
    if not code:
        raise ApiError(41008)
    login = platform.logins.redeem(code, platform.switches.used_code_error)
    answer: Json = {"userid": login.userid}
    if login.scope == PRIVATE:
        answer |= {"user_ticket": platform.logins.ticket(login), "expires_in": int(TICKET_LIFE.total_seconds())}
    return answer


def legacy_getuserinfo(platform: "Platform", call: Call) -> Json:
    """Answer the older path, with its PascalCase name."""
    return {"UserId": getuserinfo(platform, call)["userid"], "DeviceId": ""}


def getuserdetail(platform: "Platform", call: Call) -> Json:
    """Return the private details of the ticket's member."""
    person = platform.directory.find(platform.logins.holder(call.words("user_ticket")))
    if person is None:
        raise ApiError(60111)
    mail = f"{person.userid}@example.com"
    shown = {"userid": person.userid, "gender": "0", "avatar": "", "qr_code": "", "mobile": mobile_of(person)}
    return {**shown, "email": mail, "biz_mail": mail, "address": ""}


APIS: tuple[Api, ...] = (
    get("auth/getuserinfo", getuserinfo, holders=(APP,)),
    get("user/getuserinfo", legacy_getuserinfo, holders=(APP,)),
    post("auth/getuserdetail", getuserdetail, holders=(APP,)),
)
