"""Every mirror of approvals, and how each is brought in step: after an act, after an event, and now and then."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from core.errors import DeliveryFailed
from core.model.deadline import Deadline
from core.model.job import Job
from core.model.member import CHANNELS, SYSTEM
from core.model.mirror import ApprovalMirror, MirrorState
from core.ports import OpenWork, UnitOfWork
from core.ports.mirrors import Oa, Platforms
from core.services.approvals.mirrors import order
from core.services.approvals.oa.keeping import EVERY, keep_in_oa, keep_on
from core.services.approvals.todos import keep_todos

LOOK: Final = "look_at_mirrors"
AFTER_TROUBLE: Final = timedelta(hours=1)

Keep = Callable[[OpenWork, Platforms, int], int]

MIRRORS: dict[str, Keep] = {
    "todos": lambda open_work, platforms, approval: keep_todos(open_work, platforms.todos, approval),
    "oa": lambda open_work, platforms, approval: keep_in_oa(open_work, platforms.oas, approval),
}
"""Each place where approvals stand besides ours, with what makes it what the approval is now."""


def mirror(open_work: OpenWork, platforms: Platforms, approval_id: int) -> dict[str, Any]:
    """Bring every mirror of an approval in step; one that fails is in no other's way, and is tried again."""
    kept, failed = {}, ""
    for name, keep in MIRRORS.items():
        try:
            kept[name] = keep(open_work, platforms, approval_id)
        except DeliveryFailed as failure:
            failed = failed or failure.reason
    if failed:
        raise DeliveryFailed(failed, temporary=True)
    return kept


def heard_of(uow: UnitOfWork, channel: str, number: str) -> bool:
    """Something has happened to an instance on a platform: look what. False for one that is not ours."""
    row = uow.mirrors.numbered(channel, number) if number else None
    if row is None or row.state != MirrorState.OPEN:
        return False
    order(uow, row.approval_id)
    return True


def look_due(uow: UnitOfWork, due: Sequence[Deadline]) -> None:
    """Have the platforms asked about what stands there: an event may have been missed."""
    channels = set()
    for deadline in due:
        row = uow.mirrors.get(deadline.subject_id)
        if row.is_alive:
            channels.add(row.channel)
            deadline.due_at = deadline.limit_at = uow.now + EVERY
    for channel in sorted(channels):
        content = {"channel": channel}
        if not uow.jobs.is_ordered(LOOK, content):
            uow.jobs.add(Job(kind=LOOK, content=content, created_at=uow.now))


def look(open_work: OpenWork, platforms: Platforms, channel: str) -> dict[str, Any]:
    """Ask a platform what has ended, read that, and read what has not been read for long."""
    oa = platforms.oas.get(channel)
    if oa is None:
        return {"skipped": channel}
    with open_work(SYSTEM, reading=True) as uow:
        now, rows = uow.now, [row for row in uow.mirrors.alive_on(channel) if _is_due(row, oa, uow)]
    read, failed = 0, ""
    try:
        ended = _ended(oa, rows)
    except DeliveryFailed as failure:
        ended, failed = frozenset(), failure.reason
    for row in rows:
        last = row.read_at or row.begun_at
        if row.number is not None and row.number not in ended and now - last < oa.patience:
            _looked(open_work, row)
            continue
        try:
            keep_on(open_work, channel, oa, row.approval_id)
            read += 1
        except DeliveryFailed as failure:
            failed = failed or failure.reason
    if failed:
        raise DeliveryFailed(f"{CHANNELS[channel]}：{failed}", temporary=True)
    return {"read": read}


def _is_due(row: ApprovalMirror, oa: Oa, uow: UnitOfWork) -> bool:
    pause = AFTER_TROUBLE if row.number is None and row.looked_at is not None else oa.pause
    return uow.now - (row.looked_at or row.begun_at) >= pause


def _ended(oa: Oa, rows: Sequence[ApprovalMirror]) -> frozenset[str]:
    since: Mapping[str, Any] = {}
    for row in rows:
        if row.number is not None:
            since = {**since, row.template: min(since.get(row.template, row.begun_at), row.begun_at)}
    return frozenset().union(*(oa.ended(template, begun) for template, begun in since.items()))


def _looked(open_work: OpenWork, row: ApprovalMirror) -> None:
    with open_work(SYSTEM) as uow:
        uow.mirrors.get(row.id).looked_at = uow.now
