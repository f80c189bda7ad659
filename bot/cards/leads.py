"""Cards about leads and the pool."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.cards.card import Button, Card, Style
from bot.cards.labels import with_verb
from core.calendar import WorkCalendar
from core.model.lead import Lead, LeadState
from core.notices import FirstContactMissed, LeadLine, LeadsExpiring, LeadsRecycled
from core.rules.duplicates import mask_person, mask_phone
from core.rules.masking import hide_numbers

STATES = {
    LeadState.NEW: "新建",
    LeadState.POOLED: "公海",
    LeadState.ASSIGNED: "待首次跟进",
    LeadState.WORKING: "跟进中",
    LeadState.CONVERTED: "已转客户",
    LeadState.NURTURE: "培育中",
    LeadState.INVALID: "无效",
    LeadState.MERGED: "已合并",
}
LISTED = 5


def log_button(ref: str) -> Button:
    return Button(label="记跟进", action="followup.log", values={"customer": ref}, style=Style.PRIMARY)


def undo_button(command: str) -> Button:
    return Button(label="撤销", action="undo", values={"command": command})


def return_button(lead_id: int) -> Button:
    return Button(label="退回公海", action="lead.return", values={"customer": f"L{lead_id}"}, style=Style.DANGER)


def lead_fields(lead: Lead, holder: str) -> tuple[tuple[str, str], ...]:
    """What a holder sees of a lead."""
    person = f"{lead.contact_name} {lead.contact_title}".strip()
    known = (
        ("联系人", person),
        ("电话", lead.phone or ""),
        ("统一社会信用代码", lead.credit_code or ""),
        ("来源", lead.source),
        ("地区", lead.region),
        ("需求", lead.need),
        ("负责人", holder),
    )
    return tuple((label, value) for label, value in known if value)


def created_card(lead: Lead, holder: str, why: str, deadline: datetime | None, cal: WorkCalendar, command: str) -> Card:
    """A lead was put on record."""
    until = f"请在 {cal.local(deadline):%m-%d %H:%M} 前首次跟进，否则回收到公海" if deadline else ""
    held = (log_button(str(lead.ref)), return_button(lead.id)) if lead.is_held else ()
    return Card(
        title=f"新线索 {lead.ref} {lead.name}",
        subtitle=why,
        source="聊单 · 线索",
        fields=lead_fields(lead, holder),
        text=until,
        buttons=(*held, undo_button(command)),
    )


def claimed_card(lead: Lead, deadline: datetime | None, cal: WorkCalendar, command: str) -> Card:
    """A lead was claimed; now its details are open to the holder."""
    until = f"请在 {cal.local(deadline):%m-%d %H:%M} 前首次跟进，否则回收到公海" if deadline else ""
    return Card(
        title=f"领取成功：{lead.name}",
        subtitle=f"{lead.ref} · 已归到您名下",
        source="聊单 · 公海",
        fields=lead_fields(lead, ""),
        text=until,
        buttons=(log_button(str(lead.ref)), return_button(lead.id), undo_button(command)),
    )


def several_claimed_card(leads: Sequence[Lead], wanted: int, why: str, command: str) -> Card:
    """Several leads were claimed in the order of the list; when they were fewer than wanted, why."""
    lines = [f"{lead.ref} {lead.name} {lead.contact_name} {lead.phone or ''}".rstrip() for lead in leads]
    return Card(
        title=f"领取成功 {len(leads)} 条" + (f"，想领 {wanted} 条" if len(leads) < wanted else ""),
        subtitle=why,
        source="聊单 · 公海",
        text="\n".join(lines),
        buttons=(Button(label="今天", action="today.plan", style=Style.PRIMARY), undo_button(command)),
        private=True,
    )


def returned_card(lead: Lead, reason: str, command: str, *, tapped: bool) -> Card:
    """A lead was given back."""
    return Card(
        title=f"已退回公海：{lead.name}",
        subtitle=f"原因：{reason}",
        source="聊单 · 公海",
        text="未完成的计划已暂停，重新领取后再安排",
        buttons=() if tapped else (undo_button(command),),
        settled="已退回" if tapped else "",
    )


def pool_card(leads: Sequence[Lead], total: int, words: str, next_after: int | None) -> Card:
    """The pool, masked; each lead is claimed by its button or its number."""
    if not leads:
        return Card(title=f"公海里没有符合「{words}」的线索" if words else "公海里暂时没有线索，有新的会出现在这里")
    lines = [_pool_line(lead) for lead in leads]
    buttons = [
        Button(
            label=with_verb("领", lead.name),
            action="lead.claim",
            values={"customer": str(lead.ref), **({"words": words} if words else {})},
            style=Style.PRIMARY if number == 0 else Style.PLAIN,
        )
        for number, lead in enumerate(leads[:LISTED])
    ]
    if next_after is not None:
        buttons.append(Button(label="下一页", action="pool.search", values={"words": words, "after": str(next_after)}))
    return Card(
        title=_pool_title(total, words),
        subtitle="联系方式领取后可见；也可以发送「领取 编号」",
        source="聊单 · 公海",
        text="\n".join(lines),
        buttons=tuple(buttons),
    )


def tapped_pool_card(card: Card, gone: Mapping[str, str], total: int, words: str) -> Card:
    """The pool as it was shown, with what became of the leads in `gone`; their buttons are gone too."""
    lines = [
        f"{line.partition('｜')[0]}｜{gone[ref]}" if (ref := line.partition(" ")[0]) in gone else line
        for line in card.text.splitlines()
    ]
    left = tuple(button for button in card.buttons if button.values.get("customer") not in gone)
    return replace(
        card,
        title=_pool_title(total, words),
        text="\n".join(lines),
        buttons=left or (Button(label="看公海", action="pool.search", style=Style.PRIMARY),),
        repeats=True,
    )


def _pool_title(total: int, words: str) -> str:
    return f"公海 {total} 条" + (f" · {words}" if words else "")


def _pool_line(lead: Lead) -> str:
    # Whole numbers are hidden first and the text is cut then: half a number could not be recognised any more.
    need = hide_numbers(lead.need)[:16]
    about = " ".join(part for part in (lead.region, lead.industry, hide_numbers(lead.source), need) if part)
    person = " ".join(part for part in (mask_person(lead.contact_name), mask_phone(lead.phone)) if part)
    return f"{lead.ref} {hide_numbers(lead.name)}" + (f"｜{about}" if about else "") + (f"｜{person}" if person else "")


def expiring_card(notice: LeadsExpiring, cal: WorkCalendar) -> Card:
    """Leads that go back to the pool soon."""
    one = len(notice.leads) == 1
    first = notice.leads[0]
    title = f"{first.name} 即将回收到公海" if one else f"{len(notice.leads)} 条线索即将回收到公海"
    values = {"customer": first.ref}
    buttons = (
        (Button(label="记跟进", action="followup.log", values=values, style=Style.PRIMARY), _return_by(first.ref))
        if one
        else (Button(label="看今天计划", action="today.plan", style=Style.PRIMARY),)
    )
    return Card(
        title=title,
        subtitle="记一次有效跟进就能留住",
        source="聊单 · 回收提醒",
        text=_lines(notice.leads, cal, "回收"),
        buttons=buttons,
    )


def recycled_card(notice: LeadsRecycled, cal: WorkCalendar) -> Card:
    """Leads that went back, and why."""
    one = len(notice.leads) == 1
    return Card(
        title=f"{notice.leads[0].name} 已回收到公海" if one else f"{len(notice.leads)} 条线索已回收到公海",
        subtitle=f"原因：{notice.reason}",
        source="聊单 · 公海",
        text=_lines(notice.leads, cal, "到期"),
        buttons=(Button(label="看公海", action="pool.search", style=Style.PRIMARY),),
    )


def first_contact_card(notice: FirstContactMissed, cal: WorkCalendar) -> Card:
    """A graded lead was not contacted in time."""
    return Card(
        title=f"{notice.lead.name} 首次联系已超时",
        subtitle=f"{notice.grade} 级线索，负责人 {notice.holder}",
        source="聊单 · 时限",
        text=f"应在 {cal.local(notice.lead.at):%m-%d %H:%M} 前联系，请尽快跟进",
        buttons=(log_button(notice.lead.ref),),
    )


def _return_by(ref: str) -> Button:
    return Button(label="退回公海", action="lead.return", values={"customer": ref}, style=Style.DANGER)


def _lines(leads: Sequence[LeadLine], cal: WorkCalendar, verb: str) -> str:
    shown = [f"{line.ref} {line.name}：{cal.local(line.at):%m-%d %H:%M} {verb}" for line in leads[:20]]
    more = len(leads) - len(shown)
    return "\n".join(shown) + (f"\n还有 {more} 条，发送「今天」查看" if more else "")
