"""The worker: dramatiq threads over inbox, outbox and jobs. Its messages carry ids only; the rows are the truth.

A pump looks for rows that wait (at once when it is called, otherwise several times a second) and sends each person's
key to an actor. A message that is lost, doubled or late harms nothing: the actor takes rows by lock or lease, and what
nobody took is found at the next look. With Redis the broker spreads the work over processes and machines.
"""

import logging
import time
from collections.abc import Callable
from threading import Event as Flag
from threading import Thread
from typing import Any

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from sqlalchemy.exc import SQLAlchemyError

from bot.bootstrap import Program
from storage.queues import jobs_waiting, receivers_waiting, senders_waiting

log = logging.getLogger(__name__)

POLL_S = 0.2
AT_ONCE = 500
RESEND_AFTER_S = 1.0
"""A key that was sent and not yet taken is not sent again for so long."""


class Worker:
    """Runs `program`'s work until it is stopped."""

    def __init__(self, program: Program, threads: int = 4) -> None:
        self._program = program
        self._broker = _broker(program)
        self._sent: dict[tuple[str, ...], float] = {}
        self._actors = {
            "event": self._actor("liaodan_event", program.dispatcher.drain),
            "message": self._actor("liaodan_message", program.messenger.deliver),
            "job": self._actor("liaodan_job", program.jobs.run),
        }
        self._worker = dramatiq.Worker(self._broker, worker_threads=threads, worker_timeout=200)
        self._stopping = Flag()
        self._pump = Thread(target=self._run, name="pump", daemon=True)

    def start(self) -> None:
        """Start threads and pump; returns at once."""
        self._broker.emit_after("process_boot")
        self._worker.start()
        self._pump.start()

    def stop(self) -> None:
        """Let running work end, take no more."""
        self._stopping.set()
        self._program.wake.call()
        self._pump.join(timeout=10)
        self._worker.stop(timeout=10_000)
        self._broker.close()

    def _actor(self, name: str, work: Callable[..., Any]) -> Any:
        def run(*key: str) -> None:
            self._sent.pop((name, *key), None)
            work(*key)

        # No middleware of dramatiq's: a row knows itself when it must be tried again, and for how long it is taken.
        return dramatiq.Actor(run, broker=self._broker, actor_name=name, queue_name="default", priority=0, options={})

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
        actor, moment = self._actors[kind], time.monotonic()
        name = (actor.actor_name, *key)
        if moment - self._sent.get(name, -RESEND_AFTER_S) >= RESEND_AFTER_S:
            self._sent[name] = moment
            actor.send(*key)


def _broker(program: Program) -> dramatiq.Broker:
    if program.settings.redis_url:
        return RedisBroker(  # type: ignore[no-untyped-call]  # dramatiq types only its core
            url=program.settings.redis_url,
            namespace="liaodan",
            heartbeat_timeout=10_000,
            maintenance_chance=100_000,
            middleware=[],
        )
    return StubBroker(middleware=[])
