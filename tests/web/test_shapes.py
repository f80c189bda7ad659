"""The shapes that stay."""

import json
import re

import pytest

from tests.web.conftest import Api
from web.api import RESOURCES

COMMON = {"id", "state", "owner", "created_at", "updated_at", "version"}
MORE = {
    "leads": {"name", "grade", "source", "region", "industry", "pool", "contact_name", "phone", "email"},
    "accounts": {"name", "short_name", "aliases", "phone"},
    "contacts": {"name", "account_id", "phone", "title", "email"},
    "deals": {"name", "stage", "amount", "account_id", "expected_close_on"},
    "quotes": {"name", "number", "revision", "account_id", "deal_id", "lines", "total", "discount", "margin"},
    "products": {"name", "code", "unit", "price", "cost"},
    "followups": {"customer_id", "method", "content", "at", "author"},
    "plans": {"customer_id", "content", "at", "remind_at"},
    "approvals": {"kind", "subject_id", "pending", "title", "reason", "amount"},
    "contracts": {"number", "name", "account_id", "amount", "payment_days", "signed_on", "ends_on", "revision"},
    "payments": {"account_id", "contract_id", "amount", "paid_on"},
    "members": {"name", "department", "roles", "manager"},
    "notices": {"name", "kind", "content"},
}


@pytest.mark.parametrize("path", [resource.path for resource in RESOURCES])
def test_every_record_has_what_the_contract_names_in_the_list_and_alone(still: Api, path: str) -> None:
    caller = still.as_("张伟")
    for item in (items := caller.items(path)):
        assert item.keys() >= COMMON | MORE[path]
        assert re.fullmatch(r"[LAPDFTMNSCRQG][1-9]\d*", item["id"])
        assert (item["owner"] is None) == (path == "products")
        assert item["owner"] is None or re.fullmatch(r"wecom:\w+", item["owner"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", item["created_at"])
        assert item["version"] >= 1
        alone = caller.get(f"{path}/{item['id']}")
        assert (alone.status_code, alone.json) == (200, item)
    assert items


def test_a_lead_shows_its_holder_everything(still: Api) -> None:
    [lead] = still.as_("张伟").items("leads")
    assert lead["name"] == "张伟的线索"
    assert (lead["phone"], lead["contact_name"], lead["masked"]) == ("13900000001", "王建国", False)
    assert (lead["owner"], lead["state"], lead["grade"], lead["pool"]) == ("wecom:zhangwei", "working", "A", "公海")


def test_a_deal_gives_its_amount_in_yuan_as_text(still: Api) -> None:
    [deal] = still.as_("张伟").items("deals")
    assert (deal["amount"], deal["stage"], deal["state"]) == ("128000.50", "方案报价", "open")
    assert deal["expected_close_on"] == "2026-06-30"
    assert re.fullmatch(r"A\d+", deal["account_id"])


def test_a_followup_names_customer_author_and_the_customers_holder(still: Api) -> None:
    [followup] = still.as_("张伟").items("followups")
    lead = still.world.lead("张伟的线索")
    assert followup["customer_id"] == str(lead.ref)
    assert (followup["author"], followup["owner"], followup["method"]) == ("wecom:zhangwei", "wecom:zhangwei", "call")
    assert followup["at"] == "2026-03-05T02:00:00Z"


def test_a_contact_belongs_to_the_holder_of_its_account(still: Api) -> None:
    [contact] = still.as_("张伟").items("contacts")
    assert contact["owner"] == "wecom:zhangwei"


def test_plans_and_bare_reminders_are_listed_newest_first(still: Api) -> None:
    reminder, plan = still.as_("张伟").items("plans")
    assert reminder["customer_id"] is None
    assert plan["customer_id"] is not None
    assert plan["state"] == "open"


def test_notices_are_what_was_said_to_the_caller(still: Api) -> None:
    assert [notice["kind"] for notice in still.as_("张伟").items("notices")] == ["card"]
    assert still.as_("陈晨").items("notices") == []


def test_answers_keep_chinese_readable(still: Api) -> None:
    assert "张伟的线索" in still.as_("张伟").get("leads").text


def test_a_quote_gives_its_sums_as_text_and_the_margin_only_to_whoever_may_see_it(still: Api) -> None:
    quote = next(one for one in still.as_("张伟").items("quotes") if one["state"] == "valid")
    assert (quote["list_total"], quote["discount"], quote["total"]) == ("24000.00", "5", "22800.00")
    assert (quote["state"], quote["margin"], quote["lines"][0]["amount"]) == ("valid", None, "22800.00")
    assert re.fullmatch(r"BJ-\d{8}-\d{4}", quote["name"])
    seen = next(one for one in still.as_("王强").items("quotes") if one["id"] == quote["id"])
    assert seen["margin"] == "10.79"
    assert {item["cost"] for item in still.as_("张伟").items("products")} == {None}
    assert {item["cost"] for item in still.as_("王强").items("products")} == {"9000.00"}


def test_the_openapi_document_lists_every_route_and_resolves(still: Api) -> None:
    answer = still.client.get("/api/v1/openapi.json")
    spec = json.loads(answer.data)
    assert answer.status_code == 200
    assert spec["openapi"].startswith("3.1")
    for resource in RESOURCES:
        assert spec["paths"].keys() >= {f"/api/v1/{resource.path}", f"/api/v1/{resource.path}/{{ref}}"}
    assert spec["paths"].keys() >= {"/healthz", "/readyz", "/metrics"}
    for reference in re.findall(r'"\$ref": ?"#/components/([^"]+)"', json.dumps(spec)):
        part, name = reference.split("/")
        assert name in spec["components"][part]
    parameters = {one["name"] for one in spec["paths"]["/api/v1/leads"]["get"]["parameters"]}
    assert parameters == {"q", "limit", "cursor", "pool"}
    operations = [one["operationId"] for path in spec["paths"].values() for one in path.values()]
    assert len(operations) == len(set(operations))


def test_the_documents_answer_as_documented(still: Api) -> None:
    spec = still.client.get("/api/v1/openapi.json").json
    for resource in RESOURCES:
        shape = spec["components"]["schemas"][resource.out.__name__]
        for item in still.as_("张伟").items(resource.path):
            assert item.keys() == shape["properties"].keys()


def test_the_documentation_page_shows_every_operation_without_foreign_assets(still: Api) -> None:
    page = still.client.get("/api/docs")
    assert page.mimetype == "text/html"
    for resource in RESOURCES:
        assert f"/api/v1/{resource.path}" in page.text
    assert "bad-cursor" in page.text
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert "<script" not in page.text
