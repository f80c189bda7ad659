"""What other programs call our stages, methods and roles, and spellings that we put right: `words.json`."""

import json
import unicodedata
from pathlib import Path

STAGES = ("初步接洽", "需求确认", "方案报价", "商务谈判", "赢单", "输单")
WON, LOST = "赢单", "输单"

_TABLES = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))
SPELLINGS: dict[str, str] = _TABLES["spellings"]
"""Other spellings of one thing, folded; the report says each time that one was put right."""


def fold(words: str) -> str:
    """Fold width, case and blanks."""
    return "".join(unicodedata.normalize("NFKC", words).casefold().split())


def _names(table: str) -> dict[str, str]:
    return {fold(name): meaning for meaning, names in _TABLES[table].items() for name in (*names, meaning)}


_STAGES, _METHODS, _ROLES = _names("stages"), _names("methods"), _names("roles")
_BEGINS = _names("begins")


def stage_of(words: str) -> str | None:
    """Return our stage for another program's word."""
    return _STAGES.get(fold(words))


def stage_begun(heading: str) -> str:
    """Return the stage that a column of dates begins by its heading (engage_date: 需求确认), else the first."""
    return _BEGINS.get(fold(heading).replace("_", "").replace("-", ""), STAGES[0])


def method_of(words: str) -> str:
    """Return how people were in touch; `other` for anything unheard of."""
    return _METHODS.get(fold(words), "other")


def roles_of(words: str) -> str:
    """Return roles joined by `+`, Chinese names put into ours."""
    parts = (part for part in words.replace("，", "+").replace(",", "+").replace("、", "+").split("+") if part.strip())
    return "+".join(_ROLES.get(fold(part), part.strip()) for part in parts)


def spelled(words: str) -> str:
    """Return the right spelling of a product, place or trade."""
    return SPELLINGS.get(fold(words), words)
