"""Cards about quotes: what is offered, what it comes to, what the next step is."""

from bot.cards.card import Button, Card, Style
from core.calendar import WorkCalendar
from core.notices.quotes import QuoteEnding, QuoteExpired

SOURCE = "聊单 · 报价"


def show_button(quote: str, label: str = "看报价") -> Button:
    return Button(label=label, action="quote.show", values={"quote": quote})


def quote_ending_card(notice: QuoteEnding, cal: WorkCalendar) -> Card:
    """To whoever made a quote: it will be over in some days."""
    return Card(
        title=f"报价快到期：{notice.buyer}",
        subtitle=f"{notice.label} · {notice.total}",
        source=SOURCE,
        fields=(("有效期到", f"{notice.last_day:%Y-%m-%d}"),),
        text="客户定了就点「客户接受」；还要时间可以说「报价有效期改到月底」",
        buttons=(
            Button(label="客户接受", action="quote.accept", values={"quote": notice.quote}, style=Style.PRIMARY),
            show_button(notice.quote),
        ),
    )


def quote_expired_card(notice: QuoteExpired, cal: WorkCalendar) -> Card:
    """To whoever made a quote: its last day has passed."""
    return Card(
        title=f"报价已过期：{notice.buyer}",
        subtitle=f"{notice.label} · {notice.total}",
        source=SOURCE,
        text="客户还要的话，改一下有效期或价格就会出一个新版本，编号不变",
        buttons=(
            Button(label="再出一版", action="quote.renew", values={"quote": notice.quote}, style=Style.PRIMARY),
            show_button(notice.quote),
        ),
    )
