"""Reads what field an administrator wants: 给线索加一个字段 设备类型 选项 注塑机/冲压机 必填."""

import re
from typing import Any, Final

from core.errors import BadInput
from core.model.playbook import Playbook
from core.model.playbook.fields import OBJECTS
from core.rules.fields.catalogue import catalogue_of
from core.rules.fields.types import TYPES, type_named
from core.rules.hanzi import reading

_KINDS: Final = {label: kind for kind, label in OBJECTS.items()} | {"单子": "deal", "客资": "lead"}
_NOUN: Final = re.compile("|".join(_KINDS))
_HEAD: Final = re.compile(
    r"^[\s，,]*(?:请|帮我|麻烦|帮忙)*(?:给|在|为|往|把)?(?:所有|每[条个]|我们的?)?(?:的)?(?:线索|客户|联系人|商机|单子|客资)?"
    r"(?:表|卡|档案|资料)?(?:里面?|上面?|的)?[\s，,：:]*"
    r"(?:(?:再)?(?:新加|加|新增|添加|增加|新建|建|补|设|创建|来)(?:上|了)?(?:一?[个条项栏列])?(?:新)?(?:的)?(?:自定义)?"
    r"(?:字段|必填项|选填项|填写项|栏位|自定义项|属性|项|栏|列)|字段(?:新增|添加|增加|加))(?:叫做?|名为|是)?[\s，,：:]*"
)
_CUTS: Final = re.compile(r"[\s，,；;：:（）()。]+")
_OPTIONS: Final = re.compile(r"[/、|]")
_SAYS_OPTIONS: Final = frozenset({"选项", "可选", "选择", "包括", "分为", "有"})
_ASKED_FROM: Final = re.compile(r"^必填在(.+?)(?:阶段)?(?:起|之后|以后)?$")
_FORMULA: Final = re.compile(r"(?:公式|等于|＝|=)[\s：:＝=]*(.+)$", re.DOTALL)
_GUESSES: Final = (
    (re.compile(r"^(?:是否|有无|有没有)"), "yes_no"),
    (re.compile(r"(?:金额|预算|价格|单价|总价|费用|成本)$"), "money"),
    (re.compile(r"(?:数量|数|台数|人数|个数)$"), "integer"),
    (re.compile(r"(?:日期|日)$"), "date"),
    (re.compile(r"(?:时间)$"), "moment"),
    (re.compile(r"(?:比例|率|占比)$"), "percent"),
    (re.compile(r"(?:电话|手机|手机号)$"), "phone"),
    (re.compile(r"(?:网址|官网|链接)$"), "link"),
)
"""What a name says of its type where nothing else does."""


def new_field(playbook: Playbook, text: str) -> tuple[str, dict[str, Any]]:
    """Return of what kind of record, and the definition as the document writes it. Refuses what names no field."""
    noun = _NOUN.search(text)
    kind = _KINDS[noun[0]] if noun else "lead"
    rest = _HEAD.sub("", text.strip(), count=1)
    spec: dict[str, Any] = {}
    if formula := _FORMULA.search(rest):
        rest, spec["formula"], spec["type"] = rest[: formula.start()], formula[1].strip(), "formula"
    words = [word for word in _CUTS.split(rest) if word]
    if not words or rest == text.strip():
        raise BadInput("要加什么字段？例如「给线索加一个字段 设备类型 选项 注塑机/冲压机」")
    if len(words) > 1 and words[0] in _KINDS:
        kind, words = _KINDS[words[0]], words[1:]
    label, *more = words
    if known := catalogue_of(playbook, kind).find(label):
        raise BadInput(
            f"{OBJECTS[kind]}已经有「{known.label}」这个字段了，没有改动。要改它请发送「导出规则」改好再提交"
        )
    _settings(spec, more, kind, playbook)
    if "type" not in spec:
        spec["type"] = "choice" if "options" in spec else _guessed(label)
    key = _key(label, {field.key for field in catalogue_of(playbook, kind)})
    return kind, {"key": key, "label": label, **spec}


def _settings(spec: dict[str, Any], words: list[str], kind: str, playbook: Playbook) -> None:
    notes, lists = [], False
    for word in words:
        if stage := _ASKED_FROM.match(word):
            spec["required"] = True
            spec["shown_when"] = _from_stage(stage[1], kind, playbook)
        elif word in ("必填", "必须填", "要必填"):
            spec["required"] = True
        elif word in ("不重复", "唯一", "不能重复"):
            spec["unique"] = True
        elif word in ("打码", "脱敏"):
            spec["masked"] = True
        elif word.startswith("单位") and len(word) > 2:  # noqa: PLR2004 - 单位 and the unit
            spec["unit"] = word[2:]
        elif "type" not in spec and (named := type_named(word)):
            spec["type"] = named
            lists = lists or "options" in TYPES[named].needs
        elif word in _SAYS_OPTIONS:
            lists = True
        elif lists or len(_OPTIONS.split(word)) > 1:
            said = [option for option in _OPTIONS.split(word) if option]
            spec["options"] = [*spec.get("options", []), *said]
        else:
            notes.append(word)
    if notes:
        spec["help"] = " ".join(notes)


def _from_stage(name: str, kind: str, playbook: Playbook) -> dict[str, Any]:
    """Return the condition under which a deal's field is asked for: from this stage on."""
    stages = [stage.name for pipeline in playbook.pipelines for stage in pipeline.stages]
    if kind != "deal" or name not in stages:
        raise BadInput(f"「必填在{name}」只能用于商机，并写一个阶段：{'、'.join(dict.fromkeys(stages))}")
    later = [
        stage.name
        for pipeline in playbook.pipelines
        for place, stage in enumerate(pipeline.stages)
        if name in [one.name for one in pipeline.stages[: place + 1]]
    ]
    return {"field": "stage", "op": "in", "value": list(dict.fromkeys(later))}


def _guessed(label: str) -> str:
    return next((kind for pattern, kind in _GUESSES if pattern.search(label)), "text")


def _key(label: str, taken: set[str]) -> str:
    """Name a field for ever by how its label sounds."""
    spelt = re.sub(r"[^a-z0-9]+", "_", "".join(map(reading, label)).lower()).strip("_")[:30]
    stem = spelt if spelt[:1].isalpha() and spelt.isascii() else f"field_{spelt}".rstrip("_")
    return next(key for number in range(1, 1000) if (key := stem if number == 1 else f"{stem}_{number}") not in taken)
