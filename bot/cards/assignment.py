"""Cards about who gets which lead, and why."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.cards.card import Button, Card, Style
from bot.cards.leads import log_button
from core.calendar import WorkCalendar
from core.model.lead import Lead
from core.model.member import Member
from core.model.playbook.assignment import AssignmentRule, AssignmentSection, Picker
from core.model.routing import Placed, Routing, Way
from core.notices.assignment import LeadsQueued, LeadsRouted
from core.notices.base import LeadLine
from core.rules.assignment import group_words
from core.rules.conditions import Verdict
from core.services.assignment import Decision

SOURCE = "聊单 · 分配"
LISTED, DROPPED = 10, 8
WAYS = {Way.CHAT: "对话", Way.IMPORT: "导入", Way.API: "接口", Way.RECYCLE: "回收后重新分配", Way.HANDOVER: "交接"}
PICKERS = {
    Picker.ROUND_ROBIN: "轮流",
    Picker.WEIGHTED: "按权重",
    Picker.LEAST_LOAD: "最空闲",
    Picker.BEST_CONVERTER: "按转化率",
}
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def routed_card(notice: LeadsRouted, cal: WorkCalendar) -> Card:
    """To the new holder: these are yours by the rules, and why."""
    first = notice.leads[0]
    if len(notice.leads) > 1:
        return Card(
            title=f"给您分了 {len(notice.leads)} 条线索",
            subtitle=notice.reason,
            source=SOURCE,
            text=_lines(notice.leads, cal),
            buttons=(Button(label="看今天计划", action="today.plan", style=Style.PRIMARY),),
        )
    return Card(
        title=f"给您分了一条线索：{first.name}",
        subtitle=notice.reason,
        source=SOURCE,
        text=f"{first.ref} · 请在 {cal.local(first.at):%m-%d %H:%M} 前首次跟进，否则回收到公海",
        buttons=(log_button(first.ref), _look(first.ref), why_button(first.ref)),
    )


def queued_card(notice: LeadsQueued, cal: WorkCalendar) -> Card:
    """To the manager: nobody could take these, you decide."""
    first = notice.leads[0]
    one = len(notice.leads) == 1
    give = tuple(
        Button(
            label=f"给{name}",
            action="lead.assign",
            values={"customer": first.ref, "member": ref},
            style=Style.PRIMARY if number == 0 else Style.PLAIN,
        )
        for number, (name, ref) in enumerate(notice.colleagues)
    )
    limit = f"{cal.local(first.at):%m-%d %H:%M} 前没有分配会回收到公海"
    return Card(
        title=f"{first.name} 等您分配" if one else f"{len(notice.leads)} 条线索等您分配",
        subtitle=notice.reason,
        source=SOURCE,
        text=f"{first.ref} · {limit}" if one else _lines(notice.leads, cal) + "\n发送「把 编号 给 同事」逐条分配",
        buttons=(*give, why_button(first.ref, "为什么没人接")) if one else (),
    )


def why_button(ref: str, label: str = "为什么给我") -> Button:
    return Button(label=label, action="assignment.why", values={"customer": ref})


def why_card(lead: Lead, routing: Routing, cal: WorkCalendar, *, reader: Member, full: bool) -> Card:
    """Why a lead went where it went. Not `full`: without what concerns the colleagues alone."""
    why = routing.why
    tried: Sequence[Mapping[str, Any]] = why.get("tried", ())
    mine = routing.member_id == reader.id
    fields = [
        ("时间", f"{cal.local(routing.at):%m-%d %H:%M:%S}（{WAYS.get(Way(routing.way), routing.way)}）"),
        *_decided(tried[-1] if tried else {}, full=full),
        ("用时", spoken(routing.at - routing.entered_at)),
    ]
    return Card(
        title=f"「{lead.name}」为什么分给{'您' if mine else _to(why, routing)}"
        if routing.placed != Placed.POOL
        else f"「{lead.name}」为什么没有分出去",
        subtitle=str(why.get("says", "")),
        source=SOURCE,
        fields=tuple((label, value) for label, value in fields if value),
        text="\n".join(_left_out(tried, full=full)),
        private=True,
    )


def trial_card(lead: Lead, decision: Decision, *, full: bool) -> Card:
    """Who would get a lead just now; nothing was done."""
    why = decision.why()
    tried: Sequence[Mapping[str, Any]] = why["tried"]
    to = decision.to.name if decision.to is not None else "公海"
    whom = f"交给{to}分配" if decision.placed is Placed.QUEUE else f"分给{to}" if decision.to else "放入公海"
    return Card(
        title=f"「{lead.name}」现在会{whom}",
        subtitle=decision.says,
        source="聊单 · 分配试算",
        fields=tuple((label, value) for label, value in _decided(tried[-1] if tried else {}, full=full) if value),
        text="\n".join([*_left_out(tried, full=full), "只是试算，没有分配，也不占轮次"]),
        private=True,
    )


def rules_card(section: AssignmentSection, conditions: Mapping[str, str]) -> Card:
    """The rules in force, in their order. `conditions` say each rule's condition in words."""
    if not section.rules:
        return Card(
            title="还没有分配规则",
            source=SOURCE,
            text="没有负责人的新线索都进公海。管理员可以说「以后江苏的线索轮流分给李娜、何平」",
        )
    shown = section.rules[:LISTED]
    lines = [f"{n}. {rule.id}：{rule_words(rule, conditions[rule.id])}" for n, rule in enumerate(shown, 1)]
    more = len(section.rules) - len(shown)
    lines += [f"还有 {more} 条"] if more else []
    lines += [
        f"区域保护 {one.id}：{'、'.join(one.regions)} 归{group_words(one.team)}" for one in section.regions[:LISTED]
    ]
    return Card(
        title=f"分配规则 {len(section.rules)} 条，先写的先看",
        subtitle="销售自己录的线索" + ("也按规则分" if section.own_leads else "归自己"),
        source=SOURCE,
        text="\n".join(lines),
        private=True,
    )


def rule_words(rule: AssignmentRule, condition: str) -> str:
    """Say a rule in one line."""
    needs = [f"会{'、'.join(rule.skills)}"] if rule.skills else []
    needs += ["负责该地区"] if rule.own_region else []
    needs += ["当天值班"] if rule.on_roster else []
    whom = group_words(rule.to) + (f"（要{'、'.join(needs)}）" if needs else "")
    reserve = "".join(f"，都不能接换{group_words(group)}" for group in rule.reserve)
    state = "" if rule.enabled else "（停用）"
    fair = "，公平护栏" if rule.fair else ""
    return f"{condition or '所有线索'} → {PICKERS[rule.picker]}分给{whom}{reserve}{fair}{state}"


def speed_card(period: str, seconds: Sequence[float], waiting: int, shares: Sequence[tuple[str, timedelta]]) -> Card:
    """How long leads waited for their first holder."""
    if not seconds and not waiting:
        return Card(title=f"{period}没有进来需要分配的线索", source=SOURCE, private=True)
    fields = [(label, spoken(length)) for label, length in shares] if seconds else []
    return Card(
        title=f"{period}分配了 {len(seconds)} 条线索" + (f"，还有 {waiting} 条没有人接" if waiting else ""),
        subtitle="从进来到有负责人用了多久",
        source=SOURCE,
        fields=tuple(fields),
        private=True,
    )


def spoken(length: timedelta) -> str:
    """Say a length as one measures it: 不到 1 秒, 12 秒, 3 分 20 秒, 2 小时 5 分."""
    seconds = int(length.total_seconds())
    if seconds < 1:
        return "不到 1 秒"
    if seconds < _MINUTE:
        return f"{seconds} 秒"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} 分 {seconds % _MINUTE} 秒"
    if seconds < _DAY:
        return f"{seconds // _HOUR} 小时 {seconds % _HOUR // _MINUTE} 分"
    return f"{seconds // _DAY} 天 {seconds % _DAY // _HOUR} 小时"


def _decided(one: Mapping[str, Any], *, full: bool) -> list[tuple[str, str]]:
    """Say of the rule that decided: its condition, how it picked, and what it remembered before and after."""
    if not one:
        return []
    fields = [("规则", one["rule"]), ("条件", str(Verdict.from_json(one["condition"])))]
    if "picked" not in one:
        return fields
    fields.append(("怎么选", one["says"] + (f"（第 {one['chain']} 候补）" if one["chain"] else "")))
    if full:
        fields.append(("能接的人", "、".join(_candidate(*candidate) for candidate in one["candidates"])))
        names = {str(number): name for number, name, *_ in one["candidates"]}
        before, after = (_memory(one[when], names) for when in ("before", "after"))
        fields.append(("轮次", f"{before} → {after}"))
    else:
        fields.append(("能接的人", f"{len(one['candidates'])} 位"))
    return fields


def _candidate(_: int, name: str, used: float, capacity: int | None, weight: int) -> str:
    holds = f"{used:g}/{capacity}" if capacity is not None else f"{used:g} 条"
    return f"{name}（{holds}{f'，权重 {weight}' if weight != 1 else ''}）"


def _memory(memory: Mapping[str, Any], names: Mapping[str, str]) -> str:
    said = []
    if "last" in memory:
        said.append(f"上一个{names.get(str(memory['last']), '其他人')}")
    for key, label in (("current", "权重余额"), ("value", "本周分值")):
        kept = memory.get(key) or {}
        if kept:
            said.append(f"{label} " + " ".join(f"{names.get(one, one)}{value:g}" for one, value in kept.items()))
    return "，".join(said) or "还没有"


def _left_out(tried: Sequence[Mapping[str, Any]], *, full: bool) -> list[str]:
    """Say who was left out and why; to others than their leader, only how many."""
    lines: list[str] = []
    for one in tried:
        dropped = one["dropped"]
        if not dropped:
            continue
        rule = f"规则「{one['rule']}」" if len(tried) > 1 else ""
        if full:
            lines += [f"{rule}没有分给{name}：{reason}" for _, name, reason in dropped[:DROPPED]]
            lines += [f"{rule}还有 {len(dropped) - DROPPED} 位不能接"] if len(dropped) > DROPPED else []
        else:
            lines.append(f"{rule}{len(dropped)} 位同事当时不能接")
    return lines


def _to(why: Mapping[str, Any], routing: Routing) -> str:
    for one in why.get("tried", ())[-1:]:
        for number, name, *_ in one.get("candidates", ()):
            if number == routing.member_id:
                return str(name)
    return "对方"


def _look(ref: str) -> Button:
    return Button(label="看看客户", action="account.show", values={"customer": ref})


def _lines(leads: Sequence[LeadLine], cal: WorkCalendar) -> str:
    shown = [f"{line.ref} {line.name}：{cal.local(line.at):%m-%d %H:%M} 前首次跟进" for line in leads[:20]]
    more = len(leads) - len(shown)
    return "\n".join(shown) + (f"\n还有 {more} 条，发送「今天」查看" if more else "")
