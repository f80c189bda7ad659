"""What time does to approvals: reminders, time that is up, matters that expire; and people who leave or are away."""

from collections.abc import Iterable, Sequence

from core.model.approval import Approval
from core.model.deadline import Deadline
from core.model.ids import MemberId
from core.model.playbook.parts import spoken_duration
from core.ports import UnitOfWork
from core.rules.approvals.acting import CLOCK, Act, Deed, Effect, Told
from core.services.approvals.deciding import act_on
from core.services.approvals.keeping import ACT, EXPIRE, REMIND, Matter, company_of, load, matter_of
from core.services.approvals.telling import tell_effects


def approvals_due(uow: UnitOfWork, due: Sequence[Deadline]) -> None:
    """Do what is due: remind, act on tasks whose time is up, let matters expire. The rule is asked again."""
    for deadline in sorted(due, key=lambda one: (one.due_at, one.id)):
        what, _, rest = deadline.rule.partition(":")
        matter = load(uow, deadline.subject_id)
        if not matter.course.is_running:
            continue
        if what == EXPIRE:
            lives = spoken_duration(matter.setting.flow.lives)
            act_on(uow, matter, Act(deed=Deed.EXPIRE, by=CLOCK, comment=f"{lives}没有结果，已失效，需要时请重新提交"))
        elif what == ACT:
            act_on(uow, matter, Act(deed=Deed.TIME_OUT, by=CLOCK, task=int(rest)))
        elif what == REMIND:
            _remind(uow, matter, int(rest.partition(":")[0]), deadline)


def _remind(uow: UnitOfWork, matter: Matter, number: int, deadline: Deadline) -> None:
    task = matter.course.task(number)
    if task is None or not task.is_pending or task.due_at is None or matter.course.is_blocked(task):
        return
    if int(task.due_at.timestamp()) == deadline.cycle:
        until = uow.calendar.local(task.due_at)
        submitter, company = matter.approval.submitter_id, matter.setting.asking.company
        readers = (task.member, *(one for one in company.proxies_of(task.member) if one != submitter))
        said = f"请在 {until:%m-%d %H:%M} 前处理"
        tell_effects(uow, matter, [Effect(told=Told.NUDGED, to=readers, task=task.number, comment=said)])


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
