"""Cards about the company's own fields: shown, changed, asked for, looked for by."""

from collections.abc import Sequence
from dataclasses import replace

from bot.cards.basics import question_card
from bot.cards.card import Button, Card
from bot.cards.labels import fit
from bot.cards.leads import undo_button
from core.model.messages import Question
from core.services.fields.values import Written

LISTED = 5


def with_fields(card: Card, own: Sequence[tuple[str, str]]) -> Card:
    """Add the company's own fields behind those that every company has."""
    return replace(card, fields=(*card.fields, *own)) if own else card


def with_question(card: Card, question: Question | None) -> Card:
    """Add a question and its choices below what a card says; its other buttons stay, as far as there is room."""
    if question is None:
        return card
    asked = question_card(question.words, question)
    text = "\n".join(part for part in (card.text, question.words) if part)
    return replace(card, text=text, buttons=(*asked.buttons, *card.buttons)[:MOST_BUTTONS])


MOST_BUTTONS = 6


def field_set_card(name: str, written: Sequence[Written], command: str) -> Card:
    """Fields were written: what each is now, and what it was."""
    fields: list[tuple[str, str]] = []
    for one in written:
        fields.append((one.field.label, one.after or "（已清空）"))
        fields += [("原来", one.before)] if one.before else []
    return Card(
        title=f"已改：{name}",
        source="聊单 · 字段",
        fields=tuple(fields),
        buttons=(undo_button(command),),
    )


def records_card(said: str, lines: Sequence[tuple[str, str, str]], found: str, words: str, after: int | None) -> Card:
    """Records that were looked for by their fields: number, name, and what of them was asked about."""
    if not lines:
        return Card(title=f"没有找到{said}", text="换个条件再试，或发送「公海」看公海线索")
    buttons = [
        Button(label=fit(name), action="account.show", values={"customer": ref})
        for ref, name, _ in lines[:LISTED]
        if ref[:1] in "LA"
    ]
    if after is not None:
        buttons.append(Button(label="下一页", action="record.list", values={"words": words, "after": str(after)}))
    return Card(
        title=f"{said} {found}",
        source="聊单 · 查找",
        text="\n".join(f"{ref} {name}" + (f"｜{about}" if about else "") for ref, name, about in lines),
        buttons=tuple(buttons),
        private=True,
    )
