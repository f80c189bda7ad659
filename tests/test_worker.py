"""The worker's threads and its pump: nobody's slowness is anybody else's, and looking costs nothing."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event as Flag

import pytest
from redis import Redis

from bot.channels.base import Receipt
from bot.worker import LocalNotes, Worker
from core.model.job import Job
from core.model.member import SYSTEM
from storage.engine import open_engine
from storage.redis import RedisNotes
from tests.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The program on a file, so that threads have connections of their own."""
    made = World(open_engine(f"sqlite:///{tmp_path / 'liaodan.db'}"))
    yield made
    made.close()


def until(true: Callable[[], bool], seconds: float = 15) -> None:
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(0.02)


def test_a_platform_that_hangs_keeps_no_event_waiting(world: World) -> None:
    hanging, entered = Flag(), []

    def hang(user_id: str, card: object, *, card_id: str, again: bool, **more: object) -> Receipt:
        entered.append(user_id)
        hanging.wait(30)
        return Receipt()

    world.channel.send = hang  # type: ignore[method-assign]
    worker = Worker(world.program, threads=2)
    worker.start()
    try:
        for name in ("张伟", "李娜", "陈晨"):
            world.comes(name, "text", text="帮助")
        until(lambda: len(entered) == 2)
        world.comes("王强", "text", text="新线索 苏州汇川 13812345678")
        until(lambda: _leads(world) == 1, 5)
    finally:
        hanging.set()
        worker.stop()


def _leads(world: World) -> int:
    with world.program.open_work(SYSTEM, reading=True) as uow:
        return len(uow.leads.find(range(1, 10)))


def test_a_key_is_sent_once_until_it_is_taken_and_there_is_an_end_to_what_is_noted() -> None:
    notes = LocalNotes(most=2)
    assert notes.add("event", ("wecom", "zhangwei"))
    assert not notes.add("event", ("wecom", "zhangwei"))
    assert notes.add("message", ("wecom", "zhangwei"))
    assert not notes.add("event", ("wecom", "lina"))
    notes.drop("event", ("wecom", "zhangwei"))
    assert notes.add("event", ("wecom", "zhangwei"))


@pytest.mark.redis
def test_with_redis_whoever_takes_a_key_lets_every_process_send_it_again(redis_url: str) -> None:
    redis = Redis.from_url(redis_url)
    one, other = RedisNotes(redis), RedisNotes(redis)
    assert one.add("event", ("wecom", "zhangwei"))
    assert not one.add("event", ("wecom", "zhangwei"))
    assert not other.add("event", ("wecom", "zhangwei"))
    other.drop("event", ("wecom", "zhangwei"))
    assert one.add("event", ("wecom", "zhangwei"))
    assert 0 < redis.ttl("liaodan:sent:event:wecom:zhangwei") <= 60
    redis.close()


def test_only_what_leaves_messages_or_jobs_wakes_the_pump(world: World) -> None:
    calls: list[int] = []
    world.program.open_work._committed = lambda: calls.append(1)
    with world.work():
        pass
    world.program.dispatcher.next("wecom", "zhangwei")
    assert calls == []
    with world.work() as uow:
        uow.jobs.add(Job(kind="forget_old", content={}, created_at=uow.now))
    assert len(calls) == 1
    world.comes("张伟", "text", text="帮助")
    world.program.dispatcher.next("wecom", "zhangwei")
    assert len(calls) == 2
