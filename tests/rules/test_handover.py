"""How a book is shared out, what was promised, how easily a customer is lost (C14)."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.handover import Split
from core.model.ids import MemberId, Ref
from core.rules.handover import Fate, SplitRule, chosen, fate_of, risk_of, share_out
from core.rules.promises import promises_in

LI, CHEN, WANG = MemberId(1), MemberId(2), MemberId(3)
NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)


@dataclass(frozen=True)
class One:
    number: int
    grade: str = ""
    industry: str = ""
    region: str = ""
    kind: str = "lead"
    name: str = "某公司"

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.number)


def test_by_industry_each_stays_whole_and_goes_to_who_knows_it() -> None:
    book = [One(n, industry="制造业") for n in range(5)] + [One(n, industry="贸易") for n in range(5, 8)]
    shared = share_out(book, SplitRule((LI, CHEN), Split.INDUSTRY), {CHEN: {"制造业": 4}})
    assert Counter(shared.holders.values()) == {CHEN: 5, LI: 3}
    assert [(g.name, g.receiver, g.why) for g in shared.groups] == [
        ("制造业", CHEN, "已有 4 家"),
        ("贸易", LI, "目前分到最少"),
    ]


def test_a_group_goes_to_whoever_is_named_for_it_and_a_customer_too() -> None:
    book = [One(1, industry="制造业"), One(2, industry="制造业"), One(3, industry="贸易")]
    rule = SplitRule((LI, CHEN), Split.INDUSTRY, {"制造业": CHEN}, {Ref("lead", 2): WANG})
    assert share_out(book, rule).holders == {Ref("lead", 1): CHEN, Ref("lead", 2): WANG, Ref("lead", 3): LI}


def test_by_grade_everybody_gets_as_many_of_each() -> None:
    book = [One(n, grade="ABC"[n % 3]) for n in range(12)]
    shared = share_out(book, SplitRule((LI, CHEN), Split.GRADE))
    spread = Counter((one.grade, shared.holders[one.ref]) for one in book)
    assert set(spread.values()) == {2}


CUSTOMERS = st.lists(
    st.builds(
        One,
        number=st.integers(1, 10_000),
        grade=st.sampled_from(["", "A", "B", "C", "重点"]),
        industry=st.sampled_from(["", "制造业", "贸易", "软件", "物流"]),
        region=st.sampled_from(["", "江苏", "广东"]),
        kind=st.sampled_from(["lead", "account"]),
    ),
    max_size=60,
    unique_by=lambda one: one.ref,
)
PEOPLE = st.lists(st.integers(1, 8).map(MemberId), min_size=1, max_size=4, unique=True)


@given(CUSTOMERS, PEOPLE, st.sampled_from(Split), st.data())
def test_every_customer_has_exactly_one_holder_and_the_sums_are_equal(
    book: list[One], people: list[MemberId], by: Split, data: st.DataObject
) -> None:
    named = data.draw(st.lists(st.sampled_from(book), unique_by=lambda one: one.ref)) if book else []
    rule = SplitRule(tuple(people), by, {"制造业": people[-1]}, {one.ref: MemberId(9) for one in named})
    shared = share_out(book, rule, {people[0]: {"贸易": 2}})
    assert set(shared.holders) == {one.ref for one in book}
    assert set(shared.holders.values()) <= {*people, MemberId(9)}
    assert sum(len(shared.of(one)) for one in {*people, MemberId(9)}) == len(book)
    assert sum(group.count for group in shared.groups) == len(book)
    assert all(shared.holders[one.ref] == MemberId(9) for one in named)


@given(CUSTOMERS, PEOPLE)
def test_evenly_means_that_nobody_gets_two_more_than_another(book: list[One], people: list[MemberId]) -> None:
    given_to = Counter(share_out(book, SplitRule(tuple(people))).holders.values())
    counts = [given_to[one] for one in people]
    assert max(counts) - min(counts) <= 1


@given(CUSTOMERS, PEOPLE)
def test_a_named_group_is_never_torn_apart(book: list[One], people: list[MemberId]) -> None:
    shared = share_out(book, SplitRule(tuple(people), Split.INDUSTRY))
    holders: dict[str, set[MemberId]] = {}
    for one in book:
        holders.setdefault(one.industry, set()).add(shared.holders[one.ref])
    assert all(len(theirs) == 1 for industry, theirs in holders.items() if industry)


@given(CUSTOMERS, st.integers(1, 80))
def test_a_part_has_as_many_as_are_wanted_and_nobody_twice(book: list[One], wanted: int) -> None:
    some = chosen(book, wanted)
    assert len(some) == min(wanted, len(book))
    assert len({one.ref for one in some}) == len(some)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("答应周五前给方案", ["答应周五前给方案"]),
        ("客户催得急，答应周五前给方案，另外要样品", ["答应周五前给方案"]),
        ("电话聊了价格；月底前交付50台", ["月底前交付50台"]),
        ("没答应降价", []),
        ("方案已经发了", []),
        ("保证金要10万", []),
        ("聊了报价，对方要打九折，下周三下午三点再联系", []),
    ],
)
def test_promises_are_found_clause_by_clause(text: str, words: list[str]) -> None:
    assert [promise.words for promise in promises_in(text)] == words


def test_what_the_customer_promised_is_theirs() -> None:
    assert [p.theirs for p in promises_in("对方承诺下周付款，我们答应周五前发货")] == [True, False]


def test_the_risk_of_losing_a_customer_is_what_it_is_worth_and_how_long_nobody_called() -> None:
    policy = timedelta(days=30)
    worth = risk_of("A", NOW - timedelta(days=40), deals=1, promises=1, now=NOW, silent_after=policy)
    assert worth.reasons == ("A 级", "1 个在谈商机", "1 条承诺", "40 天没联系")
    assert risk_of("C", NOW, deals=0, promises=0, now=NOW, silent_after=policy).score == 0


@pytest.mark.parametrize(
    ("alive", "heard", "days", "fate"),
    [
        (True, 3, 5, Fate.FOLLOWED),
        (True, None, 5, Fate.WAITING),
        (True, None, 15, Fate.SILENT),
        (True, 15, 20, Fate.SILENT),
        (False, 3, 5, Fate.GONE),
    ],
)
def test_every_customer_of_a_leaver_has_one_fate(alive: bool, heard: int | None, days: int, fate: Fate) -> None:
    heard_at = NOW + timedelta(days=heard) if heard is not None else None
    now = NOW + timedelta(days=days)
    assert fate_of(alive=alive, handed_at=NOW, heard_at=heard_at, now=now, within=timedelta(days=14)) is fate
