"""Cards about several approvals, and about where one's own stand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from bot.cards.approvals import SOURCE, step_line
from bot.cards.card import Button, Card, Style
from core.calendar import WorkCalendar
from core.model.approval import Proxy
from core.model.money import Money
from core.services.approvals.batches import Batch
from core.services.approvals.deciding import Done
from core.services.approvals.figures import Figures, Pace
from core.services.approvals.lists import Standing, WaitingLine
from core.services.approvals.proxies import span

OPENED = 4
LISTED = 10
TELLING = ("毛利率", "毛利")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def nothing_waits_card() -> Card:
    """Nobody waits."""
    return Card(title="没有等您审批的申请", private=True)


def waiting_card(lines: Sequence[WaitingLine], now: datetime, cal: WorkCalendar) -> Card:
    """What waits, the oldest first; the first few open with a tap."""
    shown = lines[:LISTED]
    more = f"还有 {len(lines) - len(shown)} 个，处理完前面的再看" if len(lines) > len(shown) else ""
    text = "\n".join([*(_waiting_line(n, one, now, cal) for n, one in enumerate(shown, 1)), *filter(None, [more])])
    opens = [
        Button(label=f"看第{n}个", action="approval.open", values={"approval": str(one.approval.id)})
        for n, one in enumerate(lines[:OPENED], 1)
    ]
    batch = [Button(label="能批的一起批", action="approval.batch")] if len(lines) > 1 else []
    return Card(title=f"等您审批的 {len(lines)} 个", source=SOURCE, text=text, buttons=(*opens, *batch), private=True)


def batch_card(batch: Batch, amount: Decimal | None, now: datetime, cal: WorkCalendar) -> Card:
    """What would be agreed to at one go, each by name, and what would not; one tap does it."""
    left = [f"· {one.title}（{why}）" for one, why in batch.left[:LISTED]]
    without = ["没有包含：", *left] if left else []
    if not batch.taken:
        limit = f"{Money(int(amount * 100))} 以下" if amount is not None else "现在"
        return Card(title=f"{limit}没有能一起同意的", source=SOURCE, text="\n".join(without), private=True)
    lines = [_waiting_line(n, one, now, cal) for n, one in enumerate(batch.taken, 1)]
    numbers = ",".join(str(one.approval.id) for one in batch.taken)
    return Card(
        title=f"同意这 {len(batch.taken)} 个？",
        source=SOURCE,
        text="\n".join([*lines, *without]),
        buttons=(
            Button(
                label=f"同意这{len(batch.taken)}个",
                action="approval.batch_yes",
                values={"approvals": numbers},
                style=Style.PRIMARY,
            ),
            Button(label="逐个看", action="approval.list"),
        ),
        private=True,
    )


def batch_done_card(done: Sequence[Done], gone: int) -> Card:
    """What became of each."""
    agreed = [one for one in done if not one.refused]
    lines = [f"✓ {one.title}" for one in agreed]
    lines += [f"✕ {one.title}：{one.refused}" for one in done if one.refused]
    lines += [f"{gone} 个已经由别人处理了"] if gone else []
    return Card(
        title=f"已同意 {len(agreed)} 个",
        source=SOURCE,
        text="\n".join(lines),
        settled=f"已同意 {len(agreed)} 个",
        private=True,
    )


def standing_card(standing: Standing, now: datetime, cal: WorkCalendar) -> Card:
    """Where one approval stands, and since when it waits for whom."""
    approval = standing.approval
    waits = f"等{'、'.join(standing.waits_for)}处理，已等 {lasting(now - standing.since)}" if standing.since else ""
    due = f"最晚 {cal.local(standing.due_at):%m-%d %H:%M}" if standing.due_at else ""
    values = {"approval": str(approval.id)}
    nudge = Button(label="催办", action="approval.nudge", values=values, style=Style.PRIMARY)
    ended = {"approved": "已通过", "rejected": "没有通过"}.get(str(approval.state), "")
    return Card(
        title=approval.title,
        subtitle=" · ".join(filter(None, [str(approval.ref), waits or standing.outcome or ended])),
        source=SOURCE,
        text="\n".join([*(step_line(step) for step in standing.path), *filter(None, [due])]),
        buttons=(nudge, Button(label="撤回", action="approval.withdraw", values=values)) if standing.since else (),
        private=True,
    )


def standings_card(standings: Sequence[Standing], now: datetime, cal: WorkCalendar) -> Card:
    """Where several stand, a line each."""
    lines = [
        f"{n}. {one.approval.title}（{one.approval.ref}）：等{'、'.join(one.waits_for)}"
        + (f"，已等 {lasting(now - one.since)}" if one.since else "")
        for n, one in enumerate(standings[:LISTED], 1)
    ]
    buttons = tuple(
        Button(label=f"看第{n}个", action="approval.status", values={"approval": str(one.approval.id)})
        for n, one in enumerate(standings[:OPENED], 1)
    )
    return Card(
        title=f"您有 {len(standings)} 个在审批", source=SOURCE, text="\n".join(lines), buttons=buttons, private=True
    )


def nothing_submitted_card(customer: str) -> Card:
    """Nothing is under way."""
    about = f"「{customer}」" if customer and ":" not in customer else ""
    return Card(title=f"{about}没有正在审批的申请，近 30 天也没有结果", private=True)


def nudged_card(standing: Standing, name: str) -> Card:
    """To whoever nudged."""
    who = name or "、".join(standing.waits_for)
    return Card(
        title=f"已催{who}：{standing.approval.title}", source=SOURCE, text="两小时后还没处理可以再催", private=True
    )


def withdrawn_card(standing: Standing) -> Card:
    """To whoever withdrew, or asked to."""
    if standing.approval.is_running:
        return Card(
            title=f"已问审批人：{standing.approval.title}",
            source=SOURCE,
            text=f"已经有人处理过，要审批人同意才能撤回。现在等{'、'.join(standing.waits_for)}",
            private=True,
        )
    return Card(title=f"已撤回：{standing.approval.title}", source=SOURCE, text="不用任何人处理了", private=True)


def proxy_asked_card(name: str, proxy: Proxy) -> Card:
    """To whoever wants somebody to stand in."""
    return Card(
        title=f"已请{name}代批 {span(proxy)}",
        source=SOURCE,
        text=f"{name}同意后生效；期间等您审批的你们谁处理都行，记录里会写「{name} 代 您」",
        buttons=(Button(label="取消", action="approval.proxy_end", values={"number": str(proxy.id)}),),
    )


def proxy_answered_card(name: str, proxy: Proxy, *, agreed: bool) -> Card:
    """To whoever was asked to stand in."""
    title = f"已同意代{name}审批 {span(proxy)}" if agreed else f"已告诉{name}您不方便"
    text = f"期间等{name}审批的也会发给您" if agreed else ""
    return Card(title=title, source=SOURCE, text=text, settled="已同意代批" if agreed else "不方便")


def proxy_ended_card(name: str, proxy: Proxy) -> Card:
    """The stand-in is over."""
    return Card(title=f"已结束代批（{name} {span(proxy)}）", source=SOURCE, settled="已结束")


def figures_card(figures: Figures, cal: WorkCalendar, signing: str = "") -> Card:
    """How long approvals take, where they stand still, who has most waiting, and how soon contracts are signed."""
    days = f"{cal.local(figures.begin):%m-%d} 到 {cal.local(figures.end - timedelta(seconds=1)):%m-%d}"
    if not figures.flows:
        return Card(title=f"{days} 没有审批", text=signing, private=True)
    slow = figures.bottleneck
    lines = [signing]
    for flow in figures.flows:
        took = f"{flow.whole.count} 个，一般 {lasting(flow.whole.middle)}，一次通过 {flow.first_pass}/{flow.ended}"
        lines.append(f"{flow.whole.name}：{took if flow.ended else '还没有结束的'}")
        lines += [f"　{_pace_line(node)}" for node in flow.nodes]
    people = [_pace_line(one) for one in figures.people[:5]]
    lines += ["审批人：", *people] if people else []
    return Card(
        title=f"审批耗时 {days}",
        subtitle=f"最慢的环节：{_pace_line(slow)}" if slow else "",
        source=SOURCE,
        text="\n".join(filter(None, lines)),
        private=True,
    )


def lasting(time: timedelta) -> str:
    """Say how long something lasts, roughly."""
    if time >= DAY:
        return f"{time // DAY} 天 {time % DAY // HOUR} 小时"
    if time >= HOUR:
        return f"{time // HOUR} 小时"
    return f"{int(time.total_seconds() // 60)} 分钟"


def _pace_line(pace: Pace) -> str:
    done = f"{pace.count} 次，一般 {lasting(pace.middle)}，最长 {lasting(pace.longest)}" if pace.count else ""
    waits = f"{pace.waiting} 个在等，最久 {lasting(pace.waits_longest)}" if pace.waiting else ""
    return f"{pace.name} {'；'.join(filter(None, [done, waits]))}"


def _waiting_line(number: int, line: WaitingLine, now: datetime, cal: WorkCalendar) -> str:
    amount = str(Money(line.amount)) if line.amount is not None else ""
    told = [
        line.by,
        amount if amount not in line.title else "",
        *(f"{label} {value}" for label, value in line.facts if label in TELLING),
        f"等了 {lasting(now - line.since)}",
        f"代{line.in_stead_of}" if line.in_stead_of else "",
    ]
    return f"{number}. {line.title}（{'，'.join(filter(None, told))}）"
