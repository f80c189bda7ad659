"""Our Card as the platform's JSON: an interactive card where there is a template, else messages. Nothing is lost.

    with a template                  `render_card`: its variables, and the words they had no room for
    only title and text              text
    something to press               ActionCard: up to five buttons, further ones as links above them
    anything else                    markdown

Without a template a button is a `dtmd` link: a tap says a line for the person (`bot.taps.spoken_tap`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from bot.cards.card import Button, Card
from bot.channels.dingtalk import limits
from bot.channels.dingtalk.markup import PARAGRAPH, bullets, escaped, heading, linked, quotation, spoken
from bot.channels.dingtalk.messages import Action, Message
from bot.channels.dingtalk.template import CONTROLS, NAMELESS, Sheet, listed, offered
from bot.channels.words import clip, one_line, split_text, web_address
from bot.taps import spoken_tap

SAYS = "dtmd://dingtalkclient/sendMessage?content="
_CHOOSE = "（这里不能点选，请直接回复要选的内容）"


@dataclass(frozen=True, kw_only=True)
class InteractiveCard:
    """What an interactive card shows: to everybody, and besides to the person it is for."""

    public: dict[str, str]
    private: dict[str, str]
    words: tuple[Message, ...]


def render_card(card: Card, *, card_id: str = "", in_public: bool = False) -> InteractiveCard:
    """Fill the template's variables. `in_public` others read along, so numbers are masked for everybody but one.

    Buttons without room become links below the card when it is fresh and has its `card_id`; else they are named.
    """
    sheet = Sheet(card.in_public() if in_public else card).fill()
    private = {}
    if in_public:
        whole = Sheet(card).fill()
        private = {name: value for name, value in whole.params.items() if name not in CONTROLS}
    title, words = title_of(sheet.card), "\n".join(word for word in sheet.words if word)
    pressable = sheet.card.pressable()
    places = [
        (button, _where(button, card_id, pressable.index(button) + 1) if card_id else "") for button in sheet.unplaced
    ]
    more = bullets(linked(button.label, url) if url else escaped(offered(button)) for button, url in places)
    below = [block for block in (escaped(words), more) if block]
    said = _parts(title, PARAGRAPH.join((heading(title), *below))) if below else []
    return InteractiveCard(public=sheet.params, private=private, words=tuple(said))


def render(card: Card, *, card_id: str) -> list[Message]:
    """Return the messages that say `card`, in the order to send them; only the last one has buttons."""
    card = card.fresh()
    if card.is_plain:
        return [_text(part) for part in split_text(_plain_words(card), limits.PART) if part.strip()]
    actions, more, words = _actions(card, card_id)
    blocks = [*_blocks(card), *words, bullets(linked(action.label, action.url) for action in more)]
    title = title_of(card)
    *before, last = _parts(title, PARAGRAPH.join(block for block in blocks if block))
    if actions:
        last = Message(kind="action", title=title, text=last.text, actions=tuple(actions))
    return [*before, last]


def in_words(card: Card) -> list[Message]:
    """Return the plain texts that say `card` when the platform does not take it in another form."""
    card = card.fresh()
    words = [_plain_words(card), *(spoken(listed(select)) for select in card.selects)]
    words += [spoken(offered(button)) for button in card.pressable()]
    words += [card.image_url] if card.image_url else []
    return [_text(part) for part in split_text("\n".join(words), limits.PART) if part.strip()]


def title_of(card: Card) -> str:
    """Return what the list of conversations shows."""
    return clip(spoken(one_line(card.title or card.subtitle)), limits.TITLE) or NAMELESS


def _text(words: str) -> Message:
    return Message(kind="text", text=words)


def _plain_words(card: Card) -> str:
    return "\n".join(part for part in (spoken(card.source), spoken(card.as_text())) if part)


def _parts(title: str, text: str) -> list[Message]:
    parts = [part.strip() for part in split_text(text, limits.PART)]
    return [Message(kind="markdown", title=title, text=part) for part in parts if part]


def _blocks(card: Card) -> Iterable[str]:
    """Yield the paragraphs of a card, from top to bottom."""
    yield escaped(card.source)
    yield heading(card.title or card.subtitle or NAMELESS)
    yield escaped(card.subtitle) if card.title else ""
    if card.emphasis:
        yield f"**{escaped(one_line(card.emphasis[0]))}** {escaped(one_line(card.emphasis[1]))}"
    yield quotation(card.quote) if card.quote else ""
    yield bullets(f"{escaped(one_line(name))}：{escaped(value)}" for name, value in card.fields)
    yield escaped(card.text)
    yield from (escaped(listed(select)) for select in card.selects if select.options)
    yield bullets(escaped(one_line(option.label)) for option in card.checklist.options) if card.checklist else ""
    if picture := web_address(card.image_url):
        yield f"![]({_in_brackets(picture)})"
    else:
        yield escaped(card.image_url)
    if address := web_address(card.link):
        yield linked("查看详情", _in_brackets(address))
    else:
        yield escaped(card.link)


def _actions(card: Card, card_id: str) -> tuple[list[Action], list[Action], list[str]]:
    """Return the buttons, those that become links in the text, and what is said of the rest."""
    found: list[Action] = []
    words: list[str] = []
    asks = any(select.options for select in card.selects) or bool(card.checklist and card.checklist.options)
    if asks:
        words.append(_CHOOSE)
    for number, button in enumerate(card.pressable(), 1):
        if button is card.submit and asks:
            continue  # a line of text brings no choices along
        url = _where(button, card_id, number)
        label = one_line(button.label) or "…"
        if not url:
            words.append(escaped(offered(button)))
            continue
        if len(label) > limits.LABEL:
            words.append(f"按钮：{escaped(label)}")
        found.append(Action(label=clip(spoken(label), limits.LABEL), url=url))
    return found[: limits.ACTIONS], found[limits.ACTIONS :], words


def _where(button: Button, card_id: str, number: int) -> str:
    if button.url:
        return _in_brackets(web_address(button.url))
    return SAYS + quote(spoken_tap(button.label, card_id, number), safe="")


def _in_brackets(url: str) -> str:
    """Return an address that does not end a markdown link early."""
    return url.replace("(", "%28").replace(")", "%29")
