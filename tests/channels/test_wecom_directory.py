"""WeCom's address book, as a self-built app gets it."""

from typing import Any

import pytest

from bot.channels.wecom.client import WeComClient
from bot.channels.wecom.directory import WeComDirectory
from core.errors import DeliveryFailed
from core.model.directory import Department, Person

from .conftest import Stub

OK = {"errcode": 0, "errmsg": "ok"}
DEPARTMENTS = {
    **OK,
    "department": [
        {"id": 1, "name": "公司", "parentid": 0, "department_leader": ["Boss"]},
        {"id": 2, "name": "销售", "parentid": 1},
    ],
}


@pytest.fixture
def directory(client: WeComClient) -> WeComDirectory:
    return WeComDirectory(client.api)


def test_people_of_several_departments_are_listed_once_with_what_they_lead(
    directory: WeComDirectory, stub: Stub
) -> None:
    zhang: dict[str, Any] = {
        "userid": "ZhangSan",
        "name": "张三",
        "department": [1, 2],
        "is_leader_in_dept": [0, 1],
        "main_department": 2,
        "direct_leader": ["boss"],
        "status": 1,
    }
    stub.answers("department/list", DEPARTMENTS)
    others = [{"userid": "lisi", "name": "李四\ud800", "mobile": "13800138001", "status": 5}, {"name": "没有账号"}]
    stub.answers("user/list", {**OK, "userlist": [zhang]}, {**OK, "userlist": [zhang, *others]})
    listing = directory.listing()
    assert listing.departments == (
        Department(id="1", name="公司", leaders=("Boss",)),
        Department(id="2", name="销售", parent_id="1"),
    )
    assert listing.people == (
        Person(user_id="ZhangSan", name="张三", departments=("2", "1"), leads=frozenset({"2"}), manager="boss"),
        Person(user_id="lisi", name="李四", phone="13800138001", active=False),
    )


def test_a_department_that_is_too_large_is_read_by_names(directory: WeComDirectory, stub: Stub) -> None:
    stub.answers("department/list", {**OK, "department": DEPARTMENTS["department"][:1]})
    stub.answers("user/list", {"errcode": 45029, "errmsg": "too large"})
    stub.answers("user/simplelist", {**OK, "userlist": [{"userid": "lisi", "name": "李四", "department": [1]}]})
    assert directory.listing().people == (Person(user_id="lisi", name="李四", departments=("1",)),)


def test_a_department_we_may_not_see_is_a_gap_and_anything_else_stops_the_reading(
    directory: WeComDirectory, stub: Stub
) -> None:
    stub.answers("department/list", DEPARTMENTS)
    stub.answers(
        "user/list", {**OK, "userlist": [{"userid": "lisi", "name": "李四"}]}, {"errcode": 60011, "errmsg": "x"}
    )
    listing = directory.listing()
    assert (len(listing.people), len(listing.gaps)) == (1, 1)
    assert "部门「销售」" in listing.gaps[0]
    stub.answers("user/list", {"errcode": 60020, "errmsg": "not allow to access from your ip, from ip: 10.0.0.1"})
    with pytest.raises(DeliveryFailed, match=r"IP 10\.0\.0\.1"):
        directory.listing()


@pytest.mark.parametrize("answer", [OK, {**OK, "department": "all"}, {**OK, "department": [1]}])
def test_an_answer_without_a_list_is_no_empty_company(
    directory: WeComDirectory, stub: Stub, answer: dict[str, Any]
) -> None:
    stub.answers("department/list", answer)
    with pytest.raises(DeliveryFailed) as caught:
        directory.listing()
    assert caught.value.temporary


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        ({**OK, "userid": "lisi", "name": "李四", "status": 1}, False),
        ({**OK, "userid": "lisi", "name": "李四", "status": 2}, True),
        ({"errcode": 60111, "errmsg": "userid not found"}, True),
        ({"errcode": 60011, "errmsg": "no privilege"}, False),
    ],
)
def test_one_person_is_gone_or_only_out_of_sight(
    directory: WeComDirectory, stub: Stub, answer: dict[str, Any], left: bool
) -> None:
    stub.answers("user/get", answer)
    assert directory.has_left("lisi") is left


def test_a_question_that_fails_is_no_answer(directory: WeComDirectory, stub: Stub) -> None:
    stub.answers("user/get", {"errcode": -1, "errmsg": "system busy"})
    with pytest.raises(DeliveryFailed):
        directory.has_left("lisi")
