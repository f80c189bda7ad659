"""What a platform knows of the company: departments as a tree, and people."""

from dataclasses import dataclass

ROOT = "1"
"""The company itself in either platform's tree of departments."""


@dataclass(frozen=True, kw_only=True)
class Department:
    """A node of the tree. `leaders` are user ids, where the platform names them here."""

    id: str
    name: str
    parent_id: str = ""
    leaders: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody as the platform lists them; whatever it does not say is empty.

    `user_id` is as the platform writes it. `departments` begins with the main one, `leads` are those of them that the
    person leads, `manager` is a user id. Who is not `active` may not use the platform any more.
    """

    user_id: str
    name: str
    phone: str = ""
    departments: tuple[str, ...] = ()
    leads: frozenset[str] = frozenset()
    manager: str = ""
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One reading of the directory, as far as our app may see. `gaps` says in words what could not be read."""

    departments: tuple[Department, ...]
    people: tuple[Person, ...]
    gaps: tuple[str, ...] = ()
