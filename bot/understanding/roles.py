"""Says what a time in a told follow-up is: ours to call, their answer, a good moment, a day of theirs, or when it was.

Examples (`roles.json`) are clauses around one time: 让我Ⓣ再打 is the next contact, Ⓣ开标 a day of theirs; ⓣ is another
time beside it. Each sign of a clause (its words next to the time, kinds of words, who is spoken of) speaks for and
against each role with a weight that is learned from the examples once a process, always in the same order. The same
words therefore always have the same role.
"""

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from bot.understanding.sentence import Piece, Sentence
from bot.understanding.words import load_words

NEXT: Final = "next"
"""We are to call, come or give something then."""

ANSWER: Final = "answer"
"""They come back to us then."""

MOMENT: Final = "moment"
"""Something of theirs is over then, so that calling is worth while: 老板20号回来."""

THEIRS: Final = "theirs"
"""A day of theirs, of a delivery, of signing, of a past deed, or no day at all."""

DONE: Final = "done"
"""When it happened that is told."""

_STOP: Final = re.compile(r"[，,。；;！!？?\n：:]")
_TITLES: Final = (
    "总监|副总|总|工|经理|主任|老师|先生|女士|小姐|姐|哥|厂长|校长|部长|科长|处长|院长|老板娘?|秘书|助理|会计|采购"
)
_PLAIN: Final = tuple(
    (re.compile(words), meant)
    for words, meant in (
        (rf"[一-龥]{{1,2}}(?:{_TITLES})(?!部)", "他"),
        ("(?:Ⓒ的?)?Ⓟ(?:那边|那头)?", "他"),
        ("(?<=Ⓒ)(?:那边|这边|那头|那儿|这儿|的人)", ""),
        ("他们|她们|佢哋|佢|她|它们?|对方|客户|人家|那边|那头|俺们?|您|甲方", "他"),
        ("我们|咱们?|我方|我司|你们?", "我"),
        ("之前|以前", "前"),
        ("之后|以后|过后", "后"),
        ("(?:叫|要求|请|喊|邀请|邀|通知|希望|要)(?=我)", "让"),
    )
)
_WHO: Final = re.compile("[我他Ⓒ]")
_WHO_BEHIND: Final = re.compile("[^的]{0,3}?([我他])")
_BIDS: Final = re.compile("[让叫]$")
_BIDDEN: Final = re.compile("[让叫]")
_REPORTS: Final = re.compile("[说讲话表示]")
_FAR_BEFORE, _FAR_BEHIND = 8, 10
"""How many signs of a clause are looked at on either side of the time."""

_ROUNDS: Final = 8
_STEP: Final = 0.35
_SETTLED: Final = 0.04
"""An example that is so nearly right teaches nothing more."""


@dataclass(frozen=True, slots=True)
class Role:
    """The likeliest role of a time and how sure each is; `shares` add up to one."""

    name: str
    shares: dict[str, float]

    def share(self, *names: str) -> float:
        """How much speaks for any of these roles."""
        return sum(self.shares[name] for name in names)

    def without(self, name: str) -> "Role":
        """The role where one is out of the question, such as having happened for a day to come."""
        rest = {other: share for other, share in self.shares.items() if other != name}
        whole = sum(rest.values())
        return Role(max(rest, key=lambda other: rest[other]), {n: s / whole for n, s in rest.items()} | {name: 0.0})


@lru_cache(maxsize=1024)
def role_of(before: str, behind: str) -> Role:
    """Judge a time by the template before and behind it."""
    shares = _learned().judge(_signs(before, behind))
    return Role(max(shares, key=lambda name: shares[name]), shares)


def role_at(sentence: Sentence, piece: Piece) -> Role:
    """Judge a time where it stands in its sentence."""
    place = next((n for n, (start, _) in enumerate(sentence.places) if start == piece.start), 0)
    return role_of(sentence.template[:place], sentence.template[place + 1 :])


def learn() -> None:
    """Learn from the examples now, so that nobody's first message waits for it."""
    _learned()


def examples() -> dict[str, list[str]]:
    """Every example by its role."""
    listed: dict[str, list[str]] = load_words("roles")["examples"]
    return listed


class _Weights:
    """What each sign says for each role (multinomial logistic regression, plain steps, a fixed order)."""

    def __init__(self, listed: dict[str, list[str]]) -> None:
        self._roles = tuple(listed)
        told = [(n, _signs(*one.split("Ⓣ", 1))) for n, many in enumerate(listed.values()) for one in many]
        often = Counter(sign for _, signs in told for sign in signs)
        self._number = {sign: number for number, sign in enumerate(sign for sign in often if often[sign] > 1)}
        self._weights = [[0.0] * len(self._number) for _ in self._roles]
        lessons = [(n, self._known(signs)) for n, signs in told]
        for turn in range(_ROUNDS):
            step = _STEP / (1 + turn / 8)
            for place in range(len(lessons)):
                self._learn(*lessons[place * _STRIDE % len(lessons)], step)

    def _learn(self, right: int, signs: list[int], step: float) -> None:
        far = step / math.sqrt(len(signs) or 1)
        for number, share in enumerate(self._shares(signs)):
            wrong = (number == right) - share
            if abs(wrong) > _SETTLED:
                weights, move = self._weights[number], far * wrong
                for sign in signs:
                    weights[sign] += move

    def _known(self, signs: set[str]) -> list[int]:
        return sorted(self._number[sign] for sign in signs if sign in self._number)

    def _shares(self, signs: list[int]) -> list[float]:
        scores = [sum([weights[sign] for sign in signs]) for weights in self._weights]
        best = max(scores)
        raised = [math.exp(score - best) for score in scores]
        whole = sum(raised)
        return [one / whole for one in raised]

    def judge(self, signs: set[str]) -> dict[str, float]:
        return dict(zip(self._roles, self._shares(self._known(signs)), strict=True))


_STRIDE: Final = 7919
"""A prime, by which lessons of all roles are taken in turns."""


@cache
def _learned() -> _Weights:
    """Learn from the examples, once a process."""
    return _Weights(examples())


@cache
def _kinds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    listed: dict[str, list[str]] = load_words("roles")["words"]
    return tuple(
        (kind, re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True)))))
        for kind, words in listed.items()
    )


def _plain(words: str) -> str:
    for pattern, meant in _PLAIN:
        words = pattern.sub(meant, words)
    return words.replace("Ⓣ", "ⓣ")


def _signs(before: str, behind: str) -> set[str]:
    """What speaks for a role: words next to the time, kinds of words in and around its clause, and who is spoken of."""
    fore, aft = _STOP.split(_plain(before)), _STOP.split(_plain(behind))
    tail, head = f"^{fore[-1][-_FAR_BEFORE:]}", aft[0][:_FAR_BEHIND] + ("$" if len(aft[0]) <= _FAR_BEHIND else "")
    signs = {f"…{tail[-size:]}Ⓣ" for size in (1, 2, 3) if len(tail) >= size}
    signs |= {f"Ⓣ{head[:size]}…" for size in (1, 2, 3) if len(head) >= size}
    signs |= {f"前{tail[n : n + size]}" for n in range(len(tail)) for size in (1, 2) if n + size <= len(tail)}
    signs |= {f"后{head[n : n + size]}" for n in range(len(head)) for size in (1, 2) if n + size <= len(head)}
    around = {"behind": aft[0], "before": fore[-1], "following": "".join(aft[1:2]), "leading": "".join(fore[-2:-1])}
    who = _who(fore[-1], aft[0])
    for kind, words in _kinds():
        signs |= {f"{place}:{kind}" for place, said in around.items() if words.search(said)}
        if f"behind:{kind}" in signs:
            signs.add(f"{who}+{kind}")
    signs |= {f"{kind}, then" for kind, _ in _kinds() if {f"behind:{kind}", "following:then"} <= signs}
    signs.add(who)
    if "ⓣ" in "".join(aft[1:3]):
        signs.add("time follows")
    if "ⓣ" in "".join(fore[-2:]):
        signs.add("time leads")
    if _REPORTS.search(fore[-1]):
        signs.add("reported")
    signs.add("any")
    return signs


def _who(before: str, behind: str) -> str:
    """Who is to act: we, they, or we because they bid us."""
    if named := _WHO_BEHIND.match(behind):
        return "we" if named[1] == "我" else "they"
    hits = list(_WHO.finditer(before))
    if not hits:
        return "bidden" if _BIDS.search(before) else "nobody"
    last = hits[-1]
    if last[0] == "我" and _BIDS.search(before[: last.start()]):
        return "we bidden"
    if _BIDDEN.search(before[last.start() :]):
        return "bidden"
    return {"我": "we before", "他": "they before"}.get(last[0], "customer before")
