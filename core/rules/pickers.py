"""Which of several candidates gets the next lead (semantics B.5).

A picker is a pure function: candidates in the rule's order and what it remembered go in, whom it picked and what it
remembers now come out. Who cannot take a lead just now is not among the candidates; that costs nobody a turn.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from core.model.ids import MemberId
from core.model.playbook.assignment import Conversion, Fairness, Picker

Memory = Mapping[str, Any]
"""What a picker keeps of a rule, as JSON: `last`, `current`, and of this week `given` and `value` by member."""

_TIES: Final = 1e-9


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody who may get the lead. `settled` of their leads have an outcome, `won` of them are customers."""

    id: MemberId
    name: str
    place: int
    weight: int = 1
    used: float = 0
    capacity: int | None = None
    last_at: datetime | None = None
    settled: int = 0
    won: int = 0

    @property
    def load(self) -> float:
        """How full they are; without a limit, how much they hold against a hundred."""
        if self.capacity is None:
            return self.used / 100
        return self.used / self.capacity if self.capacity else 1.0


@dataclass(frozen=True)
class Pick:
    """Who gets the lead, why in a few words, and what the rule remembers now."""

    candidate: Candidate
    says: str
    memory: dict[str, Any]


def pick(
    picker: Picker,
    candidates: Sequence[Candidate],
    ring: Sequence[MemberId],
    memory: Memory,
    *,
    conversion: Conversion,
    fairness: Fairness | None,
    value: int,
) -> Pick:
    """Pick one of `candidates`, of whom there must be one. `ring` is everybody of the rule, in its order.

    `fairness` set lets the poorest go first where this week's spread is too wide; `value` is what the lead counts.
    """
    poorest = _poorest(candidates, memory, fairness) if fairness is not None else None
    if poorest is not None:
        candidate, says = poorest
        kept = dict(memory) | ({"last": candidate.id} if picker is Picker.ROUND_ROBIN else {})
    else:
        candidate, says, kept = _PICKERS[picker](candidates, ring, memory, conversion)
    return Pick(candidate, says, _received(kept, candidate.id, value))


def this_week(memory: Memory, week: str) -> dict[str, Any]:
    """Return what is remembered for picks in `week`: what was received in another week is forgotten."""
    if memory.get("week") == week:
        return dict(memory)
    return {**{key: kept for key, kept in memory.items() if key not in ("given", "value")}, "week": week}


def rate(candidate: Candidate, prior: float, smoothing: int) -> float:
    """Return the share of leads that somebody wins, drawn towards the group's where there are few (B.5)."""
    return (candidate.won + smoothing * prior) / (candidate.settled + smoothing)


def prior_of(candidates: Sequence[Candidate]) -> float:
    """Return what the group as a whole wins; nothing is known: one half."""
    settled = sum(one.settled for one in candidates)
    return sum(one.won for one in candidates) / settled if settled else 0.5


def spread(received: Mapping[MemberId, float]) -> float:
    """Return how far the richest and the poorest lie apart, against what each would have if all had the same."""
    mean = sum(received.values()) / len(received) if received else 0.0
    return (max(received.values()) - min(received.values())) / mean if mean else 0.0


Picked = tuple[Candidate, str, dict[str, Any]]


def _round_robin(candidates: Sequence[Candidate], ring: Sequence[MemberId], memory: Memory, _: Conversion) -> Picked:
    places = {member: place for place, member in enumerate(ring)}
    start = places.get(memory.get("last", -1), memory.get("place", len(ring)) - 1) + 1
    turn = min(candidates, key=lambda one: (places[one.id] - start) % len(ring))
    return turn, f"轮流，轮到{turn.name}", {**memory, "last": turn.id, "place": places[turn.id]}


def _weighted(candidates: Sequence[Candidate], _: Sequence[MemberId], memory: Memory, __: Conversion) -> Picked:
    """Smooth: everybody gains their weight, the highest is picked and pays what all gained."""
    total = sum(one.weight for one in candidates)
    kept: dict[str, int] = dict(memory.get("current", {}))
    gained = {one.id: kept.get(str(one.id), 0) + one.weight for one in candidates}
    picked = max(candidates, key=lambda one: (gained[one.id], -one.place))
    gained[picked.id] -= total
    kept |= {str(member): current for member, current in gained.items()}
    weights = ":".join(str(one.weight) for one in candidates)
    return picked, f"按权重 {weights}，轮到{picked.name}", {**memory, "current": kept}


def _least_load(candidates: Sequence[Candidate], _: Sequence[MemberId], memory: Memory, __: Conversion) -> Picked:
    def order(one: Candidate) -> tuple[float, bool, float, int]:
        return one.load, one.last_at is not None, one.last_at.timestamp() if one.last_at else 0.0, one.id

    picked = min(candidates, key=order)
    holds = f"{picked.used:g}" + (f"/{picked.capacity}" if picked.capacity is not None else " 条")
    return picked, f"手上最少，{picked.name} {holds}", dict(memory)


def _best_converter(
    candidates: Sequence[Candidate], _: Sequence[MemberId], memory: Memory, conversion: Conversion
) -> Picked:
    """The best first, until one more lead would be more than their share of the week."""
    prior = prior_of(candidates)
    given: Mapping[str, int] = memory.get("given", {})
    total = sum(given.get(str(one.id), 0) for one in candidates) + 1
    shares = {one.id: (given.get(str(one.id), 0) + 1) / total for one in candidates}
    rates = {one.id: rate(one, prior, conversion.smoothing) for one in candidates}
    within = [one for one in candidates if shares[one.id] <= conversion.most + _TIES]
    if within:
        picked = max(within, key=lambda one: (rates[one.id], -one.place))
    else:
        picked = min(candidates, key=lambda one: (shares[one.id], -rates[one.id], one.place))
    return picked, f"转化率 {rates[picked.id]:.1%}（{picked.won}/{picked.settled} 条成交）", dict(memory)


_PICKERS: Final[dict[Picker, Callable[[Sequence[Candidate], Sequence[MemberId], Memory, Conversion], Picked]]] = {
    Picker.ROUND_ROBIN: _round_robin,
    Picker.WEIGHTED: _weighted,
    Picker.LEAST_LOAD: _least_load,
    Picker.BEST_CONVERTER: _best_converter,
}


def received_value(candidates: Sequence[Candidate], memory: Memory) -> dict[MemberId, float]:
    """Return what each has received this week, against their weight."""
    values: Mapping[str, int] = memory.get("value", {})
    return {one.id: values.get(str(one.id), 0) / max(one.weight, 1) for one in candidates}


def _poorest(candidates: Sequence[Candidate], memory: Memory, fairness: Fairness) -> tuple[Candidate, str] | None:
    received = received_value(candidates, memory)
    apart = spread(received)
    if apart <= fairness.spread + _TIES:
        return None
    poorest = min(candidates, key=lambda one: (received[one.id], one.place))
    most = max(received.values())
    return poorest, f"本周最多 {most:g} 分，{poorest.name} {received[poorest.id]:g} 分最少，先给{poorest.name}"


def _received(memory: dict[str, Any], member: MemberId, value: int) -> dict[str, Any]:
    for key, more in (("given", 1), ("value", value)):
        kept = dict(memory.get(key, {}))
        kept[str(member)] = kept.get(str(member), 0) + more
        memory[key] = kept
    return memory
