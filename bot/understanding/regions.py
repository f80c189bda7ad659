"""Finds regions, provinces and the larger cities in a text; a few hundred names, no districts."""

import re
from dataclasses import dataclass
from functools import cache

from bot.understanding.text import fold
from core.rules.regions import areas


@dataclass(frozen=True, slots=True)
class RegionSpan:
    """A place and the words that said it, with the province and the big region it lies in as far as they are known."""

    start: int
    end: int
    words: str
    name: str
    area: str
    province: str | None = None


def find_regions(text: str) -> list[RegionSpan]:
    """Find every place in `text`, in order; 苏州 lies in 江苏 and 华东."""
    pattern, places = _table()
    found = []
    for match in pattern.finditer(fold(text)):
        area, province = places[match[1]]
        found.append(RegionSpan(*match.span(), text[slice(*match.span())], match[1], area, province))
    return found


@cache
def _table() -> tuple[re.Pattern[str], dict[str, tuple[str, str | None]]]:
    places: dict[str, tuple[str, str | None]] = {}
    for area, provinces in areas().items():
        places[area] = (area, None)
        for province, cities in provinces.items():
            places.update(dict.fromkeys((*cities, province), (area, province)))
    names = "|".join(sorted(map(re.escape, places), key=len, reverse=True))
    return re.compile(rf"({names})(?:地区|大区|区域|片区|省|市(?!场)|(?<=[南北东中])区(?!域|别|分))?(?![路街])"), places
