"""The customer card with all its sides (360): an overview, and a page for each side behind a button."""

from collections.abc import Sequence
from datetime import datetime

from bot.cards.card import Button, Card, Style
from bot.cards.customers import METHODS, tag_field, written_later
from bot.cards.leads import STATES, lead_fields, log_button, return_button
from bot.cards.promises import ledger_line
from core.calendar import WorkCalendar
from core.model.customer import Account, Contact
from core.model.deal import Deal
from core.model.followup import FollowUp, Method, Plan
from core.model.lead import Lead, LeadState
from core.model.promise import Promise
from core.model.timeline import Mark
from core.rules.today import shortened
from core.services.customers import Customer
from core.services.timeline import Entry

SOURCE = "聊单 · 客户卡"
LINE, LONG = 60, 120
DEALS_SHOWN, PROMISES_SHOWN = 3, 2
BUTTONS = 6


def overview_card(
    about: Customer,
    holder: str,
    fields: Sequence[tuple[str, str]],
    lines: Sequence[str],
    pages: Sequence[Button],
    *,
    mine: bool,
) -> Card:
    """A customer on one card: who it is, where it stands, what is owed, what comes next."""
    if isinstance(about, Lead):
        grade = f" · {about.grade} 级" if about.grade else ""
        acts = (log_button(str(about.ref)), *((return_button(about.id),) if mine else ())) if about.is_held else ()
        return Card(
            title=about.name,
            subtitle=f"线索 {about.ref} · {STATES[LeadState(about.state)]}{grade}",
            source=SOURCE,
            fields=(*lead_fields(about, holder), *tag_field(about), *fields),
            text="\n".join(lines),
            buttons=(*acts, *pages)[:BUTTONS],
        )
    grade = f" · {about.grade} 级" if about.grade else ""
    return Card(
        title=about.name,
        subtitle=f"客户 {about.ref}{grade}",
        source=SOURCE,
        fields=(*fields[:2], *tag_field(about), *fields[2:]),
        text="\n".join(lines),
        buttons=(log_button(str(about.ref)), *pages)[:BUTTONS],
    )


def page_card(about: Customer, label: str, lines: Sequence[str], pages: Sequence[Button], empty: str) -> Card:
    """One side of a customer."""
    return Card(
        title=f"{about.name} · {label}",
        subtitle=str(about.ref),
        source=SOURCE,
        text="\n".join(lines) or empty,
        buttons=tuple(pages)[:BUTTONS],
    )


def page_button(about: Customer, key: str, label: str, mark: Mark | None = None) -> Button:
    """Lead to one side of a customer, or to what came before on it."""
    values = {"customer": str(about.ref), "page": key} | ({"after": str(mark)} if mark is not None else {})
    return Button(label=label, action="account.page", values=values, style=Style.PLAIN)


def people_field(contacts: Sequence[Contact]) -> str:
    """The people one talks to there."""
    return "、".join(" ".join(part for part in (c.name, c.title, c.phone) if part) for c in contacts[:3])


def account_fields(account: Account, contacts: Sequence[Contact], holder: str) -> list[tuple[str, str]]:
    """Who an account is, and whose."""
    known = (
        ("联系人", people_field(contacts)),
        ("负责人", holder),
        ("行业", account.industry),
        ("地区", account.region),
    )
    return [(label, value) for label, value in known if value]


def deal_line(deal: Deal) -> str:
    """A deal in a line."""
    amount = f" {deal.amount}" if deal.amount else ""
    closes = f"，预计 {deal.expected_close_on:%m-%d} 签" if deal.is_open and deal.expected_close_on else ""
    reason = f"，{deal.reason}" if deal.reason else ""
    return f"商机 {deal.name}：{deal.stage}{amount}{closes}{reason}"


def deal_lines(deals: Sequence[Deal]) -> list[str]:
    """The deals of the overview, the open ones first."""
    ordered = sorted(deals, key=lambda deal: (not deal.is_open, -deal.id))
    lines = [deal_line(deal) for deal in ordered[:DEALS_SHOWN]]
    return [*lines, f"还有 {len(deals) - DEALS_SHOWN} 个商机"] if len(deals) > DEALS_SHOWN else lines


def promise_lines(promises: Sequence[Promise], cal: WorkCalendar, now: datetime, about: Customer) -> list[str]:
    """What is still owed."""
    lines = [f"承诺 {ledger_line(one, cal, now)}" for one in promises[:PROMISES_SHOWN]]
    more = len(promises) - PROMISES_SHOWN
    return [*lines, f"还有 {more} 条承诺，发送「{about.name}的承诺」"] if more > 0 else lines


def talk_line(followup: FollowUp, cal: WorkCalendar, width: int = LINE) -> str:
    """A follow-up in a line."""
    way = METHODS[Method(followup.method)]
    marks = ("补记" if written_later(followup) else "", "" if followup.valid else "不计")
    beside = "、".join(mark for mark in marks if mark)
    return (
        f"{cal.local(followup.at):%m-%d %H:%M} {way}：{shortened(followup.content, width)}{beside and f'（{beside}）'}"
    )


def plan_lines(plans: Sequence[Plan], cal: WorkCalendar) -> list[str]:
    """What is planned."""
    return [f"下次 {cal.local(plan.at):%m-%d %H:%M} {shortened(plan.content, LINE)}" for plan in plans[:2]]


def entry_lines(entries: Sequence[Entry], cal: WorkCalendar) -> list[str]:
    """A page of the timeline; a new year is named."""
    lines, year = [], cal.local(entries[0].mark.at).year if entries else 0
    for entry in entries:
        at = cal.local(entry.mark.at)
        if at.year != year:
            lines.append(f"—— {at.year} 年 ——")
            year = at.year
        by = f"（{entry.by}）" if entry.by else ""
        lines.append(f"{at:%m-%d %H:%M} {shortened(entry.says, LONG)}{by}")
    return lines
