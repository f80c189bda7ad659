"""Making cards, delivering them to spaces, and where their clicks go (§4.3, §4.4, §4.7)."""

from typing import TYPE_CHECKING

from emulator.dingtalk import showing
from emulator.dingtalk.api import Api, Call, v1
from emulator.dingtalk.cards import checking
from emulator.dingtalk.cards.checking import Space
from emulator.dingtalk.errors import ApiError
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

WRITE = "Card.Instance.Write"
UNION = 2


def create(platform: "Platform", call: Call) -> Json:
    """Make a card that is nowhere yet."""
    return {"success": True, "result": _made(platform, call)["outTrackId"]}


def create_and_deliver(platform: "Platform", call: Call) -> Json:
    """Make a card and deliver it; nothing is made when the call is wrong, but a space may fail by itself."""
    spaces = checking.spaces(call)
    card = _made(platform, call)
    results = [_deliver(platform, call, card, space) for space in spaces]
    return {"success": True, "result": {"outTrackId": card["outTrackId"], "deliverResults": results}}


def deliver(platform: "Platform", call: Call) -> Json:
    """Deliver a card that was made before."""
    card = known(platform, call)
    return {"success": True, "result": [_deliver(platform, call, card, space) for space in checking.spaces(call)]}


def add_spaces(platform: "Platform", call: Call) -> Json:
    """Add spaces to a card."""
    card = known(platform, call)
    models = [space for space, _ in checking.MODELS.values() if isinstance(call.json.get(space), dict)]
    if not models:
        raise ApiError("param.openSpaceModelInvalid", "没有场域")
    card["spaces"] = sorted({*card["spaces"], *models})
    platform.cards.keep(card, "spaces")
    return {"success": True, "result": True}


def register(platform: "Platform", call: Call) -> Json:
    """Keep the address of a route key; one that is there already stays unless forced."""
    key, url = call.words("callbackRouteKey", "param.empty"), call.words("callbackUrl", "param.empty")
    if platform.cards.registered(key) and not call.json.get("forceUpdate"):
        raise ApiError("param.callbackRouteKeyExist", "callbackRouteKey已存在", 500)
    route = {"callbackUrl": url, "apiSecret": str(call.json.get("apiSecret") or "")}
    platform.cards.register(key, route)
    return {"success": True, "result": route}


def known(platform: "Platform", call: Call) -> Json:
    """Return the card a call is about; ApiError param.cardNotExist."""
    card = platform.cards.get(checking.out_track_id(call))
    if card is None:
        raise ApiError("param.cardNotExist", "卡片不存在")
    return card


def _made(platform: "Platform", call: Call) -> Json:
    if not call.json:
        raise ApiError("param.empty", "参数为空")
    out_track_id = checking.out_track_id(call)
    template = checking.template(platform, call)
    if call.json.get("cardData") is None:
        raise ApiError("param.cardPublicDataEmpty", "cardData为空")
    data = checking.values(platform, call.json["cardData"], "param.cardPublicDataEmpty")
    private = checking.private(platform, call)
    if platform.cards.get(out_track_id) is not None:
        raise ApiError("param.cardAlreadyExist", "卡片已存在")
    card: Json = {
        "outTrackId": out_track_id,
        "template": template.id,
        "callbackType": str(call.json.get("callbackType") or ""),
        "routeKey": str(call.json.get("callbackRouteKey") or ""),
        "userIdType": UNION if call.json.get("userIdType") == UNION else 1,
        "spaces": sorted(name for name, _ in checking.MODELS.values() if isinstance(call.json.get(name), dict)),
        "data": data,
        "private": private,
        "deliveries": [],
        "history": [],
        "undeclared": sorted({*data, *(key for one in private.values() for key in one)} - set(template.variables)),
    }
    platform.cards.keep(card, "created")
    return card


def _deliver(platform: "Platform", call: Call, card: Json, space: Space) -> Json:
    """Deliver to one space and say how it went."""
    reason = _obstacle(platform, call, card, space)
    if not reason and platform.faults.take("card_space_fail", call.api):
        reason = "deliver failed"
    carrier = "" if reason else _shown(platform, card, space)
    if carrier:
        card["deliveries"].append({"spaceType": space.kind, "spaceId": space.id, "carrierId": carrier})
        platform.cards.keep(card, f"delivered to {space.kind}.{space.id}")
    place = {"spaceType": space.kind, "spaceId": space.id}
    return {**place, "success": not reason, "carrierId": carrier, "errorMsg": reason}


def _obstacle(platform: "Platform", call: Call, card: Json, space: Space) -> str:
    """Return why a card cannot go to a space, "" when it can."""
    robot = space.model.get("robotCode") or platform.settings.robot
    if robot != platform.settings.robot:
        raise ApiError("param.openDeliverModelError", "robotCode与应用不匹配")
    if space.kind == "IM_ROBOT":
        return "" if _receiver(platform, card, space.id) else "userId not exist"
    if space.kind == "IM_SINGLE":
        return "coolAppCode is needed"
    group = platform.conversations.group(space.id)
    if group is None or group["openConversationId"] != space.id or group["disbanded"]:
        return "openConversationId not exist"
    absent = not group["robot"] or platform.faults.take("not_in_group", call.api) is not None
    return "robot not in group" if absent else ""


def _receiver(platform: "Platform", card: Json, given: str) -> str:
    """Return the userid of an IM_ROBOT space, "" when nobody can be reached there."""
    person = platform.directory.by_union(given) if card["userIdType"] == UNION else platform.directory.find(given)
    return person.userid if person is not None and person.active else ""


def _shown(platform: "Platform", card: Json, space: Space) -> str:
    """Show the card's copies in a space and return the handle of the message that carries them."""
    key = platform.ids.process_query_key()
    more = {"card": card["outTrackId"], "space": [space.kind, space.id]}
    if space.kind == "IM_ROBOT":
        receivers, group = [_receiver(platform, card, space.id)], None
    else:
        group = platform.conversations.group(space.id) or {}
        chosen = space.model.get("recipients") or space.model.get("userIds")
        receivers = [one for one in showing.present(platform, group) if not chosen or one in chosen]
    platform.keep_message(key, "card", group["openConversationId"] if group else "", receivers)
    for userid in receivers:
        content = platform.cards.content(card, userid)
        showing.from_robot(platform, userid, "card", content, key, group=group, **more)
    return key


APIS: tuple[Api, ...] = (
    v1("POST", "card/instances", create, scope=WRITE),
    v1("POST", "card/instances/createAndDeliver", create_and_deliver, scope=WRITE),
    v1("POST", "card/instances/deliver", deliver, scope=WRITE),
    v1("PUT", "card/instances/spaces", add_spaces, scope=WRITE),
    v1("POST", "card/callbacks/register", register, scope=WRITE),
)
