"""Cards about the playbook: what would change, what has changed, and who is asked to agree."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.cards.card import Button, Card
from core.calendar import WorkCalendar
from core.model.approval import Approval
from core.model.playbook import Playbook
from core.model.version import PlaybookVersion, Treatment
from core.notices.playbook import PlaybookChanged, RuleRehearsed
from core.rules.playbook_outline import outlined
from core.rules.today import shortened
from core.services.playbook.clocks import Preview
from core.services.playbook.proposals import Drafted

SHOWN = 12
"""Changes that a card lists; the command line lists all."""

LINE = 90
LONGEST = 4000
"""Signs of a document that a chat still takes."""

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


def draft_words(drafted: Drafted) -> str:
    """Say what would change, whom it would meet, and who must agree."""
    lines = list(map(str, drafted.found))
    head = f"退回到第 {drafted.draft.restores} 版会这样改：" if drafted.draft.restores else "会这样改，还没有生效："
    text = [head, listed(lines) or "· 只是文字写法不同"]
    if drafted.preview is not None:
        text.append(_preview_line(drafted.preview))
    if drafted.weighty:
        text.append(f"涉及{'、'.join(drafted.weighty)}，要按规则审批流程同意后才生效")
    return "\n".join(text)


def proposed_card(approval: Approval, waits_for: Sequence[str]) -> Card:
    """To whoever proposed a change that others decide about."""
    return Card(
        title=f"已提交，等{'、'.join(waits_for)}同意",
        subtitle=f"{approval.ref} · {approval.title}",
        source=SOURCE,
        text="同意后自动生效并告诉您；不同意或到时没人处理就作废，什么都不变",
        settled="等待审批",
    )


def applied_card(version: PlaybookVersion, lines: Sequence[str]) -> Card:
    """To whoever decided: it is in force, for everybody, from now on."""
    text = [listed(lines) or "只改了说明文字", TREATMENTS[version.treatment], version.remark]
    return Card(
        title=f"第 {version.number} 版规则已生效",
        source=SOURCE,
        text="\n".join(filter(None, text)),
        buttons=(Button(label="规则历史", action="playbook.history"),),
        settled="已生效",
    )


def history_card(lines: Sequence[str]) -> Card:
    """The latest versions, newest first."""
    if not lines:
        return Card(title="还没有改过规则，现在用的是内置的通用规则")
    return Card(
        title="规则历史",
        source=SOURCE,
        text="\n".join([*lines, "要退回请说「退回规则到第 3 版」或「退回规则到上周五的版本」"]),
        private=True,
    )


def outline_card(number: int, playbook: Playbook) -> Card:
    """What is in force, a line for each section."""
    fields = tuple((title, shortened(words, LINE)) for title, words in outlined(playbook))
    return Card(
        title=f"现在生效的规则（第 {number} 版）" if number else "现在生效的规则（内置的通用规则）",
        source=SOURCE,
        text="\n".join(
            [
                *(f"· {title}：{words}" for title, words in fields),
                "改一项直接说，例如「回收改成48小时」；全文请发送「导出规则」",
            ]
        ),
        buttons=(
            Button(label="规则历史", action="playbook.history"),
            Button(label="导出规则", action="playbook.export"),
        ),
        private=True,
    )


def document_card(number: int, document: str) -> Card:
    """The whole document, to be changed and handed in again."""
    if len(document) > LONGEST:
        return Card(
            title=f"第 {number} 版规则有 {len(document)} 个字，聊天里放不下",
            text=f"请在服务器上运行 liaodan playbook export {number} 规则.yaml",
            private=True,
        )
    return Card(title=f"第 {number} 版规则全文", text=document, private=True)


def days_line(days: Mapping[date, bool]) -> str:
    """List days off and days worked."""
    off = [f"{day:%m-%d}" for day, is_workday in sorted(days.items()) if not is_workday]
    work = [f"{day:%m-%d}" for day, is_workday in sorted(days.items()) if is_workday]
    return "；".join(([f"放假 {'、'.join(off)}"] if off else []) + ([f"上班 {'、'.join(work)}"] if work else []))


def _preview_line(found: Preview) -> str:
    about = "约 " if found.is_estimate else ""
    if not found.running:
        return "现在没有正在走的时钟"
    at_once = f"，其中 {about}{found.due_at_once} 条线索会马上到期" if found.due_at_once else "，没有马上到期的"
    return (
        f"正在走的时钟 {about}{found.running} 个。「从现在起」：它们按老规则走完；"
        f"「重新计算」：{about}{found.moved} 个会变{at_once}"
    )


def rehearsed_card(notice: RuleRehearsed, _: WorkCalendar) -> Card:
    """What the changed rule would have done to the company's own history."""
    if notice.trouble:
        return Card(title=f"没能试算：{notice.trouble}", source=SOURCE)
    changes = notice.lost or notice.kept or notice.moved
    before, after = notice.recycled
    fields = [("回收", f"{before} → {after} 条次"), ("提醒卡片", f"{notice.cards[0]} → {notice.cards[1]} 张")]
    if notice.moved:
        fields.append(("早收或晚收", f"{notice.moved} 条"))
    if notice.deals_won or notice.deals_open:
        deals = f"已赢 {notice.deals_won} 个、在谈 {notice.deals_open} 个，共{notice.deals_amount}"
        fields.append(("会换人的商机", deals))
    text = [listed(notice.lines)]
    text += _named("会多收", notice.lost, notice.lost_names) + _named("会少收", notice.kept, notice.kept_names)
    shares = [one for one in notice.shares if one.before != one.after]
    text += [f"{one.name}：接过 {one.held} 条，被收 {one.before} → {one.after}" for one in shares]
    text += [f"审批：{line}" if place == 0 else line for place, line in enumerate(notice.approvals)]
    if not changes and not notice.approvals:
        text.append("这段时间里，谁也不会因此多收或少收")
    return Card(
        title=f"试算：最近 {notice.days} 天的 {notice.tenures} 段归属",
        subtitle="按客户现在的等级、标签和资料算，没有改动任何数据",
        source=SOURCE,
        fields=tuple(fields),
        text="\n".join(text),
        private=True,
    )


def _named(what: str, count: int, names: Sequence[str]) -> list[str]:
    more = "等" if count > len(names) else ""
    return [f"{what} {count} 条：{'、'.join(names)}{more}"] if count else []
