"""A change of the playbook holds for every process at once, and one that dies on the way changes nothing."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from storage import tables
from storage.migrate import upgrade
from tests.databases import engines
from tests.processes.test_processes import until

LIAODAN = Path(sys.executable).with_name("liaodan")
WATCH = """
import sys
from bot.bootstrap import build
from bot.settings import Settings
from core.model.member import SYSTEM
program = build(Settings(_env_file=None))
for line in sys.stdin:
    with program.open_work(SYSTEM, reading=True) as uow:
        print(uow.playbook.chat.pool_page, flush=True)
"""
DIE = """
import os, signal, sys
from bot.bootstrap import build
from bot.settings import Settings
from core.model.member import SYSTEM
from core.services.playbook.applying import Change, apply_change
program = build(Settings(_env_file=None))
with program.open_work(SYSTEM) as uow:
    apply_change(uow, Change(document=uow.documents.read("chat: {pool_page: 29}"), why="die"))
    assert uow.playbook.chat.pool_page == 29
    print("applied", flush=True)
    sys.stdin.read()
"""


class Installation:
    """A database, and processes that work on it."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.folder = engine, folder
        self.environment = {
            **os.environ,
            "DATABASE_URL": engine.url.render_as_string(hide_password=False),
            "REDIS_URL": "",
            "LIAODAN_DATA": str(folder),
            "LIAODAN_SECRET_KEY": "test",
        }
        self.running: list[subprocess.Popen[str]] = []

    def starts(self, code: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.running.append(process)
        return process

    def runs(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [LIAODAN, *words], check=False, env=self.environment, capture_output=True, text=True, timeout=60
        )

    def applies(self, document: str, *options: str) -> subprocess.CompletedProcess[str]:
        file = self.folder / f"{threading.get_ident()}.yaml"
        file.write_text(document, encoding="utf-8")
        return self.runs("playbook", "apply", str(file), "--why", "试", *options)

    def versions(self) -> int:
        with self.engine.connect() as connection:
            return connection.scalar(select(func.max(tables.playbook_versions.c.number))) or 0

    def close(self) -> None:
        for process in self.running:
            process.kill()
            process.communicate()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.pg)])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    for engine in engines(request, tmp_path):
        upgrade(engine)
        made = Installation(engine, tmp_path)
        yield made
        made.close()


def test_five_processes_see_a_change_in_their_next_transaction(installation: Installation) -> None:
    assert installation.applies("chat: {pool_page: 11}").returncode == 0
    watchers = [installation.starts(WATCH) for _ in range(5)]
    assert [_asked(watcher) for watcher in watchers] == [11] * 5
    for pages in (12, 13):
        assert installation.applies(f"chat: {{pool_page: {pages}}}").returncode == 0
        assert [_asked(watcher) for watcher in watchers] == [pages] * 5
    assert installation.runs("playbook", "rollback", "2", "--why", "退回").returncode == 0
    assert [_asked(watcher) for watcher in watchers] == [11] * 5


def test_a_process_that_is_killed_while_it_applies_leaves_nothing_behind(installation: Installation) -> None:
    assert installation.applies("chat: {pool_page: 11}").returncode == 0
    dying = installation.starts(DIE)
    assert dying.stdout is not None
    assert dying.stdout.readline() == "applied\n"
    watcher = installation.starts(WATCH)
    assert _asked(watcher) == 11
    dying.send_signal(signal.SIGKILL)
    dying.wait()
    assert _asked(watcher) == 11
    assert installation.applies("chat: {pool_page: 12}").returncode == 0
    assert (_asked(watcher), installation.versions()) == (12, 3)


def test_of_five_who_apply_at_the_same_moment_on_the_same_version_one_wins(installation: Installation) -> None:
    assert installation.applies("chat: {pool_page: 10}").returncode == 0
    done: list[subprocess.CompletedProcess[str]] = []
    threads = [
        threading.Thread(
            target=lambda n=n: done.append(installation.applies(f"chat: {{pool_page: {n}}}", "--base", "2"))
        )
        for n in range(11, 16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(lambda: len(done) == 5)
    assert sorted(one.returncode for one in done) == [0, 1, 1, 1, 1]
    assert all("现在已经是第 3 版" in one.stderr for one in done if one.returncode)
    assert installation.versions() == 3


def _asked(watcher: subprocess.Popen[str]) -> int:
    assert watcher.stdin is not None
    assert watcher.stdout is not None
    watcher.stdin.write("?\n")
    watcher.stdin.flush()
    return int(watcher.stdout.readline())
