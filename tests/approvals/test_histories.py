"""Laws of approvals over random histories: people, flows, acts and clocks that nobody has thought of."""

import os

import pytest

from tests.approvals.histories import History

HISTORIES = int(os.environ.get("LIAODAN_APPROVAL_HISTORIES", "1500"))


@pytest.mark.parametrize("part", range(5))
def test_every_history_keeps_the_laws_and_ends(part: int) -> None:
    begun = 0
    for seed in range(part, HISTORIES, 5):
        history = History(seed)
        if history.begins():
            begun += 1
            history.runs()
    assert begun > HISTORIES // 10
