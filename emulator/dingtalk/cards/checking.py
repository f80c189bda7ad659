"""What is wrong with a card call, by the names the platform has for it (§4.3)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from emulator.dingtalk.api import Call
from emulator.dingtalk.errors import ApiError
from emulator.dingtalk.settings import Template
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

LONGEST_ID, LONGEST_SPACES, LONGEST_KEY = 100, 1000, 100
PREFIX = "dtv1.card//"
MODELS = {
    "IM_ROBOT": ("imRobotOpenSpaceModel", "imRobotOpenDeliverModel"),
    "IM_GROUP": ("imGroupOpenSpaceModel", "imGroupOpenDeliverModel"),
    "IM_SINGLE": ("imSingleOpenSpaceModel", "imSingleOpenDeliverModel"),
    "ONE_BOX": ("topOpenSpaceModel", "topOpenDeliverModel"),
}


@dataclass(frozen=True, kw_only=True)
class Space:
    """Where a card goes: the kind of space, and whose or which."""

    kind: str
    id: str
    model: Json


def out_track_id(call: Call) -> str:
    """Return the card's id."""
    given = call.json.get("outTrackId")
    if not isinstance(given, str) or not given:
        raise ApiError("param.outTrackIdEmpty", "outTrackId为空")
    if len(given) > LONGEST_ID:
        raise ApiError("param.invalid", "outTrackId过长")
    return given


def template(platform: "Platform", call: Call) -> Template:
    """Return the card's template, which must be there and published."""
    given = call.json.get("cardTemplateId")
    if not isinstance(given, str) or not given:
        raise ApiError("param.cardTemplateIdEmpty", "cardTemplateId为空")
    found = platform.cards.templates.get(given)
    if found is None:
        raise ApiError("param.templateNotExist", "卡片模板不存在")
    if not found.published or platform.faults.take("template_unpublished", call.api):
        raise ApiError("param.templateUnpublished", "卡片模板未发布")
    return found


def values(platform: "Platform", given: Any, empty: str) -> Json:
    """Return a cardParamMap: texts only, within the limits."""
    found = given.get("cardParamMap") if isinstance(given, dict) else None
    if not isinstance(found, dict):
        raise ApiError(empty, "cardParamMap为空")
    switches, read = platform.switches, {}
    for name, value in found.items():
        if not isinstance(value, str):
            if not switches.stringify_card_values:
                raise ApiError("param.invalid", f"cardParamMap.{name}不是字符串")
            value = str(value)  # noqa: PLW2901 - the value as the platform keeps it
        too_long = switches.card_value_bytes and len(value.encode()) > switches.card_value_bytes
        if too_long or len(name.encode()) > LONGEST_KEY:
            raise ApiError("param.invalid", f"cardParamMap.{name}过长")
        read[name] = value
    if sum(len(name.encode()) + len(value.encode()) for name, value in read.items()) > switches.card_bytes:
        raise ApiError("param.invalid", "卡片数据过长")
    if platform.faults.take("content_unsafe", "card/instances"):
        raise ApiError("param.contentUnsafe", "卡片内容不合规")
    return read


def private(platform: "Platform", call: Call, name: str = "privateData") -> dict[str, Json]:
    """Return the private data by userid."""
    given = call.json.get(name) or {}
    if not isinstance(given, dict):
        raise ApiError("param.invalid", f"{name}不是对象")
    by_union = call.json.get("userIdType") == 2  # noqa: PLR2004 - the platform's own number
    read = {}
    for key, data in given.items():
        person = platform.directory.by_union(key) if by_union else platform.directory.find(key)
        read[person.userid if person else key] = values(platform, data, "param.invalid")
    return read


def spaces(call: Call) -> list[Space]:
    """Return where the card goes; every kind of space needs its deliver model."""
    given = call.json.get("openSpaceId")
    if not isinstance(given, str) or not given:
        raise ApiError("param.openSpaceIdEmpty", "openSpaceId为空")
    if len(given) > LONGEST_SPACES:
        raise ApiError("param.openSpaceIdInvalid", "openSpaceId过长")
    found = []
    for one in given.split(";"):
        kind, _, id_ = one.removeprefix(PREFIX).partition(".")
        if not one.startswith(PREFIX) or kind not in MODELS or not id_:
            raise ApiError("param.openSpaceIdInvalid", f"openSpaceId不合法 {one}")
        space_model, deliver_model = MODELS[kind]
        if not isinstance(call.json.get(space_model, {}), dict):
            raise ApiError("param.openSpaceModelInvalid", f"{space_model}不合法")
        model = call.json.get(deliver_model)
        if model is None:
            raise ApiError("param.openDeliverModelEmpty", f"缺少 {deliver_model}")
        if not isinstance(model, dict) or model.get("spaceType", kind) != kind:
            raise ApiError("param.openDeliverModelError", f"{deliver_model}不合法")
        if kind == "IM_ROBOT" and "spaceType" not in model:
            raise ApiError("param.openDeliverModelError", f"{deliver_model}.spaceType为空")
        found.append(Space(kind=kind, id=id_, model=model))
    return found
