"""The robot's messages through OpenAPI: to people, to groups, and what comes after sending (§5.2 to 5.5)."""

from datetime import datetime
from typing import TYPE_CHECKING

from emulator.dingtalk import showing
from emulator.dingtalk.api import Api, Call, v1
from emulator.dingtalk.contents import read_param
from emulator.dingtalk.errors import ApiError
from emulator.dingtalk.settings import HANDLE_LIFE
from emulator.phones import RECALLED
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

SEND = "企业内机器人发送消息权限"
MOST_KEYS = 20


def check_robot(platform: "Platform", code: object) -> str:
    """Return the robot's code; ApiError when it is missing or another robot's."""
    if not code:
        raise ApiError("invalidParameter.robotCode.empty", "robotCode为空")
    if code != platform.settings.robot:
        raise ApiError("invalidParameter.robotCode.auth", "robot 不存在")
    return str(code)


def batch_send(platform: "Platform", call: Call) -> Json:
    """Send to people one by one; who cannot be reached is named in a list of a 200."""
    check_robot(platform, call.json.get("robotCode"))
    users = call.list_of("userIds", "invalidParameter.userIds.empty")
    if len(users) > platform.switches.batch_receivers:
        raise ApiError("invalidParameter.userIds.overMax", "userIds超过最大数量")
    msgtype, content = read_param(call.json.get("msgKey"), call.json.get("msgParam"))
    _stopped(platform, call)
    invalid, slowed = _fault_users(platform, call, "invalid_users"), _fault_users(platform, call, "flow_control")
    users = list(dict.fromkeys(users))
    gone = [one for one in users if one in invalid or platform.directory.reachable(one) is None]
    slow = [one for one in users if one in slowed and one not in gone]
    key = _kept(platform, msgtype, "", [one for one in users if one not in gone and one not in slow])
    for userid in platform.messages.get(key)["receivers"]:
        showing.from_robot(platform, userid, msgtype, dict(content), key)
    lists = {"invalidStaffIdList": gone, "filteredStaffIdList": [], "flowControlledStaffIdList": slow}
    return {"processQueryKey": key, **lists}


def send_to_group(platform: "Platform", call: Call) -> Json:
    """Send into a group the robot is in."""
    check_robot(platform, call.json.get("robotCode"))
    group = group_of(platform, call)
    msgtype, content = read_param(call.json.get("msgKey"), call.json.get("msgParam"))
    _stopped(platform, call)
    key = _kept(platform, msgtype, group["openConversationId"], showing.present(platform, group))
    showing.to_group(platform, group, msgtype, content, key)
    return {"processQueryKey": key}


def group_of(platform: "Platform", call: Call) -> Json:
    """Return the group that a call names; ApiError when it is none, disbanded, or without the robot."""
    conversation = call.words("openConversationId", "miss.param.openConversationId")
    group = platform.conversations.group(conversation)
    if group is None or group["openConversationId"] != conversation:
        raise ApiError("invalid.openConversationId", "openConversationId不存在")
    if group["disbanded"] or platform.faults.take("group_disbanded", call.api):
        raise ApiError("group.disbanded", "群已解散")
    if not group["robot"] or platform.faults.take("not_in_group", call.api):
        raise ApiError("resource.not.found", "机器人不在群中")
    return group


def _stopped(platform: "Platform", call: Call) -> None:
    if platform.faults.take("bot_stopped", call.api):
        raise ApiError("bot.stopped", "机器人已停用")
    if platform.faults.take("content_unsafe", call.api):
        raise ApiError("contain.notAllowed.content", "消息内容不合规")


def _fault_users(platform: "Platform", call: Call, name: str) -> list[str]:
    """Return whom a fault strikes out: those it names, or every receiver."""
    fault = platform.faults.take(name, call.api)
    if fault is None:
        return []
    return list(fault.params["users"]) or list(call.json["userIds"])


def _kept(platform: "Platform", msgtype: str, conversation: str, receivers: list[str]) -> str:
    """Keep what one may ask about a message later, and return its handle."""
    key = platform.ids.process_query_key()
    platform.keep_message(key, msgtype, conversation, receivers)
    return key


def read_status(platform: "Platform", call: Call) -> Json:
    """Say who has read a message, within a day."""
    check_robot(platform, call.args.get("robotCode"))
    message = _message(platform, str(call.args.get("processQueryKey", "")))
    copies = platform.phones.of_message(message["key"])
    infos = []
    for item in copies:
        person = platform.directory.find(item["userid"])
        read = {"readStatus": "READ" if item["read"] else "UNREAD", "readTimestamp": item.get("read_ms", 0)}
        infos.append({"name": person.name if person else "", "userId": item["userid"], **read})
    return {"sendStatus": "RECALLED" if message["recalled"] else "SUCCESS", "messageReadInfoList": infos}


def group_query(platform: "Platform", call: Call) -> Json:
    """Say who in a group has read a message."""
    check_robot(platform, call.json.get("robotCode"))
    message = _message(platform, call.words("processQueryKey"))
    read = [item["userid"] for item in platform.phones.of_message(message["key"]) if item["read"]]
    start = int(call.json.get("nextToken") or 0)
    end = start + call.number("maxResults", 200, 200)
    more = {"hasMore": end < len(read), "nextToken": str(end) if end < len(read) else ""}
    return {"sendStatus": "RECALLED" if message["recalled"] else "SUCCESS", "readUserIds": read[start:end], **more}


def recall(platform: "Platform", call: Call) -> Json:
    """Take messages back from every phone; those too old or unknown are named with a reason."""
    check_robot(platform, call.json.get("robotCode"))
    keys = call.list_of("processQueryKeys", "miss.param.processQueryKeys")
    if len(keys) > MOST_KEYS:
        raise ApiError("invalidParameter.processQueryKeys.overMax", "一次最多撤回20条")
    done, failed = [], {}
    for key in keys:
        reason = _recall(platform, key)
        if reason:
            failed[key] = reason
        else:
            done.append(key)
    return {"successResult": done, "failedResult": failed}


def _recall(platform: "Platform", key: str) -> str:
    message = platform.messages.get(key)
    if message is None:
        return "消息不存在"
    if _too_old(platform, message):
        return "消息已超过24小时"
    if message["msgtype"] == "card" and not platform.switches.recall_cards:
        return "卡片消息不支持撤回"
    for item in platform.phones.of_message(key):
        item["state"] = RECALLED
        platform.phones.save(item)
    platform.messages.put(key, {**message, "recalled": True})
    return ""


def groups_query(platform: "Platform", call: Call) -> Json:
    """List the groups the robot is in."""
    check_robot(platform, call.json.get("robotCode"))
    size, page = call.number("pageSize", 20, 100), max(1, call.number("pageNumber", 1))
    found = [one for one in platform.conversations.groups() if one["robot"] and not one["disbanded"]]
    shown = found[(page - 1) * size : page * size]
    return {"openConversationIds": [one["openConversationId"] for one in shown], "totalCount": len(found)}


def robots_query(platform: "Platform", call: Call) -> Json:
    """List the robots of a group."""
    group = group_of(platform, call)
    robot = {"robotCode": platform.settings.robot, "name": platform.settings.app_name}
    return {"chatbotInstanceVOList": [{**robot, "openRobotType": 1}] if group["robot"] else []}


def emotion(platform: "Platform", call: Call) -> Json:
    """Put the robot's reaction on a member's message, or take it away."""
    check_robot(platform, call.json.get("robotCode"))
    copies = platform.phones.of_message(call.words("openMsgId"))
    if not copies:
        raise ApiError("invalidParameter.openMsgId", "消息不存在")
    for item in copies:
        item["emotion"] = "" if call.api.endswith("recall") else str(call.json.get("emotionName") or "👀")
        platform.phones.save(item)
    return {"success": True}


def _message(platform: "Platform", key: str) -> Json:
    message: Json | None = platform.messages.get(key)
    if message is None or _too_old(platform, message):
        raise ApiError("processQueryKey.expireTime", "processQueryKey不存在或已过期")
    return message


def _too_old(platform: "Platform", message: Json) -> bool:
    return datetime.fromisoformat(message["at"]) + HANDLE_LIFE < platform.clock.now()


APIS: tuple[Api, ...] = (
    v1("POST", "robot/oToMessages/batchSend", batch_send, scope=SEND),
    v1("POST", "robot/groupMessages/send", send_to_group, scope=SEND),
    v1("GET", "robot/oToMessages/readStatus", read_status, scope=SEND),
    v1("POST", "robot/otoMessages/batchRecall", recall, scope=SEND),
    v1("POST", "robot/groupMessages/query", group_query, scope=SEND),
    v1("POST", "robot/groupMessages/recall", recall, scope=SEND),
    v1("POST", "robot/groups/query", groups_query, scope=SEND),
    v1("POST", "robot/groups/robots/query", robots_query, scope=SEND),
    v1("POST", "robot/emotion/reply", emotion, scope=SEND),
    v1("POST", "robot/emotion/recall", emotion, scope=SEND),
)
