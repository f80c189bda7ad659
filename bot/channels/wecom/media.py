"""Files on their way to the platform: names, sizes, and the form they travel in.

https://developer.work.weixin.qq.com/document/path/90253
"""

import re
from dataclasses import dataclass
from secrets import token_hex
from urllib.parse import unquote

from bot.channels.wecom.words import clean
from core.errors import DeliveryFailed

SMALLEST = 6  # bytes
LARGEST = {"image": 10 * 2**20, "voice": 2 * 2**20, "video": 10 * 2**20, "file": 20 * 2**20}
LONGEST_NAME = 80
_NOT_IN_NAMES = re.compile(r'[/\\:"*?<>|\n]')
_FILE_NAME = re.compile(r'filename="([^"]*)"')
_QUOTED_NAME = re.compile(r"filename\*=UTF-8''([^;\s]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Download:
    """A file the platform kept for us."""

    name: str
    content_type: str
    content: bytes


def file_name(name: str) -> str:
    """Return a name the platform takes: the end is kept, because it says what the file is."""
    safe = _NOT_IN_NAMES.sub("_", clean(name)).strip(" .")
    stem, dot, suffix = safe.rpartition(".")
    if len(safe) > LONGEST_NAME and dot and len(suffix) < LONGEST_NAME // 2:
        return f"{stem[: LONGEST_NAME - len(suffix) - 1]}.{suffix}"
    return safe[:LONGEST_NAME] or "file"


def check_size(kind: str, content: bytes) -> None:
    """Refuse here what the platform would refuse after the upload."""
    if kind not in LARGEST:
        raise DeliveryFailed(reason=f"企业微信不支持上传 {kind} 类型的文件")
    if not SMALLEST <= len(content) <= LARGEST[kind]:
        raise DeliveryFailed(
            reason=f"文件大小 {len(content)} 字节，企业微信的 {kind} 应在 {SMALLEST} 到 {LARGEST[kind]} 字节之间"
        )


def form(field: str, name: str, content: bytes) -> tuple[bytes, str]:
    """Return body and content type of an upload.

    Written by hand: the platform refuses the encoded names (RFC 2231) that libraries make of Chinese ones.
    """
    boundary = token_hex(16)
    head = (
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="{field}"; filename="{name}"; filelength={len(content)}\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return b"".join(
        (head.encode(), content, f"\r\n--{boundary}--\r\n".encode())
    ), f"multipart/form-data; boundary={boundary}"


def name_in(disposition: str) -> str:
    """Return the file name in a Content-Disposition header: percent-encoded, or raw UTF-8 as the platform does."""
    if quoted := _QUOTED_NAME.search(disposition):
        return file_name(unquote(quoted[1], errors="replace"))
    found = _FILE_NAME.search(disposition.encode("latin-1", "ignore").decode("utf-8", "replace"))
    return file_name(found[1] if found else "")
