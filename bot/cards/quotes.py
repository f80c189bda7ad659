"""Cards about quotes: what is offered, what it comes to, what the next step is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.cards.card import Button, Card, Style
from bot.cards.leads import undo_button
from core.calendar import WorkCalendar
from core.model.deal import Deal
from core.model.ids import AccountId, MemberId
from core.model.money import Money
from core.model.quote import Quote, QuoteLine, QuoteState
from core.notices.quotes import QuoteEnding, QuoteExpired
from core.rules.pricing import plainly
from core.rules.quoting import discount, margin, said_as_fold, said_percent

SOURCE = "聊单 · 报价"
LISTED = 8

STATES = {
    QuoteState.DRAFT: "草稿",
    QuoteState.PENDING: "等特价审批",
    QuoteState.VALID: "有效",
    QuoteState.ACCEPTED: "客户已接受",
    QuoteState.REJECTED: "客户没接受",
    QuoteState.EXPIRED: "已过期",
    QuoteState.REPLACED: "已被新版本替换",
}


def show_button(quote: str, label: str = "看报价") -> Button:
    return Button(label=label, action="quote.show", values={"quote": quote})


def quote_card(
    quote: Quote,
    title: str,
    buyer: str,
    asks: Sequence[str],
    *,
    sees_margin: bool,
    is_own: bool,
    cal: WorkCalendar,
    command: str = "",
) -> Card:
    """A quote: its lines and sums; the margin only for whoever may see it, and then for them alone."""
    earned = margin(quote) if sees_margin else None
    text = [*_lines(quote), *asks]
    return Card(
        title=f"{title}：{buyer}" if buyer else title,
        subtitle=f"{quote.label} · {state_label(quote)}" if quote.number else "",
        source=SOURCE,
        emphasis=(str(quote.total), "总价（含税）"),
        fields=(
            *_discount(quote),
            ("其中税额", str(quote.tax_total)),
            ("有效期到", f"{quote.valid_until:%Y-%m-%d}"),
            *((("毛利", _earned(quote, earned)),) if sees_margin else ()),
        ),
        text="\n".join(text),
        buttons=(*_next_buttons(quote, is_own=is_own), *((undo_button(command),) if command else ())),
        private=sees_margin,
    )


def state_label(quote: Quote) -> str:
    """Say where a quote stands."""
    said = STATES[QuoteState(quote.state)]
    return f"{said}，已发给客户" if quote.state == QuoteState.VALID and quote.sent_at is not None else said


def versions_card(card: Card, versions: Sequence[Quote]) -> Card:
    """A quote with all versions of its number."""
    listed = [f"v{one.revision} {one.total} {_fold(one)} {state_label(one)}" for one in versions[-LISTED:]]
    return replace(card, text=f"{card.text}\n各版本：\n" + "\n".join(listed))


def quotes_card(
    quotes: Sequence[Quote], buyers: Mapping[AccountId, str], makers: Mapping[MemberId, str], cal: WorkCalendar
) -> Card:
    """The last quotes, the newest first."""
    if not quotes:
        return Card(title="还没有报价", text="可以说「给中兴出个报价 A型服务器10台」，价格会从价格表里取")
    lines = []
    for quote in quotes[:LISTED]:
        maker = makers.get(quote.owner_id, "") if quote.owner_id is not None else ""
        who = f"（{maker}）" if maker else ""
        lines.append(f"{quote.label} {buyers.get(quote.account_id, '')} {quote.total} {state_label(quote)}{who}")
    more = [f"还有 {len(quotes) - LISTED} 份"] if len(quotes) > LISTED else []
    standing = [quote for quote in quotes if quote.state in (QuoteState.VALID, QuoteState.PENDING)]
    return Card(
        title=f"最近的报价 {len(quotes)} 份",
        source=SOURCE,
        emphasis=(str(Money.sum(quote.total for quote in standing)), "有效和审批中的合计"),
        text="\n".join([*lines, *more]),
        buttons=tuple(show_button(str(quote.ref), _short(quote, buyers)) for quote in quotes[:3]),
    )


def accepted_card(quote: Quote, buyer: str, deal: Deal | None, command: str) -> Card:
    """The customer has accepted; a `deal` whose amount differs may follow."""
    follow = (
        (Button(label="商机金额跟着改", action="quote.to_deal", values={"quote": str(quote.ref)}, style=Style.PRIMARY),)
        if deal is not None
        else ()
    )
    differs = (("商机金额", f"{deal.amount or '没有填'}"),) if deal is not None else ()
    return Card(
        title=f"客户接受了报价：{buyer}",
        subtitle=quote.label,
        source=SOURCE,
        emphasis=(str(quote.total), "总价（含税）"),
        fields=(*_discount(quote), *differs),
        text="可以推进到商务谈判了；要签合同可以说「拟个合同 用这个报价」",
        buttons=(*follow, show_button(str(quote.ref)), undo_button(command)),
    )


def declined_card(quote: Quote, buyer: str, command: str) -> Card:
    """The customer does not want it."""
    return Card(
        title=f"客户没接受报价：{buyer}",
        subtitle=f"{quote.label} · {quote.total}",
        source=SOURCE,
        quote=quote.reason,
        text="要再争取可以改价出新版本，例如「报价打9折」；没戏了请登记「客户名 输单」",
        buttons=(show_button(str(quote.ref)), undo_button(command)),
    )


def discounts_card(
    buyer: str, quotes: Sequence[Quote], since: date | None, until: date | None, cal: WorkCalendar
) -> Card:
    """What a customer was given before, the deepest discount first in sight."""
    when = f"{since:%Y-%m-%d} 到 {until:%Y-%m-%d} " if since and until else ""
    if not quotes:
        return Card(title=f"{buyer} {when}没有生效过的报价", text="还没有给过折扣的记录")
    deepest = max(quotes, key=discount)
    lines = [
        f"{cal.local(quote.created_at):%Y-%m-%d} {_fold(quote)} {quote.total} {quote.label} {state_label(quote)}"
        for quote in quotes[:LISTED]
    ]
    taken = [quote for quote in quotes if quote.state == QuoteState.ACCEPTED]
    won = max(taken, key=discount, default=None)
    return Card(
        title=f"给过 {buyer} 的折扣",
        subtitle=f"{when}{len(quotes)} 份报价",
        source=SOURCE,
        emphasis=(_fold(deepest), "最低给到"),
        fields=(
            ("最低那次", f"{cal.local(deepest.created_at):%Y-%m-%d} {deepest.total}"),
            ("成交最低", f"{_fold(won)} {won.total}" if won is not None else "还没有成交的报价"),
        ),
        text="\n".join(lines),
        buttons=(show_button(str(deepest.ref)),),
    )


def quote_ending_card(notice: QuoteEnding, cal: WorkCalendar) -> Card:
    """To whoever made a quote: it will be over in some days."""
    return Card(
        title=f"报价快到期：{notice.buyer}",
        subtitle=f"{notice.label} · {notice.total}",
        source=SOURCE,
        fields=(("有效期到", f"{notice.last_day:%Y-%m-%d}"),),
        text="客户定了就点「客户接受」；还要时间可以说「报价有效期改到月底」",
        buttons=(_button("客户接受", "quote.accept", notice.quote, Style.PRIMARY), show_button(notice.quote)),
    )


def quote_expired_card(notice: QuoteExpired, cal: WorkCalendar) -> Card:
    """To whoever made a quote: its last day has passed."""
    return Card(
        title=f"报价已过期：{notice.buyer}",
        subtitle=f"{notice.label} · {notice.total}",
        source=SOURCE,
        text="客户还要的话再出一版，编号不变，价格按今天的价格表",
        buttons=(_button("再出一版", "quote.renew", notice.quote, Style.PRIMARY), show_button(notice.quote)),
    )


def _lines(quote: Quote) -> list[str]:
    """The lines as one reads them: quantity, price, own discount, and what they come to after everything."""
    said = [f"{place}、{_line(line)}" for place, line in enumerate(quote.lines[:LISTED], 1)]
    return [*said, f"还有 {len(quote.lines) - LISTED} 行"] if len(quote.lines) > LISTED else said


def _line(line: QuoteLine) -> str:
    own = f" {said_as_fold(line.discount)}" if line.discount else ""
    below = f"（目录价 {line.list_price}）" if line.price < line.list_price else ""
    note = f"（{line.note}）" if line.note else ""
    count = f"{plainly(line.quantity)}{line.unit}"
    full = line.price.times(line.quantity)
    left = f"，折后 {line.net_total}" if line.net_total != full else ""
    return f"{line.name}{note} {count} × {line.price}{below} = {full}{own}{left}"


def _discount(quote: Quote) -> tuple[tuple[str, str], ...]:
    given = discount(quote)
    if not given:
        return ()
    return (("目录价", str(quote.list_total)), ("折扣", f"{said_as_fold(given)}，让 {said_percent(given)}"))


def _fold(quote: Quote) -> str:
    given = discount(quote)
    return said_as_fold(given) if given else "不打折"


def _earned(quote: Quote, earned: Decimal | None) -> str:
    if earned is None:
        unknown = sum(line.cost is None for line in quote.lines)
        return f"算不出，{unknown} 行没有成本" if unknown else "算不出"
    left = quote.total - quote.tax_total - (quote.cost_total or Money(0))
    return f"{said_percent(earned)}，{left}"


def _next_buttons(quote: Quote, *, is_own: bool) -> tuple[Button, ...]:
    """What may be done next with a quote that is kept."""
    if not quote.number or quote.ref.id is None:
        return ()
    ref = str(quote.ref)
    if quote.state == QuoteState.DRAFT and is_own:
        return (_button("就按这个价", "quote.renew", ref, Style.PRIMARY),)
    paper = Button(label="发我PDF", action="document.quote", values={"quote": str(quote.id)})
    if quote.state == QuoteState.EXPIRED:
        return (_button("再出一版", "quote.renew", ref, Style.PRIMARY), paper)
    if quote.state != QuoteState.VALID or not is_own:
        return (paper,)
    sent = () if quote.sent_at is not None else (_button("已发给客户", "quote.sent", ref, Style.PRIMARY),)
    return (
        *sent,
        _button("客户接受", "quote.accept", ref),
        _button("客户没接受", "quote.decline", ref, Style.DANGER),
        paper,
    )


def _button(label: str, action: str, quote: str, style: Style = Style.PLAIN) -> Button:
    return Button(label=label, action=action, values={"quote": quote}, style=style)


def _short(quote: Quote, buyers: Mapping[AccountId, str]) -> str:
    return f"看 {quote.label.rsplit('-', 1)[-1] if quote.revision == 1 else f'v{quote.revision}'}"
