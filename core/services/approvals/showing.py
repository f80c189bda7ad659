"""What an approval looks like to one member, as it stands: what they may know, what they may do, who has decided."""

from collections.abc import Iterator

from core.model.approval import (
    DECIDING,
    REQUIRED,
    SUBMITTERS,
    Answer,
    Approval,
    ApprovalState,
    Course,
    Node,
    NodeState,
    Origin,
    Task,
)
from core.model.ids import MemberId
from core.notices.approvals import ApprovalShown, StepShown
from core.ports import UnitOfWork
from core.rules.approvals.acting import Setting
from core.rules.approvals.judging import may_answer
from core.rules.approvals.kinds import KINDS
from core.rules.approvals.running import progress
from core.rules.approvals.sight import fillable_at, hidden_from, is_hidden, title_as
from core.rules.approvals.ways import numbers_in, step_at
from core.rules.quoting import may_see_margin
from core.services.approvals.keeping import Matter
from core.services.approvals.past import past_of
from core.services.approvals.subjects import subject_of

HOW = {Answer.YES: "已同意", Answer.NO: "已驳回", Answer.RETURN: "已退回", Answer.TAKEN_BACK: "已拿回"}
ENDED = {
    ApprovalState.APPROVED: "已通过",
    ApprovalState.REJECTED: "没有通过",
    ApprovalState.WITHDRAWN: "申请人已撤回",
    ApprovalState.VOIDED: "内容有改动，这一份已作废",
    ApprovalState.EXPIRED: "太久没有结果，已失效",
}
CONDITIONS = frozenset({"discount", "payment_days"})
"""What somebody may make a condition of their yes, and have the subject meet."""
EARNINGS = frozenset({"margin", "cost"})
SAID_SHOWN = 4


def screen_of(approval: Approval) -> str:
    """Name the approval's cards wherever they are."""
    return f"approval:{approval.id}"


def task_for(course: Course, setting: Setting, reader: MemberId) -> Task | None:
    """Return what waits for a member's decision, their own before what they answer for others."""
    waiting = [
        task
        for task in course.pending
        if task.origin not in SUBMITTERS and not course.is_blocked(task) and may_answer(task, reader, setting)
    ]
    return min(waiting, key=lambda task: (task.member != reader, task.number), default=None)


def acts_for(matter: Matter, task: Task) -> tuple[str, ...]:
    """Name what may be done with a task, in the order in which it is offered."""
    approval, setting = matter.approval, matter.setting
    acts = ["approve", "reject"]
    if task.origin in DECIDING:
        if any(field.key in CONDITIONS for field in KINDS[approval.kind].fields):
            acts.append("conditional")
        if task.moved < setting.section.transfers:
            acts.append("transfer")
        if fillable_at(approval.kind, setting.flow, matter.course, task):
            acts.append("fill")
        acts += ["add_sign", "return"]
    return (*acts, "comment", "cc", "attach")


def shown(
    uow: UnitOfWork, approval: Approval, course: Course, setting: Setting, reader: MemberId, why: str = ""
) -> ApprovalShown:
    """Return the approval as `reader` sees it now."""
    task = task_for(course, setting, reader) if course.is_running else None
    matter = Matter(approval, course, setting)
    hidden = hidden_for(uow, matter, reader)
    return ApprovalShown(
        to=reader,
        screen=screen_of(approval),
        approval_id=approval.id,
        kind=KINDS[approval.kind].label,
        title=title_as(approval, hidden),
        by=name_of(setting, approval.submitter_id),
        asked_at=approval.begun_at,
        state=str(course.state),
        reason=approval.reason,
        facts=facts_for(uow, matter, reader),
        past=past_of(uow, approval) if task is not None else (),
        path=tuple(path_of(course, setting)),
        due_at=task.due_at if task is not None else None,
        task_id=task.number if task is not None else 0,
        may=acts_for(matter, task) if task is not None else (),
        why=why or (why_asked(course, setting, task, reader) if task is not None else ""),
        own=own_of(course, reader),
        outcome=outcome_of(uow, course, setting),
        said=tuple(said_in(uow, course, setting)),
        files=tuple(one.name for one in course.files),
        amount=None if is_hidden(approval.kind, "amount", hidden) else approval.amount,
    )


def facts_for(uow: UnitOfWork, matter: Matter, reader: MemberId) -> tuple[tuple[str, str], ...]:
    """Return what a member may know of the subject: by the rights of the node they are asked at, and by their own."""
    hidden = hidden_for(uow, matter, reader)
    lines = subject_of(matter.approval.kind).lines(uow, matter.approval.subject)
    kind = matter.approval.kind
    return tuple((label, value) for key, label, value in lines if value and not is_hidden(kind, key, hidden, label))


def hidden_for(uow: UnitOfWork, matter: Matter, reader: MemberId) -> frozenset[str]:
    """Return the names of what a member may not see of a matter."""
    hidden = hidden_from(matter.setting.flow, matter.course, reader)
    member = matter.setting.asking.company.members.get(reader)
    sees_margin = member is not None and may_see_margin(member, uow.playbook.pricing)
    return hidden if sees_margin else hidden | EARNINGS


def name_of(setting: Setting, member_id: MemberId | None) -> str:
    """Name somebody; the clock is 系统."""
    if not member_id:
        return "系统"
    known = setting.asking.company.members.get(member_id)
    return known.name if known is not None else "已离职同事"


def waiting_names(matter: Matter) -> list[str]:
    """Name whom an approval waits for now, each once."""
    pending = [task for task in matter.course.pending if task.origin not in SUBMITTERS]
    return list(dict.fromkeys(name_of(matter.setting, task.member) for task in pending))


def why_asked(course: Course, setting: Setting, task: Task, reader: MemberId) -> str:
    """Say how a task comes to whoever sees it, where the flow alone does not say it."""
    parent = course.task(task.parent)
    by = name_of(setting, parent.answered_by or parent.member) if parent is not None else ""
    said = f"：{parent.comment}" if parent is not None and parent.comment else ""
    whose = f"您代{name_of(setting, task.member)}处理" if task.member != reader else ""
    how = {
        Origin.MOVED: f"{by}转给您{said}",
        Origin.BEFORE: f"{by}请您先看，您同意后他再决定",
        Origin.AFTER: f"{by}已同意，请您也看一下",
        Origin.DELEGATE: f"{by}请您给意见{said}",
        Origin.FINAL: "请您再决定一次",
    }.get(task.origin, "")
    return "；".join(part for part in (whose, how) if part)


def path_of(course: Course, setting: Setting) -> Iterator[StepShown]:
    """Yield the nodes in their order: what was left out is not there."""
    for number in numbers_in(course.plan):
        node = course.node(number)
        step = step_at(setting.flow, node.step)
        if not step.by or (node.state is NodeState.SKIPPED and not node.seats):
            continue
        agreed, of = progress(course, node) if node.seats else (0, 1)
        people = tuple(_people(course, setting, node))
        yield StepShown(label=node.name, state=str(node.state), people=people, agreed=agreed, of=of)


def _people(course: Course, setting: Setting, node: Node) -> Iterator[str]:
    shown_before: set[MemberId] = set()
    for task in reversed([one for one in course.of_round(node) if one.origin not in SUBMITTERS]):
        if task.member in shown_before:
            continue
        shown_before.add(task.member)
        name = name_of(setting, task.member)
        by = task.answered_by
        if by and by != task.member and task.answer is not Answer.NONE:
            name = f"{name_of(setting, by)} 代 {name}"
        at = f" {setting.calendar.local(task.answered_at):%H:%M}" if task.answered_at else ""
        mark = {Answer.YES: f"✓{at}", Answer.NO: f"✕{at}", Answer.RETURN: f"↩{at}"}.get(task.answer, "")
        if mark or task.is_pending:
            waits = "（等加签）" if task.is_pending and course.is_blocked(task) else ""
            signed = "加签 " if task.origin in REQUIRED else ""
            yield f"{signed}{name}{mark}{waits}"


def own_of(course: Course, reader: MemberId) -> str:
    """Say in a few words what a member has decided last."""
    answered = [task for task in course.tasks if task.answer in HOW and reader in (task.answered_by, task.member)]
    return HOW[answered[-1].answer] if answered else ""


def outcome_of(uow: UnitOfWork, course: Course, setting: Setting) -> str:
    """Say how it ended, by whom and why; empty while it runs."""
    if course.is_running or course.state not in ENDED:
        return ""
    refused = next((task for task in reversed(course.tasks) if task.answer is Answer.NO), None)
    if course.state is ApprovalState.REJECTED and refused is not None:
        at = f" {uow.calendar.local(refused.answered_at):%m-%d %H:%M}" if refused.answered_at else ""
        why = f"：{refused.comment}" if refused.comment else ""
        return f"{name_of(setting, refused.answered_by)}{at} 驳回{why}"
    return ENDED[course.state]


def said_in(uow: UnitOfWork, course: Course, setting: Setting) -> Iterator[str]:
    """Yield what deciders wrote, and their conditions, the newest last."""
    for task in [one for one in course.tasks if one.comment and one.answer is Answer.YES][-SAID_SHOWN:]:
        yield f"{name_of(setting, task.answered_by)}：{task.comment}"
    for demand in course.demands:
        given = course.task(demand.task)
        met = "，申请人已接受" if demand.met else ""
        yield f"{name_of(setting, given.member if given else None)}的条件：{demand.says}{met}"
