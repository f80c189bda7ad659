"""Questions about rows: answered by an index, and never in a writer's way."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from storage import migrate
from storage.engine import open_engine
from storage.queues import gauges


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = open_engine(f"sqlite:///{tmp_path / 'liaodan.db'}")
    migrate.upgrade(made)
    return made


def test_figures_and_the_schemas_age_are_known_while_somebody_writes(engine: Engine) -> None:
    with engine.begin():
        assert gauges(engine)["inbox_pending"] == 0
        assert migrate.is_current(engine)


QUESTIONS = {
    "ix_leads_pooled": "select * from leads where state = 'pooled' and deleted_at is null order by id desc limit 5",
    "ix_outbox_sent": "select sum(parts) from outbox where channel = 'wecom' and user_id = 'z' and sent_at > '2026'",
    "ix_inbox_pending": "select min(id) from inbox where state = 'pending' group by channel, user_id",
    "ix_outbox_waiting": "select min(id) from outbox where state in ('waiting', 'unknown') group by channel, user_id",
}


@pytest.mark.parametrize("index", QUESTIONS)
def test_what_is_asked_all_day_long_is_answered_by_its_index_without_sorting(engine: Engine, index: str) -> None:
    with engine.connect() as connection:
        plan = str(connection.execute(text(f"explain query plan {QUESTIONS[index]}")).all())
    assert index in plan
    assert "TEMP B-TREE" not in plan
