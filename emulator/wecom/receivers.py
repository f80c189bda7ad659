"""Who is meant by touser, toparty and totag (§3.2)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from emulator.store import Json
from emulator.wecom.directory import Directory
from emulator.wecom.errors import ApiError
from emulator.wecom.settings import Person

USERS, PARTIES, TAGS = 1000, 100, 100


@dataclass(kw_only=True)
class Audience:
    """The members reached, in order and once each, and what was invalid."""

    people: list[Person] = field(default_factory=list)
    bad_users: list[str] = field(default_factory=list)
    bad_parties: list[str] = field(default_factory=list)
    bad_tags: list[str] = field(default_factory=list)

    def add(self, people: Iterable[Person]) -> None:
        """Add who is not there yet."""
        self.people.extend(person for person in people if person not in self.people)

    def strike_out(self, bad: Callable[[Person], bool]) -> None:
        """Turn some members into invalid ones, as a fault wants it."""
        self.bad_users += [person.userid for person in self.people if bad(person)]
        self.people = [person for person in self.people if not bad(person)]

    def invalid(self) -> Json:
        """Return invaliduser, invalidparty, invalidtag as message/send does: lower-cased, only when not empty."""
        found = {"invaliduser": self.bad_users, "invalidparty": self.bad_parties, "invalidtag": self.bad_tags}
        return {name: "|".join(ids).lower() for name, ids in found.items() if ids}


def split(value: Any) -> list[str]:
    """Read ids joined with "|"."""
    return [one.strip() for one in str(value or "").split("|") if one.strip()]


def resolve(directory: Directory, users: list[str], parties: list[str], tags: list[str]) -> Audience:
    """Find the members; too many ids raise 40032, 82002, 82003, none at all 82001. The company has no tags."""
    if len(users) > USERS:
        raise ApiError(40032)
    if len(parties) > PARTIES:
        raise ApiError(82002)
    if len(tags) > TAGS:
        raise ApiError(82003)
    if not users and not parties and not tags:
        raise ApiError(82001)
    audience = Audience()
    if "@all" in users:
        audience.add(directory.people)
        return audience
    for userid in users:
        person = directory.find(userid)
        audience.add([person] if person else [])
        audience.bad_users += [] if person else [userid]
    for party in parties:
        members = directory.members(int(party), deep=True) if party.isdigit() else []
        known = party.isdigit() and directory.below(int(party))
        audience.add(members)
        audience.bad_parties += [] if known else [party]
    audience.bad_tags = list(tags)
    return audience
