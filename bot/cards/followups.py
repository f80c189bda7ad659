"""Cards about follow-ups after the fact: put right, looked up, shared."""

from collections.abc import Sequence

from bot.cards.card import Button, Card, Style
from bot.cards.customers import METHODS, timeline
from bot.cards.leads import log_button, undo_button
from core.calendar import WorkCalendar
from core.model.followup import FollowUp, Method, Plan
from core.model.lead import Lead
from core.notices import FollowUpShared
from core.services.customers import Customer


def correction_preview(followup: FollowUp, before: Customer, right: Customer, cal: WorkCalendar) -> Card:
    """Show which follow-up would move, and between whom."""
    return Card(
        title=f"把这条跟进改记到「{right.name}」",
        fields=(("原来记在", before.name), ("跟进时间", f"{cal.local(followup.at):%m-%d %H:%M}")),
        quote=followup.content,
        text=f"「{before.name}」的时钟和计划会恢复到记这条之前",
    )


def corrected_card(followup: FollowUp, before: Customer, right: Customer, cal: WorkCalendar, command: str) -> Card:
    """A follow-up was moved to the customer it belongs to."""
    clock = "，回收时钟已恢复" if isinstance(before, Lead) else ""
    return Card(
        title=f"已改记到「{right.name}」",
        subtitle=f"原来记在「{before.name}」{clock}",
        source="聊单 · 跟进",
        quote=followup.content,
        fields=(("跟进时间", f"{cal.local(followup.at):%m-%d %H:%M}"),),
        buttons=(undo_button(command),),
    )


def amendment_preview(followup: FollowUp, about: Customer, told: str, method: Method | None, cal: WorkCalendar) -> Card:
    """Show a follow-up as it would read."""
    return Card(
        title=f"改「{about.name}」的这条跟进",
        fields=(*_how_and_when(followup, method, cal),),
        quote=told,
    )


def amended_card(followup: FollowUp, about: Customer, cal: WorkCalendar, command: str) -> Card:
    """With whom or how a follow-up was is put right."""
    return Card(
        title=f"已改好「{about.name}」的这条跟进",
        source="聊单 · 跟进",
        quote=followup.content,
        fields=(*_how_and_when(followup, None, cal),),
        buttons=(undo_button(command),),
    )


def _how_and_when(followup: FollowUp, method: Method | None, cal: WorkCalendar) -> tuple[tuple[str, str], ...]:
    how = METHODS[method or Method(followup.method)]
    return ("方式", how), ("跟进时间", f"{cal.local(followup.at):%m-%d %H:%M}")


def last_talk_card(about: Customer, talks: Sequence[FollowUp], plans: Sequence[Plan], cal: WorkCalendar) -> Card:
    """What was talked about last, and what was promised."""
    return Card(
        title=f"上次和「{about.name}」聊到这里" if talks else f"和「{about.name}」还没有跟进记录",
        source="聊单 · 跟进",
        text=timeline(talks, plans, cal) if talks or plans else "聊过之后发送「跟进 客户名 聊了什么」",
        buttons=(
            log_button(str(about.ref)),
            Button(label="看看客户", action="account.show", values={"customer": str(about.ref)}, style=Style.PLAIN),
        ),
    )


def shared_card(notice: FollowUpShared, _: WorkCalendar) -> Card:
    """A colleague asks for a look at a follow-up."""
    return Card(title=f"{notice.by}请您看一下「{notice.customer}」", source="聊单 · 跟进", quote=notice.content)
