"""Scores an understanding against what was meant: by message, by intent and by slot, precision first.

A wrong write costs three times what a right one earns, so a message is right, asked (the right thing, but shown or
asked about first), unknown, or wrong; only `wrong` does harm.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CAREFUL = ("confirm", "choose", "ask")


@dataclass(frozen=True)
class Verdict:
    """How one message came out, and what was different."""

    verdict: str
    difference: str = ""


def judge(expected: dict[str, Any], got: dict[str, Any]) -> Verdict:
    """Compare the JSON of an understanding with a row of the corpus: outcome, intents in order, and named slots."""
    meant = [act["intent"] for act in expected["acts"]]
    read = [act["intent"] for act in got["acts"]]
    outcome, wanted = got["outcome"], expected["outcome"]
    slots = _slots_apart(expected, got) if meant == read else ""
    missing = [slot for slot in expected.get("missing", ()) if slot not in got["missing"]]
    if wanted == outcome and not meant and outcome != "refuse" and not read:
        return Verdict("right")
    if wanted == outcome and (meant == read or outcome == "refuse") and not slots and not missing:
        return Verdict("right")
    words = f"{outcome} {read} {slots or ''} missing={got['missing']}".strip()
    if outcome in ("unknown", "ignore"):
        return Verdict("unknown", words)
    if outcome in ("ask", "choose", "refuse"):
        return Verdict("asked", words)
    if outcome == "confirm" and meant == read and not slots and wanted == "do":
        return Verdict("asked", words)
    return Verdict("wrong", words)


def _slots_apart(expected: dict[str, Any], got: dict[str, Any]) -> str:
    apart = [
        f"{slot}: {act['slots'].get(slot)!r} instead of {value!r}"
        for want, act in zip(expected["acts"], got["acts"], strict=True)
        for slot, value in want["slots"].items()
        if act["slots"].get(slot) != value
    ]
    return "; ".join(apart)


@dataclass
class Score:
    """What a corpus came to."""

    verdicts: Counter[str] = field(default_factory=Counter)
    by_intent: dict[str, Counter[str]] = field(default_factory=dict)
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)
    slots_right: Counter[str] = field(default_factory=Counter)
    slots_all: Counter[str] = field(default_factory=Counter)
    misses: list[tuple[dict[str, Any], Verdict]] = field(default_factory=list)

    def add(self, expected: dict[str, Any], got: dict[str, Any]) -> Verdict:
        """Judge one more row."""
        verdict = judge(expected, got)
        self.verdicts[verdict.verdict] += 1
        meant = [act["intent"] for act in expected["acts"]] or [expected["outcome"]]
        read = [act["intent"] for act in got["acts"]] or [got["outcome"]]
        for intent in meant:
            self.by_intent.setdefault(intent, Counter())[verdict.verdict] += 1
        if meant != read:
            self.confusions["+".join(meant), "+".join(read)] += 1
        else:
            for want, act in zip(expected["acts"], got["acts"], strict=True):
                for slot, value in want["slots"].items():
                    self.slots_all[slot] += 1
                    self.slots_right[slot] += act["slots"].get(slot) == value
        if verdict.verdict != "right":
            self.misses.append((expected, verdict))
        return verdict

    @property
    def points(self) -> int:
        """Right ones earn one, wrong ones cost three, the others nothing."""
        return self.verdicts["right"] - 3 * self.verdicts["wrong"]


def rows(folder: Path) -> Iterable[tuple[str, dict[str, Any]]]:
    """Every row of the corpus, with the area it belongs to."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield path.stem, json.loads(line)
