"""Temporary media: uploaded once, fetched by media_id, gone after three days (§3.6)."""

import base64
import secrets

from emulator.clock import Clock
from emulator.store import Json, Store
from emulator.wecom.errors import ApiError
from emulator.wecom.settings import MEDIA_LIFE

MEGA = 2**20
LARGEST = {"image": 10 * MEGA, "voice": 2 * MEGA, "video": 10 * MEGA, "file": 20 * MEGA}
SMALLEST = 5
SIGNATURES: dict[str, tuple[bytes, ...]] = {
    "image": (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"),
    "voice": (b"#!AMR",),
}


class Media:
    """Holds uploaded bytes with name and type."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._files = store.shelf("media")
        self._clock = clock

    def keep(self, kind: str, filename: str, content_type: str, content: bytes) -> Json:
        """Check and keep a file; raises 40004 type, 40006 size, 44001 empty or badly named."""
        if kind not in LARGEST:
            raise ApiError(40004)
        if not filename or filename.startswith("/") or set(filename) & set("\\:"):
            raise ApiError(44001, "bad filename")
        if len(content) <= SMALLEST:
            raise ApiError(44001)
        if len(content) > LARGEST[kind]:
            raise ApiError(40006)
        if kind in SIGNATURES and not content.startswith(SIGNATURES[kind]):
            raise ApiError(40004, f"not a file WeCom takes as {kind}")
        media_id = "3" + secrets.token_urlsafe(48)
        held = {
            "media_id": media_id,
            "type": kind,
            "filename": filename,
            "content_type": content_type,
            "size": len(content),
            "created_at": self._clock.timestamp(),
            "content": base64.b64encode(content).decode(),
        }
        self._files.put(media_id, held)
        return held

    def find(self, media_id: str) -> Json:
        """Return what is known of a file; 40007 when unknown or older than three days."""
        held: Json | None = self._files.get(media_id)
        if held is None or held["created_at"] + MEDIA_LIFE.total_seconds() <= self._clock.timestamp():
            raise ApiError(40007)
        return held

    def content(self, media_id: str) -> bytes:
        """Return a file's bytes, under the same conditions as `find`."""
        return base64.b64decode(self.find(media_id)["content"])

    def clear(self) -> None:
        """Forget all files."""
        self._files.clear()
