"""/__emu/*: what a test or the chat page asks of the platform itself. Wrong input is 400 with a sentence."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request

from emulator.store import Json
from emulator.wecom import events
from emulator.wecom.callbacks import Event
from emulator.wecom.control_business import add_business_routes
from emulator.wecom.control_input import json_body, member, since, words
from emulator.wecom.errors import ApiError
from emulator.wecom.pressing import CannotPress, press
from emulator.wecom.stories import STORIES
from emulator.wecom.switching import set_switches, switches_json
from emulator.wecom.verifying import save_callback_url

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

WAIT_S = 20.0


def control_routes(platform: "Platform") -> Blueprint:  # noqa: PLR0915 - one short function a route
    """Return the control routes of one platform."""
    routes = Blueprint("control", __name__, url_prefix="/__emu")

    @routes.post("/say")
    def say() -> Response:
        body = json_body()
        person = member(platform, body)
        text = words(body, "text")
        with platform.lock:
            fields = events.message(platform, person, "text", {"Content": text})
            platform.phones.show(person, "member", "text", {"content": text}, str(fields["MsgId"]))
        return _emitted(body, platform.callbacks.emit(fields))

    @routes.post("/picture")
    def picture() -> Response:
        """Send a picture: its bytes are the body, userid and filename the query."""
        person = member(platform, dict(request.args))
        kind = request.mimetype or "image/png"
        with platform.lock:
            held = platform.media.keep("image", request.args.get("filename", "图片.png"), kind, request.get_data())
            nodes = {"PicUrl": f"{request.host_url}__emu/media/{held['media_id']}", "MediaId": held["media_id"]}
            fields = events.message(platform, person, "image", nodes)
            shown = {"media_id": held["media_id"], "filename": held["filename"], "size": held["size"]}
            platform.phones.show(person, "member", "image", shown, str(fields["MsgId"]))
        return _emitted({}, platform.callbacks.emit(fields))

    @routes.post("/click")
    def click() -> Response:
        body = json_body()
        wish = (words(body, "task_id"), member(platform, body), words(body, "key"))
        selected = body.get("selected") or {}
        if not isinstance(selected, dict):
            raise ValueError("selected must be an object of question_key to option id(s)")
        return _emitted(body, *_press(platform, *wish, selected))

    @routes.post("/menu")
    def tap_menu() -> Response:
        body = json_body()
        person, key = member(platform, body), str(body.get("key", ""))
        event = str(body.get("event", "click"))
        return _emitted(body, platform.callbacks.emit(events.tapped(platform, person, event, key)))

    @routes.post("/event")
    def event() -> Response:
        return _emitted({}, platform.callbacks.emit(events.spelled_out(platform, json_body())))

    @routes.route("/clock", methods=["GET", "POST"])
    def clock() -> Response:
        if request.method == "POST":
            by = json_body().get("advance_s")
            if not isinstance(by, int | float) or isinstance(by, bool) or by < 0:
                raise ValueError("advance_s must be a number of seconds, not below 0")
            platform.clock.advance(timedelta(seconds=by))
        return jsonify(clock_json(platform))

    @routes.post("/fault")
    def fault() -> Response:
        body = json_body()
        if body.get("clear"):
            platform.faults.cancel(body.get("name"))
        elif body.get("name") in STORIES:
            STORIES[body["name"]](platform, body.get("params") or {})
        else:
            platform.faults.order(body)
        return jsonify({"faults": platform.faults.active()})

    @routes.get("/faults")
    def faults() -> Response:
        known = [
            {"name": one.name, "group": one.group, "label": one.label, "count": one.count, "params": dict(one.params)}
            for one in platform.faults.kinds.values()
        ]
        return jsonify({"faults": platform.faults.active(), "known": known})

    @routes.route("/switches", methods=["GET", "POST"])
    def switches() -> Response:
        if request.method == "POST":
            set_switches(platform.switches, json_body())
        return jsonify(switches_json(platform.switches))

    @routes.post("/callback")
    def callback() -> Response:
        try:
            save_callback_url(platform, str(json_body().get("url") or platform.callbacks.url))
        except ApiError as error:
            return _refused(f"{error.code} {error}", 409)
        return jsonify({"ok": True, "url": platform.callbacks.url})

    @routes.post("/reset")
    def reset() -> Response:
        platform.reset(clock=bool(json_body().get("clock")))
        return jsonify({"ok": True})

    @routes.get("/outbox")
    def outbox() -> Response:
        userid = request.args.get("userid")
        items = platform.phones.screen(userid) if userid else platform.phones.everything()
        return jsonify({"items": [one for one in items if request.args.get("all") or one["from"] == "app"]})

    @routes.get("/deliveries")
    def deliveries() -> Response:
        return jsonify({"deliveries": platform.deliveries.since(since())})

    @routes.get("/calls")
    def calls() -> Response:
        api = request.args.get("api")
        found = platform.calls.since(since())
        return jsonify({"calls": [one for one in found if api in (None, one["api"])]})

    @routes.get("/dropped")
    def dropped() -> Response:
        return jsonify({"dropped": platform.dropped.since(since())})

    add_business_routes(routes, platform)

    @routes.errorhandler(ValueError)
    def bad_input(error: ValueError) -> Response:
        return _refused(str(error), 400)

    @routes.errorhandler(ApiError)
    def refused(error: ApiError) -> Response:
        return _refused(str(error), 400)

    @routes.errorhandler(CannotPress)
    def no_such_button(error: CannotPress) -> Response:
        return _refused(str(error), 409)

    return routes


def clock_json(platform: "Platform") -> Json:
    """Return the platform's time: instant, unix seconds, and how far it runs ahead."""
    now = platform.clock.now()
    return {"now": now.isoformat(), "unix": now.timestamp(), "offset_s": platform.clock.offset.total_seconds()}


def _press(platform: "Platform", task_id: str, userid: str, key: str, selected: Json) -> list[Event]:
    """Send the event of one press, or of two when a fault wants a double click or a second person."""
    fingers = [userid]
    if platform.faults.take("double_click"):
        fingers.append(userid)
    others = [one for one in platform.phones.holders(task_id) if one.casefold() != userid.casefold()]
    if others and platform.faults.take("two_people_click"):
        fingers.append(others[0])
    with platform.lock:
        pressed = [press(platform, task_id, finger, key, selected) for finger in fingers]
    return [platform.callbacks.emit(fields) for fields in pressed]


def _emitted(body: Json, *made: Event) -> Response:
    """Answer the events; with wait: true after the service has answered them."""
    if body.get("wait"):
        for event in made:
            event.done.wait(WAIT_S)
    answer: dict[str, Any] = {**made[0].as_json(), "events": [event.as_json() for event in made]}
    return jsonify(answer)


def _refused(text: str, status: int) -> Response:
    response = jsonify({"error": text})
    response.status_code = status
    return response
