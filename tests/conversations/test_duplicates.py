"""The same company twice (semantics B.5): met by every key, told without a leak, asked about where it is not sure."""

import pytest

from core.errors import DuplicateLead
from core.model.playbook import Duplicates, Playbook
from core.ports import UnitOfWork
from core.services.accounts import NewAccount, Person, create_account
from core.services.duplicates import LooksLike
from core.services.leads import NewLead, create_lead
from tests.world import World

CODE = "91310104MA1FR0D26T"
OTHER_CODE = "91320594088140947F"
ANOTHER_CODE = "91350100M000100Y43"


def under(uow: UnitOfWork, playbook: Playbook) -> None:
    """Let another playbook be in force, for this transaction."""
    uow.__dict__["_playbook"] = playbook


@pytest.fixture
def huawei(world: World) -> World:
    with world.work("张伟") as uow:
        new = NewLead(
            name="华为技术有限公司", phone="13812345678", credit_code=CODE, email="Wang@Huawei.com", external_id="wmE1"
        )
        create_lead(uow, new)
    return world


@pytest.mark.parametrize("said", ["华为技术有限公司", "华为技术（深圳）有限公司", " 华为 ", "ＨＵＡＷＥＩ"])
def test_b5_every_spelling_of_one_company_is_at_least_asked_about(huawei: World, said: str) -> None:
    [answer] = huawei.says("李娜", f"新线索 {said}")
    assert "已有记录" in answer
    assert "张伟" in answer
    assert "138" not in answer


@pytest.mark.parametrize(
    ("met", "by"),
    [
        ({"phone": "+86 138-1234-5678"}, "电话相同"),
        ({"credit_code": CODE.lower()}, "统一社会信用代码相同"),
        ({"email": "wang@huawei.com"}, "邮箱相同"),
        ({"external_id": "wmE1"}, "企业微信客户相同"),
    ],
)
def test_b5_a_key_that_is_met_blocks_and_tells_nothing_but_that_and_with_whom(
    huawei: World, met: dict[str, str], by: str
) -> None:
    with huawei.work("李娜") as uow, pytest.raises(DuplicateLead) as refused:
        create_lead(uow, NewLead(name="常州汇友机电", **met))
    assert str(refused.value) == f"已有记录（{by}），由张伟跟进。没有新建"


def test_b5_whoever_may_see_the_record_is_told_its_name(huawei: World) -> None:
    assert "已有记录：华为技术有限公司（电话相同），由张伟跟进" in huawei.says("王强", "新线索 常州汇友 13812345678")[0]


def test_b5_the_holders_name_is_told_by_setting(huawei: World) -> None:
    quiet = Playbook(duplicates=Duplicates(show_holder=False))
    with huawei.work("李娜") as uow:
        under(uow, quiet)
        with pytest.raises(DuplicateLead, match="由同事跟进"):
            create_lead(uow, NewLead(name="华为技术有限公司"))


def test_b5_how_sure_is_a_setting(huawei: World) -> None:
    with huawei.work("李娜") as uow:
        under(uow, Playbook(duplicates=Duplicates(block=0.8)))
        with pytest.raises(DuplicateLead):
            create_lead(uow, NewLead(name="华为技术（深圳）有限公司"))
        under(uow, Playbook(duplicates=Duplicates(block=1, ask=0.99)))
        assert create_lead(uow, NewLead(name="华为技术（深圳）有限公司")).id


def test_two_credit_codes_that_differ_tell_two_companies_apart(huawei: World) -> None:
    with huawei.work("李娜") as uow:
        assert create_lead(uow, NewLead(name="华为技术（深圳）有限公司", credit_code=OTHER_CODE)).id
    with huawei.work("李娜") as uow, pytest.raises(LooksLike):  # one full name, two codes: somebody has mistyped one
        create_lead(uow, NewLead(name="华为技术有限公司", credit_code=ANOTHER_CODE))


def test_a_shared_mailbox_asks_and_does_not_block(world: World) -> None:
    with world.work("张伟") as uow:
        create_lead(uow, NewLead(name="苏州汇川", email="info@park.com"))
    with world.work("李娜") as uow, pytest.raises(LooksLike) as asked:
        create_lead(uow, NewLead(name="常州友邦", email="info@park.com"))
    assert "一条已有记录（张伟）" in str(asked.value)
    assert "汇川" not in str(asked.value)


def test_b5_leads_and_accounts_are_one_register(huawei: World) -> None:
    with huawei.work("李娜") as uow, pytest.raises(DuplicateLead):
        create_account(uow, NewAccount(name="常州友邦", person=Person(name="王工", email="wang@huawei.com")))
    with huawei.work("李娜") as uow:
        create_account(uow, NewAccount(name="常州友邦", person=Person(name="李工", phone="13900000001")))
    assert "已有记录（电话相同），由李娜跟进" in huawei.says("张伟", "新线索 无锡新电 13900000001")[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("苏州汇川技术有限公司", "苏州惠川技术有限公司"),
        ("苏州云帆智联科技", "苏州云凡智联科技有限公司"),
        ("万科企业股份有限公司", "万科"),
    ],
)
def test_what_sounds_alike_or_is_one_slip_apart_is_asked_about_without_naming_it(
    world: World, one: str, other: str
) -> None:
    world.has_leads(one, held_by="张伟")
    [question] = world.says("李娜", f"新线索 {other}")
    assert "和已有记录相近" in question
    assert "（张伟）" in question
    assert one not in question


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("苏州宏达机电有限公司", "苏州宏远机电有限公司"),
        ("中铁一局集团有限公司", "中铁二局集团有限公司"),
        ("第1家机电", "第11家机电"),
        ("宏达贸易", "苏州泰达贸易有限公司"),
    ],
)
def test_different_companies_are_not_asked_about(world: World, one: str, other: str) -> None:
    world.has_leads(one, held_by="张伟")
    assert "新线索 L2" in world.says("李娜", f"新线索 {other}")[0]


def test_what_lies_in_the_pool_is_named_to_who_may_open_it(world: World) -> None:
    world.has_leads("宁波舜宇光电有限公司", held_by="周婷", phone="13900000009")
    [answer] = world.says("李娜", "新线索 常州友邦 13900000009")
    assert "已有记录：宁波舜宇光电有限公司（电话相同），在公海里" in answer


def test_looking_up_by_a_strangers_number_names_nobody(huawei: World) -> None:
    [answer] = huawei.says("李娜", "查一下 13812345678")
    assert "已有记录，张伟在跟" in answer
    assert "华为" not in answer


def test_an_invalid_or_merged_one_is_no_obstacle(huawei: World) -> None:
    huawei.says("张伟", "作废 华为 空号")
    assert "没有记录" in huawei.says("李娜", "查一下 13812345678")[0]
    assert "新线索 L2" in huawei.says("李娜", "新线索 华为技术有限公司 13812345678")[0]


def test_a_crowd_of_one_brand_does_not_hide_the_same_full_name(world: World) -> None:
    with world.work("张伟") as uow:
        for number in range(60):
            create_lead(uow, NewLead(name=f"宏达科技（{number}号店）有限公司"), certain=True)
        create_lead(uow, NewLead(name="苏州宏达科技有限公司"), certain=True)
        for number in range(60, 120):
            create_lead(uow, NewLead(name=f"宏达科技（{number}号店）有限公司"), certain=True)
    assert "已有记录：苏州宏达科技有限公司（公司名称相同）" in world.says("李娜", "新线索 苏州宏达科技有限公司")[0]


@pytest.mark.parametrize("said", [CODE, f"信用代码 {CODE}", f"税号：{CODE.lower()}"])
def test_a_credit_code_in_the_sentence_is_kept_and_met_again(world: World, said: str) -> None:
    world.says("张伟", f"新线索 苏州汇川 {said} 王工 13812345678 展会 要伺服")
    lead = world.lead("苏州汇川")
    assert (lead.credit_code, lead.contact_name, lead.phone) == (CODE, "王工", "13812345678")
    assert "已有记录（统一社会信用代码相同），由张伟跟进" in world.says("李娜", f"新线索 常州友邦 {CODE}")[0]


def test_a_credit_code_with_a_slip_is_said_and_nothing_is_kept(world: World) -> None:
    slip = CODE.replace("D26T", "D27T")
    assert f"「{slip}」不是有效的统一社会信用代码" in world.says("张伟", f"新线索 苏州汇川 {slip}")[0]
    assert "没有人在跟" in world.says("张伟", "查一下 苏州汇川")[0]
