"""Records leave the house as a file: asked for in chat, approved where they are many or bear numbers, made later.

What is made is what its author may see when it is made, with their name and the hour at its foot.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any, Final

from core.errors import BadInput, Refusal
from core.model.enclosure import Enclosure
from core.model.ids import MemberId, Ref
from core.model.job import Job
from core.model.member import SYSTEM
from core.model.playbook.conditions import Condition
from core.notices.files import DocumentFailed, DocumentReady
from core.ports import OpenWork, UnitOfWork
from core.ports.files import Sheets
from core.rules.fields.catalogue import catalogue_of
from core.rules.fields.saying import said_condition
from core.services.export_matter import EXPORT
from core.services.fields.exporting import exported
from core.services.files import keep_file

HELD: Final = timedelta(days=3650)
"""So far off lies what waits for a yes: nobody begins it."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wants to take out: a kind of record, perhaps only one colleague's, with numbers or without."""

    kind: str
    owner: str = ""
    numbers: bool = False


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much that is, and whether somebody must agree."""

    label: str
    rows: int
    asks: bool


def size_of(uow: UnitOfWork, wish: Wish) -> Size:
    """Count what an export would hold. Refuses an empty one, and one that is too large."""
    policy, catalogue = uow.playbook.exports, catalogue_of(uow.playbook, wish.kind)
    table = exported(uow, wish.kind, _condition(uow, wish))
    rows = sum(1 for _ in islice(table.rows, policy.largest + 1))
    if not rows:
        raise BadInput(f"没有可以导出的{catalogue.label}，只能导出您看得到的")
    if rows > policy.largest:
        raise BadInput(f"一次最多导出 {policy.largest} 条，请分批，或请管理员用命令行导出")
    return Size(label=catalogue.label, rows=rows, asks=wish.numbers or rows > policy.free_rows)


def hold_export(uow: UnitOfWork, wish: Wish, size: Size) -> Job:
    """Put an export on record; one that must be asked about waits until it has passed."""
    uow.does("export.order")
    content = {"by": uow.actor.id, "kind": wish.kind, "owner": wish.owner, "numbers": wish.numbers, "rows": size.rows}
    job = Job(kind=EXPORT, content=content, created_at=uow.now, created_by=uow.actor.id or None)
    job.not_before = uow.now + HELD if size.asks else None
    uow.jobs.add(job)
    uow.flush()
    return job


def title_of(size: Size, wish: Wish) -> str:
    """Name an export: 导出客户 320 条（含号码）."""
    whose = f"{wish.owner}的" if wish.owner else ""
    return f"导出{whose}{size.label} {size.rows} 条" + ("（含号码）" if wish.numbers else "")


def make_export(open_work: OpenWork, sheets: Sheets, content: Mapping[str, Any]) -> dict[str, Any]:
    """Make the file of an export, as its author sees their records now, and send it to them alone."""
    wish = Wish(kind=str(content["kind"]), owner=str(content["owner"]), numbers=bool(content["numbers"]))
    with open_work(SYSTEM, reading=True) as uow:
        author = uow.members.get(MemberId(content["by"]))
    try:
        with open_work(author, reading=True) as uow:
            label = catalogue_of(uow.playbook, wish.kind).label
            at = uow.calendar.local(uow.now)
            table = exported(uow, wish.kind, _condition(uow, wish), masked=not wish.numbers)
            most = uow.playbook.exports.largest
            mark = f"聊单导出 · {author.name} · {at:%Y-%m-%d %H:%M} · 仅限内部使用"
            made, rows = sheets.sheet(label, table.headings, islice(table.rows, most), mark)
    except Refusal as refusal:
        with open_work(SYSTEM) as uow:
            uow.tell(DocumentFailed(to=author.id, title="导出", why=str(refusal)))
        return {"refused": refusal.code}
    with open_work(author) as uow:
        uow.does("export.make")
        name = f"{label}_{author.name}_{at:%Y%m%d_%H%M}.xlsx"
        file = keep_file(uow, Ref("member", author.id), EXPORT, name, made)
        uow.tell(
            DocumentReady(
                to=author.id,
                label=f"{label} {rows} 条",
                name=file.name,
                edition=1,
                draft="",
                lost="",
                encloses=(Enclosure(file=file.id),),
            )
        )
    return {"rows": rows, "file": file.id}


def _condition(uow: UnitOfWork, wish: Wish) -> Condition | None:
    if not wish.owner:
        return None
    return said_condition(f"负责人是{wish.owner}", catalogue_of(uow.playbook, wish.kind))
