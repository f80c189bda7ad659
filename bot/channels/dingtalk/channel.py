"""DingTalk as one channel: what it hears and what it says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from bot.channels.base import Callback
from bot.channels.dingtalk.callback import CardCallback, EventCallback, RobotCallback
from bot.channels.dingtalk.crypto import EventSeal, Signs
from bot.channels.dingtalk.events import CHANNEL, Robot
from bot.channels.dingtalk.taps import Clicks
from bot.channels.envelope import Keys

OAPI_BASE = "https://oapi.dingtalk.com"


@dataclass(frozen=True)
class DingTalk:
    """Both halves of the channel. `callbacks` are by what follows /callback/dingtalk/."""

    name: ClassVar[str] = CHANNEL
    robot: Robot
    clicks: Clicks
    callbacks: Mapping[str, Callback]


def connect(
    *,
    client_id: str,
    client_secret: str,
    now: Callable[[], datetime],
    seal: Callable[[str], str],
    robot_code: str = "",
    corp_id: str = "",
    keys: Keys | None = None,
    oapi_base: str = OAPI_BASE,
) -> DingTalk:
    """Join both halves for one app of one company. `keys` are those of events pushed over HTTP, if they are."""
    robot = Robot(client_id, robot_code or client_id, corp_id, oapi_base, seal)
    signs, clicks = Signs(client_secret), Clicks()
    callbacks: dict[str, Callback] = {
        "robot": RobotCallback(robot, signs, now),
        "card": CardCallback(robot, signs, clicks, now),
    }
    if keys is not None:
        callbacks["event"] = EventCallback(robot, EventSeal(client_id, keys), now)
    return DingTalk(robot=robot, clicks=clicks, callbacks=callbacks)
