"""The company's address book as WeCom shows it to a self-built app: names, departments, leaders; mobiles mostly not.

https://developer.work.weixin.qq.com/document/path/90201 and 96079: since 2022-06-20 new apps get no mobile numbers.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from bot.channels.wecom import failures
from bot.channels.wecom.api import WeComApi
from bot.channels.words import clean
from core.errors import DeliveryFailed
from core.model.directory import Department, Listing, Person

NOT_FOUND = frozenset({46004, 60111})
HIDDEN = frozenset({50002, 60003, 60011})
TOO_LARGE = 45029
CLOSED = frozenset({2, 5})
"""Statuses of somebody whom the company has disabled, or who left it."""


class WeComDirectory:
    """Implements `core.ports.Directory` over one app's API."""

    def __init__(self, api: WeComApi) -> None:
        self._api = api

    def listing(self) -> Listing:
        """Read the departments the app may see and everybody in them, each person once."""
        departments = self._departments()
        people: dict[str, Person] = {}
        gaps: list[str] = []
        for department in departments:
            try:
                listed = self._people(int(department.id))
            except DeliveryFailed as failure:
                if failure.code not in HIDDEN:
                    raise
                gaps.append(f"部门「{department.name}」：{failure.reason}")
                continue
            for one in listed:
                if (person := _person(one)).user_id:
                    people.setdefault(person.user_id.casefold(), person)
        return Listing(departments=departments, people=tuple(people.values()), gaps=tuple(gaps))

    def has_left(self, user_id: str) -> bool:
        """Ask for one person: the platform tells who is unknown from whom we may not see."""
        try:
            return not _person(self._api.user.get(user_id)).active
        except DeliveryFailed as failure:
            if failure.code in NOT_FOUND:
                return True
            if failure.code in HIDDEN:
                return False
            raise

    def _departments(self) -> tuple[Department, ...]:
        listed = _listed("department/list", self._api.department.list)
        return tuple(
            Department(
                id=str(int(one["id"])),
                name=clean(str(one.get("name") or "")),
                parent_id=str(int(one.get("parentid") or 0) or ""),
                leaders=_texts(one.get("department_leader")),
            )
            for one in listed
        )

    def _people(self, department: int) -> list[dict[str, Any]]:
        read = partial(self._api.department.get_users, department)
        try:
            return _listed("user/list", partial(read, simple=False))
        except DeliveryFailed as failure:
            if failure.code != TOO_LARGE:
                raise
        return _listed("user/simplelist", read)  # shorter: names and departments, nothing of leaders


def _listed(api: str, read: Callable[[], Any]) -> list[dict[str, Any]]:
    """Return a list out of wechatpy's catalogue, which trusts answers to be complete."""
    try:
        found = read()
    except KeyError:
        found = None
    if isinstance(found, list) and all(isinstance(one, dict) for one in found):
        return found
    raise failures.unanswered(api, "应答里没有名单", delivers=False)


def _person(listed: dict[str, Any]) -> Person:
    numbers = [str(number) for number in _list(listed.get("department"))]
    leads = {number for number, flag in zip(numbers, _list(listed.get("is_leader_in_dept")), strict=False) if flag == 1}
    main = str(listed.get("main_department") or "")
    departments = [main, *(n for n in numbers if n != main)] if main in numbers else numbers
    managers = _texts(listed.get("direct_leader"))
    return Person(
        user_id=str(listed.get("userid") or ""),
        name=clean(str(listed.get("name") or ""))[:64],
        phone=str(listed.get("mobile") or "")[:32],
        departments=tuple(departments),
        leads=frozenset(leads),
        manager=managers[0] if managers else "",
        active=listed.get("status") not in CLOSED,
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in _list(value) if isinstance(one, str | int))
