"""The same lists on PostgreSQL."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from storage.engine import open_engine
from tests.web.conftest import Api, furnish
from tests.world import World
from web import create_app
from web.api import RESOURCES

pytestmark = pytest.mark.pg


@pytest.fixture(scope="module")
def on_postgresql(pg_url: str) -> Iterator[Api]:
    name = f"web_{uuid4().hex[:12]}"
    server = create_engine(pg_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    world = World(open_engine(make_url(pg_url).set(database=name).render_as_string(hide_password=False)))
    yield furnish(Api(world, create_app(world.program.site).test_client()))
    world.close()
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name}")
    server.dispose()


@pytest.mark.parametrize("reader", ["张伟", "王强"])
def test_every_list_answers_as_on_sqlite(still: Api, on_postgresql: Api, reader: str) -> None:
    for resource in RESOURCES:
        for query in ({}, {"q": "张伟"}, {"q": "%"}, {"q": "😀"}):
            here, there = (api.as_(reader).items(resource.path, **query) for api in (on_postgresql, still))
            assert [(i["id"], i["owner"], i["state"]) for i in here] == [
                (i["id"], i["owner"], i["state"]) for i in there
            ]
            for item in here[:1]:
                assert on_postgresql.as_(reader).get(f"{resource.path}/{item['id']}").json == item
    assert on_postgresql.as_(reader).get("leads", pool="true").json == still.as_(reader).get("leads", pool="true").json
