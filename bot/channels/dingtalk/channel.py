"""DingTalk as one channel: what it hears and what it says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Protocol

from bot.channels.base import Callback, Locks, Tokens
from bot.channels.dingtalk.callback import CardCallback, Clocks, EventCallback, RobotCallback
from bot.channels.dingtalk.client import DingTalkClient
from bot.channels.dingtalk.crypto import EventSeal, Signs
from bot.channels.dingtalk.directory import DingTalkDirectory
from bot.channels.dingtalk.events import CHANNEL, Robot
from bot.channels.dingtalk.oa import DingTalkOa
from bot.channels.dingtalk.taps import Clicks
from bot.channels.dingtalk.todo import DingTalkTodos
from bot.channels.envelope import Keys

API_BASE = "https://api.dingtalk.com"
OAPI_BASE = "https://oapi.dingtalk.com"
ALIVE = "alive"
REMEMBERED = timedelta(days=1)
"""How long a heartbeat is good for. How a card calls back is fixed when it is made: an outage must not change it."""


class Seal(Protocol):
    """Closes a secret for the database, and opens it again."""

    def close(self, secret: str) -> str: ...
    def open(self, sealed: str) -> str | None: ...


@dataclass(frozen=True)
class DingTalk:
    """Both halves of the channel. `callbacks` are by what follows /callback/dingtalk/; Stream reads for `robot`."""

    name: ClassVar[str] = CHANNEL
    callbacks: Mapping[str, Callback]
    client: DingTalkClient
    robot: Robot
    clicks: Clicks
    address: str = ""

    @property
    def todos(self) -> DingTalkTodos:
        """The platform's own lists, by the same app."""
        return DingTalkTodos(self.client.api, self.address)

    @property
    def oa(self) -> DingTalkOa:
        """The company's own approvals, by the same app."""
        return DingTalkOa(self.client.api)

    @property
    def directory(self) -> DingTalkDirectory:
        """The company's contacts, by the same app."""
        return DingTalkDirectory(self.client.api)


def connect(
    *,
    client_id: str,
    client_secret: str,
    public_url: str,
    tokens: Tokens,
    locks: Locks,
    seal: Seal,
    now: Callable[[], datetime],
    robot_code: str = "",
    corp_id: str = "",
    template_id: str = "",
    keys: Keys | None = None,
    api_base: str = API_BASE,
    oapi_base: str = OAPI_BASE,
    machine: Callable[[], datetime] | None = None,
) -> DingTalk:
    """Join both halves for one app of one company. `keys` are those of events pushed over HTTP, if they are.

    `machine` is the machine's clock where `now` is another: signatures are fresh by it.
    """
    clocks = Clocks(now, machine or now)
    robot = Robot(client_id, robot_code or client_id, corp_id, oapi_base, seal.close)
    signs, clicks = Signs(client_secret), Clicks()
    callbacks: dict[str, Callback] = {
        "robot": RobotCallback(robot, signs, clocks),
        "card": CardCallback(robot, signs, clicks, clocks),
    }
    if keys is not None:
        callbacks["event"] = EventCallback(robot, EventSeal(client_id, keys), clocks)
    client = DingTalkClient(
        client_id,
        client_secret,
        robot_code=robot_code,
        template_id=template_id,
        api_base=api_base,
        oapi_base=oapi_base,
        public_url=public_url,
        tokens=tokens,
        locks=locks,
        unseal=seal.open,
        now=now,
        stream_alive=lambda: is_streaming(tokens, client_id),
    )
    return DingTalk(callbacks=callbacks, client=client, robot=robot, clicks=clicks, address=public_url)


def heartbeat(client_id: str) -> str:
    """Name what the shared store holds while a Stream connection of this app stands."""
    return f"dingtalk:{client_id}:stream"


def is_streaming(tokens: Tokens, client_id: str) -> bool:
    """Say whether some process of ours has, or had within `REMEMBERED`, a healthy Stream connection."""
    return tokens.get(heartbeat(client_id)) == ALIVE
