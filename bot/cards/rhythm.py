"""Cards about the rhythm: whom nobody has seen yet, how well it was kept, who waits in silence."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from bot.cards.card import Button, Card, Style
from bot.cards.labels import with_verb
from bot.cards.leads import log_button
from core.calendar import WorkCalendar
from core.model.playbook.cadence import Then
from core.notices.rhythm import (
    CadenceGaps,
    GapLine,
    LossLine,
    RepRhythm,
    RhythmDigest,
    SilentCustomers,
    SilentLine,
    TeamGaps,
)
from core.ports import UnitOfWork
from core.rules.cadence import Period, share_of, silent_days
from core.rules.completeness import Mean
from core.services.cadence import Rhythm, silence_of, total, wanted
from core.services.customers import Customer

LISTED, BUTTONS, NAMED, WEEKS_SHOWN = 12, 4, 6, 6
SOURCE = "聊单 · 节奏"


def percent(share: Decimal | None) -> str:
    """Write a share as people do: 81.25%, 100%."""
    return "—" if share is None else f"{share.normalize():f}%"


def rhythm_fields(uow: UnitOfWork, about: Customer) -> tuple[tuple[str, str], ...]:
    """What a customer's card says of its rhythm: that nobody was in touch for long."""
    idle = silence_of(uow, about)
    if idle is None or idle.rung.then is Then.TELL:
        return ()
    days = silent_days(idle.since, uow.now, uow.playbook.silence, uow.calendar)
    return (("风险", f"高风险，{days} 天没有跟进"),)


def gaps_card(notice: CadenceGaps, cal: WorkCalendar) -> Card:
    """To a holder: whom you have not seen yet in this period."""
    return Card(
        title=_gaps_title(notice.gaps),
        subtitle="约好时间，去过后记一条跟进就算完成",
        source=SOURCE,
        text="\n".join(_numbered(notice.gaps, cal)),
        buttons=plan_buttons(notice.gaps),
    )


def plan_buttons(gaps: Sequence[GapLine]) -> tuple[Button, ...]:
    """One button a customer that plans the visit."""
    return tuple(
        Button(
            label=with_verb("约", gap.name),
            action="visit.plan",
            values={"customer": gap.ref},
            style=Style.PRIMARY if number == 0 else Style.PLAIN,
        )
        for number, gap in enumerate(gaps[:BUTTONS])
    )


def team_gaps_card(notice: TeamGaps, cal: WorkCalendar) -> Card:
    """To whoever leads: what your people have not done yet."""
    count = sum(len(rep.gaps) for rep in notice.reps)
    return Card(
        title=f"{len(notice.reps)} 位同事还有 {count} 家客户没按节奏联系",
        subtitle="本周快过完了，还来得及补上",
        source=SOURCE,
        text="\n".join(f"{rep.name}：{_names(rep.gaps)}" for rep in notice.reps),
    )


def rhythm_digest_card(notice: RhythmDigest, _: WorkCalendar) -> Card:
    """To whoever leads: last week's rhythm, what was lost with leavers, how complete the customers are."""
    due, met = sum(rep.due for rep in notice.reps), sum(rep.met for rep in notice.reps)
    long_due, long_met = sum(r.due_lately for r in notice.reps), sum(r.met_lately for r in notice.reps)
    lines = [_rep_line(rep, notice.lately) for rep in sorted(notice.reps, key=_worst)]
    lines += [_loss_line(loss) for loss in notice.losses]
    if notice.complete:
        weeks = [(week, Mean(count, total)) for week, count, total in notice.complete]
        lines.append(f"资料完整度：{by_weeks(weeks)}")
    return Card(
        title=f"{notice.department} 上周（{notice.week:%m-%d} 起）跟进节奏",
        subtitle=f"近 {notice.lately} 周 {long_met}/{long_due}，达成 {percent(share_of(long_met, long_due))}",
        source=SOURCE,
        emphasis=(percent(share_of(met, due)), f"上周达成 {met}/{due}"),
        text="\n".join(lines),
    )


def by_weeks(weeks: Sequence[tuple[date, Mean]]) -> str:
    """Say how a mean went week by week: 02-23 42% → 03-02 61%."""
    return " → ".join(f"{week:%m-%d} {percent(mean.percent)}" for week, mean in weeks[-WEEKS_SHOWN:])


def breach_card(reps: Sequence[tuple[str, Sequence[GapLine]]], words: str, cal: WorkCalendar) -> Card:
    """Answer who was not seen, by rep."""
    count = sum(len(gaps) for _, gaps in reps)
    if not count:
        return Card(title=f"{words}都按节奏联系了", source=SOURCE, private=True)
    lines = []
    for name, gaps in reps:
        lines.append(f"{name}（{len(gaps)} 家）")
        lines += _numbered(gaps, cal)
    return Card(title=f"{words}还有 {count} 家没按节奏联系", source=SOURCE, text="\n".join(lines), private=True)


def own_rhythm_card(found: Sequence[Rhythm], gaps: Sequence[GapLine], span: Period, cal: WorkCalendar) -> Card:
    """How well the asker kept the rhythm, and whom they have to see yet."""
    if not found:
        return Card(
            title="您名下还没有分等级的客户，没有节奏要求",
            text="发送「汇川定为A级」给客户定等级，之后按等级提醒",
            private=True,
        )
    kept = total(found)
    weeks = (span.ends - span.begins).days // 7
    lines = [_rhythm_line(one) for one in sorted(found, key=lambda one: -len(one.kept.missed)) if one.kept.missed]
    more = f"\n还有 {len(lines) - LISTED} 家" if len(lines) > LISTED else ""
    parts = ["\n".join(lines[:LISTED]) + more] if lines else []
    if gaps:
        parts.append("\n".join(["这一期还差：", *_numbered(gaps, cal)]))
    return Card(
        title=f"近 {weeks} 周节奏达成 {percent(kept.share)}" if kept.due else f"近 {weeks} 周还没有到期的节奏",
        subtitle=f"应完成 {kept.due} 次，完成 {kept.met} 次" if kept.due else "",
        source=SOURCE,
        text="\n".join(parts) or "这一期该联系的都联系了",
        buttons=plan_buttons(gaps),
        private=True,
    )


def silent_customers_card(notice: SilentCustomers, cal: WorkCalendar) -> Card:
    """Everything about silence that a person hears of in one morning."""
    first = notice.own[0] if notice.own else notice.team[0]
    lines = [_silent_line(n, line, cal) for n, line in enumerate(notice.own[:LISTED], 1)]
    lines += _more(notice.own)
    if notice.team:
        lines += [
            "同事名下：",
            *(_silent_line(n, line, cal, whose=True) for n, line in enumerate(notice.team[:LISTED], 1)),
        ]
        lines += _more(notice.team)
    count = len(notice.own) + len(notice.team)
    return Card(
        title=f"{first.name} 已 {first.days} 天没有跟进" if count == 1 else f"{count} 家客户好几天没有跟进",
        subtitle="记一次有效跟进，或约好下次联系，就不再提醒",
        source="聊单 · 久未跟进",
        text="\n".join(lines),
        buttons=_silent_buttons(notice.own),
    )


def _silent_buttons(own: Sequence[SilentLine]) -> tuple[Button, ...]:
    if len(own) == 1:
        return (log_button(own[0].ref), Button(label="约下次", action="visit.plan", values={"customer": own[0].ref}))
    return tuple(
        Button(
            label=with_verb("跟进", line.name),
            action="followup.log",
            values={"customer": line.ref},
            style=Style.PRIMARY if number == 0 else Style.PLAIN,
        )
        for number, line in enumerate(own[:BUTTONS])
    )


def _silent_line(number: int, line: SilentLine, cal: WorkCalendar, *, whose: bool = False) -> str:
    mark = f"【{line.mark}】" if line.mark else ""
    holder = f"，{line.holder}" if whose else ""
    return f"{number}. {mark}{line.name}：{line.days} 天没跟进{holder}{_last(line.last_at, cal)}"


def _more(lines: Sequence[SilentLine]) -> list[str]:
    return [f"还有 {len(lines) - LISTED} 家"] if len(lines) > LISTED else []


def _last(at: datetime | None, cal: WorkCalendar) -> str:
    return f"（上次 {cal.local(at):%m-%d}）" if at else "（还没联系过）"


def _gaps_title(gaps: Sequence[GapLine]) -> str:
    grades = "、".join(dict.fromkeys(gap.grade for gap in gaps))
    return f"这周还有 {len(gaps)} 家 {grades} 级客户没联系"


def _numbered(gaps: Sequence[GapLine], cal: WorkCalendar) -> list[str]:
    shown = [
        f"{n}. {gap.grade} {gap.name}：{gap.want}，到 {gap.until:%m-%d}{_last(gap.last_at, cal)}"
        for n, gap in enumerate(gaps[:LISTED], 1)
    ]
    return shown + ([f"还有 {len(gaps) - LISTED} 家"] if len(gaps) > LISTED else [])


def _loss_line(loss: LossLine) -> str:
    deals = f"，丢单 {loss.deals_lost} 个" if loss.deals_lost else ""
    return (
        f"{loss.name}离开后交接的 {loss.customers} 位：已联系 {loss.followed}，"
        f"流失 {loss.lost}，期限内 {loss.waiting}{deals}"
    )


def _names(gaps: Sequence[GapLine]) -> str:
    shown = "、".join(f"{gap.name}（{gap.grade}）" for gap in gaps[:NAMED])
    return f"{shown}等 {len(gaps)} 家" if len(gaps) > NAMED else shown


def _rep_line(rep: RepRhythm, weeks: int) -> str:
    lately = f"近 {weeks} 周 {rep.met_lately}/{rep.due_lately}（{percent(share_of(rep.met_lately, rep.due_lately))}）"
    last = f"上周 {rep.met}/{rep.due}（{percent(share_of(rep.met, rep.due))}）" if rep.due else "上周没有到期"
    return f"{rep.name}：{last}，{lately}"


def _worst(rep: RepRhythm) -> tuple[Decimal, str]:
    share = share_of(rep.met, rep.due)
    return (Decimal(101) if share is None else share, rep.name)


def _rhythm_line(one: Rhythm) -> str:
    held, kept = one.held, one.kept
    missed: Iterable[str] = (f"{period.begins:%m-%d}" for period in kept.missed[:NAMED])
    return f"{held.grade} {held.name}：{wanted(one.requirement)}，{kept.met}/{kept.due}，缺 {'、'.join(missed)} 起"
