"""message/send and what belongs to it: recall and statistics (§3.2, §3.4)."""

import hashlib
import json
import re
import secrets
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from emulator.phones import RECALLED
from emulator.store import Json
from emulator.wecom.api import APP, Api, Call, post
from emulator.wecom.bodies import read_body
from emulator.wecom.card_rules import answers
from emulator.wecom.errors import ApiError
from emulator.wecom.limits import DAY
from emulator.wecom.receivers import Audience, resolve, split
from emulator.wecom.settings import RECALL_WINDOW, Person

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

CHINA = timezone(timedelta(hours=8))
MESSAGES_PER_SEAT = 200
DUPLICATE_INTERVAL, DUPLICATE_MOST = 1800, 14400


def send(platform: "Platform", call: Call) -> Json:
    """Show a message on the receivers' phones, within all the platform's rules."""
    message = call.json
    check_agent(platform, message)
    audience = _audience(platform, message)
    msgtype = message.get("msgtype")
    content = read_body(msgtype, message, platform.media)
    code = _open_card(platform, content) if msgtype == "template_card" else None
    _translate_ids(platform, message, content)
    platform.limits.count("messages", DAY, platform.switches.account_cap * MESSAGES_PER_SEAT, len(audience.people))
    msgid = secrets.token_urlsafe(24)
    platform.messages.put(msgid, {"at": platform.clock.timestamp()})
    for person in audience.people:
        if not _is_repeated(platform, message, person):
            deliver(platform, person, str(msgtype), content, msgid)
    answer = {**audience.invalid(), "msgid": msgid}
    return answer if code is None else {**answer, "response_code": code}


def check_agent(platform: "Platform", body: Json) -> None:
    """Refuse a missing agentid (41011) and one that is not this app's (40056)."""
    if body.get("agentid") in (None, ""):
        raise ApiError(41011)
    if str(body["agentid"]) != str(platform.settings.agent_id):
        raise ApiError(40056)


def deliver(platform: "Platform", person: Person, msgtype: str, content: Json, msgid: str) -> None:
    """Show one copy, or drop it silently when this member got too much (logged under /__emu/dropped)."""
    switches = platform.switches
    if platform.faults.take("silent_drop", "message/send"):
        reason = "fault silent_drop"
    elif platform.limits.may_reach(person.userid, switches.member_per_minute, switches.member_per_hour):
        shown = json.loads(json.dumps(content))
        card = content.get("task_id") if msgtype == "template_card" else None
        platform.phones.show(person.userid, "app", msgtype, shown, msgid, card=card)
        return
    else:
        reason = "too many messages to this member"
    at = platform.clock.timestamp()
    platform.dropped.add(userid=person.userid, msgid=msgid, msgtype=msgtype, content=content, reason=reason, at=at)
    platform.feed.bump()


def recall(platform: "Platform", call: Call) -> Json:
    """Take a message back from every phone, within 24 hours."""
    msgid = call.words("msgid")
    sent = platform.messages.get(msgid)
    if sent is None:
        raise ApiError(40058, "unknown msgid")
    if platform.clock.timestamp() - sent["at"] > RECALL_WINDOW.total_seconds():
        raise ApiError(42052)
    for item in platform.phones.of_message(msgid):
        item["state"] = RECALLED
        platform.phones.save(item)
    return {}


def statistics(platform: "Platform", call: Call) -> Json:
    """Count the messages of today (time_type 0) or yesterday (1), days in China's time."""
    day = (platform.clock.now() - timedelta(days=int(call.json.get("time_type", 0)))).astimezone(CHINA).date()
    count = sum(1 for one in platform.messages.values() if datetime.fromtimestamp(one["at"], CHINA).date() == day)
    settings = platform.settings
    return {"statistics": [{"agentid": settings.agent_id, "app_name": settings.app_name, "count": count}]}


def _audience(platform: "Platform", message: Json) -> Audience:
    lists = [split(message.get(name)) for name in ("touser", "toparty", "totag")]
    audience = resolve(platform.directory, *lists)
    if platform.faults.take("all_users_bad", "message/send"):
        audience.strike_out(lambda _: True)
    partial = platform.faults.take("partial_users", "message/send")
    if partial:
        chosen = [userid.casefold() for userid in partial.params["users"]]
        first = audience.people[:1]
        audience.strike_out(lambda person: person.userid.casefold() in chosen if chosen else person in first)
    if not audience.people:
        raise ApiError(81013, **audience.invalid())
    return audience


def _open_card(platform: "Platform", card: Json) -> str | None:
    """Take the card's task_id and return its response_code, when it has callbacks at all."""
    if not answers(card):
        return None
    if not platform.callbacks.url:
        raise ApiError(43012)
    platform.codes.claim_task(card["task_id"], card["card_type"])
    return platform.codes.mint(card["task_id"])


def _is_repeated(platform: "Platform", message: Json, person: Person) -> bool:
    """Say whether the same content reached this member within the interval, when the sender asked for the check."""
    if not message.get("enable_duplicate_check"):
        return False
    interval = min(int(message.get("duplicate_check_interval") or DUPLICATE_INTERVAL), DUPLICATE_MOST)
    body = json.dumps([message.get("msgtype"), message.get(str(message.get("msgtype")))], sort_keys=True)
    key = f"{person.userid.casefold()} {hashlib.sha256(body.encode()).hexdigest()}"
    now, last = platform.clock.timestamp(), platform.seen.get(key)
    if last is not None and now - last < interval:
        return True
    platform.seen[key] = now
    return False


def _translate_ids(platform: "Platform", message: Json, content: Json) -> None:
    """Replace $userName=…$ and $departmentName=…$ by names when enable_id_trans asks for it."""
    if not message.get("enable_id_trans"):
        return

    def user(match: re.Match[str]) -> str:
        person = platform.directory.find(match[1])
        return person.name if person else match[0]

    def department(match: re.Match[str]) -> str:
        found = platform.directory.below(int(match[1]))
        return found[0].name if found else match[0]

    for name, value in content.items():
        if isinstance(value, str):
            named = re.sub(r"\$userName=([^$]+)\$", user, value)
            content[name] = re.sub(r"\$departmentName=(\d+)\$", department, named)


APIS: tuple[Api, ...] = (
    post("message/send", send, holders=(APP,)),
    post("message/recall", recall),
    post("message/get_statistics", statistics),
)
