"""Events of the company: the inner fields, and the forms in which HTTP and Stream carry them (§3.6)."""

from typing import TYPE_CHECKING, Any

from emulator.dingtalk.pushes import EVENT, Push
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

RENAMED = {"timeStamp": "TimeStamp", "userId": "UserId", "deptId": "DeptId"}
WRAPPED = {
    "calendar_event_change": 100,
    "todo_task_create": 107,
    "todo_task_update": 108,
    "todo_task_delete": 109,
    "chat_add_member": 177,
    "chat_remove_member": 178,
    "chat_quit": 179,
    "chat_update_owner": 180,
    "chat_update_title": 181,
    "chat_disband": 182,
    "robot_msg_read": 260,
    "robot_msg_recall": 261,
}
CONTACTS = ("user_", "org_", "label_")


def emit(platform: "Platform", event_type: str, inner: Json, userid: str = "") -> Push:
    """Push an event; contacts' basic events cost no push of the month."""
    now_ms = int(platform.clock.now().timestamp() * 1000)
    inner = {"timeStamp": str(now_ms), **inner}
    if platform.faults.take("rename"):
        inner = {RENAMED.get(name, name): value for name, value in inner.items()}
    event_id, corp = platform.ids.uuid(), platform.settings.corp_id
    if platform.over_stream(EVENT):
        fields: Json = inner
    else:
        head = {"EventType": event_type, "EventTime": now_ms, "CorpId": corp, "BizId": str(now_ms)}
        fields = {**head, "eventId": event_id, **inner}
        if platform.switches.wrap_events and event_type in WRAPPED:
            data = {"syncAction": event_type, **inner}
            fields = {"corp_id": corp, "biz_id": event_id, "biz_type": WRAPPED[event_type], "biz_data": data}
    headers = {
        "eventType": event_type,
        "eventId": event_id,
        "eventCorpId": corp,
        "eventBornTime": str(now_ms),
        "eventUnifiedAppId": platform.ids.conversation("app")[3:-2],
    }
    push = platform.pushes.make(EVENT, event_type, userid, event_id, fields, headers=headers)
    free = event_type.startswith(CONTACTS)
    if platform.faults.take("month_quota", "push") or not (free or platform.counters.push(platform.switches)):
        return platform.pushes.settled(push, "dropped", "本月推送额度已用完")
    return platform.pushes.emit(push)


def about_users(platform: "Platform", event_type: str, userids: list[str], **more: Any) -> Push:
    """Push an event about members."""
    return emit(platform, event_type, {"userId": userids, **more}, userids[0] if userids else "")
