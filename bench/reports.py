"""The funnel over many deals: our passages and their sums by day against DuckDB, which works it out by a window.

Both look at the same deals: DuckDB at the moves, as a warehouse would have them, we at what changes left behind.
Who counts other deals than DuckDB ends the run.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
from sqlalchemy import Engine

from bench.harness import Row, Scale, in_turn, opened, timed
from bot.bootstrap import build
from bot.settings import Settings
from core.model.member import SYSTEM
from core.rules.metrics.declared import PASSAGES, Dimension, dimension
from core.rules.metrics.periods import Span
from core.rules.permissions import scope_of
from storage import tables
from storage.inserts import insert_rows

STAGES = ("初步接洽", "需求确认", "方案报价", "商务谈判", "赢单")
BEGIN, DAYS, OWNERS = date(2023, 1, 1), 1095, 100
SPAN = Span(BEGIN, BEGIN + timedelta(days=DAYS + 400))
BATCH = 50_000
WINDOW = """
with moves as (
  select deal, place, entered, lead(entered) over (partition by deal order by place) as gone,
         max(place) over (partition by deal) as highest
  from stays
)
select place, count(*), sum(case when highest > place then 1 else 0 end), sum(date_diff('second', entered, gone))
from moves group by place order by place
"""


@dataclass
class Made:
    """Deals with their moves."""

    deals: list[dict[str, Any]]
    passages: list[dict[str, Any]]
    moves: list[tuple[int, int, datetime]]


def run(scale: Scale) -> Iterator[Row]:
    """Compare the whole funnel of all years, then how it grows."""
    for count in sorted({max(scale.leads // 10, 40), scale.leads}):
        with opened("sqlite") as engine:
            warehouse = duckdb.connect()
            warehouse.execute("create table stays (deal integer, place integer, entered timestamp)")
            _fill(engine, warehouse, count)
            yield from _compared(scale, engine, warehouse, count)


def _compared(scale: Scale, engine: Engine, warehouse: Any, count: int) -> Iterator[Row]:
    program = build(Settings(database_url="sqlite://", _env_file=None), engine=engine)
    stage, product, scope = dimension("stage"), dimension("product"), scope_of(SYSTEM)

    def ours(*by: Dimension) -> dict[Any, dict[str, float]]:
        with program.open_work(SYSTEM, reading=True) as uow:
            return uow.metrics.totals(PASSAGES, by, SPAN, (), scope)

    expected = {STAGES[row[0]]: (float(row[1]), float(row[2])) for row in warehouse.execute(WINDOW).fetchall()}
    found = {key[0]: (one["entered"], one["advanced"]) for key, one in ours(stage).items()}
    if expected != found:
        raise AssertionError(f"we count {found}, DuckDB {expected}")
    contenders: dict[str, Callable[[], float]] = {
        "sums": lambda: timed(lambda: ours(stage)),
        "passages": lambda: timed(lambda: ours(stage, product)),
        "duckdb": lambda: timed(lambda: warehouse.execute(WINDOW).fetchall()),
    }
    figures = in_turn(contenders, scale.rounds)
    yield Row(
        bench="reports", what=f"funnel of {count:,} deals, from the sums by day", unit="s",
        ours=figures["sums"], other=figures["duckdb"], against="DuckDB by a window, in s", at_most=0.2,
    )  # fmt: skip
    yield Row(
        bench="reports", what=f"funnel of {count:,} deals by product", unit="s",
        ours=figures["passages"], other=figures["duckdb"], against="DuckDB by a window, in s", at_most=1.3,
    )  # fmt: skip
    program.close()


def _fill(engine: Engine, warehouse: Any, count: int) -> None:
    dice = random.Random(4)
    with engine.begin() as connection:
        for start in range(0, count, BATCH):
            made = _made(dice, start, min(BATCH, count - start))
            insert_rows(connection, tables.deals, made.deals)
            insert_rows(connection, tables.passages, made.passages)
            rows = ", ".join(f"({deal}, {place}, '{at:%Y-%m-%d %H:%M:%S}')" for deal, place, at in made.moves)
            warehouse.execute(f"insert into stays values {rows}")
    from sqlalchemy.orm import Session

    from core.calendar import WorkCalendar
    from core.model.playbook import Playbook
    from storage.passages import PassageKeeper

    with Session(engine) as session:
        PassageKeeper(session, Playbook, WorkCalendar(is_workday=lambda _: True)).add_up()
        session.commit()
    with engine.connect() as connection:
        connection.exec_driver_sql("analyze")


def _made(dice: random.Random, start: int, count: int) -> Made:
    made = Made([], [], [])
    for number in range(start + 1, start + count + 1):
        at = datetime(BEGIN.year, 1, 1, 1, tzinfo=UTC) + timedelta(days=dice.randrange(DAYS), hours=dice.randrange(8))
        owner = dice.randrange(1, OWNERS + 1)
        highest = 0
        while highest < len(STAGES) - 1 and dice.random() < 0.75:
            highest += 1
        made.deals.append(
            {
                "id": number, "name": f"D{number}", "stage": STAGES[highest], "outcome": "open",
                "product": f"P{number % 7}", "external_id": "",
                "created_at": at, "updated_at": at, "version": 1, "forecast": "pipeline",
            }
        )  # fmt: skip
        for place in range(highest + 1):
            stood = timedelta(days=dice.randrange(1, 20))
            left = int(place < highest)
            made.moves.append((number, place, at))
            made.passages.append(
                {
                    "deal_id": number, "stage": STAGES[place], "pipeline": "标准", "owner_id": owner,
                    "entered_on": (at + timedelta(hours=8)).date(), "left": left,
                    "seconds": int(stood.total_seconds()) * left, "advanced": left, "lost": 0,
                    "open": 1 - left, "reason": "",
                }
            )  # fmt: skip
            at += stood
    return made
