"""The processes of the Procfile, as real processes against the emulated platform: nothing acknowledged is ever lost."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from sqlalchemy import Engine, func, select

from bot.bootstrap import build
from bot.demo.company import enrol_people
from bot.demo.platform import environment, wecom_platform
from bot.settings import Settings
from emulator.server import serve
from emulator.wecom import Platform
from storage import migrate, tables
from tests.databases import engines
from tests.ports import free_port

LIAODAN = Path(sys.executable).with_name("liaodan")


class Company:
    """Web, worker and clock as processes; the platform in this one."""

    def __init__(self, engine: Engine, redis_url: str, folder: Path) -> None:
        self.engine = engine
        port = free_port()
        self.platform = Platform(wecom_platform(port, None))
        self.chat = serve(self.platform, "127.0.0.1", 0)
        self._environment = {
            **os.environ,
            **environment(wecom=self.chat.port),
            "DATABASE_URL": engine.url.render_as_string(hide_password=False),
            "REDIS_URL": redis_url,
            "LIAODAN_DATA": str(folder),
            "LIAODAN_SECRET_KEY": "test",
            "PORT": str(port),
        }
        self._running: list[subprocess.Popen[bytes]] = []
        migrate.upgrade(engine)
        program = build(Settings(database_url=self._environment["DATABASE_URL"], _env_file=None))
        enrol_people(program.open_work)
        program.close()

    def runs(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [LIAODAN, *words], check=False, env=self._environment, capture_output=True, text=True, timeout=60
        )

    def starts(self, *words: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([LIAODAN, *words], env=self._environment, stdout=subprocess.DEVNULL)
        self._running.append(process)
        return process

    def opens(self) -> None:
        """Start the web process and wait until it answers."""
        self.starts("web")
        until(self._is_open)

    def _is_open(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self._environment['PORT']}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def says(self, user_id: str, text: str) -> None:
        client = self.platform.app.test_client()
        assert client.post("/__emu/say", json={"userid": user_id, "text": text}).status_code == 200

    def screen(self, user_id: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (
            self.platform.app.test_client().get(f"/__emu/outbox?userid={user_id}").json["items"]
        )
        return items

    def count(self, table: Any, *where: Any) -> int:
        with self.engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(table).where(*where)) or 0

    def lets_leases_run_out(self) -> None:
        """Let the half minute go by for which a worker that is dead holds what it was sending."""
        with self.engine.begin() as connection:
            leased = tables.outbox.c.leased_until.is_not(None)
            connection.execute(tables.outbox.update().where(leased).values(leased_until=datetime.now(UTC)))

    def close(self) -> None:
        for process in self._running:
            process.terminate()
        for process in self._running:
            assert process.wait(20) is not None
        self.chat.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=[pytest.mark.pg, pytest.mark.redis])])
def company(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Company]:
    """SQLite without Redis, and PostgreSQL with Redis."""
    redis_url = request.getfixturevalue("redis_url") if request.param == "postgresql" else ""
    for engine in engines(request, tmp_path):
        made = Company(engine, redis_url, tmp_path)
        yield made
        made.close()


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(0.05)


def test_a_message_is_answered_and_a_killed_worker_loses_and_doubles_nothing(company: Company) -> None:
    company.opens()
    worker = company.starts("worker")
    company.says("zhangwei", "帮助")
    until(lambda: "一句话就能记" in str(company.screen("zhangwei")))
    for number in range(12):
        company.says("zhangwei", f"新线索 第{number}家机电 138123400{number:02}")
        if number == 6:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
    until(lambda: company.count(tables.inbox) == 13)
    company.lets_leases_run_out()
    company.starts("worker")
    company.starts("worker")
    until(lambda: company.count(tables.leads) == 12)
    until(lambda: company.count(tables.inbox, tables.inbox.c.state != "done") == 0)
    until(lambda: company.count(tables.outbox, tables.outbox.c.state != "sent") == 0, 90)
    titles = [
        item["content"]["main_title"]["title"] for item in company.screen("zhangwei") if "task_id" in item["content"]
    ]
    answers = [title for title in titles if title.startswith("新线索")]
    assert len(set(answers)) == 12
    assert len(answers) <= 13, "at most one visible copy of what was being sent when the worker was killed"


def test_two_clocks_run_and_one_leads_and_what_is_due_is_done_once(company: Company) -> None:
    company.opens()
    company.starts("worker")
    company.says("zhangwei", "提醒我 1分钟后 给王工回电话")
    until(lambda: company.count(tables.deadlines) == 1)
    with company.engine.begin() as connection:
        connection.execute(tables.deadlines.update().values(due_at=datetime.now(UTC)))
    company.starts("clock")
    company.starts("clock")
    until(lambda: "提醒时间到" in str(company.screen("zhangwei")), 40)
    time.sleep(3)
    assert str(company.screen("zhangwei")).count("提醒时间到") == 1


def test_a_tick_of_another_moment_is_rehearsed_run_and_delivered_from_the_command_line(company: Company) -> None:
    company.opens()
    worker = company.starts("worker")
    company.says("zhangwei", "新线索 苏州汇川 13812345678")
    until(lambda: company.count(tables.outbox, tables.outbox.c.state == "sent") == 1)
    worker.terminate()
    worker.wait(20)
    later = time.strftime("%Y-%m-%dT%H:%M:%S+08:00", time.gmtime(time.time() + 8 * 3600 + 26 * 3600))
    rehearsed = company.runs("tick", "--now", later, "--dry-run")
    assert "首次跟进24小时" in rehearsed.stdout, rehearsed.stderr
    assert company.count(tables.leads, tables.leads.c.state == "pooled") == 0
    assert company.runs("tick", "--now", later).returncode == 0
    assert company.count(tables.leads, tables.leads.c.state == "pooled") == 1
    assert company.runs("tick", "--now", later).returncode == 0
    delivered = company.runs("deliver")
    assert delivered.returncode == 0, delivered.stderr
    assert str(company.screen("zhangwei")).count("已回收到公海") == 1


def test_a_command_lays_out_the_schema(any_engine: Engine, tmp_path: Path) -> None:
    url = any_engine.url.render_as_string(hide_password=False)
    environment = {**os.environ, "DATABASE_URL": url, "LIAODAN_DATA": str(tmp_path), "LIAODAN_SECRET_KEY": "test"}
    subprocess.run([LIAODAN, "db", "upgrade"], check=True, env=environment, stdout=subprocess.DEVNULL, timeout=60)
    assert migrate.is_current(any_engine)


def test_a_users_mistake_is_one_clear_line_and_status_one(company: Company) -> None:
    for words in (["tick", "--now", "tomorrow"], ["events", "retry", "77"], ["calendar", "set", "2027-13-01", "off"]):
        failed = company.runs(*words)
        assert failed.returncode == 1
        assert len(failed.stderr.strip().splitlines()) == 1, failed.stderr
        assert "Traceback" not in failed.stderr
