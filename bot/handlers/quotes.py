"""Quotes: made, shown, changed, sent, accepted, declined; discounts asked for and looked up."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from bot.aims import seen_by
from bot.cards.card import Card
from bot.cards.quotes import (
    accepted_card,
    declined_card,
    discounts_card,
    quote_card,
    quotes_card,
    versions_card,
)
from bot.context import Context
from bot.quoting import AnyQuote, Lines, ProductName, Wish, asked, last_made, which_quote
from bot.router import Router
from core.calendar import MIDNIGHT
from core.errors import BadInput, Unclear
from core.model.customer import Account
from core.model.deal import Deal
from core.model.ids import AccountId
from core.model.lead import Lead
from core.model.money import Money
from core.model.quote import Quote, QuoteState
from core.rules.quoting import excess_of, may_see_margin
from core.services.approvals.submitting import preview
from core.services.converting import convert_lead
from core.services.customers import Customer, customer, is_led
from core.services.deals import Details, amend_deal, open_deals
from core.services.quote_approval import SPECIAL_PRICE, facts_of
from core.services.quote_changes import (
    Edit,
    accept_quote,
    change_quote,
    decline_quote,
    note_sent,
    preview_discount,
    request_discount,
    revised,
)
from core.services.quote_states import deal_of_quote
from core.services.quotes import (
    Terms,
    create_quote,
    draft_quote,
    quotes_made_by,
    quotes_of,
)

router = Router()

WHY_DECLINED = (
    ("价格太高", "价格太高"),
    ("选了别家", "选了别家"),
    ("项目取消", "项目取消"),
    ("配置不合适", "配置不合适"),
)


@router.command("quote.create", "出报价", "新报价", confirms=True)
def create(
    ctx: Context,
    customer: Customer,
    product: ProductName,
    *,
    quantity: Decimal | None = None,
    unit: str = "",
    unit_price: Decimal | None = None,
    discount_percent: Decimal | None = None,
    amount: Decimal | None = None,
    lines: Lines | None = None,
    due_at: date | None = None,
    named: str = "",
    unread: str = "",
) -> Card:
    """出报价 客户名 A型服务器10台 单价一万二 打85折：出报价，超过权限会自动走特价审批"""
    account = _account(ctx, customer)
    wish = Wish(product, quantity, unit, unit_price, amount, lines, named)
    wanted, terms = asked(ctx, account, wish), _terms(ctx, account, discount_percent, due_at)
    made = create_quote(ctx.uow, account, wanted, terms)
    return _card(ctx, made, "已出报价", undo=True)


@router.preview("quote.create")
def preview_create(
    ctx: Context,
    *,
    customer: Customer,
    product: ProductName,
    quantity: Decimal | None,
    unit: str,
    unit_price: Decimal | None,
    discount_percent: Decimal | None,
    amount: Decimal | None,
    lines: Lines | None,
    due_at: date | None,
    named: str,
    unread: str,
) -> Card:
    """Show the lines, what they come to, and who would be asked."""
    account = customer if isinstance(customer, Account) else _would_be(ctx, customer)
    wish = Wish(product, quantity, unit, unit_price, amount, lines, named)
    wanted, terms = asked(ctx, account, wish), _terms(ctx, account, discount_percent, due_at)
    draft = draft_quote(ctx.uow, account, wanted, terms)
    shown = _card(ctx, draft, "出报价")
    lost = f"没看懂「{unread}」，没有算进去，请确认后再加" if unread else ""
    return replace(
        shown,
        subtitle=f"{account.name}{'（线索，会先转为客户）' if isinstance(customer, Lead) else ''}",
        text="\n".join(filter(None, (shown.text, lost))),
    )


@router.command("quote.show", "看报价", "报价单")
@router.button("quote.show")
def show(ctx: Context, *, customer: Customer | None = None, quote: AnyQuote | None = None) -> Card:
    """看报价 客户名：最近的报价和它的状态；也可以说编号「看报价 BJ-20260305-0012」"""
    found = which_quote(ctx, customer, quote)
    versions = ctx.uow.quotes.versions(found.number)
    return _card(ctx, found, "报价") if len(versions) < 2 else versions_card(_card(ctx, found, "报价"), versions)  # noqa: PLR2004


@router.command("quote.list", "我的报价", "报价列表")
def mine(ctx: Context, *, customer: Customer | None = None) -> Card:
    """我的报价：最近的报价和状态，主管看整个团队"""
    if isinstance(customer, Account):
        found = quotes_of(ctx.uow, customer)
    else:
        people = seen_by(ctx)
        found = quotes_made_by(ctx.uow, [member.id for member in people])
    buyers = {account.id: account.name for account in ctx.uow.accounts.find({quote.account_id for quote in found})}
    makers = ctx.uow.members.find({quote.owner_id for quote in found if quote.owner_id is not None})
    names = {number: member.name for number, member in makers.items() if number != ctx.member.id}
    return quotes_card(found, buyers, names, ctx.uow.calendar)


@router.command("quote.change", "改报价", confirms=True)
def change(
    ctx: Context,
    *,
    customer: Customer | None = None,
    quote: AnyQuote | None = None,
    how: str = "",
    lines: Lines | None = None,
    discount_percent: Decimal | None = None,
    amount: Decimal | None = None,
    due_at: date | None = None,
) -> Card:
    """改报价 客户名 A型服务器改成8台：改数量、单价、折扣、总价或有效期；客户手上的会出新版本，编号不变"""
    found = which_quote(ctx, customer, quote)
    changed = change_quote(ctx.uow, found, _edit(how, lines, discount_percent, amount, due_at))
    return _card(ctx, changed, f"报价新版本 v{changed.revision}" if changed.id != found.id else "已改报价", undo=True)


@router.preview("quote.change")
def preview_change(
    ctx: Context,
    customer: Customer | None,
    quote: AnyQuote | None,
    how: str,
    lines: Lines | None,
    discount_percent: Decimal | None,
    amount: Decimal | None,
    due_at: date | None,
) -> Card:
    """Show what the quote would come to, and that a running approval would begin anew."""
    found = which_quote(ctx, customer, quote)
    return _would_become(ctx, found, _edit(how, lines, discount_percent, amount, due_at))


def _would_become(ctx: Context, found: Quote, edit: Edit) -> Card:
    draft = revised(ctx.uow, found, edit)
    shown = _card(ctx, draft, f"改报价 {found.label}")
    notes = [shown.text]
    if draft.revision != found.revision:
        notes.append(f"客户手上的 {found.label} 不动，会出一个新版本 {draft.label}")
    if found.state == QuoteState.PENDING:
        notes.append("这份报价正在审批，一改审批就作废，按新的价格重新提交")
    before = (("原总价", str(found.total)),) if found.total != draft.total else ()
    return replace(shown, fields=(*before, *shown.fields), text="\n".join(notes))


def quote_meant(ctx: Context, deal: Deal, amount: Decimal | None, what: str) -> Quote | None:
    """Return the open quote of a deal where a new amount means that one; Unclear where nobody has said which.

    A quote that is further down than what a deal is worth is common, so neither is guessed.
    """
    standing = next((one for one in ctx.uow.quotes.of_deal(deal.id) if one.is_open), None)
    if amount is None or standing is None or what == "deal":
        return None
    if what == "quote":
        return standing
    choices = (
        (f"商机金额（现在 {deal.amount or '没有填'}）", "deal"),
        (f"报价总价（{standing.label}，现在 {standing.total}）", "quote"),
    )
    raise Unclear(f"改成 {Money.yuan(amount)}，改的是商机金额还是报价？", choices, "what")


def retotalled_card(ctx: Context, quote: Quote, total: Money) -> Card:
    """Let the customer pay so much in the end."""
    changed = change_quote(ctx.uow, quote, Edit(total=total))
    return _card(ctx, changed, f"报价新版本 v{changed.revision}" if changed.id != quote.id else "已改报价", undo=True)


def retotal_preview(ctx: Context, quote: Quote, total: Money) -> Card:
    """Show a quote as it would be if the customer paid so much in the end."""
    return _would_become(ctx, quote, Edit(total=total))


@router.button("quote.renew")
def renew(ctx: Context, quote: AnyQuote) -> Card:
    """再出一版：过期的报价按今天的价格出一个新版本；退回的草稿就按现在的价格生效"""
    if quote.state not in (QuoteState.EXPIRED, QuoteState.DRAFT):
        return _card(ctx, quote, "报价")
    made = change_quote(ctx.uow, quote, Edit())
    return _card(ctx, made, f"报价新版本 v{made.revision}" if made.id != quote.id else "报价已提交", undo=True)


@router.command("quote.sent", "报价已发")
@router.button("quote.sent")
def sent(ctx: Context, *, customer: Customer | None = None, quote: AnyQuote | None = None) -> Card:
    """报价已发 客户名：登记客户已经拿到报价，商机就能进入方案报价"""
    found = which_quote(ctx, customer, quote, QuoteState.VALID)
    note_sent(ctx.uow, found)
    return _card(ctx, found, "已登记：报价发给客户", undo=True)


@router.command("quote.accept", "客户接受报价")
@router.button("quote.accept")
def accept(ctx: Context, *, customer: Customer | None = None, quote: AnyQuote | None = None) -> Card:
    """客户接受报价 客户名：登记客户接受，商机就能进入商务谈判"""
    found = which_quote(ctx, customer, quote, QuoteState.VALID)
    accept_quote(ctx.uow, found)
    deal = deal_of_quote(ctx.uow, found)
    differs = deal is not None and deal.is_open and deal.amount != found.total
    return accepted_card(found, _buyer(ctx, found), deal if differs else None, ctx.uow.command)


@router.button("quote.to_deal")
def to_deal(ctx: Context, quote: AnyQuote) -> Card:
    """商机金额跟报价走：把商机金额改成报价总价"""
    deal = deal_of_quote(ctx.uow, quote)
    if deal is None:
        raise BadInput("这份报价没有关联商机，没有改动。可以先「给客户建个商机」")
    before = deal.amount
    amend_deal(ctx.uow, deal, Details(amount=quote.total))
    return Card(title=f"已改商机：{deal.name}", fields=(("金额", f"{before or '没有填'} → {deal.amount}"),))


@router.command("quote.decline", "客户拒绝报价")
@router.button("quote.decline")
def decline(ctx: Context, *, customer: Customer | None = None, quote: AnyQuote | None = None, reason: str = "") -> Card:
    """客户拒绝报价 客户名 价格太高：登记客户没有接受，原因必填"""
    found = which_quote(ctx, customer, quote, QuoteState.VALID)
    if found.state == QuoteState.VALID and not reason.strip():
        raise Unclear(f"报价 {found.label} 客户为什么没接受？", WHY_DECLINED, "reason")
    decline_quote(ctx.uow, found, reason)
    return declined_card(found, _buyer(ctx, found), ctx.uow.command)


@router.command("discount.request", "申请特价", "特价")
@router.button("discount.request")
def discount(
    ctx: Context,
    discount_percent: Decimal,
    *,
    customer: Customer | None = None,
    reason: str = "",
) -> Card:
    """申请特价 客户名 九二折 原因：年框客户，量大：在权限内直接生效，超过的提交审批"""
    account, deal = _for_discount(ctx, customer)
    draft = preview_discount(ctx.uow, account, discount_percent, reason, deal)
    if excess_of(draft, ctx.member, ctx.uow.playbook.pricing) is not None and not reason.strip():
        raise Unclear(f"给「{account.name}」让 {_percent(discount_percent)} 要审批，原因是？请直接写", (), "reason")
    made = request_discount(ctx.uow, account, discount_percent, reason, deal)
    within = made.state == QuoteState.VALID
    title = f"不用审批，已按 {_percent(discount_percent)} 让利" if within else "已提交特价审批"
    return _card(ctx, made, title, undo=True)


@router.command("discount.history", "历史折扣")
def discounts(
    ctx: Context, *, customer: Customer | None = None, from_: date | None = None, to: date | None = None
) -> Card:
    """历史折扣 客户名：给过这个客户哪些折扣，最低到几折"""
    if not isinstance(customer, Account):
        if customer is None and (last := last_made(ctx)) is not None:
            customer = ctx.uow.accounts.get(last.account_id)
        else:
            raise BadInput("看哪个客户的历史折扣？例如「华为去年最低给到几折」。线索还没有报价")
    zone = ctx.uow.calendar
    since = zone.at(from_, MIDNIGHT) if from_ else None
    until = zone.at(to + timedelta(days=1), MIDNIGHT) if to else None
    return discounts_card(customer.name, ctx.uow.quotes.given_to(customer.id, since, until), from_, to, zone)


def _account(ctx: Context, found: Customer) -> Account:
    return found if isinstance(found, Account) else convert_lead(ctx.uow, found).account


def _would_be(ctx: Context, lead: Lead) -> Account:
    """Return the account that a lead would become, as far as prices ask."""
    return Account(
        name=lead.name,
        core_name=lead.core_name,
        region=lead.region,
        grade=lead.grade,
        owner_id=lead.owner_id,
        created_at=ctx.uow.now,
        updated_at=ctx.uow.now,
    )


def _terms(ctx: Context, account: Account, discount_percent: Decimal | None, due_at: date | None) -> Terms:
    deals = open_deals(ctx.uow, account) if account.id is not None else []
    deal_id = deals[0].id if len(deals) == 1 else None
    return Terms(discount=discount_percent or Decimal(0), valid_until=due_at, deal_id=deal_id)


def _edit(
    how: str,
    lines: Lines | None,
    discount_percent: Decimal | None,
    amount: Decimal | None,
    due_at: date | None,
) -> Edit:
    """Return what somebody wants changed."""
    said = lines or Lines()
    return Edit(
        add=said.wanted() if how == "add" else (),
        remove=tuple(str(one.get("product") or "") for one in said.said) if how == "remove" else (),
        lines=said.edits() if how not in ("add", "remove") else (),
        discount=discount_percent,
        off=Money.yuan(amount) if amount is not None and how == "off" else None,
        total=Money.yuan(amount) if amount is not None and how != "off" else None,
        valid_until=due_at,
    )


def _for_discount(ctx: Context, found: Customer | None) -> tuple[Account, Deal | None]:
    """Return whom a discount is for, and the deal whose amount it would be taken off."""
    if found is None:
        last = last_made(ctx)
        if last is None:
            raise Unclear("给哪个客户让？请回复客户名", (), "customer")
        found = customer(ctx.uow, last.customer)
    if isinstance(found, Lead):
        raise BadInput(f"「{found.name}」还是线索，没有报价可以让。可以先「给{found.name}出个报价 产品 数量」")
    deals = [deal for deal in open_deals(ctx.uow, found) if deal.amount is not None]
    return found, deals[0] if deals else None


def _asks(ctx: Context, quote: Quote) -> tuple[str, ...]:
    """Say why a quote that is not in force needs a special price, and who would be asked, in their order."""
    own = quote.created_by in (None, ctx.member.id)
    excess = excess_of(quote, ctx.member, ctx.uow.playbook.pricing) if own and quote.may_be_edited else None
    if excess is None:
        return ()
    known: AccountId | None = quote.account_id
    way = preview(ctx.uow, SPECIAL_PRICE, facts_of(ctx.uow, quote)) if known is not None else None
    names = {member.id: member.name for member in ctx.uow.members.everybody()}
    steps = [
        f"{ask.name}（{'、'.join(names.get(one, '') for seat in ask.voices for one in seat)}）"
        for ask in (way.asks if way is not None else ())
        if ask.voices
    ]
    copied = [names.get(one, "") for ask in (way.asks if way is not None else ()) for one in ask.copied]
    return (
        f"要走特价审批：{'；'.join(excess.reasons)}",
        *((f"审批：{' → '.join(steps)}",) if steps else ()),
        *((f"抄送：{'、'.join(copied)}",) if copied else ()),
    )


def _card(ctx: Context, quote: Quote, title: str, *, undo: bool = False) -> Card:
    pricing = ctx.uow.playbook.pricing
    return quote_card(
        quote,
        title,
        _buyer(ctx, quote),
        _asks(ctx, quote),
        sees_margin=may_see_margin(ctx.member, pricing),
        is_own=_is_own(ctx, quote),
        cal=ctx.uow.calendar,
        command=ctx.uow.command if undo and quote.state != QuoteState.PENDING else "",
    )


def _is_own(ctx: Context, quote: Quote) -> bool:
    """Say whether the asker sells to this customer, or leads whoever does."""
    known: AccountId | None = quote.account_id
    return known is not None and is_led(ctx.uow, ctx.uow.accounts.get(known))


def _buyer(ctx: Context, quote: Quote) -> str:
    known: AccountId | None = quote.account_id  # none yet while a lead is only looked at as what it would become
    return ctx.uow.accounts.get(known).name if known is not None else ""


def _percent(percent: Decimal) -> str:
    return f"{percent.normalize():f}%"
