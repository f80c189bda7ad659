"""From the callback to the reply: the whole product in one process, the demo's company in its books.

`liaodan demo` runs as a visitor would run it; a callback is POSTed, the outbox is watched from outside until the reply
is there, and until the emulated platform has taken it to the screen.
"""

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from bench.callback import sealed
from bench.harness import LIAODAN, Row, Scale, folder, free_port, percentile, process
from bench.load import send_all
from bot.channels.envelope import Envelope, Keys
from bot.demo.people import PEOPLE
from bot.demo.platform import AES_KEY, AGENT_ID, CORP_ID, TOKEN

WORDS = ("帮助", "今天")
SHOWN_EACH = 10
"""So many replies to one person stay within the platform's budget, whatever else they are told."""
PATIENCE_S = 10.0


@dataclass
class Asker:
    """Sends a line as one of the demo's people and watches the outbox."""

    port: int
    kept: sqlite3.Connection

    def ask(self, who: str, line: str) -> tuple[float, float]:
        """Return the milliseconds until the reply is in the outbox, and until it has left for the screen."""
        last = self._one("select coalesce(max(id), 0) from outbox where user_id = ?", who)
        now = int(time.time())
        message = (
            f"<xml><ToUserName>{CORP_ID}</ToUserName><FromUserName>{who}</FromUserName><CreateTime>{now}</CreateTime>"
            f"<MsgType>text</MsgType><Content>{line}</Content><MsgId>{time.time_ns()}</MsgId>"
            f"<AgentID>{AGENT_ID}</AgentID></xml>"
        )
        request = sealed(Envelope(CORP_ID, [Keys(TOKEN, AES_KEY)]), message, now)
        begun = time.perf_counter()
        refused = send_all([request], self.port, 1, lambda _: None)
        if refused:
            raise RuntimeError("the callback was refused")
        replied = self._until("select count(*) from outbox where user_id = ? and id > ?", who, last) - begun
        shown = (
            self._until("select count(*) from outbox where user_id = ? and id > ? and state = 'sent'", who, last)
            - begun
        )
        return replied * 1000, shown * 1000

    def _until(self, query: str, *values: object) -> float:
        deadline = time.perf_counter() + PATIENCE_S
        while not self._one(query, *values):
            if time.perf_counter() > deadline:
                raise TimeoutError(query)
            time.sleep(0.0005)
        return time.perf_counter()

    def _one(self, query: str, *values: object) -> int:
        return int(self.kept.execute(query, values).fetchone()[0])


def run(scale: Scale) -> Iterator[Row]:
    """Ask simple things, one after the other, and take the percentiles of each round."""
    people, how_many = cycle([person.user_id.lower() for person in PEOPLE]), SHOWN_EACH * len(PEOPLE) // scale.rounds
    with folder() as data, _demo(data, seeded=scale.name != "tiny") as asker:
        rounds = [_round(asker, people, min(scale.events, how_many)) for _ in range(scale.rounds)]
    for what, part, share, goal in (
        ("reply in the outbox, p50", 0, 0.5, 15),
        ("reply in the outbox, p95", 0, 0.95, 40),
        ("reply on the screen, p50", 1, 0.5, None),
        ("reply on the screen, p95", 1, 0.95, None),
    ):
        ours = [percentile(one[part], share) for one in rounds]
        yield Row(bench="reply", what=what, unit="ms", ours=ours, at_most=goal)


def _round(asker: Asker, people: Iterator[str], how_many: int) -> tuple[list[float], list[float]]:
    times = [asker.ask(next(people), line) for _, line in zip(range(how_many), cycle(WORDS), strict=False)]
    return [replied for replied, _ in times], [shown for _, shown in times]


class _demo:
    """The demo as a process, with its database open beside it."""

    def __init__(self, data: Path, *, seeded: bool) -> None:
        self._data, self._port = data, free_port()
        command = [LIAODAN, "demo", "--port", str(self._port), "--data", str(data)]
        self._process = process(command if seeded else [*command, "--no-seed"], port=self._port, environment={})

    def __enter__(self) -> Asker:
        self._process.__enter__()
        self._kept = sqlite3.connect(f"file:{self._data / 'liaodan.db'}?mode=ro", uri=True, isolation_level=None)
        return Asker(self._port, self._kept)

    def __exit__(self, *what: object) -> None:
        self._kept.close()
        self._process.__exit__(*what)  # type: ignore[arg-type]
