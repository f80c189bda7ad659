"""What falls due: ten thousand leads that go back to the pool among a million, against the bare SQL of the same effect.

Every lead is held and has a standing promise; each turn takes another block of them whose instant has come. The floor
writes what the sweep writes, set by set in one transaction: leads and assignments changed, a history row with before
and after for each, the promises gone, one notice per holder. It judges nothing and has no rules.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

from sqlalchemy import Engine, func, select, text

from bench.harness import Row, Scale, in_turn, opened, timed
from bot.bootstrap import build
from bot.settings import Settings
from core.services.deadlines import sweep
from storage import tables

if TYPE_CHECKING:
    from bot.bootstrap import Program

FIRST = datetime(2026, 3, 1, 2, tzinfo=UTC)
"""The first block was assigned then; each further one a day later, and falls due a day after its assignment."""
DAY = timedelta(days=1)
HOLDERS = 40
IDLE_TURNS = 20


def run(scale: Scale) -> Iterator[Row]:
    """Measure both databases, then what an idle sweep costs and how it grows."""
    for kind in ("sqlite", "postgresql") if scale.postgresql else ("sqlite",):
        with company(kind, scale) as world:
            yield from world.rows(kind, scale.rounds)
    yield from growth(scale)


class Company:
    """Leads in blocks of `due`, each block's promise a day after the block before."""

    def __init__(self, engine: Engine, program: "Program", scale: Scale) -> None:
        self._engine, self._program, self._due = engine, program, scale.due
        self._blocks = count()
        fill(engine, scale)

    def rows(self, kind: str, rounds: int) -> Iterator[Row]:
        """Let blocks fall due in turn, and check that both contenders did the same."""
        self.ours(), self.floor()  # warm
        figures = in_turn({"ours": self.ours, "floor": self.floor}, rounds)
        name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[kind]
        yield Row(
            bench="sweep",
            what=f"{self._due:,} due among {self._leads():,} leads, {name}",
            unit="s",
            ours=figures["ours"],
            other=figures["floor"],
            against="same rows by bare SQL",
            at_most=3,
        )
        idle = [self.idle() * 1000 for _ in range(IDLE_TURNS)]
        goal = 3 if kind == "sqlite" else None
        yield Row(bench="sweep", what=f"nothing due, {name}", unit="ms", ours=idle, at_most=goal)

    def ours(self) -> float:
        """Sweep the next block."""
        now = self._next()
        return self._checked(lambda: sweep(self._program.open_work, now), now)

    def floor(self) -> float:
        """Do the same to the next block in bare SQL."""
        now = self._next()
        return self._checked(lambda: bare_sql(self._engine, now), now)

    def idle(self) -> float:
        """Sweep when nothing is due."""
        return timed(lambda: sweep(self._program.open_work, FIRST))

    def _next(self) -> datetime:
        return FIRST + DAY * (next(self._blocks) + 1) + timedelta(seconds=1)

    def _checked(self, work: Callable[[], object], now: datetime) -> float:
        seconds = timed(work)
        leads, history, assignments = tables.leads.c, tables.history.c, tables.assignments.c
        with self._engine.connect() as connection:
            for what, column, wanted in (
                (leads.pooled_at, leads.id, self._due),
                (assignments.ended_at, assignments.id, self._due),
                (history.at, history.id, 2 * self._due),
            ):
                found = connection.scalar(select(func.count(column)).where(what == now))
                if found != wanted:
                    raise AssertionError(f"{column}: {found} of {wanted}")
        return seconds

    def _leads(self) -> int:
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(tables.leads)) or 0


@contextmanager
def company(kind: str, scale: Scale) -> Iterator[Company]:
    """Open a database of either kind and fill it."""
    with ExitStack() as stack:
        engine = stack.enter_context(opened(kind))
        program = build(Settings(database_url="sqlite://", redis_url="", _env_file=None), engine=engine)  # type: ignore[call-arg]
        stack.callback(program.close)
        world = Company(engine, program, scale)
        gc.freeze()  # as every process of ours does at its start
        stack.callback(gc.unfreeze)
        yield world


def growth(scale: Scale) -> Iterator[Row]:
    """Sweep the same number of due leads among few and among many."""
    some = max(scale.leads // 100, scale.due)
    with (
        company("sqlite", replace(scale, leads=some, due=scale.due // 10)) as few,
        company("sqlite", replace(scale, due=scale.due // 10)) as many,
    ):
        few.ours(), many.ours()
        figures = in_turn({"many": many.ours, "few": few.ours}, scale.rounds + 2)
    yield Row(
        bench="sweep",
        what=f"growth: {scale.due // 10:,} due among {scale.leads:,} leads",
        unit="s",
        ours=figures["many"],
        other=figures["few"],
        against=f"among {some:,}",
        at_most=1.2,
    )


def fill(engine: Engine, scale: Scale) -> None:
    """Put members, leads, their assignments and promises on record, by statements that fill whole tables."""
    is_sqlite = engine.dialect.name == "sqlite"
    numbers = (
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < :leads)"
        if is_sqlite
        else "with n as (select i from generate_series(1, :leads) i)"
    )
    block = "((i - 1) / :due)"
    at = f"{_instant(is_sqlite, block)}"
    due = f"{_instant(is_sqlite, f'{block} + 1')}"
    life = "current_timestamp, current_timestamp, 1"
    yes = "1" if is_sqlite else "true"
    holder = f"(i % {HOLDERS}) + 1"
    with engine.begin() as connection:
        connection.execute(
            text(
                f"insert into members (id, name, department, roles, active, created_at, updated_at, version) {numbers} "
                f"select i, '销售' || i, '销售部/华东', '[\"rep\"]', {yes}, {life} from n"
            ),
            {"leads": HOLDERS},
        )
        connection.execute(
            text(
                f"insert into channel_users (id, channel, user_id, display_id, member_id, version) {numbers} "
                "select i, 'wecom', 'rep' || i, 'rep' || i, i, 1 from n"
            ),
            {"leads": HOLDERS},
        )
        values = {"leads": scale.leads, "due": scale.due}
        connection.execute(
            text(
                "insert into leads (id, name, core_name, contact_name, contact_title, phone, source, region, industry, "
                "grade, need, state, pool, owner_id, assigned_at, cycle, created_at, updated_at, version) "
                f"{numbers} select i, '苏州' || i || '机电有限公司', '苏州' || i, '王工', '采购', "
                "'138' || (10000000 + i), '展会', '华东', '机械', '', '要伺服 ' || i || ' 台', 'assigned', '公海', "
                f"{holder}, {at}, 1, {life} from n"
            ),
            values,
        )
        connection.execute(
            text(
                "insert into assignments (id, lead_id, member_id, begun_at, begun_by, ended_by, reason, version) "
                f"{numbers} select i, i, {holder}, {at}, '领取', '', '', 1 from n"
            ),
            values,
        )
        connection.execute(
            text(
                "insert into deadlines (subject_kind, subject_id, kind, rule, cycle, due_at, limit_at, holder_id) "
                f"{numbers} select 'lead', i, 'recycle', '首次跟进24小时', 1000000000000, {due}, {due}, {holder} from n"
            ),
            values,
        )
        if not is_sqlite:  # as its autovacuum does; nobody does it for SQLite
            connection.exec_driver_sql("analyze")


def _instant(is_sqlite: bool, days: str) -> str:
    """Say in SQL: so many days after FIRST."""
    if is_sqlite:
        return f"strftime('%Y-%m-%d %H:%M:%S.000000', '{FIRST:%Y-%m-%d %H:%M:%S}', ({days}) || ' days')"
    return f"timestamptz '{FIRST.isoformat()}' + make_interval(days => ({days})::int)"


def bare_sql(engine: Engine, now: datetime) -> None:
    """The floor: everything due goes back to the pool, in one transaction of whole sets."""
    is_sqlite = engine.dialect.name == "sqlite"
    build_json, group_json = ("json_object", "json_group_array") if is_sqlite else ("jsonb_build_object", "jsonb_agg")
    values = {"now": now.replace(tzinfo=None).isoformat(" ", "microseconds") if is_sqlite else now}
    with engine.begin() as connection:
        for statement in (
            "create temp table gone as select l.id, l.name, l.owner_id, l.assigned_at, l.version, d.due_at "
            "from deadlines d join leads l on l.id = d.subject_id where d.kind = 'recycle' and d.settled_at is null "
            "and d.due_at < :now and d.subject_kind = 'lead' and l.deleted_at is null",
            "insert into history (at, channel, command, action, subject_kind, subject_id, version, before, after) "
            f"select :now, '', 'bare', 'lead.recycle', 'lead', id, version + 1, {build_json}('owner_id', owner_id, "
            f"'state', 'assigned', 'assigned_at', assigned_at, 'pooled_at', null), {build_json}('owner_id', null, "
            "'state', 'pooled', 'assigned_at', null, 'pooled_at', cast(:now as text)) from gone",
            "insert into history (at, channel, command, action, subject_kind, subject_id, version, before, after) "
            f"select :now, '', 'bare', 'lead.recycle', 'assignment', a.id, a.version + 1, {build_json}('ended_at', "
            f"null, 'ended_by', '', 'reason', ''), {build_json}('ended_at', cast(:now as text), 'ended_by', '超时回收:"
            "首次跟进24小时', 'reason', '领取后24小时未跟进') from assignments a join gone g on a.lead_id = g.id "
            "where a.ended_at is null",
            "update assignments set ended_at = :now, ended_by = '超时回收:首次跟进24小时', "
            "reason = '领取后24小时未跟进', version = version + 1 where ended_at is null "
            "and lead_id in (select id from gone)",
            "update leads set owner_id = null, state = 'pooled', pooled_at = :now, assigned_at = null, "
            "updated_at = :now, version = version + 1 where id in (select id from gone)",
            "update plans set state = 'to_replan' where customer_kind = 'lead' and state = 'open' "
            "and customer_id in (select id from gone)",
            "delete from deadlines where subject_kind = 'lead' and settled_at is null "
            "and subject_id in (select id from gone)",
            "insert into outbox (channel, user_id, member_id, kind, content, created_at, state) "
            f"select u.channel, u.user_id, g.owner_id, 'LeadsRecycled', {build_json}('to', g.owner_id, 'leads', "
            f"{group_json}({build_json}('ref', 'L' || g.id, 'name', g.name, 'at', g.due_at))), :now, 'waiting' "
            "from gone g join channel_users u on u.member_id = g.owner_id group by u.channel, u.user_id, g.owner_id",
            "drop table gone",
        ):
            names = {"now": values["now"]} if ":now" in statement else {}
            connection.execute(text(statement), names)
