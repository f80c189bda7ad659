"""GET /__emu/*: what is on the phones, what went over the line, how the platform is set."""

from typing import TYPE_CHECKING

from emulator.store import Json
from emulator.wecom.control_input import Act, since
from emulator.wecom.switching import switches_json

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform


def clock_json(platform: "Platform") -> Json:
    """Return the platform's time: instant, unix seconds, and how far it runs ahead."""
    now = platform.clock.now()
    return {"now": now.isoformat(), "unix": now.timestamp(), "offset_s": platform.clock.offset.total_seconds()}


def clock(platform: "Platform", _: Json) -> Json:
    """Read the virtual clock."""
    return clock_json(platform)


def faults(platform: "Platform", _: Json) -> Json:
    """List the orders that can still strike, and every kind there is."""
    known = [
        {"name": one.name, "group": one.group, "label": one.label, "count": one.count, "params": dict(one.params)}
        for one in platform.faults.kinds.values()
    ]
    return {"faults": platform.faults.active(), "known": known}


def switches(platform: "Platform", _: Json) -> Json:
    """Read the switches."""
    return switches_json(platform.switches)


def outbox(platform: "Platform", query: Json) -> Json:
    """Return what one member or everybody sees; with all also what they said themselves."""
    userid = query.get("userid")
    items = platform.phones.screen(userid) if userid else platform.phones.everything()
    return {"items": [one for one in items if query.get("all") or one["from"] == "app"]}


def deliveries(platform: "Platform", query: Json) -> Json:
    """Return every callback try."""
    return {"deliveries": platform.deliveries.since(since(query))}


def calls(platform: "Platform", query: Json) -> Json:
    """Return the calls of one API or all."""
    found = platform.calls.since(since(query))
    return {"calls": [one for one in found if query.get("api") in (None, one["api"])]}


def dropped(platform: "Platform", query: Json) -> Json:
    """Return the messages that were dropped in silence."""
    return {"dropped": platform.dropped.since(since(query))}


def greetings(platform: "Platform", query: Json) -> Json:
    """Return the welcome messages that were sent to customers."""
    return {"greetings": platform.greetings.since(since(query))}


READING: dict[str, Act] = {
    "clock": clock,
    "faults": faults,
    "switches": switches,
    "outbox": outbox,
    "deliveries": deliveries,
    "calls": calls,
    "dropped": dropped,
    "greetings": greetings,
}
