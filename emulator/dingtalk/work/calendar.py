"""The calendar: events of a member's primary calendar, made once for each client token (§6.5)."""

from typing import TYPE_CHECKING

from emulator.dingtalk import events
from emulator.dingtalk.api import Api, Call, v1
from emulator.dingtalk.counters import CHINA
from emulator.dingtalk.errors import ApiError
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

WRITE, READ = "Calendar.Event.Write", "Calendar.Event.Read"
LONGEST_SUMMARY, LONGEST_DESCRIPTION, MOST_ATTENDEES, PER_DAY = 2048, 5000, 500, 100
FIELDS = ("summary", "description", "start", "end", "isAllDay", "location", "reminders", "recurrence", "extra")


def create(platform: "Platform", call: Call) -> Json:
    """Put an event into a member's calendar."""
    owner = _owner(platform, call)
    token = call.request.headers.get("x-client-token", "")
    mine = [one for one in platform.calendar.values() if one["owner"] == owner]
    if token and (known := next((one for one in mine if one["token"] == token), None)):
        return _shown(platform, known)
    today = platform.clock.now().astimezone(CHINA).date().isoformat()
    if len([one for one in mine if one["day"] == today]) >= PER_DAY:
        raise ApiError("flowLimit", "日程创建过于频繁")
    event = {
        "id": platform.ids.hexes(24),
        "owner": owner,
        "token": token,
        "day": today,
        "createTime": platform.clock.now().isoformat(),
        **_fields(platform, call.json, whole=True),
    }
    return _kept(platform, event, "created")


def change(platform: "Platform", call: Call) -> Json:
    """Change an event."""
    return _kept(platform, {**_event(platform, call), **_fields(platform, call.json, whole=False)}, "updated")


def delete(platform: "Platform", call: Call) -> Json:
    """Take an event away."""
    event = _event(platform, call)
    platform.calendar.drop(event["id"])
    _tell(platform, event, "deleted")
    return {}


def read(platform: "Platform", call: Call) -> Json:
    """Return one event."""
    return _shown(platform, _event(platform, call))


def listed(platform: "Platform", call: Call) -> Json:
    """List a member's events that begin between timeMin and timeMax."""
    owner, since, until = _owner(platform, call), call.args.get("timeMin", ""), call.args.get("timeMax", "~")
    found = [one for one in platform.calendar.values() if one["owner"] == owner and since <= _begins(one) <= until]
    return {"events": [_shown(platform, one) for one in found]}


def _fields(platform: "Platform", body: Json, *, whole: bool) -> Json:
    """Read what an event says; `whole` asks for what an event needs."""
    read = {name: body[name] for name in FIELDS if name in body}
    if whole and not (isinstance(body.get("summary"), str) and body["summary"]):
        raise ApiError("invalidParameter.summary", "summary为空")
    if (
        len(str(body.get("summary", ""))) > LONGEST_SUMMARY
        or len(str(body.get("description", ""))) > LONGEST_DESCRIPTION
    ):
        raise ApiError("invalidParameter", "summary或description过长")
    for name in ("start", "end") if whole else ():
        moment = body.get(name)
        wanted = "date" if body.get("isAllDay") else "dateTime"
        if (name == "start" or name in body) and not (isinstance(moment, dict) and moment.get(wanted)):
            raise ApiError(f"invalidParameter.{name}", f"{name}.{wanted}为空")
    if "attendees" in body or whole:
        people = [one.get("id") for one in body.get("attendees") or [] if isinstance(one, dict)]
        if len(people) > MOST_ATTENDEES or any(platform.directory.by_union(str(one)) is None for one in people):
            raise ApiError("invalidParameter.attendees", "attendees不合法")
        read["attendees"] = people
    return read


def _owner(platform: "Platform", call: Call) -> str:
    if platform.directory.by_union(call.parts["unionId"]) is None:
        raise ApiError("permissionDeny", "用户不存在", 403)
    return call.parts["unionId"]


def _event(platform: "Platform", call: Call) -> Json:
    found: Json | None = platform.calendar.get(call.parts["eventId"])
    if found is None or found["owner"] != _owner(platform, call):
        raise ApiError("notFound", "日程不存在", 404)
    return found


def _kept(platform: "Platform", event: Json, what: str) -> Json:
    platform.calendar.put(event["id"], event)
    _tell(platform, event, what)
    return _shown(platform, event)


def _shown(platform: "Platform", event: Json) -> Json:
    attendees = []
    for union in event["attendees"]:
        person = platform.directory.by_union(union)
        attendees.append({"id": union, "displayName": person.name if person else "", "responseStatus": "needsAction"})
    hidden = ("owner", "token", "day")
    shown = {name: value for name, value in event.items() if name not in hidden}
    return {**shown, "attendees": attendees, "organizer": {"id": event["owner"]}, "status": "confirmed"}


def _begins(event: Json) -> str:
    start = event.get("start") or {}
    return str(start.get("dateTime") or start.get("date") or "")


def _tell(platform: "Platform", event: Json, what: str) -> None:
    people = list(dict.fromkeys([event["owner"], *event["attendees"]]))
    inner = {"calendarEventId": event["id"], "calendarId": "primary", "unionIdList": people, "changeType": what}
    events.emit(platform, "calendar_event_change", inner)


EVENTS = "calendar/users/{unionId}/calendars/primary/events"
APIS: tuple[Api, ...] = (
    v1("POST", EVENTS, create, scope=WRITE),
    v1("GET", EVENTS, listed, scope=READ),
    v1("GET", EVENTS + "/{eventId}", read, scope=READ),
    v1("PUT", EVENTS + "/{eventId}", change, scope=WRITE),
    v1("DELETE", EVENTS + "/{eventId}", delete, scope=WRITE),
)
