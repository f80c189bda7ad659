"""What a browser opens: the chat page, and files."""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from emulator import pages
from emulator.control import NotNow
from emulator.dingtalk.control_input import group, member
from emulator.dingtalk.login import BadLink, redirect_target
from emulator.dingtalk.media import as_file
from emulator.dingtalk.settings import STREAM
from emulator.dingtalk.speaking import Words, say
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/bmp")


def page_routes(platform: "Platform") -> Blueprint:
    """Return the routes a browser uses."""
    routes = pages.page_routes(platform, "dingtalk", lambda _: _more(platform), lambda: platform.picture_host)

    @routes.get("/__emu/media/<path:media_id>")
    def media(media_id: str) -> Response:
        held = platform.media.find(media_id)
        if held is None:
            return Response("gone", status=404)
        response = as_file(held)
        if response.mimetype in PICTURES:
            response.headers["Content-Disposition"] = "inline"
        return response

    @routes.get("/files/<path:name>")
    def file(name: str) -> Response:
        """Give a member's file to whoever has its address, as the file host does."""
        code = name.removesuffix(".file")
        held = platform.media.find(code)
        if held is None or not platform.media.fresh(code):
            return Response("<Error><Code>AccessDenied</Code></Error>", status=403, mimetype="application/xml")
        return as_file(held)

    @routes.post("/__emu/picture")
    def picture() -> Response:
        """Send a picture as a member: its bytes are the body, userid, group and filename the query."""
        return _sent(platform, "picture", "图片没有发出")

    @routes.post("/__emu/file")
    def document() -> Response:
        """Send a file as a member, in the same way."""
        return _sent(platform, "file", "文件没有发出")

    @routes.get("/oauth2/auth")
    def authorize() -> AnyResponse:
        """Send the member who opened the link back to the service with a code."""
        person = pages.whoever_opened(platform)
        if person is None:
            return pages.ask_who(platform, "钉钉")
        try:
            return redirect(redirect_target(platform, request.args, person))
        except BadLink as wrong:
            return pages.wrong(f"{wrong}。")

    return routes


def _more(platform: "Platform") -> Json:
    """Return what only this platform shows: pushes on their way, groups, the month's use."""
    connections = platform.stream.connections()
    groups = [one for one in platform.conversations.groups() if not one["disbanded"]]
    return {
        "events": platform.pushes.recent(),
        "groups": groups,
        "usage": platform.counters.this_month(),
        "offline": platform.robot_mode == STREAM and not any(one.state == "open" for one in connections),
    }


def _sent(platform: "Platform", kind: str, failed: str) -> Response:
    try:
        return jsonify(_send(platform, kind, dict(request.args), request.get_data(), request.mimetype))
    except (NotNow, ValueError) as error:
        response = jsonify({"error": f"{failed}：{error}"})
        response.status_code = 400
        return response


def _send(platform: "Platform", kind: str, query: Json, content: bytes, mimetype: str) -> Json:
    person, place = member(platform, query), group(platform, query)
    name = query.get("filename") or ("图片.png" if kind == "picture" else "文件")
    if not content:
        raise ValueError("the file is empty")
    held = platform.media.keep(kind, name, mimetype or "application/octet-stream", content, prefix="code")
    shown = {key: held[key] for key in ("media_id", "filename", "size")}
    code = {"downloadCode": held["media_id"]}
    more = {"pictureDownloadCode": held["media_id"]} if kind == "picture" else {"fileName": name}
    msgtype = "image" if kind == "picture" else "file"
    heard = Words(msgtype=kind, payload={**code, **more}, shown=msgtype, content=shown)
    push = say(platform, person, heard, request.host_url, group=place)
    if push is None:
        return {"outcome": "said"}
    if query.get("wait"):
        push.done.wait(20)
    return push.as_json()
