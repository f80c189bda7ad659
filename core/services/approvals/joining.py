"""Two members turn out to be one person: their approvals become one person's, and nobody decides about their own."""

from collections.abc import Iterable
from dataclasses import replace

from core.model.approval import SUBMITTERS, Course
from core.model.ids import MemberId
from core.ports import UnitOfWork
from core.services.approvals.keeping import Matter, keep, matter_of
from core.services.approvals.submitting import restart

EVERY = 1000


def become_one(uow: UnitOfWork, other: MemberId, owner: MemberId) -> None:
    """Let `owner` be asked what `other` was asked. Where they would decide what they submitted, it begins anew."""
    uow.flush()
    concerned = {task.approval_id for task in uow.approvals.pending_of([other, owner])}
    concerned |= {one.id for one in uow.approvals.of(owner, EVERY) if one.is_running}
    for approval_id in sorted(concerned):
        matter = matter_of(uow, uow.approvals.get(approval_id, lock=True))
        if not matter.course.is_running:
            continue
        course = renamed(matter.course, other, owner)
        if course != matter.course:
            said = {"deed": "join", "by": uow.actor.id, "to": [other, owner]}
            keep(uow, matter, replace(course, acts=course.acts + 1), "approval.join", said)
            matter = Matter(matter.approval, replace(course, acts=course.acts + 1), matter.setting)
        if any(
            task.member == matter.approval.submitter_id and task.origin not in SUBMITTERS for task in course.pending
        ):
            restart(uow, matter, "提交人和审批人是同一个人，重新开始")


def renamed(course: Course, other: MemberId, owner: MemberId) -> Course:
    """Return a course in which `owner` stands wherever `other` did."""

    def each(members: Iterable[MemberId]) -> tuple[MemberId, ...]:
        return tuple(dict.fromkeys(owner if one == other else one for one in members))

    return replace(
        course,
        tasks=tuple(
            replace(
                task,
                member=owner if task.member == other else task.member,
                answered_by=owner if task.answered_by == other else task.answered_by,
            )
            for task in course.tasks
        ),
        nodes=tuple(
            replace(node, seats=tuple(replace(seat, people=each(seat.people)) for seat in node.seats))
            for node in course.nodes
        ),
        copied=each(course.copied),
        wish=each(course.wish),
        chosen=tuple((step, each(people)) for step, people in course.chosen),
    )
