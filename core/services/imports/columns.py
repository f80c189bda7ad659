"""Which heading means what: the words that people put above their columns, Chinese and English."""

import json
import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from core.rules.fields.catalogue import Catalogue
from core.services.imports.sheet import OURS


class Kind(StrEnum):
    """What the rows of a file are."""

    LEADS = "leads"
    ACCOUNTS = "accounts"
    CONTACTS = "contacts"
    DEALS = "deals"
    FOLLOWUPS = "followups"
    MEMBERS = "members"
    ORDERS = "orders"
    PAYMENTS = "payments"
    CONTRACTS = "contracts"
    PRODUCTS = "products"
    PRICES = "prices"


class Field(StrEnum):
    """What a column holds. The value is what the report calls it."""

    COMPANY = "公司名称"
    SHORT = "简称"
    ALIASES = "别名"
    CONTACT = "联系人"
    TITLE = "职务"
    PHONE = "电话"
    COMPANY_PHONE = "公司电话"
    EMAIL = "邮箱"
    CREDIT = "统一社会信用代码"
    REGION = "地区"
    ADDRESS = "地址"
    INDUSTRY = "行业"
    SIZE = "规模"
    SOURCE = "来源"
    GRADE = "等级"
    OWNER = "负责人"
    NEED = "需求"
    NOTE = "备注"
    CREATED = "创建时间"
    LAST_FOLLOWUP = "最近跟进"
    NUMBER = "编号"
    DEAL = "商机名称"
    STAGE = "阶段"
    AMOUNT = "金额"
    PRODUCT = "产品"
    BEGUN = "开始日期"
    EXPECTED_CLOSE = "预计成交日期"
    CLOSED = "成交日期"
    CONTENT = "跟进内容"
    AT = "跟进时间"
    METHOD = "跟进方式"
    PLATFORM = "平台"
    USER_ID = "账号"
    MEMBER = "姓名"
    DEPARTMENT = "部门"
    OFFICE = "区域分部"
    ROLES = "角色"
    MANAGER_ID = "上级账号"
    MANAGER = "上级"
    REGIONS = "负责地区"
    SKILLS = "技能"
    WEIGHT = "权重"
    DUTY = "接线索时间"
    CAPACITY = "库容"
    COUNTER = "序号"
    CUSTOMER_NUMBER = "客户编号"
    ORDER = "订单编号"
    ORDERED = "订单日期"
    SHIPPED = "发货日期"
    LINE = "行号"
    QUANTITY = "数量"
    CONTRACT = "合同编号"
    SIGNED = "签约日期"
    ENDS = "到期日期"
    PAYMENT_DAYS = "账期"
    PAID = "到账日期"
    CODE = "产品编码"
    SPEC = "规格型号"
    CATEGORY = "产品类别"
    UNIT = "计量单位"
    UNITS = "换算单位"
    PARTS = "套餐内容"
    PRICE = "单价"
    COST = "成本"
    TAX = "税率"
    LEAD_DAYS = "交期"
    PRICE_LIST = "价格表"
    MIN_QUANTITY = "起订量"
    VALID_FROM = "生效日期"
    VALID_UNTIL = "失效日期"


HEADINGS: dict[str, list[str]] = json.loads(Path(__file__).with_name("headings.json").read_text(encoding="utf-8"))
"""The words that people put above a column, by the name of its field; the first field that a kind has wins."""

_CUSTOMER = (
    Field.COUNTER, Field.COMPANY, Field.SHORT, Field.CONTACT, Field.TITLE, Field.PHONE, Field.COMPANY_PHONE,
    Field.EMAIL, Field.CREDIT, Field.REGION, Field.INDUSTRY, Field.SOURCE, Field.GRADE, Field.OWNER, Field.NEED,
    Field.NOTE, Field.CREATED, Field.LAST_FOLLOWUP,
)  # fmt: skip

FIELDS: dict[Kind, tuple[Field, ...]] = {
    Kind.LEADS: (*_CUSTOMER, Field.NUMBER),
    Kind.ACCOUNTS: (*_CUSTOMER, Field.ALIASES, Field.ADDRESS, Field.SIZE),
    Kind.CONTACTS: (
        Field.COUNTER, Field.COMPANY, Field.CONTACT, Field.TITLE, Field.PHONE, Field.EMAIL, Field.OWNER, Field.NOTE,
        Field.CREATED,
    ),
    Kind.DEALS: (
        Field.COUNTER, Field.NUMBER, Field.DEAL, Field.COMPANY, Field.CONTACT, Field.TITLE, Field.PHONE, Field.EMAIL,
        Field.OWNER, Field.STAGE, Field.AMOUNT, Field.PRODUCT, Field.BEGUN, Field.EXPECTED_CLOSE, Field.CLOSED,
        Field.CREATED, Field.NOTE,
    ),
    Kind.FOLLOWUPS: (
        Field.COUNTER, Field.COMPANY, Field.CONTACT, Field.PHONE, Field.CONTENT, Field.AT, Field.METHOD, Field.OWNER,
        Field.NOTE,
    ),
    Kind.ORDERS: (
        Field.LINE, Field.COUNTER, Field.ORDER, Field.ORDERED, Field.SHIPPED, Field.CUSTOMER_NUMBER, Field.COMPANY,
        Field.PRODUCT, Field.CODE, Field.CATEGORY, Field.QUANTITY, Field.UNIT, Field.AMOUNT, Field.REGION,
        Field.OWNER, Field.NOTE,
    ),
    Kind.PAYMENTS: (
        Field.LINE, Field.COUNTER, Field.NUMBER, Field.CONTRACT, Field.ORDER, Field.PAID, Field.ORDERED,
        Field.CUSTOMER_NUMBER, Field.COMPANY, Field.AMOUNT, Field.OWNER, Field.NOTE,
    ),
    Kind.CONTRACTS: (
        Field.COUNTER, Field.CONTRACT, Field.DEAL, Field.CUSTOMER_NUMBER, Field.COMPANY, Field.AMOUNT, Field.SIGNED,
        Field.CREATED,
        Field.BEGUN, Field.ENDS, Field.PAYMENT_DAYS, Field.OWNER, Field.NOTE,
    ),
    Kind.MEMBERS: (
        Field.COUNTER, Field.PLATFORM, Field.USER_ID, Field.MEMBER, Field.PHONE, Field.DEPARTMENT, Field.OFFICE,
        Field.ROLES, Field.MANAGER_ID, Field.MANAGER, Field.REGIONS, Field.SKILLS, Field.WEIGHT, Field.DUTY,
        Field.CAPACITY,
    ),
    Kind.PRODUCTS: (
        Field.COUNTER, Field.CODE, Field.PRODUCT, Field.SPEC, Field.CATEGORY, Field.UNIT, Field.UNITS, Field.PARTS,
        Field.PRICE, Field.COST, Field.TAX, Field.LEAD_DAYS, Field.NOTE,
    ),
    Kind.PRICES: (
        Field.COUNTER, Field.PRICE_LIST, Field.CODE, Field.PRODUCT, Field.UNIT, Field.MIN_QUANTITY, Field.PRICE,
        Field.REGION, Field.GRADE, Field.VALID_FROM, Field.VALID_UNTIL,
    ),
}  # fmt: skip
"""The columns each kind understands. Others are kept as words in the record's need or note."""

NEEDED: dict[Kind, tuple[frozenset[Field], ...]] = {
    Kind.LEADS: tuple(frozenset({f}) for f in (Field.COMPANY, Field.SHORT, Field.CONTACT, Field.PHONE, Field.NUMBER)),
    Kind.ACCOUNTS: (frozenset({Field.COMPANY}), frozenset({Field.SHORT})),
    Kind.CONTACTS: (frozenset({Field.COMPANY, Field.CONTACT}), frozenset({Field.COMPANY, Field.PHONE})),
    Kind.DEALS: (
        frozenset({Field.NUMBER}), frozenset({Field.DEAL}), frozenset({Field.COMPANY, Field.AMOUNT}),
        frozenset({Field.COMPANY, Field.STAGE}),
    ),
    Kind.FOLLOWUPS: (frozenset({Field.COMPANY, Field.CONTENT}), frozenset({Field.PHONE, Field.CONTENT})),
    Kind.ORDERS: (frozenset({Field.ORDER, Field.COMPANY, Field.AMOUNT}),),
    Kind.PAYMENTS: (
        frozenset({Field.COMPANY, Field.AMOUNT, Field.PAID}), frozenset({Field.COMPANY, Field.AMOUNT, Field.ORDERED}),
    ),
    Kind.CONTRACTS: (frozenset({Field.COMPANY, Field.AMOUNT, Field.SIGNED}),),
    Kind.MEMBERS: (frozenset({Field.MEMBER}), frozenset({Field.USER_ID})),
    Kind.PRODUCTS: (frozenset({Field.PRODUCT}),),
    Kind.PRICES: (
        frozenset({Field.PRICE_LIST, Field.PRODUCT, Field.PRICE}),
        frozenset({Field.PRICE_LIST, Field.CODE, Field.PRICE}),
    ),
}  # fmt: skip
"""A table belongs to a kind when it has all columns of one of these sets."""

_PERSONAL = {Kind.LEADS: Field.CONTACT, Kind.CONTACTS: Field.CONTACT, Kind.ACCOUNTS: Field.COMPANY}
_LONGEST_HEADING = 40
_NAME = frozenset({"name", "名称"})
_UNIT = re.compile(r"[(（\[【]\s*([千百]?[万亿])\s*元?\s*[)）\]】]")
_BRACKETS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
_NOISE = re.compile(r"[\s*＊_:：·.。/\\-]+|必填|选填")
_UNITS = {"万": 10_000, "十万": 100_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}


@dataclass(frozen=True)
class Column:
    """One column: where it stands, its heading, what it holds (None: kept as words), and its unit in yuan.

    `custom` is the key of one of the company's own fields, when it holds that.
    """

    index: int
    heading: str
    field: Field | None
    unit: int = 1
    custom: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether we wrote it beside rows that were not taken."""
        return self.heading in OURS


def normal_heading(heading: str) -> str:
    """Fold a heading: width, case, blanks, stars, brackets with what is in them."""
    folded = unicodedata.normalize("NFKC", heading).casefold()
    return _NOISE.sub("", _BRACKETS.sub("", folded)) or _NOISE.sub("", folded)


_BY_HEADING: dict[str, list[Field]] = {}
for _field, _words in HEADINGS.items():
    for _word in _words:
        _BY_HEADING.setdefault(normal_heading(_word), []).append(Field[_field])


@lru_cache(maxsize=4096)
def is_known(heading: str) -> bool:
    """Say whether any kind of file has a column of this name."""
    if len(heading) > _LONGEST_HEADING:
        return False
    folded = normal_heading(heading)
    return folded in _BY_HEADING or folded in _NAME


def field_of(heading: str, kind: Kind) -> Field | None:
    """Return what a column of this name holds in a file of this kind."""
    folded = normal_heading(heading)
    if folded in _NAME and kind in _PERSONAL:
        return Field.COMPANY if folded == "名称" else _PERSONAL[kind]
    if folded in _NAME and kind == Kind.DEALS:
        return Field.DEAL
    if folded in _NAME and kind is Kind.PRODUCTS:
        return Field.PRODUCT
    wanted = [field for field in _BY_HEADING.get(folded, ()) if field in FIELDS[kind]]
    return wanted[0] if wanted else None


def columns_of(headings: dict[int, str], kind: Kind) -> tuple[Column, ...]:
    """Return the columns of a table with these headings."""
    ours = set(OURS) <= set(headings.values())
    fields = {
        index: None if ours and heading in OURS else field_of(heading, kind) for index, heading in headings.items()
    }
    people = [index for index, of in fields.items() if of is Field.CONTACT]
    if kind is Kind.LEADS and len(people) > 1 and Field.COMPANY not in fields.values():
        bare = next((index for index in people if normal_heading(headings[index]) in _NAME), None)
        if bare is not None:  # beside a contact, a bare name is the company's
            fields[bare] = Field.COMPANY
    return tuple(
        Column(index, heading, fields[index], _unit_in(heading)) for index, heading in sorted(headings.items())
    )


def with_custom(columns: tuple[Column, ...], catalogue: Catalogue) -> tuple[Column, ...]:
    """Return the columns with those known that are called like one of the company's own fields."""
    own = {
        normal_heading(word): one.key
        for one in catalogue.custom
        if one.compute is None
        for word in (*one.words, f"{one.label}{one.spec.unit}")
    }
    return tuple(
        replace(column, field=None, custom=key) if (key := own.get(normal_heading(column.heading))) else column
        for column in columns
    )


def belongs(columns: tuple[Column, ...], kind: Kind) -> bool:
    """Say whether a table with these columns is of this kind."""
    fields = {column.field for column in columns}
    return any(needed <= fields for needed in NEEDED[kind])


def example_headings(kind: Kind) -> str:
    """Name what a table of this kind may have, for whoever's file was not understood."""
    return "、".join(field.value for field in FIELDS[kind] if field is not Field.COUNTER)


def _unit_in(heading: str) -> int:
    found = _UNIT.search(unicodedata.normalize("NFKC", heading))
    return _UNITS.get(found[1], 1) if found else 1
