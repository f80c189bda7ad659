"""The rule that fits a lead is found without looking at all of them, and nobody gets one who cannot take it (B.5)."""

from datetime import UTC, datetime, time

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.workdays import ChinaWorkdays
from core.calendar import WorkCalendar
from core.model.ids import MemberId
from core.model.lead import Lead
from core.model.member import Member
from core.model.playbook import Playbook
from core.model.playbook.assignment import Hours, Picker
from core.rules.assignment import Colleague, Occasion, RuleBook, try_rule
from core.rules.conditions import judge
from core.rules.fields.catalogue import Facts, catalogue_of

NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
CALENDAR = WorkCalendar(is_workday=ChinaWorkdays().is_workday)
REGIONS, SOURCES, GRADES = ("江苏", "苏州", "华东", "广东", ""), ("官网", "展会", ""), ("A", "B", "C", "")

Tests = st.one_of(
    st.builds(
        lambda values: {"field": "地区", "op": "in", "value": values},
        st.lists(st.sampled_from(REGIONS[:-1]), min_size=1, max_size=3, unique=True),
    ),
    st.builds(lambda value: {"field": "来源", "value": value}, st.sampled_from(SOURCES[:-1])),
    st.builds(lambda value: {"field": "等级", "op": "!=", "value": value}, st.sampled_from(GRADES[:-1])),
    st.builds(lambda value: {"field": "等级", "value": value}, st.sampled_from(GRADES[:-1])),
    st.just({"field": "来源", "op": "empty"}),
)
Conditions = st.one_of(
    Tests,
    st.builds(lambda some: {"all": some}, st.lists(Tests, min_size=1, max_size=4)),
    st.builds(lambda some: {"any": some}, st.lists(Tests, min_size=1, max_size=3)),
    st.builds(lambda one: {"not": one}, Tests),
)
Leads = st.builds(
    lambda region, source, grade: Lead(
        name="华东机电", region=region, source=source, grade=grade, created_at=NOW, updated_at=NOW
    ),
    st.sampled_from(REGIONS),
    st.sampled_from(SOURCES),
    st.sampled_from(GRADES),
)


@settings(max_examples=200)
@given(st.lists(Conditions, min_size=1, max_size=25), st.lists(Leads, min_size=1, max_size=6))
def test_law_the_index_finds_exactly_the_rules_that_hold_in_their_order(
    conditions: list[object], leads: list[Lead]
) -> None:
    rules = [{"id": str(n), "when": one, "to": {"members": ["张伟"]}} for n, one in enumerate(conditions)]
    playbook = Playbook.model_validate({"assignment": {"rules": rules}})
    catalogue = catalogue_of(playbook, "lead")
    book = RuleBook(playbook.assignment.rules, catalogue)
    for lead in leads:
        holding = [
            place
            for place, rule in enumerate(playbook.assignment.rules)
            if judge(rule.when, Facts(lead, catalogue, NOW)).holds
        ]
        assert list(book.fitting(Facts(lead, catalogue, NOW))) == holding


def colleague(number: int, *, active: bool, away: bool, late: bool, used: int, capacity: int, weight: int) -> Colleague:
    member = Member(id=MemberId(number), name=f"销售{number}", active=active, created_at=NOW, updated_at=NOW)
    return Colleague(
        member=member,
        weight=weight,
        duty=Hours(begins=time(13), ends=time(18)) if late else None,
        on_leave="03-08" if away else "",
        used=used,
        capacity=capacity,
    )


Crowd = st.lists(
    st.tuples(st.booleans(), st.booleans(), st.booleans(), st.integers(0, 4), st.integers(0, 4), st.integers(0, 3)),
    min_size=1,
    max_size=9,
)


@given(Crowd, st.sampled_from(list(Picker)), st.booleans())
def test_law_nobody_who_is_gone_away_or_full_gets_a_lead_and_everybody_else_may(
    crowd: list[tuple[bool, bool, bool, int, int, int]], picker: Picker, fair: bool
) -> None:
    names = [f"销售{number}" for number in range(len(crowd))]
    rule = {"id": "一", "to": {"members": names}, "picker": picker, "fair": fair}
    playbook = Playbook.model_validate({"assignment": {"rules": [rule]}})
    people = {
        MemberId(number): colleague(
            number, active=active, away=away, late=late, used=used, capacity=capacity, weight=weight
        )
        for number, (active, away, late, used, capacity, weight) in enumerate(crowd)
    }
    able = {
        number
        for number, one in people.items()
        if one.member.active and not one.on_leave and one.duty is None and one.weight and one.used + 1 <= one.capacity
    }
    lead = Lead(name="华东机电", created_at=NOW, updated_at=NOW)
    facts = Facts(lead, catalogue_of(playbook, "lead"), NOW)
    occasion = Occasion(facts=facts, section=playbook.assignment, calendar=CALENDAR, now=NOW)
    only = playbook.assignment.rules[0]
    tried = try_rule(only, judge(only.when, facts), people, [list(people)], {}, occasion)
    assert {one.id for one in tried.candidates} == able
    assert {one.id for one in tried.dropped} == people.keys() - able
    assert all(one.reason for one in tried.dropped)
    assert (tried.picked is None) == (not able)
    assert tried.picked is None or tried.picked.candidate.id in able
