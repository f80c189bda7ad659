"""WeCom as one channel: what it hears and what it says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from bot.channels.base import Locks, Tokens
from bot.channels.envelope import Keys
from bot.channels.wecom.callback import FRESHNESS, WeComCallback
from bot.channels.wecom.client import WeComClient
from bot.channels.wecom.directory import WeComDirectory
from bot.channels.wecom.oa import WeComOa

API_BASE = "https://qyapi.weixin.qq.com"


@dataclass(frozen=True)
class WeCom:
    """Both halves of the channel."""

    name: ClassVar[str] = "wecom"
    callback: WeComCallback
    client: WeComClient
    oa_callback: WeComCallback | None
    now: Callable[[], datetime]

    @property
    def directory(self) -> WeComDirectory:
        """The company's address book, by the same app."""
        return WeComDirectory(self.client.api)

    @property
    def oa(self) -> WeComOa:
        """The company's own approvals, by the same app."""
        return WeComOa(self.client.api, self.now)


def connect(
    *,
    corp_id: str,
    agent_id: int | str,
    secret: str,
    keys: Sequence[Keys],
    oa_keys: Keys | None = None,
    public_url: str,
    tokens: Tokens,
    locks: Locks,
    now: Callable[[], datetime],
    api_base: str = API_BASE,
    markdown: bool = False,
    proxy: str = "",
    freshness: timedelta = FRESHNESS,
    machine: Callable[[], datetime] | None = None,
) -> WeCom:
    """Join both halves for one self-built app. `keys` are its callback's, the current pair first; `oa_keys` are those
    of the platform's approvals, where they report to an address of their own.

    `machine` is the machine's clock where `now` is another: signatures are fresh by it.
    """
    client = WeComClient(
        corp_id,
        agent_id,
        secret,
        base_url=api_base,
        public_url=public_url,
        tokens=tokens,
        locks=locks,
        markdown=markdown,
        proxy=proxy,
    )
    return WeCom(
        callback=WeComCallback(corp_id, agent_id, keys, now, freshness, machine),
        client=client,
        oa_callback=WeComCallback(corp_id, agent_id, [oa_keys], now, freshness, machine) if oa_keys else None,
        now=now,
    )
