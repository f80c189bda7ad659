"""Cards about how complete customers are."""

from collections.abc import Sequence
from datetime import date

from bot.cards.card import Button, Card
from bot.cards.labels import with_verb
from bot.cards.rhythm import by_weeks, percent
from core.ports import UnitOfWork
from core.rules.completeness import Mean, Measured
from core.services.completeness import Overview, Row, measure
from core.services.customers import Customer

NAMED, LISTED = 4, 15


def completeness_fields(uow: UnitOfWork, about: Customer) -> tuple[tuple[str, str], ...]:
    """What a customer's card says of how complete it is, and what is missing most."""
    found = measure(uow, about)
    if not found.want:
        return ()
    return (("资料完整度", f"{found.share / 100:.0f}%{_missing(found)}"),)


def overview_card(found: Overview, *, team: bool) -> Card:
    """How complete the asker's customers are, or their people's, by week and now."""
    if not found.now.count:
        return Card(title="名下还没有客户，没有资料完整度", text="发送「公海」看看可以领的线索", private=True)
    lines = [_row(row) for row in sorted(found.rows, key=lambda row: row.now.percent or 0)[:LISTED]] if team else []
    if found.worst:
        lines += ["最该补的："] if team else []
        lines += [f"· {one.name} {measured.share / 100:.0f}%{_missing(measured)}" for one, measured in found.worst]
    return Card(
        title=f"资料完整度 {percent(found.now.percent)}（{found.now.count} 位客户）",
        subtitle=trend(found.weeks, found.now),
        source="聊单 · 资料",
        text="\n".join(lines),
        buttons=tuple(
            Button(label=with_verb("看", one.name), action="account.show", values={"customer": str(one.ref)})
            for one, _ in found.worst[:3]
        ),
        private=True,
    )


def trend(weeks: Sequence[tuple[date, Mean]], now: Mean) -> str:
    """Say how the mean went: 02-23 42% → 03-02 61% → 现在 89%."""
    return f"{by_weeks(weeks)} → 现在 {percent(now.percent)}" if weeks else ""


def _row(row: Row) -> str:
    first = row.weeks[0].mean if row.weeks else None
    since = f"（{row.weeks[0].week:%m-%d} {percent(first.percent)}）" if first is not None else ""
    return f"{row.member.name}：{percent(row.now.percent)}，{row.now.count} 位{since}"


def _missing(found: Measured) -> str:
    names = [field.label for field in found.missing]
    more = "等" if len(names) > NAMED else ""
    return f"，还缺{'、'.join(names[:NAMED])}{more}" if names else ""
