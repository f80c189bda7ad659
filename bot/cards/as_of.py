"""The card of how a customer stood at a moment of the past."""

from bot.cards.card import Button, Card
from bot.cards.overview import deal_line, plan_lines, promise_lines, talk_line
from core.calendar import WorkCalendar
from core.model.contract import STATES, ContractState
from core.services.as_of import Then
from core.services.customers import Customer

SOURCE = "聊单 · 回看"


def then_card(about: Customer, then: Then, holder: str, cal: WorkCalendar) -> Card:
    """A customer as it was, and how to come back to today."""
    when = f"{cal.local(then.at):%Y-%m-%d %H:%M}"
    today = (Button(label="看看现在", action="account.show", values={"customer": str(about.ref)}),)
    if then.is_empty:
        return Card(title=f"{about.name} {when} 还没有记录", source=SOURCE, buttons=today)
    was = then.about
    known = (("负责人", holder or ("公海" if was is not None else "")), ("等级", was.grade if was is not None else ""))
    lines = [deal_line(deal) for deal in then.deals]
    lines += [f"商机 {deal.name}：{stay.stage}（按导入的阶段历史）" for deal, stay in then.stays]
    lines += [f"合同 {one.number} {one.amount}（{STATES[ContractState(one.state)]}）" for one in then.contracts]
    lines += promise_lines(then.promises, cal, then.at, about)
    lines += plan_lines(then.plans, cal)
    lines += [talk_line(one, cal) for one in then.followups] or ["那时还没有跟进记录"]
    renamed = f"那时叫 {was.name}" if was is not None and was.name != about.name else ""
    return Card(
        title=f"{about.name}：{when} 的情况",
        subtitle=renamed,
        source=SOURCE,
        fields=tuple((label, value) for label, value in known if value),
        text="\n".join(lines),
        buttons=today,
    )
