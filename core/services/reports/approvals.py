"""How long approvals take as a table, and what they do to the time in which contracts are signed."""

from collections.abc import Iterable
from datetime import timedelta
from statistics import median

from core.calendar import MIDNIGHT, ONE_DAY
from core.model.contract import BINDING, Contract
from core.ports import UnitOfWork
from core.rules.metrics.declared import Kind
from core.rules.metrics.periods import Span, previous
from core.rules.permissions import contract_scope
from core.services.approvals.figures import Figures, Pace, figures, may_see_figures
from core.services.reports.asking import Asked
from core.services.reports.table import Column, Table

MOST = 100_000
HOUR = timedelta(hours=1)


def approvals_table(uow: UnitOfWork, asked: Asked) -> Table:
    """Return the time of each flow, node and person; the bottleneck and the cycle of signing stand below."""
    may_see_figures(uow)
    span = asked.days(uow)
    found = figures_of(uow, span)
    rows: list[tuple[object, ...]] = []
    for flow in found.flows:
        share = flow.first_pass / flow.ended if flow.ended else None
        rows.append(("流程", *_figures(flow.whole), share))
        rows += [(f"　{flow.whole.name}的环节", *_figures(node), None) for node in flow.nodes]
    rows += [("审批人", *_figures(person), None) for person in found.people]
    columns = (
        Column("类别"), Column("名称"), Column("次数", Kind.COUNT), Column("一般小时", Kind.DAYS),
        Column("最长小时", Kind.DAYS), Column("在等", Kind.COUNT), Column("最久已等小时", Kind.DAYS),
        Column("一次通过率", Kind.SHARE),
    )  # fmt: skip
    return Table(f"{span} 审批耗时", columns, tuple(rows), tuple(_notes(uow, found, span)))


def figures_of(uow: UnitOfWork, span: Span) -> Figures:
    """Return the figures of what was begun in these days."""
    return figures(uow, uow.calendar.at(span.first, MIDNIGHT), uow.calendar.at(span.last + ONE_DAY, MIDNIGHT))


def signing_cycle(uow: UnitOfWork, span: Span) -> tuple[float | None, float | None]:
    """Return the middle number of days from a contract's draft to its signature: signed before these days, and in them.

    What was signed before it was drawn up here came with an import, and says nothing.
    """
    signed = uow.contracts.within(contract_scope(uow.actor), BINDING, MOST)
    before = previous(span)
    return _middle(uow, signed, before), _middle(uow, signed, span)


def _middle(uow: UnitOfWork, contracts: Iterable[Contract], span: Span) -> float | None:
    took = []
    for one in contracts:
        if one.signed_on is not None and span.first <= one.signed_on <= span.last:
            days = (one.signed_on - uow.calendar.local(one.created_at).date()).days
            took += [days] if days >= 0 else []
    return median(took) if took else None


def _figures(pace: Pace) -> tuple[object, ...]:
    waits = pace.waits_longest / HOUR if pace.waiting else None
    known = (pace.middle / HOUR, pace.longest / HOUR) if pace.count else (None, None)
    return (pace.name, pace.count, *known, pace.waiting, waits)


def _notes(uow: UnitOfWork, found: Figures, span: Span) -> Iterable[str]:
    slow = found.bottleneck
    if slow is not None:
        yield f"最慢的环节：{slow.name}，一般 {slow.middle / HOUR:.1f} 小时，{slow.waiting} 个在等"
    before, now = signing_cycle(uow, span)
    if now is not None:
        yield f"合同从拟定到签约一般 {now:g} 天" + (f"，上一期 {before:g} 天" if before is not None else "")
