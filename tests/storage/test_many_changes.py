"""Many records changed alike are one statement, and nothing of a change is missing for it."""

from contextlib import suppress

import pytest
from sqlalchemy import select, update

from core.errors import Conflict
from core.model.lead import LeadState
from storage import tables
from tests.world import World

NAMES = tuple(f"第{number}家机电" for number in range(30))


def test_each_of_many_leads_taken_back_has_its_history_and_its_next_version(any_world: World) -> None:
    leads = any_world.has_leads(*NAMES, held_by="张伟")
    before = {lead.id: lead.version for lead in leads}
    any_world.passes(hours=25)
    rows, history = tables.leads.c, tables.history.c
    with any_world.program.engine.connect() as connection:
        after = dict(connection.execute(select(rows.id, rows.version)).all())
        changes = connection.execute(
            select(history.subject_id, history.version, history.before, history.after)
            .where(history.action == "lead.recycle", history.subject_kind == "lead")
            .order_by(history.subject_id)
        ).all()
        touched = set(connection.scalars(select(rows.updated_at)))
    assert after == {number: version + 1 for number, version in before.items()}
    assert [(change.subject_id, change.version) for change in changes] == sorted(after.items())
    holder = any_world.member("张伟").id
    assert all(change.before["owner_id"] == holder and change.before["state"] == "assigned" for change in changes)
    assert all(change.after["owner_id"] is None and change.after["state"] == "pooled" for change in changes)
    assert touched == {any_world.now.astimezone(next(iter(touched)).tzinfo)}


def test_one_record_that_moved_on_meanwhile_is_a_conflict_and_nothing_is_kept(any_world: World) -> None:
    leads, rows = any_world.has_leads(*NAMES, held_by="张伟"), tables.leads.c

    def change_what_somebody_else_changes() -> None:
        with any_world.work() as uow:
            for lead in uow.leads.find(lead.id for lead in leads):
                lead.region = "华东"
            uow.session.connection().execute(update(tables.leads).where(rows.id == leads[3].id).values(version=9))

    with pytest.raises(Conflict):
        change_what_somebody_else_changes()
    with any_world.program.engine.connect() as connection:
        assert set(connection.scalars(select(rows.region))) == {""}


def test_what_was_changed_alike_may_be_changed_again_in_the_same_work(any_world: World) -> None:
    leads = any_world.has_leads(*NAMES, held_by="张伟")
    with any_world.work() as uow:
        found = uow.leads.find(lead.id for lead in leads)
        for lead in found:
            lead.region = "华东"
        uow.flush()
        found[0].state = LeadState.WORKING
    assert {any_world.lead(name).region for name in NAMES} == {"华东"}
    assert any_world.lead(NAMES[0]).version == leads[0].version + 2
    assert any_world.lead(NAMES[1]).version == leads[1].version + 1


def test_a_savepoint_that_is_given_up_gives_up_many_changes_too(any_world: World) -> None:
    leads = any_world.has_leads(*NAMES, held_by="张伟")
    with any_world.work() as uow:
        with suppress(ValueError), uow.attempt():
            for lead in uow.leads.find(lead.id for lead in leads):
                lead.region = "华东"
            uow.flush()
            raise ValueError
        assert {lead.region for lead in uow.leads.find(lead.id for lead in leads)} == {""}
