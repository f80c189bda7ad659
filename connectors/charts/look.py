"""How our pictures look: sizes for a phone, colours, and words that fit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.fonts import FAMILY
from core.model.chart import Chart, Series
from core.rules.charts import said

Option = dict[str, Any]

WIDTH, HEIGHT = 540, 420
"""Points; drawn at twice that, so a phone's width shows letters of 16 points as it shows its own."""
TITLE, WORDS, SMALL = 22, 16, 14
TOP = 84
COLOURS = ("#2f6fed", "#13b57c", "#f5a524", "#e5484d", "#7c5cfc", "#0ea5c6", "#e2679a", "#8a9a3b")
INK, FAINT, GRID, PAPER = "#1d2433", "#6b7486", "#e7eaf0", "#ffffff"
GOOD, BAD = "#13b57c", "#e5484d"
_WAN, _YI = 1e4, 1e8
_NARROW = 0.56
"""How wide a Latin letter is, of a Chinese one."""


@dataclass(frozen=True)
class Scale:
    """What an axis' numbers are divided by, and the unit they have then."""

    by: float
    unit: str

    def of(self, value: float | None) -> float | None:
        return None if value is None else round(value / self.by, 4)


def scale_of(values: Iterable[float | None], unit: str) -> Scale:
    """Return the scale on which the greatest value is short enough to read."""
    most = max((abs(value) for value in values if value is not None), default=0.0)
    if unit == "%" or most < _WAN:
        return Scale(1.0, unit)
    return Scale(_YI, f"亿{unit}") if most >= _YI else Scale(_WAN, f"万{unit}")


def values_of(series: Iterable[Series]) -> list[float | None]:
    """Return all values of several series."""
    return [value for one in series for value in one.values]


def plain(words: str) -> str:
    """Return words on one line that no template of the library mistakes for its own."""
    return _safe(" ".join(words.split()))


def width_of(words: str) -> float:
    """Return how many Chinese letters wide words are."""
    return sum(_NARROW if ord(letter) < 0x2E80 else 1.0 for letter in words)  # noqa: PLR2004 - below are Latin letters


def cut(words: str, widest: float) -> str:
    """Return words of at most that width; what is longer loses its middle, since companies differ at both ends."""
    words = plain(words)
    if width_of(words) <= widest:
        return words
    head, tail = "", ""
    for front, back in zip(words, reversed(words), strict=True):
        if width_of(head + front + tail) + 1 > widest:
            break
        head += front
        if width_of(head + back + tail) + 1 > widest:
            break
        tail = back + tail
    return f"{head}…{tail}"


def folded(words: str, widest: float) -> str:
    """Return words on two lines where one is too narrow; what even then has no room loses its middle."""
    words = plain(words)
    if width_of(words) <= widest:
        return words
    words = cut(words, widest * 2)
    at, width = 0, 0.0
    while at < len(words) and width + width_of(words[at]) <= widest:
        width += width_of(words[at])
        at += 1
    return f"{words[:at]}\n{words[at:]}"


def frame(chart: Chart, subtitle: str = "") -> Option:
    """Return what every picture has: title, subtitle, colours, letters."""
    below = "，".join(part for part in (plain(chart.subtitle), subtitle) if part)
    return {
        "backgroundColor": PAPER,
        "color": list(COLOURS),
        "textStyle": {"fontFamily": FAMILY, "fontSize": WORDS, "color": INK},
        "title": {
            "text": cut(chart.title, 22),
            "subtext": cut(below, 34),
            "left": 20,
            "top": 16,
            "itemGap": 8,
            "textStyle": {"fontSize": TITLE, "fontWeight": "bold", "color": INK},
            "subtextStyle": {"fontSize": SMALL, "color": FAINT},
        },
    }


def legend(names: Sequence[str], top: int = TOP - 14) -> Option:
    """Return the legend of several series; none for one without a name."""
    if not any(names):
        return {"show": False}
    return {
        "data": list(names),
        "left": 16,
        "right": 16,
        "top": top,
        "itemWidth": 14,
        "itemHeight": 14,
        "itemGap": 16,
        "textStyle": {"fontSize": WORDS, "color": INK},
    }


def number_axis(size: Scale, **more: Any) -> Option:
    """Return an axis of numbers, its unit at its end."""
    return {
        "type": "value",
        "name": size.unit,
        "nameTextStyle": {"fontSize": SMALL, "color": FAINT},
        "axisLabel": {"fontSize": SMALL, "color": FAINT, "hideOverlap": True},
        "splitLine": {"lineStyle": {"color": GRID}},
        "splitNumber": 4,
        **more,
    }


def name_axis(names: Sequence[str], **more: Any) -> Option:
    """Return an axis of names; how long each may be depends on how many share the width."""
    each = max(2.0, (WIDTH - 90) / max(1, len(names)) / SMALL)
    turned = len(names) > 8 and max((width_of(name) for name in names), default=0) > each  # noqa: PLR2004
    shown = [cut(name, 8) if turned else folded(name, each) for name in names]
    return {
        "type": "category",
        "data": shown,
        "axisTick": {"show": False},
        "axisLine": {"lineStyle": {"color": "#c5cbd8"}},
        "axisLabel": {
            "fontSize": SMALL,
            "color": INK,
            "hideOverlap": True,
            "lineHeight": 18,
            **({"rotate": 40} if turned else {}),
        },
        **more,
    }


def item(value: float | None, label: str, **more: Any) -> Option:
    """Return one value with the words that stand at it."""
    return {"value": value, "label": {"formatter": _safe(label)}, **more}


def text(words: str, x: float, y: float, align: str = "left", **style: Any) -> Option:
    """Return words at a place of the picture itself."""
    said = {"text": _safe(words), "textAlign": align, "fontSize": WORDS, "fill": INK, "fontFamily": FAMILY, **style}
    return {"type": "text", "x": x, "y": y, "style": said}


def labelled(values: Iterable[float | None], scale: Scale, unit: str) -> list[Option]:
    """Return values as items, each saying itself; a gap stays one."""
    return [item(None, "") if value is None else item(scale.of(value), said(value, unit)) for value in values]


def _safe(words: str) -> str:
    return words.replace("{", "｛").replace("}", "｝")
