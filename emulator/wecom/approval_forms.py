"""The company's approval templates: what their forms ask, whether their own flow passes by itself, what fits them."""

from typing import TYPE_CHECKING, Any

from emulator.store import Json
from emulator.wecom.errors import ApiError

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

TEMPLATE_ID = "3Tka1eD6v6JfzhDMqPd3aMkFdxqtJMc2ZRioeFXkaaa"
RECORD_ID = "3Tka1eD6v6JfzhDMqPd3aMkFdxqtJMc2ZRioeFXkbbb"
KINDS = frozenset({"Text", "Textarea", "Number", "Money", "Date", "Selector", "Contact", "File"})
SUMMARY_LINES, SUMMARY_LENGTH = 3, 20


def control(kind: str, name: str, title: str, *, required: int = 0, options: tuple[str, ...] = ()) -> Json:
    """Describe one control of a form."""
    words = [{"text": title, "lang": "zh_CN"}]
    shown = {"control": kind, "id": name, "title": words, "placeholder": [], "require": required, "un_print": 0}
    chosen = [
        {"key": f"option-{number}", "value": [{"text": one, "lang": "zh_CN"}]} for number, one in enumerate(options, 1)
    ]
    return {"property": shown, "config": {"selector": {"type": "single", "options": chosen}} if chosen else {}}


def form(name: str, *controls: Json, passes: bool = False) -> Json:
    """Describe a template; `passes`: its own flow asks nobody and agrees at once."""
    return {
        "template_names": [{"text": name, "lang": "zh_CN"}],
        "template_content": {"controls": list(controls)},
        "passes": passes,
    }


def templates() -> dict[str, Json]:
    """Return what the emulated company begins with."""
    return {
        TEMPLATE_ID: form(
            "折扣审批",
            control("Text", "Text-1", "事由", required=1),
            control("Number", "Number-1", "折扣"),
            control("Money", "Money-1", "金额"),
            control("Date", "Date-1", "日期"),
            control("File", "File-1", "附件"),
            control("Text", "Text-2", "客户"),
            control("Textarea", "Textarea-1", "原因"),
        ),
        RECORD_ID: form(
            "审批归档",
            control("Text", "Text-1", "事由", required=1),
            control("Text", "Text-2", "审批结果", required=1),
            control("Textarea", "Textarea-1", "审批经过"),
            control("Money", "Money-1", "金额"),
            passes=True,
        ),
    }


def template_of(platform: "Platform", template_id: str) -> Json:
    """Return a template; 301055 where the app may not use approvals, 301025 where there is none of that id."""
    if not platform.switches.approval_api:
        raise ApiError(301055)
    found = platform.templates.get(template_id)
    if found is None:
        raise ApiError(301025, "unknown template_id")
    return found


def check_contents(platform: "Platform", known: Json, contents: Any) -> None:
    """Refuse what does not fit a template: unknown controls, values of another kind, what is required and missing."""
    if not isinstance(contents, list):
        raise ApiError(301025, "apply_data.contents is missing")
    controls = {one["property"]["id"]: one for one in known["template_content"]["controls"]}
    for one in contents:
        known_one = controls.get(one.get("id"))
        if known_one is None or known_one["property"]["control"] != one.get("control"):
            raise ApiError(301025, f"the template has no {one.get('control')} {one.get('id')}")
        if not _fits(platform, known_one, one.get("value")):
            raise ApiError(301025, f"the value of {one['id']} is none of a {one['control']}")
    missing = {name for name, one in controls.items() if one["property"]["require"]} - {one["id"] for one in contents}
    if missing:
        raise ApiError(301025, f"{', '.join(sorted(missing))} is required")


def check_summary(lines: Any) -> None:
    """Refuse a summary of more lines, or longer ones, than the platform shows."""
    if not isinstance(lines, list) or len(lines) > SUMMARY_LINES:
        raise ApiError(301025, "summary_list has at most 3 lines")
    for line in lines:
        for one in line.get("summary_info") or []:
            if len(str(one.get("text") or "")) > SUMMARY_LENGTH:
                raise ApiError(301025, "a summary line has at most 20 characters")


def _fits(platform: "Platform", asked: Json, value: Any) -> bool:
    """Say whether a value has the form of its control: words, numbers as text, known options, known members."""
    if not isinstance(value, dict):
        return False
    fits = {
        "Text": lambda: isinstance(value.get("text"), str),
        "Textarea": lambda: isinstance(value.get("text"), str),
        "Number": lambda: _is_number(value.get("new_number")),
        "Money": lambda: _is_number(value.get("new_money")),
        "Date": lambda: isinstance((value.get("date") or {}).get("s_timestamp"), str),
        "Selector": lambda: _is_chosen(asked, (value.get("selector") or {}).get("options") or []),
        "Contact": lambda: _are_members(platform, value.get("members") or []),
    }.get(asked["property"]["control"])
    return fits is None or fits()


def _is_chosen(asked: Json, options: list[Json]) -> bool:
    known = {one["key"] for one in asked["config"]["selector"]["options"]}
    return bool(options) and {one.get("key") for one in options} <= known


def _are_members(platform: "Platform", members: list[Json]) -> bool:
    return bool(members) and all(platform.directory.find(str(one.get("userid"))) for one in members)


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return isinstance(value, str)
