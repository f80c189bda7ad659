"""Tokens, the Stream's open call, and what belongs to no other area."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Response

from emulator.dingtalk.api import Api, Call, oapi, v1
from emulator.dingtalk.errors import ApiError, OapiError
from emulator.dingtalk.settings import STREAM, TOKEN_LIFE
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

EXPIRES_S = int(TOKEN_LIFE.total_seconds())
ROBOT_TOPIC = "/v1.0/im/bot/messages/get"
LONGEST_AGENT = 256
BAD_CREDENTIALS = ("invalidClientIdOrSecret", "无效的clientId或者clientSecret")


def access_token(platform: "Platform", call: Call) -> Json:
    """Give the app's token."""
    if not platform.tokens.knows(call.json.get("appKey"), call.json.get("appSecret")):
        raise ApiError(*BAD_CREDENTIALS)
    return {"accessToken": platform.tokens.issue(), "expireIn": EXPIRES_S}


def tenant_token(platform: "Platform", call: Call) -> Json:
    """Give the app's token for one tenant, in the unified form."""
    known = platform.tokens.knows(call.json.get("client_id"), call.json.get("client_secret"))
    right = call.json.get("grant_type") == "client_credentials" and call.parts["corpId"] == platform.settings.corp_id
    if not known or not right:
        raise ApiError(*BAD_CREDENTIALS)
    return {"access_token": platform.tokens.issue(), "expires_in": EXPIRES_S}


def gettoken(platform: "Platform", call: Call) -> Json:
    """Give the app's token, as oapi does."""
    if not platform.tokens.knows(call.args.get("appkey"), call.args.get("appsecret")):
        raise OapiError(40089)
    return {"access_token": platform.tokens.issue(), "expires_in": EXPIRES_S}


def open_connection(platform: "Platform", call: Call) -> Json | Response:
    """Give a ticket for one Stream socket and say where it is."""
    faults, body = platform.faults, call.json
    if faults.take("open_503", call.api):
        raise ApiError("ServiceUnavailable", "服务不可用", 503)
    if faults.take("open_400", call.api) or not platform.tokens.knows(body.get("clientId"), body.get("clientSecret")):
        raise ApiError("authFailed", "鉴权失败")
    subscriptions = _subscriptions(body.get("subscriptions"))
    agent = body.get("ua", "")
    if not isinstance(agent, str) or len(agent) > LONGEST_AGENT:
        raise ApiError("invalidParameter", "ua invalid")
    wants_robot = ROBOT_TOPIC in [one["topic"] for one in subscriptions]
    if wants_robot and platform.robot_mode != STREAM and platform.switches.stream_robot_needed:
        raise ApiError("invalidParameter", "机器人的消息接收模式不是 Stream")
    expired, used = faults.take("ticket_expired", call.api), faults.take("ticket_reused", call.api)
    ticket = platform.tickets.issue(
        platform.ids.uuid(), subscriptions, expired=expired is not None, used=used is not None
    )
    host = urlsplit(call.request.host_url).hostname or platform.settings.stream_host
    answer = {"endpoint": platform.stream.endpoint(host), "ticket": ticket}
    if not _takes_json(call.request.headers.get("Accept", "")):
        xml = "".join(f"<{name}>{value}</{name}>" for name, value in answer.items())
        return Response(f"<OpenConnectionResponse>{xml}</OpenConnectionResponse>", mimetype="application/xml")
    return answer


def failed_events(platform: "Platform", _: Call) -> Json:
    """Give the events that could not be pushed, and forget those given."""
    given, more = platform.failed_events.take()
    return {"has_more": more, "failed_list": given}


def _subscriptions(given: Any) -> list[Json]:
    """Read what a client wants pushed; for events the topic is a star."""
    if not isinstance(given, list) or not given or not all(isinstance(one, dict) for one in given):
        raise ApiError("invalidParameter", "subscriptions invalid")
    for one in given:
        known = one.get("type") in ("EVENT", "CALLBACK", "SYSTEM")
        if not known or not isinstance(one.get("topic"), str) or (one["type"] == "EVENT" and one["topic"] != "*"):
            raise ApiError("invalidParameter", "subscriptions invalid")
    return given


def _takes_json(accept: str) -> bool:
    return "json" in accept or "*/*" in accept


APIS: tuple[Api, ...] = (
    v1("POST", "oauth2/accessToken", access_token, token=False, counted=False),
    v1("POST", "oauth2/{corpId}/token", tenant_token, token=False, counted=False),
    oapi("gettoken", gettoken, method="GET", token=False, counted=False),
    v1("POST", "gateway/connections/open", open_connection, token=False, counted=False),
    oapi("call_back/get_call_back_failed_result", failed_events, method="GET"),
)
