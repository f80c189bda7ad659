"""What people learn of an approval: cards to whoever is asked, all cards as the matter stands, and news."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from core.model.approval import SUBMITTERS, Answer, Approval, ApprovalState, Course
from core.model.ids import MemberId
from core.model.messages import OutboxState
from core.notices import Notice, notice_as_json, notice_from_json
from core.notices.approvals import ApprovalNews, ApprovalShown
from core.ports import UnitOfWork
from core.rules.approvals.acting import Effect, Setting, Told
from core.rules.approvals.sight import title_as
from core.services.approvals.keeping import Matter
from core.services.approvals.mirrors import order_mirror
from core.services.approvals.showing import facts_for, hidden_for, name_of, outcome_of, screen_of, shown
from core.services.approvals.subjects import subject_of
from core.services.webhooks import publish


@dataclass(frozen=True)
class _Telling:
    """One act's consequences on their way to people."""

    uow: UnitOfWork
    matter: Matter

    @property
    def approval(self) -> Approval:
        return self.matter.approval

    @property
    def course(self) -> Course:
        return self.matter.course

    @property
    def setting(self) -> Setting:
        return self.matter.setting

    def news(self, to: Iterable[MemberId], title: str, **more: object) -> None:
        """Tell people one thing, but not whoever did it."""
        for reader in to:
            if reader != self.uow.actor.id:
                seen = title.replace(self.approval.title, self.title(reader))
                self.uow.tell(
                    ApprovalNews(to=reader, approval_id=self.approval.id, title=seen, **more)  # type: ignore[arg-type]  # its own fields
                )

    def title(self, reader: MemberId) -> str:
        """Name the matter as far as somebody may know of it."""
        return title_as(self.approval, hidden_for(self.uow, self.matter, reader))

    def card(self, reader: MemberId, why: str = "") -> None:
        self.uow.tell(shown(self.uow, self.approval, self.course, self.setting, reader, why))

    def name(self, member_id: MemberId | None) -> str:
        return name_of(self.setting, member_id)


def tell_effects(uow: UnitOfWork, matter: Matter, effects: Iterable[Effect]) -> None:
    """Tell everybody what an act has come to, and let every card of the approval show how it stands now."""
    telling, asked, course = _Telling(uow, matter), set[MemberId](), matter.course
    show_everywhere(uow, matter)
    order_mirror(uow, matter.approval)
    for effect in effects:
        if effect.told is Told.ASKED:
            task = course.task(effect.task)
            if task is not None and task.is_pending and task.origin not in SUBMITTERS and not course.is_blocked(task):
                fresh = [one for one in effect.to if one not in asked]
                asked.update(fresh)
                for reader in fresh:
                    telling.card(reader)
        else:
            _TELLERS[effect.told](telling, effect)


def show_to(uow: UnitOfWork, matter: Matter, reader: MemberId) -> None:
    """Send somebody the card of what waits for them."""
    _Telling(uow, matter).card(reader)


def show_everywhere(uow: UnitOfWork, matter: Matter) -> None:
    """Let every card of the approval show how it stands, but for the one that was tapped: its answer takes its place.

    A card that has not left yet leaves as it should be now; one that cannot be changed is left alone.
    """
    uow.retell(screen_of(matter.approval), lambda told: _still_asks(uow, matter, told))
    for message in uow.outbox.showing(screen_of(matter.approval)):
        if message.id == uow.tapped or message.member_id is None:
            continue
        before = notice_from_json(message.kind, message.content)
        if not isinstance(before, ApprovalShown):
            continue
        now = _as_it_stands(uow, matter, before)
        if now == before:
            continue
        waits = message.state == OutboxState.WAITING and message.leased_until is None
        if not waits and message.state == OutboxState.SENT and not message.response_code:
            continue
        _, message.content = notice_as_json(now)
        if not waits:
            uow.show_again(message, now, passing=matter.course.is_running and (bool(now.task_id) or not before.task_id))


def _still_asks(uow: UnitOfWork, matter: Matter, told: Notice) -> Notice | None:
    """Whoever was asked a moment ago, and need not answer any more, never learns of it."""
    if not isinstance(told, ApprovalShown):
        return told
    now = _as_it_stands(uow, matter, told)
    return now if now.task_id else None


def _as_it_stands(uow: UnitOfWork, matter: Matter, before: ApprovalShown) -> ApprovalShown:
    return shown(uow, matter.approval, matter.course, matter.setting, before.to, before.why)


def _nothing(_: _Telling, __: Effect) -> None:
    """The cards say it."""


def _closed(telling: _Telling, effect: Effect) -> None:
    """Somebody need not answer any more: their card says so; only what the clock did is worth a message."""
    if effect.comment:
        telling.news(effect.to, f"不用您处理了：{telling.approval.title}", text=effect.comment)


def _ended(telling: _Telling, effect: Effect) -> None:
    approval, course = telling.approval, telling.course
    publish(
        telling.uow,
        f"approval.{course.state}",
        {
            "id": str(approval.ref),
            "kind": approval.kind,
            "subject_id": str(approval.subject),
            "amount": approval.amount,
        },
    )
    outcome = outcome_of(telling.uow, course, telling.setting)
    title = {
        ApprovalState.APPROVED: f"已通过：{approval.title}",
        ApprovalState.REJECTED: f"没有通过：{approval.title}",
        ApprovalState.WITHDRAWN: f"申请人撤回了：{approval.title}",
        ApprovalState.VOIDED: f"已作废：{approval.title}",
        ApprovalState.EXPIRED: f"已失效：{approval.title}",
    }[course.state]
    written = [
        f"{telling.name(one.answered_by)}：{one.comment}"
        for one in course.tasks
        if _is_comment(one.answer, one.comment)
    ]
    if course.state is ApprovalState.VOIDED:
        outcome = effect.comment or outcome
    lines = [outcome if course.state is not ApprovalState.APPROVED else "", *written]
    text = "\n".join(line for line in lines if line)
    for reader in effect.to:
        if reader == approval.submitter_id:
            telling.news([reader], title, text="\n".join(line for line in (text, _next(telling)) if line))
        elif course.state is not ApprovalState.APPROVED or reader in course.copied:
            telling.news([reader], title, text=text)


def _is_comment(answer: Answer, comment: str) -> bool:
    return answer is Answer.YES and bool(comment)


def _next(telling: _Telling) -> str:
    """Say what comes now, to whoever asked."""
    afterwards = getattr(subject_of(telling.approval.kind), "afterwards", None)
    if telling.course.state is ApprovalState.APPROVED:
        return str(afterwards(telling.uow, telling.approval)) if afterwards is not None else ""
    return {
        ApprovalState.REJECTED: "改好后可以再提交一次",
        ApprovalState.EXPIRED: "还需要的话请再提交一次",
    }.get(telling.course.state, "")


def _copied(telling: _Telling, effect: Effect) -> None:
    for reader in effect.to:
        facts = facts_for(telling.uow, telling.matter, reader)
        by = telling.name(telling.approval.submitter_id)
        telling.news(
            [reader], f"抄送您：{telling.approval.title}", text=f"{by}提交", quote=telling.approval.reason, facts=facts
        )


def _nudged(telling: _Telling, effect: Effect) -> None:
    by = telling.name(effect.by) if effect.by else "提醒"
    said = f"：{effect.comment}" if effect.comment else ""
    why = f"{by}催您处理{said}" if effect.by else effect.comment or "还没有处理"
    for reader in effect.to:
        telling.card(reader, why)


def _moved(telling: _Telling, effect: Effect) -> None:
    task = telling.course.task(effect.task)
    said = f"：{effect.comment}" if effect.comment else ""
    to = telling.name(task.member) if task is not None else "别人"
    telling.news(effect.to, f"现在由{to}处理：{telling.approval.title}", text=f"{telling.name(effect.by)}转的{said}")


def _filled(telling: _Telling, effect: Effect) -> None:
    title = f"{telling.name(effect.by)}改了：{telling.approval.title}"
    telling.news(effect.to, title, quote=effect.comment, text="审批按改后的内容继续")


def _returned(telling: _Telling, effect: Effect) -> None:
    title = f"退回修改：{telling.approval.title}"
    text = f"{telling.name(effect.by)}请您补充。改好后点「改好再提交」，或发送「改好了再提交」"
    telling.news(effect.to, title, quote=effect.comment, text=text, asks="resubmit", number=effect.task)


def _taken_back(telling: _Telling, effect: Effect) -> None:
    telling.news(effect.to, f"{telling.name(effect.by)}收回了同意，要再决定一次：{telling.approval.title}")


def _progress(telling: _Telling, effect: Effect) -> None:
    waiting = [telling.name(one.member) for one in telling.course.pending if one.origin not in SUBMITTERS]
    task = telling.course.task(effect.task)
    told = f"等{'、'.join(dict.fromkeys(waiting))}处理" if waiting else ""
    if task is not None and task.answer is Answer.YES and effect.by != telling.approval.submitter_id:
        title = f"{telling.name(effect.by)}已同意：{telling.approval.title}"
        telling.news(effect.to, title, quote=effect.comment, text=told)
    elif effect.comment:
        telling.news(effect.to, f"{effect.comment}：{telling.approval.title}", text=told)


def _wished(telling: _Telling, effect: Effect) -> None:
    title = f"{telling.name(effect.by)}想撤回：{telling.approval.title}"
    telling.news(effect.to, title, quote=effect.comment, text="已经有人处理过，要您同意才能撤回", asks="consent")


def _wish_refused(telling: _Telling, effect: Effect) -> None:
    title = f"{telling.name(effect.by)}不同意撤回：{telling.approval.title}"
    telling.news(effect.to, title, quote=effect.comment, text="审批继续")


def _demanded(telling: _Telling, effect: Effect) -> None:
    title = f"{telling.name(effect.by)}有条件同意：{effect.comment}"
    text = f"{telling.approval.title}\n接受后按这个条件改好，不用再批一次；不接受就由他再决定"
    telling.news(effect.to, title, text=text, asks="accept", number=effect.task)


def _demand_declined(telling: _Telling, effect: Effect) -> None:
    for reader in effect.to:
        telling.news([reader], f"申请人没有接受您的条件：{telling.approval.title}", quote=effect.comment)


def _questioned(telling: _Telling, effect: Effect) -> None:
    title = f"{telling.name(effect.by)}问：{telling.approval.title}"
    telling.news(effect.to, title, quote=effect.comment, asks="answer")


def _remarked(telling: _Telling, effect: Effect) -> None:
    said = "回复" if effect.told is Told.ANSWERED else "留言"
    telling.news(effect.to, f"{telling.name(effect.by)}{said}：{telling.approval.title}", quote=effect.comment)


def _attached(telling: _Telling, effect: Effect) -> None:
    """Show whoever is asked the card with the file; a card that went out before may not change in place."""
    said = f"{telling.name(effect.by)}加了附件：{effect.comment}"
    for reader in effect.to:
        if reader == telling.approval.submitter_id:
            telling.news([reader], f"{said}，{telling.approval.title}", asks="files")
        else:
            telling.card(reader, said)


_TELLERS: dict[Told, Callable[[_Telling, Effect], None]] = {
    Told.CLOSED: _closed,
    Told.ENDED: _ended,
    Told.COPIED: _copied,
    Told.NUDGED: _nudged,
    Told.FILLED: _filled,
    Told.MOVED: _moved,
    Told.RETURNED: _returned,
    Told.TAKEN_BACK: _taken_back,
    Told.PROGRESS: _progress,
    Told.WISHED: _wished,
    Told.WISH_REFUSED: _wish_refused,
    Told.DEMANDED: _demanded,
    Told.DEMAND_DECLINED: _demand_declined,
    Told.REMARKED: _remarked,
    Told.QUESTIONED: _questioned,
    Told.ANSWERED: _remarked,
    Told.ATTACHED: _attached,
}
