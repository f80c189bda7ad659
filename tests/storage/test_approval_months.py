"""Random months of approvals on both databases and both kinds of platform (laws: `tests.approvals.month_laws`).

Eight matters are one month, and more where they are changed on the way. LIAODAN_APPROVAL_MONTHS runs more of them, from
the seed LIAODAN_APPROVAL_FIRST on; a failure names its seed.
"""

import os

import pytest
from sqlalchemy import Engine

from tests.approvals.months import Month, Office
from tests.world import World

MONTHS = int(os.environ.get("LIAODAN_APPROVAL_MONTHS", "1"))
FIRST = int(os.environ.get("LIAODAN_APPROVAL_FIRST", "0"))


@pytest.mark.parametrize("seed", range(FIRST, FIRST + MONTHS))
@pytest.mark.parametrize("platform", ["wecom", "dingtalk"])
def test_whatever_happens_in_a_month_every_matter_ends_once_and_by_whom_it_should(
    any_engine: Engine, platform: str, seed: int
) -> None:
    world = World(any_engine, platform=platform)
    world.channel.updates_once = platform == "wecom"
    try:
        office = Office(world)
        with office.subjects():
            assert Month(office, seed).runs() > 1
    finally:
        world.close()
