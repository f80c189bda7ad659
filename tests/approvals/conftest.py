"""Fixtures of approvals."""

from collections.abc import Iterator

import pytest

from tests.approvals.company import Office, an_office
from tests.world import World


@pytest.fixture
def office(world: World) -> Iterator[Office]:
    with an_office(world) as made:
        yield made
