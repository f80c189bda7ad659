"""DingTalk's contacts: against answers of our own, and against the emulator through the real API client."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.dingtalk.api import DingTalkApi
from bot.channels.dingtalk.directory import PAGE, PAUSE_S, DingTalkDirectory
from core.errors import DeliveryFailed
from core.model.directory import Department, Person
from emulator.dingtalk import Person as Employee
from emulator.dingtalk import Platform, Settings
from emulator.server import serve

from .conftest import Shared

LI = {
    "userid": "user_Li",
    "name": "李雷",
    "mobile": "13800138001",
    "state_code": "86",
    "dept_id_list": [2, 1],
    "leader_in_dept": [{"dept_id": 2, "leader": True}, {"dept_id": 1, "leader": False}],
    "manager_userid": "boss",
}


class Answers:
    """Answers by path; a failure among them is raised. Notes what was asked."""

    def __init__(self, **by_path: Any) -> None:
        self.by_path = {path.replace("__", "/"): list(answers) for path, answers in by_path.items()}
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def old_call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        self.asked.append((path, dict(body or {})))
        answer = self.by_path[path.removeprefix("topapi/v2/")].pop(0)
        if isinstance(answer, Exception):
            raise answer
        return {"errcode": 0, "result": answer}


def page(*people: dict[str, Any], following: int | None = None) -> dict[str, Any]:
    return {"has_more": following is not None, "list": list(people)} | (
        {} if following is None else {"next_cursor": following}
    )


def directory(answers: Answers) -> DingTalkDirectory:
    return DingTalkDirectory(answers, wait=lambda _: None)


def test_departments_are_walked_and_pages_followed() -> None:
    answers = Answers(
        department__listsub=[[{"dept_id": 2, "name": "销售部", "parent_id": 1}], [{"dept_id": 3, "name": "华东"}], []],
        user__list=[
            page(LI, following=PAGE),
            page({"userid": "w", "name": "王芳", "mobile": "91234567", "state_code": "852"}),
            page(LI),
            page(),
        ],
    )
    listing = directory(answers).listing()
    assert listing.departments == (
        Department(id="2", name="销售部", parent_id="1"),
        Department(id="3", name="华东", parent_id="2"),
    )
    assert listing.people == (
        Person(
            user_id="user_Li",
            name="李雷",
            phone="13800138001",
            departments=("2", "1"),
            leads=frozenset({"2"}),
            manager="boss",
        ),
        Person(user_id="w", name="王芳", phone="+85291234567"),
    )
    assert [body.get("cursor") for path, body in answers.asked if path.endswith("user/list")] == [0, PAGE, 0, 0]


def test_calls_are_paced() -> None:
    waited: list[float] = []
    answers = Answers(department__listsub=[[]], user__list=[page()])
    DingTalkDirectory(answers, wait=waited.append).listing()
    assert waited == [PAUSE_S, PAUSE_S]


@pytest.mark.parametrize("code", [50002, 50004, 60003, 60011])
def test_a_department_out_of_range_is_a_gap(code: int) -> None:
    hidden = DeliveryFailed("钉钉：不在授权范围", code=code)
    answers = Answers(department__listsub=[[{"dept_id": 2, "name": "销售部"}], hidden], user__list=[page(LI), hidden])
    listing = directory(answers).listing()
    assert [one.user_id for one in listing.people] == ["user_Li"]
    assert all("部门「销售部」：钉钉：不在授权范围" in gap for gap in listing.gaps)


def test_what_may_pass_stops_the_reading() -> None:
    answers = Answers(department__listsub=[[]], user__list=[DeliveryFailed("忙", temporary=True, code=90018)])
    with pytest.raises(DeliveryFailed):
        directory(answers).listing()


@pytest.mark.parametrize(
    "bad",
    [None, [], {"list": None}, {"has_more": True, "list": []}, {"has_more": True, "next_cursor": 0, "list": []}],
)
def test_an_answer_that_is_no_page_is_no_empty_department(bad: Any) -> None:
    with pytest.raises(DeliveryFailed) as caught:
        directory(Answers(department__listsub=[[]], user__list=[bad])).listing()
    assert caught.value.temporary


@pytest.mark.parametrize(("code", "left"), [(33012, True), (60121, True), (50002, False), (60011, False)])
def test_one_person_is_gone_or_only_out_of_sight(code: int, left: bool) -> None:
    answers = Answers(user__get=[DeliveryFailed("x", code=code), LI])
    assert directory(answers).has_left("user_Li") is left
    assert not directory(answers).has_left("user_Li")


@pytest.fixture
def company() -> Iterator[tuple[Platform, DingTalkDirectory]]:
    """The emulator with a company larger than a page, and our own client of its API."""
    crowd = tuple(Employee(userid=f"u{n}", name=f"员工{n}", department="销售部/华东") for n in range(PAGE + 1))
    boss = Employee(userid="Boss", name="高峰", department="销售部", mobile="13800138001")
    li = Employee(userid="user_li", name="李雷", department="销售部/华东", manager="Boss")
    platform = Platform(
        Settings(
            corp_id="ding9f50b15bccd16741",
            client_id="dingdemoappkey0001",
            client_secret="demo-client-secret",
            company="安捷科技",
            people=(boss, li, *crowd),
        )
    )
    server = serve(platform, port=0)
    shared = Shared()
    api = DingTalkApi(
        "dingdemoappkey0001",
        "demo-client-secret",
        api_base=server.url,
        oapi_base=server.url,
        tokens=shared,
        locks=shared,
        now=lambda: datetime.now(UTC),
    )
    yield platform, DingTalkDirectory(api, wait=lambda _: None)
    api.close()
    server.close()


def test_the_emulated_company_is_read_as_it_is(company: tuple[Platform, DingTalkDirectory]) -> None:
    platform, contacts = company
    listing = contacts.listing()
    known = {one.user_id: one for one in listing.people}
    assert len(known) == PAGE + 3
    assert {one.name for one in listing.departments} == {"销售部", "华东"}
    assert (known["Boss"].phone, known["Boss"].leads) == ("13800138001", frozenset({"2"}))
    assert (known["user_li"].manager, known["user_li"].departments) == ("Boss", ("3",))
    assert not contacts.has_left("user_li")
    person = platform.directory.find("user_li")
    assert person is not None
    platform.directory.leave(person)
    assert contacts.has_left("user_li")
