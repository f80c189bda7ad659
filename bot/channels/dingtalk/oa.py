"""DingTalk's own approvals (OA 审批): handed in with a form of the company's, read, decided and withdrawn.

https://open.dingtalk.com/document/orgapp/create-an-approval-instance and the pages beside it; needs
Workflow.Instance.Write and Workflow.Instance.Read. An instance cannot be changed once it is handed in.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from bot.channels.dingtalk.api import DingTalkApi
from bot.channels.oa import entry_for, mismatched, names, words_in
from bot.channels.words import clip, one_line
from core.errors import DeliveryFailed
from core.ports.mirrors import Application, Asked, Entry, OaState, Remark, Said, Standing, Voice

INSTANCES = "workflow/processInstances"
CODE = "PROC-"
ROOT = "-1"
PAGE = 20
TEXT, TEXTAREA, REMARK = 200, 2000, 1000
_SAID = {"AGREE": Said.YES, "REFUSE": Said.NO, "REDIRECTED": Said.MOVED}


class DingTalkOa:
    """Implements `core.ports.mirrors.Oa` by the app's own API."""

    decides = True
    settling = timedelta(seconds=16)
    pause = timedelta(hours=1)
    patience = timedelta(hours=6)

    def __init__(self, api: DingTalkApi) -> None:
        self._api = api

    def create(self, application: Application) -> str:
        code = self._code(application.template)
        body: dict[str, Any] = {
            "originatorUserId": application.user_id,
            "processCode": code,
            "deptId": int(ROOT),
            "formComponentValues": list(_filled(self._components(code), application)),
            "approvers": [_asked(one) for one in application.levels],
        }
        if application.readers:
            body |= {"ccList": list(application.readers), "ccPosition": "FINISH"}
        number = str(self._api.call("POST", INSTANCES, body).get("instanceId") or "")
        if not number:
            raise DeliveryFailed(f"钉钉 {INSTANCES}：应答里没有审批实例编号", temporary=True, unknown=True)
        return number

    def find(self, application: Application, since: datetime) -> str:
        wanted = {"userIds": [application.user_id]}
        for number in self._numbers(self._code(application.template), since, wanted):
            if names(application.name, words_in(self._detail(number).get("formComponentValues"))):
                return number
        return ""

    def read(self, number: str) -> Standing:
        found = self._detail(number)
        state = {"COMPLETED": OaState.AGREED, "TERMINATED": OaState.WITHDRAWN}.get(
            str(found.get("status")), OaState.RUNNING
        )
        if state is OaState.AGREED and found.get("result") != "agree":
            state = OaState.REFUSED
        records = [one for one in found.get("operationRecords") or [] if isinstance(one, dict)]
        ends = [one for one in records if str(one.get("type")).startswith("TERMINATE")]
        by = str(ends[-1].get("userId") or "") if ends and state is OaState.WITHDRAWN else ""
        return Standing(state=state, levels=_levels(found, records), remarks=tuple(_remarks(number, records)), by=by)

    def decide(self, number: str, voice: Voice, comment: str, *, agrees: bool) -> None:
        body = {
            "processInstanceId": number,
            "taskId": int(voice.task) if voice.task.isdigit() else voice.task,
            "actionerUserId": voice.user_id,
            "result": "agree" if agrees else "refuse",
            "remark": clip(comment, REMARK),
        }
        self._api.call("POST", f"{INSTANCES}/execute", body)

    def withdraw(self, number: str, user_id: str, comment: str) -> None:
        body = {
            "processInstanceId": number,
            "operatingUserId": user_id,
            "isSystem": not user_id,
            "remark": clip(comment, REMARK),
        }
        self._api.call("POST", f"{INSTANCES}/terminate", body)

    def ended(self, template: str, since: datetime) -> frozenset[str]:
        return frozenset(self._numbers(self._code(template), since, {"statuses": ["COMPLETED", "TERMINATED"]}))

    def _code(self, template: str) -> str:
        """Return a form's code, which is asked for by name where only that is known."""
        if template.startswith(CODE):
            return template
        path = "workflow/processCentres/schemaNames/processCodes"
        result = self._api.call("GET", path, params={"name": template}).get("result") or {}
        code = str(result.get("processCode") or "")
        if not code:
            raise mismatched("钉钉", f"没有叫「{template}」的审批模板，请检查名称，或写 PROC- 开头的编号")
        return code

    def _components(self, code: str) -> list[dict[str, Any]]:
        result = self._api.call("GET", "workflow/forms/schemas/processCodes", params={"processCode": code}).get(
            "result"
        )
        items = ((result or {}).get("schemaContent") or {}).get("items") or []
        return [one for one in items if isinstance(one, dict) and isinstance(one.get("props"), dict)]

    def _detail(self, number: str) -> dict[str, Any]:
        found: dict[str, Any] = (
            self._api.call("GET", INSTANCES, params={"processInstanceId": number}).get("result") or {}
        )
        return found

    def _numbers(self, code: str, since: datetime, wanted: dict[str, Any]) -> Iterator[str]:
        token: Any = 0
        while True:
            body = {
                "processCode": code,
                "startTime": int((since - timedelta(minutes=1)).timestamp() * 1000),
                "nextToken": token,
                "maxResults": PAGE,
                **wanted,
            }
            result = self._api.call("POST", "workflow/processes/instanceIds/query", body).get("result") or {}
            yield from (str(one) for one in result.get("list") or [])
            if not result.get("nextToken"):
                return
            token = int(result["nextToken"])


def _asked(one: Asked) -> dict[str, Any]:
    kind = "NONE" if len(one.user_ids) == 1 else "AND" if one.everybody else "OR"
    return {"actionType": kind, "userIds": list(one.user_ids)}


def _filled(components: list[dict[str, Any]], application: Application) -> Iterator[dict[str, str]]:
    """Fill a form component by component. DeliveryFailed when it asks for what we do not know."""
    named, missing = False, []
    for one in components:
        props, kind = one["props"], str(one.get("componentName"))
        label = str(props.get("label") or "")
        entry = entry_for(label, application.entries)
        value = _value(kind, entry, props) if entry is not None else ""
        if not value and props.get("required"):
            if kind in ("TextField", "TextareaField"):
                value = "无"
            else:
                missing.append(label)
        if value:
            named = named or names(application.name, value)
            yield {"name": label, "value": value}
    if missing:
        why = f"必填的「{'、'.join(missing)}」聊单没有内容可填，请改成选填，或在规则的 fields 里写明填哪一项"
        raise mismatched("钉钉", why)
    if not named:
        raise mismatched("钉钉", "要有一个叫「事由」「标题」或「单号」的单行输入框，聊单用它写标题和单号，请加上")


def _value(kind: str, entry: Entry, props: dict[str, Any]) -> str:
    """Say an entry as a component of this kind takes it, always as text; empty when it cannot."""
    make = _VALUES.get(kind)
    return make(entry, props) if make is not None else ""


def _chosen(entry: Entry, props: dict[str, Any]) -> str:
    return entry.text if entry.text in [_option(one) for one in props.get("options") or []] else ""


def _number(entry: Entry, _: dict[str, Any]) -> str:
    return f"{entry.number:f}" if entry.number is not None else ""


_VALUES: dict[str, Callable[[Entry, dict[str, Any]], str]] = {
    "TextField": lambda entry, _: clip(one_line(entry.text), TEXT),
    "TextareaField": lambda entry, _: clip(entry.text, TEXTAREA),
    "NumberField": _number,
    "MoneyField": _number,
    "DDDateField": lambda entry, _: entry.day.isoformat() if entry.day is not None else "",
    "InnerContactField": lambda entry, _: json.dumps([entry.user_id]) if entry.user_id else "",
    "DDSelectField": _chosen,
}
"""How each kind of component takes an entry; a date is written `yyyy-MM-dd`, people as a list in text."""


def _option(one: Any) -> str:
    """Return what an option says; a schema writes it as text or as JSON in text."""
    try:
        read = json.loads(one) if isinstance(one, str) else one
    except ValueError:
        return str(one)
    return str(read.get("value") or "") if isinstance(read, dict) else str(one)


def _levels(found: dict[str, Any], records: list[dict[str, Any]]) -> tuple[tuple[Voice, ...], ...]:
    """Return the tasks level by level; a task that was handed on is followed by the one it became."""
    tasks = [one for one in found.get("tasks") or [] if isinstance(one, dict)]
    levels: dict[str, list[Voice]] = {}
    said: dict[str, list[str]] = {}
    for record in records:
        if record.get("type") not in ("START_PROCESS_INSTANCE", "ADD_REMARK"):
            said.setdefault(str(record.get("userId")), []).append(str(record.get("remark") or ""))
    for place, one in enumerate(tasks):
        status, result = str(one.get("status")), str(one.get("result") or "")
        outcome = _SAID.get(result.upper()) if status == "COMPLETED" else None
        waiting = status in ("NEW", "RUNNING", "PAUSED")
        activity = str(one.get("activityId") or place)
        following = (
            str(later.get("userId")) for later in tasks[place + 1 :] if str(later.get("activityId") or "") == activity
        )
        voice = Voice(
            key=f"t{one.get('taskId')}",
            user_id=str(one.get("userId") or ""),
            said=outcome or (Said.WAITING if waiting else Said.CLOSED),
            comment=_next(said, str(one.get("userId"))) if outcome else "",
            task=str(one.get("taskId") or ""),
            to=next(following, "") if outcome is Said.MOVED else "",
        )
        levels.setdefault(activity, []).append(voice)
    return tuple(tuple(voices) for voices in levels.values())


def _next(said: dict[str, list[str]], user_id: str) -> str:
    """Take what somebody wrote with the oldest of their acts that nobody has asked about yet."""
    theirs = said.get(user_id)
    return theirs.pop(0) if theirs else ""


def _remarks(number: str, records: list[dict[str, Any]]) -> Iterator[Remark]:
    for place, one in enumerate(records):
        if one.get("type") == "ADD_REMARK":
            who, text = str(one.get("userId") or ""), str(one.get("remark") or "")
            yield Remark(key=f"r{number[:8]}:{place}", user_id=who, text=text)
