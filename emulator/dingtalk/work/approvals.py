"""OA approval (审批): instances with tasks, decided by people, told by two kinds of events (§6.4)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from emulator.control import NotNow
from emulator.dingtalk import events
from emulator.dingtalk.api import Api, Call, v1
from emulator.dingtalk.errors import ApiError
from emulator.dingtalk.work.forms import check_values, form_of
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

READ, WRITE = "Workflow.Instance.Read", "Workflow.Instance.Write"
SETTLING = timedelta(seconds=15)
PAGE = 20
RESULTS = {"agree": "AGREE", "refuse": "REFUSE"}


def process_code(platform: "Platform", call: Call) -> Json:
    """Return the code of the approval form with this name."""
    found = [code for code, form in platform.forms.items() if form["name"] == call.args.get("name")]
    if not found:
        raise ApiError("processCodeError", "审批模板不存在")
    return {"result": {"processCode": found[0], "gmtModified": "2026-01-01T00:00Z"}}


def form_schema(platform: "Platform", call: Call) -> Json:
    """Return what a form asks; one of the settings takes any field of text."""
    code = call.args.get("processCode")
    form = form_of(platform, code)
    anything = {"componentName": "TextField", "props": {"componentId": "TextField-0", "label": "任意"}}
    content = {"title": form["name"], "items": form["items"] or [anything]}
    return {"result": {"processCode": code, "name": form["name"], "schemaContent": content}}


def create(platform: "Platform", call: Call) -> Json:
    """Start an instance; its approvers are asked one level after the other."""
    body = call.json
    form = form_of(platform, body.get("processCode"))
    originator = platform.directory.find(str(body.get("originatorUserId") or ""))
    values = body.get("formComponentValues")
    if originator is None:
        raise ApiError("processInstanceInvalidParameter", "originatorUserId或formComponentValues不合法")
    check_values(platform, form, values)
    levels = _levels(platform, body, originator.manager)
    now = platform.clock.now()
    title = f"{originator.name}提交的{form['name']}"
    instance: Json = {
        "processInstanceId": platform.ids.uuid(),
        "processCode": body["processCode"],
        "title": title,
        "businessId": now.strftime("%Y%m%d%H%M%S000"),
        "originatorUserId": originator.userid,
        "originatorDeptId": str(body.get("deptId", -1)),
        "status": "RUNNING",
        "result": "",
        "createTime": _utc(now),
        "created_at": now.isoformat(),
        "formComponentValues": [{"id": f"TextField-{n}", **one} for n, one in enumerate(values or ())],
        "levels": levels,
        "tasks": [],
        "operationRecords": [],
        "bizAction": "NONE",
    }
    _note(platform, instance, originator.userid, "START_PROCESS_INSTANCE", "NONE", "")
    _next_level(platform, instance)
    _tell_instance(platform, instance, "start")
    return {"instanceId": instance["processInstanceId"]}


def read(platform: "Platform", call: Call) -> Json:
    """Return an instance with its tasks and record."""
    instance = _instance(platform, str(call.args.get("processInstanceId", "")))
    shown = {name: value for name, value in instance.items() if name not in ("levels", "created_at", "tasks")}
    tasks = [{name: value for name, value in one.items() if name != "level"} for one in instance["tasks"]]
    return {"result": {**shown, "tasks": tasks}, "success": True}


def query(platform: "Platform", call: Call) -> Json:
    """List instances of a form."""
    form_of(platform, call.json.get("processCode"))
    start, size = call.number("nextToken", 0), min(call.number("maxResults", PAGE), PAGE)
    users, statuses = call.json.get("userIds"), call.json.get("statuses")
    since, until = call.number("startTime", 0), call.number("endTime", 10**15)
    found = [
        one["processInstanceId"]
        for one in platform.approvals.values()
        if one["processCode"] == call.json["processCode"]
        and (not users or one["originatorUserId"] in users)
        and (not statuses or one["status"] in statuses)
        and since <= datetime.fromisoformat(one["created_at"]).timestamp() * 1000 <= until
    ]
    more = {"nextToken": str(start + size)} if start + size < len(found) else {}
    return {"result": {"list": found[start : start + size], **more}, "success": True}


def execute(platform: "Platform", call: Call) -> Json:
    """Decide a task in an approver's name."""
    instance = _instance(platform, call.words("processInstanceId"))
    result = call.json.get("result")
    if result not in RESULTS:
        raise ApiError("processInstanceInvalidParameter", "result必须是agree或refuse")
    wanted = (str(call.json.get("taskId")), call.json.get("actionerUserId"))
    task = next((one for one in instance["tasks"] if (str(one["taskId"]), one["userId"]) == wanted), None)
    if task is None or task["status"] != "RUNNING":
        raise ApiError("processInstanceInvalidParameter", "任务不存在或已处理")
    _decide(platform, instance, task, result, str(call.json.get("remark") or ""))
    return {"success": True, "result": True}


def terminate(platform: "Platform", call: Call) -> Json:
    """Take an instance back, not in its first seconds."""
    instance = _instance(platform, call.words("processInstanceId"))
    young = platform.clock.now() - datetime.fromisoformat(instance["created_at"]) < SETTLING
    if young or instance["status"] != "RUNNING":
        raise ApiError("processInstanceInvalidParameter", "审批实例刚创建或已结束，不能撤销")
    user = call.json.get("operatingUserId")
    if not call.json.get("isSystem") and user != instance["originatorUserId"]:
        raise ApiError("processInstanceInvalidParameter", "只有发起人能撤销")
    stop(platform, instance, str(user or ""), str(call.json.get("remark") or ""))
    return {"success": True, "result": True}


def decide(platform: "Platform", instance_id: str, userid: str, action: str, remark: str, to: str = "") -> Json:
    """Let a person agree, refuse, redirect, comment, or terminate as originator; NotNow when it is not theirs."""
    instance: Json | None = platform.approvals.get(instance_id)
    if instance is None:
        raise NotNow("审批不存在或已结束")
    if action == "comment":
        _note(platform, instance, userid, "ADD_REMARK", "NONE", remark)
        platform.approvals.put(instance_id, instance)
        return instance
    if instance["status"] != "RUNNING":
        raise NotNow("审批不存在或已结束")
    if action == "terminate" and userid == instance["originatorUserId"]:
        stop(platform, instance, userid, remark)
        return instance
    task = next((one for one in instance["tasks"] if one["userId"] == userid and one["status"] == "RUNNING"), None)
    if task is not None and action == "redirect" and platform.directory.find(to) is not None:
        _redirect(platform, instance, task, to, remark)
        return instance
    if task is None or action not in RESULTS:
        raise NotNow(f"{userid} 现在不能{action}")
    _decide(platform, instance, task, action, remark)
    return instance


def stop(platform: "Platform", instance: Json, userid: str, remark: str) -> None:
    """End an instance without a decision."""
    for task in instance["tasks"]:
        if task["status"] == "RUNNING":
            task["status"] = "CANCELED"
            _tell_task(platform, instance, task, "cancel", "")
    _note(platform, instance, userid, "TERMINATE_PROCESS_INSTANCE", "NONE", remark)
    instance |= {"status": "TERMINATED", "finishTime": _utc(platform.clock.now())}
    platform.approvals.put(instance["processInstanceId"], instance)
    _tell_instance(platform, instance, "terminate")


def _redirect(platform: "Platform", instance: Json, task: Json, to: str, remark: str) -> None:
    """Hand a task on: it is done, and somebody else has one at the same place."""
    task |= {"status": "COMPLETED", "result": "REDIRECTED", "finishTime": _utc(platform.clock.now())}
    _note(platform, instance, task["userId"], "REDIRECT_TASK", "NONE", remark)
    _tell_task(platform, instance, task, "finish", "redirect", remark)
    _ask(platform, instance, task["level"], to)
    platform.approvals.put(instance["processInstanceId"], instance)


def _decide(platform: "Platform", instance: Json, task: Json, result: str, remark: str) -> None:
    now = _utc(platform.clock.now())
    task |= {"status": "COMPLETED", "result": RESULTS[result], "finishTime": now}
    _note(platform, instance, task["userId"], "EXECUTE_TASK_NORMAL", RESULTS[result], remark)
    _tell_task(platform, instance, task, "finish", result, remark)
    level = [one for one in instance["tasks"] if one["level"] == task["level"]]
    kind = instance["levels"][task["level"]]["actionType"]
    done = result == "agree" and (kind == "OR" or all(one["status"] == "COMPLETED" for one in level))
    if result == "refuse":
        return _finish(platform, instance, "refuse")
    if done:
        for other in level:
            if other["status"] == "RUNNING":
                other["status"] = "CANCELED"
                _tell_task(platform, instance, other, "cancel", "")
        if task["level"] + 1 >= len(instance["levels"]):
            return _finish(platform, instance, "agree")
        _next_level(platform, instance)
    platform.approvals.put(instance["processInstanceId"], instance)
    return None


def _finish(platform: "Platform", instance: Json, result: str) -> None:
    for task in instance["tasks"]:
        if task["status"] == "RUNNING":
            task["status"] = "CANCELED"
            _tell_task(platform, instance, task, "cancel", "")
    instance |= {"status": "COMPLETED", "result": result, "finishTime": _utc(platform.clock.now())}
    platform.approvals.put(instance["processInstanceId"], instance)
    _tell_instance(platform, instance, "finish")


def _next_level(platform: "Platform", instance: Json) -> None:
    """Ask everybody of the level after the last."""
    number = 1 + max((one["level"] for one in instance["tasks"]), default=-1)
    for userid in instance["levels"][number]["userIds"]:
        _ask(platform, instance, number, userid)
    platform.approvals.put(instance["processInstanceId"], instance)


def _ask(platform: "Platform", instance: Json, level: int, userid: str) -> None:
    task = {
        "taskId": int(platform.ids.hexes(10), 16),
        "userId": userid,
        "status": "RUNNING",
        "result": "",
        "createTime": _utc(platform.clock.now()),
        "activityId": f"activity_{level + 1}",
        "level": level,
    }
    instance["tasks"].append(task)
    _tell_task(platform, instance, task, "start", "")


def _levels(platform: "Platform", body: Json, manager: str) -> list[Json]:
    """Return who is asked, level by level; without approvers the originator's manager, as the form's own flow."""
    given = body.get("approvers")
    if not given:
        if "deptId" not in body:
            raise ApiError("processInstanceInvalidParameter", "没有approvers时必须给deptId")
        chosen: list[Any] = [{"actionType": "NONE", "userIds": [manager] if manager else []}]
        selected = body.get("targetSelectActioners") or []
        chosen += [{"actionType": "AND", "userIds": one.get("actionerUserIds") or []} for one in selected]
    else:
        chosen = list(given)
    levels = []
    for one in chosen:
        users = one.get("userIds") if isinstance(one, dict) else None
        if not isinstance(users, list) or not all(platform.directory.find(str(user)) for user in users):
            raise ApiError("processInstanceInvalidParameter", "approvers不合法")
        if users:
            levels.append({"actionType": str(one.get("actionType") or "NONE"), "userIds": users})
    if not levels:
        raise ApiError("targetSelectApproverMissing", "没有审批人")
    return levels


def _instance(platform: "Platform", instance_id: str) -> Json:
    found: Json | None = platform.approvals.get(instance_id)
    if found is None:
        raise ApiError("processInstanceInvalidParameter", "审批实例不存在")
    return found


def _note(platform: "Platform", instance: Json, userid: str, kind: str, result: str, remark: str) -> None:
    date = _utc(platform.clock.now())
    record = {"userId": userid, "date": date, "type": kind, "result": result, "remark": remark}
    instance["operationRecords"].append(record)


def _common(platform: "Platform", instance: Json) -> Json:
    names = ("processInstanceId", "processCode", "businessId", "title")
    common = {name: instance[name] for name in names}
    created = int(datetime.fromisoformat(instance["created_at"]).timestamp() * 1000)
    return {**common, "bizCategoryId": "", "corpId": platform.settings.corp_id, "createTime": created}


def _tell_instance(platform: "Platform", instance: Json, kind: str) -> None:
    inner = {**_common(platform, instance), "type": kind, "staffId": instance["originatorUserId"], "url": ""}
    if kind != "start":
        inner["finishTime"] = int(platform.clock.now().timestamp() * 1000)
    if kind == "finish":
        inner["result"] = instance["result"]
    events.emit(platform, "bpms_instance_change", inner, instance["originatorUserId"])


def _tell_task(platform: "Platform", instance: Json, task: Json, kind: str, result: str, remark: str = "") -> None:
    inner = {**_common(platform, instance), "taskId": task["taskId"], "type": kind, "staffId": task["userId"]}
    if kind == "finish":
        finished = int(platform.clock.now().timestamp() * 1000)
        inner |= {"result": result, "remark": remark, "finishTime": finished}
    events.emit(platform, "bpms_task_change", inner, task["userId"])


def _utc(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%MZ")


APIS: tuple[Api, ...] = (
    v1("GET", "workflow/processCentres/schemaNames/processCodes", process_code, scope=READ),
    v1("GET", "workflow/forms/schemas/processCodes", form_schema, scope=READ),
    v1("POST", "workflow/processInstances", create, scope=WRITE),
    v1("GET", "workflow/processInstances", read, scope=READ),
    v1("POST", "workflow/processes/instanceIds/query", query, scope=READ),
    v1("POST", "workflow/processInstances/execute", execute, scope=WRITE),
    v1("POST", "workflow/processInstances/terminate", terminate, scope=WRITE),
)
