"""Every sentence of the corpus means what stands beside it, with names found in a real database."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bench.corpus import judge as judged
from bench.corpus import rows
from bot.understanding.entities import Finder
from bot.understanding.grammar import BY_NAME
from tests.understanding.company import Company

CORPUS = Path(__file__).with_name("corpus")
ROWS = list(rows(CORPUS))
KNOWN_WRONG: frozenset[str] = frozenset()
"""Sentences that are still read differently; each is a task, and none of them may write."""


@pytest.fixture(scope="module")
def company() -> Company:
    return Company(Finder())


@pytest.mark.parametrize("area", sorted({area for area, _ in ROWS}))
def test_every_sentence_of_the_corpus_means_what_was_meant(company: Company, area: str) -> None:
    misses = []
    for _, row in (pair for pair in ROWS if pair[0] == area):
        got = company.understands(row["text"], row.get("by", "张伟")).as_json()
        verdict = judged(row, got)
        if (verdict.verdict == "right") == (row["text"] in KNOWN_WRONG):
            misses.append(f"{row['text']}: {verdict.verdict} {verdict.difference}")
    assert misses == []


def test_the_corpus_has_six_hundred_sentences_and_four_wordings_of_every_intent() -> None:
    wordings = Counter(act["intent"] for _, row in ROWS for act in row["acts"])
    few = {name: wordings[name] for name in BY_NAME if wordings[name] < 3}
    assert few == {}
    assert len(ROWS) >= 600
    assert len({row["text"] for _, row in ROWS}) >= len(ROWS) - 5


def test_every_intent_has_its_own_example(company: Company) -> None:
    """The example in the table of intents is what 帮助 shows, so it must be understood by somebody."""
    wrong: dict[str, Any] = {}
    for name, intent in BY_NAME.items():
        read = [company.understands(intent.example, by) for by in ("张伟", "王强")]
        if not any(act.intent == name for one in read for act in one.acts):
            wrong[intent.example] = [[act.intent for act in one.acts] for one in read]
    assert wrong == {}
