"""A company for every way in which the product meets a platform."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.company import Company
from tests.contract.wecom import WeComSide

SIDES = {"wecom": WeComSide}


@pytest.fixture(params=SIDES)
def company(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Company]:
    made = Company(SIDES[request.param](), tmp_path)
    yield made
    made.close()
