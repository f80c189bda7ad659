"""The documents tell the truth: generated ones are fresh, and what the others name exists."""

import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from bot.cards import CARDS
from bot.command.root import liaodan
from bot.handlers import ROUTERS
from bot.router import Handler
from bot.settings import Settings
from core import notices
from core.notices import NOTICES, Notice
from docs.generate import DOCUMENTS, ROOT, chat_handlers, commands_of, variable

CHINESE = re.compile(r"[一-龥]")


def tracked(*patterns: str) -> list[Path]:
    """Files that git keeps."""
    asked = ["git", "ls-files", "--", *patterns]
    listed = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for line in sorted(set(listed.splitlines())) if (path := ROOT / line).is_file()]


PAGES = tracked("*.md")
OURS = [page for page in PAGES if page.parent in (ROOT, ROOT / "docs", ROOT / "docs" / "decisions")]


def pages(chosen: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("page", chosen, ids=[str(page.relative_to(ROOT)) for page in chosen])


@pytest.mark.parametrize("path", DOCUMENTS, ids=[path.name for path in DOCUMENTS])
def test_a_generated_file_says_what_the_code_says(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == DOCUMENTS[path](), f"{path.name} is stale: run `make docs`"


def test_every_notice_has_a_card_and_a_name_to_be_kept_under() -> None:
    told = {kind for kind in vars(notices).values() if isinstance(kind, type) and issubclass(kind, Notice)} - {Notice}
    assert set(CARDS) == told
    assert set(NOTICES) == {kind.__name__ for kind in told}


@pytest.mark.parametrize("handler", chat_handlers(), ids=[handler.intent for handler in chat_handlers()])
def test_every_command_has_a_help_line_that_begins_with_one_of_its_words(handler: Handler) -> None:
    usage, _, does = handler.help.partition("：")
    assert CHINESE.search(does), f"{handler.intent} needs a docstring 「用法：做什么」, it has {handler.help!r}"
    assert any(usage.startswith(word) for word in handler.words), usage


def test_no_two_commands_answer_to_the_same_word_or_button() -> None:
    words = Counter(word.lower() for handler in chat_handlers() for word in handler.words)
    intents = Counter(intent for router in ROUTERS for intent in router.intents)
    actions = Counter(action for router in ROUTERS for action in router.buttons)
    kinds = Counter(kind for router in ROUTERS for kind in router.kinds)
    twice = [name for names in (words, intents, actions, kinds) for name, count in names.items() if count > 1]
    assert twice == []


def test_every_setting_is_explained_in_chinese() -> None:
    silent = [
        variable(field) for field in Settings.model_fields.values() if not CHINESE.search(field.description or "")
    ]
    assert silent == []


@pytest.mark.parametrize("name", ["README.md", "README.en.md"])
def test_the_readme_begins_with_two_commands(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert re.search(r"^make demo\b", text, re.MULTILINE)
    assert re.search(r"^make test\b", text, re.MULTILINE)


@pages(PAGES)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    relative = [link.split("#")[0] for link in links if not re.match(r"[a-z]+:|#", link)]
    assert [link for link in relative if not (page.parent / link).exists()] == []


@pages(PAGES)
def test_every_heading_that_is_linked_to_is_there(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s#]*)#([^)\s]+)\)", page.read_text(encoding="utf-8"))
    local = [(path, mark) for path, mark in links if "://" not in path]
    assert [mark for path, mark in local if mark not in _marks(page.parent / path if path else page)] == []


@pages(OURS)
def test_every_file_that_a_document_names_exists(page: Path) -> None:
    named = re.findall(
        r"`((?:bot|core|storage|scheduler|web|connectors|emulator|tests|docs|deploy)/[\w./]+)`", _text(page)
    )
    assert [name for name in named if not (ROOT / name).exists()] == []


@pages(OURS)
def test_every_command_that_a_document_prints_exists(page: Path) -> None:
    printed = re.findall(r"(?:`|^|/|\$ )(liaodan(?: [a-z]+)*)", _text(page), re.MULTILINE)
    assert [words for words in printed if not _is_command(words)] == []


@pages(OURS)
def test_every_make_target_that_a_document_prints_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    printed = re.findall(r"(?:`|^)make ([a-z-]+)", _text(page), re.MULTILINE)
    assert [target for target in printed if target not in targets] == []


def test_every_code_word_of_the_vocabulary_is_in_the_code() -> None:
    rows = re.findall(r"^\| [^|]+ \| ([^|]+) \|", _text(ROOT / "docs" / "vocabulary.md"), re.MULTILINE)
    words = {word for row in rows for code in re.findall(r"`([^`]+)`", row) for word in re.findall(r"[A-Za-z_]+", code)}
    code = set(
        re.findall(
            r"\w+",
            " ".join(
                _text(path)
                for path in tracked("bot/*.py", "core/*.py", "storage/*.py", "scheduler/*.py", "connectors/*.py")
            ),
        )
    )
    assert sorted(words - code) == []


def test_every_section_of_the_semantics_that_a_file_names_is_there() -> None:
    sections = set(re.findall(r"^## (B\.\d+)", _text(ROOT / "docs" / "semantics.md"), re.MULTILINE))
    named = {
        f"B.{number}"
        for path in tracked("*.py")
        for number in re.findall(r"semantics(?:\.md)?`?,? \(?B\.?(\d+)", _text(path))
    }
    assert named - sections == set()


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    folder = re.compile(rb"(?<![\w.])/(?:work|root|home)/[\w.]")
    registry = re.compile(
        rb"https?://[\w.-]*(?:pypi|pythonhosted|mirror|artifactory|nexus|registry)[\w.-]*", re.IGNORECASE
    )
    found = [
        f"{path.relative_to(ROOT)}: {match[0].decode()}"
        for path in tracked()
        for pattern in (folder, registry)
        if (match := pattern.search(path.read_bytes()))
    ]
    assert found == []


def test_the_lock_file_names_no_index() -> None:
    lines = (ROOT / "deploy" / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "index" in line.split("#")[0] or "://" in line] == []


def test_every_command_of_the_program_says_what_it_does() -> None:
    silent = [" ".join(path) for path, command in commands_of(liaodan, ()) if not CHINESE.search(command.help or "")]
    assert silent == []


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _marks(page: Path) -> set[str]:
    """The marks of a page's headings, as code hosts make them: lower case, blanks to dashes, no punctuation."""
    headings = re.findall(r"^#+ (.+)$", _text(page), re.MULTILINE)
    return {re.sub(r"[^\w一-龥 -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _is_command(words: str) -> bool:
    """Whether these words are a group, or begin with a command; what follows a command is its arguments."""
    commands = [" ".join(path) for path, _ in commands_of(liaodan, ("liaodan",))]
    groups = {command.rsplit(" ", 1)[0] for command in commands}
    return words in groups or any(f"{words} ".startswith(f"{command} ") for command in commands)
