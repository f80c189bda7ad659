"""GET /__emu/*: what is on the phones, and what reached nobody."""

from typing import TYPE_CHECKING

from emulator import control
from emulator.control import since
from emulator.store import Json
from emulator.wecom.control_input import Act

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform


def outbox(platform: "Platform", query: Json) -> Json:
    """Return what one member or everybody sees; with all also what they said themselves."""
    userid = query.get("userid")
    items = platform.phones.screen(userid) if userid else platform.phones.everything()
    return {"items": [one for one in items if query.get("all") or one["from"] == "app"]}


def dropped(platform: "Platform", query: Json) -> Json:
    """Return the messages that were dropped in silence."""
    return {"dropped": platform.dropped.since(since(query))}


def greetings(platform: "Platform", query: Json) -> Json:
    """Return the welcome messages that were sent to customers."""
    return {"greetings": platform.greetings.since(since(query))}


READING: dict[str, Act] = {**control.READING, "outbox": outbox, "dropped": dropped, "greetings": greetings}
