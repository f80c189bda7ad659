"""JSON from outside: one object, read without trust."""

import json
import math
import re
from datetime import UTC, datetime
from typing import Any

LARGEST_BODY = 64 * 1024
A_DAY = 86_400  # seconds; a clock further ahead than that is nonsense
LONGEST_NUMBER = 20  # digits of a 64-bit number
_ODD = re.compile("[\x00\ud800-\udfff]")  # no database keeps these


class Malformed(Exception):
    """Genuine perhaps, but not what the platform sends, or not for us."""


def read_object(body: bytes | str) -> dict[str, Any]:
    """Return the JSON object in `body`, its texts free of what no database keeps; Malformed for anything else."""
    try:
        read = json.loads(body.decode("utf-8", "strict") if isinstance(body, bytes) else body)
    except (ValueError, RecursionError):  # no UTF-8, no JSON, a number too long, brackets too deep
        raise Malformed from None
    return as_object(clean(read))


def as_object(value: Any) -> dict[str, Any]:
    """Return an object; absent is an empty one, a text may hold one, anything else is Malformed."""
    if value is None or value == "":
        return {}
    if isinstance(value, str):
        return read_object(value)
    if not isinstance(value, dict):
        raise Malformed
    return value


def clean(value: Any) -> Any:
    """Return `value` with what no database keeps in texts replaced; Malformed when it is too deep or no number."""
    try:
        return _cleaned(value)
    except RecursionError:
        raise Malformed from None


def text_of(body: dict[str, Any], name: str) -> str:
    """Return a text, empty when it is missing; a number is written out, anything else is Malformed."""
    value = body.get(name)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise Malformed


def texts_of(value: Any) -> list[str]:
    """Return a list of ids as texts; one alone counts as a list of one, what is no id is left out."""
    several = value if isinstance(value, list) else [value]
    return [str(one) for one in several if isinstance(one, str | int) and not isinstance(one, bool) and one != ""]


def moment(value: Any, now: datetime) -> datetime:
    """Return the instant of a time in milliseconds, as text or number; `now` when there is none to be had."""
    text = str(value)
    if len(text) <= LONGEST_NUMBER and text.isascii() and text.isdigit():
        seconds = int(text) / 1000
        if 0 < seconds < now.timestamp() + A_DAY:
            return datetime.fromtimestamp(seconds, UTC)
    return now


def canonical(value: Any) -> str:
    """Return one text for all spellings of the same JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return _ODD.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_cleaned(name): _cleaned(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise Malformed
    return value
