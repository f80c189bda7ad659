"""The platform's clock is moved, by the demo with ours, beside separate processes without it: who speaks is heard."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.contract.company import Company
from tests.contract.conftest import SIDES

A_WEEK = 7 * 24 * 60


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("name", SIDES)
def test_after_the_clock_was_moved_people_are_heard_and_their_taps_too(
    name: str, together: bool, tmp_path: Path
) -> None:
    side = SIDES[name]()
    if not together:
        side.now = lambda: datetime.now(UTC)
    company = Company(side, tmp_path)
    side.passes(A_WEEK)
    assert "新线索" in company.says("张伟", "新线索 苏州汇川 13812345678")[0]
    ahead = company.lead(1).created_at - datetime.now(UTC)
    assert (ahead > timedelta(days=6)) == together
    company.taps("张伟", "撤销")
    assert company.lead_is_gone(1)
    company.close()
