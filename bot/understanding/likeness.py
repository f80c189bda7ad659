"""Finds the example that a line is most like: where no cue explains it, and as a second opinion on what one does.

Examples are templates (`examples/*.json`, intent to wordings; `-` is talk that means nothing to us). They are compared
by short runs of characters, rare ones weighing more, and the nearest vote. The result is a guess: shown, never done.
"""

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from bot.understanding.words import load_words

NOTHING: Final = "-"
_NEIGHBOURS: Final = 15
_TOO_COMMON: Final = 0.3
"""A run of characters that stands in so many of the examples says nothing."""

_TAIL: Final = re.compile(r"[吧啊呀哈呗哦噢喔嘛哟啦呢哒咯的了]+(?=[，。；！？：\n]|\Z)")
_STOP: Final = re.compile(r"[，。；！？：、\s]+")


@dataclass(frozen=True, slots=True)
class Likeness:
    """The intent that the nearest examples agree on: `share` of their votes, how near the nearest is, and which."""

    intent: str
    share: float
    nearness: float
    example: str

    @property
    def surety(self) -> float:
        return self.share * self.nearness


def likest(template: str, may: Callable[[str], bool] = lambda _: True) -> Likeness | None:
    """Say what a template is most like among the intents that it `may` mean; None when it is like nothing."""
    return indexed_examples().likest(template, may)


def has_examples(intent: str) -> bool:
    """Say whether an intent can be found here at all; one without examples is no reason to doubt a cue."""
    return indexed_examples().knows(intent)


def examples() -> dict[str, list[str]]:
    """Every example by its intent."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(Path(__file__).with_name("examples").glob("*.json")):
        for intent, wordings in json.loads(path.read_text(encoding="utf-8")).items():
            found[intent] += wordings
    return dict(found)


class _Examples:
    """The examples with an index from runs of characters to those that have them."""

    def __init__(self, listed: dict[str, list[str]]) -> None:
        self._rows = [(wording, intent) for intent, wordings in listed.items() for wording in wordings]
        self._intents = frozenset(listed)
        runs = [_runs(wording) for wording, _ in self._rows]
        having = Counter(run for each in runs for run in each)
        total = len(self._rows)
        self._unknown = math.log(1 + total) ** 2
        self._weight = {
            run: math.log(1 + total / times) ** 2 if times < _TOO_COMMON * total else 0.0
            for run, times in having.items()
        }
        self._length = [math.sqrt(sum(self._weight[run] for run in each)) or 1.0 for each in runs]
        self._rows_with: dict[str, list[int]] = defaultdict(list)
        for row, each in enumerate(runs):
            for run in each:
                if self._weight[run]:
                    self._rows_with[run].append(row)

    def knows(self, intent: str) -> bool:
        return intent in self._intents

    def likest(self, template: str, may: Callable[[str], bool]) -> Likeness | None:
        runs = _runs(template)
        shared: dict[int, float] = defaultdict(float)
        for run in runs:
            weight = self._weight.get(run, 0.0)
            for row in self._rows_with.get(run, ()):
                shared[row] += weight
        if not shared:
            return None
        length = math.sqrt(sum(self._weight.get(run, self._unknown) for run in runs))
        near = sorted(((weight / (length * self._length[row]), row) for row, weight in shared.items()), reverse=True)
        votes: dict[str, float] = defaultdict(float)
        best: dict[str, tuple[float, int]] = {}
        allowed: dict[str, bool] = {}
        voters = 0
        for nearness, row in near:
            intent = self._rows[row][1]
            if not allowed.setdefault(intent, may(intent)):
                continue
            votes[intent] += nearness**2
            best.setdefault(intent, (nearness, row))
            voters += 1
            if voters == _NEIGHBOURS:
                break
        if not votes:
            return None
        intent = max(votes, key=lambda name: votes[name])
        nearness, row = best[intent]
        return Likeness(intent, votes[intent] / sum(votes.values()), nearness, self._rows[row][0])


@cache
def indexed_examples() -> _Examples:
    """Index the examples once a process."""
    return _Examples(examples())


def _runs(template: str) -> set[str]:
    """The runs of one to three characters of a template, in the one wording we compare, and pairs with a gap."""
    plain = template.lower()
    for words, meant in _synonyms():
        plain = plain.replace(words, meant)
    plain = "^" + _STOP.sub("，", _TAIL.sub("", plain)).strip("，") + "$"
    runs = {plain[start : start + size] for size in (1, 2, 3) for start in range(len(plain) - size + 1)}
    runs |= {f"{plain[start]}_{plain[start + 2]}" for start in range(len(plain) - 2)}
    return runs


@cache
def _synonyms() -> tuple[tuple[str, str], ...]:
    listed: dict[str, list[str]] = load_words("synonyms")
    pairs = [(word, meant) for meant, words in listed.items() for word in words]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))
