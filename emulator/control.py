"""/__emu/*: what a test or the chat page asks of a platform itself, as tables of names and functions."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Protocol, TypeVar

from flask import Blueprint, Response, jsonify, request

from emulator.clock import Clock
from emulator.faults import FaultBox
from emulator.journal import Journal
from emulator.store import Json
from emulator.switching import set_switches, switches_json


class Emulated(Protocol):
    """What every platform has, so that one can ask it the same things."""

    clock: Clock
    faults: FaultBox
    calls: Journal
    deliveries: Journal
    switches: Any

    def reset(self, *, clock: bool = False) -> None: ...


P = TypeVar("P")
Act = Callable[[P, Json], Json]


class NotNow(Exception):
    """What was asked cannot be done as things are; the text says why."""


def control_routes(
    platform: P, reading: Mapping[str, Act[P]], acting: Mapping[str, Act[P]], refusal: type[Exception] = NotNow
) -> Blueprint:
    """Return the control routes of one platform: wrong input is 400, NotNow and the platform's `refusal` are 409."""
    routes = Blueprint("control", __name__)

    @routes.route("/__emu/<path:name>", methods=["GET", "POST"])
    def control(name: str) -> Response:
        act = (reading if request.method == "GET" else acting).get(name)
        if act is None:
            return _refused(f"there is no {request.method} /__emu/{name}", 404)
        try:
            return jsonify(act(platform, dict(request.args) if request.method == "GET" else _json_body()))
        except ValueError as error:
            return _refused(str(error), 400)
        except (NotNow, refusal) as error:
            return _refused(str(error), 409)

    return routes


def words(body: Json, name: str) -> str:
    """Return a text that must be there."""
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is missing")
    return value


def since(query: Json) -> int:
    """Return the number after which a journal is wanted."""
    text = str(query.get("since", "0"))
    if not text.isdigit():
        raise ValueError("since must be a number")
    return int(text)


def clock_json(platform: Emulated) -> Json:
    """Return the platform's time: instant, unix seconds, and how far it runs ahead."""
    now = platform.clock.now()
    return {"now": now.isoformat(), "unix": now.timestamp(), "offset_s": platform.clock.offset.total_seconds()}


def clock(platform: Emulated, _: Json) -> Json:
    """Read the virtual clock."""
    return clock_json(platform)


def move_clock(platform: Emulated, body: Json) -> Json:
    """Move the virtual clock forward."""
    by = body.get("advance_s")
    if not isinstance(by, int | float) or isinstance(by, bool) or by < 0:
        raise ValueError("advance_s must be a number of seconds, not below 0")
    platform.clock.advance(timedelta(seconds=by))
    return clock_json(platform)


def faults(platform: Emulated, _: Json) -> Json:
    """List the orders that can still strike, and every kind there is."""
    known = [
        {"name": one.name, "group": one.group, "label": one.label, "count": one.count, "params": dict(one.params)}
        for one in platform.faults.kinds.values()
    ]
    return {"faults": platform.faults.active(), "known": known}


def ordering(stories: Mapping[str, Callable[[P, Json], None]]) -> Act[Any]:
    """Return the act that orders a failure or takes orders back; a story happens at once instead of waiting."""

    def fault(platform: Any, body: Json) -> Json:
        story = stories.get(str(body.get("name")))
        if body.get("clear"):
            platform.faults.cancel(body.get("name"))
        elif story is not None:
            story(platform, body.get("params") or {})
        else:
            platform.faults.order(body)
        return {"faults": platform.faults.active()}

    return fault


def switches(platform: Emulated, _: Json) -> Json:
    """Read the switches."""
    return switches_json(platform.switches)


def switch(platform: Emulated, body: Json) -> Json:
    """Change habits of the platform."""
    set_switches(platform.switches, body)
    return switches_json(platform.switches)


def deliveries(platform: Emulated, query: Json) -> Json:
    """Return every try to reach the service."""
    return {"deliveries": platform.deliveries.since(since(query))}


def calls(platform: Emulated, query: Json) -> Json:
    """Return the calls of one API or all."""
    found = platform.calls.since(since(query))
    return {"calls": [one for one in found if query.get("api") in (None, one["api"])]}


def reset(platform: Emulated, body: Json) -> Json:
    """Forget everything but the ever-growing ids."""
    platform.reset(clock=bool(body.get("clock")))
    return {"ok": True}


def _json_body() -> Json:
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise ValueError("send a JSON object")
    return body


def _refused(text: str, status: int) -> Response:
    response = jsonify({"error": text})
    response.status_code = status
    return response


READING: dict[str, Act[Any]] = {
    "clock": clock,
    "faults": faults,
    "switches": switches,
    "deliveries": deliveries,
    "calls": calls,
}
ACTING: dict[str, Act[Any]] = {"clock": move_clock, "switches": switch, "reset": reset}
