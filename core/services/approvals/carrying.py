"""An approval's files go along when it is submitted anew."""

from dataclasses import replace
from typing import Final

from core.model.approval import Attached, Course
from core.model.ids import FileId, Ref
from core.ports import UnitOfWork
from core.services.files import keep_file

ATTACHED: Final = "attached"


def carried(uow: UnitOfWork, before: Course, to: Ref) -> tuple[Attached, ...]:
    """Keep the files of an approval that was voided with the one that takes its place."""
    fresh = []
    for one in before.files:
        file = uow.files.get(FileId(one.file))
        kept = keep_file(uow, to, ATTACHED, file.name, uow.files.content(file))
        fresh.append(replace(one, file=int(kept.id)))
    return tuple(fresh)
