"""Guided questions: what is asked next about a deal, and what is known already."""

from core.model.deal import Deal, Interview
from core.model.playbook import Asked, Outline
from core.model.playbook.outlines import NOTE


def next_question(outline: Outline, interview: Interview, deal: Deal) -> Asked | None:
    """Return the first question that nobody has answered or skipped, and of which the deal knows nothing."""
    bare = (one for one in outline.questions if one.key not in interview.answers and not known_of(deal, one))
    return next(bare, None)


def known_of(deal: Deal, question: Asked) -> str:
    """Return what a deal says already of what a question fills."""
    if question.fills == NOTE:
        return ""
    names = {"expected_close": "expected_close_on"}
    name = names.get(question.fills, question.fills)
    value = getattr(deal, name) if hasattr(deal, name) else deal.custom.get(question.fills)
    return "" if value in (None, "", [], {}) else str(value)


def gathered(outline: Outline, interview: Interview, deal: Deal) -> list[tuple[str, str]]:
    """Return every question's key with its answer: what the deal says, else what was noted; empty where nothing was."""
    return [
        (question.key, known_of(deal, question) or interview.answers.get(question.key, ""))
        for question in outline.questions
    ]
