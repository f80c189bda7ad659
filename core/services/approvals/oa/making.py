"""What is handed in on a platform: the form's entries, and who is asked, level by level."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from core.model.approval import Answer, ApprovalState
from core.model.ids import MemberId
from core.model.mirror import ApprovalMirror
from core.model.money import Money
from core.model.playbook.approvals import Flow, Right, Step
from core.model.playbook.mirrors import OaMirror, OaWay
from core.ports import UnitOfWork
from core.ports.mirrors import Application, Asked, Entry
from core.rules.approvals.kinds import KINDS
from core.rules.approvals.levels import Level, levels_of
from core.services.approvals.keeping import Matter
from core.services.approvals.showing import EARNINGS, ENDED, name_of, outcome_of
from core.services.approvals.subjects import subject_of

LONGEST = 150
TITLE = ("标题", "事由", "申请事由", "主题", "审批事项", "申请内容", "名称")
NUMBER = ("单号", "审批编号", "聊单编号", "编号")
REASON = ("原因", "申请原因", "理由", "申请理由", "说明", "情况说明", "备注")
KIND = ("类型", "审批类型", "申请类型")
SUBMITTER = ("申请人", "提交人", "发起人")
APPLIED = ("日期", "申请日期", "申请时间", "提交日期")
RESULT = ("结果", "审批结果")
PATH = ("经过", "审批经过", "审批记录", "审批意见")


def plan_of(uow: UnitOfWork, channel: str, levels: Iterable[Level]) -> list[dict[str, Any]]:
    """Return levels as a mirror keeps them, with what the platform calls everybody; some it does not know."""
    kept = list(levels)
    users = users_on(uow, channel, {one for level in kept for one in level.people})
    return [{**asdict(level), "users": [users.get(one, "") for one in level.people]} for level in kept]


def users_on(uow: UnitOfWork, channel: str, people: Iterable[MemberId]) -> dict[MemberId, str]:
    """Return what a platform calls people; those it does not know are left out."""
    accounts = uow.members.open_accounts(set(people))
    return {
        member: one.user_id for member, theirs in accounts.items() for one in reversed(theirs) if one.channel == channel
    }


def kept_levels(mirror: ApprovalMirror) -> list[Level]:
    """Return whom an instance was handed in to ask."""
    return [_level(one) for one in mirror.plan]


def levels_there(mirror: ApprovalMirror) -> list[tuple[Level, tuple[str, ...]]]:
    """Return the levels that an instance has on its platform, each with the users in it."""
    named = ((_level(one), tuple(filter(None, one["users"]))) for one in mirror.plan)
    return [(level, users) for level, users in named if users]


def _level(kept: Mapping[str, Any]) -> Level:
    values = {name: value for name, value in kept.items() if name != "users"}
    return Level(**{**values, "people": tuple(values["people"])})


def to_hand_in(matter: Matter, way: OaWay, *, decides: bool) -> tuple[Level, ...]:
    """Return whom an instance asks. Where nobody can be answered for, what is decided is not asked again."""
    if way is OaWay.RECORD and not decides:
        return ()
    levels = levels_of(matter.course, matter.setting)
    if not matter.course.is_running:
        return tuple(level for level in levels if level.over)
    return tuple(level for level in levels if decides or not level.over)


def application_of(uow: UnitOfWork, matter: Matter, mirror: ApprovalMirror, wanted: OaMirror) -> Application:
    """Return an approval as it is handed in: only what everybody on its way may know."""
    approval = matter.approval
    users = users_on(uow, mirror.channel, {approval.submitter_id, *matter.course.copied})
    return Application(
        name=str(approval.ref),
        template=mirror.template,
        user_id=users[approval.submitter_id],
        title=f"{approval.title[:LONGEST]}（{approval.ref}）",
        entries=tuple(_renamed(_entries(uow, matter, users[approval.submitter_id]), wanted.fields)),
        levels=tuple(
            Asked(user_ids=names, everybody=level.everybody or len(names) == 1) for level, names in levels_there(mirror)
        ),
        readers=tuple(users[one] for one in matter.course.copied if one in users),
        own_flow=not mirror.plan,
    )


def _renamed(entries: Iterable[Entry], fields: Mapping[str, str]) -> Iterator[Entry]:
    """Let an entry also be known by what the company's template calls it."""
    for entry in entries:
        more = tuple(theirs for theirs, ours in fields.items() if ours in entry.labels)
        yield Entry(**{**entry.__dict__, "labels": (*more, *entry.labels)})


def _entries(uow: UnitOfWork, matter: Matter, user_id: str) -> Iterator[Entry]:
    approval, setting = matter.approval, matter.setting
    yield Entry(labels=NUMBER, text=str(approval.ref))
    yield Entry(labels=TITLE, text=f"{approval.title[:LONGEST]}（{approval.ref}）")
    yield Entry(labels=REASON, text=approval.reason)
    yield Entry(labels=KIND, text=KINDS[approval.kind].label)
    yield Entry(labels=SUBMITTER, text=name_of(setting, approval.submitter_id), user_id=user_id)
    begun = uow.calendar.local(approval.begun_at)
    yield Entry(labels=APPLIED, text=f"{begun:%Y-%m-%d}", day=begun.date())
    if not matter.course.is_running:
        state = ApprovalState(matter.course.state)
        yield Entry(labels=RESULT, text=outcome_of(uow, matter.course, setting) or ENDED[state])
        yield Entry(labels=PATH, text="\n".join(_path(uow, matter)))
    yield from _facts(uow, matter)


def _facts(uow: UnitOfWork, matter: Matter) -> Iterator[Entry]:
    """Yield what is known of the subject, but nothing that some approver may not see, and never what we earn."""
    approval = matter.approval
    hidden = set(_hidden(matter.setting.flow)) | EARNINGS
    lines = subject_of(approval.kind).lines(uow, approval.subject)
    said = {key: (label, text) for key, label, text in lines if text and hidden.isdisjoint((key, label))}
    for field in KINDS[approval.kind].fields:
        value = approval.facts.get(field.key)
        if value is None or not hidden.isdisjoint((field.key, field.label)):
            continue
        label, text = said.pop(field.key, (field.label, ""))
        labels = tuple(dict.fromkeys((field.label, label, *field.aliases, field.key)))
        number, text = _number(field.type, value), text or _words(matter, field.type, value)
        yield Entry(labels=labels, text=text, number=number, day=_day(field.type, value))
    for key, (label, text) in said.items():
        yield Entry(labels=(label, key), text=text)


def _hidden(flow: Flow) -> Iterator[str]:
    def steps(some: Sequence[Step]) -> Iterator[Step]:
        for step in some:
            yield step
            for branch in step.branches:
                yield from steps(branch.steps)

    for step in steps(flow.steps):
        yield from (name for name, right in step.rights.items() if right is Right.HIDDEN)


def _number(kind: str, value: Any) -> Decimal | None:
    """Return a kept fact as a number; money is kept in 分 and written in yuan."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return None
    return number / 100 if kind == "money" else number


def _words(matter: Matter, kind: str, value: Any) -> str:
    """Say a kept fact as people read it."""
    if kind == "member":
        number = str(value).removeprefix("M")
        return name_of(matter.setting, MemberId(int(number))) if number.isdigit() else str(value)
    if kind == "money" and isinstance(value, int):
        return str(Money(value))
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"{value}%" if kind == "percent" else str(value)


def _day(kind: str, value: Any) -> date | None:
    if kind != "date" or not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def _path(uow: UnitOfWork, matter: Matter) -> Iterator[str]:
    """Say who decided what, in its order: 03-05 10:20 王强 同意：最低这个价."""
    answered = [task for task in matter.course.tasks if task.is_answered and task.answered_at is not None]
    for task in sorted(answered, key=lambda one: (one.answered_at, one.number)):
        at = uow.calendar.local(task.answered_at) if task.answered_at else None
        how = "同意" if task.answer is Answer.YES else "驳回"
        said = f"：{task.comment}" if task.comment else ""
        yield f"{at:%m-%d %H:%M} {name_of(matter.setting, task.answered_by)} {how}{said}"
