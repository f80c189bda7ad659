"""Cards about leads."""

from datetime import datetime

from bot.cards.card import Button, Card, Style
from core.calendar import WorkCalendar
from core.model.lead import Lead, LeadState
from core.notices import FirstContactMissed

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


def created_card(
    lead: Lead, holder: str, why: str, deadline: datetime | None, cal: WorkCalendar, command: str, *, mine: bool = True
) -> Card:
    """A lead was put on record; only its holder works with it from here."""
    until = f"请在 {cal.local(deadline):%m-%d %H:%M} 前首次跟进，否则回收到公海" if deadline else ""
    held = (log_button(str(lead.ref)), return_button(lead.id)) if lead.is_held and mine else ()
    return Card(
        title=f"新线索 {lead.ref} {lead.name}",
        subtitle=why,
        source="聊单 · 线索",
        fields=lead_fields(lead, holder),
        text=until if mine else "",
        buttons=(*held, undo_button(command)),
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
