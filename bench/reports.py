"""Funnel and forecast over many deals: what changes left behind, against DuckDB that has the changes alone.

DuckDB works the stays out by a window each time, as a warehouse would that is fed with what happened. Beside it stands
DuckDB over stays that somebody has worked out before. Who counts otherwise than DuckDB ends the run.
"""

import csv
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import duckdb
from sqlalchemy import Engine

from bench.harness import Row, Scale, database, folder, in_turn, timed
from bot.bootstrap import Program, build
from bot.settings import Settings
from core.calendar import WorkCalendar
from core.model.member import SYSTEM
from core.model.money import Money
from core.model.playbook import Playbook
from core.rules.metrics.declared import PASSAGES, Dimension, dimension
from core.rules.metrics.passages import Course, Stood, passages
from core.rules.metrics.periods import Span
from core.rules.permissions import scope_of
from core.services.reports.asking import Asked
from core.services.reports.forecast import outlook
from core.services.reports.funnel import funnel
from storage import tables
from storage.engine import open_engine
from storage.inserts import insert_rows

STAGES: Final = ("初步接洽", "需求确认", "方案报价", "商务谈判", "赢单")
LOST: Final = 9
REASONS: Final = ("价格", "预算取消", "竞争对手", "")
DAYS, OWNERS, PRODUCTS, REGIONS = 1095, 100, 7, 30
BATCH = 20_000
STAYS = """
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
FIGURES = (
    "count(*), sum(advanced::int), sum(lost::int), sum(went::int),"
    " coalesce(sum(case when went then seconds end), 0)::bigint"
)
OURS: Final = ("entered", "advanced", "lost_here", "left", "stood")


class Warehouse:
    """DuckDB with the same deals."""

    def __init__(self, place: Path) -> None:
        self._duck = duckdb.connect(config={"temp_directory": str(place)})
        self._duck.execute(
            "create table deals (id integer, owner integer, product varchar, region varchar, reason varchar,"
            " stage integer, amount bigint)"
        )
        self._duck.execute("create table moves (deal integer, turn integer, place integer, entered timestamp)")

    def take(self, table: str, rows: Sequence[tuple[Any, ...]], place: Path) -> None:
        with (place / "rows.csv").open("w", newline="") as out:
            csv.writer(out).writerows(rows)
        self._duck.execute(f"copy {table} from '{place / 'rows.csv'}' (header false, nullstr 'NULL')")

    def close_stays(self) -> None:
        self._duck.execute("create table facts as " + STAYS.format(where="") + " select * from facts")

    def by(self, *keys: str, only: str = "", where: str = "", closed: bool = False) -> list[tuple[Any, ...]]:
        """Count passages by keys; `only` picks the moves beforehand, `where` the passages."""
        asked = f"select {', '.join(keys)}, {FIGURES} from facts {where} group by {', '.join(keys)}"
        return self.ask(asked if closed else STAYS.format(where=only) + asked)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        return self._duck.execute(query).fetchall()


def run(scale: Scale) -> Iterator[Row]:
    """Compare each question at three sizes."""
    for count in sorted({max(scale.leads // part, 40) for part in (100, 10, 1)}):
        with folder() as place, database("sqlite") as url:
            warehouse, engine = Warehouse(place), open_engine(url)
            moves = _fill(engine, warehouse, place, count)
            yield from _compared(scale, engine, warehouse, f"{count:,} deals, {moves:,} moves")
            engine.dispose()
            yield Row(
                bench="reports", what=f"memory of a process that asks {count:,} deals", unit="MB",
                ours=[_memory(url)], at_most=300,
            )  # fmt: skip


def _compared(scale: Scale, engine: Engine, warehouse: Warehouse, size: str) -> Iterator[Row]:
    program = build(Settings(database_url="sqlite://", _env_file=None), engine=engine)
    today = date.today()  # noqa: DTZ011 - any day will do
    ever = Span(today - timedelta(days=DAYS + 31), today)
    stage, week, reason, product = map(dimension, ("stage", "week", "reason", "product"))
    region = (dimension("region"), ("R3",))
    cheap = ((product, ("P3",)), (reason, ("价格",)))

    def ours(*by: Dimension, where: Any = ()) -> dict[Any, dict[str, float]]:
        with program.open_work(SYSTEM, reading=True) as uow:
            return uow.metrics.totals(PASSAGES, by, ever, where, scope_of(SYSTEM))

    in_region = "where deal in (select id from deals where region = 'R3')"
    of_product = "where deal in (select id from deals where product = 'P3')"
    there, so_lost = "where region = 'R3'", "where product = 'P3' and reason = '价格'"
    week_of = "cast(date_trunc('week', entered_on) as varchar)"
    reasons = partial(warehouse.by, "place", "reason")
    questions: dict[str, tuple[Callable[[], Any], Callable[..., Any], float]] = {
        "by stage and reason, sums": (partial(ours, stage, reason), reasons, 0.2),
        "by stage and product, sums": (partial(ours, stage, product), partial(warehouse.by, "place", "product"), 0.2),
        "funnel as the chat shows it": (partial(_funnel, program), reasons, 0.2),
        "forecast as the chat shows it": (partial(_outlook, program), partial(_foreseen, warehouse), 1.3),
        "by stage and week, passages": (partial(ours, stage, week), partial(warehouse.by, "place", week_of), 1.3),
        "of one region, passages": (
            partial(ours, stage, where=(region,)), partial(warehouse.by, "place", only=in_region, where=there), 1.3,
        ),
        "of one product and reason, passages": (
            partial(ours, stage, where=cheap), partial(warehouse.by, "place", only=of_product, where=so_lost), 1.3,
        ),
        "by region, passages": (partial(ours, stage, region[0]), partial(warehouse.by, "place", "region"), 1.3),
    }  # fmt: skip
    _same(ours(stage, reason), warehouse.by("place", "reason"))
    _same(ours(stage, product), warehouse.by("place", "product"))
    _same(ours(stage, region[0]), warehouse.by("place", "region"))
    _same(ours(stage, where=(region,)), warehouse.by("place", only=in_region))
    _same(ours(stage, where=cheap), warehouse.by("place", where=so_lost))
    warehouse.close_stays()
    for name, (mine, theirs, goal) in questions.items():
        figures = in_turn(
            {
                "ours": lambda mine=mine: timed(mine),
                "window": lambda theirs=theirs: timed(theirs),
                "closed": lambda theirs=theirs: timed(lambda: theirs(closed=True)),
            },
            scale.rounds,
        )
        yield Row(
            bench="reports", what=f"{name}: {size}", unit="s",
            ours=figures["ours"], other=figures["window"], against="DuckDB, window over moves, s", at_most=goal,
        )  # fmt: skip
        yield Row(
            bench="reports", what=f"{name}: {size}", unit="s",
            ours=figures["ours"], other=figures["closed"], against="DuckDB, stays worked out before, s",
        )  # fmt: skip
    program.close()


def _same(ours: dict[Any, dict[str, float]], theirs: list[tuple[Any, ...]]) -> None:
    found = {key: tuple(int(one[name]) for name in OURS) for key, one in ours.items()}
    expected = {(STAGES[row[0]], *row[1 : -len(OURS)]): row[-len(OURS) :] for row in theirs}
    if found != expected:
        raise AssertionError(f"we count {found}, DuckDB {expected}")


def _funnel(program: Program) -> Any:
    with program.open_work(SYSTEM, reading=True) as uow:
        return funnel(uow, Asked())


def _outlook(program: Program) -> Any:
    with program.open_work(SYSTEM, reading=True) as uow:
        return outlook(uow, Asked())


def _foreseen(warehouse: Warehouse, *, closed: bool = False) -> Any:
    """Ask for what a forecast rests on: how deals went on in a year, by product and holder, and what is open."""
    rates = warehouse.by("place", "product", "owner", where="where entered_on > current_date - 365", closed=closed)
    standing = warehouse.ask(
        "select stage, product, owner, count(*), sum(amount) from deals where stage < 4 group by all"
    )
    return rates, standing


def remember(url: str) -> None:
    """Ask for a funnel and a forecast, and print how many MB the process took at most."""
    program = build(Settings(database_url=url, _env_file=None))
    _funnel(program)
    _outlook(program)
    program.close()
    said = Path("/proc/self/status").read_text()  # what rusage says is inherited from the parent
    print(int(said.partition("VmHWM:")[2].split()[0]) / 1024)


def _memory(url: str) -> float:
    command = [sys.executable, "-c", f"from bench.reports import remember; remember({url!r})"]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _fill(engine: Engine, warehouse: Warehouse, place: Path, count: int) -> int:
    dice, moves = random.Random(4), 0
    indexes = [index for table in (tables.deals, tables.passages) for index in table.indexes]
    with engine.begin() as connection:
        for index in indexes:
            index.drop(connection)
        insert_rows(connection, tables.members, [_member(number + 1) for number in range(OWNERS)])
        for start in range(0, count, BATCH):
            made = Batch(dice, start, min(BATCH, count - start))
            insert_rows(connection, tables.accounts, made.accounts)
            insert_rows(connection, tables.deals, made.deals)
            insert_rows(connection, tables.passages, made.passages)
            warehouse.take("deals", made.known, place)
            warehouse.take("moves", made.moves, place)
            moves += len(made.moves)
        for index in indexes:
            index.create(connection)
    program = build(Settings(database_url="sqlite://", _env_file=None), engine=engine)
    with program.open_work(SYSTEM) as uow:
        uow.metrics.add_up()
    with engine.connect() as connection:
        connection.exec_driver_sql("analyze")
        connection.commit()
    return moves


def _member(number: int) -> dict[str, Any]:
    at = datetime.now(UTC)
    return {
        "id": number, "name": f"M{number}", "department": f"销售部/{number % 8}组", "roles": ("rep",), "active": True,
        "created_at": at, "updated_at": at, "version": 1,
    }  # fmt: skip


class Batch:
    """Deals that went on, back, were lost or stayed, with the passages that our rules make of it."""

    def __init__(self, dice: random.Random, start: int, count: int) -> None:
        self.accounts: list[dict[str, Any]] = []
        self.deals: list[dict[str, Any]] = []
        self.passages: list[dict[str, Any]] = []
        self.known: list[tuple[Any, ...]] = []
        self.moves: list[tuple[Any, ...]] = []
        self._dice, self._pipeline = dice, Playbook().pipelines[0]
        self._calendar = WorkCalendar(is_workday=lambda _: True)
        self._now = datetime.now(UTC).replace(microsecond=0)
        for number in range(start + 1, start + count + 1):
            self._deal(number)

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
            self.accounts.append(_account(account, region, begun))
        self.moves += [(number, turn, *one) for turn, one in enumerate(way)]
        self.known.append((number, owner, product, region, reason, last, amount))
        closed = at.date() if outcome != "open" else None
        self.deals.append(
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
            self.passages.append(
                {
                    "deal_id": number, "stage": one.stage, "pipeline": self._pipeline.name, "owner_id": owner,
                    "product": product, "entered_on": one.entered_on, "left": one.left, "seconds": one.seconds,
                    "advanced": one.advanced, "lost": one.lost, "open": one.open,
                    "went_on": one.advanced * one.left, "gave_up": one.lost * one.left, "reason": one.reason,
                }
            )  # fmt: skip

    def _day(self, instant: datetime) -> date:
        return self._calendar.local(instant).date()


def _account(number: int, region: str, at: datetime) -> dict[str, Any]:
    return {
        "id": number, "name": f"客户{number}", "short_name": "", "aliases": (), "core_name": f"客户{number}",
        "region": region, "industry": "", "size": "", "address": "", "grade": "", "source": "", "note": "",
        "created_at": at, "updated_at": at, "version": 1,
    }  # fmt: skip
