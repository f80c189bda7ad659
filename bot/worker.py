"""The worker: dramatiq threads over inbox, outbox and jobs. Its messages carry ids only; the rows are the truth.

A pump looks for rows that wait (at once when it is called, otherwise several times a second) and sends each person's
key to an actor. A message that is lost, doubled or late harms nothing: the actor takes rows by lock or lease, and what
nobody took is found at the next look. With Redis its broker spreads the work over processes and machines.
"""

import logging
import time
from collections.abc import Callable, Mapping
from threading import Event as Flag
from threading import Thread
from typing import Any

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from bot.bootstrap import Program
from storage.queues import jobs_waiting, receivers_waiting, senders_waiting

log = logging.getLogger(__name__)

POLL_S = 0.2
AT_ONCE = 500
MOST_NOTED = 5000
RESEND_AFTER_S = 1.0
"""A key that was sent and not yet taken is not sent again for so long."""


class Worker:
    """Runs `program`'s work until it is stopped. While Redis is out of reach it works on in this process alone."""

    def __init__(self, program: Program, threads: int = 4) -> None:
        self._program = program
        self._sent: dict[tuple[str, ...], float] = {}
        self._here = Hands(StubBroker(middleware=[]), self._works(), threads)
        self._shared = Hands(_redis_broker(program), self._works(), threads) if program.settings.redis_url else None
        self._stopping = Flag()
        self._pump = Thread(target=self._run, name="pump", daemon=True)

    def start(self) -> None:
        """Start threads and pump; returns at once."""
        for hands in filter(None, (self._here, self._shared)):
            hands.start()
        self._pump.start()

    def stop(self) -> None:
        """Let running work end, take no more."""
        self._stopping.set()
        self._program.wake.call()
        self._pump.join(timeout=10)
        for hands in filter(None, (self._here, self._shared)):
            hands.stop()

    def _works(self) -> dict[str, Callable[..., Any]]:
        program = self._program
        return {
            "event": self._noted("event", program.dispatcher.drain),
            "message": self._noted("message", program.messenger.deliver),
            "job": self._noted("job", program.jobs.run),
        }

    def _noted(self, kind: str, work: Callable[..., Any]) -> Callable[..., None]:
        """Forget that a key was sent when its work begins: what comes from now on needs another look."""

        def run(*key: str) -> None:
            self._sent.pop((kind, *key), None)
            work(*key)

        return run

    def _run(self) -> None:
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
        moment = time.monotonic()
        if moment - self._sent.get((kind, *key), -RESEND_AFTER_S) < RESEND_AFTER_S:
            return
        if len(self._sent) > MOST_NOTED:
            self._sent = {sent: at for sent, at in self._sent.items() if moment - at < RESEND_AFTER_S}
        self._sent[(kind, *key)] = moment
        if self._shared is not None:
            try:
                self._shared.send(kind, key)
                return
            except (RedisError, dramatiq.ConnectionError) as error:
                log.warning("Redis is out of reach, this process works alone: %s", type(error).__name__)
        self._here.send(kind, key)


class Hands:
    """One dramatiq broker with its threads and an actor for each kind of work."""

    def __init__(self, broker: dramatiq.Broker, works: Mapping[str, Callable[..., None]], threads: int) -> None:
        self._broker = broker
        # No middleware of dramatiq's: a row knows itself when it must be tried again, and for how long it is taken.
        self._actors = {
            kind: dramatiq.Actor(
                work, broker=broker, actor_name=f"liaodan_{kind}", queue_name="default", priority=0, options={}
            )
            for kind, work in works.items()
        }
        self._worker = dramatiq.Worker(broker, worker_threads=threads, worker_timeout=200)

    def start(self) -> None:
        self._broker.emit_after("process_boot")
        self._worker.start()

    def send(self, kind: str, key: tuple[str, ...]) -> None:
        self._actors[kind].send(*key)

    def stop(self) -> None:
        """Let running work end."""
        self._worker.stop(timeout=10_000)
        self._broker.close()


def _redis_broker(program: Program) -> dramatiq.Broker:
    return RedisBroker(  # type: ignore[no-untyped-call]  # dramatiq types only its core
        url=program.settings.redis_url,
        namespace="liaodan",
        heartbeat_timeout=10_000,
        maintenance_chance=100_000,
        middleware=[],
    )
