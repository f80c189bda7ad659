"""Cards about customers, follow-ups and what comes next."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from bot.cards.card import Button, Card, Style
from bot.cards.leads import log_button, undo_button
from core.calendar import WorkCalendar
from core.model.followup import METHOD_NAMES, FollowUp, Method, Plan
from core.model.lead import Lead
from core.model.rhythm import Rhythm
from core.notices import PlanDue
from core.rules.today import shortened
from core.services.customers import Customer
from core.services.duplicates import OnRecord, record_words
from core.services.followups import Logged

METHODS = METHOD_NAMES
LATER = timedelta(hours=1)
LINE = 60


ASK_NEXT = "下次什么时候联系？直接回复时间，例如「下周三下午三点」"


def logged_card(
    about: Customer,
    logged: Logged,
    cal: WorkCalendar,
    command: str,
    *,
    contact: str = "",
    discount: Decimal | None = None,
    deal: bool = False,
    tags: Sequence[str] = (),
    told: Sequence[str] = (),
) -> Card:
    """A follow-up was kept; when it does not count, why not. What it wishes for is not promised."""
    plan, followup = logged.plan, logged.followup
    fields = [("方式", METHODS[Method(followup.method)])]
    if contact:
        fields.append(("联系人", contact))
    if written_later(followup):
        fields.append(("时间", f"{cal.local(followup.at):%m-%d %H:%M}（补记）"))
    if plan is not None:
        fields.append(("下次联系", f"{cal.local(plan.at):%m-%d %H:%M}"))
    if tags:
        fields.append(("标签", "、".join(tags)))
    if told:
        fields.append(("已告诉", "、".join(told)))
    counted = logged.validity.counts
    text = [logged.validity.reason or ("" if plan is not None else ASK_NEXT)]
    if counted and isinstance(about, Lead) and about.assigned_at is not None and followup.at < about.assigned_at:
        text.insert(0, "发生在归到您名下之前，回收时钟没有停；之后联系过请再记一次")
    if deal:
        how = f"「{about.name} 金额改成36万」或「{about.name} 推进到方案报价」"
        text.insert(0, f"金额和阶段写在跟进里了，商机没有动。要改请说{how}")
    if discount:
        asked = f"对方想要 {((100 - discount) / 10).normalize():f} 折"
        how = "要给先转成客户、建好商机" if isinstance(about, Lead) else "要给就点「申请特价」，超出权限的会送审批"
        text.insert(0, f"{asked}，已写在跟进里。{how}")
    return Card(
        title=f"已记跟进：{about.name}" if counted else f"已记下，但不算有效跟进：{about.name}",
        subtitle="" if counted else "回收时钟没有停，请补一句具体的" if isinstance(about, Lead) else "请补一句具体的",
        source="聊单 · 跟进",
        quote=followup.content,
        fields=tuple(fields),
        text="\n".join(line for line in text if line),
        buttons=(undo_button(command), *(_special_price(about, discount) if discount else ())),
    )


def _special_price(about: Customer, discount: Decimal) -> tuple[Button, ...]:
    """Offer to ask for the price that somebody wishes for; a lead has none yet."""
    if isinstance(about, Lead):
        return ()
    values = {"customer": str(about.ref), "discount_percent": f"{discount}"}
    return (Button(label="申请特价", action="discount.request", values=values),)


def written_later(followup: FollowUp) -> bool:
    """Say whether a follow-up was written down long after it happened."""
    return followup.created_at - followup.at >= LATER


def plan_card(plan: Plan, name: str, before: Sequence[Plan], cal: WorkCalendar, command: str) -> Card:
    """A next contact was promised, in place of the one `before` it."""
    instead = "、".join(f"{cal.local(old.at):%m-%d %H:%M}" for old in before)
    fields = (
        ("约定时间", f"{cal.local(plan.at):%Y-%m-%d %H:%M}"),
        ("提醒", f"{cal.local(plan.remind_at):%m-%d %H:%M}"),
    )
    return Card(
        title=f"约好了：{name}",
        source="聊单 · 计划",
        fields=(*fields, ("取代", instead)) if instead else fields,
        text=plan.content,
        buttons=(undo_button(command),),
    )


def reminder_card(plan: Plan, cal: WorkCalendar, command: str) -> Card:
    """A bare reminder was set."""
    at = f"{cal.local(plan.remind_at):%Y-%m-%d %H:%M}"
    often = Rhythm.parse(plan.every).name if plan.every else ""
    return Card(
        title=f"到时提醒您：{plan.content}",
        subtitle=f"{often}提醒，下一次 {at}" if often else at,
        source="聊单 · 提醒",
        text=f"不再需要时发送「取消提醒」，从列出的里面选「{shortened(plan.content, 20)}」" if often else "",
        buttons=(undo_button(command),),
    )


def due_card(notice: PlanDue, cal: WorkCalendar) -> Card:
    """A planned contact comes up."""
    about = notice.customer_ref
    return Card(
        title=f"该联系{notice.customer}了" if notice.customer else "提醒时间到",
        subtitle=f"约定时间 {cal.local(notice.at):%m-%d %H:%M}",
        source="聊单 · 提醒",
        quote=notice.content,
        buttons=(log_button(about), Button(label="看看客户", action="account.show", values={"customer": about}))
        if about
        else (),
    )


def tag_field(about: Customer) -> tuple[tuple[str, str], ...]:
    return (("标签", "、".join(about.tags)),) if about.tags else ()


def on_record_card(words: str, matches: Sequence[OnRecord]) -> Card:
    """Whether somebody is on record, and with whom; never a phone."""
    if not matches:
        return Card(
            title=f"「{words}」没有人在跟",
            text="可以发送「新线索 公司名 电话 来源 需求」新建",
        )
    lines = [_record_line(match) for match in matches]
    pooled = next((m for m in matches if not m.holder and isinstance(m.found, Lead)), None)
    claim = (
        (Button(label="领取", action="lead.claim", values={"customer": str(pooled.found.ref)}, style=Style.PRIMARY),)
        if pooled
        else ()
    )
    return Card(title=f"「{words}」已有记录", text="\n".join(lines), buttons=claim)


def _record_line(match: OnRecord) -> str:
    where = f"{match.holder} 在跟" if match.holder else "在公海"
    return f"{record_words(match)}：{where}（{match.matched}）"


def timeline(followups: Sequence[FollowUp], plans: Sequence[Plan], cal: WorkCalendar) -> str:
    """What is promised and what was talked about, a line each."""
    lines = [f"下次 {cal.local(plan.at):%m-%d %H:%M} {shortened(plan.content, LINE)}" for plan in plans[:2]]
    lines += [_talk_line(followup, cal) for followup in followups]
    return "\n".join(lines) or "还没有跟进记录"


def _talk_line(followup: FollowUp, cal: WorkCalendar) -> str:
    way, uncounted = METHODS[Method(followup.method)], "" if followup.valid else "（不计）"
    return f"{cal.local(followup.at):%m-%d %H:%M} {way}：{shortened(followup.content, LINE)}{uncounted}"
