"""Reads tests of fields as people say them: 设备类型是注塑机或冲压机, 预算大于50万, 行业没填."""

import re
from typing import Any, Final

from core.errors import BadInput
from core.model.playbook.conditions import Condition, Op
from core.rules.fields.catalogue import Catalogue

_OPS: Final[tuple[tuple[str, Op], ...]] = (
    ("不等于|不是|≠|!=", Op.IS_NOT),
    ("大于等于|不低于|不少于|至少|≥|>=", Op.LEAST),
    ("小于等于|不超过|不高于|至多|最多|≤|<=", Op.MOST),
    ("大于|超过|高于|多于|>", Op.MORE),
    ("小于|低于|少于|不到|<", Op.LESS),
    ("不包含|不含", Op.LACKS),
    ("没填|没有填|未填|为空|是空的|空着", Op.EMPTY),
    ("不为空|非空|填了|有值", Op.FILLED),
    ("包含|含有|含", Op.CONTAINS),
    ("早于", Op.BEFORE),
    ("晚于", Op.AFTER),
    ("等于|属于|是|为|在|：|:|=", Op.IS),
)
ANY_OP: Final = "|".join(words for words, _ in _OPS)
_OP: Final = tuple((re.compile(rf"\s*(?:{words})\s*"), op) for words, op in _OPS)
_ENDS: Final = {
    "及以上": Op.LEAST,
    "以上": Op.LEAST,
    "及以下": Op.MOST,
    "以下": Op.MOST,
    "以内": Op.MOST,
    "之前": Op.BEFORE,
    "以前": Op.BEFORE,
    "之后": Op.AFTER,
    "以后": Op.AFTER,
}
_OR: Final = re.compile(r"\s*(?:或者|或是|或|、|/)\s*")
_AND: Final = re.compile(r"(?:并且|而且|同时|且|和|又)$")
_AROUND: Final = " \n\t，,。；;、！!？?的"


def said_condition(said: str, catalogue: Catalogue) -> Condition:
    """Read one test that begins with its field. Refuses what names no field of the catalogue."""
    text = said.strip()
    words = sorted((word for field in catalogue for word in field.words if text.startswith(word)), key=len)
    if not words:
        raise BadInput(
            f"没看懂条件「{said}」。请以字段名开头，例如「行业是机械」；{catalogue.no_such_field(text[:10])}"
        )
    return Condition.model_validate(said_test(words[-1], text[len(words[-1]) :]))


def said_test(field: str, said: str) -> dict[str, Any]:
    """Read what is said of a field, 大于50万, 是注塑机或冲压机, 没填, as a condition is written."""
    op, rest = Op.IS, said
    for pattern, meant in _OP:
        if hit := pattern.match(said):
            op, rest = meant, said[hit.end() :]
            break
    bare = rest.rstrip(_AROUND)
    rest = (_AND.sub("", bare) if bare == rest else bare).strip(_AROUND)  # 太和，is a place, 江苏和 goes on
    for words, meant in _ENDS.items():
        if rest.endswith(words):
            op, rest = meant, rest.removesuffix(words)
            break
    if op in (Op.EMPTY, Op.FILLED):
        return {"field": field, "op": op.value}
    values = [value for value in _OR.split(rest) if value]
    if len(values) > 1 and op in (Op.IS, Op.IS_NOT):
        return {"field": field, "op": (Op.IN if op is Op.IS else Op.NOT_IN).value, "value": values}
    return {"field": field, "op": op.value, "value": rest}
