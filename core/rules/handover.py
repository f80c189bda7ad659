"""How a book is shared out, what a receiver is told of it, and how much of it was lost (C14, B6-5)."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from core.model.handover import Split
from core.model.ids import MemberId, Ref

UNNAMED = "未填写"
"""The group of customers of which nobody has written the industry or region."""

GRADES_FIRST = "ABCDEFG"


class Customer(Protocol):
    """What a split looks at."""

    name: str
    grade: str
    industry: str
    region: str

    @property
    def ref(self) -> Ref: ...


C = TypeVar("C", bound=Customer)


@dataclass(frozen=True)
class SplitRule:
    """Who takes over, by what, which groups are decided by name, and which customers go elsewhere or stay."""

    receivers: tuple[MemberId, ...]
    by: Split = Split.EVENLY
    shares: Mapping[str, MemberId] = field(default_factory=dict)
    exceptions: Mapping[Ref, MemberId] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    """Some customers that went together, and why to this member."""

    name: str
    receiver: MemberId
    count: int
    why: str


@dataclass(frozen=True)
class Shared:
    """Every customer with exactly one holder, and the groups in which they went."""

    holders: Mapping[Ref, MemberId]
    groups: tuple[Group, ...]

    def of(self, receiver: MemberId) -> list[Ref]:
        return [ref for ref, holder in self.holders.items() if holder == receiver]


def share_out(
    book: Sequence[Customer], rule: SplitRule, holds: Mapping[MemberId, Mapping[str, int]] | None = None
) -> Shared:
    """Give every customer of `book` exactly one holder.

    A named group stays whole: it goes to whoever is named for it, else to who holds most of its kind by `holds`, else
    to who has got least so far. What has no group, and what is shared evenly, goes one by one to who has got least;
    by grade, least of that grade.
    """
    holders: dict[Ref, MemberId] = {}
    groups: list[Group] = []
    given: Counter[MemberId] = Counter()
    rest = []
    for customer in book:
        elsewhere = rule.exceptions.get(customer.ref)
        if elsewhere is None:
            rest.append(customer)
        else:
            holders[customer.ref] = elsewhere
            groups.append(Group(customer.name, elsewhere, 1, "点名"))
    if rule.by in (Split.INDUSTRY, Split.REGION):
        rest = _by_group(rest, rule, holds or {}, holders, groups, given)
    kinds: dict[MemberId, Counter[str]] = {receiver: Counter() for receiver in rule.receivers}
    spread: Counter[tuple[str, MemberId]] = Counter()
    for customer in sorted(rest, key=_by_grade):
        kind = f"{customer.grade or '未定'} 级" if rule.by is Split.GRADE else ""
        receiver = rule.shares.get(customer.grade) if rule.by is Split.GRADE else None
        receiver = receiver or min(rule.receivers, key=_least(kinds, kind, given, rule.receivers))
        holders[customer.ref] = receiver
        given[receiver] += 1
        kinds.setdefault(receiver, Counter())[kind] += 1
        spread[kind or (UNNAMED if rule.by in (Split.INDUSTRY, Split.REGION) else "平均"), receiver] += 1
    groups += [Group(kind, receiver, count, "均分") for (kind, receiver), count in spread.items()]
    return Shared({customer.ref: holders[customer.ref] for customer in book}, tuple(groups))


def chosen(book: Sequence[C], wanted: int) -> list[C]:
    """Return so many customers of the book, spread evenly over its grades."""
    ordered = sorted(book, key=_by_grade)
    if wanted >= len(ordered):
        return ordered
    return [ordered[place * len(ordered) // wanted] for place in range(wanted)]


def _by_group(
    rest: Sequence[Customer],
    rule: SplitRule,
    holds: Mapping[MemberId, Mapping[str, int]],
    holders: dict[Ref, MemberId],
    groups: list[Group],
    given: Counter[MemberId],
) -> list[Customer]:
    """Give every named group to one receiver, the largest first; return what has no group."""
    sorted_out: dict[str, list[Customer]] = {}
    for customer in rest:
        sorted_out.setdefault(customer.industry if rule.by is Split.INDUSTRY else customer.region, []).append(customer)
    unnamed = sorted_out.pop("", [])
    for name, members in sorted(sorted_out.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        receiver, why = _taker(name, rule, holds, given)
        groups.append(Group(name, receiver, len(members), why))
        given[receiver] += len(members)
        for customer in members:
            holders[customer.ref] = receiver
    return unnamed


def _taker(
    name: str, rule: SplitRule, holds: Mapping[MemberId, Mapping[str, int]], given: Counter[MemberId]
) -> tuple[MemberId, str]:
    if name in rule.shares:
        return rule.shares[name], "点名"
    own = {receiver: holds.get(receiver, {}).get(name, 0) for receiver in rule.receivers}
    most = max(own.values(), default=0)
    knowing = [receiver for receiver in rule.receivers if own[receiver] == most]
    if most and len(knowing) == 1:
        return knowing[0], f"已有 {most} 家"
    return min(knowing, key=lambda one: (given[one], rule.receivers.index(one))), "目前分到最少"


def _least(
    kinds: Mapping[MemberId, Counter[str]], kind: str, given: Counter[MemberId], order: Sequence[MemberId]
) -> Callable[[MemberId], tuple[int, int, int]]:
    return lambda one: (kinds[one][kind] if kind else 0, given[one], order.index(one))


def _by_grade(customer: Customer) -> tuple[int, str, int]:
    grade = GRADES_FIRST.find(customer.grade) if customer.grade else -1
    return (grade if grade >= 0 else len(GRADES_FIRST), customer.ref.kind, customer.ref.id)


@dataclass(frozen=True)
class Risk:
    """How easily a customer is lost when its holder goes, and why."""

    score: int
    reasons: tuple[str, ...]


RISKY = 4
"""From here on a customer stands on the list of those that may be lost."""


def risk_of(
    grade: str, last_at: datetime | None, *, deals: int, promises: int, now: datetime, silent_after: timedelta
) -> Risk:
    """Judge how easily a customer is lost: what it is worth, what was promised, and how long nobody was in touch."""
    parts = [
        (3 if grade == "A" else 1 if grade == "B" else 0, f"{grade} 级"),
        (3 if deals else 0, f"{deals} 个在谈商机"),
        (2 if promises else 0, f"{promises} 条承诺"),
        (2 if last_at is None else 0, "没有联系记录"),
        (2 if last_at is not None and now - last_at > silent_after else 0, _silent(last_at, now)),
    ]
    weighing = [(score, why) for score, why in parts if score]
    return Risk(sum(score for score, _ in weighing), tuple(why for _, why in weighing))


def _silent(last_at: datetime | None, now: datetime) -> str:
    return f"{(now - last_at).days} 天没联系" if last_at else ""


class Fate(StrEnum):
    """What has become of a customer since it changed hands."""

    FOLLOWED = "followed"
    WAITING = "waiting"
    SILENT = "silent"
    GONE = "gone"


def fate_of(*, alive: bool, handed_at: datetime, heard_at: datetime | None, now: datetime, within: timedelta) -> Fate:
    """Judge one customer; `heard_at` is the receiver's first valid follow-up since.

    Who is no longer held by anybody is gone, who was not heard of in time is silent, before that it waits.
    """
    if not alive:
        return Fate.GONE
    if heard_at is not None and heard_at <= handed_at + within:
        return Fate.FOLLOWED
    return Fate.WAITING if now <= handed_at + within else Fate.SILENT
