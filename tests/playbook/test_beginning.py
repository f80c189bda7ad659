"""How a playbook comes to be in force at all, and what happens when a program no longer reads it."""

from pathlib import Path

import pytest
from sqlalchemy import update

from bot.bootstrap import build
from bot.settings import Settings
from connectors.playbook_files import YamlPlaybooks
from connectors.playbook_schema import playbook_schema
from core.errors import PlaybookUnreadable
from core.model.member import SYSTEM
from core.model.playbook import Playbook
from core.rules.playbook_outline import places
from storage import tables
from tests.world import World


def started(folder: Path, playbook: str) -> tuple[int, str, int]:
    """Start the program on an empty database; return the version in force, its text, and what it says of the pool."""
    program = build(Settings(data=folder, playbook=playbook, _env_file=None))
    try:
        program.prepare()
        with program.open_work(SYSTEM, reading=True) as uow:
            version = uow.versions.get(1)
            newest = uow.versions.newest()
            assert version is not None
            assert newest is not None
            return newest.number, version.document, uow.playbook.chat.pool_page
    finally:
        program.close()


def test_the_first_version_is_the_general_kit_a_named_kit_or_a_file_and_only_where_there_is_none(
    tmp_path: Path,
) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text("# 我们的\nchat: {pool_page: 7}\n", encoding="utf-8")
    assert started(tmp_path / "a", str(file)) == (1, "# 我们的\nchat: {pool_page: 7}\n", 7)
    assert started(tmp_path / "a", "trade")[:2] == (1, "# 我们的\nchat: {pool_page: 7}\n")
    assert started(tmp_path / "b", "")[1].startswith("# 通用规则")
    assert started(tmp_path / "c", "trade")[1] == YamlPlaybooks().kit("trade")


def test_a_first_version_that_cannot_be_read_stops_the_start_with_its_lines(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text("chat: {pool_page: many}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"第 1 行 chat\.pool_page"):
        started(tmp_path / "a", str(file))
    with pytest.raises(ValueError, match="没有叫「nothing」的规则模板"):
        started(tmp_path / "b", "nothing")


def test_a_version_that_this_program_no_longer_reads_is_named_and_can_be_mended(world: World) -> None:
    world.applies("chat: {pool_page: 7}\n")
    with world.program.engine.begin() as connection:
        connection.execute(update(tables.playbook_versions).values(content={"chat": {"of_yore": 1}}, digest="older"))
    with pytest.raises(PlaybookUnreadable, match="第 1 版"), world.work() as uow:
        assert uow.playbook
    world.applies("chat: {pool_page: 8}\n")
    with world.work() as uow:
        assert uow.playbook.chat.pool_page == 8


def test_the_schema_for_editors_knows_every_section_and_nothing_of_the_operators() -> None:
    schema = playbook_schema()
    root = schema["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    assert set(root["properties"]) == set(places(Playbook))
    assert root["additionalProperties"] is False
