"""Every report by its name: the chat, the command line and pages ask this list."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from core.errors import BadInput
from core.ports import UnitOfWork
from core.rules.metrics.periods import Span
from core.services.reports import (
    approvals,
    campaigns,
    forecast,
    funnel,
    money,
    people,
    pivot,
    ranking,
    targets,
    traits,
    weekly,
)
from core.services.reports.asking import Asked, today
from core.services.reports.table import Table

YEAR: Final = timedelta(days=364)


@dataclass(frozen=True)
class Report:
    """A report: what it is called, what it says, and what makes its table; `months` are looked at where no days are
    given, 1 for the running one.
    """

    name: str
    label: str
    build: Callable[[UnitOfWork, Asked], Table]


def _figures(*measures: str, by: str = "member", a_year: bool = False) -> Callable[[UnitOfWork, Asked], Table]:
    """Return what makes a table of measures by a dimension, unless others are asked for."""

    def build(uow: UnitOfWork, asked: Asked) -> Table:
        span = asked.span or (Span(today(uow) - YEAR, today(uow)) if a_year else None)
        wanted = replace(asked, span=span, measures=asked.measures or measures, by=asked.by or (by,))
        return pivot.pivot(uow, wanted)

    return build


REPORTS: Final[dict[str, Report]] = {
    report.name: report
    for report in (
        Report("funnel", "漏斗：进入、转化、停留、流失原因、建议", funnel.table),
        Report("forecast", "预测：按月，带区间和类别", forecast.table),
        Report("forecast-deals", "在手商机的赢率和预计日期", forecast.deals_table),
        Report("forecast-accuracy", "预测准确率：每周一快照对实际", forecast.accuracy_table),
        Report("ranking", "排行：达成率和能力系数", ranking.table),
        Report("targets", "目标：达成与时间进度", targets.table),
        Report("activity", "活动：跟进、拜访、电话、邮件、微信",
               _figures("talks", "visits", "calls", "mails", "chats")),
        Report("cycle", "成交周期和平均单价", _figures("won", "average", "cycle", a_year=True)),
        Report("winloss", "输赢：赢率、赢单与输单",
               _figures("won", "lost", "win_rate", "won_amount", "lost_amount", a_year=True)),
        Report("revenue", "业绩：按人按季度", _figures("won_amount", "won", by="quarter", a_year=True)),
        Report("traits", "高价值特征：什么样的客户和单子容易赢、大单多", traits.table),
        Report("receivables", "应收账龄：按负责人或客户", money.receivables_table),
        Report("invoices", "未付发票", money.invoices_table),
        Report("receipts", "回款与合同：按负责人", _figures("receipts", "contract_amount", "contracts")),
        Report("response", "线索响应时间", people.response_table),
        Report("flow", "线索流转：怎么到手、怎么离手", people.flow_table),
        Report("ramp", "新人上手：和同龄时的同事比", people.ramp_table),
        Report("campaign", "来源回报：花费、线索、赢单、投产比", campaigns.campaign_table),
        Report("roi", "系统回报：实测与估算", campaigns.worth_table),
        Report("completeness", "资料完整度：按周", weekly.completeness_table),
        Report("approvals", "审批耗时：流程、环节、人，最慢的环节，一次通过率，签约周期", approvals.approvals_table),
        Report("pivot", "任意指标 × 任意维度", pivot.pivot),
    )
}  # fmt: skip


def report_called(words: str) -> Report | None:
    """Return the report of a name or of what stands in front of its label: 线索响应时间."""
    return REPORTS.get(words) or next((one for one in REPORTS.values() if one.label.partition("：")[0] == words), None)


def report(name: str) -> Report:
    """Return the report of a name; BadInput lists those there are."""
    found = REPORTS.get(name)
    if found is None:
        raise BadInput(f"没有「{name}」这个报表，可以看：{'、'.join(REPORTS)}")
    return found
