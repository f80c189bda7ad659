"""Which of several candidates gets the next lead: semantics B.5, its worked rows and the laws behind them."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.ids import MemberId
from core.model.playbook.assignment import Conversion, Fairness, Picker
from core.rules.pickers import Candidate, pick, prior_of, rate, received_value, spread, this_week

A, B, C = (MemberId(number) for number in (1, 2, 3))
NAMES = {A: "A", B: "B", C: "C"}
NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)


def people(*ids: MemberId, **of: Any) -> list[Candidate]:
    return [
        Candidate(
            id=number,
            name=NAMES.get(number, str(number)),
            place=place,
            **{name: values[number] for name, values in of.items()},
        )
        for place, number in enumerate(ids)
    ]


def run(picker: Picker, leads: int, candidates: list[Candidate], *, ring: Any = (A, B, C), **more: Any) -> str:
    """Give `leads` leads in a row; say who got them."""
    memory: dict[str, Any] = {}
    got = []
    for _ in range(leads):
        done = pick(
            picker,
            candidates,
            ring,
            memory,
            conversion=more.get("conversion", Conversion()),
            fairness=more.get("fairness"),
            value=more.get("value", 1),
        )
        got.append(done.candidate.name)
        memory = done.memory
    return " ".join(got)


def test_b5_round_robin_skips_who_is_full_and_skipping_costs_no_turn() -> None:
    assert run(Picker.ROUND_ROBIN, 5, people(A, C)) == "A C A C A"
    assert run(Picker.ROUND_ROBIN, 7, people(A, B, C)) == "A B C A B C A"


def test_b5_weighted_is_smooth() -> None:
    weights = {A: 3, B: 2, C: 1}
    assert run(Picker.WEIGHTED, 6, people(A, B, C, weight=weights)) == "A B A C B A"


def test_b5_least_load_counts_against_capacity() -> None:
    crew = people(A, B, C, used={A: 10, B: 5, C: 8}, capacity={A: 50, B: 20, C: 50})
    assert [f"{one.load:.2f}" for one in crew] == ["0.20", "0.25", "0.16"]
    assert run(Picker.LEAST_LOAD, 1, crew) == "C"


def test_b5_least_load_ties_go_to_who_waits_longest_and_then_by_number() -> None:
    last = {A: NOW, B: NOW - timedelta(hours=1), C: NOW}
    full = {A: 10, B: 10, C: 10}
    assert run(Picker.LEAST_LOAD, 1, people(A, B, C, used=full, capacity=full, last_at=last)) == "B"
    assert run(Picker.LEAST_LOAD, 1, people(A, B, C, last_at=last | {C: None})) == "C"
    assert run(Picker.LEAST_LOAD, 1, people(C, B, A)) == "A"


def test_b5_three_of_three_with_a_prior_of_half_are_sixty_one_and_a_half_percent() -> None:
    [lucky] = people(A, settled={A: 3}, won={A: 3})
    assert rate(lucky, 0.5, 10) == pytest.approx(8 / 13)
    assert f"{rate(lucky, 0.5, 10):.1%}" == "61.5%"


def test_b5_few_lucky_wins_do_not_beat_a_long_record() -> None:
    crew = people(A, B, settled={A: 3, B: 200}, won={A: 3, B: 160})
    assert rate(crew[1], prior_of(crew), 10) > 0.79
    assert rate(crew[0], 0.5, 10) < rate(crew[1], 0.5, 10)


def test_b5_the_best_converter_gets_no_more_than_forty_percent_of_the_week() -> None:
    crew = people(A, B, C, settled={A: 90, B: 90, C: 90}, won={A: 30, B: 80, C: 10})
    got = Counter(run(Picker.BEST_CONVERTER, 100, crew).split())
    assert got == {"B": 40, "A": 39, "C": 21}, "the best gets all that one may, the next one too, the worst the rest"


def test_b5_the_fairness_guard_sends_the_next_lead_to_the_poorest_while_the_spread_is_too_wide() -> None:
    guard = Fairness()
    memory = {"week": "2026-W10", "value": {"1": 20, "2": 20, "3": 10}}
    done = pick(
        Picker.ROUND_ROBIN, people(A, B, C), (A, B, C), memory, conversion=Conversion(), fairness=guard, value=5
    )
    assert done.candidate.name == "C"
    assert done.says == "本周最多 20 分，C 10 分最少，先给C"
    assert done.memory["value"] == {"1": 20, "2": 20, "3": 15}


def test_b5_within_fifteen_percent_the_picker_decides_as_ever() -> None:
    memory = {"week": "2026-W10", "value": {"1": 100, "2": 100, "3": 86}, "last": A}
    candidates = people(A, B, C)
    assert spread(received_value(candidates, memory)) <= 0.15
    done = pick(
        Picker.ROUND_ROBIN, candidates, (A, B, C), memory, conversion=Conversion(), fairness=Fairness(), value=1
    )
    assert done.candidate.name == "B"


def test_b5_a_new_week_begins_with_nothing_received_and_keeps_the_turn() -> None:
    memory = {"week": "2026-W10", "last": 2, "place": 1, "given": {"1": 3}, "value": {"1": 9}}
    assert this_week(memory, "2026-W10") == memory
    assert this_week(memory, "2026-W11") == {"week": "2026-W11", "last": 2, "place": 1}


def test_whoever_joins_or_leaves_the_ring_moves_nobody_elses_turn() -> None:
    def turn(memory: dict[str, Any], *ring: MemberId) -> str:
        done = pick(Picker.ROUND_ROBIN, people(*ring), ring, memory, conversion=Conversion(), fairness=None, value=1)
        return done.candidate.name

    after_a = {"last": A, "place": 0}
    assert turn(after_a, A, B, C) == "B"
    assert turn(after_a, B, C) == "B", "A has left, so B is next"
    assert turn({"last": B, "place": 1}, A, C) == "C"
    assert turn({"last": C, "place": 2}, A, B) == "A"


Ids = st.lists(st.integers(1, 30).map(MemberId), min_size=1, max_size=12, unique=True)


@given(Ids, st.integers(0, 80))
def test_law_round_robin_spreads_within_one(ring: list[MemberId], leads: int) -> None:
    got = Counter(run(Picker.ROUND_ROBIN, leads, people(*ring), ring=ring).split())
    counts = [got[NAMES.get(one, str(one))] for one in ring]
    assert sum(counts) == leads
    assert max(counts) - min(counts) <= 1


@given(st.lists(st.integers(1, 9), min_size=1, max_size=8), st.integers(1, 3))
def test_law_weighted_is_exact_over_every_full_cycle(weights: list[int], cycles: int) -> None:
    ring = [MemberId(number) for number in range(1, len(weights) + 1)]
    crew = people(*ring, weight=dict(zip(ring, weights, strict=True)))
    got = Counter(run(Picker.WEIGHTED, sum(weights) * cycles, crew, ring=ring).split())
    assert [got[one.name] for one in crew] == [weight * cycles for weight in weights]


@given(
    Ids.filter(lambda ring: len(ring) > 2),
    st.lists(st.integers(0, 50), min_size=12, max_size=12),
    st.integers(9, 120),
)
def test_law_nobody_of_three_or_more_gets_more_than_their_share(
    ring: list[MemberId], won: list[int], leads: int
) -> None:
    crew = people(*ring, settled=dict.fromkeys(ring, 50), won={one: won[place] for place, one in enumerate(ring)})
    got = Counter(run(Picker.BEST_CONVERTER, leads, crew, ring=ring).split())
    assert max(got.values()) <= max(0.4 * leads, 4)


@given(Ids, st.lists(st.sampled_from([1, 3, 5]), min_size=1, max_size=120))
def test_law_the_guard_never_lets_two_drift_apart_by_more_than_a_lead(ring: list[MemberId], values: list[int]) -> None:
    memory: dict[str, Any] = {}
    candidates = people(*ring)
    for value in values:
        done = pick(
            Picker.ROUND_ROBIN,
            candidates,
            ring,
            memory,
            conversion=Conversion(),
            fairness=Fairness(spread=0.0),
            value=value,
        )
        memory = done.memory
    received = received_value(candidates, memory)
    assert max(received.values()) - min(received.values()) <= 5


@given(
    st.sampled_from(list(Picker)),
    st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=60),
)
def test_law_only_who_is_asked_is_picked(picker: Picker, steps: list[tuple[int, bool]]) -> None:
    ring = [MemberId(number) for number in range(1, 13)]
    memory: dict[str, Any] = {}
    for number, fair in steps:
        there = people(*[one for one in ring if one % number == 0 or one == number])
        done = pick(
            picker,
            there,
            ring,
            memory,
            conversion=Conversion(),
            fairness=Fairness() if fair else None,
            value=3,
        )
        assert done.candidate in there
        memory = done.memory
