"""The pieces of a template card. What does not fit a piece is clipped there and said in full in `Page.words`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.cards.card import Button, Card, Option, Select, Style
from bot.channels.keys import write_key
from bot.channels.wecom import limits
from bot.channels.words import clean, clip, one_line, web_address

Json = dict[str, Any]
UNNAMED = "…"  # where the platform wants a text and there is none
STYLES = {Style.PRIMARY: 1, Style.PLAIN: 2, Style.DANGER: 4}


@dataclass
class Page:
    """One card being laid out. `words` are the lines that found no place on it yet; they are never dropped."""

    card: Card
    public_url: str
    words: list[str] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)  # keys already on the card; the platform wants each once

    def fit(self, text: str, limit: int, label: str = "") -> str:
        """Return `text` as one line of at most `limit` 字; when something is clipped, all of it goes to `words`."""
        shown = one_line(text)
        if len(shown) > limit:
            self.words.append(f"{label}：{shown}" if label else shown)
        return clip(shown, limit)

    def link(self) -> str:
        """Return where a tap on the card leads; empty when there is nowhere to go."""
        return web_address(self.card.link) or web_address(self.public_url)

    def head(self) -> Json:
        """Return source and main title, which every card has."""
        card = self.card
        head: Json = {}
        if card.source:
            head["source"] = {"desc": self.fit(card.source, limits.SOURCE), "desc_color": 0}
        head["main_title"] = {"title": self.fit(card.title or card.subtitle, limits.TITLE) or UNNAMED}
        if card.subtitle and card.title:
            head["main_title"]["desc"] = self.fit(card.subtitle, limits.SUBTITLE)
        return head

    def quote(self) -> Json:
        """Return somebody's own words as a quote area."""
        text = self.card.quote
        return {"quote_area": {"type": 0, "quote_text": self.fit(text, limits.QUOTE)}} if text else {}

    def fields(self, more: Iterable[tuple[str, str]] = (), links: Iterable[tuple[str, str]] = ()) -> Json:
        """Return the first six fields that fit whole; the others become lines of text, in their order."""
        rows: list[Json] = [
            {"type": 1, "keyname": name, "value": "打开", "url": web_address(url)} for name, url in links
        ]
        for label, value in (*more, *self.card.fields):
            name, shown = clean(label), clean(value)
            fits = 0 < len(name) <= limits.FIELD_NAME and len(shown) <= limits.FIELD_VALUE and "\n" not in name + shown
            if fits and len(rows) < limits.FIELDS:
                rows.append({"keyname": name, "value": shown})
            else:
                self.words.append(f"{name}：{shown}")
        return {"horizontal_content_list": rows} if rows else {}

    def buttons(self, buttons: Sequence[Button]) -> Json:
        """Return up to six buttons, three more in the menu, and name the rest in words."""
        listed: list[Json] = []
        late: list[Button] = []
        for button in buttons:
            if len(listed) == limits.BUTTONS:
                late.append(button)
            elif row := self._button(button):
                listed.append(row)
        return {"button_list": listed, **self.menu(late)}

    def menu(self, buttons: Iterable[Button]) -> Json:
        """Return the menu in the card's corner: up to three callbacks; links and the rest are named in words."""
        entries: list[Json] = []
        for button in buttons:
            key = "" if button.url else self.key(button)
            if key and len(entries) < limits.MENU_ENTRIES:
                entries.append({"text": self.fit(button.label, limits.BUTTON) or UNNAMED, "key": key})
            else:
                self.name(button)
        return {"action_menu": {"desc": "更多", "action_list": entries}} if entries else {}

    def jumps(self, buttons: Iterable[Button]) -> Json:
        """Return links at the foot of the card, up to three; the rest are named in words."""
        rows: list[Json] = []
        for button in buttons:
            url = web_address(button.url)
            if url and len(rows) < limits.JUMPS:
                rows.append({"type": 1, "title": self.fit(button.label, limits.JUMP_TITLE) or UNNAMED, "url": url})
            else:
                self.name(button)
        return {"jump_list": rows} if rows else {}

    def key(self, button: Button) -> str:
        """Return the button's key, empty when an equal button is on the card already."""
        key = write_key(button.action, button.values)
        if key in self.taken:
            return ""
        self.taken.add(key)
        return key

    def name(self, button: Button) -> None:
        """Say in words what found no button: where a link leads, or what one may answer."""
        self.words.append(
            f"{clean(button.label)}：{clean(button.url)}" if button.url else f"也可以：{clean(button.label)}"
        )

    def select(self, select: Select, *, disable: bool) -> Json:
        """Return one drop-down. `title` is left out when empty."""
        options = self.options(select.options, limits.OPTIONS, limits.OPTION, select.title)
        chosen = next((option.id for option in select.options[: limits.OPTIONS] if option.chosen), "")
        return {
            "question_key": select.key,
            **({"title": self.fit(select.title, limits.JUMP_TITLE)} if select.title else {}),
            "option_list": [{"id": option.id, "text": text} for option, text in options],
            **({"selected_id": chosen} if chosen else {}),
            **({"disable": True} if disable else {}),
        }

    def options(self, options: Sequence[Option], most: int, limit: int, title: str) -> list[tuple[Option, str]]:
        """Return the options that have a place, clipped; what was clipped or left out is said in full."""
        shown = options[:most]
        clipped = [one_line(option.label) for option in shown if len(one_line(option.label)) > limit]
        left_out = [one_line(option.label) for option in options[most:]]
        for words, labels in (("全名", clipped), ("没有列出", left_out)):
            if labels:
                self.words.append("\n".join((f"{one_line(title)}{words}：", *(f"· {label}" for label in labels))))
        return [(option, clip(one_line(option.label), limit) or UNNAMED) for option in shown]

    def _button(self, button: Button) -> Json | None:
        if button.url:
            url = web_address(button.url)
            target = {"type": 1, "url": url} if url else None
        else:
            key = self.key(button)
            target = {"type": 0, "key": key} if key else None
        if target is None:
            self.name(button)
            return None
        return {
            **target,
            "text": self.fit(button.label, limits.BUTTON, "按钮") or UNNAMED,
            "style": STYLES[button.style],
        }
