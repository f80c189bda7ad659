"""What is wrong with a playbook beyond what its models refuse: each section's check, in one list."""

from collections.abc import Callable, Iterator
from typing import Final

from core.model.playbook import Playbook
from core.rules.approvals.checks import approval_flaws
from core.rules.assignment_checks import assignment_flaws
from core.rules.completeness import completeness_flaws
from core.rules.condition_checks import Flaw
from core.rules.deal_checks import outline_flaws, stage_flaws
from core.rules.fields.checks import field_flaws
from core.rules.pool_checks import pool_flaws, recycle_flaws

CHECKS: Final[tuple[Callable[[Playbook], Iterator[Flaw]], ...]] = (
    field_flaws,
    pool_flaws,
    recycle_flaws,
    completeness_flaws,
    assignment_flaws,
    approval_flaws,
    stage_flaws,
    outline_flaws,
)


def flaws_of(playbook: Playbook) -> tuple[Flaw, ...]:
    """Return everything in a playbook that cannot be meant, each with its place."""
    return tuple(flaw for check in CHECKS for flaw in check(playbook))
