"""Contracts: drawn up, amended, signed, carried on, ended, looked at, and their payment plans."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from bot.cards.card import Card
from bot.cards.contracts import (
    contract_card,
    contracts_card,
    draft_preview,
    drawn_card,
    milestone_name,
    plan_card,
    reached_card,
    signed_card,
    terminated_card,
)
from bot.context import Context
from bot.days import day_in
from bot.money_arguments import AnyContract, DraftContract, Payer, RunningContract, SignedContract
from bot.plan_words import read_plan
from bot.router import Router
from core.errors import BadInput, Unclear
from core.model.contract import IN_FORCE, Contract, ContractTerms, Instalment, Milestone, Term
from core.model.customer import Account
from core.model.deal import Deal
from core.model.ids import ContractId
from core.model.money import Money
from core.model.quote import Quote, QuoteState
from core.rules.settling import lay_out
from core.services.contract_clocks import today
from core.services.contract_facts import when_of
from core.services.contract_submitting import ask_for_approval
from core.services.contracts import (
    amend,
    check_terms,
    contracts_of,
    draw_up,
    listed,
    reach,
    renew,
    require_renewable,
    require_seller,
    set_plan,
    sign,
    terminate,
)
from core.services.customers import holder_name
from core.services.deals import open_deals
from core.services.quotes import quotes_of
from core.services.standings import standing_of

router = Router()

WAYS = dict.fromkeys(("发货", "到货", "交货"), Milestone.DELIVERY) | {"验收": Milestone.ACCEPTANCE}
OFFERED = (QuoteState.VALID, QuoteState.ACCEPTED)
SOON = timedelta(days=60)


@dataclass(frozen=True)
class _Meant:
    """What a contract would say, and what it follows from."""

    terms: ContractTerms
    basis: str
    quote: Quote | None
    deal: Deal | None


@router.command("contract.create", "拟合同", "起草合同", confirms=True)
def create(
    ctx: Context,
    customer: Payer,
    *,
    amount: Decimal | None = None,
    payment_days: int | None = None,
    content: str = "",
    to: date | None = None,
) -> Card:
    """拟合同 客户名 38.5万 账期30天：按报价或金额拟合同，确认后提交审批"""
    meant = _meant(ctx, customer, amount, payment_days, content, to)
    contract = draw_up(ctx.uow, customer, meant.terms, deal=meant.deal, quote=meant.quote)
    ask_for_approval(ctx.uow, contract)
    return drawn_card(contract, customer, _plan(ctx, contract), ctx.uow.command)


@router.preview("contract.create")
def preview_create(
    ctx: Context,
    customer: Payer,
    *,
    amount: Decimal | None = None,
    payment_days: int | None = None,
    content: str = "",
    to: date | None = None,
) -> Card:
    """Show what the contract would say."""
    require_seller(ctx.uow, customer)
    meant = _meant(ctx, customer, amount, payment_days, content, to)
    check_terms(meant.terms)
    return _preview(ctx, customer, meant)


@router.command("contract.amend", "改合同", confirms=True)
def change(
    ctx: Context,
    customer: DraftContract,
    *,
    amount: Decimal | None = None,
    payment_days: int | None = None,
    content: str = "",
    to: date | None = None,
) -> Card:
    """改合同 客户名 36万 账期45天：改还没签的合同，改完重新审批"""
    plan = read_plan(content, partial(day_in, ctx))
    if amount is None and payment_days is None and not plan and to is None:
        raise BadInput("改什么？例如「改合同 华为 36万」或「改合同 华为 账期45天」")
    whole = Money.yuan(amount) if amount is not None else customer.amount
    terms = ContractTerms(amount=whole, payment_days=payment_days, plan=plan, ends_on=to)
    amend(ctx.uow, customer, terms)
    ask_for_approval(ctx.uow, customer)
    account = ctx.uow.accounts.get(customer.account_id)
    return drawn_card(customer, account, _plan(ctx, customer), ctx.uow.command)


@router.command("contract.sign", "登记签约", "合同已签")
@router.button("contract.sign")
def signed(ctx: Context, customer: DraftContract, *, at: datetime | None = None) -> Card:
    """登记签约 客户名：批准的合同签回来了，付款计划从签约日起算"""
    on = ctx.wall(at).date() if at is not None else None
    sign(ctx.uow, customer, on=on)
    account = ctx.uow.accounts.get(customer.account_id)
    return signed_card(customer, account, _plan(ctx, customer), ctx.uow.command)


@router.command("contract.plan", "付款计划")
def plan(ctx: Context, customer: AnyContract, *, content: str = "") -> Card:
    """付款计划 客户名 首款30% 发货后30% 验收后40%：看合同的付款计划，带上各期就改成它"""
    terms = read_plan(content, partial(day_in, ctx))
    if terms:
        set_plan(ctx.uow, customer, terms)
    return plan_card(customer, standing_of(ctx.uow, customer), today(ctx.uow), ctx.uow.command if terms else "")


@router.command("contract.milestone", "登记验收", "登记发货")
def reached(ctx: Context, customer: SignedContract, what: str = "验收", *, at: datetime | None = None) -> Card:
    """登记验收 客户名：验收或发货了，等着它的那一期开始计账期"""
    milestone = WAYS.get(what)
    if milestone is None:
        raise BadInput(f"「{what}」不是付款节点，可以登记：发货、验收")
    day = ctx.wall(at).date() if at is not None else today(ctx.uow)
    due = reach(ctx.uow, customer, milestone, day)
    return reached_card(customer, milestone_name(milestone), due, ctx.uow.command)


@router.command("contract.terminate", "终止合同", confirms=True)
def ended(ctx: Context, customer: RunningContract, reason: str) -> Card:
    """终止合同 客户名 项目取消：提前结束合同，原因必填，欠款仍在应收里"""
    terminate(ctx.uow, customer, reason)
    return terminated_card(customer, standing_of(ctx.uow, customer), ctx.uow.command)


@router.command("contract.renew", "续签合同", "续签", confirms=True)
@router.button("contract.renew")
def renewed(ctx: Context, customer: SignedContract, *, amount: Decimal | None = None, to: date | None = None) -> Card:
    """续签合同 客户名：照原合同拟一份接着的新合同，金额、到期日可以另说"""
    terms = _renewal(ctx, customer, amount, to)
    contract = renew(ctx.uow, customer, terms)
    ask_for_approval(ctx.uow, contract)
    account = ctx.uow.accounts.get(contract.account_id)
    return drawn_card(contract, account, _plan(ctx, contract), ctx.uow.command)


@router.preview("contract.renew")
def preview_renewal(
    ctx: Context, customer: SignedContract, *, amount: Decimal | None = None, to: date | None = None
) -> Card:
    """Show what the next contract would say."""
    require_renewable(ctx.uow, customer)
    terms = _renewal(ctx, customer, amount, to)
    check_terms(terms)
    account = ctx.uow.accounts.get(customer.account_id)
    days = terms.payment_days if terms.payment_days is not None else customer.payment_days
    until = f"，{terms.begins_on} 到 {terms.ends_on}" if terms.ends_on else ""
    return draft_preview(account, terms.amount, f"续签 {customer.number}{until}", days, (), "")


@router.command("contract.show", "看合同", "合同")
@router.button("contract.show")
def show(ctx: Context, customer: AnyContract) -> Card:
    """看合同 客户名：合同走到哪了、付款计划、收了多少、还欠多少"""
    account = ctx.uow.accounts.get(customer.account_id)
    earlier = next(iter(ctx.uow.contracts.find([customer.renews_id])), None) if customer.renews_id else None
    holder = holder_name(ctx.uow, account.owner_id or customer.owner_id)
    return contract_card(customer, account, standing_of(ctx.uow, customer), today(ctx.uow), holder, earlier)


@router.command("contract.list", "合同列表", "我的合同")
def every(ctx: Context, customer: Payer | None = None, *, what: str = "") -> Card:
    """合同列表：您能看到的合同和金额合计；快到期的合同：60 天内到期的"""
    found = contracts_of(ctx.uow, customer) if customer is not None else listed(ctx.uow)
    title = f"{customer.short_name or customer.name}的合同" if customer is not None else "合同"
    if "到期" in what:
        until = today(ctx.uow) + SOON
        found = [one for one in found if one.is_in_force and one.ends_on is not None and one.ends_on <= until]
        found.sort(key=lambda one: (one.ends_on or until, one.id))
        title = "60 天内到期的合同"
    names = {one.id: one.name for one in ctx.uow.accounts.find({one.account_id for one in found})}
    sums = {
        "执行中": Money.sum(one.amount for one in found if one.state in IN_FORCE),
        "待签": Money.sum(one.amount for one in found if one.is_unsigned),
    }
    return contracts_card(found, names, title, sums)


def _meant(
    ctx: Context, account: Account, amount: Decimal | None, days: int | None, content: str, to: date | None
) -> _Meant:
    """Return what a contract would say: by what was said, else by the customer's quote, else by the deal."""
    plan = read_plan(content, partial(day_in, ctx))
    if amount is not None and any(one.amount == Money.yuan(amount) for one in plan):
        amount = None  # what was said is an instalment
    deals = open_deals(ctx.uow, account)
    known = quotes_of(ctx.uow, account)
    quotes = [one for one in known if one.state in OFFERED]
    if amount is None and not quotes:
        _require_settled(account, known)
    quote = next((one for one in quotes if amount is None or one.total == Money.yuan(amount)), None)
    if quote is not None and quote.deal_id is not None:
        deals = [one for one in deals if one.id == quote.deal_id] or deals
    deal = deals[0] if len(deals) == 1 else None
    if amount is not None:
        whole, basis = Money.yuan(amount), f"报价 {quote.label}" if quote is not None else ""
    elif quote is not None:
        whole, basis = quote.total, f"报价 {quote.label}"
    elif deal is not None and deal.amount is not None:
        whole, basis = deal.amount, f"商机 {deal.name}"
    else:
        raise Unclear(f"「{account.name}」的合同签多少？请回复金额，例如「38.5万」", (), "amount")
    title = deal.name if deal is not None else ""
    terms = ContractTerms(amount=whole, title=title, payment_days=days, plan=plan, ends_on=to)
    return _Meant(terms, basis, quote, deal)


def _require_settled(account: Account, quotes: Sequence[Quote]) -> None:
    """Refuse to take the deal's amount while the customer's quote is not settled: that is what they mean."""
    open_one = next((one for one in quotes if one.state in (QuoteState.DRAFT, QuoteState.PENDING)), None)
    if open_one is not None:
        why = "还在审批" if open_one.state == QuoteState.PENDING else "还是草稿"
        called = account.short_name or account.name
        raise BadInput(
            f"报价 {open_one.label}（{open_one.total}）{why}，还不能按它拟合同。"
            f"等它生效，或者说明金额，例如「拟合同 {called} {open_one.total}」"
        )


def _preview(ctx: Context, account: Account, meant: _Meant) -> Card:
    terms = meant.terms
    days = terms.payment_days if terms.payment_days is not None else ctx.uow.playbook.contracts.payment_days
    plan: Sequence[Term] = terms.plan or (Term(name="全款", days=days),)
    parts = [
        (term.name, _said_when(ctx, term), part) for term, part in zip(plan, lay_out(plan, terms.amount), strict=True)
    ]
    return draft_preview(account, terms.amount, meant.basis, days, parts, terms.special_terms)


def _said_when(ctx: Context, term: Term) -> str:
    one = Instalment(
        contract_id=ContractId(0),
        place=0,
        name=term.name,
        amount=Money(0),
        milestone=term.milestone,
        days=term.days,
        due_on=term.due_on,
        created_at=ctx.uow.now,
        updated_at=ctx.uow.now,
    )
    return when_of(one)


def _renewal(ctx: Context, contract: Contract, amount: Decimal | None, to: date | None) -> ContractTerms:
    """Return the terms of the contract that carries one on: the same, for as long again from the day after its end."""
    begins = (contract.ends_on or today(ctx.uow)) + timedelta(days=1)
    ends = to
    if ends is None and contract.ends_on is not None and contract.begins_on is not None:
        ends = begins + (contract.ends_on - contract.begins_on)
    whole = Money.yuan(amount) if amount is not None else contract.amount
    plan = ctx.uow.contracts.plans([contract.id]).get(contract.id, [])
    terms: tuple[Term, ...] = ()
    if len(plan) > 1 and whole == contract.amount and all(one.milestone != Milestone.DATE for one in plan):
        terms = tuple(
            Term(name=one.name, amount=one.amount, milestone=Milestone(one.milestone), days=one.days) for one in plan
        )
    return ContractTerms(
        amount=whole,
        title=contract.title,
        payment_days=contract.payment_days,
        plan=terms,
        begins_on=begins,
        ends_on=ends,
        special_terms=contract.special_terms,
    )


def _plan(ctx: Context, contract: Contract) -> list[Instalment]:
    return ctx.uow.contracts.plans([contract.id]).get(contract.id, [])
