"""Failures that happen at once: to open sockets, or in the company."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from emulator.control import NotNow
from emulator.dingtalk import events
from emulator.dingtalk.settings import Person
from emulator.dingtalk.stream.connection import CALLBACK, SYSTEM, Connection
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

ABNORMAL = 1006


def disconnect(platform: "Platform", params: Json) -> None:
    """Ask every client to connect anew."""
    for connection in _open(platform):
        connection.disconnect(str(params.get("reason") or "connection is expired"))


def stall(platform: "Platform", _: Json) -> None:
    """Let every socket stay open and say nothing any more."""
    for connection in _open(platform):
        connection.state = "stalled"


def drop_abrupt(platform: "Platform", params: Json) -> None:
    """Cut every socket: without a word (1006), or with another close code."""
    code = int(params.get("code") or ABNORMAL)
    for connection in _open(platform):
        if code == ABNORMAL:
            connection.cut()
        else:
            connection.close(code)


def bad_frame(platform: "Platform", _: Json) -> None:
    """Send every client something that is no frame."""
    for connection in _open(platform):
        connection.send('{"specVersion":"1.0","type":"CALLBACK","headers":')


def unknown_system_topic(platform: "Platform", _: Json) -> None:
    """Send every client a system frame of another time."""
    _send(platform, SYSTEM, "KEEPALIVE")


def unknown_callback_topic(platform: "Platform", _: Json) -> None:
    """Send every client a callback it never asked for."""
    _send(platform, CALLBACK, "/v1.0/of/tomorrow")


def user_left(platform: "Platform", params: Json) -> None:
    """Let a member leave, and say so."""
    userid = str(params.get("userid") or "")
    people = platform.directory.people
    person = platform.directory.find(userid) if userid else (people[-1] if people else None)
    if person is None:
        raise ValueError(f"there is no member {userid!r}")
    leave(platform, person)


def leave(platform: "Platform", person: Person) -> None:
    """Let a member leave: unknown from now on, and user_leave_org goes out."""
    platform.directory.leave(person)
    events.about_users(platform, "user_leave_org", [person.userid])
    platform.feed.restart()


def user_joined(platform: "Platform", params: Json) -> None:
    """Let somebody join, and say so."""
    userid = str(params.get("userid") or f"user_{platform.ids.hexes(6)}")
    join(platform, Person(userid=userid, name=str(params.get("name") or "新同事")))


def join(platform: "Platform", person: Person) -> None:
    """Let somebody join: user_add_org goes out."""
    platform.directory.join(person)
    events.about_users(platform, "user_add_org", [person.userid])
    platform.feed.restart()


def _open(platform: "Platform") -> list[Connection]:
    found = [one for one in platform.stream.connections() if one.state == "open"]
    if not found:
        raise NotNow("没有打开的 Stream 连接")
    return found


def _send(platform: "Platform", kind: str, topic: str) -> None:
    for connection in _open(platform):
        connection.send(json.dumps(connection.frame(kind, topic, "{}")))


STORIES: dict[str, Callable[["Platform", Json], None]] = {
    "disconnect": disconnect,
    "stall": stall,
    "drop_abrupt": drop_abrupt,
    "bad_frame": bad_frame,
    "unknown_system_topic": unknown_system_topic,
    "unknown_callback_topic": unknown_callback_topic,
    "user_left": user_left,
    "user_joined": user_joined,
}
