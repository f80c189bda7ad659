"""Card: what we say, without a platform. Every card has a text form, so no channel is left without words."""

from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from core.model.enclosure import Enclosure
from core.rules.masking import hide_numbers


class Style(StrEnum):
    """How much a button asks for attention."""

    PRIMARY = "primary"
    PLAIN = "plain"
    DANGER = "danger"


@dataclass(frozen=True, kw_only=True)
class Button:
    """A tap. It carries ids, never facts: the service looks again at what is true now. `url` opens a page instead."""

    label: str
    action: str = ""
    values: dict[str, str] = field(default_factory=dict)
    style: Style = Style.PLAIN
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One choice of a Select or Checklist."""

    id: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class Select:
    """A drop-down; what was chosen arrives in the event's `selected[key]`."""

    key: str
    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class Checklist:
    """A list to tick, one or `many`; what was ticked arrives in the event's `selected[key]`."""

    key: str
    options: tuple[Option, ...]
    many: bool = True


@dataclass(frozen=True, kw_only=True)
class Card:
    """A message. With only `title` and `text` it is plain text; anything more becomes a platform card.

    `source` is a small caption above the title, `emphasis` a big figure with its caption, `quote` somebody's own words.
    `submit` is the button of selects or a checklist. `settled` marks the card that takes the place of the tapped one:
    its buttons are gone and this label stands in their stead. `image_url` makes it a picture card. What is `private`
    is for the asker alone, wherever it was asked for. One that `repeats` shows again, changed,
    what stands on the screen: words without room were said when it came. What it `encloses`, files and pictures,
    follows as messages of their own and is no part of what is kept of the card.
    """

    title: str
    subtitle: str = ""
    source: str = ""
    emphasis: tuple[str, str] | None = None
    quote: str = ""
    text: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    buttons: tuple[Button, ...] = ()
    selects: tuple[Select, ...] = ()
    checklist: Checklist | None = None
    submit: Button | None = None
    settled: str = ""
    link: str = ""
    image_url: str = ""
    private: bool = False
    repeats: bool = False
    encloses: tuple[Enclosure, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether text says it all."""
        rich = (self.emphasis, self.quote, self.fields, self.buttons, self.selects, self.checklist, self.settled)
        return not any((*rich, self.image_url, self.link))

    def as_text(self) -> str:
        """Say the whole card in words; buttons become what one may type or nothing at all."""
        lines = [self.title, self.subtitle]
        if self.emphasis:
            lines.append(f"{self.emphasis[1]}：{self.emphasis[0]}")
        if self.quote:
            lines.append(f"「{self.quote}」")
        lines += [f"{label}：{value}" for label, value in self.fields]
        lines.append(self.text)
        options = self.checklist.options if self.checklist else ()
        lines += [f"· {option.label}" for option in options]
        lines.append(self.settled)
        if self.link:
            lines.append(self.link)
        return "\n".join(line for line in lines if line)

    def pressable(self) -> tuple[Button, ...]:
        """Everything on the card that may be pressed, in the order in which a spoken tap counts it."""
        return (*self.buttons, self.submit) if self.submit else self.buttons

    def in_public(self) -> "Card":
        """Return the card for a room in which others read along: phone numbers and mail addresses are masked."""
        return Card.from_json(_masked(self.as_json()))

    def fresh(self) -> "Card":
        """Return the card as a new message can show it: once settled, there is nothing to press but words to read."""
        if not self.settled:
            return self
        groups = [(select.title, select.options) for select in self.selects]
        groups += [("", self.checklist.options)] if self.checklist else []
        chosen = [(title, [option.label for option in options if option.chosen]) for title, options in groups]
        said = [f"{title or '已选'}：{'、'.join(labels)}" for title, labels in chosen if labels]
        text = "\n".join(line for line in (self.text, *said, self.settled) if line)
        return replace(self, text=text, buttons=(), selects=(), checklist=None, submit=None, settled="")

    def as_json(self) -> dict[str, Any]:
        """Return what `from_json` reads back, without what the card encloses."""
        kept = asdict(replace(self, encloses=()))
        del kept["encloses"]
        return kept

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Card":
        checklist, submit, emphasis = kept.get("checklist"), kept.get("submit"), kept.get("emphasis")
        return cls(
            **{
                **kept,
                "fields": tuple((label, value) for label, value in kept.get("fields", ())),
                "buttons": tuple(_button(b) for b in kept.get("buttons", ())),
                "selects": tuple(Select(**{**s, "options": _options(s)}) for s in kept.get("selects", ())),
                "checklist": Checklist(**{**checklist, "options": _options(checklist)}) if checklist else None,
                "submit": _button(submit) if submit else None,
                "emphasis": (emphasis[0], emphasis[1]) if emphasis else None,
            }
        )


_UNREAD = frozenset(
    {"action", "values", "key", "id", "style", "url", "link", "image_url", "chosen", "many", "private", "repeats"}
)
"""What nobody reads off a card."""


def _masked(kept: Any) -> Any:
    if isinstance(kept, str):
        return hide_numbers(kept)
    if isinstance(kept, dict):
        return {name: value if name in _UNREAD else _masked(value) for name, value in kept.items()}
    return [_masked(value) for value in kept] if isinstance(kept, list | tuple) else kept


def _button(kept: dict[str, Any]) -> Button:
    return Button(**{**kept, "style": Style(kept["style"])})


def _options(kept: dict[str, Any]) -> tuple[Option, ...]:
    return tuple(Option(**option) for option in kept["options"])
