"""Files that people send: fetched by what the event says of them, on whichever platform it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import DeliveryFailed

if TYPE_CHECKING:
    from bot.channels.dingtalk.channel import DingTalk
    from bot.channels.wecom.channel import WeCom

NAMELESS = "file"
ENDINGS = {b"%PDF-": "pdf", b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif"}


@dataclass(frozen=True)
class Downloads:
    """See `core.ports.files.Intake`."""

    wecom: "WeCom | None"
    dingtalk: "DingTalk | None"

    def fetch(self, channel: str, fields: Mapping[str, Any]) -> tuple[str, bytes]:
        """Return name and bytes; a picture without a name gets one that says what it is."""
        said = str(fields.get("file_name") or "")
        if channel == "wecom" and self.wecom is not None and fields.get("media_id"):
            got = self.wecom.client.download(str(fields["media_id"]))
        elif channel == "dingtalk" and self.dingtalk is not None and fields.get("download_code"):
            got = self.dingtalk.client.download(str(fields["download_code"]), said or NAMELESS)
        else:
            raise DeliveryFailed(reason="这个平台没有接通，或消息里没有文件")
        return _named(said or got.name, got.content), got.content


def _named(name: str, content: bytes) -> str:
    """Return a name with an end that says what the bytes are."""
    if "." in name.strip("."):
        return name
    ending = next((end for head, end in ENDINGS.items() if content.startswith(head)), "")
    stem = "图片" if ending in ("png", "jpg", "gif") and name in ("", NAMELESS) else name or NAMELESS
    return f"{stem}.{ending}" if ending else stem
