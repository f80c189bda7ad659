"""What a button carries: an action with its ids, as `action?k=v&k2=v2` in at most 1,024 bytes."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

KEY_BYTES = 1024  # the least any platform takes: https://developer.work.weixin.qq.com/document/path/90236
MOST_VALUES = 32
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ACTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:@-]{0,63}")


def write_key(action: str, values: Mapping[str, str]) -> str:
    """Return the key of a button; a ValueError when a platform or `read_key` would not take it."""
    key = f"{action}?{urlencode(values)}" if values else action
    if len(key) > KEY_BYTES or read_key(key) != (action, dict(values)):
        raise ValueError(f"按钮 {action} 带的内容无法放进 {KEY_BYTES} 字节的键")
    return key


def read_key(key: str) -> tuple[str, dict[str, str]] | None:
    """Return action and values of a pressed button, or None when the key is not one of ours."""
    action, asked, query = key.partition("?")
    if not _ACTION.fullmatch(action):
        return None
    if not asked:
        return action, {}
    try:
        pairs = parse_qsl(query, True, True, errors="strict", max_num_fields=MOST_VALUES)
    except ValueError:
        return None
    values = dict(pairs)
    if len(values) != len(pairs) or any(_CONTROL.search(text) for pair in pairs for text in pair):
        return None
    return action, values
