"""`liaodan stream` as a real process that is killed again and again: nothing is lost, nothing is kept twice."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from emulator.dingtalk import Person, Platform
from emulator.dingtalk import Settings as PlatformSettings
from emulator.server import serve
from storage import tables
from storage.migrate import upgrade
from tests.channels.dingtalk_pushes import CLIENT, SECRET, a_message
from tests.channels.dingtalk_stub import StreamStub, until
from tests.databases import engines
from tests.ports import free_port

LIAODAN = Path(sys.executable).with_name("liaodan")
Starts = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.pg)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    for made in engines(request, tmp_path):
        upgrade(made)
        yield made


@pytest.fixture
def stub() -> Iterator[StreamStub]:
    made = StreamStub()
    yield made
    made.close()


@pytest.fixture
def environment(stub: StreamStub, engine: Engine, tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "LIAODAN_DATA": str(tmp_path),
        "LIAODAN_SECRET_KEY": "test",
        "DINGTALK_CLIENT_ID": CLIENT,
        "DINGTALK_CLIENT_SECRET": SECRET,
        "DINGTALK_API_BASE": stub.url,
    }


@pytest.fixture
def starts() -> Iterator[Starts]:
    """Start a process of ours; whatever still runs at the end is killed."""
    running: list[subprocess.Popen[bytes]] = []

    def start(environment: dict[str, str], *words: str) -> subprocess.Popen[bytes]:
        made = subprocess.Popen([LIAODAN, *(words or ("stream",))], env=environment, stdout=subprocess.PIPE)
        running.append(made)
        return made

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=10)


def kept(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(select(tables.inbox.c.key)))


def test_it_shows_its_figures_and_stops_at_once(
    stub: StreamStub, engine: Engine, environment: dict[str, str], starts: Starts
) -> None:
    port = str(free_port())
    process = starts(environment, "stream", "--metrics", port)
    socket = stub.socket()
    socket.push(a_message(), number="f1")
    until(lambda: socket.answered("f1"))
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        figures = answer.read().decode()
    assert "liaodan_stream_connections 1.0" in figures
    assert 'liaodan_stream_frames_total{outcome="kept",topic="robot"} 1.0' in figures
    assert 'liaodan_stream_opened_total{outcome="ok"} 1.0' in figures
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "聊单 stream 已启动" in said.decode()


def test_without_dingtalk_it_waits_for_its_end(tmp_path: Path, starts: Starts) -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("DINGTALK_")}
    process = starts({**bare, "LIAODAN_DATA": str(tmp_path)})
    assert process.stdout is not None
    assert "没有配置钉钉" in process.stdout.readline().decode()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert process.returncode == 0


@pytest.mark.timeout(300)
def test_amid_kills_and_faults_every_message_is_kept_once(engine: Engine, tmp_path: Path, starts: Starts) -> None:
    """The emulated platform pushes for itself: by lot to whoever is connected, again after a second of silence."""
    people = tuple(Person(userid=f"user{number}", name=f"同事{number}") for number in range(10))
    platform = Platform(PlatformSettings(corp_id="dingcorp", client_id=CLIENT, client_secret=SECRET, people=people))
    platform.switches.robot_ack_s, platform.switches.robot_redeliveries = 1.0, 200
    platform.switches.disconnect_grace_s = 1.0
    server = serve(platform, "127.0.0.1", 0)
    chat = platform.app.test_client()
    environment = {
        **os.environ,
        "DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "LIAODAN_DATA": str(tmp_path),
        "LIAODAN_SECRET_KEY": "test",
        "DINGTALK_CLIENT_ID": CLIENT,
        "DINGTALK_CLIENT_SECRET": SECRET,
        "DINGTALK_API_BASE": server.url,
    }
    said: list[str] = []

    def say(count: int) -> None:
        for _ in range(count):
            text = f"第{len(said)}句"
            told = chat.post("/__emu/say", json={"userid": f"user{len(said) % 10}", "text": text}).get_json()
            said.append(f"{CLIENT}:{told['key']}")

    def strikes(name: str) -> bool:
        """Order a fault; refused while no connection stands, as between two of them."""
        return chat.post("/__emu/fault", json={"name": name}).status_code == 200

    for fault in ("disconnect", "drop_abrupt", "dup_push", "disconnect", "reorder_push"):
        process = starts(environment)
        until(lambda: any(one.state == "open" for one in platform.stream.connections()), 30)
        say(40)
        until(partial(strikes, fault), 30)
        say(40)
        until(lambda: len(kept(engine)) > len(said) // 2, 30)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=10)
        acknowledged = [one for one in platform.pushes.recent(600) if one["outcome"] == "delivered"]
        assert len(kept(engine)) >= len(acknowledged) > 0
    process = starts(environment)
    until(lambda: not [one for one in platform.pushes.recent(600) if one["outcome"] != "delivered"], 120)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    keys = kept(engine)
    pushes = sum(one["attempts"] for one in platform.pushes.recent(600))
    server.close()
    assert len(said) == 400
    assert sorted(keys) == sorted(said)
    print(f"{len(said)} messages, {pushes} pushes, 5 kills, {len(keys)} rows")


@pytest.mark.timeout(120)
def test_what_is_said_over_stream_is_answered_on_the_phone(engine: Engine, tmp_path: Path, starts: Starts) -> None:
    platform = Platform(
        PlatformSettings(
            corp_id="dingcorp",
            client_id=CLIENT,
            client_secret=SECRET,
            people=(Person(userid="zhangwei", name="张伟"), Person(userid="nobody", name="陌生人")),
        )
    )
    server = serve(platform, "127.0.0.1", 0)
    chat = platform.app.test_client()
    environment = {
        **os.environ,
        "DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "LIAODAN_DATA": str(tmp_path),
        "LIAODAN_SECRET_KEY": "test",
        "LIAODAN_ADMINS": "dingtalk:zhangwei",
        "DINGTALK_CLIENT_ID": CLIENT,
        "DINGTALK_CLIENT_SECRET": SECRET,
        "DINGTALK_API_BASE": server.url,
        "DINGTALK_OAPI_BASE": server.url,
    }
    running = [starts(environment), starts(environment, "worker")]
    until(platform.stream.connections, 30)
    for who, answer in (("zhangwei", "zhangwei，"), ("nobody", "请联系管理员")):
        chat.post("/__emu/say", json={"userid": who, "text": "帮助"})
        until(lambda who=who, answer=answer: answer in str(heard(chat, who)), 30)
    calls = {one["api"] for one in platform.calls.since()}
    assert not any("batchSend" in api for api in calls)
    for process in running:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    server.close()


def heard(chat: FlaskClient, user_id: str) -> list[dict[str, Any]]:
    """What the robot has told somebody."""
    items: list[dict[str, Any]] = chat.get(f"/__emu/outbox?userid={user_id}").get_json()["items"]
    return [item for item in items if item["from"] == "app"]
