"""How long approvals take as a table, and what they do to the time in which contracts are signed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from core.calendar import MIDNIGHT, ONE_DAY
from core.model.contract import BINDING
from core.ports import UnitOfWork
from core.rules.metrics.declared import Kind
from core.rules.metrics.periods import Span
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


@dataclass(frozen=True, kw_only=True)
class Signing:
    """How many days a contract takes from its draft to its signature: the middle one, before the system and with it.

    `before_count` is 0 where the company says how long it took; None in `before` or `now`: nobody knows.
    """

    began_on: date | None
    before: float | None
    before_count: int
    now: float | None
    now_count: int

    def __str__(self) -> str:
        """Say it in one sentence; empty while no contract was signed here."""
        if self.now is None:
            return ""
        now = f"合同从拟定到签约一般 {self.now:g} 天（{self.now_count} 份）"
        if self.before is None:
            return f"{now}，不知道上线前几天：导入合同时带上「拟定日期」，或在规则里写 signing_before"
        began = f"{self.began_on} 上线前" if self.began_on is not None else "上线前"
        counted = f"（{self.before_count} 份）" if self.before_count else "（公司给的数）"
        saved = self.before - self.now
        share = f"，{abs(saved) / self.before:.0%}" if self.before else ""
        verdict = f"{'快' if saved > 0 else '慢'}了 {abs(saved):g} 天{share}" if saved else "没有变化"
        return f"{now}，{began} {self.before:g} 天{counted}：{verdict}"


def signing_cycle(uow: UnitOfWork, span: Span) -> Signing:
    """Compare the signatures of these days with those before the system was here, as the company's history has them.

    A company that has none may say how long it took (`reports.returns.signing_before`). What came with an import and
    without a day on which it was drawn up says nothing.
    """
    returns, first = uow.playbook.reports.returns, uow.versions.get(1)
    began_on = returns.began_on or (uow.calendar.local(first.at).date() if first is not None else None)
    took = list(_signed(uow))
    old = [days for day, days in took if began_on is not None and day < began_on]
    new = [days for day, days in took if span.first <= day <= span.last and (began_on is None or day >= began_on)]
    return Signing(
        began_on=began_on,
        before=median(old) if old else returns.signing_before,
        before_count=len(old),
        now=median(new) if new else None,
        now_count=len(new),
    )


def _signed(uow: UnitOfWork) -> Iterator[tuple[date, int]]:
    """Yield the day of each signature within sight, and how many days it had taken."""
    for one in uow.contracts.within(contract_scope(uow.actor), BINDING, MOST):
        if one.signed_on is not None:
            days = (one.signed_on - uow.calendar.local(one.created_at).date()).days
            if days >= 0:
                yield one.signed_on, days


def _figures(pace: Pace) -> tuple[object, ...]:
    waits = pace.waits_longest / HOUR if pace.waiting else None
    known = (pace.middle / HOUR, pace.longest / HOUR) if pace.count else (None, None)
    return (pace.name, pace.count, *known, pace.waiting, waits)


def _notes(uow: UnitOfWork, found: Figures, span: Span) -> Iterable[str]:
    slow = found.bottleneck
    if slow is not None:
        yield f"最慢的环节：{slow.name}，一般 {slow.middle / HOUR:.1f} 小时，{slow.waiting} 个在等"
    if signing := str(signing_cycle(uow, span)):
        yield signing
