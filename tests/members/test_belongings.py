"""Nothing that names a member may be forgotten when two members become one person."""

from sqlalchemy import inspect

from storage.belongings import LEFT_BEHIND, OWNED
from storage.mapping import map_classes
from storage.tables import metadata


def test_every_column_that_names_a_member_moves_or_stays_on_purpose() -> None:
    map_classes()
    moves = {(inspect(cls).local_table.name, column) for cls, column in OWNED}
    named = {
        (table.name, key.parent.name)
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "members"
    }
    assert {one for one in named - moves if one[0] not in LEFT_BEHIND} == set()
