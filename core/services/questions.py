"""One open question per person: asked, kept for a while, answered by a tap, a number or a bare value."""

from datetime import timedelta
from typing import Any

from core.errors import NothingAsked
from core.model.messages import Question
from core.ports import UnitOfWork

LATE = timedelta(days=1)


def ask(uow: UnitOfWork, intent: str, slot: str, slots: dict[str, Any], choices: list[list[str]]) -> Question:
    """Keep a question; a newer one takes the place of an older one."""
    question = Question(
        member_id=uow.actor.id,
        intent=intent,
        slot=slot,
        slots=slots,
        choices=choices,
        asked_at=uow.now,
        expires_at=uow.now + uow.playbook.question_lives,
    )
    uow.questions.ask(question)
    uow.flush()
    return question


def open_question(uow: UnitOfWork) -> Question | None:
    """Return the question that waits for the actor's answer, if it still lives."""
    last = uow.questions.last(uow.actor.id)
    return last if last is not None and last.closed_at is None and last.expires_at > uow.now else None


def just_expired(uow: UnitOfWork) -> bool:
    """Say whether the last question ran out unanswered within a day: a late answer may still be meant for it."""
    last = uow.questions.last(uow.actor.id)
    return last is not None and last.closed_at is None and last.expires_at <= uow.now < last.expires_at + LATE


def answer_to(uow: UnitOfWork, question: Question, answer: str) -> dict[str, Any]:
    """Close the question and return the command's slots with the answer filled in.

    A number picks that choice; other words stand for themselves. A number beyond the choices raises NothingAsked.
    """
    value: str = answer
    if question.choices and answer.isdecimal():
        number = int(answer)
        if not 1 <= number <= len(question.choices):
            raise NothingAsked
        value = question.choices[number - 1][1]
    elif question.choices:
        value = next((kept for label, kept in question.choices if answer in (label, kept)), answer)
    question.closed_at = uow.now
    return {**question.slots, question.slot: value}


def let_go(uow: UnitOfWork) -> bool:
    """Close the open question unanswered; False when there is none."""
    question = open_question(uow)
    if question is None:
        return False
    question.closed_at = uow.now
    return True
