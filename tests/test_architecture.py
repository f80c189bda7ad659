"""What import-linter cannot see: the shape of the folders, lists that must be complete, the names of the contract."""

import ast
import re
from pathlib import Path

import pytest

import bot.handlers
from bot.settings import Settings
from core import errors
from core.model.deadline import DeadlineKind
from core.model.ids import PREFIXES
from core.services.deadlines import SERVICES
from docs.generate import ROOT, variable
from scheduler.jobs import DAILY
from storage.mapping import _TABLES
from storage.tables import metadata

PACKAGES = ("bot", "core", "storage", "scheduler", "web", "connectors", "emulator")
FILES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "versions" not in path.relative_to(ROOT).parts
)
NAMES = [str(path.relative_to(ROOT)) for path in FILES]

LONGEST = 450

CONTRACT = {
    "DATABASE_URL", "REDIS_URL", "PORT", "LIAODAN_DATA", "LIAODAN_SECRET_KEY", "LIAODAN_PUBLIC_URL", "LIAODAN_PLAYBOOK",
    "LIAODAN_TIMEZONE", "LIAODAN_ADMINS", "LIAODAN_MODEL_URL", "LIAODAN_MODEL_KEY", "LIAODAN_MODEL_NAME",
    "LIAODAN_MODEL_CUSTOMER_TEXT", "LIAODAN_WEBHOOK_URL", "LIAODAN_WEBHOOK_SECRET",
    "WECOM_CORP_ID", "WECOM_AGENT_ID", "WECOM_SECRET", "WECOM_TOKEN",
    "WECOM_AES_KEY", "WECOM_OA_TOKEN", "WECOM_OA_AES_KEY",
    "WECOM_CONTACT_SECRET", "WECOM_API_BASE", "DINGTALK_CLIENT_ID", "DINGTALK_CLIENT_SECRET",
    "DINGTALK_ROBOT_CODE", "DINGTALK_CORP_ID", "DINGTALK_TOKEN", "DINGTALK_AES_KEY", "DINGTALK_CARD_TEMPLATE_ID",
    "DINGTALK_API_BASE", "DINGTALK_OAPI_BASE", "DINGTALK_MONTHLY_CALLS", "DINGTALK_MONTHLY_EVENTS", "DINGTALK_TODO",
}  # fmt: skip
"""The environment that installations rely on. A name is added here on purpose, and never taken away."""


def channels() -> list[Path]:
    return [folder for folder in sorted((ROOT / "bot" / "channels").iterdir()) if (folder / "__init__.py").exists()]


@pytest.mark.parametrize("folder", channels(), ids=lambda folder: folder.name)
@pytest.mark.parametrize("half", ["callback.py", "client.py", "render.py"])
def test_every_channel_reads_sends_and_renders_in_files_of_the_same_names(folder: Path, half: str) -> None:
    assert (folder / half).exists()


def test_every_channel_has_an_emulator() -> None:
    assert [folder.name for folder in channels() if not (ROOT / "emulator" / folder.name).is_dir()] == []


def test_every_setting_has_a_name_of_the_contract() -> None:
    assert {variable(field) for field in Settings.model_fields.values()} <= CONTRACT


def test_every_kind_of_promise_has_the_service_that_keeps_it() -> None:
    assert set(SERVICES) == set(DeadlineKind)


def test_every_daily_job_has_a_name_of_its_own_that_fits_its_column() -> None:
    names = [job.name for job in DAILY]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= metadata.tables["runs"].c.job.type.length


def test_every_table_is_mapped_or_asked_for_by_name() -> None:
    rows_without_a_class = {"runs", "api_tokens", "calendar_days", "shared", "names", "field_values"}
    rows_without_a_class |= {
        "handover_items",
        "pool_views",
        "figures",
        "rule_memories",
        "approval_tasks",
        "held_notices",
        "file_contents",
    }
    rows_without_a_class |= {"passages", "passage_sums", "forecast_snapshots"}
    assert {table.name for table in _TABLES.values()} | rows_without_a_class == set(metadata.tables)


def test_every_area_of_handlers_is_in_the_list_of_routers() -> None:
    areas = {path.stem for path in (ROOT / "bot" / "handlers").glob("*.py")} - {"__init__", "not_yet"}
    routers = {name: getattr(bot.handlers, name).router for name in areas}
    assert {id(router) for router in routers.values()} == {id(router) for router in bot.handlers.ROUTERS}


def test_every_error_stands_in_the_tree_at_the_top_of_its_file() -> None:
    raised = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
    tree = set(re.findall(r"^ *([A-Z]\w+)  ", errors.__doc__ or "", re.MULTILINE))
    assert tree == raised


def test_every_refusal_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.Refusal)]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_what_others_use_says_what_it_is(path: Path) -> None:
    """Modules, classes and functions that do more than one thing say so.

    A function of one statement is its own sentence. A repository is what its protocol in `core/ports/` says, and
    `lead_out` makes a `LeadOut`.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = [] if not tree.body or ast.get_docstring(tree) else ["the module"]
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not _speaks(node) and not _is_repository(node):
            silent.append(node.name)
        if isinstance(node, ast.FunctionDef) and not _speaks(node) and not _is_plain(node):
            silent.append(node.name)
    assert silent == []


def _speaks(node: ast.ClassDef | ast.FunctionDef) -> bool:
    return node.name.startswith("_") or ast.get_docstring(node) is not None


def _is_repository(node: ast.ClassDef) -> bool:
    return any(isinstance(base, ast.Name) and base.id in ("Protocol", "Repository") for base in node.bases)


def _is_plain(node: ast.FunctionDef) -> bool:
    return len(node.body) == 1 or node.name.endswith("_out")


def test_every_kind_of_record_has_a_letter_of_its_own() -> None:
    assert len(set(PREFIXES.values())) == len(PREFIXES)
