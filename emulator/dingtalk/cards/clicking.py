"""A member's finger on a card: what is pushed, and what the answer does to the card (§4.6)."""

import json
from typing import TYPE_CHECKING, Any

from emulator.control import NotNow
from emulator.dingtalk.cards.creating import UNION
from emulator.dingtalk.pushes import CARD, Push
from emulator.dingtalk.settings import Person
from emulator.phones import RECALLED
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

WAYS = ("STREAM", "HTTP")
FAILED = "操作失败，请稍后再试"


def click(platform: "Platform", person: Person, out_track_id: str, action_ids: list[str], params: Json) -> Push:
    """Let a member click; NotNow when they cannot see the card or it takes no clicks. Nobody asks who may."""
    card, item = platform.cards.get(out_track_id), platform.phones.card(out_track_id, person.userid)
    if card is None or item is None or item["state"] == RECALLED:
        raise NotNow(f"{person.name}的手机上没有卡片 {out_track_id}")
    if card["callbackType"] not in WAYS:
        raise NotNow("这张卡片没有回调：创建时没有给 callbackType")
    kind, space_id = item["space"]
    inner = {"cardPrivateData": {"actionIds": action_ids, "params": params}}
    content: Any = json.dumps(inner, ensure_ascii=False, separators=(",", ":"))
    if platform.faults.take("card_callback_content_object"):
        content = inner
    name = "value" if platform.faults.take("card_callback_value_key") else "content"
    fields = {
        "type": "actionCallback",
        "outTrackId": out_track_id,
        "corpId": platform.settings.corp_id,
        "userId": person.union if card["userIdType"] == UNION else person.userid,
        "userIdType": card["userIdType"],
        "spaceType": kind,
        "spaceId": space_id,
        "extension": "{}",
        name: content,
    }
    item["failed"] = ""
    if platform.switches.count_card_callbacks:
        platform.counters.push(platform.switches)
    platform.cards.keep(card, f"clicked {json.dumps(params, ensure_ascii=False)}", person.userid)
    return platform.pushes.make(CARD, "卡片回调", person.userid, out_track_id, fields)


def settle(platform: "Platform", push: Push, answer: Any, note: str) -> None:
    """Do to the card what the answer says; without an answer the card stays and the member sees a failure."""
    if platform.faults.take("card_timeout"):
        answer, note = None, "回调超时"
    with platform.lock:
        if answer is not None and not note:
            note = _merge(platform, push, answer)
        if note:
            item = platform.phones.card(push.key, push.userid)
            if item is not None:
                item["failed"] = FAILED
                platform.phones.save(item)
    platform.pushes.settled(push, "failed" if note else "delivered", note)


def _merge(platform: "Platform", push: Push, answer: Any) -> str:
    """Merge an answer into the card; return what is wrong with it."""
    if isinstance(answer, str):  # the Stream SDK's "OK", or nothing to say
        return "" if answer in ("", "OK") else "应答不是对象"
    if not isinstance(answer, dict):
        return "应答不是对象"
    card = platform.cards.get(push.key)
    if card is None:
        return "卡片不存在"
    data, private = _texts(answer.get("cardData")), _texts(answer.get("userPrivateData"))
    if data == {} or private == {}:
        return "应答里的 cardParamMap 不是字符串的对象"
    options = answer.get("cardUpdateOptions") or {}
    private_data = {push.userid: private} if private is not None else {}
    if data is not None and not platform.switches.card_answer_reaches_all:
        private_data[push.userid] = {**private_data.get(push.userid, {}), **data}
        data, options = None, {**options, "updatePrivateDataByKey": True}
    if data is not None or private_data:
        platform.cards.change(card, data, private_data, by_key=options, what="answered", by=push.userid)
    return ""


def _texts(given: Any) -> Json | None:
    """Return a cardParamMap of texts, None when nothing is given, {} when it is wrong."""
    if given is None or given == {}:
        return None
    found = given.get("cardParamMap") if isinstance(given, dict) else {}
    if found is None or found == {}:
        return None
    right = isinstance(found, dict) and all(isinstance(value, str) for value in found.values())
    return dict(found) if right else {}
