"""A number that was merged or converted leads to what it has become, within the reader's rights."""

from core.model.ids import LeadId
from core.services.converting import convert_lead
from core.services.merging import merge_customers
from tests.web.conftest import Api


def test_a_merged_lead_leads_to_the_surviving_one_and_on_to_its_account(api: Api) -> None:
    api.world.has_leads("苏州汇川", "汇川自动化", held_by="张伟")
    with api.world.work("张伟") as uow:
        one, other = uow.leads.get(LeadId(1)), uow.leads.get(LeadId(2))
        merge_customers(uow, one, other)
    answer = api.as_("张伟").get("leads/L2")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/api/v1/leads/L1")
    with api.world.work("张伟") as uow:
        convert_lead(uow, uow.leads.get(LeadId(1)))
    assert api.as_("张伟").get("leads/L2").headers["Location"] == "/api/v1/accounts/A1"
    assert api.as_("李娜").get("leads/L2").status_code == 404
    assert api.as_("李娜").get("leads/L9").text == api.as_("李娜").get("leads/L2").text.replace("L2", "L9")
