"""YAML as people write it, read into plain data with the line of every key and item.

Read event by event, so that whatever is too big, too deep or plays tricks ends the reading and not the process. Only
what a playbook needs is taken: no anchors and aliases, no tags, one document. Words stay words: `yes` is text, `8:30`
is text, and whoever asks for a yes or an hour reads it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError, YAMLStreamError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from core.errors import PlaybookInvalid, PlaybookProblem

LARGEST: Final = 1_000_000
"""Bytes of one document."""
DEEPEST: Final = 20
MOST: Final = 50_000
"""Keys and values of one document."""

Path = tuple[str | int, ...]

_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_BROKEN = re.compile(r"[-+]?[0-9]{1,15}\.[0-9]{1,15}")
_WORDS: Final = {"": None, "~": None, "null": None, "true": True, "True": True, "false": False, "False": False}
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f�\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True)
class Tree:
    """Plain data, the line at which each path begins, and what was wrong although it could be read."""

    content: Any
    lines: dict[Path, int]
    problems: tuple[PlaybookProblem, ...]

    def line(self, path: Path) -> int:
        """Return the line of `path`, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def decoded(given: str | bytes) -> str:
    """Return a file's bytes as text: UTF-8, or what Chinese Windows writes. Refuses what is no text, or too much."""
    if len(given) > LARGEST or (isinstance(given, str) and len(given.encode("utf-8", "replace")) > LARGEST):
        raise refused(1, "", f"文件太大，最多 {LARGEST // 1_000_000} MB")
    text = _text(given) if isinstance(given, bytes) else given
    bad = None if text is None else _UNREADABLE.search(text)
    if text is None or bad is not None:
        line = 1 if text is None or bad is None else text.count("\n", 0, bad.start()) + 1
        raise refused(line, "", "这不是文本文件，读不出内容。请上传 YAML 文本（UTF-8）")
    return text


def read_tree(text: str) -> Tree:
    """Read YAML; refuses what is no YAML, and whatever is hidden in it that a playbook has no use for."""
    builder = _Builder()
    try:
        for event in _events(text):
            builder.take(event)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else builder.line
        raise refused(min(line, text.count("\n") + 1), "", _syntax(str(error.problem or ""))) from error
    except (YAMLError, YAMLStreamError, ValueError) as error:
        raise refused(builder.line, "", _syntax(str(error))) from error
    return Tree(content=builder.content, lines=builder.lines, problems=tuple(builder.problems))


def refused(line: int, path: str, message: str) -> PlaybookInvalid:
    """Return the refusal for one mistake."""
    return PlaybookInvalid((PlaybookProblem(line, path, message),))


def shown(path: Path) -> str:
    """Write a path as messages do: `recycle[0].clock`."""
    words = ""
    for part in path:
        words += f"[{part}]" if isinstance(part, int) else f".{part}" if words else str(part)
    return words


def _events(text: str) -> Iterator[Event]:
    yaml = YAML(typ="rt", pure=True)
    yield from yaml.parse(text.removeprefix("\ufeff"))


def _text(given: bytes) -> str | None:
    for encoding in ("utf-8", "gb18030"):
        try:
            return given.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


@dataclass
class _Open:
    """A mapping or list that is being read; `key` is the one whose value comes next."""

    made: Any
    path: Path
    key: str | None = None
    is_double: bool = False


@dataclass
class _Builder:
    """Puts events together."""

    content: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[PlaybookProblem] = field(default_factory=list)
    line: int = 1
    _open: list[_Open] = field(default_factory=list)
    _count: int = 0
    _documents: int = 0

    def take(self, event: Event) -> None:
        """Take the next event."""
        if event.start_mark is not None:
            self.line = event.start_mark.line + 1
        self._refuse_tricks(event)
        if isinstance(event, ScalarEvent):
            self._scalar(event)
        elif isinstance(event, MappingStartEvent):
            self._begin({})
        elif isinstance(event, SequenceStartEvent):
            self._begin([])
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self._open.pop()

    def _refuse_tricks(self, event: Event) -> None:
        self._count += 1
        self._documents += isinstance(event, DocumentStartEvent)
        where = shown(self._open[-1].path) if self._open else ""
        if self._count > MOST:
            raise refused(self.line, where, f"内容太多，一份规则最多 {MOST // 10000} 万项")
        if self._documents > 1:
            raise refused(self.line, "", "一个文件只能写一份规则，请去掉中间的「---」")
        if isinstance(event, AliasEvent):
            raise refused(self.line, where, "不支持用 * 引用别处的内容，请直接写出来")
        if getattr(event, "anchor", None):
            raise refused(self.line, where, "不支持用 & 做标记，请去掉")
        tag = getattr(event, "ctag", None)
        if tag is not None and str(tag) not in ("", "None"):
            raise refused(self.line, where, "不支持用 ! 指定类型，请去掉")

    def _scalar(self, event: ScalarEvent) -> None:
        top = self._open[-1] if self._open else None
        if top is not None and isinstance(top.made, dict) and top.key is None:
            self._key(top, str(event.value))
            return
        self._put(_value(event))

    def _key(self, top: _Open, key: str) -> None:
        path = (*top.path, key)
        top.key, top.is_double = key, key in top.made
        if top.is_double:
            first = self.lines[path]
            self.problems.append(
                PlaybookProblem(self.line, shown(path), f"「{key}」写了两次（第 {first} 行已经有了），请只留一个")
            )
            return
        self.lines[path] = self.line

    def _begin(self, made: Any) -> None:
        top = self._open[-1] if self._open else None
        if top is not None and isinstance(top.made, dict) and top.key is None:
            raise refused(self.line, shown(top.path), "冒号前面要写一个名称")
        if len(self._open) >= DEEPEST:
            raise refused(self.line, shown(self._open[-1].path), f"嵌套太深，最多 {DEEPEST} 层")
        self._open.append(_Open(made, self._put(made)))

    def _put(self, value: Any) -> Path:
        """Put a value in its place and return its path."""
        if not self._open:
            self.content, self.lines[()] = value, self.line
            return ()
        top = self._open[-1]
        if isinstance(top.made, list):
            path: Path = (*top.path, len(top.made))
            self.lines[path] = self.line
            top.made.append(value)
            return path
        path = (*top.path, top.key or "")
        if not top.is_double:
            top.made[top.key or ""] = value
        top.key = None
        return path


def _value(event: ScalarEvent) -> Any:
    text = str(event.value)
    if event.style not in (None, ""):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _BROKEN.fullmatch(text) else text


_MISTAKES: Final = (
    ("mapping values are not allowed", "这里多了一个冒号，或者上一行没有写完；值里有冒号时请加引号"),
    ("could not find expected ':'", "这里少了冒号，写成「名称: 值」"),
    ("cannot start any token", "这一行有不能用的字符；缩进请用空格，不要用 Tab"),
    ("expected <block end>", "缩进和上面对不齐，同一层的内容要左对齐"),
    ("expected <document start>", "这一行的缩进和上面对不齐"),
    ("end of stream", "引号或括号没有配对"),
    ("while scanning a quoted scalar", "引号没有配对"),
    ("expected ',' or", "列表或大括号里少了逗号，或没有配对"),
    ("did not find expected", "这一行的写法不对，请检查缩进和括号"),
    ("special characters are not allowed", "这一行有看不见的特殊字符，请删掉重打"),
    ("unacceptable character", "这一行有看不见的特殊字符，请删掉重打"),
)


def _syntax(problem: str) -> str:
    known = next((words for mark, words in _MISTAKES if mark in problem), "")
    return known or "这一行的写法不对，请检查缩进、冒号和引号"
