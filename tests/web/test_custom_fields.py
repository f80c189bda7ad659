"""A company's own fields over REST: typed, within the reader's rights, masked in the pool."""

import json

from core.services.leads import NewLead, create_lead
from tests.web.conftest import Api

FIELDS = [
    {"key": "machine", "label": "设备类型", "type": "choice", "options": ["注塑机"]},
    {"key": "budget", "label": "预算", "type": "money", "masked": True},
    {"key": "floor", "label": "底价", "type": "money", "visible_to": ["manager"]},
    {"key": "card", "label": "对公账号", "type": "bank_account"},
    {"key": "double", "label": "双倍", "type": "formula", "formula": "预算 * 2"},
]
VALUES = {"machine": "注塑机", "budget": 50_000_000, "floor": 100, "card": "622200000000000011"}


def has_a_lead(api: Api, holder: str | None) -> None:
    api.world.applies(json.dumps({"fields": {"lead": FIELDS}}, ensure_ascii=False))
    with api.world.work(holder) as uow:
        create_lead(uow, NewLead(name="苏州汇川", custom=VALUES), certain=True)


def test_the_holder_reads_own_fields_by_their_keys(api: Api) -> None:
    has_a_lead(api, "张伟")
    [lead] = api.as_("张伟").items("leads")
    assert lead["fields"] == {
        "machine": "注塑机",
        "budget": "500000.00",
        "card": "622200000000000011",
        "double": "1000000.00",
    }
    assert api.as_("张伟").get("leads/L1").json == lead
    [seen] = api.as_("王强").items("leads")
    assert seen["fields"]["floor"] == "1.00"


def test_in_the_pool_what_is_masked_or_sensitive_is_masked_and_what_is_hidden_is_not_there(api: Api) -> None:
    has_a_lead(api, None)
    [lead] = api.as_("张伟").items("leads", pool="true")
    assert lead["fields"] == {"machine": "注塑机", "budget": "***", "card": "**** 0011", "double": "***"}


def test_records_without_own_fields_have_none(still: Api) -> None:
    assert all(item["fields"] == {} for path in ("leads", "accounts") for item in still.as_("张伟").items(path))
