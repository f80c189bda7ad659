"""A thousand broken playbooks: each is refused with a line and a Chinese sentence, and nothing of it holds."""

import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from pydantic_core._pydantic_core import list_all_errors  # type: ignore[attr-defined]

from connectors.playbook_files import YamlPlaybooks
from connectors.playbook_problems import NOT_IN_A_DOCUMENT, SAID
from core.errors import PlaybookInvalid, PlaybookProblem
from core.services.playbook.applying import Change, apply_change
from tests.world import World

FILES = YamlPlaybooks()
CHINESE = re.compile("[一-龥]")
CASES, PER_TEST = 1000, 100

Break = Callable[[random.Random, list[str]], list[str]]


def _lines_of(rng: random.Random) -> list[str]:
    """A sound playbook of some sections of a kit, as lines."""
    text = FILES.kit(rng.choice(FILES.kits()))
    sections = [part for part in re.split(r"^(?=[a-z_]+:)", text, flags=re.MULTILINE) if re.match(r"[a-z_]+:", part)]
    chosen = [part for part in sections if part.startswith(("fields:", "tags:", "sources:"))]
    others = [part for part in sections if part not in chosen]
    lines = "".join([*chosen[:1], *rng.sample(others, min(len(others), 3))]).splitlines()
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


def _keyed(lines: list[str]) -> list[int]:
    return [n for n, line in enumerate(lines) if re.match(r"\s*[a-z_]+:(?: |$)", line)]


def unknown_key(rng: random.Random, lines: list[str]) -> list[str]:
    place = rng.choice([n for n in _keyed(lines) if re.match(r"[a-z_]+:", lines[n])])
    return [*lines[:place], re.sub(r"([a-z_]+):", r"\1x:", lines[place], count=1), *lines[place + 1 :]]


def doubled_key(rng: random.Random, lines: list[str]) -> list[str]:
    place = rng.choice([n for n in _keyed(lines) if re.match(r"[a-z_]+:", lines[n])])
    return [*lines, re.sub(r":.*", ": 1", lines[place])]


def wrong_kind(rng: random.Random, lines: list[str]) -> list[str]:
    place = rng.choice([n for n in _keyed(lines) if re.match(r"[a-z_]+:", lines[n])])
    after = next((n for n in range(place + 1, len(lines)) if re.match(r"\S", lines[n])), len(lines))
    return [*lines[:place], re.sub(r":.*", ": {nobody: [knows, this]}", lines[place]), *lines[after:]]


def cut_off(rng: random.Random, lines: list[str]) -> list[str]:
    place = rng.choice(_keyed(lines))
    return [*lines[: place + 1], lines[place].split(":")[0] + ': "no end']


def stray_tab(rng: random.Random, lines: list[str]) -> list[str]:
    place = rng.randrange(len(lines))
    return [*lines[:place], "\t" + lines[place].lstrip() + ": x", *lines[place:]]


def bad_indent(rng: random.Random, lines: list[str]) -> list[str]:
    place = rng.choice(_keyed(lines))
    return [*lines[: place + 1], " here: is: nothing", *lines[place + 1 :]]


def binary(rng: random.Random, lines: list[str]) -> list[str]:
    place = rng.randrange(len(lines))
    return [*lines[:place], lines[place] + chr(rng.choice([0, 1, 7, 8, 27, 127])), *lines[place + 1 :]]


def alias(rng: random.Random, lines: list[str]) -> list[str]:
    return [*lines, "bomb: &a [*a, *a]"]


def tagged(rng: random.Random, lines: list[str]) -> list[str]:
    return [*lines, "name: !!python/object/apply:os.system [id]"]


def bad_reference(rng: random.Random, lines: list[str]) -> list[str]:
    flaw = rng.choice([
        "  - {key: a, label: 甲, type: number, shown_when: {field: 没有的字段, op: in, value: [1]}}",
        "  - {key: a, label: 甲, type: nummber}",
        "  - {key: a, label: 甲, type: formula, formula: '没有的 + 1'}",
    ])  # fmt: skip
    kept = _without(lines, "fields")
    return [*kept, "fields:", "  lead:", "  " + flaw]


def bad_value(rng: random.Random, lines: list[str]) -> list[str]:
    flaw = rng.choice([
        "  - {id: a, basis: since_tuesday, amount: 24h}", "  - {id: a, basis: since_assigned_no_contact, amount: soon}",
        "  - {id: a, basis: since_assigned_no_contact, amount: 24h, warnings: [150%]}", "  - {id: a}", "  - 24h",
        "  - {basis: since_assigned_no_contact, amount: 24h}",
        "  - {id: a, basis: since_assigned_no_contact, amount: -3h}",
        "  - {id: '', basis: since_assigned_no_contact, amount: 24h}", "  - {id: a, basis: 1, amount: [1]}",
    ])  # fmt: skip
    return [*_without(lines, "recycle"), "recycle:", flaw]


def _without(lines: list[str], section: str) -> list[str]:
    kept, leaving = [], False
    for line in lines:
        if re.match(r"\S", line):
            leaving = line.startswith(section + ":")
        if not leaving:
            kept.append(line)
    return kept


BREAKS: tuple[Break, ...] = (
    unknown_key, doubled_key, wrong_kind, cut_off, stray_tab, bad_indent, binary, alias, tagged, bad_reference,
    bad_value,
)  # fmt: skip


@pytest.mark.parametrize("begin", range(0, CASES, PER_TEST))
def test_a_broken_playbook_is_refused_by_its_lines_and_nothing_of_it_holds(world: World, begin: int) -> None:
    for seed in range(begin, begin + PER_TEST):
        rng = random.Random(seed)
        broken = "\n".join(rng.choice(BREAKS)(rng, _lines_of(rng)))
        problems = _refused(world, broken)
        assert problems, f"case {seed} was taken:\n{broken}"
        for one in problems:
            assert 1 <= one.line <= broken.count("\n") + 1, (seed, one)
            assert CHINESE.search(one.message), (seed, one)
            assert not re.search(r"Input should|[a-z]+ error|Traceback", one.message), (seed, one)
    with world.work() as uow:
        assert uow.versions.newest() is None


def _refused(world: World, document: str) -> tuple[PlaybookProblem, ...]:
    try:
        with world.work() as uow:
            apply_change(uow, Change(document=uow.documents.read(document), why="坏的"))
    except PlaybookInvalid as refusal:
        return refusal.problems
    return ()


def test_every_kit_is_sound() -> None:
    for kit in FILES.kits():
        FILES.read(FILES.kit(kit))


def test_every_mistake_that_pydantic_can_find_is_said_in_chinese() -> None:
    known: set[str] = {one["type"] for one in list_all_errors()}
    assert known - set(SAID) - NOT_IN_A_DOCUMENT == set()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (b"\xff\xfe\x00\x01" * 50, "不是文本文件"),
        (b"a: 1\n" * 300_000, "文件太大"),
        ("", "是空的"),
        ("- a\n- b\n", "名称: 值"),
        ("[" * 50, "嵌套太深"),
        ("a: [" + "1," * 60_000 + "1]", "内容太多"),
        ("channels: [wecom]\n", "部署设置"),
        ("earlier: []\n", "部署设置"),
        ("recycle:\n  - {id: a, basis: since_assigned_no_contact, amount: 24h, clock: daily}\n",
         "第 2 行 recycle[0].clock：只能是 calendar、workday、worktime 之一，现在是 daily"),
        ("recyle: []\n", "是不是想写 recycle"),
        ("name: a\nname: b\n", "第 2 行 name：「name」写了两次（第 1 行已经有了）"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(given: Any, said: str) -> None:
    with pytest.raises(PlaybookInvalid) as refused:
        FILES.read(given)
    assert said in str(refused.value)


def test_words_of_chinese_windows_are_read() -> None:
    assert FILES.read("name: 华东机电\n".encode("gb18030")).playbook.name == "华东机电"
    assert FILES.read("name: 华东机电\n".encode("utf-8-sig")).playbook.name == "华东机电"
