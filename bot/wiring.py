"""The settings of each chat platform, made into its channel. `bot/bootstrap.py` asks for those that are set.

What one platform needs is imported with it, because most installations have only one.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.channels.base import Locks, Tokens
from bot.channels.envelope import Keys
from bot.event import Event
from bot.settings import Settings
from core.ports.mirrors import Oa, Platforms
from storage.seal import Seal

if TYPE_CHECKING:
    from bot.channels.dingtalk.channel import DingTalk
    from bot.channels.dingtalk.stream import Stream
    from bot.channels.webhook import WebhookOutlet
    from bot.channels.wecom.channel import WeCom


def _machine() -> datetime:
    return datetime.now(UTC)


def wire_wecom(settings: Settings, *, tokens: Tokens, locks: Locks, now: Callable[[], datetime]) -> "WeCom":
    """Join both halves of the WeCom channel."""
    from bot.channels.wecom.channel import connect

    return connect(
        corp_id=settings.wecom_corp_id,
        agent_id=settings.wecom_agent_id,
        secret=settings.wecom_secret.get_secret_value(),
        keys=[Keys(settings.wecom_token.get_secret_value(), settings.wecom_aes_key.get_secret_value())],
        oa_keys=Keys(settings.wecom_oa_token.get_secret_value(), settings.wecom_oa_aes_key.get_secret_value())
        if settings.has_wecom_oa
        else None,
        public_url=settings.address,
        tokens=tokens,
        locks=locks,
        now=now,
        machine=_machine,
        api_base=settings.wecom_api_base,
    )


def wire_dingtalk(settings: Settings, *, tokens: Tokens, locks: Locks, now: Callable[[], datetime]) -> "DingTalk":
    """Join both halves of the DingTalk channel."""
    from bot.channels.dingtalk.channel import connect

    token, aes_key = settings.dingtalk_token.get_secret_value(), settings.dingtalk_aes_key.get_secret_value()
    return connect(
        client_id=settings.dingtalk_client_id,
        client_secret=settings.dingtalk_client_secret.get_secret_value(),
        robot_code=settings.dingtalk_robot_code,
        corp_id=settings.dingtalk_corp_id,
        template_id=settings.dingtalk_card_template_id,
        keys=Keys(token, aes_key) if settings.has_dingtalk_events else None,
        api_base=settings.dingtalk_api_base,
        oapi_base=settings.dingtalk_oapi_base,
        public_url=settings.address,
        tokens=tokens,
        locks=locks,
        seal=Seal(settings.key()),
        now=now,
        machine=_machine,
    )


def wire_stream(
    settings: Settings,
    dingtalk: "DingTalk",
    *,
    keep: Callable[[Sequence[Event]], None],
    tokens: Tokens,
    now: Callable[[], datetime],
) -> "Stream":
    """Return DingTalk's Stream connection, not yet opened; what it hears goes to `keep`."""
    from bot.channels.dingtalk.frames import Frames
    from bot.channels.dingtalk.stream import Stream

    return Stream(
        client_id=settings.dingtalk_client_id,
        client_secret=settings.dingtalk_client_secret.get_secret_value(),
        api_base=settings.dingtalk_api_base,
        frames=Frames(dingtalk.robot, dingtalk.clicks, now),
        keep=keep,
        tokens=tokens,
    )


def wire_webhook(settings: Settings) -> "WebhookOutlet":
    """Return what tells the company's other system of events; ValueError when its secret is none."""
    from bot.channels.webhook import WebhookOutlet
    from connectors.webhooks import Webhook

    return WebhookOutlet(Webhook(settings.webhook_url, settings.webhook_secret.get_secret_value()))


def platforms(settings: Settings, wecom: "WeCom | None", dingtalk: "DingTalk | None") -> Platforms:
    """Join by what means each platform shows approvals."""
    oas: dict[str, Oa] = {"wecom": wecom.oa} if wecom else {}
    if dingtalk:
        oas["dingtalk"] = dingtalk.oa
    return Platforms({"dingtalk": dingtalk.todos} if dingtalk and settings.has_todos else {}, oas)
