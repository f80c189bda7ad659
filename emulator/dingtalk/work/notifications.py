"""Work notifications (工作通知): taken with success, delivered only within the day's rules (§5.8)."""

import json
from datetime import datetime
from typing import TYPE_CHECKING

from emulator.dingtalk.api import Api, Call, oapi
from emulator.dingtalk.counters import CHINA
from emulator.dingtalk.directory import ids
from emulator.dingtalk.errors import OapiError
from emulator.dingtalk.settings import HANDLE_LIFE
from emulator.phones import RECALLED
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

MSG_BYTES, MOST_USERS, MOST_DEPARTMENTS, PER_DAY = 2048, 100, 20, 500
DAILY_LIMIT, DUPLICATE = "143105", "143106"
KINDS = ("text", "image", "voice", "file", "link", "markdown", "oa", "action_card")
PLACE = "工作通知"


def send(platform: "Platform", call: Call) -> Json:
    """Take a notification; who gets it, and who does not, is asked afterwards."""
    if str(call.json.get("agent_id")) != str(platform.settings.agent_id):
        raise OapiError(40056)
    message = call.json.get("msg")
    if not isinstance(message, dict) or message.get("msgtype") not in KINDS:
        raise OapiError(400002, "msg.msgtype")
    kind = message["msgtype"]
    if not isinstance(message.get(kind), dict):
        raise OapiError(400002, f"msg.{kind}")
    text = json.dumps(message, ensure_ascii=False)
    if len(text.encode()) > MSG_BYTES:
        raise OapiError(400002, "msg is too long")
    people, wrong, departments = _receivers(platform, call)
    task: Json = {
        "task_id": int(platform.ids.hexes(10), 16),
        "at": platform.clock.now().isoformat(),
        "invalid_user_id_list": wrong,
        "invalid_dept_id_list": departments,
        "forbidden_list": [],
        "receivers": [],
        "recalled": False,
        "message": message,
    }
    for userid in people:
        code = _forbidden(platform, userid, text)
        if code:
            task["forbidden_list"].append({"code": code, "count": 1, "userid": userid})
        else:
            task["receivers"].append(userid)
            _show(platform, userid, kind, message[kind], str(task["task_id"]))
    platform.tasks.put(str(task["task_id"]), task)
    return {"task_id": task["task_id"]}


def progress(platform: "Platform", call: Call) -> Json:
    """Say how far the sending is: done, since nothing waits here."""
    _task(platform, call, "task_id")
    return {"progress": {"progress_in_percent": 100, "status": 2}}


def result(platform: "Platform", call: Call) -> Json:
    """Say who got a notification and has read it, within a day."""
    task = _task(platform, call, "task_id")
    copies = {item["userid"]: item["read"] for item in platform.phones.of_message(str(task["task_id"]))}
    return {
        "send_result": {
            "invalid_user_id_list": task["invalid_user_id_list"],
            "forbidden_user_id_list": [one["userid"] for one in task["forbidden_list"]],
            "forbidden_list": task["forbidden_list"],
            "failed_user_id_list": [],
            "read_user_id_list": [one for one in task["receivers"] if copies.get(one)],
            "unread_user_id_list": [one for one in task["receivers"] if not copies.get(one)],
            "invalid_dept_id_list": task["invalid_dept_id_list"],
        }
    }


def recall(platform: "Platform", call: Call) -> Json:
    """Take a notification back."""
    task = _task(platform, call, "msg_task_id")
    for item in platform.phones.of_message(str(task["task_id"])):
        item["state"] = RECALLED
        platform.phones.save(item)
    return {}


def status_bar(platform: "Platform", call: Call) -> Json:
    """Change the status line of an oa notification."""
    task = _task(platform, call, "task_id")
    if task["message"]["msgtype"] != "oa" or "status_bar" not in task["message"]["oa"]:
        raise OapiError(400002, "no status_bar")
    bar = {"status_value": call.words("status_value"), "status_bg": str(call.json.get("status_bg") or "0xFF78C06E")}
    for item in platform.phones.of_message(str(task["task_id"])):
        item["content"] = {**item["content"], "status_bar": bar}
        platform.phones.save(item)
    return {}


def _receivers(platform: "Platform", call: Call) -> tuple[list[str], list[str], list[int]]:
    """Return whom a notification is for, which ids are nobody's, and which departments are none."""
    if str(call.json.get("to_all_user")).lower() == "true":
        return ids(platform.directory.people), [], []
    users = call.list_of("userid_list") if call.json.get("userid_list") else []
    numbers = call.list_of("dept_id_list") if call.json.get("dept_id_list") else []
    if not users and not numbers:
        raise OapiError(400002, "userid_list or dept_id_list")
    if len(users) > MOST_USERS or len(numbers) > MOST_DEPARTMENTS:
        raise OapiError(400002, "too many receivers")
    known = [one for one in users if platform.directory.find(one)]
    found, missing = [], []
    for number in numbers:
        if number.isdigit() and int(number) in platform.directory.departments:
            found += ids(platform.directory.members(int(number)))
        else:
            missing.append(int(number) if number.isdigit() else 0)
    return list(dict.fromkeys([*known, *found])), [one for one in users if one not in known], missing


def _forbidden(platform: "Platform", userid: str, text: str) -> str:
    """Return why a member does not get a notification today, "" when they do."""
    day = platform.clock.now().astimezone(CHINA).date().isoformat()
    seen = platform.notified.get(f"{day}:{userid}", [])
    if text in seen:
        return DUPLICATE
    if len(seen) >= PER_DAY:
        return DAILY_LIMIT
    platform.notified.put(f"{day}:{userid}", [*seen, text])
    return ""


def _show(platform: "Platform", userid: str, kind: str, given: Json, task_id: str) -> None:
    """Show a notification in its own place, not in the robot's chat."""
    content = dict(given)
    msgtype = {"action_card": "actionCard", "voice": "audio"}.get(kind, kind)
    if kind == "action_card":
        listed = given.get("btn_json_list") or [
            {"title": given.get("single_title"), "action_url": given.get("single_url")}
        ]
        buttons = [{"title": one.get("title", ""), "url": one.get("action_url", "")} for one in listed]
        content = {
            "title": given.get("title", ""),
            "text": given.get("markdown", ""),
            "buttons": buttons,
            "upright": True,
        }
    conversation = platform.ids.conversation(f"work:{userid}")
    platform.phones.show(
        userid, "app", msgtype, content, task_id, conversation=conversation, group="", place=PLACE, read=False
    )


def _task(platform: "Platform", call: Call, name: str) -> Json:
    found: Json | None = platform.tasks.get(call.words(name))
    if found is None or datetime.fromisoformat(found["at"]) + HANDLE_LIFE < platform.clock.now():
        raise OapiError(400002, "task_id is unknown or too old")
    return found


ROOT = "topapi/message/corpconversation/"
APIS: tuple[Api, ...] = (
    oapi(ROOT + "asyncsend_v2", send),
    oapi(ROOT + "getsendprogress", progress),
    oapi(ROOT + "getsendresult", result),
    oapi(ROOT + "recall", recall),
    oapi(ROOT + "status_bar/update", status_bar),
)
