"""A past of very many deals, in our tables and in DuckDB: made once, kept under var/bench, loaded from there.

DuckDB holds what happened alone, as a warehouse would that is fed with it: deals, and the stages they moved to.
"""

import csv
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb
from sqlalchemy import Engine, Table
from sqlalchemy.dialects import sqlite

from bench.harness import ROOT, database
from bot.bootstrap import build
from bot.settings import Settings
from core.calendar import WorkCalendar
from core.model.member import SYSTEM
from core.model.money import Money
from core.model.playbook import Playbook
from core.rules.metrics.passages import Course, Stood, passages
from storage import tables
from storage.engine import open_engine
from storage.migrate import upgrade

STAGES: Final = ("初步接洽", "需求确认", "方案报价", "商务谈判", "赢单")
LOST: Final = 9
REASONS: Final = ("价格", "预算取消", "竞争对手", "")
DAYS, OWNERS, PRODUCTS, REGIONS = 1095, 100, 7, 30
AT_ONCE: Final = 20_000
KEPT: Final = ROOT / "var" / "bench"
MANY: Final = 10_000
_NULL: Final = r"\N"
_OURS: Final = (tables.members, tables.accounts, tables.deals, tables.passages)
_INDEXES: Final = [index for table in (tables.deals, tables.passages, tables.accounts) for index in table.indexes]
STAYS: Final = """
with stays as (
  select deal, place, entered, lead(entered) over (partition by deal order by turn) as gone,
         lag(place) over (partition by deal order by turn) as came_from,
         max(case when place < 9 then place end) over (partition by deal) as highest
  from moves {where}
), ends as (select deal, came_from as place from stays where place = 9),
passed as (
  select deal, place, cast(min(entered + interval 8 hour) as date) as entered_on,
         bool_and(gone is not null) and place < 4 as went,
         sum(date_diff('second', entered, gone)) as seconds, max(highest) > place as advanced
  from stays where place < 9 group by deal, place
), facts as (
  select passed.*, ends.deal is not null as lost, case when ends.deal is not null then reason else '' end as reason,
         product, region, owner
  from passed join deals on deals.id = passed.deal
  left join ends on ends.deal = passed.deal and ends.place = passed.place
)
"""
FIGURES: Final = (
    "count(*), sum(advanced::int), sum(lost::int), sum(went::int),"
    " coalesce(sum(case when went then seconds end), 0)::bigint"
)


class Warehouse:
    """DuckDB with the same deals."""

    def __init__(self, place: Path) -> None:
        self._duck = duckdb.connect()
        self._duck.execute(
            "create table deals (id integer, owner integer, product varchar, region varchar, reason varchar,"
            " stage integer, amount bigint)"
        )
        self._duck.execute("create table moves (deal integer, turn integer, place integer, entered timestamp)")
        for table in ("deals", "moves"):
            self._duck.execute(
                f"copy {table} from '{place / f'happened-{table}.csv'}' (header false, nullstr '{_NULL}')"
            )
        self.moves: int = self.ask("select count(*) from moves")[0][0]

    def close_stays(self) -> None:
        """Work out every stay, as somebody might have done before."""
        self._duck.execute("create table facts as " + STAYS.format(where="") + " select * from facts")

    def forget_stays(self) -> None:
        self._duck.execute("drop table facts")

    def by(self, *keys: str, only: str = "", where: str = "", closed: bool = False) -> list[tuple[Any, ...]]:
        """Count passages by keys; `only` picks the moves beforehand, `where` the passages."""
        asked = f"select {', '.join(keys)}, {FIGURES} from facts {where} group by {', '.join(keys)}"
        return self.ask(asked if closed else STAYS.format(where=only) + asked)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        return self._duck.execute(query).fetchall()


def rows_kept(count: int) -> Path:
    """Return the folder with the rows of so many deals; few are made every time, many where nobody has made them yet.

    Whoever changes what a batch makes removes the folder.
    """
    place = KEPT / f"deals-{count}"
    if count < MANY:
        shutil.rmtree(place, ignore_errors=True)
    if place.exists():
        return place
    making = KEPT / f"making-{count}"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    dice = random.Random(4)
    with ExitStack() as open_files:
        writers: dict[str, Any] = {}
        for start in range(0, count, AT_ONCE):
            for name, rows in Batch(dice, start, min(AT_ONCE, count - start)).as_rows():
                if name not in writers:
                    file = open_files.enter_context((making / f"{name}.csv").open("w", encoding="utf-8", newline=""))
                    writers[name] = csv.writer(file)
                writers[name].writerows(rows)
    making.rename(place)
    return place


@contextmanager
def many_deals(kind: str, count: int) -> Iterator[tuple[str, Warehouse]]:
    """Return the URL of a database of a kind that holds so many deals, and DuckDB with the same.

    SQLite's is kept for the next run.
    """
    rows = rows_kept(count)
    if kind == "sqlite":
        yield f"sqlite:///{_sqlite_kept(rows)}", Warehouse(rows)
        return
    with database(kind) as url:
        engine = open_engine(url)
        _fill(engine, rows, _copy)
        engine.dispose()
        yield url, Warehouse(rows)


def _sqlite_kept(rows: Path) -> Path:
    """Return the database of these rows, in the newest shape of our tables."""
    kept, making = rows / "liaodan.db", rows / "making.db"
    if not kept.exists():
        engine = open_engine(f"sqlite:///{making}")
        upgrade(engine)
        _fill(engine, rows, _insert)
        engine.dispose()  # the last connection to go writes the log into the file
        making.rename(kept)
    engine = open_engine(f"sqlite:///{kept}")
    upgrade(engine)
    engine.dispose()
    return kept


def _fill(engine: Engine, rows: Path, load: Callable[[Any, Table, Path], None]) -> None:
    with engine.begin() as connection:
        for index in _INDEXES:
            index.drop(connection)
        for table in _OURS:
            load(connection.connection.dbapi_connection, table, rows / f"{table.name}.csv")
        for index in _INDEXES:
            index.create(connection)
    program = build(Settings(database_url="sqlite://", _env_file=None), engine=engine)
    with program.open_work(SYSTEM) as uow:
        uow.metrics.add_up()
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:
            connection.exec_driver_sql("analyze")
    else:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("vacuum analyze")


def _insert(connection: Any, table: Table, path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        names = [f'"{name}"' for name in next(reader)]
        statement = f"insert into {table.name} ({', '.join(names)}) values ({', '.join('?' * len(names))})"
        connection.executemany(statement, ([None if one == _NULL else one for one in row] for row in reader))


def _copy(connection: Any, table: Table, path: Path) -> None:
    with path.open("rb") as file:
        names = ", ".join(f'"{name}"' for name in file.readline().decode().strip().split(","))
        statement = f"copy {table.name} ({names}) from stdin (format csv, null '{_NULL}')"
        with connection.cursor() as cursor:
            cursor.execute("set local time zone 'UTC'")
            with cursor.copy(statement) as copy:
                while block := file.read(1 << 20):
                    copy.write(block)


class Batch:
    """Deals that went on, back, were lost or stayed, with the passages that our rules make of it."""

    def __init__(self, dice: random.Random, start: int, count: int) -> None:
        self._accounts: list[dict[str, Any]] = []
        self._deals: list[dict[str, Any]] = []
        self._passages: list[dict[str, Any]] = []
        self._known: list[tuple[Any, ...]] = []
        self._moves: list[tuple[Any, ...]] = []
        self._dice, self._pipeline, self._is_first = dice, Playbook().pipelines[0], start == 0
        self._calendar = WorkCalendar(is_workday=lambda _: True)
        self._now = datetime.now(UTC).replace(microsecond=0)
        for number in range(start + 1, start + count + 1):
            self._deal(number)

    def as_rows(self) -> Iterator[tuple[str, Sequence[Sequence[Any]]]]:
        """Return rows by the name of their file, those of our tables as SQLite writes them, their columns first."""
        members = [_member(number + 1, self._now) for number in range(OWNERS)] if self._is_first else []
        for table, rows in zip(_OURS, (members, self._accounts, self._deals, self._passages), strict=True):
            if rows:
                head = [tuple(rows[0])] if self._is_first else []
                yield table.name, [*head, *_written(table, rows)]
        yield "happened-deals", self._known
        yield "happened-moves", self._moves

    def _deal(self, number: int) -> None:
        dice = self._dice
        begun = self._now - timedelta(days=dice.randrange(1, DAYS), seconds=dice.randrange(86400))
        way, place, at = [(0, begun)], 0, begun
        while place < len(STAGES) - 1:
            at += timedelta(days=dice.randrange(1, 20), seconds=dice.randrange(3600))
            turn = dice.random()
            if at > self._now:
                break
            if turn > 0.89:
                way.append((LOST, at))
                break
            place = max(place - 1, 0) if turn > 0.74 and place else place + 1
            way.append((place, at))
        last = way[-1][0]
        outcome = "lost" if last == LOST else "won" if last == len(STAGES) - 1 else "open"
        reason = dice.choice(REASONS) if outcome == "lost" else ""
        product, region = f"P{dice.randrange(PRODUCTS)}", f"R{(number - 1) // 4 * 7 % REGIONS}"
        owner, amount = dice.randrange(1, OWNERS + 1), dice.randrange(10_000, 90_000_000)
        account = (number - 1) // 4 + 1
        if number % 4 == 1:
            self._accounts.append(_account(account, region, begun))
        self._moves += [(number, turn, one, f"{when:%F %T}") for turn, (one, when) in enumerate(way)]
        self._known.append((number, owner, product, region, reason, last, amount))
        closed = at.date() if outcome != "open" else None
        self._deals.append(
            {
                "id": number, "name": f"商机{number}", "account_id": account, "owner_id": owner,
                "stage": "输单" if last == LOST else STAGES[last], "outcome": outcome, "stage_since": way[-1][1],
                "amount": Money(amount), "product": product, "reason": reason, "begun_on": begun.date(),
                "closed_on": closed, "expected_close_on": begun.date() + timedelta(days=90), "external_id": "",
                "created_at": begun, "updated_at": at, "version": 1,
            }
        )  # fmt: skip
        stood = [
            Stood("输单" if one == LOST else STAGES[one], entered, after)
            for (one, entered), after in zip(way, [*(when for _, when in way[1:]), None], strict=True)
        ]
        for one in passages(stood, Course(outcome, reason, None), self._pipeline, self._day):
            self._passages.append(
                {
                    "deal_id": number, "stage": one.stage, "pipeline": self._pipeline.name, "owner_id": owner,
                    "product": product, "region": region, "entered_on": one.entered_on, "left": one.left,
                    "seconds": one.seconds, "advanced": one.advanced, "lost": one.lost, "open": one.open,
                    "went_on": one.advanced * one.left, "gave_up": one.lost * one.left, "reason": one.reason,
                }
            )  # fmt: skip

    def _day(self, instant: datetime) -> date:
        return self._calendar.local(instant).date()


def _member(number: int, at: datetime) -> dict[str, Any]:
    return {
        "id": number, "name": f"M{number}", "department": f"销售部/{number % 8}组", "roles": ("rep",), "active": True,
        "created_at": at, "updated_at": at, "version": 1,
    }  # fmt: skip


def _account(number: int, region: str, at: datetime) -> dict[str, Any]:
    return {
        "id": number, "name": f"客户{number}", "short_name": "", "aliases": (), "core_name": f"客户{number}",
        "region": region, "industry": "", "size": "", "address": "", "grade": "", "source": "", "note": "",
        "created_at": at, "updated_at": at, "version": 1,
    }  # fmt: skip


def _written(table: Table, rows: Sequence[dict[str, Any]]) -> Iterator[list[Any]]:
    """Write values as SQLite keeps them; PostgreSQL reads them too."""
    dialect = sqlite.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy says no more
    binds = [(name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in rows[0]]
    for row in rows:
        values = [row[name] if bind is None else bind(row[name]) for name, bind in binds]
        yield [_NULL if value is None else value for value in values]
