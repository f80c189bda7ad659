"""What a browser opens: the chat page, media, and the login page links lead through."""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from emulator import pages
from emulator.store import Json
from emulator.wecom import events
from emulator.wecom.basics import as_file
from emulator.wecom.control_input import member
from emulator.wecom.errors import ApiError
from emulator.wecom.groups import SCREEN
from emulator.wecom.oauth import redirect_target

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform


def page_routes(platform: "Platform") -> Blueprint:
    """Return the routes a browser uses."""
    routes = pages.page_routes(platform, "wecom", lambda _: _more(platform), lambda: platform.callbacks.url)

    @routes.get("/__emu/media/<media_id>")
    def media(media_id: str) -> Response:
        try:
            response = as_file(platform, media_id)
        except ApiError:
            return Response("expired", status=404)
        if response.mimetype in ("image/png", "image/jpeg"):
            response.headers["Content-Disposition"] = "inline"
        return response

    @routes.post("/__emu/picture")
    def picture() -> Response:
        """Send a picture as a member: its bytes are the body, userid and filename the query."""
        try:
            return jsonify(_send_picture(platform, dict(request.args), request.get_data(), request.mimetype))
        except (ApiError, ValueError) as error:
            response = jsonify({"error": f"图片没有发出：{error}"})
            response.status_code = 400
            return response

    @routes.get("/connect/oauth2/authorize")
    def authorize() -> AnyResponse:
        """Send the member who opened the link back to the service with a code."""
        person = pages.whoever_opened(platform)
        if person is None:
            return pages.ask_who(platform, "企业微信")
        try:
            return redirect(redirect_target(platform, request.args, person.userid))
        except ApiError as error:
            return pages.wrong(_in_chinese(platform, error))

    return routes


def _more(platform: "Platform") -> Json:
    return {
        "events": platform.callbacks.recent(),
        "dropped": platform.dropped.last,
        "menu": platform.menu.get("menu"),
        "groups": {SCREEN + one["chatid"]: one["name"] for one in platform.chats.values()},
    }


def _send_picture(platform: "Platform", query: Json, content: bytes, kind: str) -> Json:
    person = member(platform, query)
    with platform.lock:
        held = platform.media.keep("image", query.get("filename") or "图片.png", kind or "image/png", content)
        nodes = {"PicUrl": f"{request.host_url}__emu/media/{held['media_id']}", "MediaId": held["media_id"]}
        fields = events.message(platform, person, "image", nodes)
        shown = {name: held[name] for name in ("media_id", "filename", "size")}
        platform.phones.show(person, "member", "image", shown, str(fields["MsgId"]))
    return platform.callbacks.emit(fields).as_json()


def _in_chinese(platform: "Platform", error: ApiError) -> str:
    """Say what is wrong with a login link, with the platform's code."""
    texts = {
        40013: "链接里的企业 ID 不对",
        50001: f"redirect_uri 的域名不是可信域名 {platform.redirect_domain}",
        41011: "获取私密信息需要 agentid",
    }
    return f"{texts.get(error.code, '链接参数不对')}（{error.code}）"
