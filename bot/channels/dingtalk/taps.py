"""A pressed button of an interactive card becomes a tap.

A callback of a card carries no id and no time: two clicks on the same button are the same bytes. So what is one click
is decided here: the same press by the same person within a few seconds, whatever repeats it, is one event; a later one,
or one after another press on that card, is its own. Between processes, and across a restart, seconds are counted in
fixed steps, so a repetition over such a border may come through: services judge every tap anew, nothing is done twice.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from bot.channels.dingtalk.bodies import Malformed, as_object, canonical, text_of
from bot.channels.dingtalk.events import CHANNEL, LONGEST_ID, NOBODY, Robot
from bot.channels.keys import read_key
from bot.event import Event, EventKind

ONE_CLICK = timedelta(seconds=5)
"""A double click takes half a second; the platform waits two for our answer before anything could repeat it."""

MOST_CLICKS = 4096
GROUP_SPACE = "IM_GROUP"
_STAFF_IDS = frozenset({"", "1"})  # userIdType: 1 is the staff id, which is what we create cards with
_BESIDES = frozenset({"key", "current_form"})


@dataclass(frozen=True)
class _Click:
    what: str
    began: datetime
    turn: int
    key: str


class Clicks:
    """Tells one click from the next. Safe to share between threads."""

    def __init__(self, lasts: timedelta = ONE_CLICK) -> None:
        self._lasts = lasts
        self._last: OrderedDict[str, _Click] = OrderedDict()
        self._lock = Lock()

    def key(self, where: str, what: str, now: datetime) -> str:
        """Return the key of a press `what` by the person on the card that `where` names."""
        with self._lock:
            last = self._last.pop(where, None)
            recent = last if last is not None and timedelta(0) <= now - last.began < self._lasts else None
            if recent is not None and recent.what == what:
                click = recent
            else:
                turn = recent.turn + 1 if recent is not None else 0
                step = int(now.timestamp() // self._lasts.total_seconds())
                said = canonical([where, what, step, turn])
                click = _Click(what, now, turn, "tap:" + hashlib.sha256(said.encode()).hexdigest())
            self._last[where] = click
            if len(self._last) > MOST_CLICKS:
                self._last.popitem(last=False)
            return click.key


def tap_of(body: dict[str, Any], robot: Robot, clicks: Clicks, now: datetime) -> Event:
    """Return what was pressed. A card that is not ours is kept as something that happened, and does nothing."""
    robot.check(corp_id=text_of(body, "corpId"))
    card, user_id = text_of(body, "outTrackId"), text_of(body, "userId")
    if not card or not user_id or len(user_id) > LONGEST_ID or user_id.startswith(NOBODY):
        raise Malformed
    if text_of(body, "userIdType") not in _STAFF_IDS:
        raise Malformed
    pressed = _pressed(body)
    params = as_object(pressed.get("params"))
    key = params.get("key")
    ours = read_key(key) if isinstance(key, str) else None
    event: dict[str, Any] = {
        "channel": CHANNEL,
        "key": clicks.key(canonical([user_id, card]), canonical(pressed), now),
        "user_id": user_id,
        "display_id": user_id,
        "at": now,
        "reply_to": _group(body),
    }
    if ours is None:
        return Event(**event, kind=EventKind.OTHER, fields={"event": "card", "card": card, **pressed})
    return Event(
        **event,
        kind=EventKind.TAP,
        action=ours[0],
        values=ours[1],
        card=card,
        response_code=card,
        selected=_selected(params),
    )


def _pressed(body: dict[str, Any]) -> dict[str, Any]:
    """Return the private data of the press, wherever this age of cards puts it."""
    for name in ("content", "value"):
        inner = body.get(name)
        if inner:
            found = as_object(inner)
            return as_object(found.get("cardPrivateData")) or found
    return {}


def _group(body: dict[str, Any]) -> dict[str, str]:
    if text_of(body, "spaceType").upper() != GROUP_SPACE:
        return {}
    group = text_of(body, "spaceId").removeprefix(f"dtv1.card//{GROUP_SPACE}.")
    return {"group": group} if group else {}


def _selected(params: dict[str, Any]) -> dict[str, list[str]]:
    """Return what a form was filled with: question to chosen values; typed words are a list of one."""
    form = params.get("form")
    filled = as_object(form) if form else {name: value for name, value in params.items() if name not in _BESIDES}
    chosen = {name: _values(value) for name, value in filled.items()}
    return {name: values for name, values in chosen.items() if values}


def _values(answer: Any) -> list[str]:
    """Return the values of one field: selects come as an index with a value, boxes as bools, the rest as it is."""
    if isinstance(answer, dict):
        return _values(answer.get("value"))
    if isinstance(answer, list):
        return [value for one in answer for value in _values(one)]
    if isinstance(answer, bool):
        return ["true" if answer else "false"]
    if isinstance(answer, str | int | float):
        return [str(answer)] if answer != "" else []
    return []
