"""What stands behind a figure: the very records that were counted, one by one, with what each of them adds."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from core.errors import BadInput
from core.model.followup import METHOD_NAMES, Method
from core.model.ids import AccountId, ContractId, DealId, FollowUpId, LeadId, MemberId, OrderId, PaymentId, Ref
from core.model.member import Member
from core.ports import UnitOfWork
from core.rules.masking import hide_numbers
from core.rules.metrics.declared import MEASURES, MONEY, WON_AMOUNT, Base, Kind
from core.rules.metrics.periods import Span
from core.rules.permissions import money_scope
from core.services.reports.asking import Asked, reader, visible
from core.services.reports.credit import DEAL, moved
from core.services.reports.pivot import days_of, title, understood
from core.services.reports.table import Column, Table

MOST = 5000
SHOWN_WORDS = 40


@dataclass(frozen=True)
class Behind:
    """The records behind a figure: a page of their lines, how many there are, and what a tap opens of each line."""

    table: Table
    refs: tuple[tuple[str, str], ...]
    """Reference and name of each line; the reference is empty where there is nothing to open."""


def drill(uow: UnitOfWork, asked: Asked, limit: int = 10) -> Behind:
    """Return the records behind the first measure of a pivot, what weighs most first; BadInput where there are none."""
    visible(uow, asked)
    wanted = understood(uow, asked.measures, ())
    measure = wanted.measures[0]
    base = measure.of[0]
    if base.subject not in _LINES:
        raise BadInput(f"「{measure.label}」看不到单条记录，请换成赢单金额、新增线索、跟进次数或回款金额")
    span = days_of(uow, asked, replace(wanted, measures=(measure,)))
    ids, parts = _numbers(uow, base, span, asked)
    page = ids[asked.offset : asked.offset + limit]
    columns, lines = _LINES[base.subject](uow, page, parts)
    rows = tuple(cells for cells, _, _ in lines)
    table = Table(title(uow, asked, wanted, span), columns, rows, total=len(ids))
    return Behind(table, tuple((ref, name) for _, ref, name in lines))


def _numbers(uow: UnitOfWork, base: Base, span: Span | None, asked: Asked) -> tuple[list[int], dict[int, int]]:
    """Return which records were counted, and of shared deals how much of each is theirs who are asked about."""
    where = asked.filters()
    if base.subject in MONEY:
        return uow.takings.records(base, span, where, money_scope(uow.actor), limit=MOST), {}
    ids = uow.metrics.records(base, span, where, reader(uow), limit=MOST)
    ids = list(dict.fromkeys(ids))
    if base != WON_AMOUNT:
        return ids, {}
    fiscal = uow.playbook.reports.fiscal_begins
    parts = {int(key[0]): part for key, part in moved(uow, (DEAL,), span, where, reader(uow), fiscal).items()}
    held = set(ids)
    shown = {
        deal.id: part + (deal.amount.fen if deal.id in held and deal.amount is not None else 0)
        for deal in uow.deals.find(map(DealId, parts))
        if (part := parts[deal.id])
    }
    return [*ids, *(one for one in shown if one not in held)], {int(one): amount for one, amount in shown.items()}


Line = tuple[tuple[Any, ...], str, str]
Lines = tuple[tuple[Column, ...], list[Line]]


def _deals(uow: UnitOfWork, ids: Sequence[int], parts: dict[int, int]) -> Lines:
    found = {deal.id: deal for deal in uow.deals.find(map(DealId, ids))}
    deals = [found[DealId(one)] for one in ids if DealId(one) in found]
    names = uow.customers.names_of(Ref("account", deal.account_id) for deal in deals if deal.account_id is not None)
    owners = _owners(uow, (deal.owner_id for deal in deals))
    columns = (
        Column("编号"), Column("商机"), Column("客户"), Column("阶段"), Column("负责人"),
        Column("金额", Kind.MONEY),
    )  # fmt: skip
    lines = []
    for deal in deals:
        customer = names.get(Ref("account", deal.account_id or 0), "")
        amount = parts.get(deal.id, deal.amount.fen if deal.amount is not None else None)
        cells = (str(deal.ref), deal.name, customer, deal.stage, _name(owners, deal.owner_id), amount)
        lines.append((cells, str(deal.ref), deal.name))
    return columns, lines


def _leads(uow: UnitOfWork, ids: Sequence[int], _: dict[int, int]) -> Lines:
    found = {one.id: one for one in uow.leads.find(map(LeadId, ids))}
    leads = [found[LeadId(one)] for one in ids if LeadId(one) in found]
    owners = _owners(uow, (one.owner_id for one in leads))
    columns = (Column("编号"), Column("线索"), Column("来源"), Column("地区"), Column("负责人"), Column("录入"))
    return columns, [
        ((str(one.ref), one.name, one.source, one.region, _name(owners, one.owner_id), _day(uow, one.created_at)),
         str(one.ref), one.name)
        for one in leads
    ]  # fmt: skip


def _accounts(uow: UnitOfWork, ids: Sequence[int], _: dict[int, int]) -> Lines:
    found = {one.id: one for one in uow.accounts.find(map(AccountId, ids))}
    accounts = [found[AccountId(one)] for one in ids if AccountId(one) in found]
    owners = _owners(uow, (one.owner_id for one in accounts))
    columns = (Column("编号"), Column("客户"), Column("行业"), Column("地区"), Column("负责人"), Column("录入"))
    return columns, [
        ((str(one.ref), one.name, one.industry, one.region, _name(owners, one.owner_id), _day(uow, one.created_at)),
         str(one.ref), one.name)
        for one in accounts
    ]  # fmt: skip


def _talks(uow: UnitOfWork, ids: Sequence[int], _: dict[int, int]) -> Lines:
    found = {one.id: one for one in uow.followups.find(ids)}
    talks = [found[FollowUpId(one)] for one in ids if FollowUpId(one) in found]
    names = uow.customers.names_of({one.customer for one in talks})
    owners = _owners(uow, (one.author_id for one in talks))
    columns = (Column("时间"), Column("客户"), Column("方式"), Column("内容"), Column("跟进人"))
    lines = []
    for one in talks:
        name = names.get(one.customer, "（已删除）")
        words = hide_numbers(one.content)
        words = words if len(words) <= SHOWN_WORDS else words[: SHOWN_WORDS - 1] + "…"
        at = f"{uow.calendar.local(one.at):%m-%d %H:%M}"
        cells = (at, name, METHOD_NAMES[Method(one.method)], words, _name(owners, one.author_id))
        lines.append((cells, str(one.customer), name))
    return columns, lines


def _payments(uow: UnitOfWork, ids: Sequence[int], _: dict[int, int]) -> Lines:
    paid = [uow.payments.get(PaymentId(one)) for one in ids]
    names = uow.customers.names_of({one.customer for one in paid})
    contracts = {one.id: one for one in uow.contracts.find({o.contract_id for o in paid if o.contract_id is not None})}
    columns = (Column("到账日"), Column("客户"), Column("合同"), Column("金额", Kind.MONEY), Column("备注"))
    lines = []
    for one in paid:
        contract = contracts.get(one.contract_id) if one.contract_id is not None else None
        name = names.get(one.customer, "")
        note = one.note if one.signed.fen >= 0 else f"退款 {one.note}".strip()
        number = contract.number if contract is not None else "预收"
        ref = str(contract.ref) if contract is not None else str(one.customer)
        lines.append(((f"{one.paid_on}", name, number, one.signed.fen, note), ref, name))
    return columns, lines


def _contracts(uow: UnitOfWork, ids: Sequence[int], _: dict[int, int]) -> Lines:
    found = {one.id: one for one in uow.contracts.find(map(ContractId, ids))}
    contracts = [found[ContractId(one)] for one in ids if ContractId(one) in found]
    names = uow.customers.names_of({one.customer for one in contracts})
    columns = (Column("合同"), Column("客户"), Column("签订日"), Column("金额", Kind.MONEY))
    return columns, [
        ((one.number, names.get(one.customer, ""), str(one.signed_on or ""), one.amount.fen), str(one.ref), one.number)
        for one in contracts
    ]


def _orders(uow: UnitOfWork, ids: Sequence[int], _: dict[int, int]) -> Lines:
    orders = [uow.orders.get(OrderId(one)) for one in ids]
    names = uow.customers.names_of({Ref("account", one.account_id) for one in orders})
    columns = (Column("订单"), Column("客户"), Column("下单日"), Column("金额", Kind.MONEY))
    lines = []
    for one in orders:
        name = names.get(Ref("account", one.account_id), "")
        lines.append(((one.number, name, f"{one.ordered_on}", one.amount.fen), f"A{one.account_id}", name))
    return columns, lines


_LINES: Final[dict[str, Callable[[UnitOfWork, Sequence[int], dict[int, int]], Lines]]] = {
    "deal": _deals,
    "passage": _deals,
    "lead": _leads,
    "account": _accounts,
    "followup": _talks,
    "payment": _payments,
    "contract": _contracts,
    "order": _orders,
}
OPENS: Final = frozenset(_LINES)
"""Subjects of which single records can be shown."""


def opens(measure: str) -> bool:
    """Say whether the records behind a measure can be shown."""
    return any(one.label == measure and one.of[0].subject in OPENS for one in MEASURES)


def _owners(uow: UnitOfWork, ids: Iterable[MemberId | None]) -> dict[MemberId, Member]:
    return uow.members.find({one for one in ids if one is not None})


def _name(owners: dict[MemberId, Member], owner_id: MemberId | None) -> str:
    return owners[owner_id].name if owner_id is not None and owner_id in owners else ""


def _day(uow: UnitOfWork, at: Any) -> str:
    return f"{uow.calendar.local(at):%m-%d}"
