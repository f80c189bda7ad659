"""Money: recorded, given back, struck, owed, by age, and a customer's whole way from lead to cash."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.aims import members_of
from bot.cards.card import Card
from bot.cards.payments import aging_card, chain_card, owed_card, payments_card, recorded_card, split_card, struck_card
from bot.context import Context
from bot.money_arguments import Payer, Purse, contract_label, named_contract
from bot.router import Router
from core.errors import BadInput, Unclear
from core.model.contract import Contract
from core.model.customer import Account
from core.model.ids import MemberId
from core.model.member import Member
from core.model.money import Money
from core.model.payment import Payment
from core.rules.permissions import money_scope
from core.services.chain import chain_of
from core.services.contract_clocks import today
from core.services.payments import (
    open_contracts,
    part_named,
    record_payment,
    record_split,
    require_money,
    split_of,
    take_back,
)
from core.services.receivables import Debtors, aging, owed_by
from core.services.standings import standings_of

router = Router()

ADVANCE, SPLIT = "advance", "split"
CONTRACTS = 8
SHOWN = 200
SINCE = timedelta(days=30)


@router.command("payment.record", "回款", "登记回款", "到款")
@router.button("payment.record")
def record(
    ctx: Context,
    customer: Purse,
    amount: Decimal,
    *,
    at: datetime | None = None,
    with_: str = "",
    currency: str = "",
    content: str = "",
    what: str = "",
    certain: bool | None = None,
    surplus: bool | None = None,
) -> Card:
    """回款 客户名 12万5 昨天到的：登记到账，自动冲最早到期的一期，告诉您还欠多少"""
    require_money(ctx.uow, customer.account)
    if certain is False or surplus is False:
        return Card(title="好的，没有登记", text="金额或日期说错了的话，请重新发送，例如「华为 回款 12万5 昨天到的」")
    _require_yuan(currency)
    money, on = Money.yuan(amount), ctx.wall(at).date() if at is not None else today(ctx.uow)
    if with_ == SPLIT or (not with_ and _needs_several(ctx, customer, money)):
        return _split(ctx, customer.account, money, on, content, certain=certain is True, agreed=surplus is True)
    contract = _which(ctx, customer, with_)
    part = part_named(ctx.uow, contract, what) if contract is not None else None
    recorded = record_payment(
        ctx.uow,
        customer.account,
        money,
        on,
        contract=contract,
        part=part,
        note=content,
        certain=certain is True,
        surplus_certain=surplus is True,
    )
    return recorded_card(recorded, today(ctx.uow), ctx.uow.command, part)


@router.command("payment.refund", "退款", confirms=True)
def refund(
    ctx: Context,
    customer: Purse,
    amount: Decimal,
    *,
    at: datetime | None = None,
    with_: str = "",
    currency: str = "",
    certain: bool | None = None,
) -> Card:
    """退款 客户名 5000：登记退给客户的钱，从已收里扣掉"""
    require_money(ctx.uow, customer.account)
    if certain is False:
        return Card(title="好的，没有登记")
    _require_yuan(currency)
    contract = _which(ctx, customer, with_, paid=True)
    recorded = record_payment(
        ctx.uow,
        customer.account,
        Money.yuan(amount),
        ctx.wall(at).date() if at is not None else today(ctx.uow),
        contract=contract,
        refund=True,
        certain=certain is True,
    )
    return recorded_card(recorded, today(ctx.uow), ctx.uow.command)


@router.command("payment.strike", "作废回款", confirms=True)
def strike(ctx: Context, number: Payment) -> Card:
    """作废回款 R12：登记错了的回款不再算数，编号在「客户名 回款情况」里"""
    return struck_card(take_back(ctx.uow, number), ctx.uow.command)


@router.preview("payment.strike")
def preview_strike(ctx: Context, number: Payment) -> Card:
    """Show which payment would count no more."""
    account = ctx.uow.accounts.get(number.account_id)
    fields = (("客户", account.name), ("金额", str(number.amount)), ("到账日", f"{number.paid_on}"))
    return Card(title=f"作废回款 {number.ref}", fields=fields)


@router.command("payment.list", "回款记录")
def paid(ctx: Context, from_: date | None = None, to: date | None = None) -> Card:
    """回款记录：这段时间到账的回款和合计，不说时间就是最近 30 天"""
    until = to or today(ctx.uow)
    since = from_ or until - SINCE
    payments = ctx.uow.payments.within(money_scope(ctx.member), since, until, SHOWN)
    names = {one.id: one.short_name or one.name for one in ctx.uow.accounts.find({one.account_id for one in payments})}
    return payments_card(payments, names, f"{since} 到 {until} 的回款")


@router.command("receivable.show", "应收", "应收账龄")
@router.button("receivable.show")
def owed(
    ctx: Context,
    customer: Payer | None = None,
    *,
    count: int | None = None,
    amount: Decimal | None = None,
    region: str = "",
    industry: str = "",
    member: Member | None = None,
    department: str = "",
) -> Card:
    """应收 客户名：还欠多少、逾期几天、下一期哪天到；不说客户就看全部账龄，可以说「谁欠款超60天」"""
    if customer is None:
        wanted = Debtors(
            count or 0,
            Money.yuan(amount) if amount is not None else None,
            region,
            industry,
            _owners(ctx, member, department),
        )
        whom = [member.name if member is not None else department, region, industry]
        sums = [f"{wanted.least}以上" if wanted.least else "", f"逾期超过 {count} 天" if count else ""]
        return aging_card(aging(ctx.uow, wanted), today(ctx.uow), " ".join(one for one in (*whom, *sums) if one))
    require_money(ctx.uow, customer)
    return owed_card(owed_by(ctx.uow, customer), today(ctx.uow))


def _owners(ctx: Context, member: Member | None, department: str) -> frozenset[MemberId] | None:
    """Return whose customers are meant; None for everybody's."""
    if member is not None:
        return frozenset({member.id})
    return frozenset(one.id for one in members_of(ctx.uow, department)) if department else None


@router.command("chain.show", "从线索到回款", "全流程")
@router.button("chain.show")
def chain(ctx: Context, customer: Payer) -> Card:
    """从线索到回款 客户名：一张卡看线索、商机、报价、合同、订单、回款、开票，和下一步"""
    require_money(ctx.uow, customer)
    return chain_card(chain_of(ctx.uow, customer))


def _which(ctx: Context, purse: Purse, words: str, *, paid: bool = False) -> Contract | None:
    """Return the contract that money belongs to: the named one, or the only one on which anything is owed.

    Raises Unclear where several are open. None is money that no contract asks for.
    """
    account = purse.account
    if words == ADVANCE:
        return None
    if purse.contract is not None:
        return purse.contract
    if words:
        contract = named_contract(ctx, words)
        if contract.account_id != account.id:
            raise BadInput(f"合同 {contract.number} 不是「{account.name}」的，请核对后再发一次")
        return contract
    found = open_contracts(ctx.uow, account, paid=paid)
    if len(found) > 1:
        choices = [(contract_label(one), str(one.ref)) for one in found[:CONTRACTS]]
        if not paid:
            choices.append(("按到期先后分到各合同", SPLIT))
        choices.append(("不对应合同，记为预收款", ADVANCE))
        raise Unclear(f"「{account.name}」有 {len(found)} 份合同，这笔是哪一份的？", tuple(choices), "with")
    if found or paid:
        return found[0] if found else None
    settled = open_contracts(ctx.uow, account, paid=True)
    return settled[-1] if settled else None


def _needs_several(ctx: Context, purse: Purse, amount: Money) -> bool:
    """Say whether money is more than any one contract of a customer with several still asks for."""
    if purse.contract is not None:
        return False
    found = open_contracts(ctx.uow, purse.account)
    return len(found) > 1 and amount > max(one.open for one in standings_of(ctx.uow, found).values())


def _split(ctx: Context, account: Account, amount: Money, on: date, note: str, *, certain: bool, agreed: bool) -> Card:
    """Show how a receipt is split over several contracts, then record it so."""
    if agreed:
        return split_card(
            record_split(ctx.uow, account, amount, on, note=note, certain=certain), amount, ctx.uow.command
        )
    split = split_of(ctx.uow, account, amount)
    lines = [
        f"{contract.number} {part.instalment.name} {part.amount}"
        + (f"（{part.instalment.due_on} 到期）" if part.instalment.due_on else "")
        for contract, part in split.parts
    ]
    if split.rest.fen > 0:
        lines.append(f"记为预收款 {split.rest}")
    words = "\n".join([f"「{account.name}」这笔 {amount} 按到期先后分到各合同：", *lines, "这样登记吗？"])
    raise Unclear(words, (("这样登记", "yes"), ("不登记", "no")), "surplus")


def _require_yuan(currency: str) -> None:
    if currency not in ("", "CNY"):
        raise BadInput("回款按人民币登记，请按银行入账金额写成人民币再发一次，例如「华为 回款 12万5」")
