"""Customers: looked at, looked for, put on record, completed, marked."""

from datetime import date

from bot.arguments import CompanyName, Said, Tags
from bot.cards.accounts import account_created_card, contact_card, phone_card, tags_card
from bot.cards.card import Card
from bot.cards.customers import on_record_card
from bot.cards.fields import with_fields, with_question
from bot.cards.grading import graded_card, marked_card, tag_list_card
from bot.cards.leads import undo_button
from bot.context import Context
from bot.handlers.fields import NOTHING_SAID, ask_missing
from bot.router import Router
from bot.understanding.values import reading
from core.errors import BadInput
from core.model.customer import Account
from core.model.lead import Lead
from core.model.messages import QuestionKind
from core.rules.duplicates import plain_phone
from core.rules.permissions import may_create_leads, require
from core.services.accounts import NewAccount, Person, add_contact, create_account, end_contract, mark, unmark
from core.services.customers import Customer, may_see
from core.services.duplicates import on_record
from core.services.fields.showing import own_fields
from core.services.fields.values import new_values
from core.services.grading import marked_with, set_grade
from core.services.questions import ask
from core.services.words import known_tags, known_word

router = Router()

NO_NAME = CompanyName("")
ASK_PHONE = "电话是多少？直接回复号码，没有就不用管"


@router.command("account.create", "录个客户", "新客户", "录入客户", "新建客户")
def create(
    ctx: Context,
    customer: CompanyName,
    *,
    contact: str = "",
    phone: str = "",
    email: str = "",
    source: str = "",
    region: str = "",
    industry: str = "",
    size: str = "",
    content: str = "",
    credit_code: str = "",
    fields: Said = NOTHING_SAID,
    certain: bool | None = None,
) -> Card:
    """录个客户 公司名 行业 联系人 电话：直接建成客户，先查重"""
    if certain is False:
        return Card(title="好的，没有新建")
    person = Person(name=contact or "联系人", phone=phone, email=email) if contact or phone or email else None
    new = NewAccount(
        name=customer,
        person=person,
        region=region,
        industry=industry,
        size=size,
        source=source,
        note=content,
        credit_code=credit_code or None,
        custom=new_values(ctx.uow, "account", fields, reading(ctx)),
    )
    account, kept = create_account(ctx.uow, new, certain=bool(certain))
    if not phone:
        slots = {"customer": str(account.ref), "contact": contact or "联系人"}
        ask(ctx.uow, "contact.add", "phone", slots, kind=QuestionKind.OFFER, words=ASK_PHONE)
    card = account_created_card(account, kept, "" if phone else ASK_PHONE, ctx.uow.command)
    question = ask_missing(ctx, account) if phone else None
    return with_question(with_fields(card, own_fields(ctx.uow, account)), question)


@router.command("contact.add", "加联系人", "添加联系人", "新联系人")
def add(
    ctx: Context, customer: Customer, contact: str, phone: str = "", email: str = "", certain: bool | None = None
) -> Card:
    """加联系人 客户名 王工 13912345678 邮箱：记下客户那边的人"""
    if certain is False:
        return Card(title="好的，没有改动")
    person = Person(name=contact, phone=phone, email=email)
    kept = add_contact(ctx.uow, customer, person, certain=bool(certain))
    return contact_card(customer, kept, ctx.uow.command)


@router.command("tag.add", "打标签", "加标签")
def tag(ctx: Context, customer: Customer, tags: Tags) -> Card:
    """打标签 客户名 高意向、决策链长：给客户打标签"""
    fresh = mark(ctx.uow, customer, tags)
    return tags_card(customer, f"已打标签：{'、'.join(fresh)}" if fresh else "这些标签已经有了", ctx.uow.command)


@router.command("tag.remove", "去标签", "去掉标签", "删标签")
def untag(ctx: Context, customer: Customer, tags: Tags) -> Card:
    """去标签 客户名 价格敏感：去掉一个标签"""
    gone = unmark(ctx.uow, customer, tags)
    return tags_card(customer, f"已去掉标签：{'、'.join(gone)}", ctx.uow.command)


@router.command("grade.set", "定等级", "改等级")
def grade(ctx: Context, customer: Customer, grade: str) -> Card:
    """定等级 客户名 A级：给客户定等级，首次联系时限和拜访节奏跟着变，也可以「把汇川改成A级」"""
    return graded_card(ctx.uow, customer, set_grade(ctx.uow, customer, grade))


@router.command("tag.search", "按标签找", "标签有哪些")
@router.button("tag.search")
def by_tag(ctx: Context, tags: Tags | None = None, grade: str = "") -> Card:
    """按标签找 高意向：自己（主管含团队）名下带这个标签或等级的客户，不说标签就列出公司的标签"""
    if not tags and not grade:
        return tag_list_card(ctx.uow.playbook.tags)
    named = known_tags(ctx.uow, tags or ())
    level = known_word(ctx.uow.playbook.grades, grade, "等级") if grade else ""
    found = marked_with(ctx.uow, named, level)
    holders = ctx.uow.members.find(one.owner_id for one in found)
    words = "、".join([*named, *([f"{level} 级"] if level else [])])
    return marked_card(found, words, {number: member.name for number, member in holders.items()}, ctx.uow.calendar)


@router.command("duplicate.check", "查一下", "查重", "查")
def check(ctx: Context, customer: CompanyName = NO_NAME, phone: str = "") -> Card:
    """查一下 公司名或电话：有没有人在跟，不显示号码"""
    require(may_create_leads(ctx.member), "查重")
    if not customer and not phone:
        raise BadInput("查哪家公司或哪个电话？例如「查一下 宁波舜宇」")
    return on_record_card(customer or phone, on_record(ctx.uow, customer, phone or None))


@router.command("phone.lookup", "这个号码是谁的", "谁的号码")
def whose(ctx: Context, phone: str) -> Card:
    """这个号码是谁的 13800138000：自己的客户直接显示，别人的只说有人在跟"""
    require(may_create_leads(ctx.member), "查号码")
    if plain_phone(phone) is None:
        raise BadInput(f"「{phone}」不是有效的电话号码，请核对后再发一次")
    matches = on_record(ctx.uow, "", phone)
    own = [match for match in matches if may_see(ctx.uow, match.found)]
    people = {
        match.found.ref: next(
            (c.name for c in ctx.uow.contacts.of(match.found.id) if c.phone == plain_phone(phone)), ""
        )
        for match in own
        if not isinstance(match.found, Lead)
    }
    return phone_card(phone, own, [match for match in matches if match not in own], people)


@router.command("contract.end", "合同到期")
def contract(ctx: Context, customer: Customer, to: date) -> Card:
    """合同到期 客户名 2026-12-31：记下合同最后一天，到期规则从这天起算"""
    if not isinstance(customer, Account):
        raise BadInput(f"「{customer.name}」还是线索，没有合同。成交后请先发送「转客户 {customer.name}」")
    end_contract(ctx.uow, customer, to)
    return Card(
        title=f"已记录：{customer.name} 合同到 {to:%Y-%m-%d}",
        source="聊单 · 客户",
        buttons=(undo_button(ctx.uow.command),),
    )
