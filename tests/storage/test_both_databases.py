"""The same story on SQLite and on PostgreSQL: races, savepoints, queues, and equal answers to one random history."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, select

from core.errors import Conflict, DuplicateLead, LeadAlreadyHeld
from core.model.member import SYSTEM
from core.services.claiming import claim_lead
from core.services.duplicates import LooksLike
from core.services.leads import NewLead, create_lead
from storage import tables
from storage.intake import Arrival, Intake
from storage.intake import _Waiting as Waiting
from storage.tables import metadata
from tests.world import START, World


def test_a_day_in_the_chat(any_world: World) -> None:
    world = any_world
    world.says("张伟", "新线索 苏州汇川 王先生 13812345678 官网来的 要100台伺服")
    assert "已记跟进" in world.says("张伟", "跟进 汇川 电话聊了报价，下周三下午三点再联系")[0]
    assert "苏州汇川" in world.says("王强", "看看 汇川")[0]
    assert "已撤销" in world.says("张伟", "撤销")[0]
    world.passes(hours=24, minutes=1)
    assert world.lead("苏州汇川").state == "pooled"
    assert "领取成功" in world.says("李娜", "领取 1")[0]
    assert "已退回" in world.says("李娜", "退回 汇川 无需求")[0]


def test_fifty_claims_at_once_have_one_winner(any_world: World) -> None:
    world = any_world
    world.enrols(tuple((f"rep{n}", f"销售{n}", "rep", "销售部/华东", "") for n in range(50)))
    leads = world.has_leads(*(f"第{n}家机电" for n in range(4)), held_by="周婷")
    members = [world.member(f"销售{n}") for n in range(50)]

    def claim(number: int) -> bool:
        for _ in range(5):
            try:
                with world.program.open_work(members[number % 50]) as uow:
                    claim_lead(uow, leads[number // 50].id)
            except LeadAlreadyHeld:
                return False
            except Conflict:
                continue
            return True
        raise AssertionError("conflicts without end")

    with ThreadPoolExecutor(12) as pool:
        won = list(pool.map(claim, range(200)))
    assert [sum(won[n * 50 : n * 50 + 50]) for n in range(4)] == [1, 1, 1, 1]
    with world.program.engine.connect() as connection:
        begun = connection.execute(select(tables.assignments.c.lead_id)).scalars().all()
    assert sorted(begun) == sorted(lead.id for lead in leads)


def test_twenty_copies_of_one_event_are_kept_once_and_parallel_keepers_share_a_commit(any_world: World) -> None:
    world = any_world
    intake = Intake(world.program.engine)
    arrivals = [
        Arrival(channel="wecom", key=f"k{n % 50}", user_id="zhangwei", event={"n": n}, received_at=world.now)
        for n in range(1000)
    ]
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda one: intake.keep([one]), arrivals))
    intake.close()
    with world.program.engine.connect() as connection:
        assert len(connection.execute(select(tables.inbox.c.id)).all()) == 50


def test_an_event_that_the_database_refuses_costs_only_itself(any_engine: Engine) -> None:
    metadata.create_all(any_engine)
    intake = Intake(any_engine)
    odd = {1: {"text": "\ud800"}, 2: {"text": "\0"}}  # half a surrogate; a zero that PostgreSQL has no room for
    arrivals = [
        Arrival(channel="wecom", key=f"k{n}", user_id="z", event=odd.get(n, {}), received_at=START) for n in range(9)
    ]
    group = [Waiting([one]) for one in arrivals]
    intake._write(group)
    intake.close()
    refused = [n for n, waiting in enumerate(group) if waiting.error is not None]
    assert refused == ([1, 2] if any_engine.dialect.name == "postgresql" else [1])
    with any_engine.connect() as connection:
        assert len(connection.execute(select(tables.inbox.c.id)).all()) == 9 - len(refused)


def test_two_workers_on_one_persons_events_handle_each_once_and_in_order(any_world: World) -> None:
    world = any_world
    for number in range(20):
        world.comes("张伟", "text", text=f"新线索 第{number}家机电 138123400{number:02}")
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: world.program.dispatcher.drain("wecom", "zhangwei"), range(4)))
    assert sum(counts) == 20
    with world.work() as uow:
        names = [lead.name for lead in sorted(uow.leads.held_by(world.member("张伟").id), key=lambda lead: lead.id)]
    assert names == [f"第{n}家机电" for n in range(20)]


def test_two_sweeps_at_once_recycle_each_lead_once(any_world: World) -> None:
    world = any_world
    world.has_leads(*(f"第{n}家机电" for n in range(40)), held_by="张伟")
    world.now += timedelta(hours=25)
    from scheduler.jobs import tick

    with ThreadPoolExecutor(3) as pool:
        passes = list(pool.map(lambda _: tick(world.program.open_work, world.program.workdays), range(3)))
    assert sum(done.kept.get("recycle", 0) for done in passes) == 40
    with world.program.engine.connect() as connection:
        ended = connection.execute(
            select(tables.assignments.c.lead_id).where(tables.assignments.c.ended_at.is_not(None))
        )
        assert len(ended.all()) == 40


def test_sqlite_and_postgresql_give_the_same_answers_to_one_random_history(any_world: World) -> None:
    world, dice = any_world, random.Random(20260305)
    answers = []
    for step in range(70):
        who = dice.choice(["张伟", "李娜", "王强"])
        number = dice.randint(1, 12)
        line = dice.choice(LINES).format(number=number, step=step)
        answers.append((who, line, world.says(who, line)))
        if step % 10 == 9:
            world.passes(hours=dice.randint(1, 9))
            for name in ("张伟", "李娜", "王强"):
                answers.append((name, "clock", world.heard(name)))
    kept = HISTORIES.setdefault("answers", answers)
    assert kept == answers


LINES = (
    "新线索 第{number}家机电 1381234{number:04}",
    "领取 {number}",
    "退回 {number} 无需求",
    "撤销",
    "今天",
    "公海",
    "跟进 L{number} 电话聊了第{step}次报价",
    "看看 L{number}",
    "查一下 第{number}家机电",
)


def test_the_months_usage_is_summed_by_channel(any_world: World) -> None:
    world = any_world
    world.says("张伟", "帮助")
    world.says("李娜", "帮助")
    now = datetime.now(UTC)  # deliveries carry the machine's own time
    with world.program.open_work(SYSTEM, reading=True) as uow:
        (heard,) = uow.usage.between(world.now - timedelta(days=1), world.now + timedelta(days=1))
        (sent,) = uow.usage.between(now - timedelta(hours=1), now + timedelta(hours=1))
        assert uow.usage.between(now - timedelta(days=900), now - timedelta(days=800)) == []
    assert (heard.channel, heard.pushes) == ("wecom", 2)
    assert (sent.channel, sent.calls) == ("wecom", 2)


HISTORIES: dict[str, list[object]] = {}
"""What the first database answered; the second one must say the same."""


def test_the_same_phone_put_on_record_by_two_at_once_is_created_once(any_world: World) -> None:
    world = any_world
    members = [world.member("张伟"), world.member("李娜")]

    def create(number: int) -> bool:
        try:
            with world.program.open_work(members[number]) as uow:
                create_lead(uow, NewLead(name=f"第{number}家机电", phone="13812345678"))
        except DuplicateLead:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(create, range(2))) == [False, True]


@pytest.mark.parametrize("names", [("苏州汇川技术", "苏州汇川技术"), ("汇川技术", "汇川科技（常州）有限公司")])
def test_two_people_entering_one_company_at_the_same_moment_make_it_once(
    any_world: World, names: tuple[str, str]
) -> None:
    world = any_world
    members = [world.member("张伟"), world.member("李娜")]
    barrier = Barrier(2)

    def create(number: int) -> bool:
        barrier.wait()
        try:
            with world.program.open_work(members[number]) as uow:
                create_lead(uow, NewLead(name=names[number]))
        except (DuplicateLead, LooksLike):
            return False
        return True

    for _ in range(5):
        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(create, range(2))) == [False, True]
        with world.work() as uow:
            for lead in uow.leads.find(range(1, 100)):
                lead.deleted_at = uow.now
