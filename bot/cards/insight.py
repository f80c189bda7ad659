"""Cards that answer questions about the work itself."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.cards.card import Button, Card, Style
from bot.cards.customers import METHODS
from bot.cards.labels import with_verb
from bot.cards.leads import log_button
from core.calendar import Clock, WorkCalendar
from core.model.deadline import Deadline, DeadlineKind
from core.model.followup import Method
from core.model.lead import Lead
from core.model.playbook import Basis
from core.model.playbook.parts import spoken_duration
from core.notices import LeadLine
from core.rules.recycling import Standing
from core.services.insight import Activity, Silence
from core.services.lost import Lost

LISTED, BUTTONS, NAMED = 10, 4, 5


def leaving_card(leads: Sequence[LeadLine], days: int, cal: WorkCalendar) -> Card:
    """The own leads that go back to the pool soon."""
    if not leads:
        return Card(title=f"{days} 天内没有会被回收的线索", private=True)
    shown = leads[:LISTED]
    more = len(leads) - len(shown)
    lines = [f"{n}. {line.name}：{cal.local(line.at):%m-%d %H:%M} 回收" for n, line in enumerate(shown, 1)]
    return Card(
        title=f"{len(leads)} 条线索 {days} 天内会回收到公海",
        subtitle="记一次有效跟进就能留住",
        source="聊单 · 回收提醒",
        text="\n".join(lines) + (f"\n还有 {more} 条" if more else ""),
        buttons=tuple(
            Button(
                label=with_verb("跟进", line.name),
                action="followup.log",
                values={"customer": line.ref},
                style=Style.PRIMARY if number == 0 else Style.PLAIN,
            )
            for number, line in enumerate(shown[:BUTTONS])
        ),
        private=True,
    )


CLOCKS = {Clock.CALENDAR: "自然时间", Clock.WORKDAY: "工作日", Clock.WORKTIME: "工作时间"}
BASES = {
    Basis.ASSIGNED_NO_CONTACT: "归到名下起，直到第一次有效跟进",
    Basis.LAST_VALID_FOLLOWUP: "最近一次有效跟进起",
    Basis.OWNED_NO_DEAL: "归到名下起，直到有商机",
    Basis.OWNED_NOT_WON: "归到名下起，直到成交",
    Basis.CONTRACT_END: "合同到期日起",
}


def lost_card(loss: Lost, cal: WorkCalendar, *, mine: bool) -> Card:
    """Why a lead is no longer its holder's: rule, clock, what had been said, and what would have kept it."""
    held, rule = loss.held, loss.rule
    whose = "您" if mine else "他"
    counted = f"{BASES[rule.basis]}，{spoken_duration(rule.amount)}（{CLOCKS[rule.clock]}）" if rule else ""
    warned = "；".join(f"{_at(one.at, cal)}（{one.name}）{'' if one.arrived else '未送达'}" for one in loss.warnings)
    known = (
        (f"归到{whose}名下", f"{_at(held.begun_at, cal)}（{held.begun_by.partition(':')[0]}）"),
        ("离开", _at(held.ended_at, cal) if held.ended_at else ""),
        ("经过", held.ended_by.partition(":")[0]),
        ("规则", loss.rule_id),
        ("怎么算", counted),
        ("起算", _at(loss.since, cal) if loss.since and loss.by_clock else ""),
        ("到期", _at(loss.due_at, cal) if loss.due_at else ""),
        ("提醒", (warned or "没有发过") if loss.by_clock else ""),
        ("原因", held.reason),
        ("怎样能留住", _prevention(loss, cal)),
        ("再领", f"{_at(loss.rests_until, cal)} 之后" if loss.rests_until else ""),
    )
    buttons = [Button(label="看公海", action="pool.search", style=Style.PRIMARY)] if loss.lead.is_pooled else []
    if loss.by_clock and mine:
        buttons.append(Button(label="申诉", action="appeal.file", values={"customer": str(loss.lead.ref)}))
    return Card(
        title=f"「{loss.lead.name}」为什么不在{whose}名下",
        source="聊单 · 说明",
        fields=tuple((label, value) for label, value in known if value),
        text="如果当时有特殊情况，可以申诉：「申诉 公司名 当时的情况」" if loss.by_clock and mine else "",
        buttons=tuple(buttons),
        private=True,
    )


def _stands(one: Standing, cal: WorkCalendar) -> str:
    """Say how one rule stands to a record."""
    if one.verdict is not None and not one.verdict.holds:
        return f"不适用：{one.verdict}"
    if one.since is None:
        return "还没有起算"
    kept = "、".join(f"{k.why}{f'，到 {_at(k.until, cal)}' if k.until else ''}" for k in one.keeps)
    if one.due_at is None:
        return f"暂不回收：{kept}"
    return f"{_at(one.due_at, cal)} 到期" + (f"（{kept}）" if kept else "")


def _prevention(loss: Lost, cal: WorkCalendar) -> str:
    """Say what would have kept the lead."""
    if not loss.by_clock or loss.due_at is None:
        return ""
    empty = next((f for f in loss.followups if not f.valid), None)
    wanted = f"{_at(loss.due_at, cal)} 前记一次有效跟进，或申请延期"
    return f"{wanted}。{_at(empty.at, cal)} 那条太短或重复，不算有效" if empty is not None else wanted


def _at(instant: datetime, cal: WorkCalendar) -> str:
    return f"{cal.local(instant):%m-%d %H:%M}"


def explain_card(
    lead: Lead, standing: Sequence[Deadline], ruled: Sequence[Standing], leaves: datetime | None, cal: WorkCalendar
) -> Card:
    """Which clocks run on a lead, since when, and how every recycle rule stands to it."""
    since = lead.last_followup_at or lead.assigned_at
    rules = [
        (deadline.rule, f"{cal.local(deadline.limit_at):%m-%d %H:%M} 到期")
        for deadline in standing
        if deadline.kind == DeadlineKind.FIRST_CONTACT
    ]
    rules += [(one.rule.id, _stands(one, cal)) for one in ruled]
    last = "最近有效跟进" if lead.last_followup_at else "归到名下"
    return Card(
        title=f"「{lead.name}」没有被收走",
        subtitle=f"{cal.local(leaves):%m-%d %H:%M} 前没有跟进会回收到公海" if leaves else "没有回收期限",
        source="聊单 · 说明",
        fields=(*(((last, f"{cal.local(since):%m-%d %H:%M}"),) if since else ()), *rules),
        buttons=(log_button(str(lead.ref)),),
        private=True,
    )


def activity_card(row: Activity, first: date, last: date, method: Method | None, *, mine: bool) -> Card:
    """How often somebody was in touch, and with how many; whose it is stands there unless it is the asker's own."""
    what = METHODS[method] if method else "有效跟进"
    lines = [f"{name} {times} 次" for name, times in row.customers[:LISTED]]
    whose = "" if mine else f"{row.member.name} "
    return Card(
        title=f"{whose}{_period(first, last)} {what} {row.times} 次，{len(row.customers)} 家",
        source="聊单 · 统计",
        text="\n".join(lines),
        private=True,
    )


def team_card(rows: Sequence[Activity], first: date, last: date) -> Card:
    """Whom everybody in the department was in touch with."""
    busy = [row for row in rows if row.times]
    idle = "、".join(row.member.name for row in rows if not row.times)
    lines = [f"{row.member.name} {row.times} 次：{_names(row)}" for row in busy]
    if idle:
        lines.append(f"没有跟进：{idle}")
    return Card(
        title=f"{_period(first, last)} 团队跟进 {sum(row.times for row in rows)} 次",
        subtitle=f"{len(busy)}/{len(rows)} 人有跟进",
        source="聊单 · 团队",
        text="\n".join(lines) or "您的部门里还没有做销售的同事",
        private=True,
    )


def silent_card(rows: Sequence[Silence], days: int, cal: WorkCalendar) -> Card:
    """Who was in touch with nobody, and which leads wait longest."""
    if not rows:
        return Card(title=f"{days} 天内每个人都在跟客户，没有等着的线索", private=True)
    lines = []
    for row in rows:
        last = f"最近跟进 {cal.local(row.last_at):%m-%d}" if row.last_at else "还没有跟进记录"
        waits = "、".join(f"{name}（{cal.local(at):%m-%d}）" for name, at in row.waiting[:NAMED])
        more = f"等 {len(row.waiting)} 条" if len(row.waiting) > NAMED else ""
        lines.append(f"{row.member.name}：{last}，手上 {row.held} 条{f'；没跟的：{waits}{more}' if waits else ''}")
    return Card(
        title=f"{len(rows)} 位同事有客户 {days} 天没跟", source="聊单 · 团队", text="\n".join(lines), private=True
    )


def idle_card(rows: Sequence[Activity], first: date, last: date, method: Method | None) -> Card:
    """Who did nothing, or nothing of a kind, in some days; and how often the others did."""
    what = METHODS[method] if method is not None else "跟进"
    idle = [row.member.name for row in rows if not row.times]
    busy = [f"{row.member.name} {row.times} 次" for row in rows if row.times]
    return Card(
        title=f"{_period(first, last)} 没有{what}：{len(idle)} 人"
        if idle
        else f"{_period(first, last)} 每个人都有{what}",
        source="聊单 · 团队",
        text="\n".join(line for line in ("、".join(idle), f"有的：{'、'.join(busy)}" if idle and busy else "") if line),
        private=True,
    )


def _names(row: Activity) -> str:
    shown = "、".join(name for name, _ in row.customers[:NAMED])
    return f"{shown}等 {len(row.customers)} 家" if len(row.customers) > NAMED else shown


def _period(first: date, last: date) -> str:
    return f"{first:%m-%d}" if first == last else f"{first:%m-%d} 至 {last:%m-%d}"
