"""Files on their way to the platform: sizes, and the form they travel in.

https://developer.work.weixin.qq.com/document/path/90253
"""

from datetime import timedelta
from secrets import token_hex

from core.errors import DeliveryFailed

SMALLEST = 6  # bytes
LARGEST = {"image": 10 * 2**20, "voice": 2 * 2**20, "video": 10 * 2**20, "file": 20 * 2**20}

MEDIA_LIVES = timedelta(days=3) - timedelta(hours=1)
"""How long an id is used again; the platform keeps it for three days."""
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def kind_of(filename: str, content: bytes) -> str:
    """Say whether the platform shows a file as a picture: JPEG and PNG that are not too large."""
    suffix = filename.rpartition(".")[2].lower()
    shown = suffix in ("png", "jpg", "jpeg") and content.startswith(_PICTURES) and len(content) <= LARGEST["image"]
    return "image" if shown else "file"


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
