"""Files: uploaded for sending, or sent by members and fetched by their download code (§5.5, §5.9)."""

import base64
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Response

from emulator.clock import Clock
from emulator.dingtalk.api import Api, Call, oapi, v1
from emulator.dingtalk.errors import ApiError, OapiError
from emulator.dingtalk.ids import Ids
from emulator.dingtalk.robot import check_robot
from emulator.dingtalk.settings import DOWNLOAD_LIFE
from emulator.store import Json, Store

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

MEGA = 2**20
LARGEST = {"image": 20 * MEGA, "voice": 2 * MEGA, "video": 20 * MEGA, "file": 20 * MEGA}
ENDINGS = {
    "image": {"jpg", "jpeg", "gif", "png", "bmp"},
    "voice": {"amr", "mp3", "wav"},
    "video": {"mp4"},
    "file": {"doc", "docx", "xls", "xlsx", "ppt", "pptx", "zip", "pdf", "rar"},
}


class Media:
    """Holds bytes by media id or download code."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._files = store.shelf("media")
        self._clock = clock
        self._ids = ids

    def keep(self, kind: str, filename: str, content_type: str, content: bytes, *, prefix: str = "@lAD") -> Json:
        """Keep a file and return what is known of it."""
        media_id = f"{prefix}{self._ids.hexes(24)}"
        held = {
            "media_id": media_id,
            "type": kind,
            "filename": filename,
            "content_type": content_type,
            "size": len(content),
            "created_ms": int(self._clock.now().timestamp() * 1000),
            "content": base64.b64encode(content).decode(),
        }
        self._files.put(media_id, held)
        return held

    def find(self, media_id: str) -> Json | None:
        """Return what is known of a file."""
        found: Json | None = self._files.get(media_id)
        return found

    def fresh(self, media_id: str) -> bool:
        """Say whether a member's file can still be fetched."""
        held = self.find(media_id)
        age_ms = self._clock.now().timestamp() * 1000 - (held or {}).get("created_ms", 0)
        return held is not None and age_ms < DOWNLOAD_LIFE.total_seconds() * 1000

    def clear(self) -> None:
        """Forget all files."""
        self._files.clear()


def upload(platform: "Platform", call: Call) -> Json:
    """Keep an uploaded file; the form field must be called media and have a file name."""
    kind, file = call.request.args.get("type") or call.request.form.get("type", ""), call.request.files.get("media")
    if kind not in LARGEST or file is None or not file.filename:
        raise OapiError(40004, "media or type is missing")
    content = file.read()
    file.close()
    if file.filename.rpartition(".")[2].lower() not in ENDINGS[kind]:
        raise OapiError(40004)
    if not content or len(content) > LARGEST[kind]:
        raise OapiError(40009)
    held = platform.media.keep(kind, file.filename, file.mimetype or "application/octet-stream", content)
    return {"media_id": held["media_id"], "created_at": held["created_ms"], "type": kind}


def download(platform: "Platform", call: Call) -> Json:
    """Say where a member's file can be fetched for a while."""
    check_robot(platform, call.json.get("robotCode"))
    code = call.words("downloadCode", "invalidParameter.robotCode.downloadCode")
    if not platform.media.fresh(code):
        raise ApiError("invalidParameter.robotCode.downloadCode", "downloadCode不存在或已过期")
    return {"downloadUrl": f"{call.request.host_url}files/{quote(code, safe='')}.file"}


def as_file(held: Json) -> Response:
    """Write a kept file as a download."""
    response = Response(base64.b64decode(held["content"]), mimetype=held["content_type"])
    name = quote(held["filename"])
    response.headers["Content-Disposition"] = f"attachment; filename=\"file\"; filename*=UTF-8''{name}"
    return response


APIS: tuple[Api, ...] = (
    oapi("media/upload", upload, upload=True),
    v1("POST", "robot/messageFiles/download", download),
)
