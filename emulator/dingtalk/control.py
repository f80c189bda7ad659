"""POST /__emu/*: what a test or the chat page lets members and platform do."""

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, request

from emulator import control
from emulator.control import NotNow, words
from emulator.dingtalk import control_company, control_reading
from emulator.dingtalk.cards.clicking import click as click_card
from emulator.dingtalk.control_input import Act, group, item, member, objects, people
from emulator.dingtalk.errors import Refused
from emulator.dingtalk.pushes import Push
from emulator.dingtalk.speaking import Words, say, text
from emulator.dingtalk.stories import STORIES
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

WAIT_S = 20.0
DTMD = "dtmd://dingtalkclient/sendMessage"


def control_routes(platform: "Platform") -> Blueprint:
    """Return the control routes of one platform."""
    return control.control_routes(platform, control_reading.READING, ACTING, Refused)


def speak(platform: "Platform", body: Json) -> Json:
    """Let a member say something, alone with the robot or in a group."""
    return _spoken(platform, body, text(words(body, "text")))


def voice(platform: "Platform", body: Json) -> Json:
    """Let a member say something aloud; the platform writes it down."""
    said = words(body, "recognition")
    held = platform.media.keep("voice", "voice.amr", "audio/amr", b"#!AMR\n", prefix="code")
    duration = body.get("duration", 3000)
    payload = {"duration": duration, "downloadCode": held["media_id"], "recognition": said}
    content = {"media_id": held["media_id"], "duration": duration, "recognition": said}
    return _spoken(platform, body, Words(msgtype="audio", payload=payload, shown="audio", content=content))


def rich_text(platform: "Platform", body: Json) -> Json:
    """Let a member say several pieces of text at once."""
    parts = body.get("parts")
    if not isinstance(parts, list) or not all(isinstance(one, str) for one in parts):
        raise ValueError("parts must be a list of texts")
    payload = {"richText": [{"text": one} for one in parts]}
    return _spoken(
        platform, body, Words(msgtype="richText", payload=payload, shown="text", content={"content": "".join(parts)})
    )


def tap(platform: "Platform", body: Json) -> Json:
    """Let a member tap a dtmd link of a message: the client writes for them, and in a group mentions the robot."""
    person, found, url = member(platform, body), item(platform, body), words(body, "url")
    address = urlsplit(url)
    said = parse_qs(address.query).get("content", [""])[0]
    if f"{address.scheme}://{address.netloc}{address.path}" != DTMD or not said.strip():
        raise ValueError(f"url must be {DTMD}?content=…")
    if found is None or found["userid"] != person.userid or found["from"] != "app":
        raise NotNow("dtmd 链接只在机器人发给本人的消息里有效")
    if url not in _links(found):
        raise NotNow("这条消息里没有这个链接")
    where = {**body, "group": found["conversation"] if found["group"] else ""}
    shown = f"@{platform.settings.app_name} {said}" if found["group"] else said
    heard = Words(msgtype="text", payload={"content": said}, shown="text", content={"content": shown})
    return _spoken(platform, where, heard)


def click(platform: "Platform", body: Json) -> Json:
    """Let a member click on an interactive card; a fault may add a second finger.

    `params` go out as they are; `key` is short for the parameter of that name.
    """
    person, track_id = member(platform, body), words(body, "outTrackId")
    params = {**({"key": body["key"]} if body.get("key") else {}), **objects(body, "params")}
    action_ids = [str(one) for one in body.get("actionIds") or ["button"]]
    fingers = 2 if platform.faults.take("card_double_click") else 1
    with platform.lock:
        made = [click_card(platform, person, track_id, action_ids, params) for _ in range(fingers)]
    return _emitted(body, [platform.pushes.emit(push) for push in made])


def read(platform: "Platform", body: Json) -> Json:
    """Let a member see what is on their phone: everything, or one conversation."""
    person, place = member(platform, body), body.get("conversation")
    return {"read": platform.mark_read(person.userid, str(place) if place else None)}


def replay(platform: "Platform", body: Json) -> Json:
    """Push something once more."""
    number = body.get("event_id")
    if not isinstance(number, int):
        raise ValueError("event_id must be a number")
    return _emitted(body, [platform.pushes.again(number)])


def address(platform: "Platform", body: Json) -> Json:
    """Save the address of robot messages or events; saving that of events asks it first."""
    if body.get("robot_url"):
        platform.robot_url = words(body, "robot_url")
    if body.get("event_url"):
        platform.http.events.check(words(body, "event_url"))
        platform.event_url = words(body, "event_url")
    for name in ("robot_mode", "event_mode"):
        if body.get(name):
            platform.set_mode(name, words(body, name))
    modes = {"robot_mode": platform.robot_mode, "event_mode": platform.event_mode}
    return {"robot_url": platform.robot_url, "event_url": platform.event_url, **modes}


def _spoken(platform: "Platform", body: Json, heard: Words) -> Json:
    push = say(
        platform,
        member(platform, body),
        heard,
        request.host_url,
        group=group(platform, body),
        at=people(platform, body, "at"),
        to_robot=bool(body.get("to_robot", True)),
        quoted=item(platform, body, "quote"),
    )
    return _emitted(body, [push]) if push else {"outcome": "said", "events": []}


def _links(found: Json) -> list[str]:
    """Return every link of a message: buttons, and links inside its markdown."""
    content = found["content"]
    buttons = [one["url"] for one in content.get("buttons", [])]
    feed = [one["messageURL"] for one in content.get("links", [])]
    return buttons + feed + re.findall(r"\]\(([^)\s]+)\)", str(content.get("text", "")))


def _emitted(body: Json, made: list[Push]) -> Json:
    """Answer the pushes; with wait: true after the service has answered them."""
    if body.get("wait"):
        for one in made:
            one.done.wait(WAIT_S)
    return {**made[0].as_json(), "events": [one.as_json() for one in made]}


ACTING: dict[str, Act] = {
    **control.ACTING,
    "say": speak,
    "voice": voice,
    "rich_text": rich_text,
    "tap": tap,
    "click": click,
    "read": read,
    "replay": replay,
    "callback": address,
    "fault": control.ordering(STORIES),
    **control_company.ACTING,
}
