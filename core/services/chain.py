"""One customer's way from lead to cash: what was done at each step, when, for how much, and what is next."""

from dataclasses import dataclass
from datetime import date, datetime

from core.model.contract import Contract, ContractState
from core.model.customer import Account
from core.model.deal import Deal
from core.model.ids import LeadId
from core.model.invoice import INVOICE_STATES, Invoice, InvoiceState
from core.model.money import Money
from core.model.quote import Quote
from core.ports import UnitOfWork
from core.services.contract_clocks import today
from core.services.contracts import contracts_of
from core.services.deals import may_see_deal
from core.services.quotes import quotes_of
from core.services.receivables import Owed, owed_by

SHOWN = 3


@dataclass(frozen=True)
class Step:
    """A step of the way: what was done there, the newest first. It is `done` when nothing of it is left to do."""

    name: str
    lines: tuple[str, ...]
    done: bool


@dataclass(frozen=True)
class Chain:
    """All steps of a customer's way, and what is to be done next."""

    account: Account
    steps: tuple[Step, ...]
    following: str


def chain_of(uow: UnitOfWork, account: Account) -> Chain:
    """Return an account's way from lead to cash, as far as the actor may see it."""
    deals = [deal for deal in uow.deals.of(account.id) if may_see_deal(uow, deal)]
    quotes, contracts = quotes_of(uow, account), contracts_of(uow, account)
    orders, invoices, owed = uow.orders.of([account.id]), uow.invoices.of([account.id]), owed_by(uow, account)
    steps = (
        _lead(uow, account),
        _step(
            "商机", [_deal_line(uow, deal) for deal in deals], done=bool(deals) and not any(d.is_open for d in deals)
        ),
        _step("报价", [_quote_line(uow, one) for one in quotes], done=bool(quotes)),
        _step("合同", [_contract_line(one) for one in contracts], done=any(one.is_binding for one in contracts)),
        _step("订单", [f"{one.ordered_on} {one.number} {one.amount}" for one in orders], done=bool(orders)),
        _paid(uow, owed),
        _billed(invoices, owed),
    )
    return Chain(account, steps, _following(uow, deals, quotes, contracts, owed, invoices))


def _step(name: str, lines: list[str], *, done: bool) -> Step:
    more = [f"还有 {len(lines) - SHOWN} 个"] if len(lines) > SHOWN else []
    return Step(name, (*lines[:SHOWN], *more), done)


def _lead(uow: UnitOfWork, account: Account) -> Step:
    """Return where the customer came from: the leads that became it, the oldest first; else its own beginning."""
    became = [LeadId(ref.id) for ref in uow.timeline.became(account.ref) if ref.kind == "lead"]
    leads = sorted(uow.leads.find(became), key=lambda lead: (lead.created_at, lead.id))
    lines = [f"{_day(uow, lead.created_at)} 线索 {lead.ref}{_source(lead.source)}" for lead in leads]
    if leads:
        return _step("线索", [*lines, f"{_day(uow, account.created_at)} 转为客户"], done=True)
    return Step("线索", (f"{_day(uow, account.created_at)} 建档{_source(account.source)}",), done=True)


def _day(uow: UnitOfWork, at: datetime) -> str:
    return f"{uow.calendar.local(at):%Y-%m-%d}"


def _source(source: str) -> str:
    return f"，来源 {source}" if source else ""


def _deal_line(uow: UnitOfWork, deal: Deal) -> str:
    on = deal.closed_on or deal.begun_on or uow.calendar.local(deal.created_at).date()
    return f"{on} {deal.name} {deal.amount or ''}（{deal.stage}）"


def _quote_line(uow: UnitOfWork, quote: Quote) -> str:
    return f"{uow.calendar.local(quote.created_at):%Y-%m-%d} {quote.label} {quote.total}"


def _contract_line(contract: Contract) -> str:
    on = f"{contract.signed_on} " if contract.signed_on else ""
    return f"{on}{contract.number} {contract.amount}（{contract.standing}）"


def _paid(uow: UnitOfWork, owed: Owed) -> Step:
    lines = [f"{one.paid_on} {one.signed}" for one in reversed(owed.payments)]
    if owed.open.fen > 0:
        days = owed.late_days(today(uow))
        lines.insert(0, f"已收 {owed.received}，还欠 {owed.open}" + (f"，逾期 {days} 天" if days else ""))
    elif lines:
        lines.insert(0, f"已收 {owed.received}，收齐了")
    return _step("回款", lines, done=bool(owed.payments) and owed.open.fen <= 0)


def _billed(invoices: list[Invoice], owed: Owed) -> Step:
    counted = [one for one in invoices if one.state in (InvoiceState.REQUESTED, InvoiceState.ISSUED)]
    issued = Money.sum(one.amount for one in counted if one.state == InvoiceState.ISSUED)
    lines = [
        f"{one.issued_on or one.requested_on} {one.amount}（{INVOICE_STATES[InvoiceState(one.state)]}）"
        for one in reversed(counted)
    ]
    return _step("开票", lines, done=bool(counted) and issued.fen >= owed.amount.fen)


def _following(
    uow: UnitOfWork,
    deals: list[Deal],
    quotes: list[Quote],
    contracts: list[Contract],
    owed: Owed,
    invoices: list[Invoice],
) -> str:
    """Say what brings the money nearer, the latest step first."""
    waiting = {ContractState.PENDING: "等合同审批", ContractState.APPROVED: "去签合同，签回来登记签约"}
    late = owed.late(today(uow))
    if late.fen > 0:
        return f"催回款，逾期 {late}"
    for contract in contracts:
        if contract.state in waiting:
            return f"{contract.number} {waiting[ContractState(contract.state)]}"
    if owed.open.fen > 0:
        return _next_due(owed)
    if any(deal.is_open for deal in deals):
        deal = next(deal for deal in deals if deal.is_open)
        return f"推进商机「{deal.name}」，现在在{deal.stage}" if quotes else f"给「{deal.name}」出报价"
    issued = Money.sum(one.amount for one in invoices if one.state == InvoiceState.ISSUED)
    if owed.amount.fen > issued.fen:
        return f"还有 {Money(owed.amount.fen - issued.fen)} 没有开票"
    return "" if deals else "建商机"


def _next_due(owed: Owed) -> str:
    following: list[tuple[date, str]] = []
    for contract, standing in owed.contracts:
        one = standing.next()
        if one is not None and one.instalment.due_on is not None:
            following.append((one.instalment.due_on, f"{one.instalment.due_on} 收{one.instalment.name} {one.open}"))
        elif one is not None:
            following.append((date.max, f"{contract.number} 的{one.instalment.name} {one.open} 等登记节点"))
    return min(following)[1] if following else f"收回 {owed.open}"
