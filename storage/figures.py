"""Figures by week."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import delete, insert, select

from core.model.ids import MemberId
from core.rules.completeness import Figure, Mean
from storage import tables
from storage.repositories import Repository, chunks


class SqlFigures(Repository):
    """See `core.ports.Figures`."""

    def put(self, kind: str, week: date, means: Mapping[MemberId, Mean]) -> None:
        rows = tables.figures.c
        self._session.execute(delete(tables.figures).where(rows.kind == kind, rows.week == week))
        values = [
            {"kind": kind, "week": week, "member_id": member, "records": mean.count, "total": mean.total}
            for member, mean in means.items()
        ]
        if values:
            self._session.execute(insert(tables.figures), values)

    def of(self, kind: str, member_ids: Iterable[MemberId], since: date) -> list[Figure]:
        rows = tables.figures.c
        found = [
            Figure(row.week, row.member_id, Mean(row.records, row.total))
            for some in chunks(set(member_ids))
            for row in self._session.execute(
                select(tables.figures).where(rows.kind == kind, rows.week >= since, rows.member_id.in_(some))
            )
        ]
        return sorted(found, key=lambda one: (one.week, one.member_id))

    def has(self, kind: str, week: date) -> bool:
        rows = tables.figures.c
        return self._session.scalar(select(rows.kind).where(rows.kind == kind, rows.week == week).limit(1)) is not None
