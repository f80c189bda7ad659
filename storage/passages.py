"""Passages are written by the transaction that moves a deal, and added up by month; both can be made anew."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Date, String, cast, delete, func, insert, literal, select, text
from sqlalchemy.orm import Session

from core.calendar import WorkCalendar
from core.model.customer import Account
from core.model.deal import Deal, StageStay
from core.model.playbook import Playbook
from core.rules.metrics.passages import Course, Stood, passages
from storage import tables
from storage.history import changed
from storage.inserts import insert_rows
from storage.repositories import among, chunks, insert_for

OF_CUSTOMER: Final = ("region", "source", "grade", "industry")
"""What passages tell of the customer: as it is now, so that past figures move along when it is set right."""
_OF_DEAL: Final = frozenset(
    {"owner_id", "account_id", "pipeline", "outcome", "reason", "product", "begun_on", "deleted_at"}
)
"""What of a deal its passages tell, beside its stays."""
ADDED_UP_BY: Final = ("", "product", *OF_CUSTOMER)
"""By which columns passages are added up, beside what all sums are kept by; by none first."""
SUMS: Final = ("left", "seconds", "advanced", "lost", "open", "went_on", "gave_up")
NOBODY: Final = 0
_OWN: Final = ("deal_id", "entered_on", "pipeline", "stage", "owner_id", "product", *OF_CUSTOMER, "reason", *SUMS)
_KEY: Final = tuple(column.name for column in tables.passage_sums.primary_key)

Row = dict[str, Any]


class PassageKeeper:
    """Notes which deals a transaction moves, and writes their passages before it ends or is asked for them."""

    def __init__(self, session: Session, playbook: Callable[[], Playbook], calendar: WorkCalendar) -> None:
        self._session, self._playbook, self._calendar = session, playbook, calendar
        self._moved: set[int] = set()
        self._described: set[int] = set()

    def note(self) -> None:
        """Note what the coming flush will move."""
        for entity in (*self._session.new, *self._session.dirty):
            if isinstance(entity, StageStay):
                self._moved.add(entity.deal_id)
            elif isinstance(entity, Deal) and entity.id and not changed(entity).keys().isdisjoint(_OF_DEAL):
                self._moved.add(entity.id)
            elif isinstance(entity, Account) and entity.id and not changed(entity).keys().isdisjoint(OF_CUSTOMER):
                self._described.add(entity.id)

    def settle(self) -> None:
        """Write the passages of everything that was moved; does nothing when nothing was."""
        if not self._moved and not self._described and not self._session.new and not self._session.dirty:
            return
        self._session.flush()
        moved, described = self._moved, self._described
        self._moved, self._described = set(), set()
        deals = tables.deals.c
        for some in chunks(sorted(described)):
            moved |= set(self._session.scalars(select(deals.id).where(among(self._session, deals.account_id, some))))
        for some in chunks(sorted(moved)):
            self._rewrite(some)

    def rebuild(self, after: int, limit: int) -> int | None:
        """Write the passages of the next deals by number anew; return after which to go on, None at the end."""
        deals = tables.deals.c
        ids = list(self._session.scalars(select(deals.id).where(deals.id > after).order_by(deals.id).limit(limit)))
        for some in chunks(ids):
            self._rewrite(some)
        return ids[-1] if len(ids) == limit else None

    def add_up(self) -> None:
        """Make the sums by month anew from all passages."""
        rows = tables.passages.c
        is_sqlite = self._session.get_bind().dialect.name == "sqlite"
        month = func.date(rows.entered_on, "start of month") if is_sqlite else func.date_trunc("month", rows.entered_on)
        known = {"month": cast(month, String if is_sqlite else Date), "owner_id": func.coalesce(rows.owner_id, NOBODY)}
        sums = [func.sum(rows[name]) for name in SUMS]
        self._session.execute(delete(tables.passage_sums))
        for by in ADDED_UP_BY:
            own = {**known, "by": literal(by), "value": rows[by] if by else literal("")}
            key = [own[name] if name in own else rows[name] for name in _KEY]
            grouped = (text(str(place + 1)) for place, name in enumerate(_KEY) if by or name not in ("by", "value"))
            summed = select(*key, func.count(), *sums).group_by(*grouped)
            self._session.execute(insert(tables.passage_sums).from_select([*_KEY, "entered", *SUMS], summed))

    def _rewrite(self, ids: Sequence[int]) -> None:
        columns = [tables.passages.c[name] for name in _OWN]
        mine = among(self._session, tables.passages.c.deal_id, ids)
        old = _by_deal(dict(row._mapping) for row in self._session.execute(select(*columns).where(mine)))
        new = _by_deal(self._made(ids))
        moved = sorted(deal for deal in old.keys() | new.keys() if old.get(deal) != new.get(deal))
        gone = [row for deal in moved for row in old.get(deal, {}).values()]
        come = [row for deal in moved for row in new.get(deal, {}).values()]
        if gone:
            stale = among(self._session, tables.passages.c.deal_id, moved)
            self._session.execute(delete(tables.passages).where(stale))
        insert_rows(self._session.connection(), tables.passages, come)
        self._add(gone, come)

    def _made(self, ids: Sequence[int]) -> list[Row]:
        deals, stays = tables.deals.c, tables.deal_stays.c
        standing: dict[int, list[Stood]] = defaultdict(list)
        found = self._session.execute(
            select(stays.deal_id, stays.stage, stays.entered_at, stays.left_at)
            .where(among(self._session, stays.deal_id, ids), stays.deleted_at.is_(None))
            .order_by(stays.id)
        )
        for deal_id, stage, entered_at, left_at in found:
            standing[deal_id].append(Stood(stage, entered_at, left_at))
        own = (deals.id, deals.pipeline, deals.owner_id, deals.outcome, deals.reason, deals.begun_on, deals.product)
        customers = [func.coalesce(tables.accounts.c[name], "").label(name) for name in OF_CUSTOMER]
        alive = select(*own, *customers).outerjoin_from(
            tables.deals, tables.accounts, tables.accounts.c.id == deals.account_id
        )
        alive = alive.where(among(self._session, deals.id, ids), deals.deleted_at.is_(None))
        playbook = self._playbook()
        return [
            {
                "deal_id": deal.id,
                "stage": one.stage,
                "pipeline": deal.pipeline,
                "owner_id": deal.owner_id,
                "product": deal.product,
                **{name: deal._mapping[name] for name in OF_CUSTOMER},
                "entered_on": one.entered_on,
                "left": one.left,
                "seconds": one.seconds,
                "advanced": one.advanced,
                "lost": one.lost,
                "open": one.open,
                "went_on": one.advanced * one.left,
                "gave_up": one.lost * one.left,
                "reason": one.reason,
            }
            for deal in self._session.execute(alive)
            for one in passages(
                standing[deal.id],
                Course(deal.outcome, deal.reason, deal.begun_on),
                playbook.pipeline(deal.pipeline),
                self._day,
            )
        ]

    def _day(self, instant: datetime) -> Any:
        return self._calendar.local(instant).date()

    def _add(self, gone: Iterable[Row], come: Iterable[Row]) -> None:
        """Bring sums up to date, in the order of their keys: so no two transactions wait for each other."""
        sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * (1 + len(SUMS)))
        for sign, rows in ((-1, gone), (1, come)):
            for row in rows:
                figures = [sign, *(sign * row[name] for name in SUMS)]
                known = {**row, "month": row["entered_on"].replace(day=1), "owner_id": row["owner_id"] or NOBODY}
                for by in ADDED_UP_BY:
                    known |= {"by": by, "value": row[by] if by else ""}
                    total = sums[tuple([known[name] for name in _KEY])]
                    for place, value in enumerate(figures):
                        total[place] += value
        changes = [
            dict(zip((*_KEY, "entered", *SUMS), (*key, *values), strict=True))
            for key, values in sorted(sums.items(), key=lambda item: item[0])
            if any(values)
        ]
        if not changes:
            return
        statement, kept = insert_for(self._session, tables.passage_sums), tables.passage_sums.c
        raised = {name: kept[name] + statement.excluded[name] for name in ("entered", *SUMS)}
        self._session.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=raised), changes)


def _by_deal(rows: Iterable[Row]) -> dict[int, dict[str, Row]]:
    found: dict[int, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        found[row["deal_id"]][row["stage"]] = row
    return found
