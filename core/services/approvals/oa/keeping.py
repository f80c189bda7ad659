"""An approval is brought in step with its instances: made, listened to, written to, or replaced by a fresh one.

It may run late, twice, or beside another worker, and ends the same. A platform is only ever asked outside of a
transaction; what it said is judged again in the transaction that acts on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from core.errors import DeliveryFailed
from core.model.approval import Answer, ApprovalState, Task
from core.model.deadline import Deadline, DeadlineKind
from core.model.member import CHANNELS, SYSTEM
from core.model.mirror import ApprovalMirror, MirrorState
from core.model.playbook.mirrors import OaWay
from core.ports import OpenWork, UnitOfWork
from core.ports.mirrors import Application, Oa, OaState, Said, Standing, Voice
from core.rules.approvals.levels import answer_of, levels_of, says_the_same
from core.services.approvals.keeping import Matter, load, matter_of
from core.services.approvals.oa.hearing import hear, matched
from core.services.approvals.oa.making import application_of, kept_levels, plan_of, to_hand_in, users_on
from core.services.approvals.oa.telling import (
    ask_to_tap,
    ask_to_withdraw,
    how_it_stands,
    tell_differs,
    tell_trouble,
)
from core.services.approvals.showing import name_of

BUSY: Final = timedelta(minutes=2)
LOOK: Final = "look"
EVERY: Final = timedelta(minutes=10)
MENDING: Final = timedelta(minutes=5)
"""A failure that asks for at least so long a pause is one that an administrator mends."""
KEPT_AFTER_END: Final = timedelta(days=30)
GENERATIONS: Final = 20
ROUNDS: Final = 60
SAME: Final = {
    ApprovalState.APPROVED: OaState.AGREED,
    ApprovalState.REJECTED: OaState.REFUSED,
    ApprovalState.WITHDRAWN: OaState.WITHDRAWN,
    ApprovalState.VOIDED: OaState.WITHDRAWN,
    ApprovalState.EXPIRED: OaState.WITHDRAWN,
}


def keep_in_oa(open_work: OpenWork, oas: Mapping[str, Oa], approval_id: int) -> int:
    """Bring an approval in step on every platform; return on how many. Raises DeliveryFailed to be tried again."""
    failed: DeliveryFailed | None = None
    for channel, oa in oas.items():
        try:
            keep_on(open_work, channel, oa, approval_id)
        except DeliveryFailed as failure:
            failed = failed or failure
    if failed is not None:
        raise failed
    return len(oas)


def keep_on(open_work: OpenWork, channel: str, oa: Oa, approval_id: int) -> None:
    """Bring an approval in step on one platform; an instance that cannot say what ours says is replaced."""
    for _ in range(GENERATIONS):
        taken = _take(open_work, channel, oa, approval_id)
        if taken is None:
            return
        keeper = _Keeper(open_work, oa, taken.mirror)
        try:
            if not taken.mirror.number and not keeper.made(taken):
                return
            if not keeper.in_step():
                return
        except DeliveryFailed as failure:
            if not _is_trouble(failure, made=keeper.is_made):
                raise DeliveryFailed(
                    failure.reason, temporary=True, retry_after=failure.retry_after, code=failure.code
                ) from failure
            keeper.tell_trouble(failure)
            return
        finally:
            keeper.let_go()


@dataclass(frozen=True)
class _Taken:
    """A mirror that is this worker's for a while; `tried`: somebody may have made an instance for it before."""

    mirror: ApprovalMirror
    tried: bool
    application: Application | None = None


def _take(open_work: OpenWork, channel: str, oa: Oa, approval_id: int) -> _Taken | None:
    """Take the newest mirror of an approval, begin one where one is due; None where there is nothing to keep."""
    with open_work(SYSTEM) as uow:
        matter = load(uow, approval_id)
        rows = uow.mirrors.of(approval_id, channel)
        mirror = rows[-1] if rows else None
        if mirror is not None and mirror.busy_until is not None and mirror.busy_until > uow.now:
            raise DeliveryFailed(f"{CHANNELS[channel]}：正在同步同一个审批", temporary=True)
        if mirror is not None and mirror.state == MirrorState.CLOSED:
            return None
        if mirror is None or mirror.state == MirrorState.LEFT:
            mirror = _begin(uow, matter, channel, mirror, oa)
            if mirror is None:
                return None
        tried, mirror.busy_until = mirror.tried, uow.now + BUSY
        application = None
        if mirror.number is None:
            wanted = uow.playbook.approvals.mirror(channel, matter.approval.kind)
            known = matter.approval.submitter_id in users_on(uow, channel, [matter.approval.submitter_id])
            if wanted is None or not known:
                mirror.state = MirrorState.CLOSED
                return None
            application, mirror.tried = application_of(uow, matter, mirror, wanted), True
        return _Taken(mirror, tried, application)


def _begin(
    uow: UnitOfWork, matter: Matter, channel: str, before: ApprovalMirror | None, oa: Oa
) -> ApprovalMirror | None:
    approval, course = matter.approval, matter.course
    wanted = uow.playbook.approvals.mirror(channel, approval.kind)
    if wanted is None or (before is not None and before.generation >= GENERATIONS):
        return None
    decided = course.state in (ApprovalState.APPROVED, ApprovalState.REJECTED)
    if not decided and (wanted.way is OaWay.RECORD or not course.is_running):
        return None
    if approval.submitter_id not in users_on(uow, channel, [approval.submitter_id]):
        return None
    plan = plan_of(uow, channel, to_hand_in(matter, wanted.way, decides=oa.decides))
    if not any(name for level in plan for name in level["users"]) and (oa.decides or wanted.way is OaWay.LIVE):
        return None
    mirror = ApprovalMirror(
        approval_id=approval.id,
        channel=channel,
        generation=before.generation + 1 if before is not None else 1,
        template=wanted.template,
        digest=approval.digest,
        plan=plan,
        heard=[],
        begun_at=uow.now,
    )
    uow.mirrors.add(mirror)
    _look_later(uow, mirror)
    return mirror


def _look_later(uow: UnitOfWork, mirror: ApprovalMirror) -> None:
    """Promise that the mirror is looked at again, so that nothing that was missed stays missed."""
    due = uow.now + EVERY
    uow.deadlines.replace(
        mirror.ref,
        [
            Deadline(
                subject_kind=mirror.ref.kind,
                subject_id=mirror.ref.id,
                kind=DeadlineKind.MIRROR,
                rule=LOOK,
                cycle=int(due.timestamp()),
                due_at=due,
                limit_at=due,
            )
        ],
    )


def _is_trouble(failure: DeliveryFailed, *, made: bool) -> bool:
    """Say whether it stays until somebody mends it: a right that is missing, a template that is not there.

    Of an instance that was made, what is refused has changed meanwhile: it is looked at again.
    """
    mends = failure.retry_after is not None and failure.retry_after >= MENDING
    return mends or not (made or failure.temporary or failure.unknown)


class _Keeper:
    """Brings one mirror in step, with what it says read from its platform."""

    def __init__(self, open_work: OpenWork, oa: Oa, mirror: ApprovalMirror) -> None:
        self._open_work, self._oa, self._mirror = open_work, oa, mirror
        self._id = mirror.id  # what a lost transaction has read is gone with it

    @property
    def _where(self) -> str:
        return CHANNELS[self._mirror.channel]

    @property
    def is_made(self) -> bool:
        return self._mirror.number is not None

    def made(self, taken: _Taken) -> bool:
        """Hand the approval in, or find that an earlier try did; False when there is nothing more to keep."""
        application = taken.application
        if application is None:
            return False
        number = self._oa.find(application, self._mirror.begun_at) if taken.tried else ""
        number = number or self._oa.create(application)
        with self._open_work(SYSTEM) as uow:
            row = uow.mirrors.get(self._id)
            row.number, row.made_at, row.busy_until = number, uow.now, uow.now + BUSY
            row.state = MirrorState.CLOSED if application.own_flow else MirrorState.OPEN
            self._mirror = row
        return not application.own_flow

    def in_step(self) -> bool:
        """Let what was done there have its effect here, and what was done here be written there.

        True when another instance must take the place of this one.
        """
        wrote = False
        for _ in range(ROUNDS):
            number = self._mirror.number or ""
            standing = self._oa.read(number)
            hear(self._open_work, self._mirror, standing)
            step = self._next(standing)
            if step.withdraws and wrote:
                return False  # what was just written is on its way; its event, or the next look, says what came of it
            wrote = wrote or bool(step.answers)
            for voice, task in step.answers:
                agrees = task.answer is Answer.YES
                self._oa.decide(number, voice, self._comment(task), agrees=agrees)
                self._note([voice.key])
            if step.withdraws:
                self._withdraw(step.withdraws)
            if step.replaced:
                self._settle(MirrorState.LEFT)
                return True
            if not step.answers:
                self._rest(standing)
                return False
        return False

    def _next(self, standing: Standing) -> "_Step":
        with self._open_work(SYSTEM) as uow:
            row = uow.mirrors.get(self._id)
            row.read_at = row.looked_at = uow.now
            row.busy_until = uow.now + BUSY
            self._mirror = row
            matter = matter_of(uow, uow.approvals.get(row.approval_id))
            if standing.state is not OaState.RUNNING:
                return self._ended(uow, matter, standing)
            answers = list(_answers(matter, row, standing))
            if not self._oa.decides:
                for voice, task in answers:
                    ask_to_tap(uow, matter, row, voice, task)
                answers = []
            if answers:
                return _Step(answers=tuple(answers))
            return self._stuck(uow, matter)

    def _stuck(self, uow: UnitOfWork, matter: Matter) -> "_Step":
        """It runs there, and there is nothing to write: well so, unless it is over here or asks somebody else there."""
        approval, course, row = matter.approval, matter.course, self._mirror
        if course.is_running:
            if approval.digest == row.digest and says_the_same(kept_levels(row), levels_of(course, matter.setting)):
                return _Step()
            why = "内容或审批人有变，换一张新的审批单"
            if not self._oa.decides:
                ask_to_withdraw(uow, matter, row, why)
            return _Step(withdraws=why if self._oa.decides else "", replaced=True)
        if not self._oa.decides:
            if course.state not in (ApprovalState.APPROVED, ApprovalState.REJECTED):
                ask_to_withdraw(uow, matter, row, "聊单里已经不用审批了")
            return _Step()
        if course.state is ApprovalState.APPROVED and row.generation < GENERATIONS:
            return _Step(withdraws="聊单里已通过，换一张走完的审批单", replaced=True)
        return _Step(withdraws=f"聊单里{how_it_stands(approval)}")

    def _ended(self, uow: UnitOfWork, matter: Matter, standing: Standing) -> "_Step":
        """It has ended there: as it has here, or else it is said which of both holds, or a fresh one goes on."""
        course, row = matter.course, self._mirror
        if course.is_running:
            own = uow.members.known_as(row.channel, standing.by) if standing.by else None
            if standing.state is OaState.WITHDRAWN and (own is None or own.id != matter.approval.submitter_id):
                tell_differs(uow, matter, row, "有人在那边撤销了，聊单里还在审批中")
                row.state = MirrorState.CLOSED
                return _Step()
            ahead = [level for level in levels_of(course, matter.setting) if not level.over]
            reached = users_on(uow, row.channel, {one for level in ahead for one in level.people})
            return _Step(replaced=bool(reached) and row.generation < GENERATIONS)
        if standing.state is not SAME[ApprovalState(course.state)]:
            there = {"agreed": "通过", "refused": "驳回", "withdrawn": "撤销"}[standing.state]
            how = f"那边显示{there}，聊单里{how_it_stands(matter.approval)}"
            decided = course.state in (ApprovalState.APPROVED, ApprovalState.REJECTED)
            if self._oa.decides and decided and not all(level.over for level in kept_levels(row)):
                tell_differs(uow, matter, row, f"{how}；已在那边补一张结果一致的单")
                return _Step(replaced=True)
            tell_differs(uow, matter, row, how)
        row.state = MirrorState.CLOSED
        return _Step()

    def _withdraw(self, why: str) -> None:
        made_at, now = self._mirror.made_at, None
        with self._open_work(SYSTEM, reading=True) as uow:
            now, approval = uow.now, uow.approvals.get(self._mirror.approval_id)
            user_id = users_on(uow, self._mirror.channel, [approval.submitter_id]).get(approval.submitter_id, "")
        if made_at is not None and now - made_at < self._oa.settling:
            pause = self._oa.settling - (now - made_at)
            raise DeliveryFailed(f"{self._where}：审批单刚建，还不能撤销", temporary=True, retry_after=pause)
        self._oa.withdraw(self._mirror.number or "", user_id, why)

    def _comment(self, task: Task) -> str:
        """Say an answer as it stands here: whoever gave it for somebody is named."""
        with self._open_work(SYSTEM, reading=True) as uow:
            matter = matter_of(uow, uow.approvals.get(self._mirror.approval_id))
            by = "" if task.answered_by == task.member else f"{name_of(matter.setting, task.answered_by)}代："
        return f"{by}{task.comment}"

    def _note(self, keys: list[str]) -> None:
        """What we have written there ourselves need not be heard."""
        with self._open_work(SYSTEM) as uow:
            row = uow.mirrors.get(self._id)
            row.heard = [*row.heard, *(key for key in keys if key not in row.heard)]
            self._mirror = row

    def _rest(self, standing: Standing) -> None:
        """Nothing more to do now. An approval long over is not looked after for ever."""
        with self._open_work(SYSTEM) as uow:
            row = uow.mirrors.get(self._id)
            approval = uow.approvals.get(row.approval_id)
            over = approval.ended_at is not None and uow.now - approval.ended_at > KEPT_AFTER_END
            if row.state == MirrorState.OPEN and over and standing.state is OaState.RUNNING:
                row.state = MirrorState.CLOSED
            if not row.is_alive:
                uow.deadlines.clear([row.ref])

    def _settle(self, state: MirrorState) -> None:
        with self._open_work(SYSTEM) as uow:
            row = uow.mirrors.get(self._id)
            row.state = state
            uow.deadlines.clear([row.ref])

    def tell_trouble(self, failure: DeliveryFailed) -> None:
        with self._open_work(SYSTEM) as uow:
            row = uow.mirrors.get(self._id)
            row.looked_at = uow.now
            tell_trouble(uow, row, failure)

    def let_go(self) -> None:
        with self._open_work(SYSTEM) as uow:
            uow.mirrors.get(self._id).busy_until = None


@dataclass(frozen=True)
class _Step:
    """What is to be done on the platform next."""

    answers: tuple[tuple[Voice, Task], ...] = ()
    withdraws: str = ""
    replaced: bool = False


def _answers(matter: Matter, mirror: ApprovalMirror, standing: Standing) -> list[tuple[Voice, Task]]:
    """Return whom the platform still waits for although they have decided here."""
    found = []
    users = {
        name.casefold(): member
        for one in mirror.plan
        for member, name in zip(one["people"], one["users"], strict=True)
        if name
    }
    for place in matched(mirror, standing):
        for voice in place.voices:
            member = users.get(voice.user_id.casefold())
            if place.level is None or member is None or voice.said is not Said.WAITING:
                continue
            task = answer_of(matter.course, place.level, member)
            if task is not None:
                found.append((voice, task))
    return found
