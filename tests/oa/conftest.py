"""A company with approvals on its platform, for either platform."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.oa.company import DingTalkOffice, OaCompany, WeComOffice

OFFICES = {"wecom": WeComOffice, "dingtalk": DingTalkOffice}


@pytest.fixture(params=OFFICES)
def company(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OaCompany]:
    made = OaCompany(OFFICES[request.param](), tmp_path)
    yield made
    made.close()


@pytest.fixture
def dingtalk(tmp_path: Path) -> Iterator[OaCompany]:
    made = OaCompany(DingTalkOffice(), tmp_path)
    yield made
    made.close()


@pytest.fixture
def wecom(tmp_path: Path) -> Iterator[OaCompany]:
    made = OaCompany(WeComOffice(), tmp_path)
    yield made
    made.close()
