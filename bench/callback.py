"""The callback: verified, decrypted, kept durably, then acknowledged; against servers that do far less.

All contenders run under granian: one worker, the same threads, one core; the load comes from the other core. Every
event is distinct, encrypted and signed with a fresh timestamp. Afterwards the inbox is compared with what was
acknowledged, and once the server is killed under load: nothing acknowledged may be missing, nothing may be doubled.
"""

import hashlib
import hmac
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode

from sqlalchemy import select

from bench.harness import Row, Scale, database, free_port, in_turn, process, wait_for
from bench.load import fire, post, send_all
from bench.servers import SLACK_SECRET
from bot.channels.envelope import Envelope, Keys
from bot.demo.platform import AES_KEY, AGENT_ID, CORP_ID, SECRET, TOKEN
from storage import tables
from storage.engine import open_engine

THREADS = 32
CONNECTIONS = 64
MOST_A_SECOND = 9_000
"""More events than any contender takes, so that none is sent twice."""

_NUMBERS = count(1)


@dataclass
class Contender:
    """One server: what it serves, on which database, and how fast it answered."""

    name: str
    factory: str
    database: str = ""
    bolt: bool = False
    port: int = field(default_factory=free_port)
    good: int = 0

    def command(self, threads: int) -> list[str]:
        """Return how to start it."""
        granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--factory"]
        where = ["--host", "127.0.0.1", "--port", str(self.port), "--blocking-threads", str(threads), "--no-ws"]
        return [*granian, *where, "--log-level", "warning", f"bench.servers:{self.factory}"]

    def requests(self, how_many: int) -> list[bytes]:
        """Prepare distinct events that it accepts now."""
        return slack_events(how_many) if self.bolt else wecom_events(how_many)

    def measure(self, seconds: float) -> float:
        """Return acknowledged events per second."""
        answered = fire(self.requests(int(seconds * MOST_A_SECOND) + 500), self.port, seconds, CONNECTIONS)
        if answered.bad or not answered.good:
            raise RuntimeError(f"{self.name}: {answered}")
        self.good += answered.good
        return answered.per_second

    def check(self) -> None:
        """Compare the inbox with what was acknowledged; requests cut off at the end of a round may be kept too."""
        kept = inbox(self.database)
        if not self.good <= len(kept) or kept.total() != len(kept):
            raise AssertionError(f"{self.name}: {self.good} acknowledged, {kept.total()} kept, {len(kept)} distinct")


def run(scale: Scale) -> Iterator[Row]:
    """Measure all contenders in turn, then lose power."""
    with ExitStack() as stack:
        ours = [Contender("SQLite", "ours", stack.enter_context(database("sqlite")))]
        slow = Contender("SQLite + 2 ms", "ours_on_a_slow_disk", stack.enter_context(database("sqlite")))
        ours.append(slow)
        if scale.postgresql:
            ours.append(Contender("PostgreSQL", "ours", stack.enter_context(database("postgresql"))))
        others = [
            Contender("Flask ok", "bare"),
            Contender("Flask POST", "reading"),
            Contender("bolt", "bolt", bolt=True),
        ]
        contenders = [*ours, *others]
        starting = [
            (
                one,
                stack.enter_context(
                    process(one.command(THREADS), port=one.port, environment=settings(one), core=0, wait=False)
                ),
            )
            for one in contenders
        ]
        for contender, running in starting:
            wait_for(contender.port, running)
            contender.measure(scale.seconds / 4)  # warm
        figures = in_turn(
            {one.name: lambda one=one: one.measure(scale.seconds) for one in contenders},  # type: ignore[misc]
            scale.rounds,
        )
        for contender in ours:
            contender.check()
    yield from _rows(figures)
    yield Row(
        bench="callback",
        what="acknowledged events missing or doubled after kill -9",
        unit="events",
        ours=[lost_after_kill(scale)],
        at_most=0,
    )


def _rows(figures: dict[str, list[float]]) -> Iterator[Row]:
    def row(what: str, name: str, other: str, at_least: float | None) -> Row:
        return Row(
            bench="callback",
            what=what,
            unit="/s",
            ours=figures[name],
            other=figures[other],
            against=other,
            at_least=at_least,
        )

    yield row("durable on SQLite (FULL)", "SQLite", "Flask ok", 1.0)
    yield row("durable on SQLite (FULL)", "SQLite", "Flask POST", None)
    yield row("durable on SQLite (FULL)", "SQLite", "bolt", 3.0)
    if "PostgreSQL" in figures:
        yield row("durable on PostgreSQL", "PostgreSQL", "Flask ok", 0.5)
    yield row("durable on SQLite, fsync + 2 ms", "SQLite + 2 ms", "SQLite", 0.5)


def settings(contender: Contender) -> dict[str, str]:
    """Return the environment of a contender."""
    return {
        "DATABASE_URL": contender.database,
        "REDIS_URL": "",
        "LIAODAN_SECRET_KEY": "bench",
        "WECOM_CORP_ID": CORP_ID,
        "WECOM_AGENT_ID": str(AGENT_ID),
        "WECOM_SECRET": SECRET,
        "WECOM_TOKEN": TOKEN,
        "WECOM_AES_KEY": AES_KEY,
    }


def wecom_events(how_many: int) -> list[bytes]:
    """Seal and sign distinct text messages of some people, as requests."""
    return list(numbered_events(how_many))


def numbered_events(how_many: int, text: str = "跟进 汇川 电话聊了报价", people: int = 50) -> dict[bytes, str]:
    """Do so, and say under which key the inbox must have each."""
    envelope, now = Envelope(CORP_ID, [Keys(TOKEN, AES_KEY)]), int(time.time())
    made = {}
    for number in (next(_NUMBERS) for _ in range(how_many)):
        key = f"{now}{number:08}"
        message = (
            f"<xml><ToUserName><![CDATA[{CORP_ID}]]></ToUserName><FromUserName><![CDATA[rep{number % people}]]>"
            f"</FromUserName><CreateTime>{now}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
            f"<Content><![CDATA[{text}]]></Content><MsgId>{key}</MsgId><AgentID>{AGENT_ID}</AgentID></xml>"
        )
        made[sealed(envelope, message, now)] = key
    return made


def sealed(envelope: Envelope, message: str, now: int) -> bytes:
    """Return one message as the platform would POST it."""
    nonce = str(next(_NUMBERS))
    cipher, signature = envelope.seal(message.encode(), str(now), nonce)
    query = urlencode({"msg_signature": signature, "timestamp": now, "nonce": nonce})
    body = (
        f"<xml><ToUserName><![CDATA[{CORP_ID}]]></ToUserName><AgentID><![CDATA[{AGENT_ID}]]></AgentID>"
        f"<Encrypt><![CDATA[{cipher}]]></Encrypt></xml>"
    )
    return post(f"/callback/wecom?{query}", body.encode())


def slack_events(how_many: int) -> list[bytes]:
    """Sign distinct messages as Slack does."""
    now, made = int(time.time()), []
    for number in (next(_NUMBERS) for _ in range(how_many)):
        event = {"type": "message", "user": "U1", "text": "followed up", "channel": "D1", "channel_type": "im"}
        said = {"type": "event_callback", "team_id": "T1", "event_id": f"Ev{number}", "event": event}
        body = json.dumps(said).encode()
        digest = hmac.new(SLACK_SECRET.encode(), b"v0:%d:%b" % (now, body), hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-Slack-Request-Timestamp": str(now),
            "X-Slack-Signature": f"v0={digest}",
        }
        made.append(post("/callback/wecom", body, headers))
    return made


def inbox(url: str) -> Counter[str]:
    """Return the keys that are kept, and how often."""
    engine = open_engine(url)
    with engine.connect() as connection:
        kept = Counter(connection.scalars(select(tables.inbox.c.key)))
    engine.dispose()
    return kept


def lost_after_kill(scale: Scale) -> int:
    """Kill the server while it answers; count acknowledged events that are not in the inbox exactly once."""
    kill_at, acknowledged = int(scale.seconds * 500), list[bytes]()
    with database("sqlite") as url:
        contender, events = Contender("killed", "ours", url), numbered_events(kill_at * 5)
        with process(contender.command(THREADS), port=contender.port, environment=settings(contender)) as running:

            def note(request: bytes) -> None:
                acknowledged.append(request)
                if len(acknowledged) == kill_at:
                    os.killpg(running.pid, signal.SIGKILL)

            send_all(list(events), contender.port, CONNECTIONS, note)
        if not kill_at <= len(acknowledged) < len(events):
            raise AssertionError(f"not killed under load: {len(acknowledged)} of {len(events)} acknowledged")
        kept = inbox(url)
    return sum(kept[events[request]] != 1 for request in acknowledged)
