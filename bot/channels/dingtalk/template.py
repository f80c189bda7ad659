"""Our Card as the variables of the interactive card template; what each is for stands in docs/dingtalk.md.

All values are strings, lists and objects as JSON in them. What has no room is said in full in `words`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.cards.card import Button, Card, Checklist, Option, Select
from bot.channels.dingtalk import limits
from bot.channels.dingtalk.markup import escaped, spoken
from bot.channels.keys import write_key
from bot.channels.words import one_line, split_text, web_address

VARIABLES = (
    *("title", "subtitle", "source", "emphasis", "emphasis_caption", "quote", "fields", "text"),
    *("buttons", "form", "submit", "settled", "link", "image_url"),
)
CONTROLS = frozenset({"buttons", "form", "submit", "settled", "link", "image_url"})
"""What is the same for everybody who sees a card; the others may differ for whom the card is."""

_SUBMIT = Button(label="提交", action="submit")
LINK = "link"  # the style of a button that opens a page
_NEEDED = "请选择"
NAMELESS = "聊单"  # where the platform wants a title and there is none


@dataclass
class Sheet:
    """One card being filled in."""

    card: Card
    params: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    unplaced: list[Button] = field(default_factory=list)  # what can be pressed and found no room

    def fill(self) -> "Sheet":
        """Set every variable, also the empty ones: an update goes key by key."""
        card = self.card
        self._text("source", one_line(card.source))
        title, subtitle = one_line(card.title), one_line(card.subtitle)
        self._text("title", title or subtitle or NAMELESS)
        self._text("subtitle", subtitle if title else "")
        figure, caption = card.emphasis or ("", "")
        self._text("emphasis", one_line(figure))
        self._text("emphasis_caption", one_line(caption))
        self._text("quote", one_line(card.quote))
        self._fields()
        self._page("link", card.link)
        self._page("image_url", card.image_url)
        self._controls()
        self._body()
        return self

    def _text(self, name: str, text: str) -> None:
        """Set one line, clipped when it is too long; then it is said in full elsewhere."""
        shown = spoken(text)
        if len(shown.encode()) > limits.CARD_VALUE:
            self.words.append(shown)
            shown = split_text(shown, limits.CARD_VALUE - len("…".encode()))[0] + "…"
        self.params[name] = shown

    def _body(self) -> None:
        """Set the text. Too long, it stands whole in a message of its own and not a second time here."""
        text = escaped(self.card.text)
        fits = len(text.encode()) <= limits.CARD_VALUE
        self.params["text"] = text if fits else ""
        if not fits:
            self.words.insert(0, self.card.text)

    def _page(self, name: str, url: str) -> None:
        address = web_address(url)
        fits = len(address.encode()) <= limits.CARD_VALUE
        self.params[name] = address if fits else ""
        if url and not self.params[name]:
            self.words.append(url)

    def _fields(self) -> None:
        rows = [{"name": one_line(name), "value": spoken(one_line(value))} for name, value in self.card.fields]
        shown = self._rows("fields", rows)
        self.words += [f"{row['name']}：{row['value']}" for row in rows[shown:]]

    def _controls(self) -> None:
        card = self.card
        settled = one_line(card.settled)
        self._text("settled", settled)
        asked = self._form(bool(settled))
        buttons = list(card.buttons)
        submit = card.submit
        if asked and submit is None:
            submit = buttons.pop(0) if buttons and not buttons[0].url else _SUBMIT
        if submit and not asked:
            buttons.insert(0, submit)
        self.params["submit"] = _json(_button(submit)) if submit and asked and not settled else "{}"
        buttons = [] if settled else buttons
        able = [button for button in buttons if web_address(button.url) or not button.url]
        shown = self._rows("buttons", [_button(button) for button in able])
        self.words += [offered(button) for button in buttons if button.url and button not in able[:shown]]
        self.unplaced = [button for button in able[shown:] if not button.url]

    def _form(self, settled: bool) -> bool:
        """Set the form and say whether it asks anything."""
        card = self.card
        questions: list[dict[str, Any]] = [
            _question(select.key, one_line(select.title), select.options, settled) for select in card.selects
        ]
        if card.checklist:
            questions.append(_checklist(card.checklist, settled))
        questions = [question for question in questions if question["options"]]
        while questions and len(_json({"fields": questions}).encode()) > limits.CARD_VALUE:
            longest = max(questions, key=lambda question: len(question["options"]))
            left_out = longest["options"].pop()
            self.words.append(f"{longest['label']}还可选：{left_out['text']}")
            questions = [question for question in questions if question["options"]]
        self.params["form"] = _json({"fields": questions})
        return bool(questions)

    def _rows(self, name: str, rows: Sequence[dict[str, str]]) -> int:
        """Set a list to as many rows as have room, and return how many those are."""
        shown, size = 0, len("[]")
        for row in rows:
            size += len(_json(row).encode()) + len(",")
            if size > limits.CARD_VALUE:
                break
            shown += 1
        self.params[name] = _json(list(rows[:shown]))
        return shown


def _button(button: Button) -> dict[str, str]:
    url = web_address(button.url)
    key = "" if button.url else write_key(button.action, button.values)
    style = LINK if button.url else str(button.style)
    return {"text": one_line(button.label) or "…", "key": key, "style": style, "url": url}


def _checklist(checklist: Checklist, settled: bool) -> dict[str, Any]:
    return _question(checklist.key, "选项", checklist.options, settled, many=checklist.many)


def _question(key: str, label: str, options: Sequence[Option], settled: bool, *, many: bool = False) -> dict[str, Any]:
    chosen = [(place, option.id) for place, option in enumerate(options) if option.chosen]
    default: dict[str, Any] = {}
    if chosen and many:
        default = {"defaultValue": {"index": [place for place, _ in chosen], "value": [one for _, one in chosen]}}
    elif chosen:
        default = {"defaultValue": {"index": chosen[0][0], "value": chosen[0][1]}}
    return {
        "name": key,
        "label": label or _NEEDED,
        "type": "MULTI_SELECT" if many else "SELECT",
        "required": not many,
        "placeholder": _NEEDED,
        "requiredMsg": _NEEDED,
        "options": [{"value": option.id, "text": one_line(option.label) or "…"} for option in options],
        **default,
        "readOnly": settled,
    }


def offered(button: Button) -> str:
    """Say in words what found no button: where a link leads, or what one may answer."""
    label = one_line(button.label)
    return f"{label}：{button.url}" if button.url else f"也可以：{label}"


def listed(select: Select) -> str:
    """Say in words what may be chosen."""
    return f"{one_line(select.title)}：{'、'.join(one_line(option.label) for option in select.options)}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
