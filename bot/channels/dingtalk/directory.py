"""The company's contacts as DingTalk shows them to an app of its own, read through the older API.

https://open.dingtalk.com/document/orgapp/obtain-the-department-list-v2
https://open.dingtalk.com/document/orgapp/queries-the-complete-information-of-a-department-user
These calls are not counted by the month; they are paced, because a company is many departments.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from bot.channels.words import clean
from core.errors import DeliveryFailed
from core.model.directory import ROOT, Department, Listing, Person

NOT_FOUND = frozenset({33012, 60121, 60111, 40003})
HIDDEN = frozenset({50002, 50004, 60003, 60011})
PAGE = 100
PAUSE_S = 0.1
"""Between two calls: half of what the platform allows an app for each API."""
MOST_DEPARTMENTS = 20_000


class OldApi(Protocol):
    """The part of the older API that is needed here. Raises nothing but DeliveryFailed."""

    def old_call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]: ...


class DingTalkDirectory:
    """Implements `core.ports.Directory` over one app's API."""

    def __init__(self, api: OldApi, wait: Callable[[float], None] = time.sleep) -> None:
        self._api, self._wait = api, wait

    def listing(self) -> Listing:
        """Walk the departments from the company down, and read everybody in them, each person once."""
        gaps: list[str] = []
        departments = self._departments(gaps)
        people: dict[str, Person] = {}
        for number, name in [(ROOT, "公司"), *((one.id, one.name) for one in departments)]:
            try:
                for one in self._people(number):
                    if (person := _person(one)).user_id:
                        people.setdefault(person.user_id, person)
            except DeliveryFailed as failure:
                gaps += _gap(failure, name)
        return Listing(departments=tuple(departments), people=tuple(people.values()), gaps=tuple(gaps))

    def has_left(self, user_id: str) -> bool:
        """Ask for one person: the platform tells who is unknown from whom we may not see."""
        try:
            self._ask("topapi/v2/user/get", {"userid": user_id})
        except DeliveryFailed as failure:
            if failure.code in NOT_FOUND:
                return True
            if failure.code in HIDDEN:
                return False
            raise
        return False

    def _departments(self, gaps: list[str]) -> list[Department]:
        found: dict[str, Department] = {}
        waiting = deque([(ROOT, "公司")])
        while waiting and len(found) < MOST_DEPARTMENTS:
            parent, name = waiting.popleft()
            try:
                below = self._ask("topapi/v2/department/listsub", {"dept_id": int(parent)})
            except DeliveryFailed as failure:
                gaps += _gap(failure, name)
                continue
            for one in _rows(below):
                number = str(one.get("dept_id") or "")
                if number.isdigit() and number not in found and number != ROOT:
                    found[number] = Department(id=number, name=clean(str(one.get("name") or "")), parent_id=parent)
                    waiting.append((number, found[number].name))
        return list(found.values())

    def _people(self, department: str) -> Iterator[dict[str, Any]]:
        cursor = 0
        while True:
            page = self._ask("topapi/v2/user/list", {"dept_id": int(department), "cursor": cursor, "size": PAGE})
            if not isinstance(page, dict):
                raise _unsound("user/list")
            yield from _rows(page.get("list"))
            following = page.get("next_cursor")
            if not page.get("has_more"):
                return
            if not isinstance(following, int) or following <= cursor:
                raise _unsound("user/list")
            cursor = following

    def _ask(self, path: str, body: Mapping[str, Any]) -> Any:
        self._wait(PAUSE_S)
        return self._api.old_call("POST", path, body).get("result")


def _gap(failure: DeliveryFailed, department: str) -> list[str]:
    """Return what cannot be read for good, in words; raise what may pass or concerns the whole app."""
    if failure.code not in HIDDEN:
        raise failure
    return [f"部门「{department}」：{failure.reason}"]


def _unsound(api: str) -> DeliveryFailed:
    return DeliveryFailed(f"钉钉 {api}：应答里没有名单", temporary=True)


def _rows(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise _unsound("department/listsub")
    return [one for one in value if isinstance(one, dict)]


def _person(listed: dict[str, Any]) -> Person:
    numbers = listed.get("dept_id_list")
    leads = listed.get("leader_in_dept")
    return Person(
        user_id=str(listed.get("userid") or ""),
        name=clean(str(listed.get("name") or ""))[:64],
        phone=_mobile(listed),
        departments=tuple(str(number) for number in numbers) if isinstance(numbers, list) else (),
        leads=frozenset(
            str(one.get("dept_id"))
            for one in (leads if isinstance(leads, list) else [])
            if isinstance(one, dict) and one.get("leader") is True
        ),
        manager=str(listed.get("manager_userid") or ""),
    )


def _mobile(listed: dict[str, Any]) -> str:
    number, country = str(listed.get("mobile") or ""), str(listed.get("state_code") or "86")
    return number[:32] if not number or country == "86" or number.startswith("+") else f"+{country}{number}"[:32]
