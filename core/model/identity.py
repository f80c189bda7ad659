"""What tells a company apart, and what of it was met again."""

from dataclasses import dataclass
from enum import StrEnum

from core.model.ids import MemberId, Ref


class Key(StrEnum):
    """By what two records may be one company; the words say it to people."""

    CREDIT = "统一社会信用代码"
    EXTERNAL = "企业微信客户"
    NAME = "公司名称"
    PHONE = "电话"
    EMAIL = "邮箱"
    CALL = "公司叫法"
    BRAND = "公司简称"
    LIKE = "名称"


Mark = tuple[Key, str]
"""A key that is met exactly, with its folded value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The keys of somebody who is looked for or put on record, each as `core.rules.duplicates` folds it."""

    name: str = ""
    core: str = ""
    phone: str | None = None
    credit_code: str | None = None
    email: str | None = None
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class Twin:
    """A record that may be the same: what it is called, who holds it, and the keys that met exactly."""

    ref: Ref
    name: str
    short_name: str
    aliases: tuple[str, ...]
    core: str
    credit_code: str | None
    owner_id: MemberId | None
    met: frozenset[Key] = frozenset()
