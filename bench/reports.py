"""Funnel and forecast over many deals: what changes left behind, against DuckDB that has the changes alone.

DuckDB works the stays out by a window each time, as a warehouse would that is fed with what happened. Beside it stands
DuckDB over stays that somebody has worked out before. Who counts otherwise than DuckDB ends the run.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from bench.harness import Row, Scale, in_turn, timed
from bench.many_deals import DAYS, STAGES, Warehouse, many_deals
from bot.bootstrap import Program, build
from bot.settings import Settings
from core.model.member import SYSTEM
from core.rules.metrics.declared import LOST_HERE, PASSAGES, STANDING, WON, Base, Dimension, dimension
from core.rules.metrics.periods import Span
from core.rules.permissions import scope_of
from core.services.reports.asking import Asked
from core.services.reports.forecast import outlook
from core.services.reports.funnel import funnel
from storage.engine import open_engine

OURS: Final = ("entered", "advanced", "lost_here", "left", "stood")
SUMS, PASSAGES_GOAL, FLAT = 0.2, 1.3, 2.0
"""What is asked of sums and of single passages beside DuckDB, and of a page beside the same among a tenth."""
PAGE: Final = 20
STAGE, WEEK, REASON, PRODUCT, REGION = map(dimension, ("stage", "week", "reason", "product", "region"))
CHEAP: Final = ((PRODUCT, ("P3",)), (REASON, ("价格",)))
THERE: Final = ((REGION, ("R3",)),)
BOTH: Final = ((REGION, ("R3",)), (PRODUCT, ("P3",)))


@dataclass(frozen=True)
class Question:
    """Something that both are asked; `closed` asks DuckDB over the stays that were worked out before."""

    what: str
    ours: Callable[[], Any]
    theirs: Callable[..., Any]
    at_most: float
    place: int = 0
    """How many of the values of a key come before the figures, where both answers are compared."""


def run(scale: Scale) -> Iterator[Row]:
    """Compare each question at three sizes, on both databases."""
    sizes = sorted({max(scale.leads // part, 40) for part in (100, 10, 1)})
    for kind in ("sqlite", "postgresql") if scale.postgresql else ("sqlite",):
        before: dict[str, float] = {}
        for count in sizes:
            with many_deals(kind, count) as (url, warehouse):
                size = f"{count:,} deals, {kind}"
                yield from _measured(scale, url, warehouse, size, before, is_last=count == sizes[-1])


def _measured(
    scale: Scale, url: str, warehouse: Warehouse, size: str, before: dict[str, float], *, is_last: bool
) -> Iterator[Row]:
    """Ask one database; goals are those of the largest size, `before` is what a tenth of it took."""
    program = build(Settings(database_url="sqlite://", _env_file=None), engine=open_engine(url))
    for one in questions(program, warehouse):
        _same(one)
        figures = in_turn(
            {"ours": lambda ask=one.ours: timed(ask), "window": lambda ask=one.theirs: timed(ask)}, scale.rounds
        )
        warehouse.close_stays()
        closed = [timed(partial(one.theirs, closed=True)) for _ in range(scale.rounds)]
        warehouse.forget_stays()
        goal = one.at_most if is_last else None
        for other, against in (
            (figures["window"], "DuckDB, window over moves, s"),
            (closed, "DuckDB, stays closed, s"),
        ):
            yield Row(
                bench="reports", what=f"{one.what}: {size}", unit="s", ours=figures["ours"], other=other,
                against=against, at_most=goal if other is figures["window"] else None,
            )  # fmt: skip
    for what, page in pages(program).items():
        page()
        took = sorted(timed(page) for _ in range(max(scale.rounds, 3)))
        middle = took[len(took) // 2]
        earlier = [before[what]] * len(took) if what in before else []
        before[what] = middle
        yield Row(
            bench="reports", what=f"first page of {what}: {size}", unit="s", ours=took, other=earlier,
            against="among a tenth, s" if earlier else "", at_most=FLAT if earlier else None,
        )  # fmt: skip
    program.close()
    yield Row(
        bench="reports", what=f"memory of a process that asks {size}", unit="MB", ours=[_memory(url)], at_most=300,
    )  # fmt: skip


def questions(program: Program, warehouse: Warehouse) -> list[Question]:
    """Return what is asked: of sums by month, of single passages, and as the chat does."""
    today = date.today()  # noqa: DTZ011 - any day will do
    ever = Span(today - timedelta(days=DAYS + 31), today)
    days = Span(ever.first, today - timedelta(days=45))

    def ours(*by: Dimension, where: Any = (), span: Span = ever) -> dict[Any, dict[str, float]]:
        with program.open_work(SYSTEM, reading=True) as uow:
            return uow.metrics.totals(PASSAGES, by, span, where, scope_of(SYSTEM))

    def asked(
        what: str, mine: Callable[[], Any], *keys: str, goal: float = SUMS, of: str = "", where: str = ""
    ) -> Question:
        only = f"where deal in (select id from deals where {of})" if of else ""
        narrowed = " and ".join(filter(None, (of, where)))
        theirs = partial(warehouse.by, *keys, only=only, where=f"where {narrowed}" if narrowed else "")
        return Question(what, mine, theirs, goal, len(keys))

    week = "strftime(entered_on, '%G-W%V')"
    cheap, both = "reason = '价格'", "region = 'R3' and product = 'P3'"
    between = f"entered_on between '{days.first}' and '{days.last}'"
    return [
        asked("by stage and reason, sums", partial(ours, STAGE, REASON), "place", "reason"),
        asked("by stage and product, sums", partial(ours, STAGE, PRODUCT), "place", "product"),
        asked("by stage and region, sums", partial(ours, STAGE, REGION), "place", "region"),
        asked("of one region, sums", partial(ours, STAGE, where=THERE), "place", of="region = 'R3'"),
        asked("of one product and reason, sums", partial(ours, STAGE, where=CHEAP), "place", of="product = 'P3'",
              where=cheap),
        asked("of days that are no months, sums", partial(ours, STAGE, span=days), "place", where=between),
        asked("by stage and week, passages", partial(ours, STAGE, WEEK), "place", week, goal=PASSAGES_GOAL),
        asked("by region and product, passages", partial(ours, STAGE, REGION, PRODUCT), "place", "region", "product",
              goal=PASSAGES_GOAL),
        asked("of one region and product, passages", partial(ours, STAGE, where=BOTH), "place", of=both,
              goal=PASSAGES_GOAL),
        Question("funnel as the chat shows it", partial(_funnel, program, ever),
                 partial(warehouse.by, "place", "reason"), SUMS),
        Question("forecast as the chat shows it", partial(_outlook, program), partial(_foreseen, warehouse),
                 PASSAGES_GOAL),
    ]  # fmt: skip


def pages(program: Program) -> dict[str, Callable[[], list[int]]]:
    """Return the lists behind figures that chat opens."""
    today = date.today()  # noqa: DTZ011 - any day will do
    ever, month = (
        Span(today - timedelta(days=DAYS + 31), today),
        Span(today - timedelta(days=60), today - timedelta(days=30)),
    )

    def page(base: Base, span: Span | None, where: Any = ()) -> list[int]:
        with program.open_work(SYSTEM, reading=True) as uow:
            return uow.metrics.records(base, span, where, scope_of(SYSTEM), limit=PAGE)

    stage = ((STAGE, ("方案报价",)),)
    return {
        "open deals": partial(page, STANDING, None),
        "open deals of a stage": partial(page, STANDING, None, stage),
        "won deals": partial(page, WON, ever),
        "won deals of a month": partial(page, WON, month),
        "won deals of a region": partial(page, WON, ever, THERE),
        "deals lost in a stage": partial(page, LOST_HERE, ever, stage),
    }


def _same(one: Question) -> None:
    """Compare both answers, where they are the same figures."""
    if not one.place:
        return
    found = {key: tuple(int(cell[name]) for name in OURS) for key, cell in one.ours().items()}
    expected = {(STAGES[row[0]], *row[1 : one.place]): row[one.place :] for row in one.theirs()}
    if found != expected:
        apart = sorted(key for key in found.keys() | expected.keys() if found.get(key) != expected.get(key))
        some = [(key, found.get(key), expected.get(key)) for key in apart[:5]]
        raise AssertionError(f"{one.what}: we count otherwise than DuckDB in {len(apart)} cells, such as {some}")


def _funnel(program: Program, span: Span) -> Any:
    with program.open_work(SYSTEM, reading=True) as uow:
        return funnel(uow, Asked(span))


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
    today = date.today()  # noqa: DTZ011 - any day will do
    _funnel(program, Span(today - timedelta(days=DAYS), today))
    _outlook(program)
    program.close()
    said = Path("/proc/self/status").read_text()  # what rusage says is inherited from the parent
    print(int(said.partition("VmHWM:")[2].split()[0]) / 1024)


def _memory(url: str) -> float:
    command = [sys.executable, "-c", f"from bench.reports import remember; remember({url!r})"]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
