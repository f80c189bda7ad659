"""A document is ordered in chat, set by the worker, kept with its record, and sent to whoever wants it."""

from typing import Any

from core.errors import Refusal
from core.errors.files import TemplateBroken
from core.model.enclosure import Enclosure
from core.model.file import File
from core.model.ids import MemberId, Ref
from core.model.job import Job
from core.model.member import SYSTEM
from core.notices.files import DocumentFailed, DocumentReady
from core.ports import OpenWork, Typesetter, UnitOfWork
from core.ports.files import Setting
from core.services.documents.kinds import Printed, kind_of
from core.services.documents.templates import template_in_use
from core.services.files import keep_file
from core.services.members import account_on

JOB = "document"


def order_document(uow: UnitOfWork, kind: str, ref: Ref, *, to: MemberId | None = None) -> str:
    """Order the document of a record for the actor, or for a member `to`; return what it is called.

    Refused at once to whoever may not see the record. It arrives in chat when the worker has set it.
    """
    printed = kind_of(kind).prints(uow, ref.id)
    content = {"kind": kind, "id": ref.id, "by": uow.actor.id, "to": to or uow.actor.id}
    if to in (None, uow.actor.id):
        content["channel"] = uow.channel
    if not uow.jobs.is_ordered(JOB, content):
        uow.jobs.add(Job(kind=JOB, content=content, created_at=uow.now, created_by=uow.actor.id or None))
    return printed.label


def set_document(open_work: OpenWork, typesetter: Typesetter, content: dict[str, Any]) -> dict[str, Any]:
    """Set what was ordered and send it; what hinders it is told to whoever waits."""
    kind, number, to = str(content["kind"]), int(content["id"]), MemberId(content["to"])
    title, channel = kind_of(kind).title, str(content.get("channel", ""))
    with open_work(SYSTEM, reading=True) as uow:
        actor = uow.members.get(MemberId(content["by"])) if content["by"] else SYSTEM
    try:
        with open_work(actor, reading=True) as uow:
            printed = kind_of(kind).prints(uow, number)
            template = template_in_use(uow, typesetter, kind)
            begun = uow.now
        pdf = typesetter.document(Setting(template=template.source, data=printed.data, at=begun))
    except TemplateBroken as broken:
        why = f"模板排不出来（{broken}）。请管理员用 liaodan template check 检查"
        return _failed(open_work, to, channel, title, why)
    except Refusal as refusal:
        return _failed(open_work, to, channel, title, str(refusal))
    with open_work(actor) as uow:
        uow.does("document.make")
        file = keep_file(uow, printed.owner, kind, f"{printed.name}.pdf", pdf)
        _tell(uow, to, channel, printed, file, typesetter.missing(printed.data))
    return {"file": file.id, "edition": file.edition}


def _tell(uow: UnitOfWork, to: MemberId, channel: str, printed: Printed, file: File, lost: str) -> None:
    uow.tell(
        DocumentReady(
            to=to,
            label=printed.label,
            name=file.name,
            edition=file.edition,
            draft=str(printed.data.get("draft", "")),
            lost=lost,
            encloses=(Enclosure(file=file.id),),
        ),
        account_on(uow, to, channel),
    )


def _failed(open_work: OpenWork, to: MemberId, channel: str, title: str, why: str) -> dict[str, Any]:
    with open_work(SYSTEM) as uow:
        uow.tell(DocumentFailed(to=to, title=title, why=why), account_on(uow, to, channel))
    return {"failed": why[:200]}
