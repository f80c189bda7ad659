"""The real pipeline out of ../shared/data: every figure is worked out once more here from the plain file."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from statistics import fmean

import pytest

from bot.command.readers import chat_readers
from connectors.sheet_writer import BadRowsFile
from connectors.sheets import read_sheets
from core.model.member import SYSTEM
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


@pytest.mark.parametrize("month", MONTHS, ids=str)
def test_the_forecast_of_a_month_is_what_the_file_of_its_eve_says(month: date, tmp_path: Path) -> None:
    """The back-test: the product on the eve of a month, against the same definition over the plain file.

    The file says when a deal was engaged and closed: chances are the team's share of closed deals that were won, and a
    deal comes in after the usual number of days. Off by 12, 31 and 58 % in April, May and June; the month before was
    off by 57, 30 and 23 %, the mean of the last three by 57, 9 and 28 %.
    """
    prices = {row["product"]: float(row["sales_price"]) for row in _read("maven_products.csv")} | PRICES
    rows, eve, span = _as_of(month, prices), month - timedelta(days=1), around(Unit.MONTH, month)
    world = _imported(tmp_path, rows, eve)
    try:
        with world.program.open_work(SYSTEM, reading=True) as uow:
            made = outlook(uow, Asked(span)).figures
    finally:
        world.close()
    closed = [row for row in rows if row["close_date"]]
    dwell = fmean(_days(row) for row in closed)
    manager = {row["sales_agent"]: row["manager"] for row in _read("maven_sales_teams.csv")}
    ended: dict[str, list[bool]] = defaultdict(list)
    for row in closed:
        ended[manager[row["sales_agent"]]].append(row["deal_stage"] == "Won")
    assert min(map(len, ended.values())) >= 30, "each team speaks for itself"
    expected = 0.0
    for row in rows:
        if not row["close_date"]:
            stood = (eve - date.fromisoformat(row["engage_date"])).days
            comes = eve + timedelta(days=round(max(dwell - stood, 0)))
            chance = fmean(ended[manager[row["sales_agent"]]]) * PASSED_BY**2
            expected += chance * float(row["close_value"]) if span.first <= comes <= span.last else 0
    assert made.closed == 0
    assert made.total / 100 == pytest.approx(expected, rel=1e-9)


def _days(row: Row) -> int:
    return (date.fromisoformat(row["close_date"]) - date.fromisoformat(row["engage_date"])).days
