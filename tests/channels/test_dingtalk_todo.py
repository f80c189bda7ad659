"""What waits for somebody also stands in the platform's own list, against the emulated platform."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.dingtalk.api import DingTalkApi
from bot.channels.dingtalk.todo import DingTalkTodos
from core.errors import DeliveryFailed
from core.ports.mirrors import Todo
from emulator.dingtalk import Person, Platform, Settings
from emulator.server import serve

from .conftest import Shared

CLIENT, SECRET = "dingdemoappkey0001", "demo-client-secret"
PRICE = Todo(name="liaodan-approval-7-1", subject="华东机电申请 85 折", due_at=datetime(2026, 3, 9, 7, 30, tzinfo=UTC))


class Company:
    def __init__(self, *scopes: str) -> None:
        people = (Person(userid="user_wang", name="王强"),)
        settings = Settings(corp_id="ding1", client_id=CLIENT, client_secret=SECRET, people=people)
        self.platform = Platform(settings)
        self.server = serve(self.platform, port=0)
        shared = Shared()
        self.api = DingTalkApi(
            CLIENT,
            SECRET,
            api_base=self.server.url,
            oapi_base=self.server.url,
            tokens=shared,
            locks=shared,
            now=self.platform.clock.now,
            timeout=(1.0, 1.0),
        )
        self.todos = DingTalkTodos(self.api, "https://crm.example.com")

    @property
    def listed(self) -> list[dict[str, Any]]:
        return list(self.platform.todos.values())


@pytest.fixture
def company() -> Iterator[Company]:
    made = Company()
    yield made
    made.api.close()
    made.server.close()


def test_what_waits_is_made_once_however_often_it_is_kept(company: Company) -> None:
    for _ in range(3):
        company.todos.keep("user_wang", PRICE)
    (one,) = company.listed
    assert one["subject"] == "华东机电申请 85 折"
    assert one["dueTime"] == 1773041400000
    assert one["done"] is False


def test_what_is_decided_is_ticked_off_and_stays_so(company: Company) -> None:
    company.todos.keep("user_wang", PRICE)
    for _ in range(2):
        company.todos.keep("user_wang", replace(PRICE, done=True))
    assert [one["done"] for one in company.listed] == [True]


def test_a_later_limit_is_shown(company: Company) -> None:
    company.todos.keep("user_wang", PRICE)
    company.todos.keep("user_wang", replace(PRICE, due_at=datetime(2026, 3, 10, 7, 30, tzinfo=UTC)))
    assert [one["dueTime"] for one in company.listed] == [1773127800000]


def test_what_was_decided_before_it_was_ever_shown_is_not_shown(company: Company) -> None:
    company.todos.keep("user_wang", replace(PRICE, done=True))
    assert company.listed == []


def test_nobody_of_that_id_is_a_failure_to_deliver(company: Company) -> None:
    with pytest.raises(DeliveryFailed):
        company.todos.keep("user_nobody", PRICE)
    assert company.listed == []
