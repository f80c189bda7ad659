"""To-dos (待办), whose people are unionIds (§6.3)."""

from typing import TYPE_CHECKING, Any

from emulator.dingtalk import events
from emulator.dingtalk.api import Api, Call, v1
from emulator.dingtalk.errors import ApiError
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

WRITE = "Todo.Todo.Write"
LONGEST_SUBJECT, LONGEST_DESCRIPTION, MOST_EXECUTORS = 1024, 4096, 100
PRIORITIES = (10, 20, 30, 40)
CHANGEABLE = ("subject", "description", "dueTime", "done", "executorIds", "participantIds", "contentFieldList")
PAGE = 20


def create(platform: "Platform", call: Call) -> Json:
    """Make a to-do; a sourceId is used once."""
    _person(platform, call.parts["unionId"])
    body = call.json
    _check(body)
    if not isinstance(body.get("subject"), str) or not body["subject"]:
        raise _wrong("create", "subject is empty")
    detail = body.get("detailUrl")
    if not isinstance(detail, dict) or not detail.get("appUrl") or not detail.get("pcUrl"):
        raise _wrong("create", "detailUrl is empty")
    source = str(body.get("sourceId") or "")
    if source and any(one["sourceId"] == source for one in platform.todos.values()):
        raise _wrong("create", "task exist")
    now_ms = _now_ms(platform)
    task: Json = {
        "id": platform.ids.hexes(24),
        "subject": body["subject"],
        "description": str(body.get("description") or ""),
        "done": False,
        "dueTime": body.get("dueTime"),
        "createdTime": now_ms,
        "modifiedTime": now_ms,
        "creatorId": call.parts["unionId"],
        "executorIds": [str(one) for one in body.get("executorIds") or [call.parts["unionId"]]],
        "participantIds": [str(one) for one in body.get("participantIds") or []],
        "source": platform.settings.client_id,
        "sourceId": source,
        "bizTag": platform.settings.client_id,
        "detailUrl": detail,
        "priority": body.get("priority", PRIORITIES[0]),
        "contentFieldList": body.get("contentFieldList") or [],
        "executorStatus": {},
    }
    platform.todos.put(task["id"], task)
    _tell(platform, "todo_task_create", task)
    return {**task, "requestId": platform.ids.uuid()}


def change(platform: "Platform", call: Call) -> Json:
    """Change some of a to-do's fields."""
    task = _task(platform, call)
    _check(call.json)
    task |= {name: call.json[name] for name in CHANGEABLE if name in call.json}
    return _kept(platform, task)


def executor_status(platform: "Platform", call: Call) -> Json:
    """Say who is done; the to-do is done when everybody is."""
    task = _task(platform, call)
    given = call.json.get("executorStatusList")
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise _wrong("update", "executorStatusList is empty")
    for one in given:
        task["executorStatus"][str(one.get("id"))] = bool(one.get("isDone"))
    task["done"] = all(task["executorStatus"].get(one) for one in task["executorIds"])
    return _kept(platform, task)


def delete(platform: "Platform", call: Call) -> Json:
    """Take a to-do away."""
    task = _task(platform, call)
    platform.todos.drop(task["id"])
    _tell(platform, "todo_task_delete", task)
    return {"result": True, "requestId": platform.ids.uuid()}


def read(platform: "Platform", call: Call) -> Json:
    """Return one to-do."""
    return {**_task(platform, call), "requestId": platform.ids.uuid()}


def by_source(platform: "Platform", call: Call) -> Json:
    """Return the to-do with our own id."""
    _person(platform, call.parts["unionId"])
    found = next((one for one in platform.todos.values() if one["sourceId"] == call.parts["sourceId"]), None)
    if found is None:
        raise _wrong("update", "task not exist")
    return {**found, "requestId": platform.ids.uuid()}


def query(platform: "Platform", call: Call) -> Json:
    """List a member's to-dos."""
    who = call.parts["unionId"]
    _person(platform, who)
    done = call.json.get("isDone")
    found = [one for one in platform.todos.values() if who in one["executorIds"] and done in (None, one["done"])]
    start = int(call.json.get("nextToken") or 0)
    cards = [{"taskId": one["id"], **{k: one[k] for k in ("subject", "dueTime", "sourceId")}, "isDone": one["done"]}
             for one in found[start : start + PAGE]]  # fmt: skip
    more = start + PAGE < len(found)
    return {"todoCards": cards, **({"nextToken": str(start + PAGE)} if more else {})}


def _check(body: Json) -> None:
    limits = (("subject", LONGEST_SUBJECT), ("description", LONGEST_DESCRIPTION), ("executorIds", MOST_EXECUTORS))
    for name, most in limits:
        if len(body.get(name) or "") > most:
            raise _wrong("create", f"{name} oversize")
    due = body.get("dueTime")
    if due is not None and (not isinstance(due, int) or isinstance(due, bool) or due <= 0):
        raise _wrong("create", "dueTime invalid")
    if body.get("priority", PRIORITIES[0]) not in PRIORITIES:
        raise _wrong("create", "priority invalid")


def _task(platform: "Platform", call: Call) -> Json:
    _person(platform, call.parts["unionId"])
    found: Json | None = platform.todos.get(call.parts["taskId"])
    if found is None:
        raise _wrong("update", "task not exist")
    return found


def _kept(platform: "Platform", task: Json) -> Json:
    task["modifiedTime"] = _now_ms(platform)
    platform.todos.put(task["id"], task)
    _tell(platform, "todo_task_update", task)
    return {"result": True, "requestId": platform.ids.uuid()}


def _tell(platform: "Platform", what: str, task: Json) -> None:
    people = list(dict.fromkeys([task["creatorId"], *task["executorIds"]]))
    events.emit(platform, what, {"taskId": task["id"], "unionIdList": people, "bizTag": task["bizTag"]})


def _person(platform: "Platform", union: str) -> Any:
    person = platform.directory.by_union(union)
    if person is None:
        raise _wrong("create", "unionId invalid")
    return person


def _wrong(what: str, message: str) -> ApiError:
    return ApiError(f"todo.task{what.capitalize()}.paramError", message)


def _now_ms(platform: "Platform") -> int:
    return int(platform.clock.now().timestamp() * 1000)


TASKS = "todo/users/{unionId}/tasks"
APIS: tuple[Api, ...] = (
    v1("POST", TASKS, create, scope=WRITE),
    v1("GET", TASKS + "/sources/{sourceId}", by_source, scope=WRITE),
    v1("PUT", TASKS + "/{taskId}/executorStatus", executor_status, scope=WRITE),
    v1("PUT", TASKS + "/{taskId}", change, scope=WRITE),
    v1("DELETE", TASKS + "/{taskId}", delete, scope=WRITE),
    v1("GET", TASKS + "/{taskId}", read, scope=WRITE),
    v1("POST", "todo/users/{unionId}/org/tasks/query", query, scope=WRITE),
)
