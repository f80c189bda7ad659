"""A template that an administrator sent in chat: checked by the worker, put in use, and shown as a preview."""

from typing import Any

from core.errors import Refusal
from core.model.enclosure import Enclosure
from core.model.ids import FileId, MemberId, Ref
from core.model.job import Job
from core.model.member import SYSTEM
from core.notices.files import TemplateChecked
from core.ports import OpenWork, Typesetter, UnitOfWork
from core.rules.permissions import may_manage, require
from core.services.documents.kinds import kind_of
from core.services.documents.templates import check_template, keep_template
from core.services.files import keep_file
from core.services.members import account_on
from core.services.receiving import received_file, template_source

JOB = "use_template"
PREVIEW = "preview"


def order_template(uow: UnitOfWork, kind: str, file_id: FileId) -> str:
    """Order that a sent file be checked and put in use as a template; return what it is a template of."""
    require(may_manage(uow.actor), "改文档模板")
    title = kind_of(kind).title
    file = received_file(uow, file_id)
    content = {"kind": kind, "file": file.id, "by": uow.actor.id, "channel": uow.channel}
    uow.jobs.add(Job(kind=JOB, content=content, created_at=uow.now, created_by=uow.actor.id))
    return title


def use_template(open_work: OpenWork, typesetter: Typesetter, content: dict[str, Any]) -> dict[str, Any]:
    """Check a sent template and put it in use; what is wrong with it is told with its line."""
    kind, by = str(content["kind"]), MemberId(content["by"])
    title = kind_of(kind).title
    with open_work(SYSTEM, reading=True) as uow:
        actor = uow.members.get(by)
    try:
        with open_work(actor, reading=True) as uow:
            file = received_file(uow, FileId(content["file"]))
            source = template_source(uow, file)
            sample = check_template(typesetter, uow, kind, source)
    except Refusal as refusal:
        with open_work(SYSTEM) as uow:
            told = TemplateChecked(to=by, title=title, number=0, trouble=str(refusal))
            uow.tell(told, account_on(uow, by, str(content["channel"])))
        return {"refused": refusal.code}
    with open_work(actor) as uow:
        kept = keep_template(uow, kind, source, f"在聊天里发来的 {file.name}")
        shown = keep_file(uow, Ref("member", by), PREVIEW, f"{title}模板第{kept.number}版 样例.pdf", sample)
        enclosed = (Enclosure(file=shown.id),)
        told = TemplateChecked(to=by, title=title, number=kept.number, trouble="", encloses=enclosed)
        uow.tell(told, account_on(uow, by, str(content["channel"])))
    return {"number": kept.number}
