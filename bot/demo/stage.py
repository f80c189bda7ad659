"""The demo's platforms, side by side on one clock, each with its page; a switch on the page leads to the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.demo.platform import dingtalk_platform, environment, wecom_platform
from core.model.member import CHANNELS

if TYPE_CHECKING:
    from emulator.server import Server


@dataclass(frozen=True)
class Ports:
    """Where product and pages listen."""

    product: int
    pages: dict[str, int]

    def address(self, channel: str) -> str:
        return f"http://127.0.0.1:{self.pages[channel]}/"


class Stage:
    """The emulated platforms, served until `close`. The product is told of them by `environment`."""

    def __init__(self, ports: Ports, data: Path | None) -> None:
        from emulator.dingtalk import Platform as DingTalk
        from emulator.server import serve
        from emulator.wecom import Platform as WeCom

        self.environment = environment(**ports.pages)
        self._servers: list[Server] = []
        clock = None
        if "wecom" in ports.pages:
            wecom = WeCom(wecom_platform(ports.product, data, siblings=_others(ports, "wecom")))
            clock = wecom.clock
            self._servers.append(serve(wecom, "127.0.0.1", ports.pages["wecom"]))
        if "dingtalk" in ports.pages:
            dingtalk = DingTalk(
                dingtalk_platform(ports.product, data, siblings=_others(ports, "dingtalk")), clock=clock
            )
            clock = dingtalk.clock
            self._servers.append(serve(dingtalk, "127.0.0.1", ports.pages["dingtalk"]))
        if clock is None:
            raise ValueError("至少要有一个平台")
        self._clock = clock

    def now(self) -> datetime:
        """What the platforms take for the present; the pages can move it."""
        return self._clock.now()

    def on_move(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever somebody moves the clock."""
        self._clock.on_change(listener)

    def close(self) -> None:
        """Stop serving."""
        for server in self._servers:
            server.close()


def _others(ports: Ports, channel: str) -> Sequence[tuple[str, str]]:
    return [(CHANNELS[other], ports.address(other)) for other in ports.pages if other != channel]
