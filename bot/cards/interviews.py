"""Cards of guided questions: one at a time, what is known already, and the summary at the end."""

from collections.abc import Sequence

from bot.cards.basics import question_card
from bot.cards.card import Button, Card, Style
from bot.cards.deals import show_button
from bot.cards.leads import undo_button
from core.model.deal import Deal, Interview
from core.model.messages import Question
from core.model.playbook import Asked, Outline
from core.model.playbook.outlines import NOTE
from core.rules.outlines import gathered
from core.rules.today import shortened

SOURCE = "聊单 · 提纲"
LINE = 60
SKIP, BACK = "跳过", "上一题"


def asked_card(
    deal: Deal, outline: Outline, place: int, asked: Asked, question: Question, before: Sequence[str]
) -> Card:
    """One question, with where one is and what was just understood."""
    card = question_card(asked.ask, question)
    hint = "直接回答就行；不知道回复「跳过」，想停随时说「算了」，答过的都留着"
    return Card(
        title=asked.ask,
        subtitle=f"{outline.name} {place + 1}/{len(outline.questions)} · {asked.key} · {deal.name}",
        source=SOURCE,
        text="\n".join([*before, hint]),
        buttons=card.buttons,
    )


def summary_card(deal: Deal, outline: Outline, interview: Interview, gate: str, command: str) -> Card:
    """What came out of all questions, and what the next stage still lacks."""
    told = gathered(outline, interview, deal)
    answered = [(key, shortened(value, LINE)) for key, value in told if value]
    bare = [key for key, value in told if not value]
    lines = [f"还不知道：{'、'.join(bare)}" if bare else "", gate]
    return Card(
        title=f"{outline.name}过完了：{deal.name}",
        subtitle=f"{len(answered)}/{len(told)} 项有答案",
        source=SOURCE,
        fields=tuple(answered),
        text="\n".join(line for line in lines if line),
        buttons=(show_button(str(deal.ref)), undo_button(command)),
    )


def paused_card(deal: Deal, outline: Outline, interview: Interview) -> Card:
    """The questions wait; nothing that was answered is lost."""
    done = sum(question.key in interview.answers for question in outline.questions)
    return Card(
        title=f"好的，{outline.name}先到这里",
        subtitle=f"{deal.name}：答了 {done}/{len(outline.questions)}，都留着",
        source=SOURCE,
        text=f"随时说「继续问答 {deal.ref}」接着来",
        buttons=(begin_button(deal, outline, "接着问"),),
    )


def begin_button(deal: Deal, outline: Outline, label: str = "") -> Button:
    """Take a deal through an outline."""
    return Button(
        label=label or f"过一遍{outline.name}"[:8],
        action="interview.begin",
        values={"customer": str(deal.ref), "outline": outline.name},
        style=Style.PLAIN,
    )


def note_lines(outlines: Sequence[Outline], interviews: Sequence[Interview]) -> list[str]:
    """Return what guided questions have brought that no field of the deal holds, a line each."""
    by_name = {outline.name: outline for outline in outlines}
    lines = []
    for interview in interviews:
        outline = by_name.get(interview.outline)
        fills = {one.key: one.fills for one in outline.questions} if outline is not None else {}
        lines += [
            f"{key}：{shortened(value, LINE)}"
            for key, value in interview.answers.items()
            if value and fills.get(key, NOTE) == NOTE
        ]
    return lines
