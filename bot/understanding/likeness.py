"""Says which intent a line is most like: where no cue explains it, and as a second opinion on what one does.

Examples are templates (`examples/*.json`, intent to wordings; `-` is talk that means nothing to us). Short runs of
characters speak for the intents in whose examples they stand (naive Bayes, rare runs weighing more), and the nearest
example of the one they choose says how far that can be believed. The result is a guess: shown, never done.
"""

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Final

from bot.understanding.words import load_words

NOTHING: Final = "-"
_RARE: Final = 0.05
"""What a run counts for in an intent that has no example with it."""

_FAR: Final = 0.16
"""An example so far away says nothing, however much the intent leads: the line speaks of something else."""

_FARTHEST, _CLEAR = 0.11, 0.5
"""Down to here one may be believed whose intent leads the next so clearly."""

_MANY: Final = 15
_PRIOR: Final = 0.3
"""How much an intent of many examples is favoured."""

_TAIL: Final = re.compile(r"[吧啊呀哈呗哦噢喔嘛哟啦呢哒咯的了]+(?=[，。；！？：\n]|\Z)")
_STOP: Final = re.compile(r"[，。；！？：、\s]+")


@dataclass(frozen=True, slots=True)
class Likeness:
    """The likeliest intent, by how much it leads the next (`lead`), and how near its nearest example is, and which."""

    intent: str
    lead: float
    nearness: float
    example: str
    often: bool = True
    """Whether the intent has so many examples that it does not lead for want of others."""

    @property
    def surety(self) -> float:
        near = self.nearness >= (_FARTHEST if self.often and self.lead >= _CLEAR else _FAR)
        return min(1.0, self.lead) * self.nearness if near else 0.0


def likest(template: str, may: Callable[[str], bool] = lambda _: True) -> Likeness | None:
    """Say what a template is most like among the intents that it `may` mean; None when it is like nothing."""
    return indexed_examples().likest(template, may)


def has_examples(intent: str) -> bool:
    """Say whether an intent can be found here at all; one without examples is no reason to doubt a cue."""
    return indexed_examples().knows(intent)


def is_common(run: str) -> bool:
    """Say whether two characters stand side by side in some example, as they do in words that everybody uses."""
    return indexed_examples().has(_worded(run.lower()))


def examples() -> dict[str, list[str]]:
    """Every example by its intent."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(Path(__file__).with_name("examples").glob("*.json")):
        for intent, wordings in json.loads(path.read_text(encoding="utf-8")).items():
            found[intent] += wordings
    return dict(found)


class _Examples:
    """The examples, and what each run of characters says for each intent."""

    def __init__(self, listed: dict[str, list[str]]) -> None:
        self._intents = tuple(listed)
        told = [[(wording, _runs(wording)) for wording in wordings] for wordings in listed.values()]
        having = Counter(run for wordings in told for _, runs in wordings for run in runs)
        total = sum(map(len, told))
        self._weight = {run: math.log(1 + total / times) for run, times in having.items()}
        self._unknown = math.log(1 + total)
        self._wordings = [[(wording, runs, self._length(runs)) for wording, runs in wordings] for wordings in told]
        same: dict[frozenset[str], set[int]] = defaultdict(set)
        for number, several in enumerate(told):
            for _, runs in several:
                same[frozenset(runs)].add(number)
        self._exactly = {runs: next(iter(numbers)) for runs, numbers in same.items() if len(numbers) == 1}
        self._begin: list[float] = []
        self._floor: list[float] = []
        self._says: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, wordings in enumerate(self._wordings):
            self._learn(number, wordings)

    def _learn(self, number: int, wordings: list[tuple[str, set[str], float]]) -> None:
        counted: dict[str, float] = defaultdict(float)
        for _, runs, length in wordings:
            for run in runs:
                counted[run] += self._weight[run] / length
        whole = sum(counted.values()) + _RARE * len(self._weight)
        floor = math.log(_RARE / whole)
        self._floor.append(floor)
        self._begin.append(_PRIOR * math.log(len(wordings)))
        for run, count in counted.items():
            self._says[run].append((number, self._weight[run] * (math.log((count + _RARE) / whole) - floor)))

    def knows(self, intent: str) -> bool:
        return intent in self._intents

    def has(self, run: str) -> bool:
        return run in self._weight

    def likest(self, template: str, may: Callable[[str], bool]) -> Likeness | None:
        runs = _runs(template)
        exact = self._exactly.get(frozenset(runs))
        if exact is not None and may(self._intents[exact]):
            return Likeness(self._intents[exact], 1.0, 1.0, template)
        known = [run for run in runs if run in self._weight]
        if not known:
            return None
        heard = sum(self._weight[run] for run in known)
        scores = [begin + heard * floor for begin, floor in zip(self._begin, self._floor, strict=True)]
        for run in known:
            for number, says in self._says[run]:
                scores[number] += says
        ranked = sorted(range(len(scores)), key=lambda number: -scores[number])
        allowed = list(islice((number for number in ranked if may(self._intents[number])), 2))
        if not allowed:
            return None
        lead = (scores[allowed[0]] - scores[allowed[1]]) / heard if len(allowed) > 1 else 1.0
        nearness, example = self._nearest(allowed[0], runs)
        often = len(self._wordings[allowed[0]]) >= _MANY
        return Likeness(self._intents[allowed[0]], lead, nearness, example, often)

    def _nearest(self, number: int, runs: set[str]) -> tuple[float, str]:
        """The example of an intent that shares most with a line, and how much of both that is."""
        length = self._length(runs)
        found = [
            (sum(self._weight[run] ** 2 for run in runs & own) / (length * its_length), wording)
            for wording, own, its_length in self._wordings[number]
        ]
        return max(found)

    def _length(self, runs: set[str]) -> float:
        return math.sqrt(sum(self._weight.get(run, self._unknown) ** 2 for run in runs)) or 1.0


@cache
def indexed_examples() -> _Examples:
    """Index the examples once a process."""
    return _Examples(examples())


def _runs(template: str) -> set[str]:
    """The runs of one to three characters of a template, in the one wording we compare, and pairs with a gap."""
    plain = _worded(template.lower())
    plain = "^" + _STOP.sub("，", _TAIL.sub("", plain)).strip("，") + "$"
    runs = {plain[start : start + size] for size in (1, 2, 3) for start in range(len(plain) - size + 1)}
    runs |= {f"{plain[start]}_{plain[start + 2]}" for start in range(len(plain) - 2)}
    return runs


def _worded(plain: str) -> str:
    """Put the one wording that we compare for each synonym."""
    for words, meant in _synonyms():
        plain = plain.replace(words, meant)
    return plain


@cache
def _synonyms() -> tuple[tuple[str, str], ...]:
    listed: dict[str, list[str]] = load_words("synonyms")
    pairs = [(word, meant) for meant, words in listed.items() for word in words]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))
