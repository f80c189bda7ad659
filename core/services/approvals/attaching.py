"""Files put to an approval: by whoever has to do with it, seen by whoever decides, kept in its history."""

from collections.abc import Sequence

from core.errors import ActRefused, NotYourTask
from core.model.approval import Approval
from core.model.file import File
from core.model.ids import FileId, Ref
from core.ports import UnitOfWork
from core.rules.approvals.acting import Act, Deed
from core.services.approvals.carrying import ATTACHED
from core.services.approvals.deciding import act_on, waiting_for
from core.services.approvals.finding import has_part
from core.services.approvals.keeping import Matter, Which, load, matter_of
from core.services.files import keep_file


def attach(uow: UnitOfWork, which: Which, file: File) -> Approval:
    """Put a file of the actor's to an approval that runs."""
    matter = load(uow, which)
    kept = keep_file(uow, matter.approval.ref, ATTACHED, file.name, uow.files.content(file))
    return act_on(uow, matter, Act(deed=Deed.ATTACH, by=uow.actor.id, comment=file.name, files=(int(kept.id),)))


def attachable(uow: UnitOfWork, most: int) -> list[Approval]:
    """Return to what the actor may put a file now: what came back to them, waits for them, or was submitted by them."""
    waiting = [approval for _, approval in waiting_for(uow, uow.actor.id)]
    mine = [one for one in uow.approvals.of(uow.actor.id, 50) if one.is_running]
    return list(dict.fromkeys((*waiting, *mine)))[:most]


def files_of(uow: UnitOfWork, matter: Matter) -> Sequence[FileId]:
    """Return the files to whoever has to do with the matter; the rules bound how many there are."""
    if not has_part(uow, matter, uow.actor.id):
        raise NotYourTask
    if not matter.course.files:
        raise ActRefused("这个审批没有附件。要加的话发送「附件」，再把文件发过来")
    return [FileId(one.file) for one in matter.course.files]


def sees_approval(uow: UnitOfWork, ref: Ref) -> bool:
    """Say whether the actor has to do with an approval, and so may have its files."""
    return has_part(uow, matter_of(uow, uow.approvals.get(ref.id)), uow.actor.id)
