"""Cards about what is asked of leaders: more time, days off, a lead back."""

from datetime import date, datetime

from bot.cards.card import Button, Card, Style
from bot.cards.leads import log_button, undo_button
from core.calendar import WorkCalendar
from core.model.request import Absence, Request, RequestKind
from core.notices.pool import AppealFiled, RequestDecided, RequestMade

SOURCE = "聊单 · 申请"


def made_card(notice: RequestMade, _: WorkCalendar) -> Card:
    """To a leader: somebody wants days off, and one tap decides."""
    return Card(
        title=f"{notice.by}申请休假 {days(notice.begins_on, notice.ends_on)}",
        subtitle=f"原因：{notice.reason}" if notice.reason else "",
        source=SOURCE,
        fields=notice.standing,
        buttons=_decisions("absence", "同意", "驳回", notice.request_id),
        private=True,
    )


def appeal_card(notice: AppealFiled, _: WorkCalendar) -> Card:
    """To a leader: what happened, and two buttons."""
    return Card(
        title=f"{notice.by}申诉：{notice.about} 被回收",
        subtitle="",
        source="聊单 · 申诉",
        quote=notice.reason,
        fields=notice.evidence,
        buttons=_decisions("appeal", "还给他", "维持", notice.request_id),
        private=True,
    )


def decided_card(notice: RequestDecided, cal: WorkCalendar) -> Card:
    """To whoever asked: what was decided, and what comes now."""
    goes = f"{cal.local(notice.leaves_at):%m-%d %H:%M} 前没有有效跟进会回收" if notice.leaves_at else ""
    why = f"原因：{notice.answer}" if notice.answer else ""
    button = (log_button(notice.ref),) if notice.ref and notice.leaves_at else ()
    if notice.kind == RequestKind.ABSENCE:
        when = days(notice.begins_on, notice.ends_on)
        title = f"{notice.by}同意了您的休假：{when}" if notice.granted else f"{notice.by}没有同意您的休假：{when}"
        text = "期间您的线索时钟都停，提前回来请发送「销假」" if notice.granted else "时钟照常走"
    else:
        title = f"{notice.by}把「{notice.about}」还给您了" if notice.granted else f"申诉没有通过：{notice.about}"
        text = f"跟进、计划和状态都和回收前一样\n{goes}" if notice.granted else "线索留在原处，可以发送「公海」看看"
    return Card(title=title, subtitle=why, source=SOURCE, text=text, buttons=button)


def extension_asked_card(name: str, request: Request, decider: str, leaves: datetime | None, cal: WorkCalendar) -> Card:
    """To whoever asked: it waits for whoever must agree."""
    until = f"{cal.local(request.until):%m-%d %H:%M}" if request.until else ""
    goes = f"{cal.local(leaves):%m-%d %H:%M}" if leaves else ""
    return Card(
        title=f"已申请延期：{name}",
        subtitle=f"想延到 {until}，等{decider}同意",
        source=SOURCE,
        fields=(("原因", request.reason),),
        text=f"现在的期限是 {goes}，记一次有效跟进也能留住" if goes else "",
        buttons=(log_button(f"{'L' if request.subject_kind == 'lead' else 'A'}{request.subject_id}"),),
    )


def absence_asked_card(request: Request, decider: str) -> Card:
    """To whoever asked for days off: it waits for the leader."""
    return Card(
        title=f"已申请休假 {days(request.begins_on, request.ends_on)}",
        subtitle=f"等{decider}同意，同意后这几天您的时钟都停",
        source=SOURCE,
        fields=(("原因", request.reason),) if request.reason else (),
    )


def absence_entered_card(name: str, absence: Absence, command: str) -> Card:
    """To a leader: somebody's days off stand."""
    return Card(
        title=f"已登记{name}休假 {days(absence.begins_on, absence.ends_on)}",
        source=SOURCE,
        text="这几天的回收和首次联系时钟都停",
        buttons=(undo_button(command),),
    )


def absence_ended_card(name: str, back_on: date, changed: int, command: str) -> Card:
    """Somebody is back."""
    if not changed:
        return Card(title=f"{name}没有登记过之后的休假，不用销假")
    return Card(
        title=f"已销假：{name} {back_on:%m-%d} 起上班",
        source=SOURCE,
        text="时钟从这天起照常走",
        buttons=(undo_button(command),),
    )


def appealed_card(name: str, decider: str) -> Card:
    """To whoever appealed."""
    return Card(
        title=f"已申诉：{name}", source="聊单 · 申诉", text=f"回收经过和您的说明已发给{decider}，有结果会通知您"
    )


def settled_card(title: str, how: str, text: str = "", *, tapped: bool, command: str = "") -> Card:
    """To whoever decided; it takes the place of the card that was tapped."""
    undo = (undo_button(command),) if command and not tapped else ()
    return Card(title=title, source=SOURCE, text=text, settled=how if tapped else "", buttons=undo)


def days(begins_on: date | None, ends_on: date | None) -> str:
    """Write days off: `03-28 至 03-30`, or one day."""
    if begins_on is None or ends_on is None:
        return ""
    return f"{begins_on:%m-%d}" if begins_on == ends_on else f"{begins_on:%m-%d} 至 {ends_on:%m-%d}"


def _decisions(area: str, yes: str, no: str, request_id: int) -> tuple[Button, ...]:
    values = {"request": str(request_id)}
    return (
        Button(label=yes, action=f"{area}.grant", values=values, style=Style.PRIMARY),
        Button(label=no, action=f"{area}.refuse", values=values, style=Style.DANGER),
    )
