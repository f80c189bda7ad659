"""Approvals as they stand in the platforms' own approvals."""

from sqlalchemy import select

from core.errors import NotFound
from core.model.mirror import ALIVE, ApprovalMirror
from storage import tables
from storage.repositories import Repository


class SqlMirrors(Repository):
    """See `core.ports.Mirrors`."""

    def add(self, mirror: ApprovalMirror) -> None:
        self._add(mirror)
        self._session.flush()

    def get(self, mirror_id: int) -> ApprovalMirror:
        found = self._session.get(ApprovalMirror, mirror_id, populate_existing=True)
        if found is None:
            raise NotFound(str(mirror_id))
        return found

    def of(self, approval_id: int, channel: str = "") -> list[ApprovalMirror]:
        rows = tables.approval_mirrors.c
        theirs = select(ApprovalMirror).where(rows.approval_id == approval_id)
        if channel:
            theirs = theirs.where(rows.channel == channel)
        return self._all(theirs.order_by(rows.channel, rows.generation))

    def numbered(self, channel: str, number: str) -> ApprovalMirror | None:
        rows = tables.approval_mirrors.c
        return self._session.scalar(select(ApprovalMirror).where(rows.channel == channel, rows.number == number))

    def alive_on(self, channel: str) -> list[ApprovalMirror]:
        rows = tables.approval_mirrors.c
        alive = select(ApprovalMirror).where(rows.channel == channel, rows.state.in_(ALIVE))
        return self._all(alive.order_by(rows.id))
