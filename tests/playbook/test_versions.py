"""Versions of the playbook: in force at once, one editor after the other, back letter by letter."""

from datetime import datetime, timedelta

import pytest

from core.errors import BadInput, PlaybookOutdated, TreatmentNeeded
from core.model.version import Treatment
from core.rules.recycling import NOTHING_KNOWN, recycle_at, rules_for
from core.services.playbook.applying import Change, apply_change, restoring, version_at, version_of
from storage import tables
from tests.world import SHANGHAI, World

LONGER = """\
# 华东机电的规则
recycle:
  - id: 首次跟进24小时   # 名字先不改
    basis: since_assigned_no_contact
    amount: 48h
"""
SOONER = LONGER.replace("48h", "6h")


def at(text: str) -> datetime:
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def test_before_any_version_the_general_kit_is_in_force(world: World) -> None:
    with world.work() as uow:
        assert uow.versions.newest() is None
        assert uow.playbook.recycle[0].amount == timedelta(hours=24)
        assert uow.documents.read(uow.documents.kit("general")).playbook == type(uow.playbook)()


def test_what_is_applied_is_in_force_for_the_next_transaction(any_world: World) -> None:
    version = any_world.applies(LONGER)
    assert version.number == 1
    with any_world.work() as uow:
        assert [rule.amount for rule in uow.playbook.recycle] == [timedelta(hours=48)]
        assert uow.versions.get(1).document == LONGER


def test_the_same_transaction_reads_what_it_has_applied_itself(world: World) -> None:
    with world.work() as uow:
        assert uow.playbook.recycle[0].amount == timedelta(hours=24)
        change = Change(document=uow.documents.read(LONGER), why="试", treatment=Treatment.RECALCULATE)
        apply_change(uow, change)
        assert uow.playbook.recycle[0].amount == timedelta(hours=48)


def test_what_is_rolled_back_by_the_database_is_nowhere_in_force(any_world: World) -> None:
    with pytest.raises(RuntimeError):
        _applied_and_lost(any_world)
    with any_world.work() as uow:
        assert uow.playbook.recycle[0].amount == timedelta(hours=24)
    any_world.applies(SOONER)
    with any_world.work() as uow:
        assert uow.playbook.recycle[0].amount == timedelta(hours=6)


def test_of_two_editors_the_second_is_told_what_the_first_has_changed(any_world: World) -> None:
    any_world.applies(LONGER, why="给大家多一天")
    any_world.applies(SOONER, why="太慢了")
    with pytest.raises(PlaybookOutdated) as outdated:
        _apply(any_world, LONGER.replace("48h", "72h"), base=1, treatment=Treatment.FROM_NOW)
    assert "太慢了" in str(outdated.value)
    assert "多久 48小时 → 6小时" in str(outdated.value)
    with any_world.work() as uow:
        assert uow.playbook.recycle[0].amount == timedelta(hours=6)


def test_an_old_file_without_its_base_does_not_silently_take_back_what_came_since(world: World) -> None:
    world.applies(LONGER)
    world.applies(LONGER.replace("48h", "6h"), why="太慢了")
    with pytest.raises(PlaybookOutdated):
        _apply(world, LONGER + "chat: {pool_page: 5}\n", treatment=Treatment.FROM_NOW)


def test_a_rollback_is_a_version_and_gives_the_document_back_letter_by_letter(any_world: World) -> None:
    crlf = LONGER.replace("\n", "\r\n") + "# 末尾没有换行"
    any_world.applies(crlf)
    any_world.now += timedelta(days=1)
    any_world.applies(SOONER)
    any_world.now += timedelta(days=1)
    with any_world.work("吴昊") as uow:
        former = version_at(uow, at("03-05 18:00"))
        document, newest = restoring(uow, former)
        change = Change(
            document=document, why="退回", base=newest, restores=former.number, treatment=Treatment.FROM_NOW
        )
        version = apply_change(uow, change)
    assert (version.number, version.kind, version.restores, version.by_name) == (3, "rollback", 1, "吴昊")
    with any_world.work() as uow:
        assert version_of(uow, 3).document == crlf
        assert uow.playbook.recycle[0].amount == timedelta(hours=48)
        with pytest.raises(BadInput):
            restoring(uow, version_of(uow, 3))


def test_b3_8_clock_rules_are_not_changed_without_a_word_about_running_clocks(world: World) -> None:
    with pytest.raises(TreatmentNeeded) as needed:
        _apply(world, LONGER)
    assert "回收规则" in str(needed.value)


def test_b3_8_from_now_lets_a_running_clock_end_by_the_rule_under_which_it_began(any_world: World) -> None:
    any_world.now = at("03-04 10:00")
    any_world.has_leads("老线索", held_by="张伟")
    any_world.now = at("03-04 12:00")
    any_world.applies(LONGER, clocks=Treatment.FROM_NOW)
    any_world.has_leads("新线索", held_by="张伟")
    any_world.ticks(at("03-05 10:01"))
    assert any_world.lead("老线索").state == "pooled"
    any_world.ticks(at("03-06 11:59"))
    assert any_world.lead("新线索").state == "assigned"
    any_world.ticks(at("03-06 12:01"))
    assert any_world.lead("新线索").state == "pooled"


def test_b3_8_recalculate_moves_every_running_clock(any_world: World) -> None:
    any_world.now = at("03-04 10:00")
    any_world.has_leads("老线索", held_by="张伟")
    any_world.applies(LONGER, clocks=Treatment.RECALCULATE)
    any_world.ticks(at("03-05 10:01"))
    assert any_world.lead("老线索").state == "assigned"
    any_world.ticks(at("03-06 10:01"))
    assert any_world.lead("老线索").state == "pooled"


def test_b3_8_two_changes_from_now_leave_three_generations_of_clocks(world: World) -> None:
    world.now = at("03-04 10:00")
    world.has_leads("第一代", held_by="张伟")
    world.now = at("03-04 11:00")
    world.applies(LONGER, clocks=Treatment.FROM_NOW)
    world.has_leads("第二代", held_by="张伟")
    world.now = at("03-04 12:00")
    world.applies(LONGER + "name: 只改名\n")
    world.applies(SOONER, clocks=Treatment.FROM_NOW)
    world.has_leads("第三代", held_by="张伟")
    ends = {name: _end(world, name) for name in ("第一代", "第二代", "第三代")}
    assert ends == {"第一代": at("03-05 10:00"), "第二代": at("03-06 11:00"), "第三代": at("03-04 18:00")}
    world.applies(LONGER, clocks=Treatment.RECALCULATE)
    assert _end(world, "第一代") == at("03-06 10:00")
    with world.work() as uow:
        assert not uow.playbook.earlier


def test_a_version_is_in_the_history_with_who_and_why_and_no_undo_takes_it_back(world: World) -> None:
    world.applies(LONGER, why="给大家多一天")
    with world.program.engine.connect() as connection:
        row = connection.execute(tables.history.select().where(tables.history.c.subject_kind == "playbook")).one()
    assert (row.action, row.after["number"], row.after["why"]) == ("playbook.apply", 1, "给大家多一天")
    world.heard("吴昊")
    assert "没有可以撤销" in world.says("吴昊", "撤销")[-1]


def _apply(world: World, document: str, **how: object) -> None:
    with world.work() as uow:
        apply_change(uow, Change(document=uow.documents.read(document), why="试", **how))


def _applied_and_lost(world: World) -> None:
    with world.work() as uow:
        apply_change(uow, Change(document=uow.documents.read(LONGER), why="试", treatment=Treatment.RECALCULATE))
        assert uow.playbook.recycle[0].amount == timedelta(hours=48)
        raise RuntimeError


def _end(world: World, name: str) -> datetime | None:
    lead = world.lead(name)
    with world.work() as uow:
        ((rule, _),) = rules_for(lead, NOTHING_KNOWN, uow.playbook, uow.calendar)
        return recycle_at(lead, rule, NOTHING_KNOWN, uow.playbook, uow.calendar)
