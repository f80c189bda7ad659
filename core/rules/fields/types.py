"""The types of fields. A new one is a class in the file of its family, and its name here."""

from difflib import get_close_matches
from typing import Final

from core.model.playbook.fields import FieldSpec
from core.rules.fields.choices import Choice, Choices, Labels, YesNo
from core.rules.fields.computed import Computed
from core.rules.fields.contact import (
    Address,
    Attachment,
    BankAccount,
    CreditCode,
    IdCard,
    Link,
    Mail,
    Phone,
    Picture,
    Plate,
    Region,
)
from core.rules.fields.kind import FieldType
from core.rules.fields.numbers import Duration, Integer, MoneyField, Number, Percent, Rating, Score
from core.rules.fields.people import Department, MemberField, MembersField, Reference, Table
from core.rules.fields.times import Day, Moment, Month, TimeOfDay
from core.rules.fields.words import LongText, Text

TYPES: Final[dict[str, FieldType]] = {
    kind.key: kind
    for kind in (
        Text(), LongText(), Number(), Integer(), MoneyField(), Percent(), Day(), Moment(), Month(), TimeOfDay(),
        Duration(), Choice(), Choices(), Labels(), YesNo(), MemberField(), MembersField(), Department(), Phone(),
        Mail(), Region(), Address(), Link(), Attachment(), Picture(), Computed(), Reference(), Rating(), Score(),
        Table(), CreditCode(), BankAccount(), IdCard(), Plate(),
    )
}  # fmt: skip

_BY_LABEL: Final = {kind.label: kind.key for kind in TYPES.values()} | {
    "文字": "text", "字符串": "text", "长文本": "long_text", "备注": "long_text", "数值": "number", "小数": "number",
    "钱": "money", "价格": "money", "比例": "percent", "时间": "moment", "选项": "choice", "下拉": "choice",
    "单选项": "choice", "多选项": "choices", "勾选": "yes_no", "开关": "yes_no", "人员": "member", "同事": "member",
    "手机": "phone", "手机号": "phone", "邮件": "mail", "链接": "link", "文件": "attachment", "照片": "picture",
    "星": "rating", "打分": "score", "分数": "score", "表格": "table", "税号": "credit_code", "银行卡": "bank_account",
}  # fmt: skip


def type_of(spec: FieldSpec) -> FieldType:
    """Return a field's type; one that this release does not know is kept and shown as text."""
    return TYPES.get(spec.type, TYPES["text"])


def type_named(words: str) -> str | None:
    """Return the key of the type that people call so."""
    return words if words in TYPES else _BY_LABEL.get(words)


def no_such_type(words: str) -> str:
    """Say which types there are, the one that was perhaps meant first."""
    near = get_close_matches(words, [*TYPES, *_BY_LABEL], n=1, cutoff=0.5)
    meant = f"是不是 {type_named(near[0])}？" if near else ""
    listed = "、".join(f"{kind.key}（{kind.label}）" for kind in TYPES.values())
    return f"没有「{words[:30]}」这种字段类型，{meant}可用：{listed}"
