"""`python -m bench`: measure, print the table, keep each row as a line of JSON."""

import os
import sys
import time
from importlib import import_module
from pathlib import Path

import click

from bench.harness import SCALES, Run, Table

BENCHES = (
    "callback", "dispatch", "reply", "sweep", "startup", "claim", "assignment", "rehearsal", "understanding", "meaning",
    "duplicates", "approvals", "papers", "reports", "digest", "alerts",
)  # fmt: skip
"""One file each, measured in this order."""


@click.command()
@click.option("--only", multiple=True, type=click.Choice(BENCHES), help="these benches; repeat for several")
@click.option(
    "--scale", type=click.Choice(list(SCALES)), default="full", show_default=True, help="how much is measured"
)
@click.option("--json", "path", type=click.Path(path_type=Path), help="one JSON line per row; default bench/results/")
def main(only: tuple[str, ...], scale: str, path: Path | None) -> None:
    """Measure speed as ratios against floors and peers of the same run."""
    path = path or Path(__file__).parent / "results" / f"{time.strftime('%Y%m%d-%H%M%S')}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    stamp = {"at": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "scale": scale, "cores": os.cpu_count()}
    with path.open("a", encoding="utf-8") as kept:
        table = Table(sys.stdout, kept, stamp)
        for name in only or BENCHES:
            run: Run = import_module(f"bench.{name}").run
            for row in run(SCALES[scale]):
                table.add(row)
    click.echo(f"\n{path}  (load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)")


if __name__ == "__main__":
    main()
