"""Cards about what becomes of a lead: acknowledged, resting, invalid, given to somebody, an account."""

from datetime import datetime

from bot.cards.card import Button, Card, Style
from bot.cards.dialogue import moment_label
from bot.cards.leads import STATES, log_button, return_button, undo_button
from core.calendar import WorkCalendar
from core.model.followup import Plan
from core.model.lead import Lead, LeadState
from core.notices import LeadAssigned, LeadTakenOver
from core.services.converting import Converted


def acknowledged_card(lead: Lead, deadline: datetime | None, cal: WorkCalendar) -> Card:
    """A holder has seen a fresh lead; that stops no clock."""
    until = f"请在 {cal.local(deadline):%m-%d %H:%M} 前记一次有效跟进，否则回收到公海" if deadline else ""
    return Card(
        title=f"好的，等您联系「{lead.name}」",
        subtitle="接收不算跟进，时钟没有停",
        source="聊单 · 线索",
        text=until,
        buttons=(log_button(str(lead.ref)), return_button(lead.id)),
    )


def nurtured_card(lead: Lead, plan: Plan, said: datetime, cal: WorkCalendar, command: str) -> Card:
    """A lead rests until a day; a day off has become the workday after it."""
    moved = f"（{said:%m-%d} 不上班，顺到工作日）" if cal.local(plan.at).date() != said.date() else ""
    return Card(
        title=f"已转入培育：{lead.name}",
        subtitle="不占名额，回收时钟已停",
        source="聊单 · 线索",
        fields=(("下次联系", f"{cal.local(plan.at):%Y-}{moment_label(plan.at, cal)}{moved}"),),
        text="之后记一次跟进，它就回到跟进中",
        buttons=(undo_button(command),),
    )


def invalidated_card(lead: Lead, reason: str, command: str) -> Card:
    """A lead was marked as nobody who could ever buy."""
    return Card(
        title=f"已作废：{lead.name}",
        subtitle=f"原因：{reason}",
        source="聊单 · 线索",
        text=f"时钟和计划都停了，也不再参与查重。30 天内可以发送「恢复 {lead.ref}」",
        buttons=(undo_button(command),),
    )


def restored_card(lead: Lead, holder: str, deadline: datetime | None, cal: WorkCalendar, command: str) -> Card:
    """A lead that was marked as nobody is somebody again."""
    until = f"请在 {cal.local(deadline):%m-%d %H:%M} 前跟进，否则回收到公海" if deadline else ""
    return Card(
        title=f"已恢复：{lead.name}",
        subtitle=f"{lead.ref} · {STATES[LeadState(lead.state)]}" + (f" · {holder}" if holder else ""),
        source="聊单 · 线索",
        text="\n".join(filter(None, (until, "作废时取消的计划没有恢复，请重新约定下次联系" if holder else ""))),
        buttons=((log_button(str(lead.ref)),) if holder else ()) + (undo_button(command),),
    )


def assigned_card(
    lead: Lead, to: str, before: str, holds: int, deadline: datetime | None, cal: WorkCalendar, command: str
) -> Card:
    """A leader gave somebody a lead."""
    until = f"首次跟进期限 {cal.local(deadline):%m-%d %H:%M}" if deadline else ""
    return Card(
        title=f"已把「{lead.name}」给了{to}",
        subtitle=f"原来在{before}名下" if before else "原来在公海",
        source="聊单 · 线索",
        fields=((f"{to}手上", f"{holds} 条线索"),),
        text=f"{until}\n已通知{to}" if until else f"已通知{to}",
        buttons=(undo_button(command),),
    )


def converted_card(made: Converted, command: str) -> Card:
    """A lead has become an account, with its first deal if there is one."""
    account = made.account
    deal = f"\n已建商机 {made.deal.ref} {made.deal.name}（{made.deal.amount}）" if made.deal is not None else ""
    return Card(
        title=f"已转为客户：{account.name}",
        subtitle=f"客户 {account.ref}",
        source="聊单 · 客户",
        fields=(
            ("跟进记录", f"{made.followups} 条已转过来"),
            ("未完成的计划", f"{made.plans} 个已转过来"),
            *((("联系人", made.contact.name),) if made.contact else ()),
        ),
        text=f"原线索不再有回收期限{deal}",
        buttons=(
            log_button(str(account.ref)),
            Button(label="看看客户", action="account.show", values={"customer": str(account.ref)}, style=Style.PLAIN),
            undo_button(command),
        ),
    )


def given_card(notice: LeadAssigned, cal: WorkCalendar) -> Card:
    """To the new holder: a leader gave you a lead."""
    lead = notice.lead
    return Card(
        title=f"{notice.by}给您分了一条线索：{lead.name}",
        subtitle=f"{lead.ref} · 原来在{notice.held_before}名下" if notice.held_before else lead.ref,
        source="聊单 · 线索",
        text=f"请在 {cal.local(lead.at):%m-%d %H:%M} 前首次跟进，否则回收到公海",
        buttons=(
            log_button(lead.ref),
            Button(label="看看客户", action="account.show", values={"customer": lead.ref}, style=Style.PLAIN),
        ),
    )


def taken_over_card(notice: LeadTakenOver, _: WorkCalendar) -> Card:
    """To the old holder: somebody else has it now."""
    return Card(
        title=f"{notice.by}把「{notice.lead.name}」转给了{notice.holder}",
        source="聊单 · 线索",
        text="之后由对方跟进，跟进记录和计划都已转过去",
    )
