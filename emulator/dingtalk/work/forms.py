"""The tenant's approval forms: what each asks, and what fits it."""

import json
from typing import TYPE_CHECKING, Any

from emulator.dingtalk.errors import ApiError
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

KINDS = frozenset(
    {"TextField", "TextareaField", "NumberField", "MoneyField", "DDDateField", "DDSelectField", "InnerContactField"}
)


def component(kind: str, label: str, *, required: bool = False, options: tuple[str, ...] = (), at: int = 0) -> Json:
    """Describe one component of a form; the platform writes options as JSON in text."""
    props: Json = {"componentId": f"{kind}-{at}", "label": label, "required": required}
    if options:
        props["options"] = [json.dumps({"value": one, "key": f"option_{n}"}) for n, one in enumerate(options)]
    return {"componentName": kind, "props": props}


def forms(codes: tuple[tuple[str, str], ...]) -> dict[str, Json]:
    """Return the forms that the tenant begins with; those of the settings take any field of text."""
    known = {code: {"name": name, "items": []} for code, name in codes}
    items = (
        component("TextField", "标题", required=True),
        component("TextField", "客户", at=1),
        component("MoneyField", "金额（元）", at=2),
        component("NumberField", "折扣力度", at=3),
        component("DDDateField", "申请日期", at=4),
        component("TextareaField", "原因", at=5),
    )
    return {**known, "PROC-LIAODAN": {"name": "聊单审批", "items": list(items)}}


def form_of(platform: "Platform", code: object) -> Json:
    """Return a form; processCodeError where there is none."""
    found = platform.forms.get(str(code))
    if found is None:
        raise ApiError("processCodeError", "审批模板不存在")
    return found


def check_values(platform: "Platform", form: Json, values: Any) -> None:
    """Refuse values that are no text, components that the form has not, and what is required and missing."""
    if not isinstance(values, list) or not values:
        raise ApiError("processInstanceInvalidParameter", "originatorUserId或formComponentValues不合法")
    for one in values:
        if not isinstance(one, dict) or not isinstance(one.get("name"), str) or not isinstance(one.get("value"), str):
            raise ApiError("formConverterError", "表单控件的值必须是字符串")
    if not form["items"]:
        return
    known = {one["props"]["label"]: one for one in form["items"]}
    for one in values:
        if one["name"] not in known or not _fits(platform, known[one["name"]], one["value"]):
            raise ApiError("formConverterError", f"控件「{one['name']}」不存在或值不合法")
    given = {one["name"] for one in values}
    missing = [label for label, one in known.items() if one["props"]["required"] and label not in given]
    if missing:
        raise ApiError("processInstanceInvalidParameter", f"必填控件没有值：{'、'.join(missing)}")


def _fits(platform: "Platform", asked: Json, value: str) -> bool:
    kind = asked["componentName"]
    try:
        if kind in ("NumberField", "MoneyField"):
            return float(value) is not None
        if kind == "DDDateField":
            year, month, day = value.split("-")
            return len(year) == len("2026") and int(month) > 0 and int(day) > 0
        if kind == "DDSelectField":
            return value in [json.loads(one)["value"] for one in asked["props"]["options"]]
        if kind == "InnerContactField":
            people = json.loads(value)
            return bool(people) and all(platform.directory.find(str(one)) for one in people)
    except ValueError:
        return False
    return True
