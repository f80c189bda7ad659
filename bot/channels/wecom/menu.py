"""The app's menu: up to three entries, each a command, a page, or up to five of those.

https://developer.work.weixin.qq.com/document/path/90231
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

ENTRIES, SUB_ENTRIES = 3, 5
NAME_BYTES, KEY_BYTES, URL_BYTES = 16, 128, 1024


@dataclass(frozen=True, kw_only=True)
class MenuEntry:
    """`key` arrives as the text of a MENU event, `url` opens a page, `entries` open upwards."""

    label: str
    key: str = ""
    url: str = ""
    entries: tuple["MenuEntry", ...] = ()


def menu_json(entries: Sequence[MenuEntry]) -> dict[str, Any]:
    """Return what `menu/create` takes; a ValueError says which entry it would refuse."""
    _check_count(entries, ENTRIES, "菜单")
    return {"button": [_entry(entry) for entry in entries]}


def _entry(entry: MenuEntry) -> dict[str, Any]:
    if not entry.label or len(entry.label.encode()) > NAME_BYTES:
        raise ValueError(f"菜单「{entry.label}」的名称应为 1 到 {NAME_BYTES} 字节（5 个汉字）")
    if entry.entries:
        _check_count(entry.entries, SUB_ENTRIES, entry.label)
        return {"name": entry.label, "sub_button": [_entry(inner) for inner in entry.entries]}
    if entry.url and len(entry.url.encode()) <= URL_BYTES:
        return {"type": "view", "name": entry.label, "url": entry.url}
    if entry.key and len(entry.key.encode()) <= KEY_BYTES:
        return {"type": "click", "name": entry.label, "key": entry.key}
    raise ValueError(f"菜单「{entry.label}」没有可用的 key 或 url")


def _check_count(entries: Sequence[MenuEntry], most: int, where: str) -> None:
    if not 1 <= len(entries) <= most:
        raise ValueError(f"{where}应有 1 到 {most} 项，现在有 {len(entries)} 项")
