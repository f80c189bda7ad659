"""An export as a matter of approval: what is asked about it, and what becomes of it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from core.errors import BadInput
from core.model.approval import Approval
from core.model.ids import Ref
from core.model.job import Job
from core.ports import UnitOfWork
from core.rules.fields.catalogue import catalogue_of

EXPORT: Final = "export"


class ExportMatter:
    """An export as a matter of approval; see `core.services.approvals.subjects.Subject`."""

    def facts(self, uow: UnitOfWork, subject: Ref) -> Mapping[str, Any]:
        content = _job(uow, subject).content
        return {"rows": content["rows"], "object": catalogue_of(uow.playbook, content["kind"]).label}

    def lines(self, uow: UnitOfWork, subject: Ref) -> Sequence[tuple[str, str, str]]:
        content = _job(uow, subject).content
        numbers = "完整的电话、邮箱" if content["numbers"] else "电话、邮箱打码"
        return (
            ("object", "内容", catalogue_of(uow.playbook, content["kind"]).label),
            ("rows", "条数", f"{content['rows']} 条"),
            ("numbers", "号码", numbers),
            ("mark", "水印", "文件里有导出人和时间"),
        )

    def passed(self, uow: UnitOfWork, approval: Approval) -> None:
        """Let the worker make the file."""
        _job(uow, approval.subject).not_before = None

    def refused(self, uow: UnitOfWork, approval: Approval) -> None:
        """Let nothing be made."""
        _job(uow, approval.subject).settle(uow.now, {"refused": True}, "", None)


def _job(uow: UnitOfWork, subject: Ref) -> Job:
    job = uow.jobs.get(subject.id)
    if job is None:
        raise BadInput("这次导出已经取消了，请重新申请")
    return job
