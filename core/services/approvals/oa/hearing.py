"""What people do with an instance on its platform becomes their act here, once, by the rules that hold here."""

from collections.abc import Callable
from dataclasses import dataclass

from core.errors import ActRefused, NotYourTask, Refusal
from core.model.approval import Answer, Task
from core.model.member import CHANNELS, SYSTEM, Member
from core.model.mirror import ApprovalMirror
from core.notices.approvals import ApprovalNews
from core.ports import OpenWork, UnitOfWork
from core.ports.mirrors import OaState, Remark, Said, Standing, Voice
from core.rules.approvals.judging import may_answer
from core.rules.approvals.levels import Level
from core.services.approvals.deciding import approve, reject, remark, transfer, withdraw
from core.services.approvals.finding import has_part
from core.services.approvals.keeping import Matter, load
from core.services.approvals.oa.making import levels_there, users_on
from core.services.approvals.oa.telling import called
from core.services.members import account_on

WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Place:
    """One level of an instance as it stands there, and the level of ours that it is; None: it was added there."""

    voices: tuple[Voice, ...]
    level: Level | None
    at: int = 0


def matched(mirror: ApprovalMirror, standing: Standing) -> list[Place]:
    """Say which level of the plan each level on the platform is: they come in one order, each with people in it."""
    plan, places, at = levels_there(mirror), [], 0
    for voices in standing.levels:
        there = {voice.user_id.casefold() for voice in voices}
        for number in range(at, len(plan)):
            if not there.isdisjoint(one.casefold() for one in plan[number][1]):
                places.append(Place(voices, plan[number][0], number))
                at = number + 1
                break
        else:
            places.append(Place(voices, None))
    return places


def hear(open_work: OpenWork, mirror: ApprovalMirror, standing: Standing) -> None:
    """Let everything that was done there, and has had no effect here yet, have it now."""
    known = set(mirror.heard)
    for place in matched(mirror, standing):
        for voice in place.voices:
            if voice.said in (Said.YES, Said.NO, Said.MOVED) and voice.key not in known:
                _act(open_work, mirror, voice.user_id, voice.key, _decision(voice, place))
    for said in standing.remarks:
        if said.key not in known:
            _act(open_work, mirror, said.user_id, said.key, _remarked(said))
    if standing.state is OaState.WITHDRAWN and WITHDRAWN not in known:
        _act(open_work, mirror, standing.by, WITHDRAWN, _withdrawn)


Do = Callable[[UnitOfWork, Matter, ApprovalMirror], None]


def _act(open_work: OpenWork, mirror: ApprovalMirror, user_id: str, key: str, do: Do) -> None:
    """Let somebody act by what they did there, and note that they did, in one transaction."""
    with open_work(SYSTEM, reading=True) as uow:
        who = uow.members.known_as(mirror.channel, user_id) if user_id else None
    actor: Member = who if who is not None and who.active else SYSTEM
    with open_work(actor, channel=mirror.channel) as uow:
        matter = load(uow, mirror.approval_id)
        row = uow.mirrors.get(mirror.id)
        if key in row.heard:
            return
        row.heard = [*row.heard, key]
        if actor is SYSTEM:
            return  # the platform knows them and we do not: nobody may decide whom we do not know
        try:
            with uow.attempt():
                do(uow, matter, row)
        except Refusal as refusal:
            _answer(uow, matter, row, str(refusal))


def _answer(uow: UnitOfWork, matter: Matter, row: ApprovalMirror, why: str) -> None:
    """Tell somebody that what they did there has no effect here, and why."""
    where = CHANNELS[row.channel]
    notice = ApprovalNews(
        to=uow.actor.id,
        approval_id=matter.approval.id,
        title=f"您在{where}审批里的处理没有算数：{matter.approval.title}",
        text=f"{why}\n{where}审批单{called(row, matter.approval)}的结果以聊单为准",
    )
    uow.tell(notice, account_on(uow, uow.actor.id, row.channel))


def _decision(voice: Voice, place: Place) -> Do:
    def do(uow: UnitOfWork, matter: Matter, row: ApprovalMirror) -> None:
        level = place.level
        if level is None:
            raise NotYourTask  # somebody was added there whom the approval does not ask
        task = _task(uow, matter, level)
        if task is None:
            raise NotYourTask
        if voice.said is Said.MOVED:
            _move(uow, matter, row, place, task, voice)
        elif not task.is_pending and _is_echo(task, voice):
            return
        elif voice.said is Said.YES:
            approve(uow, matter, task.number, voice.comment)
        else:
            comment = voice.comment or f"在{CHANNELS[row.channel]}审批里驳回，没有写原因"
            reject(uow, matter, task.number, comment)

    return do


def _task(uow: UnitOfWork, matter: Matter, level: Level) -> Task | None:
    """Return the task that somebody means at a level: what waits for them there, else what they had."""
    course, who = matter.course, uow.actor.id
    theirs = [
        task
        for task in course.tasks
        if (task.node, task.round) == (level.node, level.round)
        and (may_answer(task, who, matter.setting) or task.answered_by == who)
    ]
    open_ = [task for task in theirs if task.is_pending]
    open_.sort(key=lambda task: (course.is_blocked(task), task.member != who, task.number))
    return open_[0] if open_ else theirs[-1] if theirs else None


def _is_echo(task: Task, voice: Voice) -> bool:
    """Say whether it is what they have decided already, here."""
    return task.answer is (Answer.YES if voice.said is Said.YES else Answer.NO)


def _move(uow: UnitOfWork, matter: Matter, row: ApprovalMirror, place: Place, task: Task, voice: Voice) -> None:
    """Hand a task on to whom it was handed there; the plan knows them from now on."""
    to = uow.members.known_as(row.channel, voice.to)
    if to is None:
        raise ActRefused("对方没有在聊单开通，不能转给他。请转给别的同事，或请管理员先把他加进来")
    if task.is_pending:
        transfer(uow, matter, to.id, task.number, voice.comment)
    users = users_on(uow, row.channel, [to.id])
    kept = [dict(one) for one in row.plan]
    positions = [number for number, one in enumerate(kept) if any(one["users"])]
    level = kept[positions[place.at]]
    level["people"] = [to.id if one == task.member else one for one in level["people"]]
    level["users"] = [
        users.get(to.id, "") if name.casefold() == voice.user_id.casefold() else name for name in level["users"]
    ]
    row.plan = kept


def _remarked(said: Remark) -> Do:
    def do(uow: UnitOfWork, matter: Matter, _: ApprovalMirror) -> None:
        if said.text.strip() and matter.course.is_running and has_part(uow, matter, uow.actor.id):
            remark(uow, matter, said.text)

    return do


def _withdrawn(uow: UnitOfWork, matter: Matter, row: ApprovalMirror) -> None:
    if matter.course.is_running and matter.approval.submitter_id == uow.actor.id:
        withdraw(uow, matter, f"在{CHANNELS[row.channel]}审批里撤销")
