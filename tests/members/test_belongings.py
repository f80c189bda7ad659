"""Nothing that names a member may be forgotten when two members become one person."""

from datetime import date

from sqlalchemy import inspect

from core.model.member import Member
from core.model.report import Target
from core.ports import UnitOfWork
from core.services.members import merge
from storage.belongings import LEFT_BEHIND, OWNED, PASSING
from storage.mapping import map_classes
from storage.tables import metadata
from tests.world import World


def test_every_column_that_names_a_member_moves_or_stays_on_purpose() -> None:
    map_classes()
    moves = {(inspect(cls).local_table.name, column) for cls, column in OWNED}
    moves |= {(column.table.name, column.name) for column in PASSING}
    named = {
        (table.name, key.parent.name)
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "members"
    }
    assert {one for one in named - moves if one[0] not in LEFT_BEHIND} == set()


def test_what_one_person_has_once_stands_once_when_two_accounts_are_one_person(world: World) -> None:
    with world.work() as uow:
        (one,), (other,) = uow.members.named("张伟"), uow.members.named("李娜")
        for member, value in ((one, 100), (other, 300)):
            uow.yardsticks.add(_target(uow, member, date(2026, 3, 1), value))
        uow.yardsticks.add(_target(uow, other, date(2026, 4, 1), 400))
        uow.flush()
        merge(uow, other, one)
    with world.work() as uow:
        kept = sorted(uow.yardsticks.targets(date(2026, 3, 1), date(2026, 4, 30)), key=lambda target: target.month)
        assert [(target.member_id, target.value) for target in kept] == [(one.id, 100), (one.id, 400)]


def _target(uow: UnitOfWork, member: Member, month: date, value: int) -> Target:
    life = {"created_at": uow.now, "updated_at": uow.now}
    return Target(member_id=member.id, month=month, value=value, **life)
