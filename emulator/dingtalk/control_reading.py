"""GET /__emu/*: what is on the phones, what became of cards, who is connected, what was used up."""

from typing import TYPE_CHECKING

from emulator import control
from emulator.control import since
from emulator.dingtalk.control_input import Act
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform


def outbox(platform: "Platform", query: Json) -> Json:
    """Return what one member or everybody sees; with all also what members said themselves."""
    userid = query.get("userid")
    items = platform.phones.screen(userid) if userid else platform.phones.everything()
    place = query.get("group")
    chosen = [one for one in items if place is None or place in (one["group"], one["conversation"])]
    return {"items": [one for one in chosen if query.get("all") or one["from"] == "app"]}


def cards(platform: "Platform", query: Json) -> Json:
    """Return cards with their whole history."""
    wanted = query.get("outTrackId")
    return {"cards": [one for one in platform.cards.all() if wanted in (None, one["outTrackId"])]}


def groups(platform: "Platform", _: Json) -> Json:
    """Return the groups."""
    return {"groups": platform.conversations.groups()}


def stream(platform: "Platform", _: Json) -> Json:
    """Return the open sockets."""
    return {"connections": [one.as_json() for one in platform.stream.connections()]}


def protocol(platform: "Platform", query: Json) -> Json:
    """Return the frames of clients that break the protocol."""
    return {"errors": platform.protocol.since(since(query))}


def usage(platform: "Platform", _: Json) -> Json:
    """Return how much of the month is used."""
    switches = platform.switches
    limits = {"api_per_month": switches.api_per_month, "pushes_per_month": switches.pushes_per_month}
    return {**platform.counters.this_month(), **limits, "enforced": switches.quota}


READING: dict[str, Act] = {
    **control.READING,
    "outbox": outbox,
    "cards": cards,
    "groups": groups,
    "stream": stream,
    "protocol": protocol,
    "usage": usage,
}
