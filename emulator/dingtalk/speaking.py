"""What members say to the robot: shown on phones, and pushed as the platform pushes it (§1.2)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.control import NotNow
from emulator.dingtalk import showing
from emulator.dingtalk.pushes import ROBOT, Push
from emulator.dingtalk.settings import Person
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

IN_GROUPS = ("text", "richText", "picture")
OUT_OF_QUOTA = "受调用量超量影响，消息服务已暂停"


@dataclass(frozen=True, kw_only=True)
class Words:
    """Something said: its msgtype and payload as pushed, its msgtype and content as shown."""

    msgtype: str
    payload: Json
    shown: str
    content: Json


def text(words: str) -> Words:
    """Say something in words."""
    return Words(msgtype="text", payload={"content": words}, shown="text", content={"content": words})


def say(
    platform: "Platform",
    person: Person,
    words: Words,
    base: str,
    *,
    group: Json | None = None,
    at: Sequence[str] = (),
    to_robot: bool = True,
    quoted: Json | None = None,
) -> Push | None:
    """Let a member say something, alone with the robot or in a group; None when the robot is not meant.

    `base` is where the platform is reached, `at` who else is mentioned, `quoted` the item that is answered.
    """
    if group is not None and (person.userid not in group["members"] or group["disbanded"]):
        raise NotNow(f"{person.name}不在群「{group['name']}」里")
    if group is not None and words.msgtype not in IN_GROUPS:
        raise NotNow("群里 @机器人 只能发文字和图片")
    message_id = platform.ids.message()
    with platform.lock:
        content = {**words.content, **({"quote": _excerpt(quoted)} if quoted else {})}
        showing.from_member(platform, person.userid, words.shown, content, message_id, group=group)
        if group is not None and (not to_robot or not group["robot"]):
            return None
        fields = _fields(platform, person, words, message_id, base, group=group, at=at)
        if quoted is not None or platform.faults.take("quote_message"):
            _quote(platform, fields, quoted)
        _vary(platform, fields)
    name = f"机器人消息 {fields['msgtype']}"
    return platform.pushes.emit(platform.pushes.make(ROBOT, name, person.userid, message_id, fields))


def _fields(
    platform: "Platform",
    person: Person,
    words: Words,
    message_id: str,
    base: str,
    *,
    group: Json | None,
    at: Sequence[str],
) -> Json:
    now, settings, ids = platform.clock.now(), platform.settings, platform.ids
    single = platform.conversations.single(person.userid)
    conversation = group["openConversationId"] if group else single
    session = platform.sessions.open(conversation, person.userid, platform.switches.session_minutes, now)
    robot = ids.encrypted(f"robot:{settings.robot}")
    fields: Json = {"senderPlatform": "Mac", "conversationId": conversation}
    if group:
        mentioned = [{"dingtalkId": robot}]
        for other in (platform.directory.find(userid) for userid in at):
            if other is not None:
                who = {"dingtalkId": ids.encrypted(other.userid), "staffId": other.userid, "unionId": other.union}
                mentioned.append(who)
        fields |= {"openThreadId": conversation, "atUsers": mentioned}
    fields |= {
        "chatbotCorpId": settings.corp_id,
        "chatbotUserId": robot,
        "msgId": message_id,
        "senderNick": person.name,
        "isAdmin": person.admin,
        "senderStaffId": person.userid,
        "senderUnionId": person.union,
        "sessionWebhookExpiredTime": session["expires_ms"],
        "createAt": int(now.timestamp() * 1000),
        "senderCorpId": settings.corp_id,
        "conversationType": "2" if group else "1",
        "senderId": ids.encrypted(person.userid),
    }
    if group:
        fields |= {"conversationTitle": group["name"], "isInAtList": True}
    fields |= {
        "sessionWebhook": f"{base.rstrip('/')}/robot/sendBySession?session={session['session']}",
        "robotCode": settings.robot,
        "msgtype": words.msgtype,
    }
    payload = words.payload
    if words.msgtype == "text":
        said = payload["content"]
        if group:
            said = " " + _without_mentions(platform, said)
        return {**fields, "text": {"content": said}}
    return {**fields, "content": payload}


def _without_mentions(platform: "Platform", said: str) -> str:
    """Strip visible mentions of robot and members, as clients do."""
    names = [platform.settings.app_name, *(one.name for one in platform.directory.people)]
    return re.sub("|".join(f"@{re.escape(name)}[ \u2005]?" for name in names), "", said).strip()


def _excerpt(quoted: Json) -> str:
    content = quoted["content"]
    return str(content.get("content") or content.get("title") or content.get("text") or "")[:60]


def _quote(platform: "Platform", fields: Json, quoted: Json | None) -> None:
    """Make a message an answer to an item, or with None to some older message of the robot."""
    key = quoted["msgid"] if quoted else platform.ids.process_query_key()
    by_robot = quoted is None or quoted["from"] == "app"
    replied = {
        "msgType": quoted["msgtype"] if quoted else "text",
        "msgId": platform.ids.message() if by_robot else key,
        "senderId": fields["chatbotUserId"] if by_robot else fields["senderId"],
        "createdAt": int(quoted["at"] * 1000) if quoted else fields["createAt"] - 60_000,
        "content": {"text": _excerpt(quoted) if quoted else "更早的一条消息"},
    }
    fields["originalMsgId"] = replied["msgId"]
    if by_robot:
        fields["originalProcessQueryKey"] = key
    if fields["msgtype"] == "text":
        fields["text"] |= {"isReplyMsg": True, "repliedMsg": replied}


def _vary(platform: "Platform", fields: Json) -> None:
    """Turn a message into one of the odd ones that have been seen."""
    faults = platform.faults
    if faults.take("staff_id_empty"):
        fields["senderStaffId"] = ""
    if faults.take("external_user"):
        fields |= {"senderCorpId": "", "senderStaffId": "", "senderUnionId": ""}
    if faults.take("msgtype_unknown"):
        fields.pop("text", None)
        kind = {"unknownMsgType": "暂不支持的消息类型，请在新版钉钉上查看"}
        fields |= {"msgtype": "unknownMsgType", "content": kind}
    if faults.take("richtext_repeat_mention") and fields["msgtype"] == "text":
        said = fields.pop("text")["content"].strip()
        parts = [{"text": f"@{platform.settings.app_name} "}, {"text": said}]
        fields |= {"msgtype": "richText", "content": {"richText": parts}}
    if faults.take("month_quota", "push") or not platform.counters.push(platform.switches):
        fields.pop("text", None)
        fields.pop("content", None)
        long = faults.take("rename")
        names = ("errorCode", "errorMessage") if long else ("errCode", "errMsg")
        fields |= dict(zip(names, (20001, OUT_OF_QUOTA), strict=True))
