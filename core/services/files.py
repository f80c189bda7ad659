"""Keeping files: what comes in is checked, what belongs to a record is numbered."""

import hashlib
import unicodedata
from pathlib import PurePosixPath

from core.errors.files import FileRefused
from core.model.file import LARGEST, MEDIA_TYPES, File, suffix_of
from core.model.ids import Ref
from core.ports import UnitOfWork

LONGEST_NAME = 120
_HEADS = {
    "pdf": b"%PDF-",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
    "gif": b"GIF8",
    "zip": b"PK",
    "docx": b"PK",
    "xlsx": b"PK",
    "pptx": b"PK",
}


def keep_file(uow: UnitOfWork, owner: Ref, purpose: str, name: str, content: bytes) -> File:
    """Keep a file as the next edition of what `owner` has for this purpose.

    Raises FileRefused for what is empty, too large, of a kind we do not keep, or not what its name says.
    """
    name = plain_name(name)
    suffix = suffix_of(name)
    if suffix not in MEDIA_TYPES:
        raise FileRefused(name, f"只能存 {'、'.join(sorted(MEDIA_TYPES))} 文件，请换一种格式再发")
    if not content:
        raise FileRefused(name, "文件是空的，请检查后重新发送")
    if len(content) > LARGEST:
        raise FileRefused(name, f"文件有 {len(content) / 2**20:.1f} MB，最大 {LARGEST // 2**20} MB，请压缩或拆开再发")
    if not content.startswith(_HEADS.get(suffix, b"")):
        raise FileRefused(name, f"内容不是 {suffix} 文件，可能已损坏，请重新导出再发")
    before = uow.files.of(owner, purpose)
    file = File(
        owner_kind=owner.kind,
        owner_id=owner.id,
        purpose=purpose,
        edition=before[0].edition + 1 if before else 1,
        name=name,
        media_type=MEDIA_TYPES[suffix],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        created_by=uow.actor.id or None,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.files.add(file, content)
    uow.flush()
    return file


def plain_name(name: str) -> str:
    """Return a file's name without folders, control characters, or more length than a screen has; its end stays."""
    last = PurePosixPath(name.replace("\\", "/")).name
    clean = "".join(one for one in unicodedata.normalize("NFC", last) if one.isprintable()).strip(" .")
    stem, dot, suffix = clean.rpartition(".")
    if dot and len(clean) > LONGEST_NAME:
        return f"{stem[: LONGEST_NAME - len(suffix) - 1]}.{suffix}"
    return clean[:LONGEST_NAME]
