"""Looking at a customer; whether somebody is on record."""

from bot.arguments import CompanyName
from bot.cards.card import Card
from bot.cards.customers import account_card, lead_card, on_record_card
from bot.context import Context
from bot.router import Router
from core.model.lead import Lead
from core.rules.permissions import may_create_leads, require
from core.services.customers import Customer, holder_name, on_record
from core.services.followups import recent

router = Router()


@router.command("account.show", "看看", "查看", "客户卡", "详情")
@router.button("account.show")
def show(ctx: Context, customer: Customer) -> Card:
    """看看 客户名：客户卡，最近跟进和下一步"""
    uow = ctx.uow
    followups, plans = recent(uow, customer), uow.plans.open_for(customer.ref)
    holder = holder_name(uow, customer.owner_id)
    if isinstance(customer, Lead):
        return lead_card(customer, holder, followups, plans, uow.calendar, mine=customer.owner_id == ctx.member.id)
    contacts, deals = uow.contacts.of(customer.id), uow.deals.of(customer.id)
    return account_card(customer, holder, contacts, deals, followups, plans, uow.calendar)


@router.command("duplicate.check", "查一下", "查重", "查")
def check(ctx: Context, customer: CompanyName, phone: str = "") -> Card:
    """查一下 公司名或电话：有没有人在跟，不显示号码"""
    require(may_create_leads(ctx.member), "查重")
    return on_record_card(customer or phone, on_record(ctx.uow, customer, phone or None))
