"""Finds which intent a clause calls: the cue that explains most of its words wins."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from bot.understanding.clauses import Clause
from bot.understanding.intents import (
    approvals,
    assignment,
    customers,
    deals,
    documents,
    fields,
    followups,
    leads,
    members,
    money,
    promises,
    quotes,
    reports,
    rules,
    talk,
    team,
    verdicts,
)
from bot.understanding.intents.intent import Intent, expanded
from bot.understanding.sentence import ENDS

INTENTS: Final[tuple[Intent, ...]] = (
    *followups.INTENTS,
    *leads.INTENTS,
    *assignment.INTENTS,
    *customers.INTENTS,
    *deals.INTENTS,
    *promises.INTENTS,
    *quotes.INTENTS,
    *documents.INTENTS,
    *money.INTENTS,
    *verdicts.INTENTS,
    *approvals.INTENTS,
    *team.INTENTS,
    *reports.INTENTS,
    *rules.INTENTS,
    *members.INTENTS,
    *fields.INTENTS,
    *talk.INTENTS,
)
BY_NAME: Final = {intent.name: intent for intent in INTENTS}
_WHOLE: Final = 4
_AT_START: Final = 2


@dataclass(frozen=True)
class Call:
    """An intent that a clause calls, how strongly, and the words that do (offsets in the template)."""

    intent: Intent
    clause: Clause
    start: int
    end: int
    score: int
    groups: dict[str, tuple[int, int]]

    @property
    def is_guess(self) -> bool:
        """Say whether the words only hint at it, so that a write is shown first."""
        return self.intent.writes and "doubt" in self.groups

    @property
    def at_start(self) -> bool:
        return self.start == self.clause.start


def calls(clause: Clause) -> list[Call]:
    """Every intent that the clause calls and may call, the strongest first."""
    tail = clause.sentence.template[clause.start :]
    length = clause.end - clause.start
    if clause.sentence.template[clause.end : clause.end + 1] not in ("", *ENDS):
        tail = tail[:length]  # no sign parts it from the next, which is none of its own
    found = []
    signs = set(tail)
    for intent, cues in compiled_cues():
        best: Call | None = None
        for cue, required in cues:
            if required and signs.isdisjoint(required):
                continue
            hit = cue.search(tail)
            if hit is None or hit.start() >= length or hit.end() == hit.start():
                continue
            call = _call(intent, clause, hit, length)
            if best is None or (best.is_guess, call.score) > (call.is_guess, best.score):
                best = call
        if best is not None and allowed(best):
            found.append(best)
    return sorted(found, key=lambda call: -call.score)


def allowed(call: Call) -> bool:
    """Say whether a writing intent is really asked for: no question, no what-if, no hearsay, no "do not"."""
    intent, clause = call.intent, call.clause
    if not intent.writes:
        return intent.supposes or not clause.supposes
    until = call.end - clause.start
    if "instead" not in call.groups and clause.negated(call.start - clause.start if intent.negates else until):
        return False
    if not intent.supposes and clause.supposes:
        return False
    if not intent.hearsay and clause.reported(call.start - clause.start + 1):
        return False
    return intent.questions or not clause.asks


def _call(intent: Intent, clause: Clause, hit: re.Match[str], length: int) -> Call:
    end = min(hit.end(), length)
    score = 2 * (end - hit.start()) + intent.rank
    score += _AT_START * (hit.start() == 0) + _WHOLE * (end == length)
    offset = clause.start
    groups = {
        name.split("_")[0]: (offset + hit.start(name), offset + hit.end(name))
        for name, words in hit.groupdict().items()
        if words
    }
    return Call(intent, clause, offset + hit.start(), offset + hit.end(), score, groups)


Cue = tuple[re.Pattern[str], frozenset[str]]


@cache
def compiled_cues() -> tuple[tuple[Intent, tuple[Cue, ...]], ...]:
    """Compile every cue once a process."""
    return tuple((intent, tuple(_cue(cue) for cue in intent.cues)) for intent in INTENTS)


def _cue(written: str) -> Cue:
    pattern = expanded(written)
    return re.compile(pattern), frozenset(required_signs(pattern))


def required_signs(pattern: str) -> set[str]:
    """Return characters of which a matching text must contain one; nothing when that cannot be said."""
    import re._parser as parser  # type: ignore[import-not-found]  # the parser that the pattern is compiled with

    return set(_required(parser.parse(pattern)) or ())


def _required(parts: Iterable[tuple[object, object]]) -> set[str] | None:
    """Find the smallest set of which one character must occur, among everything that must match."""
    found = [signs for part in parts if (signs := _signs_of(*part))]
    return min(found, key=len, default=None)


def _signs_of(operation: object, argument: object) -> set[str] | None:
    name = str(operation)
    if name == "LITERAL":
        return {chr(argument)}  # type: ignore[arg-type]
    if name == "SUBPATTERN":
        return _required(argument[-1])  # type: ignore[index]
    if name == "BRANCH":
        branches = [_required(branch) for branch in argument[1]]  # type: ignore[index]
        return None if any(branch is None for branch in branches) else set().union(*(b or set() for b in branches))
    if name == "IN":
        return _members(argument)  # type: ignore[arg-type]
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        return _required(argument[2]) if argument[0] else None  # type: ignore[index]
    return None


def _members(listed: Iterator[tuple[object, object]]) -> set[str] | None:
    signs = set()
    for operation, argument in listed:
        if str(operation) != "LITERAL":
            return None
        signs.add(chr(argument))  # type: ignore[arg-type]
    return signs
