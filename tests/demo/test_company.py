"""The demo company: a past that is true, and phones that are silent about it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.cards.card import Card
from bot.demo.company import BEGUN, MARK, enrol_people, seed
from bot.demo.people import PEOPLE
from bot.understanding.phones import find_phones
from core.model.deadline import DeadlineKind
from core.rules.duplicates import core_name
from core.rules.recycling import NOTHING_KNOWN, lead_deadlines
from core.services.keeping import facts_of
from storage.queues import count_waiting
from tests.world import START, World

REPS = ("张伟", "李娜", "陈晨")


@pytest.fixture(scope="module")
def lived() -> Iterator[World]:
    """The demo company on Thursday morning, as a visitor finds it. Tests here only read."""
    world = World()
    enrol_people(world.program.open_work)
    seed(world.program.open_work)
    world.rang = told(world)  # type: ignore[attr-defined]  # what the phones said before anybody looked
    world.delivers()
    for name in world.ids:
        world.heard(name)
    yield world
    world.close()


def test_a_second_start_changes_nothing(lived: World) -> None:
    before = _everything(lived)
    enrol_people(lived.program.open_work)
    seed(lived.program.open_work)
    assert _everything(lived) == before


def test_everybody_is_enrolled_and_led(lived: World) -> None:
    with lived.work() as uow:
        by_name = {member.name: member for member in uow.members.everybody()}
        assert {colleague.name for colleague in PEOPLE} <= by_name.keys()
        assert by_name["张伟"].manager_id == by_name["王强"].id
        assert by_name["赵敏"].manager_id == by_name["孙一鸣"].id


def test_everybody_has_work_and_the_newcomer_less(lived: World) -> None:
    reps = [lived.member(name) for name in REPS]
    with lived.work() as uow:
        held = {rep.name: (uow.leads.count_held_by(rep.id), len(uow.accounts.held_by(rep.id))) for rep in reps}
        assert 50 <= uow.leads.count_pooled() <= 80
    assert all(leads >= 15 and accounts >= 20 for leads, accounts in (held["张伟"], held["李娜"]))
    assert 5 <= held["陈晨"][0] < 15
    assert 3 <= held["陈晨"][1] < 10
    assert 300 <= _count(lived, "followups") <= 900


def test_no_phone_rings_for_the_past_but_for_what_still_waits_to_be_decided(lived: World) -> None:
    assert lived.rang == {"ApprovalShown", "ApprovalNews"}  # type: ignore[attr-defined]  # see `lived`
    with lived.program.open_work.reading() as session:
        assert count_waiting(session) == 0


def test_managers_and_finance_find_special_prices_to_decide(lived: World) -> None:
    for name in ("王强", "赵敏", "陈静"):
        assert [button.label for button in _open_cards(lived, name)[-1].buttons][:2] == ["同意", "不同意"], name


def test_every_held_lead_has_exactly_the_clocks_it_should(lived: World) -> None:
    reps = [lived.member(name) for name in REPS]
    with lived.work() as uow:
        for rep in reps:
            for lead in uow.leads.held_by(rep.id):
                known = facts_of(uow, [lead]).get(lead.ref, NOTHING_KNOWN)
                due = {d.key: d.due_at for d in lead_deadlines(lead, known, uow.playbook, uow.calendar)}
                standing = {d.key: d.due_at for d in uow.deadlines.of(lead.ref)}
                assert standing == {key: at for key, at in due.items() if at > START}
                assert known.keeps or any(key[2] == DeadlineKind.RECYCLE for key in standing)


def test_leads_that_ran_out_were_recycled_when_they_ran_out(lived: World) -> None:
    rows = _rows(lived, "select begun_at, ended_at, ended_by, reason from assignments where ended_by like '超时回收%'")
    assert len(rows) >= 10
    assert {row.ended_by.partition(":")[2] for row in rows} == {"首次跟进24小时", "30天未跟进"}
    late = "select count(*) from deadlines where kind = 'recycle' and settled_at is not null and settled_at > :later"
    assert _rows(lived, late.replace(":later", "datetime(due_at, '+2 minutes')"))[0][0] == 0


def test_nothing_happened_before_it_could_or_after_now(lived: World) -> None:
    early = """select count(*) from followups f join assignments a on f.customer_kind = 'lead'
        and f.customer_id = a.lead_id and f.author_id = a.member_id
        where f.at < a.begun_at or f.at > coalesce(a.ended_at, f.at)"""
    assert _rows(lived, early)[0][0] == 0
    assert _rows(lived, "select count(*) from followups f join accounts a on f.customer_id = a.id "
                 "where f.customer_kind = 'account' and f.at < a.created_at")[0][0] == 0  # fmt: skip
    assert _rows(lived, "select max(at) from history where actor_id is not null")[0][0] < "2026-03-05 01:50"
    assert _rows(lived, "select count(*) from followups where not valid")[0][0] == 0


def test_no_two_companies_look_alike_and_every_number_is_a_number(lived: World) -> None:
    names = [row[0] for row in _rows(lived, "select name from leads union all select name from accounts")]
    cores = [core_name(name) for name in names]
    assert len(set(cores)) == len(cores)
    phones = [row[0] for row in _rows(lived, "select phone from leads union all select phone from contacts")]
    assert len(set(phones)) == len(phones)
    assert all(find_phones(phone) and phone[3:7] == "0000" for phone in phones)


def test_a_start_that_was_stopped_halfway_says_what_to_do(world: World) -> None:
    with world.work() as uow:
        uow.runs.first(BEGUN, MARK)
    with pytest.raises(ValueError, match="删除数据目录"):
        seed(world.program.open_work)


class TestAVisit:
    """What a visitor sees first. They talk in this order, as on one morning."""

    def test_zhangweis_day_begins_with_what_is_lost_then_what_is_late_then_what_is_fresh(self, lived: World) -> None:
        plan = lived.says("张伟", "今天")[0]
        lines = plan.splitlines()[2:]
        assert 5 <= len(lines) <= 10
        assert "中兴通讯" in plan
        places = [_place(lines, words) for words in ("还没有首次跟进", "已过期", "大疆创新", "华为技术")]
        assert places == sorted(places)
        assert "很久没有跟进" in plan

    def test_the_pool_is_full_masked_and_has_both_regions(self, lived: World) -> None:
        for region in ("华东", "华南"):
            pool = lived.says("陈晨", f"公海 {region}")[0]
            lines = [line for line in pool.splitlines() if line.startswith("L")]
            assert len(lines) == 10
            assert all("****" in line and region in line for line in lines)

    def test_two_similar_names_are_asked_about(self, lived: World) -> None:
        asked = lived.says("张伟", "跟进：宏达，发了样品")[0]
        assert "上海宏达贸易" in asked
        assert "上海宏大机电" in asked
        lived.says("张伟", "算了")

    def test_the_famous_deal_stands_where_it_should(self, lived: World) -> None:
        card = lived.says("张伟", "看看 HW")[0]
        assert "商务谈判 400,000元" in card
        assert "刘总" in card

    def test_there_is_nothing_to_take_back_yet(self, lived: World) -> None:
        assert "没有可以撤销的操作" in lived.says("张伟", "撤销")[0]

    def test_the_hours_that_come_remind_warn_and_take(self, lived: World) -> None:
        kept: dict[str, int] = {}
        for _ in range(16):
            for kind, number in lived.passes(minutes=30).kept.items():
                kept[kind] = kept.get(kind, 0) + number
        assert kept.keys() == set(DeadlineKind) - {
            DeadlineKind.RECEIPT,
            DeadlineKind.PURGE,
            DeadlineKind.MIRROR,
            DeadlineKind.COLLABORATION,
            DeadlineKind.QUOTE_EXPIRY,
            DeadlineKind.QUOTE_ENDING,
            DeadlineKind.DEAL_AGE,
            DeadlineKind.REPORT,
            DeadlineKind.CONTRACT_TERM,
            DeadlineKind.PEACE_ENDS,
        }, "what nobody does"
        assert "大疆创新科技有限公司 首次联系已超时" in "\n".join(lived.heard("张伟"))
        digest = next(heard for heard in lived.heard("王强") if "日报" in heard)
        assert "销售部/华东 03-05 日报" in digest
        assert "跟进 0 次" not in digest
        assert "新线索 0 条" not in digest
        assert "回收 0 条" not in digest


def test_on_a_weekend_too_there_is_something_to_see() -> None:
    world = World()
    world.now = START + timedelta(days=3, hours=10)
    enrol_people(world.program.open_work)
    seed(world.program.open_work)
    world.delivers()
    world.heard("张伟")
    plan = world.says("张伟", "今天")[0]
    world.close()
    assert "已过期" in plan
    assert "大疆创新" in plan


def told(world: World) -> set[str]:
    """The kinds of what waits to be said."""
    return {kind for (kind,) in _rows(world, "select distinct kind from outbox where state = 'waiting'")}


def _open_cards(world: World, name: str) -> list[Card]:
    """The cards on somebody's phone that ask for something."""
    phone = world.channel.phones[world.ids[name]]
    return [card for _, card in phone.cards if card.buttons and not card.settled]


def _place(lines: list[str], words: str) -> int:
    return next(number for number, line in enumerate(lines) if words in line)


def _rows(world: World, query: str) -> list[Any]:
    with world.program.open_work.reading() as session:
        return list(session.execute(text(query)))


def _count(world: World, table: str) -> int:
    return int(_rows(world, f"select count(*) from {table}")[0][0])


def _everything(world: World) -> dict[str, int]:
    tables = ("members", "channel_users", "leads", "accounts", "contacts", "deals", "followups", "plans", "history")
    return {table: _count(world, table) for table in tables}
