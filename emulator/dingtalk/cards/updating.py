"""Changing cards: by key or as a whole, and as a stream of text (§4.4)."""

from typing import TYPE_CHECKING

from emulator.dingtalk.api import Api, Call, v1
from emulator.dingtalk.cards import checking
from emulator.dingtalk.cards.creating import WRITE, known
from emulator.dingtalk.errors import ApiError
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

STREAM = "Card.Streaming.Write"
LARGEST_STREAM = 3 * 1024


def update(platform: "Platform", call: Call) -> Json:
    """Change a card's data; without by-key flags what is given takes the place of all there was."""
    card = known(platform, call)
    data = None
    if call.json.get("cardData") is not None:
        data = checking.values(platform, call.json["cardData"], "param.cardPublicDataEmpty")
    private = checking.private(platform, call)
    if data is None and not private:
        raise ApiError("param.empty", "没有要更新的数据")
    options = call.json.get("cardUpdateOptions") or {}
    if not isinstance(options, dict):
        raise ApiError("param.invalid", "cardUpdateOptions不是对象")
    platform.cards.change(card, data, private, by_key=options, what="updated", by="app")
    return {"success": True, "result": True}


def stream(platform: "Platform", call: Call) -> Json:
    """Write one variable of a card piece by piece."""
    body = call.json
    for name in ("outTrackId", "key", "guid"):
        if not isinstance(body.get(name), str) or not body[name]:
            raise ApiError(f"param.stream.{name}" + ("Empty" if name != "outTrackId" else ""), f"{name}为空")
    if not isinstance(body.get("content"), str) or not body["content"]:
        raise ApiError("param.stream.contentEmpty", "content为空")
    if len(body["content"].encode()) > LARGEST_STREAM:
        raise ApiError("param.stream.content", "content过长")
    card = platform.cards.get(body["outTrackId"])
    if card is None:
        raise ApiError("param.stream.outTrackId", "卡片不存在")
    if body["guid"] in card.setdefault("guids", []):
        return {"success": True, "result": True}
    card["guids"].append(body["guid"])
    old = "" if body.get("isFull") else card["data"].get(body["key"], "")
    flow = "5" if body.get("isError") else "3" if body.get("isFinalize") else "2"
    data = {body["key"]: old + body["content"], "flowStatus": flow}
    platform.cards.change(card, data, {}, by_key={"updateCardDataByKey": True}, what="streamed", by="app")
    return {"success": True, "result": True}


APIS: tuple[Api, ...] = (
    v1("PUT", "card/instances", update, scope=WRITE),
    v1("PUT", "card/streaming", stream, scope=STREAM),
)
