"""The real pipeline out of ../shared/data: every figure is worked out once more here from the plain file."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import sqrt
from pathlib import Path
from statistics import fmean

import duckdb
import pytest

from bot.command.readers import chat_readers
from connectors.sheet_writer import BadRowsFile
from connectors.sheets import read_sheets
from core.model.member import SYSTEM
from core.rules.metrics.forecast import STUDENT
from core.rules.metrics.periods import Span, Unit, around
from core.services.imports.columns import Kind
from core.services.imports.run import default_owner, run_import
from core.services.reports import REPORTS
from core.services.reports.asking import Asked
from core.services.reports.forecast import outlook
from tests.world import SHANGHAI, World

FOLDER = next(
    (one for up in Path(__file__).parents if (one := up / "shared" / "data" / "pipeline").exists()), Path("pipeline")
)
FILE = FOLDER / "maven_pipeline_asof_2017-06-30.csv"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason="../shared/data/pipeline is not there")
HALF_YEAR = Span(date(2017, 1, 1), date(2017, 6, 30))
Row = dict[str, str]


def _read(name: str) -> list[Row]:
    with (FOLDER / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _imported(folder: Path, rows: list[Row], on: date) -> World:
    """A company of the real agents and managers, with these deals, on the evening of a day."""
    world = World()
    world.now = datetime.combine(on, time(20), SHANGHAI)
    teams = _read("maven_sales_teams.csv")
    people = [(m, "manager", m, "") for m in sorted({row["manager"] for row in teams})]
    people += [(row["sales_agent"], "rep", row["manager"], row["manager"]) for row in teams]
    world.enrols(tuple((_id(n), n, role, f"Sales/{team}", _id(above)) for n, role, team, above in people))
    file = folder / "deals.csv"
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    program = world.program
    readers = chat_readers(program.calendar.local(world.now), program.workdays)
    order = default_owner(program.open_work, "", Kind.DEALS, dry_run=False)
    bad = BadRowsFile(folder / "bad.xlsx")
    try:
        report = run_import(program.open_work, file.name, read_sheets(file), order, readers, bad=bad)
    finally:
        bad.close()
    assert report.taken == len(rows)
    return world


def _id(name: str) -> str:
    return name.replace(" ", "").lower()


def _table(world: World, name: str, asked: Asked) -> list[dict[str, object]]:
    with world.program.open_work(SYSTEM, reading=True) as uow:
        made = REPORTS[name].build(uow, asked).as_json()
    return [dict(zip(made["columns"], row, strict=True)) for row in made["rows"]]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = _imported(tmp_path_factory.mktemp("pipeline"), _read(FILE.name), date(2017, 6, 30))
    yield world
    world.close()


def test_win_rate_and_average_days_are_those_of_the_file(company: World) -> None:
    rows = _read(FILE.name)
    won = [row for row in rows if row["deal_stage"] == "Won"]
    lost = [row for row in rows if row["deal_stage"] == "Lost"]
    [whole] = _table(company, "pivot", Asked(HALF_YEAR, measures=("赢率", "平均成交天数", "赢单金额", "平均单价")))
    days = fmean((date.fromisoformat(r["close_date"]) - date.fromisoformat(r["engage_date"])).days for r in won)
    revenue = sum(float(row["close_value"]) for row in won)
    assert whole["赢率"] == pytest.approx(len(won) / (len(won) + len(lost)), abs=1e-6)
    assert whole["平均成交天数"] == pytest.approx(days, abs=1e-6)
    assert whole["赢单金额"] == revenue
    assert whole["平均单价"] == pytest.approx(revenue / len(won), abs=0.01)


def test_revenue_by_manager_and_quarter_is_that_of_the_file(company: World) -> None:
    manager = {row["sales_agent"]: row["manager"] for row in _read("maven_sales_teams.csv")}
    expected: dict[tuple[str, str], float] = defaultdict(float)
    for row in _read(FILE.name):
        if row["deal_stage"] == "Won":
            closed = date.fromisoformat(row["close_date"])
            quarter = f"{closed.year}-Q{(closed.month - 1) // 3 + 1}"
            expected[f"Sales/{manager[row['sales_agent']]}", quarter] += float(row["close_value"])
    found = _table(company, "pivot", Asked(HALF_YEAR, by=("部门", "季度"), measures=("赢单金额",), limit=100))
    assert {(row["部门"], row["季度"]): row["赢单金额"] for row in found} == dict(expected)


def test_each_manager_sees_the_own_team_in_totals_too(company: World) -> None:
    manager = {row["sales_agent"]: row["manager"] for row in _read("maven_sales_teams.csv")}
    expected: dict[str, float] = defaultdict(float)
    for row in _read(FILE.name):
        if row["deal_stage"] == "Won":
            expected[manager[row["sales_agent"]]] += float(row["close_value"])
    for name, amount in expected.items():
        with company.program.open_work(company.member(name), reading=True) as uow:
            [row] = REPORTS["pivot"].build(uow, Asked(HALF_YEAR, measures=("赢单金额",))).as_json()["rows"]
        assert row == [amount], name


PASSED_BY = 0.999
"""Nobody stands in the last two stages in the file: all that come by are won, but nothing is certain."""
PRICES = {"GTXPro": 4821.0}
MONTHS = (date(2017, 4, 1), date(2017, 5, 1), date(2017, 6, 1))


def _as_of(day: date, prices: dict[str, float]) -> list[Row]:
    """The file as it stood on the eve of a day: what closed later was open then, at the list price."""
    rows = []
    for row in _read(FILE.name):
        if not row["engage_date"] or date.fromisoformat(row["engage_date"]) >= day:
            continue
        if not row["close_date"] or date.fromisoformat(row["close_date"]) >= day:
            price = prices[row["product"]]
            row = {**row, "deal_stage": "Engaging", "close_date": "", "close_value": f"{price:.0f}"}  # noqa: PLW2901
        rows.append(row)
    return rows


@dataclass(frozen=True)
class Foreseen:
    """What was foreseen of a month on its eve: of open deals, with new ones, and bands around the latter by level."""

    open: float
    whole: float
    bands: dict[float, tuple[float, float] | None]


@pytest.fixture(scope="module")
def foreseen(tmp_path_factory: pytest.TempPathFactory) -> dict[date, Foreseen]:
    """What the product said on the eve of each month, from the file as it stood then; in yuan."""
    prices = {row["product"]: float(row["sales_price"]) for row in _read("maven_products.csv")} | PRICES
    said = {}
    for month in MONTHS:
        rows, eve = _as_of(month, prices), month - timedelta(days=1)
        world = _imported(tmp_path_factory.mktemp("eve"), rows, eve)
        try:
            with world.program.open_work(SYSTEM, reading=True) as uow:
                whole = outlook(uow, Asked(around(Unit.MONTH, month))).whole
        finally:
            world.close()
        assert whole.forecast.closed == 0
        bands = {level: whole.band(level) for level in STUDENT}
        yuan = {level: (band[0] / 100, band[1] / 100) if band else None for level, band in bands.items()}
        said[month] = Foreseen(whole.forecast.total / 100, whole.total / 100, yuan)
    return said


@pytest.fixture(scope="module")
def plain() -> duckdb.DuckDBPyConnection:
    """The plain file in DuckDB: everything is worked out there once more, only from what lay before each month."""
    duck = duckdb.connect()
    duck.execute(f"create table file as select * from read_csv('{FILE}')")
    duck.execute(f"create table teams as select * from read_csv('{FOLDER / 'maven_sales_teams.csv'}')")
    duck.execute(f"create table products as select * from read_csv('{FOLDER / 'maven_products.csv'}')")
    price = "case file.product when 'GTXPro' then 4821 else sales_price end"
    duck.execute(
        f"create table deals as select engage_date as begun, close_date as closed, deal_stage = 'Won' as won,"
        f" coalesce(close_value, 0) as amount, manager, {price} as price from file"
        " left join products on products.product = file.product join teams using (sales_agent)"
        " where engage_date is not null"
    )
    return duck


@pytest.mark.parametrize("month", MONTHS, ids=str)
def test_the_forecast_of_a_month_is_what_the_file_of_its_eve_says(
    month: date, foreseen: dict[date, Foreseen], plain: duckdb.DuckDBPyConnection
) -> None:
    """Chances are the team's share of closed deals that were won; a deal comes in after the usual number of days."""
    [expected] = plain.execute(
        """
        with known as (select * from deals where closed < $month),
             chances as (select manager, avg(won::int) * $sure as chance from known group by manager),
             usual as (select avg(closed - begun) as days from known),
             standing as (
               select price, chance, $eve + round(greatest(days - ($eve - begun), 0))::int as comes
               from deals join chances using (manager), usual
               where begun < $month and (closed is null or closed >= $month)
             )
        select sum(price * chance) from standing
        where comes between $month and last_day($month)
        """,
        {"month": month, "eve": month - timedelta(days=1), "sure": PASSED_BY**2},
    ).fetchone() or (0,)
    assert foreseen[month].open == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("month", MONTHS, ids=str)
def test_new_deals_are_foreseen_from_those_of_the_months_before(
    month: date, foreseen: dict[date, Foreseen], plain: duckdb.DuckDBPyConnection
) -> None:
    """By the mean over the months before of what came in that was begun in the same month."""
    [expected] = plain.execute(
        """
        select avg(brought) from (
          select sum(amount) filter (won and date_trunc('month', begun) = date_trunc('month', closed)) as brought
          from deals where closed < $month group by date_trunc('month', closed)
        )
        """,
        {"month": month},
    ).fetchone() or (0,)
    assert foreseen[month].whole - foreseen[month].open == pytest.approx(expected, rel=1e-6)


def _actual(plain: duckdb.DuckDBPyConnection, month: date) -> float:
    [won] = plain.execute(
        "select sum(amount) from deals where won and date_trunc('month', closed) = $month", {"month": month}
    ).fetchone() or (0,)
    return float(won)


def test_how_far_forecasts_were_off_month_by_month(
    foreseen: dict[date, Foreseen], plain: duckdb.DuckDBPyConnection
) -> None:
    """April, May, June: 12, 31 and 58 % by open deals alone, 39, 5 and 35 % with new ones; the month before was off by
    57, 30 and 23 %, the mean of the last three by 57, 9 and 28 %. The file knows closings since March only, and in the
    first month of a quarter other deals close than in the others: one quarter cannot tell.
    """
    off: dict[str, list[int]] = defaultdict(list)
    for number, month in enumerate(MONTHS):
        actual = _actual(plain, month)
        before = [_actual(plain, one) for one in (date(2017, 3, 1), *MONTHS)[: number + 1]]
        said = {
            "open": foreseen[month].open,
            "whole": foreseen[month].whole,
            "last": before[-1],
            "mean": fmean(before[-3:]),
        }
        for name, value in said.items():
            off[name].append(round(abs(value - actual) / actual * 100))
    assert off == {"open": [12, 31, 58], "whole": [39, 5, 35], "last": [57, 30, 23], "mean": [57, 9, 28]}
    assert fmean(off["whole"]) < min(fmean(off["open"]), fmean(off["last"]), fmean(off["mean"]))


def test_how_often_a_month_lay_inside_its_band(
    foreseen: dict[date, Foreseen], plain: duckdb.DuckDBPyConnection
) -> None:
    """One month before April says nothing of ups and downs. Of May and June each lay inside the bands for four of five
    and for nineteen of twenty, May in that for one of two; the chance of single deals alone covered none of them.
    """
    inside: dict[float, list[bool]] = defaultdict(list)
    for month in MONTHS:
        actual = _actual(plain, month)
        for level, band in foreseen[month].bands.items():
            assert (band is None) == (month == MONTHS[0])
            if band is not None:
                assert band == pytest.approx(_band(plain, month, foreseen[month], level), rel=1e-3)
                inside[level].append(band[0] <= actual <= band[1])
    assert inside == {0.5: [True, False], 0.8: [True, True], 0.95: [True, True]}


def _band(plain: duckdb.DuckDBPyConnection, month: date, said: Foreseen, level: float) -> tuple[float, float]:
    """Work the band out from the file: chances of open deals, ups and downs of win rates and of new deals."""
    [count, swing, news, stake, chance] = plain.execute(
        """
        with known as (select * from deals where closed < $month),
             months as (
               select avg(won::int) as share, count(*) as ended,
                      sum(amount) filter (won and date_trunc('month', begun) = date_trunc('month', closed)) as brought
               from known group by date_trunc('month', closed)
             ),
             chances as (select manager, avg(won::int) * $sure as chance from known group by manager),
             usual as (select avg(closed - begun) as days from known),
             standing as (
               select price, chance, $eve + round(greatest(days - ($eve - begun), 0))::int as comes
               from deals join chances using (manager), usual
               where begun < $month and (closed is null or closed >= $month)
             ),
             coming as (select * from standing where comes between $month and last_day($month))
        select (select count(*) from months),
               (select greatest(var_samp(share) - avg(share * (1 - share) / ended), 0) from months),
               (select var_samp(brought) from months),
               (select sum(price) from coming), (select sum(chance * (1 - chance) * price * price) from coming)
        """,
        {"month": month, "eve": month - timedelta(days=1), "sure": PASSED_BY**2},
    ).fetchone() or (0, 0, 0, 0, 0)
    deviation = sqrt(chance + (1 + 1 / count) * (swing * stake**2 + news))
    half = STUDENTS[level][count - 2] * deviation
    return max(said.whole - half, 0), said.whole + half


STUDENTS = {0.5: (1.0, 0.8165), 0.8: (3.0777, 1.8856), 0.95: (12.7062, 4.3027)}
"""By how many deviations Student's distribution covers so much with one and two degrees of freedom, from its table."""
