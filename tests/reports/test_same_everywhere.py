"""One question, one answer: the chat, the file sent in chat, and the command line say the same figures (issue 8)."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from click.testing import CliRunner
from openpyxl import load_workbook
from sqlalchemy import Engine

from bot.command.root import liaodan
from storage import migrate
from storage.engine import open_engine
from tests.reports.builders import a_first_quarter
from tests.world import World

SPAN = ("--from", "2026-01-01", "--to", "2026-03-31")

ASKED = [
    ("一季度按地区看赢单金额", ("pivot", "--by", "地区", "--measure", "赢单金额")),
    ("一季度按负责人看赢单金额和赢率", ("pivot", "--by", "负责人", "--measure", "赢单金额,赢率")),
    ("一季度按产品和地区看赢单金额", ("pivot", "--by", "产品,地区", "--measure", "赢单金额")),
    ("一季度漏斗", ("funnel",)),
    ("一季度排行榜", ("ranking",)),
    ("一季度什么样的客户容易成交", ("traits",)),
]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_engine(f"sqlite:///{tmp_path / 'same.db'}")
    yield made
    made.dispose()


@pytest.fixture
def selling(engine: Engine) -> Iterator[World]:
    world = World(engine)
    command.stamp(migrate.config(engine), "head")
    yield a_first_quarter(world)
    world.close()


@pytest.fixture
def typed(tmp_path: Path, selling: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("LIAODAN_DATA", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'same.db'}")

    def report(name: str, who: str, *options: str) -> dict[str, Any]:
        ended = CliRunner().invoke(liaodan, ["report", name, "--as", f"wecom:{selling.ids[who]}", "--json", *options])
        assert ended.exit_code == 0, ended.output
        told: dict[str, Any] = json.loads(ended.output)
        return told

    return report


@pytest.mark.parametrize(("said", "line"), ASKED)
@pytest.mark.parametrize("who", ["张伟", "王强", "赵敏"])
def test_chat_file_and_command_line_agree(
    selling: World, typed: Any, said: str, line: tuple[str, ...], who: str
) -> None:
    name, *options = line
    told = typed(name, who, *SPAN, *options)
    assert told["rows"]
    card = selling.says(who, said)[0]
    if name == "pivot" and len(told["columns"]) == len(("地区", "赢单金额")):
        for label, yuan in told["rows"]:
            assert f"{label}：赢单金额 {yuan / 10_000:g}万" in card
    selling.says(who, "把这个存成 核对用")
    assert typed("核对用", who)["rows"] == told["rows"]
    selling.says(who, "发我excel")
    selling.works()
    selling.delivers()
    assert _agree(_rows(selling.files(who)[-1][1], told["columns"]), told["rows"])


def _agree(sheet: list[list[Any]], rows: list[list[Any]]) -> bool:
    """Say whether a sheet has these figures: shares stand there as people read them."""
    return sheet == [
        [f"{cell:.1%}" if str(shown).endswith("%") else (None if cell == "" else cell) for cell, shown in pairs]
        for pairs in (zip(row, line, strict=True) for row, line in zip(rows, sheet, strict=True))
    ]


def _rows(content: bytes, columns: list[str]) -> list[list[Any]]:
    """Return what stands between the head of a sheet and whose it is, as wide as its columns."""
    lines = list(load_workbook(io.BytesIO(content), data_only=True).worksheets[0].iter_rows(values_only=True))
    heads = [number for number, line in enumerate(lines) if line[0] == columns[0]]
    body = [[None if cell == "" else cell for cell in line[: len(columns)]] for line in lines[heads[0] + 1 :]]
    return [line for line in body if any(cell is not None for cell in line)][:-1]
