"""What is wrong with conditions, said where they are written: before they are in force, not when they are needed."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.model.playbook.conditions import Condition
from core.rules.comparing import fits, misfit, trial_of
from core.rules.fields.catalogue import Catalogue
from core.rules.fields.kind import BadValue

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Flaw:
    """Something in the playbook that cannot be meant: where it stands, and a Chinese sentence that says what to do."""

    path: Path
    says: str


def condition_flaws(condition: Condition, catalogue: Catalogue, path: Path = ()) -> Iterator[Flaw]:
    """Yield what is wrong with a condition on this kind of record; `path` is where it stands."""
    if condition.field is None:
        for name, children in (("all", condition.every), ("any", condition.some)):
            for number, child in enumerate(children or ()):
                yield from condition_flaws(child, catalogue, (*path, name, number))
        if condition.no is not None:
            yield from condition_flaws(condition.no, catalogue, (*path, "not"))
        return
    field = catalogue.find(condition.field)
    if field is None:
        yield Flaw((*path, "field"), catalogue.no_such_field(condition.field))
        return
    if not fits(field, condition.op):
        yield Flaw((*path, "op"), misfit(field, condition.op))
        return
    try:
        trial_of(field, condition.op, condition.values)
    except BadValue as bad:
        yield Flaw((*path, "value"), str(bad))
