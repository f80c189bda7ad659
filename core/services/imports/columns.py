"""Which heading means what: the words that people put above their columns, Chinese and English."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from core.services.imports.sheet import OURS


class Kind(StrEnum):
    """What the rows of a file are."""

    LEADS = "leads"
    ACCOUNTS = "accounts"
    CONTACTS = "contacts"
    DEALS = "deals"
    FOLLOWUPS = "followups"
    MEMBERS = "members"


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
    COUNTER = "序号"


HEADINGS: dict[Field, str] = {
    Field.COMPANY: "公司名称 公司 公司全称 公司名 客户名称 客户 客户名 客户全称 客户公司 企业名称 企业 企业全称 单位名称 单位 工作单位 线索名称 线索公司 所属客户 关联客户 "
    "甲方 账户名称 account accountname company companyname customer customername organization organisation",
    Field.SHORT: "简称 公司简称 客户简称 企业简称 shortname",
    Field.ALIASES: "别名 曾用名 别称 alias aliases",
    Field.CONTACT: "联系人 联系人姓名 主要联系人 客户联系人 姓名 对接人 联络人 contact contactname contactperson fullname",
    Field.TITLE: "职务 职位 岗位 头衔 联系人职务 联系人职位 title jobtitle position",
    Field.PHONE: "电话 手机 手机号 手机号码 联系电话 电话号码 联系方式 联系人电话 联系人手机 移动电话 手机/电话 电话/手机 phone mobile tel telephone phonenumber "
    "mobilephone cellphone",
    Field.COMPANY_PHONE: "公司电话 座机 固话 固定电话 总机 办公电话 companyphone officephone",
    Field.EMAIL: "邮箱 电子邮箱 邮件 电子邮件 邮箱地址 email mail e-mail emailaddress",
    Field.REGION: "地区 区域 省份 省 城市 省市 所在地 所在地区 所在城市 所属区域 所属地区 大区 region city province area location officelocation country",
    Field.ADDRESS: "地址 详细地址 公司地址 办公地址 通讯地址 address",
    Field.INDUSTRY: "行业 所属行业 客户行业 行业类型 行业分类 industry sector",
    Field.SIZE: "规模 公司规模 人员规模 员工数 员工人数 人数 size employees headcount",
    Field.SOURCE: "来源 线索来源 客户来源 来源渠道 渠道 获客渠道 source leadsource channel",
    Field.GRADE: "等级 级别 客户等级 客户级别 线索等级 线索级别 意向等级 评级 分级 grade level rating",
    Field.OWNER: "负责人 归属人 所属人 业务员 销售 销售人员 销售代表 销售员 客户经理 销售负责人 跟进人 跟进人员 所属销售 记录人 owner salesagent salesrep "
    "assignee accountowner owneruserid ownername",
    Field.NEED: "需求 需求描述 客户需求 意向 意向产品 感兴趣的产品 need needs requirement requirements",
    Field.NOTE: "备注 说明 备注说明 描述 备注信息 note notes remark remarks comment comments description",
    Field.CREATED: "创建时间 创建日期 录入时间 录入日期 登记时间 登记日期 添加时间 建档时间 建档日期 created createdat createdate createtime createdon",
    Field.LAST_FOLLOWUP: "最近跟进 最近跟进时间 最近跟进日期 最后跟进 最后跟进时间 最后跟进日期 上次跟进 上次跟进时间 最近联系 最近联系时间 最后联系时间 "
    "lastfollowup lastcontacted lastcontactedat",
    Field.NUMBER: "编号 商机编号 线索编号 客户编号 项目编号 单号 id opportunityid dealid leadnumber leadid externalid",
    Field.DEAL: "商机名称 商机 商机标题 项目名称 项目 机会名称 销售机会 deal dealname opportunity opportunityname projectname",
    Field.STAGE: "阶段 商机阶段 销售阶段 项目阶段 商机状态 跟进阶段 stage dealstage salesstage opportunitystage",
    Field.AMOUNT: "金额 预计金额 商机金额 合同金额 成交金额 项目金额 预计成交金额 签约金额 销售金额 销售额 预计销售额 合同额 amount value closevalue "
    "dealvalue dealamount expectedrevenue",
    Field.PRODUCT: "产品 产品名称 购买产品 商品 product productname",
    Field.BEGUN: "开始日期 开始时间 商机日期 立项日期 立项时间 发现日期 engagedate startdate begindate",
    Field.EXPECTED_CLOSE: "预计成交日期 预计成交时间 预计签约日期 预计签约时间 预计签单日期 预计签单时间 预计结单日期 预计成交 预成交日期 "
    "expectedclosedate expectedcloseon expectedclose",
    Field.CLOSED: "成交日期 成交时间 签约日期 签约时间 签单日期 签单时间 结单日期 赢单日期 关闭日期 closedate closedat closedon",
    Field.CONTENT: "跟进内容 跟进记录 内容 沟通内容 沟通记录 跟进情况 拜访内容 content",
    Field.AT: "跟进时间 跟进日期 拜访时间 拜访日期 沟通时间 联系时间 时间 日期 at date time",
    Field.METHOD: "跟进方式 方式 跟进类型 联系渠道 沟通方式 method type",
    Field.PLATFORM: "平台 platform channel",
    Field.USER_ID: "账号 帐号 平台账号 用户id 成员账号 企业微信账号 企微账号 工号 userid useraccount",
    Field.MEMBER: "姓名 成员姓名 成员 员工姓名 员工 名字 name salesagent",
    Field.DEPARTMENT: "部门 所属部门 所在部门 department dept",
    Field.OFFICE: "区域分部 分部 大区 regionaloffice office",
    Field.ROLES: "角色 成员角色 role roles",
    Field.MANAGER_ID: "上级账号 直属上级账号 主管账号 manageruserid managerid",
    Field.MANAGER: "上级 直属上级 主管 直属主管 经理 manager supervisor",
    Field.COUNTER: "序号 no no. 行号 # 序",
}

_CUSTOMER = (
    Field.COUNTER, Field.COMPANY, Field.SHORT, Field.CONTACT, Field.TITLE, Field.PHONE, Field.COMPANY_PHONE,
    Field.EMAIL, Field.REGION, Field.INDUSTRY, Field.SOURCE, Field.GRADE, Field.OWNER, Field.NEED, Field.NOTE,
    Field.CREATED, Field.LAST_FOLLOWUP,
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
    Kind.MEMBERS: (
        Field.COUNTER, Field.PLATFORM, Field.USER_ID, Field.MEMBER, Field.PHONE, Field.DEPARTMENT, Field.OFFICE,
        Field.ROLES, Field.MANAGER_ID, Field.MANAGER,
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
    Kind.MEMBERS: (frozenset({Field.MEMBER}), frozenset({Field.USER_ID})),
}  # fmt: skip
"""A table belongs to a kind when it has all columns of one of these sets."""

_PERSONAL = {Kind.LEADS: Field.CONTACT, Kind.CONTACTS: Field.CONTACT, Kind.ACCOUNTS: Field.COMPANY}
_NAME = frozenset({"name", "名称"})
_UNIT = re.compile(r"[(（\[【]\s*([千百]?[万亿])\s*元?\s*[)）\]】]")
_BRACKETS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
_NOISE = re.compile(r"[\s*＊_:：·.。/\\-]+|必填|选填")
_UNITS = {"万": 10_000, "十万": 100_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}


@dataclass(frozen=True)
class Column:
    """One column: where it stands, its heading as written, what it holds (None: kept as words), and its unit in yuan."""

    index: int
    heading: str
    field: Field | None
    unit: int = 1

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
    for _word in _words.split():
        _BY_HEADING.setdefault(normal_heading(_word), []).append(_field)


def is_known(heading: str) -> bool:
    """Say whether any kind of file has a column of this name."""
    folded = normal_heading(heading)
    return folded in _BY_HEADING or folded in _NAME


def field_of(heading: str, kind: Kind) -> Field | None:
    """Return what a column of this name holds in a file of this kind."""
    folded = normal_heading(heading)
    if folded in _NAME and kind in _PERSONAL:
        return Field.COMPANY if folded == "名称" else _PERSONAL[kind]
    if folded in _NAME and kind == Kind.DEALS:
        return Field.DEAL
    wanted = [field for field in _BY_HEADING.get(folded, ()) if field in FIELDS[kind]]
    return wanted[0] if wanted else None


def columns_of(headings: dict[int, str], kind: Kind) -> tuple[Column, ...]:
    """Return the columns of a table with these headings."""
    ours = set(OURS) <= set(headings.values())
    return tuple(
        Column(index, heading, None if ours and heading in OURS else field_of(heading, kind), _unit_in(heading))
        for index, heading in sorted(headings.items())
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
