"""The clock process: one leader drives APScheduler, the others wait to take over.

APScheduler calls one pass every second, and a pass does everything that is due: the deadlines, and the daily jobs
(`scheduler.jobs.DAILY`: the plan at 08:30, the digest at 18:00, …), each at its hour and once a day. They need no
triggers of their own, which would only run a second pass beside the first.

Even two leaders for a moment do no harm: every promise is a row that is locked while it is kept.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from threading import Event as Flag
from threading import Thread

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.bootstrap import Program
from bot.channels.base import Hold
from scheduler.jobs import tick

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=6)
RENEW_S = 2.0
SWEEP_S = 1


class Clock:
    """Leads when it can get the lock, and while it leads, everything due is done within a second.

    `pass_over` does what is due now; the demo, whose clock jumps, brings one that walks there in steps.
    """

    def __init__(self, program: Program, pass_over: Callable[[], object] | None = None) -> None:
        self._program = program
        self._pass_over = pass_over or (lambda: tick(program.open_work, program.workdays))
        self._scheduler = BackgroundScheduler(
            timezone=program.settings.timezone,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 60},
        )
        self._scheduler.add_job(self.tick, IntervalTrigger(seconds=SWEEP_S), id="sweep")
        self._stopping = Flag()
        self._leads = False
        self._thread = Thread(target=self._run, name="clock", daemon=True)

    def start(self) -> None:
        """Start competing for the lead; returns at once."""
        self._scheduler.start(paused=True)
        self._thread.start()

    def stop(self) -> None:
        """Let go of the lead and stop."""
        self._stopping.set()
        self._thread.join(timeout=10)
        self._scheduler.shutdown(wait=True)

    def tick(self) -> None:
        """Do everything that is due now."""
        self._pass_over()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with self._program.locks.hold("clock", lives=LEASE, wait=timedelta(0)) as hold:
                    self._follow(hold.acquired)
                    while not self._stopping.wait(RENEW_S):
                        self._renew(hold)
            except Exception as error:
                log.warning("the lead cannot be taken or let go: %s", type(error).__name__)
                self._follow(False)
                self._stopping.wait(RENEW_S)

    def _renew(self, hold: Hold) -> None:
        try:
            self._follow(hold.extend())
        except Exception as error:
            log.warning("the lead cannot be renewed: %s", type(error).__name__)
            self._follow(False)

    def _follow(self, leads: bool) -> None:
        if leads and not self._leads:
            log.info("this clock leads")
            self._scheduler.resume()
        if self._leads and not leads:
            log.info("this clock no longer leads")
            self._scheduler.pause()
        self._leads = leads
