"""Guided questions about a deal (BANT, SPIN): begun, answered one at a time, taken up again."""

from collections.abc import Sequence

from core.errors import BadInput
from core.model.deal import Deal, Interview, InterviewState
from core.model.playbook import Asked, Outline
from core.ports import UnitOfWork
from core.services.deals import Details, amend_deal, deal_of

ANSWER = 500


def outlines_for(uow: UnitOfWork, deal: Deal) -> list[Outline]:
    """Return the outlines that suit a deal, those that belong to its stage first."""
    suited = [one for one in uow.playbook.outlines if one.suits(deal.pipeline)]
    return sorted(suited, key=lambda one: deal.stage not in one.stages)


def outline_called(uow: UnitOfWork, deal: Deal, words: str) -> Outline:
    """Return the outline that is meant; BadInput names those there are."""
    suited = outlines_for(uow, deal)
    found = next((one for one in suited if one.is_called(words)), None)
    if found is None:
        names = "、".join(one.name for one in suited)
        raise BadInput(f"没有「{words}」这份提纲，可以用：{names}" if names else "还没有提纲，请管理员在规则里加上")
    return found


def running_of(uow: UnitOfWork, deal: Deal) -> Interview | None:
    """Return the guided questions of a deal that were begun and not finished, the last ones."""
    running = [one for one in uow.deals.interviews([deal.id]) if one.state == InterviewState.RUNNING]
    return running[-1] if running else None


def begin_interview(uow: UnitOfWork, deal: Deal, outline: Outline) -> tuple[Interview, bool]:
    """Take up what was begun and not finished, else begin; says whether it was taken up."""
    require_open(deal)
    deal_of(uow, deal.id)
    standing = [one for one in uow.deals.interviews([deal.id]) if one.outline == outline.name]
    running = next((one for one in reversed(standing) if one.state == InterviewState.RUNNING), None)
    if running is not None:
        return running, bool(running.answers)
    uow.does("interview.begin")
    interview = Interview(
        deal_id=deal.id,
        outline=outline.name,
        begun_by=uow.actor.id or None,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.deals.add_interview(interview)
    uow.flush()
    return interview, False


def keep_answer(
    uow: UnitOfWork, deal: Deal, interview: Interview, question: Asked, words: str, details: Details
) -> None:
    """Keep an answer, and write down on the deal what it fills. Without words the question was skipped."""
    require_open(deal)
    uow.does("interview.answer")
    interview.answers = interview.answers | {question.key: words.strip()[:ANSWER]}
    interview.updated_at = uow.now
    if details.says_something:
        amend_deal(uow, deal, details)
        uow.does("interview.answer")
    elif words:
        deal.touch(uow.now)


def step_back(uow: UnitOfWork, outline: Outline, interview: Interview) -> Asked:
    """Return the question that was answered last, to be asked once more; what it filled stays until then."""
    answered = [question for question in outline.questions if question.key in interview.answers]
    if not answered:
        raise BadInput("已经是第一题了。直接回答，或者回复「跳过」")
    uow.does("interview.answer")
    interview.answers = {key: value for key, value in interview.answers.items() if key != answered[-1].key}
    return answered[-1]


def finish(uow: UnitOfWork, interview: Interview) -> None:
    """Note that nothing is left to be asked."""
    interview.state, interview.done_at = InterviewState.DONE, uow.now


def told_of(uow: UnitOfWork, deals: Sequence[Deal]) -> dict[int, list[Interview]]:
    """Return the guided questions of these deals that have answers."""
    found: dict[int, list[Interview]] = {}
    for interview in uow.deals.interviews(deal.id for deal in deals):
        if any(interview.answers.values()):
            found.setdefault(interview.deal_id, []).append(interview)
    return found


def require_open(deal: Deal) -> None:
    """Refuse for a deal that is over."""
    if not deal.is_open:
        raise BadInput(f"「{deal.name}」已经是{deal.stage}，不用再问了。有新的需求请再建一个商机")
