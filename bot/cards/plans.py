"""Cards about plans that change."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.cards.card import Card
from bot.cards.dialogue import WEEKDAYS, moment_label, with_line
from bot.cards.leads import undo_button
from core.calendar import WorkCalendar
from core.model.followup import Plan
from core.model.member import CHANNELS
from core.rules.today import shortened

LISTED = 10


def moved_card(plan: Plan, name: str, before: datetime | None, cal: WorkCalendar, command: str) -> Card:
    """A next contact was moved."""
    was = (("原来", moment_label(before, cal)),) if before is not None else ()
    return Card(
        title=f"改好了：{name}" if before is not None else f"约好了：{name}",
        source="聊单 · 计划",
        fields=(
            ("约定时间", moment_label(plan.at, cal)),
            ("提醒", f"{cal.local(plan.remind_at):%m-%d %H:%M}"),
            *was,
        ),
        text=plan.content,
        buttons=(undo_button(command),),
    )


def cancelled_card(plan: Plan, name: str, cal: WorkCalendar, command: str) -> Card:
    """A plan or a reminder was called off."""
    return Card(
        title=f"取消了：{name}",
        source="聊单 · 计划",
        fields=(("原来约在", moment_label(plan.at, cal)),),
        text=plan.content,
        buttons=(undo_button(command),),
    )


def put_off_preview(plans: Sequence[Plan], names: Mapping[int, str], to: date, reason: str, cal: WorkCalendar) -> Card:
    """Show every plan that would move to another day."""
    return Card(
        title=f"把 {len(plans)} 个计划顺延到 {to:%m-%d} 周{WEEKDAYS[to.weekday()]}",
        fields=(("原因", reason),) if reason else (),
        text=_lines(plans, names, cal),
    )


def put_off_card(plans: Sequence[Plan], names: Mapping[int, str], cal: WorkCalendar, command: str) -> Card:
    """Plans were moved to another day."""
    return Card(
        title=f"已顺延 {len(plans)} 个计划",
        source="聊单 · 计划",
        text=_lines(plans, names, cal),
        buttons=(undo_button(command),),
    )


def due_elsewhere(card: Card, elsewhere: str, here: str) -> Card:
    """Say where a reminder will come, when that is another platform than the one it was asked for on."""
    if not elsewhere:
        return card
    return with_line(card, f"到点提醒发到{CHANNELS[elsewhere]}。想在这里收到，发送「通知发到{CHANNELS[here]}」")


def _lines(plans: Sequence[Plan], names: Mapping[int, str], cal: WorkCalendar) -> str:
    shown = [
        f"{number}. {names.get(plan.id, '')} {cal.local(plan.at):%m-%d %H:%M} {shortened(plan.content, 30)}"
        for number, plan in enumerate(plans[:LISTED], 1)
    ]
    more = len(plans) - len(shown)
    return "\n".join(shown) + (f"\n还有 {more} 个" if more > 0 else "")
