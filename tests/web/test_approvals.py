"""Approvals over REST: whose they are, whom they wait for, and nobody else's."""

import pytest

from tests.approving import Office
from tests.web.conftest import Api


@pytest.fixture
def office(api: Api) -> Office:
    return Office(api.world)


def test_an_approval_says_what_it_is_about_and_whom_it_waits_for(api: Api, office: Office) -> None:
    quote = office.offers("15")
    office.world.taps("王强", "同意")
    (one,) = api.as_("张伟").items("approvals")
    assert one["kind"] == "special_price"
    assert one["subject_id"] == str(quote.ref)
    assert one["state"] == "running"
    assert one["amount"] == "85000.00"
    assert one["owner"] == "wecom:zhangwei"
    assert sorted(one["pending"]) == ["wecom:chenjing", "wecom:zhaomin"]
    item = api.as_("陈静").get(f"approvals/{one['id']}").get_json()
    assert item["title"] == one["title"]


def test_those_who_were_asked_and_those_who_lead_read_it_and_nobody_else(api: Api, office: Office) -> None:
    office.offers("15")
    office.world.taps("王强", "同意")
    seen = {
        name for name in ("张伟", "王强", "赵敏", "陈静", "李娜", "陈晨", "刘洋") if api.as_(name).items("approvals")
    }
    assert seen == {"张伟", "王强", "赵敏", "陈静"}
    assert api.as_("李娜").get("approvals/S1").status_code == 404


def test_what_has_ended_waits_for_nobody(api: Api, office: Office) -> None:
    office.offers("10")
    office.world.taps("王强", "同意")
    (one,) = api.as_("张伟").items("approvals")
    assert one["state"] == "approved"
    assert one["pending"] == []
    assert one["ended_at"] is not None


HIDING = """
approvals:
  flows:
    - {name: 特价审批, kind: special_price, steps: [{name: 财务, by: [{member: 陈静}], rights: {金额: hidden}}]}
"""


def test_what_a_node_hides_from_an_approver_is_hidden_here_too(api: Api, office: Office) -> None:
    office.world.applies(HIDING)
    office.offers("15")
    (shown,) = api.as_("陈静").items("approvals")
    assert shown["amount"] is None
    assert "85,000" not in shown["title"]
    (mine,) = api.as_("张伟").items("approvals")
    assert mine["amount"] == "85000.00"
    assert "85,000" in mine["title"]
