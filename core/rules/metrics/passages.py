"""How a deal went through its stages, one passage a stage: the facts that funnel and forecast count (semantics B.9).

A passage is written with the change that makes it. So no report ever works out by a window over the moves when a stage
was reached, whether it was skipped, and what became of the deal there.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.model.playbook import Outcome, Pipeline, Stage


@dataclass(frozen=True)
class Stood:
    """One stay of a deal in a stage."""

    stage: str
    entered_at: datetime
    left_at: datetime | None


@dataclass(frozen=True)
class Course:
    """What is known of one deal beside its stays."""

    outcome: str
    reason: str
    begun_on: date | None


@dataclass(frozen=True)
class Passage:
    """What one deal did in one stage that it reached.

    `entered_on` is the day of its first entry, or of passing by. `left` says that it stood there and went; then
    `seconds` is how long it stood there altogether. `advanced`, `lost` and `open` are 0 or 1.
    """

    stage: str
    entered_on: date
    left: int
    seconds: int
    advanced: int
    lost: int
    open: int
    reason: str


def passages(
    stays: Sequence[Stood], course: Course, pipeline: Pipeline, day_of: Callable[[datetime], date]
) -> list[Passage]:
    """Return the passages of a deal from its stays in their order; stages that the pipeline no longer has say nothing.

    A deal whose first stay is not in the first stage passed the stages before it when it began. Entries never lie
    before those of earlier stages.
    """
    ways = {stage.name: place for place, stage in enumerate(_way(pipeline))}
    known = [stay for stay in stays if stay.stage in ways]
    if not stays:
        return []
    begun = min(filter(None, (course.begun_on, day_of(stays[0].entered_at))))
    highest = max((ways[stay.stage] for stay in known), default=0)
    lost_in = _lost_in(stays, ways) if course.outcome == Outcome.LOST else None
    made = []
    for name, place in ways.items():
        if place > highest:
            break
        own = [stay for stay in known if stay.stage == name]
        is_over = pipeline.place(name) >= 0 and pipeline.stages[pipeline.place(name)].outcome is not Outcome.OPEN
        standing = any(stay.left_at is None for stay in own)
        left = bool(own) and not standing and not is_over
        made.append(
            Passage(
                stage=name,
                entered_on=_entry(own, known, ways, place, begun, day_of),
                left=int(left),
                seconds=_total(own) if left else 0,
                advanced=int(place < highest),
                lost=int(place == lost_in),
                open=int(standing and course.outcome == Outcome.OPEN),
                reason=course.reason if place == lost_in else "",
            )
        )
    return made


def _way(pipeline: Pipeline) -> list[Stage]:
    return [stage for stage in pipeline.stages if stage.outcome is not Outcome.LOST]


def _lost_in(stays: Sequence[Stood], ways: dict[str, int]) -> int:
    """Return where a deal stood when it was lost; one that was never seen to stand anywhere was lost at the start."""
    return next((ways[stay.stage] for stay in reversed(stays) if stay.stage in ways), 0)


def _entry(
    own: Sequence[Stood],
    known: Sequence[Stood],
    ways: dict[str, int],
    place: int,
    begun: date,
    day_of: Callable[[datetime], date],
) -> date:
    if place == 0:
        return begun
    if own:
        return day_of(own[0].entered_at)
    first = next((stay for stay in known if ways[stay.stage] > place), None)
    if first is None or first is known[0]:
        return begun  # it was passed before anybody wrote down where the deal stood
    return day_of(first.entered_at)


def _total(own: Iterable[Stood]) -> int:
    return int(sum((stay.left_at - stay.entered_at).total_seconds() for stay in own if stay.left_at is not None))
