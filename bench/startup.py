"""Start-up and idle memory of `liaodan web`, against Flask with SQLAlchemy and APScheduler and nothing else."""

import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bench.callback import Contender, settings
from bench.harness import LIAODAN, Row, Scale, database, free_port, in_turn, process

SETTLED_S = 0.5


def run(scale: Scale) -> Iterator[Row]:
    """Start both in turn, from compiled bytecode, on a database that is up to date."""
    memory: dict[str, list[float]] = {"liaodan web": [], "bare": []}
    with database("sqlite") as url:
        environment = {**settings(Contender("", "", url)), "PYTHONDONTWRITEBYTECODE": ""}
        contenders: dict[str, Callable[[], float]] = {
            "liaodan web": lambda: _start(
                lambda port: [LIAODAN, "web", "--host", "127.0.0.1", "--port", str(port)],
                environment,
                memory["liaodan web"],
            ),
            "bare": lambda: _start(
                lambda port: [sys.executable, "-m", "bench.servers", str(port), url], environment, memory["bare"]
            ),
        }
        if scale.rounds > 1:  # the first start compiles
            in_turn(contenders, 1)
            for kept in memory.values():
                kept.clear()
        seconds = in_turn(contenders, scale.rounds)
    for what, unit, figures in (("to the first /healthz", "s", seconds), ("idle memory", "MB", memory)):
        yield Row(
            bench="startup",
            what=f"liaodan web, {what}",
            unit=unit,
            ours=figures["liaodan web"],
            other=figures["bare"],
            against="Flask+SQLAlchemy+APScheduler",
            at_most=1.5,
        )


def _start(command: Callable[[int], list[str]], environment: Mapping[str, str], memory: list[float]) -> float:
    """Start a process; return the seconds until it answers, and note its memory once it has settled."""
    port, begun = free_port(), time.perf_counter()
    with process(command(port), port=port, environment=environment) as running:
        seconds = time.perf_counter() - begun
        time.sleep(SETTLED_S)
        status = Path(f"/proc/{running.pid}/status").read_text()
        resident = re.search(r"VmRSS:\s+(\d+) kB", status)
        memory.append(int(resident[1]) / 1024 if resident else 0.0)
    return seconds
