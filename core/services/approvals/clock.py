"""What time does to approvals: reminders, time that is up, matters that expire."""

from collections.abc import Sequence

from core.model.deadline import Deadline
from core.model.playbook.parts import spoken_duration
from core.ports import UnitOfWork
from core.rules.approvals.acting import CLOCK, Act, Deed, Effect, Told
from core.services.approvals.deciding import act_on
from core.services.approvals.keeping import ACT, EXPIRE, REMIND, Matter, load
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
