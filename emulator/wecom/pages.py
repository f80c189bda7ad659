"""What a browser opens: the chat page, its feed, media, and the login page links lead through."""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, jsonify, redirect, render_template_string, request, send_from_directory
from werkzeug.wrappers import Response as AnyResponse

from emulator.store import Json
from emulator.wecom import events
from emulator.wecom.basics import as_file
from emulator.wecom.control_input import member
from emulator.wecom.control_reading import clock_json
from emulator.wecom.errors import ApiError
from emulator.wecom.groups import SCREEN
from emulator.wecom.oauth import redirect_target

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

STATIC = Path(__file__).resolve().parent.parent / "static"
LONGEST_WAIT_S = 15.0
FIRST_LOAD = 400  # items a freshly opened page gets, over all phones
COOKIE = "emu_userid"
WHO = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>企业微信登录</title>
<link rel="stylesheet" href="/static/login.css"><main><h1>以谁的身份登录？</h1>
<p>模拟的企业微信需要知道是谁点开了链接。</p>
{% for person in people %}<a href="?{{ query }}&amp;emu_userid={{ person.userid }}">{{ person.name }}
<small>{{ person.role or person.department }}</small></a>{% endfor %}</main></html>"""
WRONG = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>链接有误</title>
<link rel="stylesheet" href="/static/login.css"><main><h1>链接有误</h1><p>{{ text }}</p></main></html>"""


def page_routes(platform: "Platform") -> Blueprint:
    """Return the routes a browser uses."""
    routes = Blueprint("pages", __name__)

    @routes.get("/")
    def page() -> Response:
        return send_from_directory(STATIC, "chat.html")

    @routes.get("/static/<path:name>")
    def static(name: str) -> Response:
        return send_from_directory(STATIC, name)

    @routes.get("/__emu/feed")
    def feed() -> Response:
        since, epoch = request.args.get("since", -1, int), request.args.get("epoch")
        if epoch != platform.feed.epoch:
            since = -1
        wait = min(request.args.get("wait", 0.0, float), LONGEST_WAIT_S)
        version = platform.feed.wait(since, wait) if since >= 0 and wait > 0 else platform.feed.version
        return jsonify(_news(platform, since, version))

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

    @routes.get("/__emu/open")
    def open_link() -> AnyResponse:
        """Open a link as a member: remember who, then go there."""
        url, userid = request.args.get("url", ""), request.args.get("userid", "")
        if not url.startswith(("http://", "https://")) or platform.directory.find(userid) is None:
            return Response(render_template_string(WRONG, text="无法打开这个链接。"), status=400)
        response = redirect(url)
        response.set_cookie(COOKIE, userid, samesite="Lax", httponly=True)
        return response

    @routes.get("/connect/oauth2/authorize")
    def authorize() -> AnyResponse:
        """Send the member who opened the link back to the service with a code."""
        person = platform.directory.find(request.args.get(COOKIE) or request.cookies.get(COOKIE, ""))
        if person is None:
            query = urlencode([(name, value) for name, value in request.args.items() if name != COOKIE])
            return Response(render_template_string(WHO, people=platform.directory.people, query=query))
        try:
            return redirect(redirect_target(platform, request.args, person.userid))
        except ApiError as error:
            return Response(render_template_string(WRONG, text=_in_chinese(platform, error)), status=400)

    @routes.after_request
    def protect(response: Response) -> Response:
        host = urlsplit(platform.callbacks.url)
        images = f"'self' data: {host.scheme}://{host.netloc}" if host.netloc else "'self' data:"
        policy = f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {images}; connect-src 'self'"
        response.headers["Content-Security-Policy"] = (
            f"{policy}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response

    return routes


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


def _news(platform: "Platform", since: int, version: int) -> Json:
    """Return what changed after `since`; -1 asks for everything."""
    with platform.lock:
        items = platform.phones.changed_since(since)
    if since < 0:
        items = [item for item in items if item["state"] != "recalled"][-FIRST_LOAD:]
    news: Json = {
        "version": version,
        "epoch": platform.feed.epoch,
        "clock": clock_json(platform),
        "items": items,
        "events": platform.callbacks.recent(),
        "dropped": platform.dropped.last,
        "traffic": [platform.calls.last, platform.deliveries.last],
        "faults": platform.faults.active(),
        "menu": platform.menu.get("menu"),
        "groups": {SCREEN + one["chatid"]: one["name"] for one in platform.chats.values()},
    }
    if since < 0:
        news["app"] = {"name": platform.settings.app_name, "company": platform.settings.company}
        news["people"] = [
            {
                "userid": one.userid,
                "name": one.name,
                "department": one.department,
                "role": one.role,
                "hints": list(one.hints),
            }
            for one in platform.directory.people
        ]
    return news
