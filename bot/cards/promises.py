"""Cards about promises to customers: kept on record, recalled, settled, at odds with one another."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.cards.card import Button, Card, Style
from bot.cards.labels import with_verb
from bot.cards.leads import log_button, undo_button
from core.calendar import WorkCalendar
from core.model.ids import MemberId
from core.model.promise import Promise
from core.notices.promises import PromiseLine, PromisesBroken, PromisesClash, PromisesDue
from core.rules.today import shortened
from core.services.customers import Customer
from core.services.promises import Ledger

SOURCE = "聊单 · 承诺"
LISTED, BUTTONS, BESIDE = 10, 3, 2
LINE = 40
THEM = ("对方", "客户")


def ledger_line(promise: Promise, cal: WorkCalendar, now: datetime) -> str:
    """A promise in a line: by whom, what, and by when."""
    whose = "对方：" if promise.theirs and not promise.words.startswith(THEM) else ""
    return f"{whose}{shortened(promise.words, LINE)}{_due(promise.due_at, cal, now)}"


def with_ledger(card: Card, about: Customer, ledger: Ledger, makers: Mapping[MemberId, str], cal: WorkCalendar) -> Card:
    """Put what was promised on the card of a follow-up, below what is still owed, with what does not agree."""
    if not ledger.fresh:
        return card
    now = ledger.fresh[0].created_at
    lines = [f"记入承诺：{ledger_line(one, cal, now)}" for one in ledger.fresh]
    for _, standing in ledger.clashing:
        maker = makers.get(standing.made_by, "同事") if standing.made_by else "同事"
        lines.append(
            f"⚠ 和{maker}说的不一样：{shortened(standing.words, LINE)}{_due(standing.due_at, cal, now)}。"
            f"已告诉{maker}，请先对齐再回复客户"
        )
    lines += [f"之前还欠：{ledger_line(one, cal, now)}" for one in ledger.standing[:BESIDE]]
    more = len(ledger.standing) - BESIDE
    lines += [f"还有 {more} 条没兑现，发送「{about.name}的承诺」"] if more > 0 else []
    return replace(card, text="\n".join(part for part in (*lines, card.text) if part))


def promises_card(title: str, lines: Sequence[PromiseLine], cal: WorkCalendar, now: datetime, empty: str) -> Card:
    """A list of what is owed, what is due first, first; the first of them can be settled with a tap."""
    if not lines:
        return Card(title=empty, text="跟进里写「答应周五前给方案」，会自动记下来并到时提醒", private=True)
    overdue = sum(line.due_at is not None and line.due_at < now for line in lines)
    shown = [f"{n}. {_line(line, cal, now)}" for n, line in enumerate(lines[:LISTED], 1)]
    more = [f"还有 {len(lines) - LISTED} 条"] if len(lines) > LISTED else []
    return Card(
        title=title,
        subtitle=f"{overdue} 条已经过期" if overdue else "",
        source=SOURCE,
        text="\n".join([*shown, *more]),
        buttons=tuple(_kept_button(line, n == 0) for n, line in enumerate(lines[:BUTTONS])),
        private=True,
    )


def due_card(notice: PromisesDue, cal: WorkCalendar) -> Card:
    """To the keeper: the time of what was promised comes."""
    if len(notice.promises) == 1:
        [line] = notice.promises
        what = "客户答应的快到期了" if line.theirs else "答应客户的快到期了"
        at = f"{cal.local(line.due_at):%m-%d %H:%M} 到期" if line.due_at is not None else ""
        return Card(
            title=f"{what}：{line.customer}",
            subtitle=at,
            source=SOURCE,
            quote=line.words,
            buttons=_settling(line),
        )
    return _several(notice.promises, f"{len(notice.promises)} 条承诺快到期了", cal)


def broken_card(notice: PromisesBroken, cal: WorkCalendar) -> Card:
    """To the keeper and who leads them: nobody has said that it was kept."""
    if len(notice.promises) == 1:
        [line] = notice.promises
        who = f"{line.by}" if line.by else ""
        title = f"客户没有兑现：{line.customer}" if line.theirs else f"{who}答应的没有做到：{line.customer}"
        at = f"原定 {cal.local(line.due_at):%m-%d %H:%M}" if line.due_at is not None else ""
        buttons = () if line.by else _settling(line)
        return Card(title=title, subtitle=at, source=SOURCE, quote=line.words, buttons=buttons)
    return _several(notice.promises, f"{len(notice.promises)} 条承诺没有做到", cal)


def clash_card(notice: PromisesClash, _: WorkCalendar) -> Card:
    """To the colleague and the leader: one customer was told two things."""
    look = Button(label="看看客户", action="account.show", values={"customer": notice.customer_ref})
    return Card(
        title=f"同一个客户，两种说法：{notice.customer}",
        subtitle=f"关于{notice.thing}",
        source=SOURCE,
        fields=(("之前", notice.standing), (f"{notice.by}刚说", notice.new)),
        text="请先对齐，再回复客户",
        buttons=(look,),
    )


def settled_card(about: Customer, promise: Promise, said: str, cal: WorkCalendar, command: str) -> Card:
    """What became of a promise was noted."""
    late = "，晚了" if said == "已做到" and promise.was_late else ""
    return Card(
        title=f"{said}{late}：{about.name}",
        source=SOURCE,
        quote=promise.words,
        fields=(("答应于", f"{cal.local(promise.made_at):%m-%d}"),),
        buttons=(log_button(str(about.ref)), undo_button(command)),
    )


def changed_card(about: Customer, before: Promise, fresh: Promise, cal: WorkCalendar, command: str) -> Card:
    """A promise was put off; both moments are shown."""
    was = f"{cal.local(before.due_at):%m-%d %H:%M}" if before.due_at else "没说时间"
    due = f"{cal.local(fresh.due_at):%m-%d %H:%M}" if fresh.due_at else ""
    return Card(
        title=f"承诺改期：{about.name}",
        source=SOURCE,
        quote=fresh.words,
        fields=(("到期", f"{was} → {due}"),),
        text="记得和客户说一声",
        buttons=(undo_button(command),),
    )


def _several(lines: Sequence[PromiseLine], title: str, cal: WorkCalendar) -> Card:
    shown = [f"{line.by and f'{line.by} · '}{_line(line, cal, None)}" for line in lines[:LISTED]]
    more = [f"还有 {len(lines) - LISTED} 条"] if len(lines) > LISTED else []
    own = [line for line in lines if not line.by]
    return Card(
        title=title,
        source=SOURCE,
        text="\n".join([*shown, *more]),
        buttons=tuple(_kept_button(line, n == 0) for n, line in enumerate(own[:BUTTONS])),
    )


def _settling(line: PromiseLine) -> tuple[Button, ...]:
    about = {"promise": str(line.number)}
    return (
        Button(label="做到了", action="promise.keep", values=about, style=Style.PRIMARY),
        Button(label="改期", action="promise.change", values=about),
        Button(label="做不到", action="promise.break", values=about, style=Style.DANGER),
    )


def _kept_button(line: PromiseLine, first: bool) -> Button:
    return Button(
        label=with_verb("做到了", line.customer),
        action="promise.keep",
        values={"promise": str(line.number)},
        style=Style.PRIMARY if first else Style.PLAIN,
    )


def _line(line: PromiseLine, cal: WorkCalendar, now: datetime | None) -> str:
    whose = f"{line.by}答应：" if line.by else ""
    if line.theirs:
        whose = "" if line.words.startswith(THEM) else "对方："
    return f"{line.customer}：{whose}{shortened(line.words, LINE)}{_due(line.due_at, cal, now)}"


def _due(due_at: datetime | None, cal: WorkCalendar, now: datetime | None) -> str:
    if due_at is None:
        return ""
    late = "，已过期" if now is not None and due_at < now else ""
    return f"（{cal.local(due_at):%m-%d %H:%M}{late}）"
