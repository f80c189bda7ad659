"""Which files the platform takes.

https://open.dingtalk.com/document/orgapp/upload-media-files
"""

import zipfile
from datetime import timedelta
from io import BytesIO

from core.errors import DeliveryFailed

LARGEST = {"image": 20 * 2**20, "voice": 2 * 2**20, "video": 20 * 2**20, "file": 20 * 2**20}
FILE_TYPES = {
    "image": frozenset({"jpg", "jpeg", "png", "gif", "bmp"}),
    "voice": frozenset({"amr", "mp3", "wav"}),
    "video": frozenset({"mp4"}),
    "file": frozenset({"xlsx", "pdf", "zip", "rar", "doc", "docx"}),
}
"""What a robot may send; the upload itself takes some kinds more."""

MEDIA_LIVES = timedelta(days=1)
"""How long a media id is used again. The platform names no end, so we do not rely on a late one."""


def suffix_of(filename: str) -> str:
    """Return what kind of file a name stands for, in lower case."""
    return filename.rpartition(".")[2].lower()


def sendable(name: str, content: bytes) -> tuple[str, bytes]:
    """Return name and bytes as the robot can send them: what it cannot is put into a zip of its name."""
    if suffix_of(name) in FILE_TYPES["file"] | FILE_TYPES["image"]:
        return name, content
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content)  # the same bytes at every try
    return f"{name}.zip", packed.getvalue()


def check_size(kind: str, filename: str, content: bytes) -> None:
    """Refuse here what the platform would refuse after the upload."""
    if kind not in LARGEST:
        raise DeliveryFailed(reason=f"钉钉不支持上传 {kind} 类型的文件")
    if suffix_of(filename) not in FILE_TYPES[kind]:
        raise DeliveryFailed(reason=f"钉钉机器人的 {kind} 只能是 {'、'.join(sorted(FILE_TYPES[kind]))}，请转换后再发")
    if not 0 < len(content) <= LARGEST[kind]:
        raise DeliveryFailed(reason=f"文件大小 {len(content)} 字节，钉钉的 {kind} 应在 1 到 {LARGEST[kind]} 字节之间")
