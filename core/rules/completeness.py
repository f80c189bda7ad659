"""How complete a record is: the weight of what is known out of the weight of what is of use (semantics B.11)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from core.model.ids import MemberId
from core.model.playbook import Playbook
from core.model.playbook.completeness import Completeness
from core.rules.cells import is_placeholder
from core.rules.condition_checks import Flaw
from core.rules.conditions import judge
from core.rules.duplicates import plain_email, plain_phone
from core.rules.fields.catalogue import Catalogue, Facts, catalogue_of
from core.rules.fields.field import NOTHING, Field

_WORDS: Final = frozenset({"text", "long_text", "address", "region", "labels"})
"""Types in which a placeholder such as 1, test or 无 says nothing; 1 is a fine number."""

COMPLETENESS: Final = "completeness"
"""Under which kind its figures are kept."""

WHOLE: Final = 10_000
"""A complete record, in hundredths of a percent."""


@dataclass(frozen=True)
class Measured:
    """What is known of a record and what is of use, by weight; `missing` begins with what weighs most."""

    have: int
    want: int
    missing: tuple[Field, ...]

    @property
    def share(self) -> int:
        """How complete it is, in hundredths of a percent, half up; one of which nothing is wanted is complete."""
        return (self.have * WHOLE * 2 + self.want) // (2 * self.want) if self.want else WHOLE


@dataclass(frozen=True)
class Mean:
    """How complete some records are together: each counts alike."""

    count: int = 0
    total: int = 0

    def __add__(self, other: "Mean") -> "Mean":
        return Mean(self.count + other.count, self.total + other.total)

    @property
    def percent(self) -> Decimal | None:
        """The mean in percent, to one place; None of nothing."""
        return round(Decimal(self.total) / self.count / 100, 1) if self.count else None


@dataclass(frozen=True)
class Figure:
    """One member's mean in one week, kept so that it can be plotted."""

    week: date
    member_id: MemberId
    mean: Mean


def measured(facts: Facts, policy: Completeness) -> Measured:
    """Measure one record. A field counts while it is of use: by its state, and by the condition that shows it."""
    have, want, missing = 0, 0, []
    for field, weight in wanted_fields(facts, policy):
        want += weight
        if says_something(field, facts.value(field.key)):
            have += weight
        else:
            missing.append((weight, field))
    missing.sort(key=lambda pair: -pair[0])
    return Measured(have, want, tuple(field for _, field in missing))


def wanted_fields(facts: Facts, policy: Completeness) -> Iterator[tuple[Field, int]]:
    """Yield the fields that count for a record as it is now, with their weight."""
    catalogue = facts.catalogue
    states = {str(facts.value(key)) for key in ("state", "stage") if key in catalogue.by_key}
    for field, weight, only in _weights(catalogue, policy):
        if weight and (not only or states & only) and _applies(field, facts):
            yield field, weight


def says_something(field: Field, value: Any) -> bool:
    """Say whether a value is one: not empty, no placeholder, and a number that can be called where one belongs."""
    if value in NOTHING:
        return False
    if field.type.key == "phone":
        return plain_phone(str(value)) is not None
    if field.type.key == "mail":
        return plain_email(str(value)) is not None
    if field.type.key in _WORDS:
        parts = value if isinstance(value, list | tuple) else [value]
        return any(not is_placeholder(str(part).strip()) for part in parts)
    return True


def mean_of(measures: Iterable[Measured]) -> Mean:
    """Return how complete records are together."""
    shares = [one.share for one in measures]
    return Mean(len(shares), sum(shares))


def by_week(figures: Iterable[Figure]) -> tuple[tuple[date, Mean], ...]:
    """Add figures up by week."""
    weeks: dict[date, Mean] = {}
    for one in figures:
        weeks[one.week] = weeks.get(one.week, Mean()) + one.mean
    return tuple(sorted(weeks.items()))


def completeness_flaws(playbook: Playbook) -> Iterator[Flaw]:
    """Yield the fields that are to count and that no record has."""
    for key, lines in playbook.completeness.fields.items():
        catalogue = catalogue_of(playbook, key)
        for number, line in enumerate(lines):
            if catalogue.find(line.field) is None:
                yield Flaw(("completeness", "fields", key, number, "field"), catalogue.no_such_field(line.field))


def _weights(catalogue: Catalogue, policy: Completeness) -> Iterator[tuple[Field, int, frozenset[str]]]:
    listed: Mapping[str, Any] = {
        field.key: line
        for line in policy.fields.get(catalogue.object_key, ())  # type: ignore[call-overload]  # further objects have none
        if (field := catalogue.find(line.field)) is not None
    }
    for field in catalogue:
        line = listed.get(field.key)
        if line is not None:
            yield field, line.weight, frozenset(line.states)
        elif field.is_custom and field.compute is None and not field.spec.retired:
            yield field, policy.custom, frozenset()


def _applies(field: Field, facts: Facts) -> bool:
    return field.spec.shown_when is None or judge(field.spec.shown_when, facts).holds
