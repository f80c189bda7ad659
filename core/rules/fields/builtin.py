"""The fields that every company has: what the records carry by themselves, with the words people use for them."""

from collections.abc import Callable
from typing import Any, Final

from core.model.lead import LeadState
from core.model.playbook.fields import FieldSpec, Option

STATES: Final = {
    LeadState.NEW: "新建",
    LeadState.POOLED: "公海",
    LeadState.ASSIGNED: "待首次跟进",
    LeadState.WORKING: "跟进中",
    LeadState.CONVERTED: "已转客户",
    LeadState.NURTURE: "培育中",
    LeadState.INVALID: "无效",
    LeadState.MERGED: "已合并",
}


def _field(key: str, label: str, type: str = "text", *aliases: str, **settings: Any) -> FieldSpec:
    return FieldSpec(key=key, label=label, type=type, aliases=aliases, **settings)


_REGION = _field("region", "地区", "region", "区域", "省份", "城市", "所在地")
_INDUSTRY = _field("industry", "行业", "text", "所属行业", max=64)
_SOURCE = _field("source", "来源", "text", "线索来源", "渠道", "客户来源", max=64)
_GRADE = _field("grade", "等级", "text", "级别", "评级", "客户等级", "线索等级", max=8)
_TAGS = _field("tags", "标签", "labels")
_OWNER = _field("owner", "负责人", "member", "归属", "归属人", "跟进人", "销售")
_DEPARTMENT = _field("owner_department", "负责部门", "department", "部门", "归属部门", "团队")
_CREATOR = _field("created_by", "创建人", "member", "录入人")
_CREATED = _field("created_at", "创建时间", "moment", "录入时间", "新建时间")
_UPDATED = _field("updated_at", "更新时间", "moment", "修改时间")
_FOLLOWED = _field("last_followup_at", "最近跟进", "moment", "最近跟进时间", "上次跟进", "最后跟进")
_PHONE = _field("phone", "电话", "phone", "手机", "手机号", "联系电话")
_EMAIL = _field("email", "邮箱", "mail", "邮件", "电子邮箱")

BUILTIN: Final[dict[str, tuple[FieldSpec, ...]]] = {
    "lead": (
        _field("name", "公司名称", "text", "公司", "客户", "客户名称", "名称", "线索名称", required=True),
        _field("contact_name", "联系人", "text", "姓名", "联系人姓名"),
        _field("contact_title", "职务", "text", "职位", "头衔", max=64),
        _PHONE,
        _EMAIL,
        _SOURCE,
        _REGION,
        _INDUSTRY,
        _GRADE,
        _field("need", "需求", "long_text", "需求描述"),
        _TAGS,
        _field(
            "state", "状态", "choice", "线索状态",
            options=tuple(Option(value=label, aliases=(state.value,)) for state, label in STATES.items()),
        ),
        _field("pool", "公海", "text", "所在公海"),
        _OWNER,
        _DEPARTMENT,
        _field("assigned_at", "分配时间", "moment", "归属时间", "领取时间"),
        _field("pooled_at", "进公海时间", "moment", "退回时间", "回收时间"),
        _FOLLOWED,
        _field("protected_until", "保护期至", "moment", "保护到"),
        _CREATOR,
        _CREATED,
        _UPDATED,
    ),
    "account": (
        _field("name", "公司名称", "text", "公司", "客户", "客户名称", "名称", required=True),
        _field("short_name", "简称", max=100),
        _field("aliases", "别名", "labels", "叫法"),
        _PHONE,
        _REGION,
        _INDUSTRY,
        _field("size", "规模", "text", "公司规模", max=64),
        _field("address", "地址", "address", "公司地址"),
        _GRADE,
        _SOURCE,
        _field("note", "备注", "long_text", "说明"),
        _TAGS,
        _OWNER,
        _DEPARTMENT,
        _FOLLOWED,
        _CREATOR,
        _CREATED,
        _UPDATED,
    ),
    "contact": (
        _field("account", "公司名称", "reference", "公司", "客户", target="account"),
        _field("name", "姓名", "text", "联系人", "名字", required=True),
        _field("title", "职务", "text", "职位", "头衔", max=64),
        _PHONE,
        _EMAIL,
        _OWNER,
        _DEPARTMENT,
        _CREATED,
        _UPDATED,
    ),
    "deal": (
        _field("name", "商机名称", "text", "名称", "商机", required=True),
        _field("account", "公司名称", "reference", "公司", "客户", target="account"),
        _field("stage", "阶段", "text", "商机阶段"),
        _field("amount", "金额", "money", "商机金额", "预计金额"),
        _field("product", "产品", "text", "产品名称"),
        _field("begun_on", "开始日期", "date"),
        _field("expected_close_on", "预计成交日期", "date", "预计签约", "预计成交"),
        _field("closed_on", "成交日期", "date", "签约日期"),
        _field("external_id", "编号", "text", "商机编号"),
        _OWNER,
        _DEPARTMENT,
        _CREATED,
        _UPDATED,
    ),
}  # fmt: skip

_ATTRIBUTES: Final = {"owner": "owner_id", "account": "account_id", "created_by": "created_by"}


def reader_of(object_key: str, key: str) -> Callable[[Any], Any]:
    """Return what takes the value of a built-in field off a record."""
    if key == "owner_department":
        return lambda _: None  # whoever knows the holder says so (Facts.more)
    if key == "state":
        return lambda record: STATES.get(record.state, record.state)
    if key == "account":
        return lambda record: f"A{record.account_id}" if record.account_id is not None else None
    attribute = _ATTRIBUTES.get(key, key)
    return lambda record: getattr(record, attribute)
