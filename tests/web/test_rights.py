"""Who sees what: the scope is in every list, and nobody's number gets out."""

from datetime import timedelta

import pytest

from core.model.ids import DealId
from core.services.leads import return_lead
from core.services.members import resign
from core.services.sharing import answer_share, ask_share, end_share
from storage.tokens import create_token, list_tokens, revoke_token
from tests.web.conftest import CANARIES, Api, Caller
from web.api import RESOURCES

KINDS = {"leads": "线索", "accounts": "客户", "contacts": "联系人", "deals": "商机"}
HOLDERS = {
    "张伟": {"张伟"},
    "陈晨": {"陈晨"},
    "李娜": {"李娜"},
    "王强": {"张伟", "陈晨"},
    "赵敏": {"张伟", "陈晨", "李娜"},
    "陈静": set(),
    "周婷": set(),
    "吴昊": set(),
}


def change(company: Api, name: str, **what: object) -> None:
    """Change something about a member."""
    member_id = company.world.member(name).id
    with company.world.work() as uow:
        member = uow.members.get(member_id)
        for attribute, value in what.items():
            setattr(member, attribute, value)


@pytest.mark.parametrize("reader", HOLDERS)
def test_each_reads_what_their_scope_covers(still: Api, reader: str) -> None:
    caller = still.as_(reader)
    for path, word in KINDS.items():
        assert caller.names(path) == {f"{holder}的{word}" for holder in HOLDERS[reader]}
    accounts = {f"wecom:{still.world.ids[holder]}" for holder in HOLDERS[reader]}
    assert {item["author"] for item in caller.items("followups")} == accounts
    assert {item["owner"] for item in caller.items("plans") if item["customer_id"]} == accounts


@pytest.mark.parametrize("reader", HOLDERS)
def test_a_bare_reminder_is_its_owners_alone(still: Api, reader: str) -> None:
    owners = {item["owner"] for item in still.as_(reader).items("plans") if item["customer_id"] is None}
    assert owners <= {f"wecom:{still.world.ids[reader]}"}


@pytest.mark.parametrize("reader", HOLDERS)
def test_no_foreign_number_is_in_any_answer(still: Api, reader: str) -> None:
    """The canary: every record of a holder carries the holder's number, in fields and in free text."""
    caller = still.as_(reader)
    answers = [caller.get(r.path, **q).text for r in RESOURCES for q in ({}, {"q": "王"}, {"q": "1390000"})]
    answers += [caller.get("leads", pool="true").text, caller.get("leads", pool="true", q="线索").text]
    for resource in RESOURCES:
        answers += [caller.get(f"{resource.path}/{resource.prefix}{number}").text for number in range(1, 8)]
    foreign = [phone for holder, phone in CANARIES.items() if holder not in HOLDERS[reader]]
    for text in answers:
        assert not any(phone in text for phone in foreign)


def test_the_pool_is_open_to_who_sells_with_names_and_numbers_masked(still: Api) -> None:
    for reader in ("张伟", "李娜", "王强"):
        [lead] = still.as_(reader).items("leads", pool="true")
        assert (lead["phone"], lead["contact_name"], lead["email"]) == ("139****0009", "王*", None)
        assert lead["need"] == "要报价，找王总 139****0009"
        assert (lead["owner"], lead["state"], lead["masked"]) == (None, "pooled", True)
        assert still.as_(reader).get(f"leads/{lead['id']}").json == lead
    for reader in ("陈静", "周婷", "吴昊"):
        assert still.as_(reader).items("leads", pool="true") == []
        assert still.as_(reader).get(f"leads/{lead['id']}").status_code == 404


def test_a_lead_given_back_takes_its_followups_and_number_with_it(company: Api) -> None:
    caller = company.as_("张伟")
    lead = company.world.lead("张伟的线索")
    with company.world.work("张伟") as uow:
        return_lead(uow, lead.id, "联系不上")
    assert caller.items("leads") == []
    assert caller.items("followups") == []
    assert caller.get(f"leads/{lead.ref}").json["phone"] == "139****0001"


def test_members_know_each_other_but_not_their_numbers(company: Api) -> None:
    for name, phone in (("张伟", "13700000001"), ("王强", "13700000002"), ("陈静", "13700000003")):
        change(company, name, phone=phone)
    seen = {
        reader: {m["name"]: m["phone"] for m in company.as_(reader).items("members") if m["phone"]}
        for reader in ("张伟", "李娜", "王强", "陈静")
    }
    assert seen == {
        "张伟": {"张伟": "13700000001"},
        "李娜": {},
        "王强": {"张伟": "13700000001", "王强": "13700000002"},
        "陈静": {"陈静": "13700000003"},
    }
    assert len(company.as_("陈静").items("members")) == 8


def test_a_member_who_left_is_not_listed(company: Api) -> None:
    caller, gone = company.as_("张伟"), company.world.member("李娜")
    with company.world.work() as uow:
        resign(uow, "wecom", "lina")
    assert "李娜" not in caller.names("members")
    assert caller.get(f"members/{gone.ref}").status_code == 404


def test_out_of_sight_and_not_existing_look_alike(still: Api) -> None:
    caller = still.as_("张伟")
    [foreign] = still.as_("李娜").items("leads")
    answers = [
        caller.get(f"leads/{number}")
        for number in (
            foreign["id"],
            "L999",
            "A1",
            "L0",
            "l1",
            "L-1",
            "L1x",
            "L" + "9" * 18,
            "L" + "9" * 40,
            "%00",
            "线索",
        )
    ]
    assert {(a.status_code, a.data, str(a.headers)) for a in answers} == {
        (404, answers[0].data, str(answers[0].headers))
    }


def test_a_number_of_another_kind_opens_nothing(still: Api) -> None:
    caller = still.as_("张伟")
    for resource in RESOURCES:
        for prefix in "LAPDFTMN".replace(resource.prefix, ""):
            assert caller.get(f"{resource.path}/{prefix}1").status_code == 404


def test_a_change_of_role_or_department_counts_at_once(company: Api) -> None:
    caller = company.as_("王强")
    assert len(caller.items("leads")) == 2
    change(company, "王强", department="销售部/华南")
    assert caller.names("leads") == {"李娜的线索"}
    change(company, "王强", roles=("finance",))
    assert caller.items("leads") == []


def test_a_department_name_with_wildcards_covers_only_itself(company: Api) -> None:
    change(company, "王强", department="销售_")
    assert company.as_("王强").items("leads") == []


def test_a_token_stops_when_its_member_resigns(company: Api) -> None:
    caller = company.as_("张伟")
    assert caller.get("leads").status_code == 200
    with company.world.work() as uow:
        resign(uow, "wecom", "zhangwei")
    assert caller.get("leads").status_code == 401


def test_a_token_stops_when_it_is_revoked_and_others_go_on(company: Api) -> None:
    engine = company.world.program.engine
    member = company.world.member("张伟").id
    tokens = [create_token(engine, member) for _ in range(2)]
    newest = list_tokens(engine)[0]
    assert (newest.member, newest.revoked_at) == ("张伟", None)
    assert revoke_token(engine, newest.id)
    assert not revoke_token(engine, newest.id)
    assert not revoke_token(engine, 999)
    codes = [Caller(company.client, token).get("leads").status_code for token in tokens]
    assert codes == [200, 401]


def test_a_token_stops_when_its_days_are_over(company: Api) -> None:
    engine, member = company.world.program.engine, company.world.member("张伟").id
    lasting = create_token(engine, member, lives=timedelta(days=1))
    over = create_token(engine, member, lives=timedelta(seconds=-1))
    assert Caller(company.client, lasting).get("leads").status_code == 200
    assert Caller(company.client, over).get("leads").status_code == 401


def test_tokens_are_kept_as_digests(still: Api) -> None:
    token = still.as_("张伟").token
    with still.world.program.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM api_tokens").all()
    assert rows
    assert token not in str(rows)
    assert token[3:] not in str(rows)


@pytest.mark.parametrize("reader", HOLDERS)
def test_contracts_and_payments_are_read_with_the_customer_and_by_finance(still: Api, reader: str) -> None:
    everybody = {"张伟", "陈晨", "李娜"}
    seen = everybody if reader == "陈静" else HOLDERS[reader]
    caller = still.as_(reader)
    assert {item["name"] for item in caller.items("contracts")} == {f"{holder}的合同" for holder in seen}
    accounts = {f"wecom:{still.world.ids[holder]}" for holder in seen}
    assert {item["owner"] for item in caller.items("payments")} == accounts
    for item in still.as_("李娜").items("contracts"):
        assert caller.get(f"contracts/{item['id']}").status_code == (200 if "李娜" in seen else 404)


def test_money_is_yuan_as_text(still: Api) -> None:
    [contract], [payment] = still.as_("张伟").items("contracts"), still.as_("张伟").items("payments")
    assert (contract["amount"], contract["state"], contract["number"]) == ("128000.50", "running", "HT-张伟")
    assert (payment["amount"], payment["contract_id"], payment["paid_on"]) == ("50000.00", contract["id"], "2026-03-02")


def test_a_deal_that_one_has_agreed_to_share_is_read_and_marked(company: Api) -> None:
    [deal] = company.as_("张伟").items("deals")
    assert not deal["shared"]
    colleague = company.world.member("李娜")
    with company.world.work("张伟") as uow:
        found = uow.deals.get(DealId(int(deal["id"][1:])))
        asked = ask_share(uow, found, colleague, 70)
    assert company.as_("李娜").get(f"deals/{deal['id']}").status_code == 404
    with company.world.work("李娜") as uow:
        answer_share(uow, asked.id, agree=True)
    assert {one["name"]: one["shared"] for one in company.as_("李娜").items("deals")} == {
        "李娜的商机": False,
        "张伟的商机": True,
    }
    assert company.as_("李娜").get(f"deals/{deal['id']}").json["shared"]
    assert not company.as_("张伟").get(f"deals/{deal['id']}").json["shared"]
    with company.world.work("张伟") as uow:
        end_share(uow, uow.deals.get(found.id), colleague)
    assert company.as_("李娜").names("deals") == {"李娜的商机"}
