"""Whom a sentence may name, and that a name opens nothing: finance, legal, service, marketing and administrators."""

from collections.abc import Iterator

import pytest

from bot.context import Context
from bot.event import Event, EventKind
from bot.understanding.acts import Outcome
from bot.understanding.entities import Finder
from core.errors import Refusal
from core.model.member import Member, Role
from core.rules.permissions import naming_scope, scope_of
from tests.understanding.company import Company
from tests.world import START

CANARY = "金丝雀内部密语"
SERVING = ("陈静", "刘洋", "马师傅", "周婷", "吴昊")


@pytest.fixture(scope="module")
def company() -> Iterator[Company]:
    """The fixture's customers, and a follow-up whose words nobody but 张伟 and his leaders may read."""
    company = Company(Finder())
    company.world.now = START
    company.world.has_leads("南京万通物流有限公司", "无锡万通电气有限公司", held_by="王强")
    company.world.says("张伟", f"跟进 华为 电话聊了{CANARY}，下周三下午三点再联系")
    yield company
    company.world.close()


@pytest.mark.parametrize(
    ("who", "text", "intent", "customer"),
    [
        ("陈静", "华为还欠多少", "receivable.show", "华为技术有限公司"),
        ("陈静", "中兴回款12万8", "payment.record", "中兴通讯股份有限公司"),
        ("陈静", "比亚迪的税号抬头发我", "invoice.title", "比亚迪股份有限公司"),
        ("马师傅", "华为的服务器坏了，报修", "ticket.create", "华为技术有限公司"),
        ("周婷", "停掉汇川的邮件", "optout", "苏州汇川技术有限公司"),
        ("吴昊", "删掉华为这个客户", "record.delete", "华为技术有限公司"),
        ("刘洋", "给中兴生成一份采购合同", "contract.create", "中兴通讯股份有限公司"),
    ],
)
def test_those_who_serve_the_sales_people_name_customers_they_do_not_hold(
    company: Company, who: str, text: str, intent: str, customer: str
) -> None:
    understood = company.understands(text, who)
    assert [(act.intent, act.slots.get("customer")) for act in understood.acts] == [(intent, customer)]


def test_of_two_that_are_called_so_they_choose_too(company: Company) -> None:
    understood = company.understands("万通还欠多少", "陈静")
    assert understood.outcome is Outcome.CHOOSE
    assert {label for label, _ in understood.choices} == {"南京万通物流有限公司", "无锡万通电气有限公司"}


@pytest.mark.parametrize(
    "text", ["华为还欠多少", "宏达回款12万8", "华为的服务器坏了，报修", "看看华为", "跟进 中兴 聊了"]
)
@pytest.mark.parametrize("who", ["李娜", "陈晨"])
def test_a_colleague_who_sells_neither_names_nor_learns_of_them(company: Company, who: str, text: str) -> None:
    try:
        understood = company.understands(text, who)
    except Refusal as refusal:
        said = str(refusal)
    else:
        assert not any(act.refs.get("customer") for act in understood.acts)
        said = str(understood.as_json())
    assert "技术有限公司" not in said
    assert "通讯股份" not in said
    assert "上海宏" not in said


def test_what_does_not_exist_sounds_the_same_to_a_rep_as_what_a_colleague_holds(company: Company) -> None:
    def told(name: str) -> str:
        return str(company.understands(f"{name}回款12万8", "李娜").as_json()).replace(name, "某某")

    assert told("中兴") == told("康佳")


@pytest.mark.parametrize("who", SERVING)
@pytest.mark.parametrize(
    "text",
    [
        "看看华为", "华为上次聊了什么", "华为什么情况", "跟进 华为 电话聊了发票", "给华为打标签 高意向",
        "华为改到周五下午4点", "下次联系 华为 明天下午三点", "今天", "公海", "我的客户", "看看A1", "查一下 A1",
        "A1 上次聊到哪了", "导出华为", "华为的刘总电话多少", "加联系人 华为 钱总 13900001111", "确认",
        "2", "今天大家跟了谁",
    ],
)  # fmt: skip
def test_a_name_opens_nothing(company: Company, who: str, text: str) -> None:
    world = company.world
    for answer in world.says(who, text):
        assert CANARY not in answer
        assert "刘总" not in answer.replace(text, "")
        assert "03-11" not in answer


@pytest.mark.parametrize("who", SERVING)
def test_and_writes_nothing(company: Company, who: str) -> None:
    world = company.world
    before = world.says("张伟", "看看华为")[0]
    for text in ("跟进 华为 电话聊了发票和对账", "给华为打标签 高意向", "华为改到周五下午4点", "退回公海 大疆 没预算"):
        world.says(who, text)
        world.says(who, "确认")
    assert world.says("张伟", "看看华为")[0] == before


@pytest.mark.parametrize("who", SERVING)
def test_they_do_not_learn_who_works_there(company: Company, who: str) -> None:
    with company.world.program.open_work(company.world.member(who), reading=True) as uow:
        event = Event(channel="wecom", kind=EventKind.TEXT, key="x", user_id="x", at=START, text="")
        found = Finder()(Context(event, uow), "华为刘总的发票")
    assert [(one.kind, one.words) for one in found] == [("customer", "华为")]


def test_whom_one_may_name_is_wider_than_whom_one_sees_for_those_who_do_not_sell_only() -> None:
    def member(*roles: Role, active: bool = True) -> Member:
        return Member(name="某人", roles=roles, department="某部", created_at=START, updated_at=START, active=active)

    for role in Role:
        scope = naming_scope(member(role))
        assert scope.everything == (role in (Role.FINANCE, Role.LEGAL, Role.SERVICE, Role.MARKETING, Role.ADMIN))
        if not scope.everything:
            assert scope == scope_of(member(role))
        assert not scope_of(member(role)).everything
    assert naming_scope(member(Role.FINANCE, active=False)) == scope_of(member(Role.FINANCE, active=False))
