"""Where places lie: 苏州 in 江苏, 江苏 in 华东. A few hundred names, no districts."""

import json
from functools import cache, lru_cache
from pathlib import Path

from core.rules.fields.kind import folded

_ENDS = ("特别行政区", "自治区", "自治州", "地区", "大区", "区域", "片区", "省", "市")


@cache
def areas() -> dict[str, dict[str, list[str]]]:
    """Return the big regions with their provinces and the cities of each."""
    listed: dict[str, dict[str, list[str]]] = json.loads(
        Path(__file__).with_name("regions.json").read_text(encoding="utf-8")
    )
    return listed


@cache
def _above() -> dict[str, tuple[str, ...]]:
    above: dict[str, tuple[str, ...]] = {}
    for area, provinces in areas().items():
        above[area] = (area,)
        for province, cities in provinces.items():
            above[province] = (province, area)
            above.update({city: (city, province, area) for city in cities})
    return above


@lru_cache(maxsize=8192)
def lineage(words: str) -> tuple[str, ...]:
    """Return a place and all that it lies in: 江苏省苏州市 → 苏州, 江苏, 华东. A place we do not know is itself."""
    found: list[str] = []
    for part in _parts(words):
        found += [name for name in _above().get(part, (part,)) if name not in found]
    return tuple(found) or (folded(words),)


@lru_cache(maxsize=512)
def places_in(words: str) -> tuple[str, ...]:
    """Return a place and everything that lies in it, by the names we know: 江苏 → 江苏, 南京, 苏州…"""
    parts = _parts(words)
    if len(parts) != 1 or parts[0] not in _above():
        return (words,)
    return tuple(name for name, above in _above().items() if parts[0] in above)


def is_place(words: str) -> bool:
    """Say whether all of this is the name of a place we know."""
    parts = _parts(words)
    return bool(parts) and all(part in _above() for part in parts)


def _parts(words: str) -> list[str]:
    """Cut 江苏省苏州市 into 苏州 and 江苏, the smallest place first; one name that we do not know stays whole."""
    text = folded(words).replace("/", " ").replace("-", " ").replace("·", " ")
    parts: list[str] = []
    for word in text.split():
        rest, cut = word, []
        while rest:
            name = next((rest[:size] for size in range(min(len(rest), 6), 1, -1) if rest[:size] in _above()), "")
            if not name:
                break
            rest = rest[len(name) :]
            rest = next((rest.removeprefix(end) for end in _ENDS if rest.startswith(end)), rest)
            cut.append(name)
        parts += cut if cut and not rest else [*cut, rest] if cut else [word]
    return parts[::-1]
