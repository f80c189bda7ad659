"""What the rights of a node let somebody see of a matter, and change in it (semantics B.8)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from core.model.approval import DECIDING, Approval, Course, Task
from core.model.ids import MemberId
from core.model.money import Money
from core.model.playbook.approvals import Flow, Right
from core.rules.approvals.kinds import KINDS
from core.rules.approvals.ways import step_at
from core.rules.quoting import said_as_fold

FILLABLE: Final = ("discount", "amount", "payment_days")
"""Fields that a subject can be made to say otherwise."""


def hidden_from(flow: Flow, course: Course, reader: MemberId) -> frozenset[str]:
    """Return the names of what a member may not see: by the rights of the node at which they were asked last."""
    theirs = [task for task in course.tasks if reader in (task.member, task.answered_by)]
    rights = step_at(flow, course.node(theirs[-1].node).step).rights if theirs else {}
    return frozenset(name for name, right in rights.items() if right is Right.HIDDEN)


def is_hidden(kind: str, key: str, hidden: frozenset[str], label: str = "") -> bool:
    """Say whether a fact is among what is hidden, whatever it was called there."""
    return not hidden.isdisjoint(_names(kind, key) | {label})


def fillable_at(kind: str, flow: Flow, course: Course, task: Task) -> tuple[str, ...]:
    """Return the fields that whoever answers a task may change first."""
    if task.origin not in DECIDING:
        return ()
    rights = step_at(flow, course.node(task.node).step).rights
    written = {name for name, right in rights.items() if right is Right.WRITE}
    return tuple(one.key for one in KINDS[kind].fields if one.key in FILLABLE and written & _names(kind, one.key))


def title_as(approval: Approval, hidden: frozenset[str]) -> str:
    """Return what a matter is called for somebody who may not see some of it."""
    words = [approval.title]
    if approval.amount is not None and is_hidden(approval.kind, "amount", hidden):
        words.append(str(Money(approval.amount)))
    facts: Mapping[str, Any] = approval.facts
    if facts.get("discount") is not None and is_hidden(approval.kind, "discount", hidden):
        words.append(said_as_fold(Decimal(str(facts["discount"]))))
    if facts.get("payment_days") is not None and is_hidden(approval.kind, "payment_days", hidden):
        words.append(f"{facts['payment_days']} 天")
    title, *secret = words
    for one in secret:
        title = title.replace(one, "")
    return " ".join(title.split())


def label_of(kind: str, key: str) -> str:
    """Return what people call a field."""
    return next((one.label for one in KINDS[kind].fields if one.key == key), key)


def said_of(kind: str, key: str, kept: object) -> str:
    """Say a kept fact as people read it."""
    if kept is None:
        return "没填"
    if key == KINDS[kind].amount:
        return str(Money(int(str(kept))))
    return {"discount": f"{kept}%", "payment_days": f"{kept} 天"}.get(key, str(kept))


def _names(kind: str, key: str) -> set[str]:
    known = [one for one in KINDS[kind].fields if one.key == key]
    return {key, *(name for one in known for name in (one.label, *one.aliases))}
