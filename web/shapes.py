"""What the API shows of a record. These shapes stay; fields may be added."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from core.model.approval import Approval
from core.model.customer import Account, Contact
from core.model.deal import Deal
from core.model.followup import FollowUp, Plan
from core.model.ids import MemberId, Ref
from core.model.lead import Lead
from core.model.member import Member
from core.model.messages import OutboxMessage
from core.model.money import Money
from core.rules.approvals.sight import hidden_from, is_hidden, title_as
from core.rules.duplicates import mask_person, mask_phone
from core.rules.masking import hide_numbers
from core.rules.permissions import scope_of
from core.services.approvals.keeping import flow_of, read_course
from web.masking import hide_numbers_in
from web.site import Page

ACTIVE = "active"
"""The state of what has no life of its own: it is there."""


class Item(BaseModel):
    """What every record has."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(description="编号，例如 L12", examples=["L12"])
    state: str = Field(description="状态")
    owner: str | None = Field(description="归谁：平台:账号；没有归属时为 null", examples=["wecom:zhangwei"])
    created_at: datetime = Field(description="创建时间（UTC）")
    updated_at: datetime = Field(description="最后修改时间（UTC）")
    version: int = Field(description="版本号，每次修改加一")


class LeadOut(Item):
    """线索。公海线索的联系人只显示姓，电话只显示首尾，邮箱不显示，文字中的号码打码。

    state：new 新建，pooled 在公海，assigned 已分配待首次跟进，working 跟进中，converted 已转化，nurture 培育中，
    invalid 无效，merged 已合并。
    """

    name: str = Field(description="公司名称")
    grade: str = Field(description="等级")
    source: str = Field(description="来源")
    region: str = Field(description="地区")
    industry: str = Field(description="行业")
    pool: str = Field(description="所属公海的名称")
    contact_name: str = Field(description="联系人姓名")
    contact_title: str = Field(description="联系人职务")
    phone: str | None
    email: str | None
    need: str = Field(description="需求")
    masked: bool = Field(description="联系方式是否打码（公海线索）")
    assigned_at: datetime | None = Field(description="分给现在的负责人的时间")
    pooled_at: datetime | None = Field(description="进入公海的时间")
    last_followup_at: datetime | None = Field(description="最近一次有效跟进的时间")
    protected_until: datetime | None = Field(description="在此之前不会被回收")
    fields: dict[str, Any] = Field(description="自定义字段：标识 → 值，只有读者看得到的；打码的值带星号")


class AccountOut(Item):
    """客户。state 总是 active。"""

    name: str
    short_name: str
    aliases: list[str]
    phone: str | None
    region: str
    industry: str
    size: str
    address: str
    grade: str
    source: str
    note: str
    last_followup_at: datetime | None
    fields: dict[str, Any] = Field(description="自定义字段：标识 → 值，只有读者看得到的；打码的值带星号")


class ContactOut(Item):
    """联系人。state 总是 active；owner 是所属客户的负责人。"""

    name: str
    account_id: str
    title: str
    phone: str | None
    email: str | None
    fields: dict[str, Any] = Field(description="自定义字段：标识 → 值，只有读者看得到的；打码的值带星号")


class DealOut(Item):
    """商机。state：open 进行中，closed 已结束。"""

    name: str
    stage: str = Field(description="阶段名称")
    amount: str | None = Field(description="金额，元，十进制字符串", examples=["128000.00"])
    account_id: str | None
    product: str
    begun_on: date | None
    expected_close_on: date | None
    closed_on: date | None
    shared: bool = Field(description="协作：别人负责，读者同意了分成")
    fields: dict[str, Any] = Field(description="自定义字段：标识 → 值，只有读者看得到的；打码的值带星号")


class ApprovalOut(Item):
    """审批。state：running 审批中，approved 已通过，rejected 已驳回，withdrawn 已撤回，voided 已作废，expired 已失效。

    owner 是提交人。version 每处理一次加一。
    """

    kind: str = Field(description="审批什么：special_price contract payment_terms stage extension export playbook")
    subject_id: str = Field(description="审批的单据，例如报价 Q12", examples=["Q12"])
    title: str
    reason: str
    amount: str | None = Field(description="金额，元，十进制字符串；没有金额时为 null", examples=["128000.00"])
    pending: list[str] = Field(description="现在等谁处理：平台:账号", examples=[["wecom:wangqiang"]])
    ended_at: datetime | None


class FollowUpOut(Item):
    """跟进。state：valid 有效，invalid 不算一次有效跟进；owner 是客户现在的负责人。"""

    customer_id: str = Field(description="线索或客户的编号")
    method: str = Field(description="方式：call visit wechat email meeting sms demo other")
    content: str
    at: datetime = Field(description="跟进发生的时间（UTC）")
    author: str | None = Field(description="记录人：平台:账号")


class PlanOut(Item):
    """计划或提醒。state：open 待办，done 已完成，cancelled 已取消，to_replan 客户已退回公海、待重排。"""

    customer_id: str | None = Field(description="线索或客户的编号；单纯的提醒为 null")
    content: str
    at: datetime = Field(description="约定联系的时间（UTC）")
    remind_at: datetime = Field(description="提醒的时间（UTC）")


class MemberOut(Item):
    """在职成员。state 总是 active；owner 是本人的平台账号。电话只对本人和其部门的主管显示。"""

    name: str
    department: str = Field(description="部门路径", examples=["销售部/华东"])
    roles: list[str]
    manager: str | None = Field(description="直属上级：平台:账号")
    phone: str | None


class NoticeOut(Item):
    """聊单对您说过的一条消息：回复的卡片（kind 为 card）或主动通知。state：waiting sent unknown merged failed。"""

    name: str = Field(description="卡片标题；通知为空")
    kind: str
    content: dict[str, Any] = Field(description="消息内容，其中的电话号码打码")


@dataclass(frozen=True)
class Reading:
    """One page as one reader reads it."""

    page: Page[Any]
    reader: Member
    pool: bool = False
    own: Mapping[int, dict[str, Any]] = field(default_factory=dict)
    """The company's own fields of the records on the page, by their numbers."""
    sees_margin: bool = False
    """Whether the reader may see costs and margins."""

    def account(self, member_id: MemberId | None) -> str | None:
        """Return a member's platform account."""
        return self.page.accounts.get(member_id) if member_id is not None else None

    def holder(self, customer: Ref) -> str | None:
        """Return the platform account of whoever holds a customer."""
        return self.account(self.page.holders.get(customer))


def lead_out(lead: Lead, of: Reading) -> LeadOut:
    masked = of.pool or lead.owner_id is None
    text: Callable[[str], str] = hide_numbers if masked else str
    return LeadOut(
        **common(lead, lead.state, of.account(lead.owner_id)),
        name=text(lead.name),
        grade=lead.grade,
        source=text(lead.source),
        region=text(lead.region),
        industry=text(lead.industry),
        pool=lead.pool,
        contact_name=mask_person(lead.contact_name) if masked else lead.contact_name,
        contact_title=text(lead.contact_title),
        phone=(mask_phone(lead.phone) or None) if masked else lead.phone,
        email=None if masked else lead.email,
        need=text(lead.need),
        masked=masked,
        assigned_at=lead.assigned_at,
        pooled_at=lead.pooled_at,
        last_followup_at=lead.last_followup_at,
        protected_until=lead.protected_until,
        fields=of.own.get(lead.id, {}),
    )


def account_out(account: Account, of: Reading) -> AccountOut:
    return AccountOut(
        **common(account, ACTIVE, of.account(account.owner_id)),
        name=account.name,
        short_name=account.short_name,
        aliases=list(account.aliases),
        phone=account.phone,
        region=account.region,
        industry=account.industry,
        size=account.size,
        address=account.address,
        grade=account.grade,
        source=account.source,
        note=account.note,
        last_followup_at=account.last_followup_at,
        fields=of.own.get(account.id, {}),
    )


def contact_out(contact: Contact, of: Reading) -> ContactOut:
    account = Ref("account", contact.account_id)
    return ContactOut(
        **common(contact, ACTIVE, of.holder(account)),
        name=contact.name,
        account_id=str(account),
        title=contact.title,
        phone=contact.phone,
        email=contact.email,
        fields=of.own.get(contact.id, {}),
    )


def deal_out(deal: Deal, of: Reading) -> DealOut:
    return DealOut(
        **common(deal, "open" if deal.closed_on is None else "closed", of.account(deal.owner_id)),
        name=deal.name,
        stage=deal.stage,
        amount=None if deal.amount is None else str(deal.amount.as_yuan()),
        account_id=None if deal.account_id is None else str(Ref("account", deal.account_id)),
        product=deal.product,
        begun_on=deal.begun_on,
        expected_close_on=deal.expected_close_on,
        closed_on=deal.closed_on,
        shared=deal.id in of.page.shared and deal.owner_id != of.reader.id,
        fields=of.own.get(deal.id, {}),
    )


def approval_out(approval: Approval, of: Reading) -> ApprovalOut:
    pending = (of.account(member) for member in approval.asked) if approval.is_running else ()
    hidden = hidden_from(flow_of(approval.flow), read_course(approval.course), of.reader.id)
    sees_amount = approval.amount is not None and not is_hidden(approval.kind, "amount", hidden)
    return ApprovalOut(
        id=str(approval.ref),
        state=approval.state,
        owner=of.account(approval.submitter_id),
        created_at=approval.begun_at,
        updated_at=approval.changed_at,
        version=int(approval.course.get("acts", 0)) or 1,
        kind=approval.kind,
        subject_id=str(approval.subject),
        title=title_as(approval, hidden),
        reason=approval.reason,
        amount=str(Money(approval.amount or 0).as_yuan()) if sees_amount else None,
        pending=[account for account in pending if account],
        ended_at=approval.ended_at,
    )


def followup_out(followup: FollowUp, of: Reading) -> FollowUpOut:
    return FollowUpOut(
        **common(followup, "valid" if followup.valid else "invalid", of.holder(followup.customer)),
        customer_id=str(followup.customer),
        method=followup.method,
        content=followup.content,
        at=followup.at,
        author=of.account(followup.author_id),
    )


def plan_out(plan: Plan, of: Reading) -> PlanOut:
    return PlanOut(
        **common(plan, plan.state, of.account(plan.owner_id)),
        customer_id=str(plan.customer) if plan.customer else None,
        content=plan.content,
        at=plan.at,
        remind_at=plan.remind_at,
    )


def member_out(member: Member, of: Reading) -> MemberOut:
    sees_phone = member.id == of.reader.id or scope_of(of.reader).covers(member.id, member.department)
    return MemberOut(
        **common(member, ACTIVE, of.account(member.id)),
        name=member.name,
        department=member.department,
        roles=list(member.roles),
        manager=of.account(member.manager_id),
        phone=member.phone if sees_phone else None,
    )


def notice_out(message: OutboxMessage, of: Reading) -> NoticeOut:
    content = {name: value for name, value in message.content.items() if name not in ("to", "once")}
    shown = hide_numbers_in(content)
    return NoticeOut(
        id=f"N{message.id}",
        state=message.state,
        owner=of.account(message.member_id),
        created_at=message.created_at,
        updated_at=message.sent_at or message.created_at,
        version=1,
        name=str(shown.get("title", "")) if message.kind == "card" else "",
        kind=message.kind,
        content=shown,
    )


def common(record: Any, state: str, owner: str | None) -> dict[str, Any]:
    """Return what every record has."""
    return {
        "id": str(record.ref),
        "state": state,
        "owner": owner,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
        "version": record.version,
    }
