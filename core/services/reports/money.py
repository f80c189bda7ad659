"""What customers owe, by who looks after them or by customer, and the invoices that are not paid."""

from collections import defaultdict

from core.errors import BadInput
from core.ports import UnitOfWork
from core.rules.metrics.declared import Kind, find_dimension
from core.rules.settling import AGES
from core.services.invoices import issued_unpaid
from core.services.receivables import Debt, ages_of, debts
from core.services.reports.asking import Asked, names_of, today, visible, whose
from core.services.reports.table import Column, Table

_BY_CUSTOMER, _BY_MEMBER = "customer", "member"


def receivables_table(uow: UnitOfWork, asked: Asked) -> Table:
    """Return what is owed under signed contracts as of today, by member, or by customer when that is asked for."""
    visible(uow, asked)
    _require_no_filters(asked)
    by = find_dimension(asked.by[0]) if asked.by else None
    if asked.by and (by is None or by.key not in (_BY_CUSTOMER, _BY_MEMBER) or len(asked.by) > 1):
        raise BadInput("应收账龄可以按负责人或客户看，例如 --by 客户")
    kept = [one for one in debts(uow) if asked.member is None or one.owner_id == asked.member.id]
    groups: dict[str, list[Debt]] = defaultdict(list)
    names = names_of(uow, [one.owner_id for one in kept])
    for one in kept:
        groups[one.account.name if by is not None and by.key == _BY_CUSTOMER else names[one.owner_id]].append(one)
    rows: list[tuple[str | int, ...]] = []
    for name, owed in sorted(groups.items(), key=lambda one: (-sum(debt.settled.open.fen for debt in one[1]), one[0])):
        ages = [one.fen for one in ages_of(owed)]
        rows.append((name, sum(ages), *ages, max(one.days for one in owed)))
    ends = (0, *AGES)
    columns = (
        Column(by.label if by is not None else "负责人"), Column("应收", Kind.MONEY), Column("未到期", Kind.MONEY),
        *(Column(f"逾期{begin + 1}-{end}天", Kind.MONEY) for begin, end in zip(ends, AGES, strict=False)),
        Column(f"逾期{AGES[-1]}天以上", Kind.MONEY), Column("最长逾期天数", Kind.COUNT),
    )  # fmt: skip
    page = tuple(rows[asked.offset : asked.offset + asked.limit])
    return Table(f"{whose(uow, asked)} {today(uow)} 应收账龄", columns, page, total=len(rows))


def invoices_table(uow: UnitOfWork, asked: Asked) -> Table:
    """Return the issued invoices that are not paid whole, the oldest first."""
    visible(uow, asked)
    _require_no_filters(asked)
    span = asked.span
    unpaid = issued_unpaid(uow, span.first if span else None, span.last if span else None)
    rows = tuple(
        (
            one.account.name,
            one.invoice.number,
            str(one.invoice.issued_on or ""),
            one.invoice.amount.fen,
            one.open.fen,
            one.days,
        )
        for one in unpaid
        if asked.member is None or one.account.owner_id == asked.member.id
    )
    columns = (
        Column("客户"), Column("发票号"), Column("开票日"), Column("金额", Kind.MONEY), Column("未付", Kind.MONEY),
        Column("开票后天数", Kind.COUNT),
    )  # fmt: skip
    page = rows[asked.offset : asked.offset + asked.limit]
    return Table(f"{whose(uow, asked)} 未付发票", columns, page, total=len(rows))


def _require_no_filters(asked: Asked) -> None:
    if asked.where:
        raise BadInput("这个报表不能再加条件，请去掉条件，或者看 pivot 里的回款金额、合同金额")
