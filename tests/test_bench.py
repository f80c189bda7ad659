"""Every bench runs and prints its rows. How fast we are is never a test: a slow day is no mistake."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bench.__main__ import BENCHES, main
from bench.harness import Row, in_turn


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # peers' own
@pytest.mark.parametrize("name", BENCHES)
def test_a_bench_runs_and_keeps_its_rows(name: str, tmp_path: Path) -> None:
    kept = tmp_path / "rows.jsonl"
    ended = CliRunner().invoke(main, ["--only", name, "--scale", "tiny", "--json", str(kept)])
    assert ended.exit_code == 0, ended.output
    rows = [json.loads(line) for line in kept.read_text().splitlines()]
    assert rows
    assert all(row["bench"] == name and row["what"] in ended.output and row["figure"] >= 0 for row in rows)


def test_a_row_is_the_median_ratio_of_its_rounds() -> None:
    row = Row(bench="b", what="w", unit="s", ours=[2, 30, 4], other=[1, 10, 1], against="x", at_most=3)
    assert (row.figure, row.reached) == (3, True)
    assert Row(bench="b", what="w", unit="s", ours=[2], at_least=3).reached is False


def test_contenders_take_turns_and_nobody_is_always_first() -> None:
    order: list[str] = []
    in_turn({name: lambda name=name: float(bool(order.append(name))) for name in "AB"}, 3)
    assert "".join(order) == "ABBAAB"
