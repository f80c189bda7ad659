"""Where blanks stand for the signs that nobody typed: 电话打过去是个学生 假的 无效处理."""

from collections.abc import Callable
from itertools import pairwise
from typing import Final

from bot.understanding.clauses import Clause, begin_of
from bot.understanding.grammar import Call
from bot.understanding.keeping import LAST_DEEDS
from bot.understanding.sentence import Sentence

_MOST: Final = 8


def parted_at_blanks(
    sentence: Sentence, clauses: list[Clause], called: Callable[[Clause], Call | None]
) -> list[Clause]:
    """Cut clauses also at blanks behind which a deed begins; what stands in front of it stays as it is."""
    found: list[Clause] = []
    for clause in clauses:
        cuts: list[int] = []
        reached = clause.start
        for place in _blanks(sentence, clause)[:_MOST]:
            call = called(_from(clause, place)) if place >= reached else None
            if call is not None and _is_a_deed(call):
                cuts.append(place)
                reached = call.end
        ends = [clause.begin, *cuts, clause.end]
        for begin, end in pairwise(ends):
            last = end == clause.end
            start = clause.start if begin == clause.begin else begin_of(sentence, begin, end)
            if start < end:
                sign = clause.sign if last else "，"
                found.append(Clause(sentence, begin, start, end, sign, clause.after_report))
    return found


def _blanks(sentence: Sentence, clause: Clause) -> list[int]:
    """Places of the template that a blank stands in front of."""
    places, text = sentence.places, sentence.text
    return [
        place for place in range(clause.start + 1, clause.end) if text[places[place][0] - 1 : places[place][0]] == " "
    ]


def _from(clause: Clause, place: int) -> Clause:
    start = begin_of(clause.sentence, place, clause.end)
    return Clause(clause.sentence, place, min(start, clause.end - 1), clause.end, clause.sign, clause.after_report)


def _is_a_deed(call: Call) -> bool:
    return call.at_start and call.intent.name in LAST_DEEDS
