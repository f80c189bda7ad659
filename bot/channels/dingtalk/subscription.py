"""What the platform reports of itself: people come and go, departments change, approvals move.

The same event comes in several shapes: pushed with everything at the top (capitals differ with its age), wrapped in
`biz_data`, or split between the headers and the data of a Stream frame. All of them become the same Events.
"""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.channels.dingtalk.bodies import Malformed, as_object, canonical, moment, texts_of
from bot.channels.dingtalk.events import CHANNEL, LONGEST_ID, NOBODY, Robot, short
from bot.event import Event, EventKind

CHECK = "check_url"

_PEOPLE = {
    "user_add_org": "create_user",
    "user_active_org": "update_user",
    "user_modify_org": "update_user",
    "user_leave_org": "delete_user",
}
_DEPARTMENTS = {
    "org_dept_create": "create_party",
    "org_dept_modify": "update_party",
    "org_dept_remove": "delete_party",
}
_APPROVALS = {
    "bpms_instance_change": frozenset({"finish", "terminate", "delete"}),
    "bpms_task_change": frozenset({"finish"}),
}
"""What of approvals' events says that somebody has done something; each costs a call of the month to look at."""
_ENVELOPE = frozenset({"eventtype", "eventid", "bizid", "corpid", "eventtime", "timestamp"})
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class Report:
    """One event of the platform, whatever shape it came in. `inner` has names in the platform's own spelling."""

    name: str
    number: str = ""
    corp_id: str = ""
    born_at: Any = None
    inner: dict[str, Any] = field(default_factory=dict)


def pushed(body: dict[str, Any]) -> Report:
    """Read a report that came over HTTP; Malformed when it names no event or says a thing twice."""
    folded = _folded(body)
    if "biz_type" in folded and "eventtype" not in folded:
        name = f"biz_{_text(folded, 'biz_type')}"
        inner = as_object(folded.get("biz_data"))
        return Report(name, _text(folded, "biz_id"), _text(folded, "corp_id"), None, inner)
    name = _text(folded, "eventtype")
    if not name:
        raise Malformed
    inner = {key: value for key, value in body.items() if key.casefold() not in _ENVELOPE}
    number = _text(folded, "eventid") or _text(folded, "bizid")
    born_at = folded.get("eventtime") or folded.get("timestamp")
    return Report(name, number, _text(folded, "corpid"), born_at, inner)


def events_of(report: Report, robot: Robot, now: datetime) -> tuple[Event, ...]:
    """Return what a report says: one event for each person or department it names, so that none waits for another."""
    robot.check(corp_id=report.corp_id)
    folded = _folded(report.inner)
    name = report.name.lower()
    at = moment(report.born_at if report.born_at is not None else folded.get("timestamp"), now)
    number = _number(report)
    if name in _PEOPLE:
        people = [one for one in _ids(folded, "userid") if not one.startswith(NOBODY)]
        told = {"change_type": _PEOPLE[name], **_named(report.inner, "userid", "timestamp")}
        return tuple(
            _event(EventKind.DIRECTORY, short(f"{number}:{person}"), at, {**told, "user_id": person})
            for person in people
        )
    if name in _DEPARTMENTS:
        told = {"change_type": _DEPARTMENTS[name]}
        return tuple(
            _event(EventKind.DIRECTORY, short(f"{number}:{department}"), at, {**told, "id": department})
            for department in _ids(folded, "deptid")
        )
    if name in _APPROVALS:
        if _text(folded, "type") not in _APPROVALS[name]:
            return ()
        told = {"number": _text(folded, "processinstanceid"), "template": _text(folded, "processcode")}
        return (_event(EventKind.APPROVAL, short(number), at, told),)
    return (_event(EventKind.OTHER, short(number), at, {"event": report.name, **report.inner}),)


def _event(kind: EventKind, key: str, at: datetime, fields: dict[str, Any]) -> Event:
    return Event(channel=CHANNEL, kind=kind, key=key, user_id="", at=at, fields=fields)


def _number(report: Report) -> str:
    """Name the report: alike for each of its deliveries.

    The number is an id in some shapes and a millisecond in others, where two events may share one: the content parts
    them.
    """
    said = canonical([report.name.lower(), report.inner if report.number else [report.inner, report.born_at]])
    digest = hashlib.sha256(said.encode()).hexdigest()
    return f"event:{report.number[:36]}:{digest[: 32 if report.number else 64]}"


def _ids(folded: dict[str, Any], name: str) -> list[str]:
    return [one for one in dict.fromkeys(texts_of(folded.get(name))) if len(one) <= LONGEST_ID]


def _named(inner: dict[str, Any], *besides: str) -> dict[str, Any]:
    """Name what is left as Python does."""
    return {_WORD.sub("_", key).lower(): value for key, value in inner.items() if key.casefold() not in besides}


def _folded(body: dict[str, Any]) -> dict[str, Any]:
    """Return `body` by names without capitals; Malformed when two spellings contradict each other."""
    folded: dict[str, Any] = {}
    for name, value in body.items():
        if folded.setdefault(name.casefold(), value) != value:
            raise Malformed
    return folded


def _text(folded: dict[str, Any], name: str) -> str:
    value = folded.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
