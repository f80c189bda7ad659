"""What a browser opens on every platform: the chat page, its feed, and links opened as a member."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, jsonify, redirect, render_template_string, request, send_from_directory
from werkzeug.wrappers import Response as AnyResponse

from emulator.control import Emulated, clock_json
from emulator.feed import Feed
from emulator.phones import Phones
from emulator.store import Json

STATIC = Path(__file__).resolve().parent / "static"
LONGEST_WAIT_S = 15.0
FIRST_LOAD = 400  # items a freshly opened page gets, over all phones
COOKIE = "emu_userid"
WHO = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{{ name }}登录</title>
<link rel="stylesheet" href="/static/login.css"><main><h1>以谁的身份登录？</h1>
<p>模拟的{{ name }}需要知道是谁点开了链接。</p>
{% for person in people %}<a href="?{{ query }}&amp;emu_userid={{ person.userid }}">{{ person.name }}
<small>{{ person.role or person.department }}</small></a>{% endfor %}</main></html>"""
WRONG = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>链接有误</title>
<link rel="stylesheet" href="/static/login.css"><main><h1>链接有误</h1><p>{{ text }}</p></main></html>"""


class Shown(Emulated, Protocol):
    """What a platform must have for its page."""

    feed: Feed
    phones: Phones
    directory: Any
    settings: Any

    @property
    def lock(self) -> Any: ...


def page_routes(platform: Shown, kind: str, more: Callable[[bool], Json], pictures: Callable[[], str]) -> Blueprint:
    """Return the routes a browser uses.

    `kind` chooses the page's look, `more(first)` adds to the news what only this platform shows, `pictures` names the
    address of the service whose images the page may load.
    """
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
        return jsonify({**_news(platform, kind, since, version), **more(since < 0)})

    @routes.get("/__emu/open")
    def open_link() -> AnyResponse:
        """Open a link as a member: remember who, then go there."""
        url, userid = request.args.get("url", ""), request.args.get("userid", "")
        if not url.startswith(("http://", "https://")) or platform.directory.find(userid) is None:
            return wrong("无法打开这个链接。")
        response = redirect(url)
        response.set_cookie(COOKIE, userid, samesite="Lax", httponly=True)
        return response

    @routes.after_request
    def protect(response: Response) -> Response:
        host = urlsplit(pictures())
        images = f"'self' data: {host.scheme}://{host.netloc}" if host.netloc else "'self' data:"
        policy = f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {images}; connect-src 'self'"
        response.headers["Content-Security-Policy"] = (
            f"{policy}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"
        return response

    return routes


def whoever_opened(platform: Shown) -> Any:
    """Return the member who opened the link that led here, None when the page must ask."""
    return platform.directory.find(request.args.get(COOKIE) or request.cookies.get(COOKIE, ""))


def ask_who(platform: Shown, name: str) -> Response:
    """Answer the page that asks who opened a link."""
    query = urlencode([(key, value) for key, value in request.args.items() if key != COOKIE])
    return Response(render_template_string(WHO, name=name, people=platform.directory.people, query=query))


def wrong(text: str) -> Response:
    """Answer the page that says what is wrong with a link."""
    return Response(render_template_string(WRONG, text=text), status=400)


def _news(platform: Shown, kind: str, since: int, version: int) -> Json:
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
        "traffic": [platform.calls.last, platform.deliveries.last],
        "faults": platform.faults.active(),
    }
    if since < 0:
        settings = platform.settings
        siblings = [{"label": label, "url": url} for label, url in settings.siblings]
        app = {"name": settings.app_name, "company": settings.company, "kind": kind, "siblings": siblings}
        news |= {"app": app, "people": [_person(one) for one in platform.directory.people]}
    return news


def _person(person: Any) -> Json:
    shown = {name: getattr(person, name) for name in ("userid", "name", "department", "role")}
    return {**shown, "hints": list(person.hints)}
