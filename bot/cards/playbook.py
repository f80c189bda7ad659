"""Cards about the playbook: what would change, what has changed, and who is asked to agree."""

from collections.abc import Sequence

from bot.cards.card import Button, Card, Style
from core.calendar import WorkCalendar
from core.model.version import Treatment
from core.notices.playbook import PlaybookChanged, PlaybookDeclined, PlaybookProposed

SHOWN = 12
"""Changes that a card lists; the command line lists all."""

SOURCE = "聊单 · 规则"
TREATMENTS = {
    "": "",
    Treatment.FROM_NOW: "已经在走的时钟按老规则走完，新开始的按新规则",
    Treatment.RECALCULATE: "所有没结束的时钟都按新规则重算",
}


def listed(lines: Sequence[str]) -> str:
    """List changes, the first ones of many."""
    more = len(lines) - SHOWN
    return "\n".join([*(f"· {line}" for line in lines[:SHOWN]), *([f"还有 {more} 处改动"] if more > 0 else [])])


def changed_card(notice: PlaybookChanged, _: WorkCalendar) -> Card:
    """To the other administrators: another version is in force."""
    second = f"，{notice.confirmed_by}确认" if notice.confirmed_by else ""
    how = f"退回到第 {notice.restores} 版" if notice.restores else "改了规则"
    text = [listed(notice.lines) or "只改了说明文字", TREATMENTS[notice.treatment], notice.remark]
    return Card(
        title=f"{notice.by}{how}，第 {notice.number} 版已生效",
        subtitle=f"原因：{notice.why}{second}",
        source=SOURCE,
        text="\n".join(filter(None, text)),
        buttons=(Button(label="规则历史", action="playbook.history"),),
    )


def proposed_card(notice: PlaybookProposed, cal: WorkCalendar) -> Card:
    """To the other administrators: one of you decides."""
    until = cal.local(notice.until)
    text = [listed(notice.lines), TREATMENTS[notice.treatment]]
    text.append(f"改动涉及{'、'.join(notice.weighty)}，要另一位管理员确认；{until:%m-%d %H:%M} 前没有确认就作废")
    values = {"draft": str(notice.draft)}
    return Card(
        title=f"{notice.by}想改规则，请您确认",
        subtitle=f"原因：{notice.why}",
        source=SOURCE,
        text="\n".join(filter(None, text)),
        buttons=(
            Button(label="同意生效", action="playbook.agree", values=values, style=Style.PRIMARY),
            Button(label="不同意", action="playbook.decline", values=values, style=Style.DANGER),
        ),
    )


def declined_card(notice: PlaybookDeclined, _: WorkCalendar) -> Card:
    """To whoever proposed it."""
    return Card(
        title=f"{notice.by}没有同意规则改动，没有生效",
        subtitle=f"原来的理由：{notice.why}",
        source=SOURCE,
        text="请和对方商量后再提一次",
    )
