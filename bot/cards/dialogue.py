"""Cards of the dialogue: what was understood and waits for 确认, several answers in one, what cannot be done yet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.cards.card import Button, Card, Style
from bot.cards.customers import METHODS
from bot.cards.labels import short_labels
from bot.intents import SLOTS, deed
from bot.understanding.acts import Act
from core.calendar import WorkCalendar
from core.model.followup import Method
from core.model.messages import Question
from core.model.money import Money
from core.model.rhythm import Rhythm
from core.rules.duplicates import plain_phone
from core.rules.today import shortened

VALUE = 80
MOST_OFFERS = 2
DROPPED = 24
WEEKDAYS = "一二三四五六日"


def moment_label(moment: datetime, cal: WorkCalendar) -> str:
    """Write an instant so that a wrong day is noticed: 03-11 周三 15:00."""
    wall = cal.local(moment)
    return f"{wall:%m-%d} 周{WEEKDAYS[wall.weekday()]} {wall:%H:%M}"


def slot_fields(slots: Mapping[str, Any], cal: WorkCalendar) -> tuple[tuple[str, str], ...]:
    """Write slots as a person reads them; what has no label or no value is left out."""
    known = [(SLOTS[name], _value(name, value, cal)) for name, value in slots.items() if name in SLOTS]
    return tuple((label, value) for label, value in known if value)


def confirm_card(previews: Sequence[Card], later: Sequence[str], question: Question) -> Card:
    """Show what was understood, and wait; a preview may name its yes by a button."""
    first = previews[0]
    several = len(previews) > 1
    parts = [_numbered(previews)] if several else [first.text]
    if later:
        parts.append(f"其中「{'、'.join(later)}」还不能办，确认后只办其余的")
    card = (
        Card(title=f"一共 {len(previews)} 件事，对吗？") if several else replace(first, title=f"{first.title}，对吗？")
    )
    return replace(
        card,
        source="聊单 · 请确认",
        text="\n".join(part for part in parts if part),
        buttons=(
            _reply(first.buttons[0].label if first.buttons else "确认", "yes", question, Style.PRIMARY),
            _reply("修改", "change", question),
            _reply("算了", "no", question),
        ),
    )


def preview_card(intent: str, slots: Mapping[str, Any], cal: WorkCalendar) -> Card:
    """Say what an intent would do, from its slots alone."""
    name = str(slots.get("customer") or "")
    fields = slot_fields({slot: value for slot, value in slots.items() if slot != "customer"}, cal)
    return Card(title=f"{deed(intent)}：{name}" if name else deed(intent), fields=fields)


def change_card() -> Card:
    """Say how what waits can be corrected."""
    return Card(
        title="哪里要改？直接说就行",
        text="例如「是中兴不是华为」「改成周四下午三点」「金额36万」；都不要就回复「算了」",
    )


def not_yet_card(acts: Sequence[Act], later: Mapping[str, str], cal: WorkCalendar) -> Card:
    """Say honestly what was understood and that it cannot be done yet."""
    first = acts[0]
    what = "、".join(deed(act.intent) for act in acts)
    return Card(
        title=f"听懂了，是要「{what}」，但这个还不能办",
        subtitle="没有记录或改动任何内容",
        fields=slot_fields(first.slots, cal),
        text=later[first.intent],
    )


def joined_card(cards: Sequence[Card]) -> Card:
    """Answer several acts with one card: one 撤销 for all of them, and what an answer tells people to tap."""
    buttons = [button for card in cards for button in card.buttons]
    undo = next((button for button in buttons if button.action == "undo"), None)
    offers = tuple(button for button in buttons if f"「{button.label}」" in "".join(card.text for card in cards))
    return Card(
        title=f"{len(cards)} 件事都办好了",
        source="聊单",
        text=_numbered(cards),
        buttons=(*((replace(undo, label="全部撤销"),) if undo else ()), *offers[:MOST_OFFERS]),
    )


def dropped_line(question: Question, about: str) -> str:
    """Say in one short line which question was put down."""
    what = f"{deed(question.intent)}：{about}" if about else deed(question.intent)
    return f"刚才的「{shortened(what, DROPPED)}」先放下了"


def with_line(card: Card, line: str) -> Card:
    """Add a line below what a card says."""
    return replace(card, text=f"{card.text}\n{line}" if card.text else line) if line else card


OFFER = "这段话还没有记录。存为哪个客户的跟进？"


def offer_card(said: str, question: Question) -> Card:
    """Offer to keep a story as somebody's follow-up; nothing is kept before that."""
    buttons = tuple(
        _reply(label, str(number), question, Style.PRIMARY if number == 1 else Style.PLAIN)
        for number, label in enumerate(short_labels([label for label, _ in question.choices]), 1)
    )
    listed = "\n".join(f"{number}. {label}" for number, (label, _) in enumerate(question.choices, 1))
    return Card(
        title=OFFER,
        source="聊单",
        quote=shortened(said, VALUE),
        text=f"{listed}\n也可以直接回复客户名，或者换个说法再发一次，例如「跟进 客户名 聊了什么」",
        buttons=buttons,
    )


def _reply(label: str, answer: str, question: Question, style: Style = Style.PLAIN) -> Button:
    return Button(label=label, action="answer", values={"question": str(question.id), "answer": answer}, style=style)


def _numbered(cards: Sequence[Card]) -> str:
    return "\n".join(f"{number}. {_block(card)}" for number, card in enumerate(cards, 1))


def _block(card: Card) -> str:
    return "\n".join(replace(card, source="", settled="").as_text().splitlines())


def _value(name: str, value: Any, cal: WorkCalendar) -> str:
    """Write one value in its own way; what cannot be read so is shown as it was given."""
    if value in (None, "", []):
        return ""
    text = "、".join(map(str, value)) if isinstance(value, list) else str(value)
    write = _WRITERS.get(name)
    try:
        return write(text, cal) if write else shortened(text, VALUE)
    except (ValueError, InvalidOperation):
        return shortened(text, VALUE)


def _moment(text: str, cal: WorkCalendar) -> str:
    moment = datetime.fromisoformat(text)
    return moment_label(moment if moment.tzinfo else moment.replace(tzinfo=cal.zone), cal)


def _discount(text: str, _: WorkCalendar) -> str:
    percent = Decimal(text)
    return f"{((100 - percent) / 10).normalize():f} 折（让 {percent.normalize():f}%）"


def _money(text: str, _: WorkCalendar) -> str:
    return str(Money.yuan(Decimal(text)))


_WRITERS: dict[str, Callable[[str, WorkCalendar], str]] = {
    "at": _moment,
    "next_at": _moment,
    "due_at": _moment,
    "amount": _money,
    "unit_price": _money,
    "discount_percent": _discount,
    "phone": lambda text, _: plain_phone(text) or text,
    "method": lambda text, _: METHODS[Method(text)],
    "every": lambda text, _: Rhythm.parse(text).name,
}
