"""What `liaodan understand` says a line would do is what the desk does: a sample of the corpus, both asked in turn."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bench.corpus import rows
from bot.cards.dialogue import OFFER
from bot.handlers import LATER
from bot.intents import deed
from bot.understanding.acts import Outcome
from bot.understanding.entities import Finder
from tests.understanding.company import Company
from tests.world import START

CORPUS = Path(__file__).parents[1] / "understanding" / "corpus"


def _is_plain(row: dict) -> bool:  # type: ignore[type-arg]
    """Say whether what comes of a line can be seen in one answer and leaves no trace for the next."""
    later = len(row["acts"]) == 1 and row["acts"][0]["intent"] in LATER and row["outcome"] == "do"
    return row.get("by", "张伟") == "张伟" and (later or row["outcome"] in ("unknown", "ignore", "refuse"))


SAMPLE = [row["text"] for _, row in rows(CORPUS) if _is_plain(row)][::5]


@pytest.fixture(scope="module")
def company() -> Iterator[Company]:
    company = Company(Finder())
    yield company
    company.world.close()


def test_the_sample_is_worth_the_name() -> None:
    assert len(SAMPLE) > 30


@pytest.mark.parametrize(("number", "text"), list(enumerate(SAMPLE)))
def test_the_desk_does_what_the_command_says(company: Company, number: int, text: str) -> None:
    now = START + timedelta(days=number, minutes=number)
    understood = company.understands(text, "张伟", now)
    answers = company.world.says("张伟", text)
    company.world.says("张伟", "算了")
    match understood.outcome:
        case Outcome.IGNORE:
            assert answers == []
        case Outcome.UNKNOWN:
            assert answers[0].startswith(("没听明白", OFFER))
        case Outcome.REFUSE:
            assert answers[0].startswith(understood.reason)
        case Outcome.DO:
            (act,) = understood.acts
            assert answers[0].startswith(f"听懂了，是要「{deed(act.intent)}」")
            for name in filter(None, [act.slots.get("customer")]):
                assert name in answers[0]
        case _:
            assert answers
