"""What may stand where in a playbook, read off its models: keys, kinds of values, defaults and what they mean."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from core.model.playbook import Playbook
from core.model.playbook.parts import Part, read_duration, read_share, spoken_duration

Path = tuple[str | int, ...]

IDS = ("id", "key", "name", "value")
"""Keys by which an item of a list is known, best first."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """One key: what it means and what may stand there."""

    key: str
    meaning: str
    kind: Any
    is_required: bool
    default: Any


def places(part: type[Part]) -> dict[str, Place]:
    """Return the keys that a part takes in a document; what only the operator sets is none of them."""
    return {
        field.alias or name: _place(field.alias or name, field)
        for name, field in part.model_fields.items()
        if not field.exclude
    }


def place_at(path: Path) -> Place | None:
    """Return what is known of the key at `path`; None where no key of ours stands."""
    around = kind_at(path[:-1]) if path else None
    return _place_in(around, path[-1]) if around is not None else None


def keys_at(path: Path) -> tuple[str, ...]:
    """Return the keys that are known in the part at `path`."""
    kind = kind_at(path)
    return tuple(dict.fromkeys(key for part in _direct(kind) for key in places(part))) if kind is not None else ()


def kind_at(path: Path) -> Any:
    """Return the kind of value at `path`; None where nothing of ours stands."""
    kind: Any = Playbook
    for step in path:
        held, found = held_by(kind), _place_in(kind, step)
        kind = found.kind if found is not None else held
        if kind is None:
            return None
    return kind


def section_title(section: str) -> str:
    """Return what a section is called: 回收规则."""
    found = places(Playbook).get(section)
    return found.meaning.split("，")[0].split("：")[0] if found else section


def label_at(path: Path) -> str:
    """Return what people call the key at `path`: the head of its meaning, or the name itself where it is theirs."""
    found = place_at(path)
    return _HEAD.split(found.meaning)[0] or found.key if found is not None else str(path[-1])


def says_nothing(value: Any) -> bool:
    """Say whether what stands in a document tells nothing: empty, or switched off as it is by default."""
    return value is None or value is False or value in ([], {}, "")


def said_value(value: Any) -> str:
    """Say a value as people do: `24h` as 24小时, `workday` as 工作日."""
    if value is None or value in ([], {}):
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(said_value(one) for one in value)
    if isinstance(value, Mapping):
        return _said_condition(value) if value.keys() >= _CONDITION else _said_part(value)
    text = str(value)
    if _LENGTH.fullmatch(text):
        return spoken_duration(read_duration(text))
    return _VALUES.get(text, text)


def _said_part(value: Mapping[str, Any]) -> str:
    """Name what stands in a part; of a group it is who belongs to it."""
    filled = {key: one for key, one in value.items() if not says_nothing(one)}
    if value.keys() == _GROUP:
        return "、".join(said_value(one) for one in filled.values()) or "所有人"
    name = next((filled[key] for key in IDS if key in filled), None)
    if name is not None and filled.keys() <= {*IDS, "label"}:
        return str(name)
    return "，".join(f"{key} {said_value(one)}" for key, one in filled.items()) or "无"


def _said_condition(value: Mapping[str, Any]) -> str:
    """Say a condition as it stands in a document: 地区 属于 江苏、浙江 且 金额 ≥ 100000."""
    for key, joined in (("all", " 且 "), ("any", " 或 ")):
        if value[key]:
            return joined.join(_said_condition(one) for one in value[key])
    if value["not"]:
        return f"不是（{_said_condition(value['not'])}）"
    if not value["field"]:
        return "所有"
    wanted = value["value"]
    return " ".join(filter(None, (value["field"], _VALUES.get(value["op"], value["op"]), said_value(wanted))))


_CONDITION = frozenset({"all", "any", "not", "field", "op", "value"})
_GROUP = frozenset({"members", "departments", "roles"})
_HEAD = re.compile(r"[：，；（、。]")
_LENGTH = re.compile(r"(?:\d+[dhms])+")
_VALUES = {
    "calendar": "自然时间",
    "workday": "工作日",
    "worktime": "工作时间",
    "since_assigned_no_contact": "分到手没有联系",
    "since_last_valid_followup": "上次有效跟进",
    "since_owned_no_deal": "分到手没有商机",
    "since_owned_not_won": "分到手没有成交",
    "since_contract_end": "合同到期",
    "to_pool": "回公海",
    "reassign_by_rule": "按规则重新分配",
    "to_manager": "交给主管",
    "week": "每周",
    "visit": "拜访",
    "call": "电话",
    "email": "邮件",
    "meeting": "会议",
    "demo": "演示",
    "wechat": "微信",
    "round_robin": "轮流",
    "weighted": "按权重",
    "least_load": "最空闲",
    "best_converter": "转化最高",
    "all": "会签",
    "any": "或签",
    "sequence": "依次",
    "vote": "票签",
    "exclusive": "第一个符合的",
    "parallel": "全部一起",
    "inclusive": "每个符合的",
    "superior": "交给上级",
    "reject": "驳回",
    "pass": "自动通过",
    "consecutive": "连续的省略",
    "every": "每次都审",
    "void": "作废重来",
    "lock": "不让改",
    "wecom": "企业微信",
    "dingtalk": "钉钉",
    "live": "提交时建单",
    "record": "批完再记",
    "hidden": "不给看",
    "read": "只看",
    "write": "可以改",
    "in": "属于",
    "not in": "不属于",
    "between": "介于",
    "contains": "包含",
    "not contains": "不包含",
    "starts with": "开头是",
    "ends with": "结尾是",
    "before": "早于",
    "after": "晚于",
    "within": "在",
    "empty": "为空",
    "not empty": "不为空",
    ">=": "≥",
    "<=": "≤",
    "!=": "≠",
}
"""Values of a document in the words of people; whatever else stands there is the company's own."""


def outlined(playbook: Playbook) -> tuple[tuple[str, str], ...]:
    """Say in a few words what stands in each section, as far as it is not empty."""
    told = playbook.model_dump(mode="json", by_alias=True)
    return tuple((section_title(name), words) for name, value in told.items() if (words := _summary((name,), value)))


def said_kind(kind: Any) -> str:
    """Say in words what may stand somewhere."""
    return " 或 ".join(dict.fromkeys(_said(one) for one in _alternatives(kind)))


def allowed(kind: Any) -> tuple[str, ...]:
    """Return the values that may be chosen from, if there are only some."""
    found: list[str] = []
    for one in _alternatives(kind):
        bare = _bare(one)
        if isinstance(bare, type) and issubclass(bare, Enum):
            found += [str(member.value) for member in bare]
        elif get_origin(bare) is Literal:
            found += [str(value) for value in get_args(bare)]
    return tuple(found)


def _place(key: str, field: FieldInfo) -> Place:
    kind: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    return Place(
        key=key,
        meaning=field.description or "",
        kind=kind,
        is_required=field.is_required(),
        default=None if field.is_required() else field.get_default(call_default_factory=True),
    )


def _bare(kind: Any) -> Any:
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    return getattr(kind, "__value__", kind)


def _alternatives(kind: Any) -> Iterator[Any]:
    """Yield what a union allows, without None."""
    bare = _bare(kind)
    if get_origin(bare) in (Union, UnionType):
        for one in get_args(bare):
            if one is not NoneType:
                yield from _alternatives(one)
    else:
        yield kind


def held_by(kind: Any) -> Any:
    """Return the kind of what a list, or a table of names, holds; None for anything else."""
    for one in _alternatives(kind):
        bare = _bare(one)
        origin, arguments = get_origin(bare), get_args(bare)
        if origin in _LISTS and arguments:
            return arguments[0]
        if _is_table(bare) and len(arguments) > 1:
            return arguments[1]
    return None


def parts_of(kind: Any) -> tuple[type[Part], ...]:
    """Return the parts that may stand here: as they are, in a list, or under names."""
    held = held_by(kind)
    return (*_direct(kind), *(parts_of(held) if held is not None else ()))


def _direct(kind: Any) -> tuple[type[Part], ...]:
    found = (_bare(one) for one in _alternatives(kind))
    return tuple(one for one in found if isinstance(one, type) and issubclass(one, Part))


def _place_in(kind: Any, step: str | int) -> Place | None:
    return next((known[str(step)] for part in _direct(kind) if str(step) in (known := places(part))), None)


def _is_table(bare: Any) -> bool:
    origin = get_origin(bare)
    return isinstance(origin, type) and issubclass(origin, Mapping)


_LISTS = (tuple, list, set, frozenset)

_SAID: dict[Any, str] = {
    timedelta: "时长（24h、3d、30m）",
    time: "时刻（8:30）",
    datetime: "时间（2026-03-05T10:00）",
    date: "日期（2026-03-05）",
    bool: "true/false",
    int: "整数",
    float: "数字",
    str: "文字",
}


def _said(kind: Any) -> str:
    bare, origin = _bare(kind), get_origin(_bare(kind))
    if _is_share(kind):
        return "百分比（50%）"
    if chosen := allowed(kind):
        return "、".join(chosen) + " 之一" if len(chosen) > 1 else chosen[0]
    if origin in _LISTS:
        return f"列表，每项是 {said_kind(get_args(bare)[0])}"
    if _is_table(bare):
        return f"一组「名称: 值」，值是{said_kind(get_args(bare)[1])}"
    if isinstance(bare, type) and issubclass(bare, Part):
        return "一组设置"
    return _SAID.get(bare, "文字")


def _is_share(kind: Any) -> bool:
    while get_origin(kind) is Annotated:
        inner, *marks = get_args(kind)
        if any(isinstance(mark, BeforeValidator) and mark.func is read_share for mark in marks):
            return True
        kind = inner
    return False


def _summary(path: Path, value: Any) -> str:
    if isinstance(value, list):
        items = [next((str(one[key]) for key in IDS if one.get(key)), "") for one in value if isinstance(one, dict)]
        return "、".join(filter(None, items)) if items else "、".join(map(said_value, value))
    if isinstance(value, dict):
        told = ((label_at((*path, key)), _summary((*path, key), one)) for key, one in value.items())
        return "；".join(f"{label} {words}" for label, words in told if words)
    return "" if value is None else said_value(value)
