"""The worker: dramatiq threads over inbox, outbox and jobs. Its messages carry ids only; the rows are the truth.

A pump looks for rows that wait (at once when it is called, otherwise several times a second) and sends each person's
key to an actor. A message that is lost, doubled or late harms nothing: the actor takes rows by lock or lease, and what
nobody took is found at the next look. With Redis its broker spreads the work over processes and machines.

Events, deliveries and jobs each have a queue and threads of their own, so a slow platform or a long import keeps
nobody's question waiting. A key that was sent is noted until it is taken, so that a queue never grows by looking at it.
"""

import gc
import logging
from collections.abc import Callable, Mapping
from threading import Event as Flag
from threading import Lock, Thread
from typing import Protocol

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from bot.bootstrap import Program
from storage.queues import jobs_waiting, receivers_waiting, senders_waiting
from storage.redis import RedisNotes, open_redis

log = logging.getLogger(__name__)

POLL_S = 0.2
AT_ONCE = 500
MOST_NOTED = 5000
"""Keys of this process' queues, at most; the others are found when these are done."""
JOB_THREADS = 2


class Notes(Protocol):
    """What was sent and not yet taken."""

    def add(self, kind: str, key: tuple[str, ...]) -> bool:
        """Note a key; False when it is noted already, or there is no room."""
        ...

    def drop(self, kind: str, key: tuple[str, ...]) -> None:
        """Forget a key: what comes from now on needs another look."""
        ...


class LocalNotes:
    """Notes of this process, whose queues lose nothing."""

    def __init__(self, most: int = MOST_NOTED) -> None:
        self._most, self._lock = most, Lock()
        self._noted: set[tuple[str, ...]] = set()

    def add(self, kind: str, key: tuple[str, ...]) -> bool:
        with self._lock:
            if (kind, *key) in self._noted or len(self._noted) >= self._most:
                return False
            self._noted.add((kind, *key))
            return True

    def drop(self, kind: str, key: tuple[str, ...]) -> None:
        with self._lock:
            self._noted.discard((kind, *key))


class Worker:
    """Runs `program`'s work until it is stopped. While Redis is out of reach it works on in this process alone."""

    def __init__(self, program: Program, threads: int = 4) -> None:
        self._program, self._threads = program, threads
        self._here = self._team(lambda: StubBroker(middleware=[]), LocalNotes())
        self._shared: Team | None = None
        if program.redis is not None:
            self._shared = self._team(lambda: _redis_broker(program), RedisNotes(program.redis))
        self._stopping = Flag()
        self._pump = Thread(target=self._run, name="pump", daemon=True)

    def start(self) -> None:
        """Start threads and pump; returns at once."""
        for team in filter(None, (self._here, self._shared)):
            team.start()
        self._pump.start()

    def stop(self) -> None:
        """Let running work end, take no more."""
        self._stopping.set()
        self._program.wake.call()
        self._pump.join(timeout=10)
        for team in filter(None, (self._here, self._shared)):
            team.stop()

    def _team(self, broker: Callable[[], dramatiq.Broker], notes: Notes) -> "Team":
        program = self._program
        works: dict[str, tuple[Callable[..., object], int]] = {
            "event": (program.dispatcher.drain, self._threads),
            "message": (program.messenger.deliver, self._threads),
            "job": (program.jobs.run, JOB_THREADS),
        }
        hands = {kind: Hands(broker(), kind, work, notes, threads) for kind, (work, threads) in works.items()}
        return Team(hands, notes)

    def _run(self) -> None:
        self._program.reader.warm()
        gc.collect()
        gc.freeze()  # what stays for good is not gone through again in the middle of somebody's message
        while not self._stopping.is_set():
            try:
                self._program.wake.wait(POLL_S)
                self._look()
            except SQLAlchemyError as error:
                log.warning("the database cannot be reached: %s", type(error).__name__)
                self._stopping.wait(1)
            except Exception:
                log.exception("the pump stumbled")
                self._stopping.wait(1)

    def _look(self) -> None:
        program = self._program
        with program.open_work.reading() as session:
            now = program.clock()
            for key in senders_waiting(session, now, AT_ONCE):
                self._send("event", *key)
            if program.outlets:
                for key in receivers_waiting(session, program.messenger.clock(), AT_ONCE):
                    self._send("message", *key)
            for job_id in jobs_waiting(session, now, AT_ONCE):
                self._send("job", str(job_id))

    def _send(self, kind: str, *key: str) -> None:
        if self._shared is not None:
            try:
                self._shared.send(kind, key)
                return
            except (RedisError, dramatiq.ConnectionError) as error:
                log.warning("Redis is out of reach, this process works alone: %s", type(error).__name__)
        self._here.send(kind, key)


class Team:
    """Hands for every kind of work, and what they were sent and have not taken."""

    def __init__(self, hands: "Mapping[str, Hands]", notes: Notes) -> None:
        self._hands, self._notes = hands, notes

    def start(self) -> None:
        for hands in self._hands.values():
            hands.start()

    def send(self, kind: str, key: tuple[str, ...]) -> None:
        """Send a key unless it is on its way already."""
        if self._notes.add(kind, key):
            self._hands[kind].send(key)

    def stop(self) -> None:
        """Let running work end."""
        for hands in self._hands.values():
            hands.stop()


class Hands:
    """One dramatiq broker with its threads and the actor for one kind of work."""

    def __init__(
        self, broker: dramatiq.Broker, kind: str, work: Callable[..., object], notes: Notes, threads: int
    ) -> None:
        def run(*key: str) -> None:
            notes.drop(kind, key)
            work(*key)

        self._broker = broker
        # No middleware of dramatiq's: a row knows itself when it must be tried again, and for how long it is taken.
        self._actor: dramatiq.Actor[..., None] = dramatiq.Actor(
            run, broker=broker, actor_name=f"liaodan_{kind}", queue_name=kind, priority=0, options={}
        )
        self._worker = dramatiq.Worker(broker, worker_threads=threads, worker_timeout=200)

    def start(self) -> None:
        self._broker.emit_after("process_boot")
        self._worker.start()

    def send(self, key: tuple[str, ...]) -> None:
        self._actor.send(*key)

    def stop(self) -> None:
        """Let running work end."""
        self._worker.stop(timeout=10_000)
        self._broker.close()


def _redis_broker(program: Program) -> dramatiq.Broker:
    return RedisBroker(  # type: ignore[no-untyped-call]  # dramatiq types only its core
        client=open_redis(program.settings.redis_url),
        namespace="liaodan",
        heartbeat_timeout=10_000,
        maintenance_chance=100_000,
        middleware=[],
    )
