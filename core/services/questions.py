"""One open question per person and chat: asked, kept for a while, answered by a tap, a number or a bare value."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from core.errors import NothingAsked
from core.model.messages import Question, QuestionKind
from core.ports import UnitOfWork

LATE = timedelta(days=1)
WORDS_LENGTH = 2000


def ask(
    uow: UnitOfWork,
    intent: str,
    slot: str,
    slots: dict[str, Any],
    choices: Iterable[Sequence[str]] = (),
    *,
    kind: str = QuestionKind.ASK,
    others: Sequence[dict[str, Any]] = (),
    place: int = 0,
    words: str = "",
    unsure: bool = False,
) -> Question:
    """Keep a question; in the same chat a newer one takes the place of an older one."""
    question = Question(
        member_id=uow.actor.id,
        channel=uow.channel,
        room=uow.room,
        kind=kind,
        intent=intent,
        slot=slot,
        slots=slots,
        others=list(others),
        place=place,
        choices=[list(choice) for choice in choices],
        words=words[:WORDS_LENGTH],
        unsure=unsure,
        asked_at=uow.now,
        expires_at=uow.now + uow.playbook.chat.question_lives,
    )
    uow.questions.ask(question)
    uow.flush()
    return question


def ask_again(uow: UnitOfWork, expired: Question) -> Question:
    """Put an expired question once more, as it was."""
    return ask(
        uow,
        expired.intent,
        expired.slot,
        expired.slots,
        expired.choices,
        kind=expired.kind,
        others=expired.others,
        place=expired.place,
        words=expired.words,
        unsure=expired.unsure,
    )


def open_question(uow: UnitOfWork) -> Question | None:
    """Return the question that waits in this chat for the actor's answer, if it still lives."""
    last = uow.questions.last(uow.actor.id, uow.channel, uow.room)
    return last if last is not None and last.is_open(uow.now) else None


def just_expired(uow: UnitOfWork) -> Question | None:
    """Return the last question if it ran out unanswered within a day: a late answer may still be meant for it."""
    last = uow.questions.last(uow.actor.id, uow.channel, uow.room)
    if last is None or last.closed_at is not None or not last.expires_at <= uow.now < last.expires_at + LATE:
        return None
    return last


def tapped_question(uow: UnitOfWork, number: str) -> Question:
    """Return the actor's question whose button was pressed; NothingAsked when it is nobody's or somebody else's."""
    question = uow.questions.get(int(number)) if number.isascii() and number.isdigit() and len(number) < 19 else None  # noqa: PLR2004 - a database's whole number
    if question is None or question.member_id != uow.actor.id:
        raise NothingAsked(expired=True)
    return question


def close(uow: UnitOfWork, question: Question) -> None:
    """The question has had its answer, or is not waited for any longer."""
    question.closed_at = uow.now
