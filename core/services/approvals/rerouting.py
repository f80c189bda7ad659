"""People leave, or are away: what waits for them goes to whoever stands in, and the card with it."""

from collections.abc import Iterable

from core.model.approval import Approval
from core.model.ids import MemberId
from core.ports import UnitOfWork
from core.rules.approvals.acting import Act, Deed
from core.services.approvals.deciding import act_on
from core.services.approvals.keeping import company_of, matter_of


def reroute_tasks(uow: UnitOfWork, member_ids: Iterable[MemberId]) -> list[Approval]:
    """Hand on what waits for people who have left or are away today, and have nobody who answers for them."""
    gone = tuple(dict.fromkeys(member_ids))
    if not gone:
        return []
    uow.flush()
    company, moved = company_of(uow), []
    for approval_id in dict.fromkeys(task.approval_id for task in uow.approvals.pending_of(gone)):
        matter = matter_of(uow, uow.approvals.get(approval_id, lock=True), company)
        asking = matter.setting.asking
        stuck = [task for task in matter.course.pending if task.member in gone]
        if any(task.member not in asking.stand_in(task.member) for task in stuck):
            moved.append(act_on(uow, matter, Act(deed=Deed.REROUTE, by=uow.actor.id, to=gone)))
    return moved


def reroute_absent(uow: UnitOfWork) -> int:
    """In the morning: hand on what waits for whoever is away from today; return how many matters."""
    today = uow.calendar.local(uow.now).date()
    return len(reroute_tasks(uow, uow.absences.away_on(today)))
