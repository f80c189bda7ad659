"""Reads the times out of a text: `find_times("周五下午4点见", now, workdays=...)`.

How doubtful words are read: a bare weekday, day or month is the next one to come; a bare hour from 1 to 7 is in the
afternoon; weeks start on Monday; 前 and 内 make a deadline. Time taken grows with the length of the text only, because
the text is cut into words once and no phrase of the grammar is longer than a few of them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from functools import cache
from pathlib import Path

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedToken, VisitError

from bot.understanding.periods import ImpossibleDate, Lean, NotATime
from bot.understanding.text import fold
from bot.understanding.time_cycles import Cycles
from bot.understanding.time_meanings import Kind, Meaning
from bot.understanding.workdays import Workdays
from core.model.rhythm import Rhythm

_LIST_GOES_ON = re.compile(r"[\s、,，/]?(?:和|及|与|跟|或者?|还有)?[\s]?")
_DAYS_OFF = re.compile(
    r"放假|放(?=\d)|补班|调休|休息|调班|停工|照常上班|休(?=$|[\s，,。；;]|[一二两三四五六七八九\d]天)"
)
_LONGEST_PHRASE = 20  # words of the grammar; the longest sensible phrase has fifteen


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A time and the words that said it.

    `at` is the moment when a time of day was said, `until` the second one of 9点到11点. `from_` and `to` are the days
    it covers, both included; a deadline is due by the end of `to`, or by `at`. `hour` hints at the hour where only a
    part of the day was said (下午: 14), `every` is the rhythm of what recurs, of which `at` and `from_` are the next
    turn, and `inferred` marks an hour that was taken for an afternoon one without having been called so.
    """

    start: int
    end: int
    words: str
    kind: Kind
    at: datetime | None
    from_: date
    to: date
    until: datetime | None = None
    hour: int | None = None
    every: Rhythm | None = None
    inferred: bool = False
    zone: tzinfo | None = None

    @property
    def has_clock(self) -> bool:
        """Say whether a time of day was said."""
        return self.at is not None


@dataclass(frozen=True, slots=True)
class ImpossibleSpan:
    """Words that name a day which does not exist: 2月30日, or 3月17日周三 when that is a Tuesday."""

    start: int
    end: int
    words: str


def find_times(text: str, now: datetime, *, workdays: Workdays, lean: Lean = "future") -> list[TimeSpan]:
    """Find the times in `text`, in their order, none overlapping.

    `now` is aware and in the time zone of the people who talk. With `lean="past"` a bare 周五 or 3月 is the last one
    instead of the next, which is what somebody means who tells what he did.
    """
    return [span for span in _read(text, now, workdays, lean) if isinstance(span, TimeSpan)]


def impossible_dates(text: str, now: datetime, *, workdays: Workdays) -> list[ImpossibleSpan]:
    """Find the words that name a day which does not exist, so that somebody can ask."""
    return [span for span in _read(text, now, workdays, "future") if isinstance(span, ImpossibleSpan)]


def default_moment(span: TimeSpan, hour: int = 9) -> datetime:
    """Choose a moment for a span: its own, or else the begin of the part of the day it names, or else `hour` o'clock.

    A deadline is taken on its last day, everything else on its first.
    """
    if span.at is not None:
        return span.at
    day = span.to if span.kind == "deadline" else span.from_
    return datetime.combine(day, time(hour if span.hour is None else span.hour), span.zone)


def _read(text: str, now: datetime, workdays: Workdays, lean: Lean) -> Iterator[TimeSpan | ImpossibleSpan]:
    """Read the longest phrase from each place where one begins, and go on behind it."""
    tokens = list(time_grammar().lex(fold(text)))
    meanings = Cycles(now, workdays, lean)
    meanings.festivals_name_months = _DAYS_OFF.search(text) is not None
    place = last_end = 0
    while place < len(tokens):
        begin, place = place, place + 1
        for tree, length in _phrases(tokens[begin : begin + _LONGEST_PHRASE]):
            start, end = tokens[begin].start_pos or 0, tokens[begin + length - 1].end_pos or 0
            if not _LIST_GOES_ON.fullmatch(text, last_end, start):
                meanings.forget_week()
            try:
                meaning = _mean(meanings, tree)
            except NotATime:
                continue
            except ImpossibleDate:
                yield ImpossibleSpan(start, end, text[start:end])
            else:
                yield _span(start, end, text[start:end], meaning, now)
            place, last_end = begin + length, end
            break


def _phrases(tokens: list[Token]) -> Iterator[tuple[Tree[Token], int]]:
    """Parse every whole phrase that begins with the first token, the longest first, with its number of tokens."""
    if tokens[0].type not in _beginnings():
        return
    parser = time_grammar().parse_interactive()
    wholes = []
    try:
        for length, token in enumerate(tokens, start=1):
            parser.feed_token(token)
            if "$END" in parser.choices():  # type: ignore[no-untyped-call]  # lark annotates this class in part
                wholes.append((parser.copy(deepcopy_values=False), length))  # type: ignore[no-untyped-call]
    except UnexpectedToken:
        pass  # What has been read so far stands.
    for whole, length in reversed(wholes):
        try:
            yield whole.feed_eof(), length
        except UnexpectedToken:
            continue


def _mean(meanings: Cycles, tree: Tree[Token]) -> Meaning:
    try:
        meaning: Meaning = meanings.transform(tree)
    except VisitError as error:
        raise error.orig_exc from None
    return meaning


def _span(start: int, end: int, words: str, meaning: Meaning, now: datetime) -> TimeSpan:
    return TimeSpan(
        start,
        end,
        words,
        meaning.kind,
        meaning.at,
        meaning.from_,
        meaning.to,
        meaning.until,
        meaning.hour,
        meaning.every,
        meaning.inferred,
        now.tzinfo,
    )


@cache
def time_grammar() -> Lark:
    """Build the parser, once a process and only when somebody reads a time."""
    return Lark(Path(__file__).with_name("times.lark").read_text(encoding="utf-8"), parser="lalr", lexer="basic")


@cache
def _beginnings() -> frozenset[str]:
    """Name the terminals a phrase can begin with."""
    choices: dict[str, object] = time_grammar().parse_interactive().choices()  # type: ignore[no-untyped-call]
    return frozenset(choices) - {"OTHER", "NOISE"}
