"""/__emu/*: what a test or the chat page asks of the platform itself, as a table of names and functions."""

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, request

from emulator.store import Json
from emulator.wecom import control_business, control_reading, events
from emulator.wecom.callbacks import Event
from emulator.wecom.control_input import Act, json_body, member, words
from emulator.wecom.control_reading import clock_json
from emulator.wecom.errors import ApiError
from emulator.wecom.pressing import CannotPress, press
from emulator.wecom.stories import STORIES
from emulator.wecom.switching import set_switches, switches_json
from emulator.wecom.verifying import save_callback_url

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

WAIT_S = 20.0


def control_routes(platform: "Platform") -> Blueprint:
    """Return the control routes of one platform: wrong input is 400, what is not possible now is 409."""
    routes = Blueprint("control", __name__)

    @routes.route("/__emu/<path:name>", methods=["GET", "POST"])
    def control(name: str) -> Response:
        act = (READING if request.method == "GET" else ACTING).get(name)
        if act is None:
            return _refused(f"there is no {request.method} /__emu/{name}", 404)
        try:
            given = dict(request.args) if request.method == "GET" else json_body()
            return jsonify(act(platform, given))
        except ValueError as error:
            return _refused(str(error), 400)
        except (CannotPress, ApiError) as error:
            return _refused(str(error), 409)

    return routes


def say(platform: "Platform", body: Json) -> Json:
    """Let a member say something."""
    person, text = member(platform, body), words(body, "text")
    with platform.lock:
        fields = events.message(platform, person, "text", {"Content": text})
        platform.phones.show(person, "member", "text", {"content": text}, str(fields["MsgId"]))
    return _emitted(body, [platform.callbacks.emit(fields)])


def click(platform: "Platform", body: Json) -> Json:
    """Let a member press a button; faults may add a second finger."""
    task_id, userid, key = words(body, "task_id"), member(platform, body), words(body, "key")
    selected = body.get("selected") or {}
    if not isinstance(selected, dict):
        raise ValueError("selected must be an object of question_key to option id(s)")
    fingers = _fingers(platform, task_id, userid)
    with platform.lock:
        pressed = [press(platform, task_id, finger, key, selected) for finger in fingers]
    return _emitted(body, [platform.callbacks.emit(fields) for fields in pressed])


def menu(platform: "Platform", body: Json) -> Json:
    """Let a member tap the menu, or open the app (event: enter_agent)."""
    fields = events.tapped(platform, member(platform, body), str(body.get("event", "click")), str(body.get("key", "")))
    return _emitted(body, [platform.callbacks.emit(fields)])


def event(platform: "Platform", body: Json) -> Json:
    """Send an event that is spelled out."""
    return _emitted({}, [platform.callbacks.emit(events.spelled_out(platform, body))])


def move_clock(platform: "Platform", body: Json) -> Json:
    """Move the virtual clock forward."""
    by = body.get("advance_s")
    if not isinstance(by, int | float) or isinstance(by, bool) or by < 0:
        raise ValueError("advance_s must be a number of seconds, not below 0")
    platform.clock.advance(timedelta(seconds=by))
    return clock_json(platform)


def fault(platform: "Platform", body: Json) -> Json:
    """Order a failure, take orders back, or let something happen in the company."""
    if body.get("clear"):
        platform.faults.cancel(body.get("name"))
    elif body.get("name") in STORIES:
        STORIES[body["name"]](platform, body.get("params") or {})
    else:
        platform.faults.order(body)
    return {"faults": platform.faults.active()}


def switch(platform: "Platform", body: Json) -> Json:
    """Change habits of the platform."""
    set_switches(platform.switches, body)
    return switches_json(platform.switches)


def callback(platform: "Platform", body: Json) -> Json:
    """Check and save a callback URL, or check the present one."""
    save_callback_url(platform, str(body.get("url") or platform.callbacks.url))
    return {"ok": True, "url": platform.callbacks.url}


def reset(platform: "Platform", body: Json) -> Json:
    """Forget everything but the ever-growing ids."""
    platform.reset(clock=bool(body.get("clock")))
    return {"ok": True}


def _fingers(platform: "Platform", task_id: str, userid: str) -> list[str]:
    """Return who presses: the member, with a fault also the member again or another holder of the card."""
    fingers = [userid]
    if platform.faults.take("double_click"):
        fingers.append(userid)
    others = [one for one in platform.phones.holders(task_id) if one.casefold() != userid.casefold()]
    if others and platform.faults.take("two_people_click"):
        fingers.append(others[0])
    return fingers


def _emitted(body: Json, made: list[Event]) -> Json:
    """Answer the events; with wait: true after the service has answered them."""
    if body.get("wait"):
        for one in made:
            one.done.wait(WAIT_S)
    return {**made[0].as_json(), "events": [one.as_json() for one in made]}


def _refused(text: str, status: int) -> Response:
    response = jsonify({"error": text})
    response.status_code = status
    return response


READING: dict[str, Act] = control_reading.READING
ACTING: dict[str, Act] = {
    "say": say,
    "click": click,
    "menu": menu,
    "event": event,
    "clock": move_clock,
    "fault": fault,
    "switches": switch,
    "callback": callback,
    "reset": reset,
    **control_business.ACTING,
}
