"""What people say that is not about sales, thousands of lines of it: nothing of it may write anything."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.understanding.acts import Outcome
from bot.understanding.entities import Finder
from bot.understanding.grammar import BY_NAME
from tests.understanding.company import Company

EVERYBODY = ("王强", "赵敏", "孙健", "陈静", "刘洋", "周婷", "吴昊", "马师傅")
"""One of every role beside the rep who is asked every line."""


PARTS = 6
"""A part is asked by itself, so that the machine's cores share the work."""


@pytest.mark.parametrize("part", range(PARTS))
def test_of_thousands_of_lines_about_other_things_none_writes(shared: Callable[[str], Path], part: int) -> None:
    lines = [
        json.loads(line)["text"] for line in shared("text/smp2017_ecdt_domain.jsonl").read_text("utf-8").splitlines()
    ]
    assert len(lines) == 3736
    company = Company(Finder())
    asked = [(text, "张伟") for text in lines]
    asked += [(text, name) for number, name in enumerate(EVERYBODY) for text in lines[number :: 2 * len(EVERYBODY)]]
    written = [(name, text) for text, name in asked[part::PARTS] if _writes(company, text, name)]
    assert written == []


def _writes(company: Company, text: str, name: str) -> bool:
    understood = company.understands(text, name)
    doing = understood.outcome in (Outcome.DO, Outcome.CONFIRM)
    return doing and any(BY_NAME[act.intent].writes for act in understood.acts)
