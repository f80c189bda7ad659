"""Cards that the clock sends to whoever leads people: the funnel coach and the review of a month."""

from bot.cards.card import Button, Card, Style
from bot.cards.deals import show_button
from bot.cards.reports import SOURCE, funnel_chart, pictured, short_name
from core.calendar import WorkCalendar
from core.model.money import Money
from core.notices.reports import FunnelCoach, MonthReview
from core.rules.metrics.periods import Unit, around


def coach_card(notice: FunnelCoach, _: WorkCalendar) -> Card:
    """The biggest leak, why, what to do, and the deals to begin with."""
    title = f"{notice.whose} 漏斗教练 {notice.days}"
    lines = [
        f"{one.stage}：进入 {one.entered:,}" + (f"，转化 {one.conversion:.0%}" if one.conversion is not None else "")
        for one in notice.stages
    ]
    if notice.leak is not None:
        why = f"，主要因为{'、'.join(notice.reasons)}" if notice.reasons else ""
        lines.append(f"最大漏点：{notice.worst}，流失 {notice.leak:.0%}{why}")
    lines += [f"比上期：{notice.before}"] if notice.before else []
    lines += [f"建议：{advice}" for advice in notice.advice]
    lines += [f"注意：{low}" for low in notice.low]
    lines += [f"上次改动的效果：{notice.effect}"] if notice.effect else []
    lines += ["先看这几单：" + "、".join(deal.name for deal in notice.deals)] if notice.deals else []
    days = {"from": str(notice.first), "to": str(notice.last)}
    card = Card(
        title=title,
        source=SOURCE,
        text="\n".join(lines),
        buttons=(
            *(show_button(deal.ref, short_name(deal.name)) for deal in notice.deals),
            Button(label="看漏斗", action="funnel.show", values=days, style=Style.PRIMARY),
            *_of_the_leak(notice, days),
        ),
        private=True,
    )
    return pictured(card, funnel_chart(title, [(one.stage, one.entered, one.conversion) for one in notice.stages]))


def _of_the_leak(notice: FunnelCoach, days: dict[str, str]) -> tuple[Button, ...]:
    """Return what opens the deals that entered the stage of the leak, and those that were lost there."""
    if not notice.worst:
        return ()
    stage = {"by": "阶段", "value": notice.worst, **days}
    return (
        Button(label="看进入的", action="pivot.drill", values={"measure": "进入数", **stage}),
        Button(label="看流失的", action="pivot.drill", values={"measure": "阶段流失数", **stage}),
    )


def month_card(notice: MonthReview, _: WorkCalendar) -> Card:
    """What was won, against target and forecast, by whom, and where most was lost."""
    fields = [("赢单", f"{Money(notice.won)}（{notice.count} 单）")]
    if notice.target:
        fields.append(("目标", f"{Money(notice.target)}，达成 {notice.won / notice.target:.0%}"))
    if notice.accuracy is not None:
        fields.append(("上月预测准确率", f"{notice.accuracy:.1%}"))
    lines = [
        f"{number}. {one.name}：{Money(one.won)}"
        + (f"，达成 {one.attainment:.0%}" if one.attainment is not None else "")
        for number, one in enumerate(notice.people, 1)
    ]
    if notice.leak is not None:
        lines.append(f"最大漏点：{notice.worst}，流失 {notice.leak:.0%}")
    return Card(
        title=f"{notice.whose} {notice.month:%Y 年 %-m 月}小结",
        source=SOURCE,
        fields=tuple(fields),
        text="\n".join(lines),
        buttons=_of_the_month(notice),
        private=True,
    )


def _of_the_month(notice: MonthReview) -> tuple[Button, ...]:
    """Return what opens the deals, targets, places and stages behind a month's figures."""
    month = around(Unit.MONTH, notice.month)
    days = {"from": f"{month.first}", "to": f"{month.last}"}
    won = (Button(label="看赢单", action="pivot.drill", values={"measure": "赢单金额", **days}),) if notice.won else ()
    target = (Button(label="看目标", action="targets.show", values=days),) if notice.target else ()
    return (
        *won,
        *target,
        Button(label="看排行", action="ranking.show", values=days),
        Button(label="看预测", action="forecast.show", values=days),
        Button(label="看漏斗", action="funnel.show", values=days),
    )
