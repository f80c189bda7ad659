"""How much of the corpus is understood, and what reading a line costs."""

import time
from collections.abc import Iterator
from pathlib import Path

from bench.corpus import Score, rows
from bench.harness import Row, Scale
from bot.understanding.entities import Finder
from tests.understanding.company import Company

CORPUS = Path(__file__).parent.parent / "tests" / "understanding" / "corpus"


def run(scale: Scale) -> Iterator[Row]:
    """Read every sentence of the corpus; a wrong one costs three right ones."""
    company, score, spent = Company(Finder()), Score(), []
    for _, row in rows(CORPUS):
        begun = time.process_time()
        got = company.understands(row["text"], row.get("by", "张伟")).as_json()
        spent.append((time.process_time() - begun) * 1000)
        score.add(row, got)
    total = sum(score.verdicts.values())
    yield Row(bench="meaning", what="right", unit="%", ours=[100 * score.verdicts["right"] / total], at_least=95)
    yield Row(bench="meaning", what="wrong", unit="%", ours=[100 * score.verdicts["wrong"] / total], at_most=1)
    for slot, count in sorted(score.slots_all.items()):
        if score.slots_right[slot] < count:
            share = 100 * score.slots_right[slot] / count
            yield Row(bench="meaning", what=f"slot {slot}", unit="%", ours=[share], at_least=95)
    for (meant, read), times in score.confusions.most_common(20):
        yield Row(bench="meaning", what=f"{meant} read as {read}", unit="times", ours=[times])
    spent.sort()
    slow = spent[int(len(spent) * 0.95)]
    yield Row(bench="meaning", what=f"a line, p95, {scale.name}", unit="ms CPU", ours=[slow], at_most=20)
