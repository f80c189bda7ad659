"""Grades and tags: set in the company's own words, and customers found by them."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import BadInput
from core.model.book import Held
from core.model.lead import Lead
from core.model.member import LEADING
from core.ports import UnitOfWork
from core.services.customers import Customer, require_own
from core.services.deal_clocks import set_deal_clock
from core.services.keeping import set_clocks
from core.services.members import team_of
from core.services.words import known_word


@dataclass(frozen=True)
class Graded:
    """A grade that was set, and the one before."""

    grade: str
    before: str


def set_grade(uow: UnitOfWork, about: Customer, said: str) -> Graded:
    """Give a customer its grade; first contact and rhythm are counted by it from now on."""
    require_own(uow, about)
    grade, before = known_word(uow.playbook.grades, said, "等级"), about.grade
    if grade == before:
        raise BadInput(f"「{about.name}」本来就是 {grade} 级，没有改动")
    uow.does("grade.set")
    about.grade, about.graded_at = grade, uow.now
    if isinstance(about, Lead):
        set_clocks(uow, about)
    else:
        for deal in uow.deals.open_of(about.id):
            set_deal_clock(uow, deal)
    uow.flush()
    return Graded(grade, before)


def replaced_by(uow: UnitOfWork, standing: Sequence[str], fresh: Sequence[str]) -> tuple[str, ...]:
    """Return the tags that fresh ones of the same group take the place of, where a group keeps one only."""
    tags = uow.playbook.tags
    single = {group.name for tag in fresh if (group := tags.group_of(tag)) is not None and group.single}
    return tuple(
        tag
        for tag in standing
        if tag not in fresh and (group := tags.group_of(tag)) is not None and group.name in single
    )


def marked_with(uow: UnitOfWork, tags: Sequence[str], grade: str) -> list[Held]:
    """Return the customers of the actor, or of their people, that carry all of these tags and this grade."""
    people = [uow.actor, *(team_of(uow) if uow.actor.is_any(LEADING) else ())]
    held = uow.books.held([one.id for one in people], grades=[grade] if grade else None)
    return [one for one in held if set(tags) <= set(one.tags)]
