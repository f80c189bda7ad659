"""The address book: members and departments, ids compared without case (§3.7)."""

from dataclasses import dataclass, replace

from emulator.wecom.settings import Person, Settings

ROOT = 1


@dataclass(frozen=True, kw_only=True)
class Department:
    """A node of the tree; the company itself is number 1."""

    id: int
    name: str
    parent: int
    path: str


class Directory:
    """Knows who is visible to the app; people can leave or be renamed while the platform runs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._people: dict[str, Person] = {}
        self.left: dict[str, Person] = {}
        self.left_at: dict[str, int] = {}
        self.departments: list[Department] = []
        self.reset()

    def reset(self) -> None:
        """Return to the company of the settings."""
        self._people = {person.userid.casefold(): person for person in self._settings.people}
        self.left, self.left_at = {}, {}
        self.departments = [Department(id=ROOT, name=self._settings.company, parent=0, path="")]
        for person in self._settings.people:
            self._department_id(person.department)

    @property
    def people(self) -> list[Person]:
        """Everybody visible to the app."""
        return list(self._people.values())

    def find(self, userid: str) -> Person | None:
        """Return the member, whatever the case of the id."""
        return self._people.get(userid.casefold())

    def department_of(self, person: Person) -> int:
        """Return the number of the department somebody works in."""
        return self._department_id(person.department)

    def below(self, department: int) -> list[Department]:
        """Return a department and all under it; empty when there is none of that number."""
        found = [one for one in self.departments if one.id == department]
        for one in found:
            found.extend(child for child in self.departments if child.parent == one.id)
        return found

    def members(self, department: int, *, deep: bool) -> list[Person]:
        """Return who works in a department itself, or with `deep` anywhere under it."""
        ids = {one.id for one in self.below(department)} if deep else {department}
        return [person for person in self.people if self.department_of(person) in ids]

    def leave(self, person: Person, at: int) -> None:
        """Let somebody leave the company at a unix time."""
        self.left_at[person.userid.casefold()] = at
        self.left[person.userid.casefold()] = self._people.pop(person.userid.casefold())

    def rename(self, person: Person, new_userid: str) -> Person:
        """Give somebody a new id."""
        renamed = replace(person, userid=new_userid)
        self._people = {
            new_userid.casefold() if key == person.userid.casefold() else key: renamed if one is person else one
            for key, one in self._people.items()
        }
        return renamed

    def _department_id(self, path: str) -> int:
        """Return the number of a path like 销售部/华东, adding what is new on the way."""
        parent, walked = ROOT, ""
        for name in filter(None, path.split("/")):
            walked = f"{walked}/{name}"
            known = next((one for one in self.departments if one.path == walked), None)
            if known is None:
                known = Department(id=len(self.departments) + 1, name=name, parent=parent, path=walked)
                self.departments.append(known)
            parent = known.id
        return parent
