"""Tokens, locks, budgets and wake-ups: the embedded ones and Redis' keep the same promises."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import Engine, insert

from bot.bootstrap import LocalWake
from storage import tables
from storage.engine import open_engine
from storage.redis import RedisBudgets, RedisLocks, RedisTokens, RedisWake, open_redis
from storage.seal import Seal
from storage.shared import OutboxBudgets, SharedLocks, SharedTokens
from tests.databases import engines

SEAL = Seal("key")
SOON = timedelta(seconds=30)
NO_WAIT = timedelta(0)


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.pg),
        pytest.param("redis", marks=pytest.mark.redis),
    ]
)
def ports(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Any, Any]]:
    """A token book and locks of every kind."""
    if request.param == "redis":
        redis = Redis.from_url(request.getfixturevalue("redis_url"))
        redis.flushall()
        engine = open_engine(f"sqlite:///{tmp_path / 'twin.db'}")
        tables.metadata.create_all(engine)
        yield RedisTokens(redis, SEAL, SharedTokens(engine, SEAL)), RedisLocks(redis, SharedLocks(engine))
        redis.close()
        engine.dispose()
        return
    for engine in engines(request, tmp_path):
        tables.metadata.create_all(engine)
        yield SharedTokens(engine, SEAL), SharedLocks(engine)


def test_a_token_is_shared_until_it_expires(ports: tuple[Any, Any]) -> None:
    tokens, _ = ports
    assert tokens.get("wecom") is None
    tokens.put("wecom", "first", SOON)
    tokens.put("wecom", "second", SOON)
    assert tokens.get("wecom") == "second"
    tokens.put("short", "gone", timedelta(seconds=1))
    time.sleep(1.1)
    assert tokens.get("short") is None


def test_a_token_is_unreadable_at_rest_and_under_another_key(any_engine: Engine) -> None:
    tables.metadata.create_all(any_engine)
    SharedTokens(any_engine, SEAL).put("wecom", "very-secret", SOON)
    with any_engine.connect() as connection:
        assert "very-secret" not in str(connection.execute(tables.shared.select()).all())
    assert SharedTokens(any_engine, SEAL).get("wecom") == "very-secret"
    assert SharedTokens(any_engine, Seal("another key")).get("wecom") is None


def test_only_the_token_that_failed_is_dropped(ports: tuple[Any, Any]) -> None:
    tokens, _ = ports
    tokens.put("wecom", "fresh", SOON)
    tokens.drop("wecom", "stale")
    assert tokens.get("wecom") == "fresh"
    tokens.drop("wecom", "fresh")
    assert tokens.get("wecom") is None


def test_one_holds_a_lock_and_the_others_wait_or_go_without(ports: tuple[Any, Any]) -> None:
    _, locks = ports
    with locks.hold("refresh", lives=SOON, wait=NO_WAIT) as first:
        assert first.acquired
        with locks.hold("refresh", lives=SOON, wait=timedelta(seconds=0.1)) as second:
            assert not second.acquired
        assert first.extend()
        assert not second.extend()
    with locks.hold("refresh", lives=SOON, wait=NO_WAIT) as third:
        assert third.acquired


def test_a_lock_whose_holder_died_is_free_when_its_life_ends(ports: tuple[Any, Any]) -> None:
    _, locks = ports
    dead = locks.hold("clock", lives=timedelta(seconds=1), wait=NO_WAIT)
    dead.__enter__()
    with locks.hold("clock", lives=SOON, wait=timedelta(seconds=3)) as heir:
        assert heir.acquired
        assert not dead.extend()


def test_many_who_want_a_lock_get_it_one_after_the_other(ports: tuple[Any, Any]) -> None:
    _, locks = ports
    inside, most = [0], [0]

    def enter() -> None:
        with locks.hold("one", lives=SOON, wait=timedelta(seconds=20)) as hold:
            assert hold.acquired
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            time.sleep(0.005)
            inside[0] -= 1

    threads = [threading.Thread(target=enter) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]


def test_the_embedded_budget_counts_what_was_sent_even_by_another_process(any_engine: Engine) -> None:
    tables.metadata.create_all(any_engine)
    budgets = OutboxBudgets(any_engine, per_minute=5, per_hour=8)
    assert budgets.left("wecom", "zhangwei") == 5
    _sent(any_engine, minutes_ago=0, parts=3)
    assert budgets.left("wecom", "zhangwei") == 2
    _sent(any_engine, minutes_ago=30, parts=4)
    assert budgets.left("wecom", "zhangwei") == 1
    assert budgets.left("wecom", "lina") == 5


@pytest.mark.redis
def test_the_redis_budget_counts_messages_in_moving_windows(redis_url: str, any_engine: Engine) -> None:
    Redis.from_url(redis_url).flushall()
    twin = OutboxBudgets(any_engine, per_minute=5, per_hour=8)
    budgets = RedisBudgets(open_redis(redis_url), per_minute=5, per_hour=8, twin=twin)
    budgets.spend("wecom", "zhangwei", 3)
    assert budgets.left("wecom", "zhangwei") == 2
    assert budgets.left("wecom", "lina") == 5


@pytest.mark.redis
def test_a_message_of_more_parts_than_the_budget_has_left_uses_it_up(redis_url: str, any_engine: Engine) -> None:
    Redis.from_url(redis_url).flushall()
    twin = OutboxBudgets(any_engine, per_minute=5, per_hour=8)
    budgets = RedisBudgets(open_redis(redis_url), per_minute=5, per_hour=8, twin=twin)
    budgets.spend("wecom", "zhangwei", 3)
    budgets.spend("wecom", "zhangwei", 4)
    assert budgets.left("wecom", "zhangwei") == 0


@pytest.mark.redis
def test_a_call_wakes_a_waiting_worker_at_once(redis_url: str) -> None:
    redis = Redis.from_url(redis_url)
    for wake in (LocalWake(), RedisWake(redis)):
        caller = threading.Timer(0.1, wake.call)
        caller.start()
        begun = time.monotonic()
        wake.wait(5)
        assert time.monotonic() - begun < 3
        caller.join()
    redis.close()


def test_without_redis_everything_goes_on_over_the_database(any_engine: Engine) -> None:
    tables.metadata.create_all(any_engine)
    gone = open_redis("redis://127.0.0.1:1")
    tokens = RedisTokens(gone, SEAL, SharedTokens(any_engine, SEAL))
    tokens.put("wecom", "token", SOON)
    assert tokens.get("wecom") == "token"
    tokens.drop("wecom", "token")
    assert tokens.get("wecom") is None
    locks = RedisLocks(gone, SharedLocks(any_engine))
    with locks.hold("clock", lives=SOON, wait=NO_WAIT) as first:
        assert first.acquired
        assert first.extend()
        with locks.hold("clock", lives=SOON, wait=NO_WAIT) as second:
            assert not second.acquired
    with locks.hold("clock", lives=SOON, wait=NO_WAIT) as third:
        assert third.acquired
    _sent(any_engine, minutes_ago=0, parts=3)
    twin = OutboxBudgets(any_engine, per_minute=5, per_hour=8)
    budgets = RedisBudgets(gone, per_minute=5, per_hour=8, twin=twin)
    budgets.spend("wecom", "zhangwei", 1)
    assert budgets.left("wecom", "zhangwei") == 2
    wake = RedisWake(gone)
    wake.call()
    wake.wait(0.01)


def test_a_redis_that_hangs_up_is_called_twice_and_no_more(any_engine: Engine) -> None:
    tables.metadata.create_all(any_engine)
    calls: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            with suppress(OSError):
                while True:
                    listening.accept()[0].close()
                    calls.append(1)

        Thread(target=hang_up, daemon=True).start()
        redis = open_redis(f"redis://127.0.0.1:{listening.getsockname()[1]}")
        assert RedisTokens(redis, SEAL, SharedTokens(any_engine, SEAL)).get("wecom") is None
        twin = OutboxBudgets(any_engine, per_minute=5, per_hour=8)
        assert RedisBudgets(redis, per_minute=5, per_hour=8, twin=twin).left("wecom", "zhangwei") == 5
        redis.close()
        listening.shutdown(socket.SHUT_RDWR)
    assert len(calls) <= 4


def _sent(engine: Engine, minutes_ago: int, parts: int) -> None:
    now = datetime.now(UTC)
    with engine.begin() as connection:
        connection.execute(
            insert(tables.outbox),
            [
                {
                    "channel": "wecom",
                    "user_id": "zhangwei",
                    "kind": "card",
                    "content": {},
                    "created_at": now,
                    "state": "sent",
                    "parts": parts,
                    "sent_at": now - timedelta(minutes=minutes_ago),
                }
            ],
        )
