"""What every API function has in common: the call it gets, and how the table of APIs is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Request, Response

from emulator.store import Json
from emulator.wecom.errors import ApiError

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

APP, CONTACTS, NOBODY = "app", "contacts", "nobody"


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request that passed the gate: its query, its JSON body, and whose token it carried."""

    api: str
    args: Mapping[str, str]
    json: Json
    holder: str
    request: Request

    def number(self, name: str, default: int | None = None) -> int:
        """Read a whole number from the query; 40058 when it is none, 40063 when it is missing without default."""
        text = self.args.get(name, "")
        if not text:
            if default is None:
                raise ApiError(40063, f"{name} is missing")
            return default
        if not text.lstrip("-").isdigit():
            raise ApiError(40058, f"{name} must be a number")
        return int(text)

    def words(self, name: str) -> str:
        """Read a required string from the JSON body; 40063 when it is missing."""
        value = self.json.get(name)
        if not isinstance(value, str) or not value:
            raise ApiError(40063, f"{name} is missing")
        return value

    def list_of(self, name: str, most: int = 1000) -> list[Any]:
        """Read an optional list from the JSON body; 40058 when it is none or too long."""
        value = self.json.get(name) or []
        if not isinstance(value, list) or len(value) > most:
            raise ApiError(40058, f"{name} must be a list of at most {most}")
        return value


Handler = Callable[["Platform", Call], Json | Response]


@dataclass(frozen=True, kw_only=True)
class Api:
    """One path under /cgi-bin/: how it is called, who may call it ("nobody": without token), what answers."""

    path: str
    method: str
    answer: Handler
    holders: tuple[str, ...] = (APP, CONTACTS)
    json: bool = True  # read a JSON body on POST; False for uploads


def get(path: str, answer: Handler, *, holders: tuple[str, ...] = (APP, CONTACTS)) -> Api:
    """A reading API."""
    return Api(path=path, method="GET", answer=answer, holders=holders)


def post(path: str, answer: Handler, *, holders: tuple[str, ...] = (APP,), json: bool = True) -> Api:
    """A writing or querying API with a body."""
    return Api(path=path, method="POST", answer=answer, holders=holders, json=json)
