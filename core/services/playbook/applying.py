"""A document becomes what is in force: compared, judged, recorded as a version, told; and any version comes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from core.calendar import WorkCalendar
from core.errors import BadInput, PlaybookOutdated, PlaybookUnreadable, TreatmentNeeded
from core.model.ids import Ref
from core.model.job import Job
from core.model.member import Member, Role
from core.model.playbook import Playbook
from core.model.version import BUILT_IN, PlaybookVersion, Treatment, VersionKind
from core.notices.playbook import PlaybookChanged
from core.ports import Document, UnitOfWork
from core.rules.permissions import may_manage
from core.rules.playbook_changes import CLOCKS, Difference, differences, moves_clocks, sections, undone_by
from core.rules.playbook_outline import section_title
from core.services.fields.reindexing import order_reindexing
from core.services.passages import order_passages
from core.services.playbook.rulebook import read_of, said_by

WHY_LENGTH = 300
RECALCULATE = "recalculate_clocks"
"""The job that moves every running clock to the rules in force."""

_EARLIER = 5
"""Versions that a conflict lists at most."""

_KINDS = {VersionKind.INITIAL: "初始", VersionKind.APPLY: "修改", VersionKind.ROLLBACK: "退回"}


@dataclass(frozen=True, kw_only=True)
class Change:
    """What somebody wants in force, and how it came about.

    `base` is the version it was made from; None takes the newest, unless that would take back what the newest brought.
    `by_name` names who stands behind the command line; `confirmed` is the second administrator. `remark` is kept.
    """

    document: Document
    why: str
    base: int | None = None
    treatment: Treatment | None = None
    restores: int | None = None
    by: Member | None = None
    by_name: str = ""
    confirmed: Member | None = None
    remark: str = ""


def apply_change(uow: UnitOfWork, change: Change) -> PlaybookVersion:
    """Put a document in force for everybody, as the next version, and tell the administrators.

    Refuses with PlaybookOutdated when somebody was faster, with TreatmentNeeded when clock rules change and nothing
    is said about running clocks. Whoever may do this alone is the caller's business.
    """
    uow.versions.reserve()
    newest = newest_number(uow)
    _require_base(uow, change.base, newest)
    before, after = _before(uow, newest), change.document.playbook
    found = differences(before, after)
    if change.base is None:
        _refuse_taking_back(uow, newest, found)
    latest = uow.versions.get(newest)
    if latest is not None and latest.document == change.document.text:
        raise BadInput(f"和现在的第 {newest} 版一模一样，没有可以生效的改动")
    version = _version(uow, change, newest, _treatment(found, change.treatment))
    uow.versions.add(version)
    order_reindexing(uow, before, after)
    order_passages(uow, before, after)
    uow.does(f"playbook.{version.kind}")
    uow.note(
        Ref("playbook", version.number),
        version.number,
        {"number": newest} if newest else None,
        {"number": version.number, "digest": version.digest, "why": version.why, "by": version.by_name},
    )
    if version.treatment == Treatment.RECALCULATE:
        uow.jobs.add(Job(kind=RECALCULATE, content={"after": 0}, created_at=uow.now, created_by=uow.actor.id or None))
    _tell(uow, version, found)
    return version


def begin_with(uow: UnitOfWork, document: Document, why: str) -> PlaybookVersion | None:
    """Put the first version on record; None when there is one already."""
    uow.versions.reserve()
    if newest_number(uow) != BUILT_IN:
        return None
    change = Change(document=document, why=why, by_name="系统")
    version = _version(uow, change, BUILT_IN, None)
    version.kind = VersionKind.INITIAL
    uow.versions.add(version)
    return version


def newest_number(uow: UnitOfWork) -> int:
    """Return the number of the version in force."""
    newest = uow.versions.newest()
    return newest.number if newest is not None else BUILT_IN


def document_of(uow: UnitOfWork, number: int) -> str:
    """Return a version's text, letter by letter; the general kit stands for the built-in defaults."""
    return uow.documents.kit("general") if number == BUILT_IN else version_of(uow, number).document


def version_of(uow: UnitOfWork, number: int) -> PlaybookVersion:
    """Return a version; refuses when there is none of that number."""
    version = uow.versions.get(number)
    if version is None:
        raise BadInput(f"没有第 {number} 版，现在是第 {newest_number(uow)} 版。发送「规则历史」看看有哪些版本")
    return version


def version_at(uow: UnitOfWork, moment: datetime) -> PlaybookVersion:
    """Return the version that was in force at a moment; refuses when there was none yet."""
    version = uow.versions.at(moment)
    if version is None:
        wall = uow.calendar.local(moment)
        raise BadInput(f"{wall:%Y-%m-%d %H:%M} 时还没有规则版本。发送「规则历史」看看有哪些版本")
    return version


def restoring(uow: UnitOfWork, version: PlaybookVersion) -> tuple[Document, int]:
    """Return a former version's document as it may be put in force again, and the version it takes the place of.

    Refuses what is in force already, and with its lines a version that today's program no longer reads.
    """
    newest = newest_number(uow)
    if version.number == newest:
        raise BadInput(f"第 {newest} 版就是现在生效的版本，不用退回。发送「规则历史」看看之前的版本")
    return uow.documents.read(version.document), newest


def compared(uow: UnitOfWork, document: Document) -> list[Difference]:
    """Return what a document would change of what is in force."""
    return differences(said_by(uow.versions, newest_number(uow)), document.playbook)


def differences_of(uow: UnitOfWork, version: PlaybookVersion) -> list[Difference]:
    """Return what a version changed of the one before it."""
    return differences(_before(uow, version.number - 1), read_of(version))


def administrators(uow: UnitOfWork) -> list[Member]:
    """Return everybody who may change the playbook."""
    return [member for member in uow.members.everybody() if member.active and Role.ADMIN in member.roles]


def version_line(version: PlaybookVersion, calendar: WorkCalendar) -> str:
    """Say in one line who made a version, when and why."""
    wall = calendar.local(version.at)
    what = _KINDS[VersionKind(version.kind)] + (f"到第 {version.restores} 版" if version.restores else "")
    second = f"，{version.confirmed_name}确认" if version.confirmed_name else ""
    return f"第 {version.number} 版 {wall:%m-%d %H:%M} {version.by_name}{second} {what}：{version.why}"


def require_administrator(uow: UnitOfWork) -> None:
    """Refuse everybody else, and name who may."""
    if not may_manage(uow.actor):
        raise BadInput(only_administrators(uow))


def only_administrators(uow: UnitOfWork) -> str:
    """Say that this is for administrators, and who they are."""
    names = "、".join(member.name for member in administrators(uow)[:5])
    who = f"请联系{names}" if names else "公司还没有管理员，请联系部署聊单的同事"
    return f"规则只有管理员能看和改，没有改动任何内容。{who}"


def _before(uow: UnitOfWork, number: int) -> Playbook:
    """Return what a version says, or the defaults when nobody can read it any more, so that it can be mended."""
    try:
        return said_by(uow.versions, number)
    except PlaybookUnreadable:
        return Playbook()


def _version(uow: UnitOfWork, change: Change, newest: int, treatment: Treatment | None) -> PlaybookVersion:
    why = " ".join(change.why.split())
    if not why:
        raise BadInput("请写一句为什么改（--why），以后看历史的人要知道")
    if len(why) > WHY_LENGTH:
        raise BadInput(f"改动原因最多 {WHY_LENGTH} 个字，请写短一些")
    by = change.by or (uow.actor if uow.actor.id else None)
    return PlaybookVersion(
        number=newest + 1,
        document=change.document.text,
        content=dict(change.document.content),
        digest=sha256(change.document.text.encode()).hexdigest(),
        base=newest,
        kind=VersionKind.ROLLBACK if change.restores is not None else VersionKind.APPLY,
        restores=change.restores,
        treatment=treatment or "",
        why=why,
        at=uow.now,
        by=by.id if by else None,
        by_name=by.name if by else change.by_name or "命令行",
        confirmed_by=change.confirmed.id if change.confirmed else None,
        confirmed_name=change.confirmed.name if change.confirmed else "",
        remark=change.remark,
    )


def _require_base(uow: UnitOfWork, base: int | None, newest: int) -> None:
    if base is None or base == newest:
        return
    if base > newest:
        raise BadInput(f"没有第 {base} 版，现在是第 {newest} 版。请先导出最新版再改")
    raise PlaybookOutdated(base, newest, _since(uow, base))


def _since(uow: UnitOfWork, base: int) -> tuple[str, ...]:
    lines = []
    for version in uow.versions.since(base)[-_EARLIER:]:
        changed = "；".join(map(str, differences_of(uow, version)[:3]))
        lines.append(version_line(version, uow.calendar) + (f"（{changed}）" if changed else ""))
    return tuple(lines)


def _refuse_taking_back(uow: UnitOfWork, newest: int, found: Sequence[Difference]) -> None:
    """Refuse a document that was made before the newest version and would silently take its changes back."""
    version = uow.versions.get(newest)
    if version is None or version.kind == VersionKind.INITIAL:
        return
    try:
        last = differences_of(uow, version)
    except PlaybookUnreadable:
        return
    if undone_by(found, last):
        raise PlaybookOutdated(newest - 1, newest, _since(uow, newest - 1))


def _treatment(found: Sequence[Difference], said: Treatment | None) -> Treatment | None:
    if not moves_clocks(found):
        return None
    if said is None:
        raise TreatmentNeeded(tuple(section_title(section) for section in sorted(sections(found) & CLOCKS)))
    return said


def _tell(uow: UnitOfWork, version: PlaybookVersion, found: Sequence[Difference]) -> None:
    for member in administrators(uow):
        if member.id != uow.actor.id:
            uow.tell(
                PlaybookChanged(
                    to=member.id,
                    number=version.number,
                    by=version.by_name,
                    confirmed_by=version.confirmed_name,
                    why=version.why,
                    lines=tuple(map(str, found)),
                    remark=version.remark,
                    treatment=version.treatment,
                    restores=version.restores,
                )
            )
