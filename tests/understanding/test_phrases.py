"""The product's 128 example sentences (E1 to E128): what each of them comes to, with names found in a real database.

Rows that are taps, pictures, files or two people at once are stories of other tests and stand here as None.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.corpus import judge as judged
from bot.understanding.entities import Finder
from tests.understanding.company import Company

PHRASES = json.loads(Path(__file__).with_name("phrases.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def company() -> Company:
    return Company(Finder())


@pytest.mark.parametrize("row", PHRASES, ids=[f"{row['id']} {row['text'][:12]}" for row in PHRASES])
def test_a_sentence_of_the_product_means_what_it_says_there(company: Company, row: dict[str, Any]) -> None:
    got = company.understands(row["text"], row.get("by", "张伟")).as_json()
    assert judged(row, got).verdict == "right", judged(row, got).difference


def test_every_example_is_here_or_is_somebody_elses_story() -> None:
    numbers = {int(row["id"][1:].rstrip("abcde")) for row in PHRASES}
    elsewhere = {21, 76, 118, 120, 121, 122, 128}
    assert numbers | elsewhere == set(range(1, 129))
