"""POST /__emu/*: what a test or the chat page lets members and platform do."""

from typing import TYPE_CHECKING

from flask import Blueprint

from emulator import control
from emulator.control import words
from emulator.store import Json
from emulator.wecom import control_business, events
from emulator.wecom.callbacks import Event
from emulator.wecom.control_input import Act, member
from emulator.wecom.control_reading import READING
from emulator.wecom.errors import ApiError
from emulator.wecom.pressing import press
from emulator.wecom.stories import STORIES
from emulator.wecom.verifying import save_callback_url

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

WAIT_S = 20.0


def control_routes(platform: "Platform") -> Blueprint:
    """Return the control routes of one platform."""
    return control.control_routes(platform, READING, ACTING, ApiError)


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


def callback(platform: "Platform", body: Json) -> Json:
    """Check and save a callback URL, or check the present one."""
    save_callback_url(platform, str(body.get("url") or platform.callbacks.url))
    return {"ok": True, "url": platform.callbacks.url}


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


ACTING: dict[str, Act] = {
    **control.ACTING,
    "say": say,
    "click": click,
    "menu": menu,
    "event": event,
    "fault": control.ordering(STORIES),
    "callback": callback,
    **control_business.ACTING,
}
