"""The company's members and departments, as the app may see them."""

import zlib
from collections.abc import Iterable
from dataclasses import replace

from emulator.dingtalk.settings import Person, Settings
from emulator.store import Json

ROOT = 1


class Directory:
    """Members by their exact userid; departments numbered in the order in which they are first named."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.people: list[Person] = []
        self.departments: dict[int, Json] = {}
        self.reset()

    def reset(self) -> None:
        """Return to the company of the settings."""
        self.people = list(self._settings.people)
        self.departments = {ROOT: {"dept_id": ROOT, "name": self._settings.company, "parent_id": 0, "path": ""}}
        for person in self.people:
            self.department(person)

    def find(self, userid: str) -> Person | None:
        """Return the member with this id, letter by letter."""
        return next((one for one in self.people if one.userid == userid), None)

    def by_union(self, unionid: str) -> Person | None:
        """Return the member with this unionId."""
        return next((one for one in self.people if one.union == unionid), None)

    def by_mobile(self, mobile: str) -> Person | None:
        """Return the member with this number."""
        return next((one for one in self.people if mobile_of(one) == mobile), None)

    def reachable(self, userid: str) -> Person | None:
        """Return the member if the robot can reach them: still here, and active."""
        person = self.find(userid)
        return person if person is not None and person.active else None

    def department(self, person: Person) -> int:
        """Return the number of a member's department; departments on its path come into being."""
        parent, path = ROOT, ""
        for name in [part for part in person.department.split("/") if part]:
            path = f"{path}/{name}"
            known = next((one for one in self.departments.values() if one["path"] == path), None)
            if known is None:
                known = {"dept_id": len(self.departments) + 1, "name": name, "parent_id": parent, "path": path}
                self.departments[known["dept_id"]] = known
            parent = known["dept_id"]
        return parent

    def members(self, dept_id: int) -> list[Person]:
        """Return who is directly in a department."""
        return [one for one in self.people if self.department(one) == dept_id]

    def below(self, dept_id: int) -> list[Json]:
        """Return the departments directly below one."""
        return [one for one in self.departments.values() if one["parent_id"] == dept_id]

    def join(self, person: Person) -> None:
        """Let somebody join; a known id raises ValueError."""
        if self.find(person.userid):
            raise ValueError(f"there is a member {person.userid!r} already")
        self.people.append(person)
        self.department(person)

    def leave(self, person: Person) -> None:
        """Let a member leave: unknown to every API from now on."""
        self.people = [one for one in self.people if one.userid != person.userid]

    def change(self, person: Person, changes: Json) -> Person:
        """Change some of a member's fields; an unknown field raises ValueError."""
        wrong = set(changes) - CHANGEABLE
        if wrong:
            raise ValueError(f"a member has no {', '.join(sorted(wrong))}; known: {', '.join(sorted(CHANGEABLE))}")
        changed = replace(person, **changes)
        self.people = [changed if one.userid == person.userid else one for one in self.people]
        self.department(changed)
        return changed


CHANGEABLE = {"name", "department", "role", "mobile", "manager", "admin", "active"}


def mobile_of(person: Person) -> str:
    """Return a member's number, made up when the settings have none."""
    return person.mobile or f"139{zlib.crc32(person.userid.encode()) % 10**8:08d}"


def ids(people: Iterable[Person]) -> list[str]:
    """Return the userids."""
    return [one.userid for one in people]
