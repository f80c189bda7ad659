"""A look for duplicates goes through indexes only, however many are on record."""

from typing import Any

from sqlalchemy import Connection, event

from core.rules.duplicates import identity_of
from core.services.duplicates import look_up
from tests.world import World

CODE = "91310104MA1FR0D26T"


def test_nothing_is_scanned(any_world: World) -> None:
    world = any_world
    asked: list[tuple[str, Any]] = []

    def note(_: Connection, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append((statement, parameters))

    wanted = identity_of("苏州汇川技术", phone="13812345678", email="w@h.com", credit_code=CODE, external_id="wmE1")
    event.listen(world.program.engine, "before_cursor_execute", note)
    with world.work("张伟") as uow:
        assert look_up(uow, wanted) == []
    event.remove(world.program.engine, "before_cursor_execute", note)
    ours = [(said, values) for said, values in asked if "leads" in said or "accounts" in said or "names" in said]
    assert len(ours) >= 3
    sqlite = world.program.engine.dialect.name == "sqlite"
    with world.program.engine.connect() as connection:
        if not sqlite:
            connection.exec_driver_sql("set enable_seqscan = off")  # the tables are empty: a planner would not bother
        for said, values in ours:
            rows = connection.exec_driver_sql(f"explain {'query plan ' if sqlite else ''}{said}", values).all()
            plan = "\n".join(str(row[-1]) for row in rows)
            for table in ("leads", "accounts", "contacts", "names"):
                assert f"SCAN {table}" not in plan, plan
                assert f"Seq Scan on {table}" not in plan, plan
