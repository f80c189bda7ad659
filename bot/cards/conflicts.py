"""Cards of two colleagues on one customer."""

from collections.abc import Sequence

from bot.cards.card import Button, Card
from core.calendar import WorkCalendar
from core.notices.conflicts import ConflictReported, ConflictSide
from core.services.conflicts import STILL_AT_IT, Conflict

SOURCE = "聊单 · 撞单"


def conflict_card(found: Conflict, cal: WorkCalendar) -> Card:
    """Who was first, and what happens now."""
    active = [one.name for one in found.sides if one.active]
    if found.decides:
        after = f"{'、'.join(active)}都在跟，请{found.decides}定归谁"
    elif len(active) == 1:
        after = f"只有{active[0]}近 {STILL_AT_IT.days} 天有有效跟进，不用裁定"
    elif active:
        after = f"{'、'.join(active)}都在跟，没有共同的主管，请找管理员定归谁"
    else:
        after = f"近 {STILL_AT_IT.days} 天都没有有效跟进，谁先联系上就先记一条跟进"
    return Card(
        title=_title(found.about.name, found.sides), source=SOURCE, text="\n".join([*_lines(found.sides, cal), after])
    )


def conflict_reported_card(notice: ConflictReported, cal: WorkCalendar) -> Card:
    """To who leads both: look and decide."""
    look = Button(label="看看客户", action="account.show", values={"customer": notice.customer_ref})
    after = "先跟进的在前。定了以后可以「把客户转给谁」，也可以让两人一起跟"
    return Card(
        title=_title(notice.customer, notice.sides),
        subtitle=f"{notice.by}报撞单，请您定归谁",
        source=SOURCE,
        text="\n".join([*_lines(notice.sides, cal), after]),
        buttons=(look,),
    )


def _title(customer: str, sides: Sequence[ConflictSide]) -> str:
    first = sides[0]
    return f"「{customer}」撞单：{f'{first.name}先跟进' if first.first_at else '都还没有有效跟进'}"


def _lines(sides: Sequence[ConflictSide], cal: WorkCalendar) -> list[str]:
    lines = []
    for side in sides:
        if side.first_at is None or side.last_at is None:
            lines.append(f"{side.name}：还没有有效跟进")
        else:
            first, last = cal.local(side.first_at), cal.local(side.last_at)
            lines.append(
                f"{side.name}：首次有效跟进 {first:%Y-%m-%d %H:%M}，共 {side.count} 次，最近 {last:%Y-%m-%d %H:%M}"
            )
    return lines
