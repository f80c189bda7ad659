"""A company with records of every kind, and callers with tokens."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.model.contract import Contract
from core.model.customer import Account, Contact
from core.model.deal import Deal
from core.model.ids import MemberId
from core.model.money import Money
from core.model.payment import Payment
from core.ports import UnitOfWork
from core.services.followups import log_followup, remind_me
from core.services.leads import NewLead, create_lead
from core.services.products import ProductDetails, save_product
from core.services.quote_lines import Wanted
from core.services.quotes import Terms, create_quote
from storage.tokens import create_token
from tests.world import World
from web import create_app


@dataclass
class Caller:
    """Somebody with a token, at the API."""

    client: FlaskClient
    token: str

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.client.get(f"/api/v1/{path}", query_string=query, headers={"Authorization": f"Bearer {self.token}"})

    def items(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """One page that must be there."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json["items"]
        return found

    def names(self, path: str, **query: Any) -> set[str]:
        return {item["name"] for item in self.items(path, **query)}


@dataclass
class Api:
    """The web application over a world."""

    world: World
    client: FlaskClient
    callers: dict[str, Caller] = field(default_factory=dict)

    def as_(self, name: str) -> Caller:
        if name not in self.callers:
            token = create_token(self.world.program.engine, self.world.member(name).id)
            self.callers[name] = Caller(self.client, token)
        return self.callers[name]


@pytest.fixture
def api(world: World) -> Api:
    """The members, and not a single record yet."""
    return Api(world, create_app(world.program.site).test_client())


CANARIES = {"张伟": "13900000001", "陈晨": "13900000002", "李娜": "13900000003", "": "13900000009"}
"""The phone in every record of a holder; the empty name is the pool's."""


@pytest.fixture
def company(api: Api) -> Api:
    """A company that the test may change."""
    return furnish(api)


@pytest.fixture(scope="session")
def still() -> Iterator[Api]:
    """The same company, shared by the tests that only look."""
    world = World()
    yield furnish(Api(world, create_app(world.program.site).test_client()))
    world.close()


def furnish(api: Api) -> Api:
    """张伟, 陈晨 (华东) and 李娜 (华南) each hold a lead, an account and all that hangs on it; one lead is pooled."""
    for number, (name, phone) in enumerate(CANARIES.items()):
        with api.world.work(name or None) as uow:
            new = NewLead(
                name=f"{name}的线索" if name else "公海线索",
                contact_name="王建国",
                phone=phone,
                email=f"w{phone}@example.com",
                need=f"要报价，找王总 {phone}",
                grade="A",
                source="展会",
                region="江苏",
                industry="机械",
            )
            lead = create_lead(uow, new, certain=True)
            if name:
                log_followup(
                    uow, lead, f"电话聊了报价，手机 {phone}", method="call", next_at=uow.now + timedelta(days=1)
                )
                remind_me(uow, uow.now + timedelta(hours=2), f"{name}的提醒 {phone}")
        if name:
            add_account(api.world, name, phone, number)
            ask_for_price(api.world, name)
    api.world.says("张伟", "帮助")
    return api


def add_account(world: World, name: str, phone: str, number: int) -> None:
    """An account with a contact and a deal."""
    holder = world.member(name).id
    with world.work() as uow:
        when = {"created_at": uow.now, "updated_at": uow.now}
        account = Account(
            name=f"{name}的客户", short_name=f"简称{number}", aliases=("老王家",), phone=phone, owner_id=holder, **when
        )
        uow.accounts.add(account)
        uow.flush()
        uow.contacts.add(Contact(account_id=account.id, name=f"{name}的联系人", phone=phone, **when))
        deal = Deal(
            name=f"{name}的商机",
            account_id=account.id,
            owner_id=holder,
            stage="方案报价",
            amount=Money.yuan(Decimal("128000.5")),
            expected_close_on=date(2026, 6, 30),
            **when,
        )
        uow.deals.add(deal)
        uow.flush()
        known = uow.products.called("A型服务器") or [
            save_product(uow, "A型服务器", ProductDetails(code="SRV-A", price=Money(1_200_000), cost=Money(900_000)))
        ]
        wanted = Wanted(words=known[0].name, quantity=Decimal(2))
        create_quote(uow, account, [wanted], Terms(discount=Decimal(5), deal_id=deal.id))
    agree_on_money(world, name)


def agree_on_money(world: World, name: str) -> None:
    """A signed contract of the own account, with a payment on it."""
    with world.work() as uow:
        when = {"created_at": uow.now, "updated_at": uow.now}
        holder = world_member(uow, name)
        account = next(one for one in uow.accounts.held_by(holder))
        contract = Contract(
            number=f"HT-{name}",
            title=f"{name}的合同",
            account_id=account.id,
            owner_id=holder,
            party_a=account.name,
            amount=Money(12_800_050),
            **when,
        )
        contract.sign(date(2026, 3, 1), date(2026, 3, 5))
        uow.contracts.add(contract)
        uow.flush()
        paid = Payment(
            account_id=account.id, contract_id=contract.id, amount=Money(5_000_000), paid_on=date(2026, 3, 2), **when
        )
        uow.payments.add(paid)


def world_member(uow: UnitOfWork, name: str) -> MemberId:
    """Return the number of a colleague."""
    return next(one.id for one in uow.members.everybody() if one.name == name)


def ask_for_price(world: World, name: str) -> None:
    """An offer to the own account, so far below the list that somebody must agree."""
    with world.work(name) as uow:
        account = next(one for one in uow.accounts.held_by(uow.actor.id))
        line = Wanted(words="产线改造", quantity=Decimal(1), unit="项", price=Money.yuan(Decimal(100_000)), free=True)
        create_quote(uow, account, [line], Terms(discount=Decimal(10), reason="对手报得低"))
