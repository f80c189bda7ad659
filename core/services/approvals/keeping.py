"""An approval as it is kept: read with its people and its flow, written with its tasks, its history and its clocks."""

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from pydantic import TypeAdapter

from core.model.approval import SUBMITTERS, Approval, ApprovalTask, Course, Task, TaskState
from core.model.deadline import Deadline, DeadlineKind
from core.model.ids import MemberId, Ref
from core.model.money import Money
from core.model.playbook.approvals import Flow
from core.ports import UnitOfWork
from core.rules.approvals.acting import Setting
from core.rules.approvals.kinds import KINDS, catalogue_of_kind
from core.rules.approvals.people import Asking, Company
from core.rules.approvals.running import Run
from core.rules.approvals.ways import as_plan
from core.rules.fields.catalogue import Facts

_COURSE: Final = TypeAdapter(Course)
_FLOWS: OrderedDict[str, Flow] = OrderedDict()
_REMEMBERED: Final = 500
EXPIRE, ACT, REMIND = "expire", "act", "remind"


@dataclass(frozen=True)
class Matter:
    """An approval with everything by which an act on it is judged."""

    approval: Approval
    course: Course
    setting: Setting


Which = int | Matter
"""An approval by its number, or as `load` has returned it: it is locked, so it need not be read again."""


def load(uow: UnitOfWork, which: Which) -> Matter:
    """Read an approval to act on it; nobody else acts on it until we commit. Raise NotFound when there is none."""
    return which if isinstance(which, Matter) else matter_of(uow, uow.approvals.get(which, lock=True))


def matter_of(uow: UnitOfWork, approval: Approval, company: Company | None = None) -> Matter:
    """Return an approval with its course and its setting; of many, lend them the same `company`."""
    course = read_course(approval.course)
    flow = flow_of(approval.flow)
    asking = Asking(company or company_of(uow), flow, approval.submitter_id, approval.facts, dict(course.chosen))
    return Matter(approval, course, setting_of(uow, approval.title, flow, asking, approval.amount))


def setting_of(uow: UnitOfWork, title: str, flow: Flow, asking: Asking, amount: int | None) -> Setting:
    return Setting(
        title=title,
        flow=flow,
        section=uow.playbook.approvals,
        asking=asking,
        calendar=uow.calendar,
        now=uow.now,
        amount=amount,
    )


def company_of(uow: UnitOfWork) -> Company:
    """Return everybody, with who is away today and who answers for whom; each is read when first asked for."""
    today = uow.calendar.local(uow.now).date()

    def proxies() -> Mapping[MemberId, tuple[MemberId, ...]]:
        found: dict[MemberId, tuple[MemberId, ...]] = {}
        for proxy in uow.proxies.on(today):
            found[proxy.member_id] = (*found.get(proxy.member_id, ()), proxy.proxy_id)
        return found

    return Company(uow.members.everybody, lambda: uow.absences.away_on(today), proxies)


def read_course(kept: Mapping[str, Any]) -> Course:
    """Read a course back from JSON."""
    return _COURSE.validate_python({**kept, "plan": as_plan(kept["plan"])})


def course_as_json(course: Course) -> dict[str, Any]:
    """Return a course as it is kept; what is as it usually is, is left out."""
    written: dict[str, Any] = _COURSE.dump_python(course, mode="json", exclude_defaults=True)
    return {"plan": ["seq"], **written}


def flow_of(kept: Mapping[str, Any]) -> Flow:
    """Return the flow that an approval began with; the last few hundred are remembered."""
    key = json.dumps(kept, ensure_ascii=False)
    flow = _FLOWS.get(key)
    if flow is None:
        flow = _FLOWS[key] = Flow.model_validate(kept)
        if len(_FLOWS) > _REMEMBERED:
            _FLOWS.popitem(last=False)
    return flow


# Facts


def facts_as_json(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts as they are kept and hashed."""
    return {key: _plain(value) for key, value in facts.items()}


def _plain(value: Any) -> Any:
    match value:
        case Money():
            plain: Any = value.fen
        case Decimal():
            plain = f"{value.normalize():f}"
        case datetime() | date():
            plain = value.isoformat()
        case Ref():
            plain = str(value)
        case Mapping():
            plain = facts_as_json(value)
        case list() | tuple():
            plain = [_plain(one) for one in value]
        case _:
            plain = value
    return plain


def digest_of(facts: Mapping[str, Any]) -> str:
    """Return by what a change of kept facts is noticed."""
    return sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def judged(uow: UnitOfWork, kind: str, facts: Mapping[str, Any], submitter: MemberId, company: Company) -> Facts:
    """Return kept facts ready to be judged, with who submits them."""
    member = company.members.get(submitter)
    catalogue = catalogue_of_kind(kind)
    more = {
        **facts,
        "submitter": f"M{submitter}",
        "submitter_department": member.department if member is not None else None,
    }
    names = {f"M{one.id}": one.name for one in company.members.values()}
    return Facts(None, catalogue, uow.now, names=names, more=more)


def amount_in(kind: str, facts: Mapping[str, Any]) -> int | None:
    """Return the 分 that limits are held against; None where a matter has no amount, or it is not known."""
    value = facts.get(KINDS[kind].amount)
    return value if isinstance(value, int) else None


# Writing


def keep(uow: UnitOfWork, matter: Matter, after: Course, action: str, said: Mapping[str, Any]) -> None:
    """Write where an approval stands after an act: itself, its tasks, its line in the history, and its deadlines."""
    approval, before = matter.approval, matter.course
    fresh = course_as_json(after)
    delta = _delta(approval.course, fresh)
    approval.course, approval.state = fresh, after.state
    if not after.is_running and approval.ended_at is None:
        approval.ended_at = uow.now
    uow.approvals.put_tasks(*_task_rows(approval, before, after))
    uow.does(action)
    uow.note(approval.ref, after.acts, None, {"did": dict(said), "became": delta})
    set_deadlines(uow, Matter(approval, after, matter.setting))


def _delta(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an act changed: whole values, and of nodes and tasks only those that are otherwise."""
    delta: dict[str, Any] = {
        key: value for key, value in after.items() if key not in _LISTS and before.get(key) != value
    }
    delta |= {key: None for key in before if key not in after}
    for key in _LISTS:
        old, new = before.get(key, []), after.get(key, [])
        changed = [one for place, one in enumerate(new) if place >= len(old) or old[place] != one]
        if changed:
            delta[key] = changed
    return delta


_LISTS: Final = ("nodes", "tasks")


def replayed(log: Iterable[Mapping[str, Any] | None]) -> dict[str, Any]:
    """Return where the history says that an approval stands: what each act changed, one after the other."""
    course: dict[str, Any] = {"plan": ["seq"]}
    for line in log:
        for key, value in (line or {}).get("became", {}).items():
            if key in _LISTS:
                known = {one["number"]: one for one in course.get(key, [])}
                known |= {one["number"]: one for one in value}
                course[key] = [known[number] for number in sorted(known)]
            elif value is None:
                course.pop(key, None)
            else:
                course[key] = value
    return course


def _task_rows(
    approval: Approval, before: Course, after: Course
) -> tuple[list[ApprovalTask], list[tuple[ApprovalTask, TaskState]]]:
    fresh, changed = [], []
    for task in after.tasks:
        known = before.task(task.number)
        row = _row(approval, after, task)
        if known is None:
            fresh.append(row)
        elif row != _row(approval, before, known):
            changed.append((row, known.state))
    return fresh, changed


def _row(approval: Approval, course: Course, task: Task) -> ApprovalTask:
    return ApprovalTask(
        approval_id=approval.id,
        number=task.number,
        node=task.node,
        node_name=course.node(task.node).name,
        member_id=task.member,
        origin=task.origin,
        state=task.state,
        waits=task.is_pending and course.is_blocked(task),
        begun_at=task.begun_at,
        due_at=task.due_at,
        answered_at=task.answered_at,
        answered_by=task.answered_by,
    )


def set_deadlines(uow: UnitOfWork, matter: Matter) -> None:
    """Let exactly those promises stand that an approval still makes."""
    if not matter.course.is_running:
        uow.deadlines.clear([matter.approval.ref])
        return
    uow.deadlines.replace(matter.approval.ref, _deadlines(uow, matter))


def _deadlines(uow: UnitOfWork, matter: Matter) -> list[Deadline]:
    approval, course, setting = matter.approval, matter.course, matter.setting
    ends_at = approval.begun_at + setting.flow.lives
    found = [_deadline(approval, EXPIRE, 0, ends_at, ends_at, None)]
    run = Run(course, setting, MemberId(0))
    for task in course.pending:
        timeout = run.timeout_of(course.node(task.node))
        if timeout is None or task.due_at is None or task.origin in SUBMITTERS or course.is_blocked(task):
            continue
        cycle = int(task.due_at.timestamp())
        found.append(_deadline(approval, f"{ACT}:{task.number}", cycle, task.due_at, task.due_at, task.member))
        for share in timeout.remind:
            at = setting.calendar.add(task.begun_at, timeout.amount * share, timeout.clock)
            at = uow.playbook.day.quiet.hours.after(at, uow.calendar)
            if at < task.due_at:
                rule = f"{REMIND}:{task.number}:{share:g}"
                found.append(_deadline(approval, rule, cycle, at, task.due_at, task.member))
    return found


def _deadline(
    approval: Approval, rule: str, cycle: int, due_at: datetime, limit_at: datetime, holder: MemberId | None
) -> Deadline:
    return Deadline(
        subject_kind="approval",
        subject_id=approval.id,
        kind=DeadlineKind.APPROVAL,
        rule=rule,
        cycle=cycle,
        due_at=due_at,
        limit_at=limit_at,
        holder_id=holder,
    )
