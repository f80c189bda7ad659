"""What may be approved: each kind with the facts that its conditions read."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from core.model.playbook.fields import FieldSpec
from core.rules.fields.catalogue import Catalogue
from core.rules.fields.field import Field
from core.rules.fields.types import type_of


@dataclass(frozen=True)
class Kind:
    """One kind of matter: what people call it, and its fields. `amount` is the field that limits are held against."""

    label: str
    fields: tuple[FieldSpec, ...]
    amount: str = "amount"


def _field(key: str, label: str, type: str = "text", *aliases: str) -> FieldSpec:
    return FieldSpec(key=key, label=label, type=type, aliases=aliases)


_AMOUNT = _field("amount", "金额", "money", "总额")
_CUSTOMER = _field("customer", "客户", "text", "公司名称")
_GRADE = _field("grade", "等级", "text", "客户等级")
_OWNER = _field("owner", "负责人", "member", "销售")
_DEPARTMENT = _field("owner_department", "负责部门", "department", "部门")
_SHARED = (_CUSTOMER, _GRADE, _OWNER, _DEPARTMENT)

KINDS: Final[dict[str, Kind]] = {
    "special_price": Kind(
        "特价",
        (
            _field("discount", "折扣力度", "percent", "优惠", "让利"),
            _AMOUNT,
            _field("list_total", "原价", "money"),
            _field("margin", "毛利率", "percent", "毛利"),
            _field("product", "产品"),
            *_SHARED,
        ),
    ),
    "contract": Kind(
        "合同",
        (
            _AMOUNT,
            _field("payment_days", "账期天数", "integer", "账期"),
            _field("discount", "折扣力度", "percent", "优惠", "让利"),
            _field("margin", "毛利率", "percent", "毛利"),
            _field("advance", "预付比例", "percent", "首付"),
            _field("template", "合同模板"),
            _field("changed_terms", "改了标准条款", "boolean"),
            *_SHARED,
        ),
    ),
    "payment_terms": Kind("账期", (_AMOUNT, _field("payment_days", "账期天数", "integer", "账期"), *_SHARED)),
    "stage": Kind(
        "阶段",
        (_AMOUNT, _field("stage", "新阶段"), _field("from_stage", "原阶段"), _field("pipeline", "商机类型"), *_SHARED),
    ),
    "extension": Kind(
        "延期", (_field("hours", "延多少小时", "number"), _field("times", "第几次", "integer"), *_SHARED), ""
    ),
    "export": Kind("导出", (_field("rows", "行数", "integer"), _field("object", "导出什么")), ""),
    "record.delete": Kind("删除", (_field("object", "删除什么"), _AMOUNT, *_SHARED)),
    "playbook": Kind(
        "规则",
        (
            _field("sections", "改动的部分"),
            _field("weighty", "改动重大", "boolean"),
            _field("base", "原版本", "integer"),
        ),
        "",
    ),
}
"""Every kind that a flow may be for. Who submits one gives its facts under these keys."""


@cache
def catalogue_of_kind(kind: str) -> Catalogue:
    """Return what conditions of a kind may ask for; who submits is known of every kind."""
    known = KINDS[kind]
    specs = (
        *known.fields,
        _field("submitter", "提交人", "member", "申请人"),
        _field("submitter_department", "提交部门", "department"),
    )
    return Catalogue(kind, known.label, [Field(spec, type_of(spec), _nothing, is_custom=False) for spec in specs])


def _nothing(_: Any) -> None:
    """Everything that is known of a matter comes in its facts."""
