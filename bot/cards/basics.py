"""Cards that belong to no area: refusals, questions, what was not understood."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.cards.card import Button, Card, Style
from bot.cards.labels import short_labels
from bot.event import Event
from core.errors import Refusal
from core.model.messages import Question

MAX_BUTTONS = 6


def refusal_card(refusal: Refusal) -> Card:
    """Say why not, and what to do next."""
    return Card(title=str(refusal))


def question_card(words: str, question: Question) -> Card:
    """Ask one thing; each choice is a button, and its number may be typed as well."""
    shown = question.choices[:MAX_BUTTONS]
    buttons = tuple(
        Button(
            label=label,
            action="answer",
            values={"question": str(question.id), "answer": str(number)},
            style=Style.PRIMARY if number == 1 else Style.PLAIN,
        )
        for number, label in enumerate(short_labels([label for label, _ in shown]), 1)
    )
    title, _, text = words.partition("\n")
    return Card(title=title, text=text, buttons=buttons)


NEAREST = (
    "跟进 客户名 聊了什么，周三下午三点再联系",
    "新线索 公司名 电话 来源 需求",
    "今天 / 公海 / 看看 客户名",
)


def nearest_usages(guesses: Iterable[str]) -> list[str]:
    """Return three wordings that are heard: those of what may have been meant, filled up with the commonest."""
    offered: dict[str, str] = {}
    for usage in (*guesses, *NEAREST):
        offered.setdefault(usage.split(" ")[0], usage)
    return list(offered.values())[: len(NEAREST)]


def unknown_card(said: str, nearest: Sequence[str] = NEAREST) -> Card:
    """Say that it was not understood and offer `nearest`, wordings that are heard."""
    short = said if len(said) <= 20 else said[:20] + "…"  # noqa: PLR2004
    return Card(
        title=f"没听明白「{short}」，没有记录任何内容",
        text="\n".join(["可以这样说：", *(f"· {usage}" for usage in nearest)]),
        buttons=(Button(label="帮助", action="help", style=Style.PRIMARY),),
    )


def sent_in_private_card() -> Card:
    """Say in a group that the answer is not for everybody there."""
    return Card(title="结果只发给您本人了，请看单聊")


def settled_question(card: Card, event: Event) -> Card:
    """Return a question whose button was pressed as it stands from now on."""
    pressed = next((button.label for button in card.buttons if button.values == event.values), "已回复")
    return replace(card, buttons=(), settled=pressed, repeats=True)


def failed_card(said: str) -> Card:
    """Apologise for an event that we could not handle; it is set aside, not lost."""
    about = f"「{said}」" if said else "刚才那条消息"
    return Card(title=f"抱歉，{about}没能处理，已转给管理员查看。内容没有丢，请稍后再看或换个说法重发")
