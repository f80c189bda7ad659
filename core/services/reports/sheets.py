"""A report as a file: made by the worker with the eyes of whoever asked for it, and sent to them alone."""

from collections.abc import Mapping
from typing import Any, Final

from core.errors import BadInput, Refusal
from core.model.enclosure import Enclosure
from core.model.ids import MemberId, Ref
from core.model.job import Job
from core.model.member import SYSTEM
from core.model.report import View
from core.notices.files import DocumentFailed, DocumentReady
from core.ports import OpenWork, UnitOfWork
from core.ports.files import Sheets
from core.rules.metrics.declared import Kind
from core.services.export_matter import EXPORT
from core.services.files import keep_file
from core.services.reports.table import Column, Table
from core.services.reports.views import said_view, table_of

JOB: Final = "report_sheet"
_UNITS: Final = {Kind.MONEY: "（元）", Kind.DAYS: "（天）"}


def order_sheet(uow: UnitOfWork, view: View) -> None:
    """Have the worker make a report's file; BadInput for one with nothing in it, or too long to go without a yes."""
    table = table_of(uow, view)
    if not table.rows:
        raise BadInput("这个报表没有数据，没有可以导出的。换一段时间或条件再试")
    free = uow.playbook.exports.free_rows
    if max(len(table.rows), table.total) > free:
        raise BadInput(f"表格超过 {free} 行，请先缩小范围，例如「只看华东」；要整份客户请说「导出客户」，会走审批")
    content = {"by": uow.actor.id, "view": view.as_json()}
    uow.jobs.add(Job(kind=JOB, content=content, created_at=uow.now, created_by=uow.actor.id or None))


def make_sheet(open_work: OpenWork, sheets: Sheets, content: Mapping[str, Any]) -> dict[str, Any]:
    """Make the file as its author may see the figures now."""
    view = View.from_json(content["view"])
    with open_work(SYSTEM, reading=True) as uow:
        author = uow.members.get(MemberId(content["by"]))
    try:
        with open_work(author, reading=True) as uow:
            table, label, at = table_of(uow, view), said_view(uow, view), uow.calendar.local(uow.now)
    except Refusal as refusal:
        with open_work(SYSTEM) as uow:
            uow.tell(DocumentFailed(to=author.id, title="表格", why=str(refusal)))
        return {"refused": refusal.code}
    mark = f"聊单报表 · {author.name} · {at:%Y-%m-%d %H:%M} · 仅限内部使用"
    made, rows = sheets.sheet("报表", [_heading(column) for column in table.columns], _cells(table), mark)
    with open_work(author) as uow:
        uow.does("report.export")
        name = "".join(sign for sign in label if sign not in '\\/:*?"<>|')[:40].strip()
        file = keep_file(uow, Ref("member", author.id), EXPORT, f"{name}_{at:%Y%m%d_%H%M}.xlsx", made)
        uow.tell(
            DocumentReady(
                to=author.id, label=f"{label}，{rows} 行", name=file.name, edition=1, draft="", lost="",
                encloses=(Enclosure(file=file.id),),
            )
        )  # fmt: skip
    return {"rows": rows, "file": file.id}


def _heading(column: Column) -> str:
    return column.label + (_UNITS.get(column.kind, "") if column.kind is not None else "")


def _cells(table: Table) -> list[list[Any]]:
    """Return rows as a sheet takes them: yuan, and shares as people read them."""
    kinds = [column.kind for column in table.columns]
    return [
        [f"{one:.1%}" if kind is Kind.SHARE and one is not None else one for one, kind in zip(row, kinds, strict=True)]
        for row in table.as_json()["rows"]
    ]
