"""What every API function has in common: the call it gets, and how the table of APIs is written."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import Request, Response

from emulator.dingtalk.errors import ApiError, OapiError
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

V1, OAPI = "v1", "oapi"


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request that passed the gate: parts of its path, its query, its JSON body (or form)."""

    api: str
    side: str
    parts: Mapping[str, str]
    args: Mapping[str, str]
    json: Json
    items: list[Any]  # the body when it is a list
    token: str
    request: Request

    def words(self, name: str, error: str = "") -> str:
        """Read a text that must be there; v1.0 names `error` when it is missing, oapi says 400002."""
        value = self.json.get(name, self.args.get(name))
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or not value:
            raise self.wrong(error or f"miss.param.{name}", f"{name} is missing")
        return value

    def number(self, name: str, default: int, most: int = 10**15) -> int:
        """Read a whole number, `default` when it is missing."""
        value = self.json.get(name, self.args.get(name))
        if value is None or value == "":
            return default
        if not re.fullmatch(r"-?\d{1,15}", str(value)):
            raise self.wrong("invalidParameter", f"{name} must be a number")
        return min(int(value), most)

    def list_of(self, name: str, error: str = "") -> list[str]:
        """Read a list of texts that must not be empty; oapi also takes them joined by commas."""
        value = self.json.get(name)
        if self.side == OAPI and isinstance(value, str):
            value = [one.strip() for one in value.split(",") if one.strip()]
        if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
            raise self.wrong(error or f"miss.param.{name}", f"{name} is missing")
        return value

    def wrong(self, code: str, message: str) -> ApiError | OapiError:
        """Return the refusal of a parameter, in the form of the API that was called."""
        return OapiError(400002, message) if self.side == OAPI else ApiError(code, message)


Handler = Callable[["Platform", Call], Json | Response]


@dataclass(frozen=True, kw_only=True)
class Api:
    """One path of one API: who may call it, what it costs, what answers.

    `path` names parts in braces. `scope` is the permission it needs; `counted` says whether it counts in the month.
    """

    side: str
    method: str
    path: str
    answer: Handler
    token: bool = True
    counted: bool = True
    scope: str = ""
    upload: bool = False

    @property
    def name(self) -> str:
        """How faults and journal call it."""
        return self.path

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What a path must look like to be this API's."""
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path))


def v1(method: str, path: str, answer: Handler, *, token: bool = True, counted: bool = True, scope: str = "") -> Api:
    """An API of api.dingtalk.com, below /v1.0/."""
    return Api(side=V1, method=method, path=path, answer=answer, token=token, counted=counted, scope=scope)


def oapi(
    path: str,
    answer: Handler,
    *,
    method: str = "POST",
    token: bool = True,
    counted: bool = True,
    scope: str = "",
    upload: bool = False,
) -> Api:
    """An API of oapi.dingtalk.com."""
    return Api(
        side=OAPI, method=method, path=path, answer=answer, token=token, counted=counted, scope=scope, upload=upload
    )
