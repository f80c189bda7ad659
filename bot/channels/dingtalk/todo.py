"""To-dos of the platform's own (待办), kept in step with what waits for somebody here; needs Todo.Todo.Write.

https://open.dingtalk.com/document/orgapp/add-dingtalk-to-do-task
"""

from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import quote

from bot.channels.words import clip, one_line
from core.errors import DeliveryFailed
from core.ports.mirrors import Todo

SUBJECT, DESCRIPTION = 1024, 4096
PRIORITY = 20
UNKNOWN = "todo.taskUpdate.paramError"
EXISTS = "todo.taskCreate.paramError"


class Api(Protocol):
    """Both generations of the platform's API. Raises nothing but DeliveryFailed."""

    def call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, params: Mapping[str, str] | None = None
    ) -> dict[str, Any]: ...
    def old_call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]: ...


class DingTalkTodos:
    """Implements `core.ports.mirrors.Todos`: a to-do is known to the platform by our name, so none is made twice."""

    def __init__(self, api: Api, public_url: str) -> None:
        self._api, self._public_url = api, public_url
        self._unions: dict[str, str] = {}

    def keep(self, user_id: str, todo: Todo) -> None:
        """Look for the to-do by our name; make it, change it, or tick it off."""
        union = self._union(user_id)
        known = self._known(union, todo)
        if known is None:
            if todo.done:
                return
            known = self._made(union, todo)
        wanted = {"subject": _subject(todo), "done": todo.done, "dueTime": _due(todo)}
        changed = {name: value for name, value in wanted.items() if value is not None and known.get(name) != value}
        if changed and known.get("id"):
            self._api.call("PUT", f"{_tasks(union)}/{known['id']}", changed, params={"operatorId": union})

    def _known(self, union: str, todo: Todo) -> dict[str, Any] | None:
        try:
            return self._api.call("GET", f"{_tasks(union)}/sources/{quote(todo.name, safe='')}")
        except DeliveryFailed as failure:
            if failure.code == UNKNOWN:
                return None
            raise

    def _made(self, union: str, todo: Todo) -> dict[str, Any]:
        address = todo.url or self._public_url
        body: dict[str, Any] = {
            "sourceId": todo.name,
            "subject": _subject(todo),
            "description": clip(todo.text, DESCRIPTION),
            "creatorId": union,
            "executorIds": [union],
            "detailUrl": {"appUrl": address, "pcUrl": address},
            "isOnlyShowExecutor": True,
            "priority": PRIORITY,
        }
        if (due := _due(todo)) is not None:
            body["dueTime"] = due
        try:
            return self._api.call("POST", _tasks(union), body, params={"operatorId": union})
        except DeliveryFailed as failure:
            if failure.code == EXISTS and (found := self._known(union, todo)) is not None:
                return found  # another worker made it at this moment
            raise

    def _union(self, user_id: str) -> str:
        """Return the id by which this API knows somebody."""
        if user_id not in self._unions:
            answer = self._api.old_call("POST", "topapi/v2/user/get", {"userid": user_id})
            union = str((answer.get("result") or {}).get("unionid") or "")
            if not union:
                raise DeliveryFailed("钉钉 topapi/v2/user/get：应答里没有 unionid")
            self._unions[user_id] = union
        return self._unions[user_id]


def _tasks(union: str) -> str:
    return f"todo/users/{quote(union, safe='')}/tasks"


def _subject(todo: Todo) -> str:
    return clip(one_line(todo.subject), SUBJECT)


def _due(todo: Todo) -> int | None:
    return int(todo.due_at.timestamp() * 1000) if todo.due_at is not None else None
