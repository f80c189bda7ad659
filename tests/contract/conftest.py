"""A company for every way in which the product meets a platform."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.contract.company import Company
from tests.contract.dingtalk import DingTalkSide
from tests.contract.wecom import WeComSide

SIDES = {
    "wecom": WeComSide,
    "dingtalk over http": partial(DingTalkSide, template=False, stream=False),
    "dingtalk over http with cards": partial(DingTalkSide, template=True, stream=False),
    "dingtalk over stream with cards": partial(DingTalkSide, template=True, stream=True),
}


@pytest.fixture(params=SIDES)
def company(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Company]:
    made = Company(SIDES[request.param](), tmp_path)
    yield made
    made.close()
