"""Guided questions about a deal: BANT, SPIN and the company's own, one at a time, kept and taken up again."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.arguments import AnyDeal, OpenDeal
from bot.cards.card import Card
from bot.cards.interviews import BACK, SKIP, asked_card, paused_card, summary_card
from bot.context import Context
from bot.router import Router
from bot.understanding.details import NO_RIVAL
from bot.understanding.money import find_amounts
from bot.understanding.times import find_times
from bot.understanding.values import reading
from bot.workweek import WorkWeek
from core.errors import BadInput, Refusal, Unclear
from core.model.deal import Deal, Interview
from core.model.money import Money
from core.model.playbook import Asked, Outline
from core.model.playbook.outlines import FILLS, NOTE
from core.rules.outlines import known_of, next_question
from core.rules.stages import LABELS
from core.services.deals import Details, check_details, deal_of, judge
from core.services.fields.values import write_field
from core.services.interviews import (
    begin_interview,
    finish,
    keep_answer,
    outline_called,
    outlines_for,
    running_of,
    step_back,
)
from core.services.questions import ask

router = Router()

SKIPS = frozenset({SKIP, "不知道", "不清楚", "下一题", "下一个", "没问到", "还不知道", "pass"})
BACKS = frozenset({BACK, "返回上一题", "回到上一题", "上一个问题"})
NOBODY = frozenset({"没有", "无", "没", "没有竞争", "没有对手", "没有别家"})


@router.command("interview.begin", "过一遍", "提纲", "继续问答")
@router.button("interview.begin")
def begin(ctx: Context, customer: OpenDeal, outline: str = "") -> Card:
    """提纲 客户名 BANT：按提纲一个一个问（BANT、SPIN、公司自己的），答案填进商机，随时停、随时接着来"""
    deal = deal_of(ctx.uow, customer.id, lock=True)
    chosen = _outline(ctx, deal, outline)
    interview, resumed = begin_interview(ctx.uow, deal, chosen)
    known = [f"已知道 {one.key}：{value}" for one in chosen.questions if (value := known_of(deal, one))]
    before = ["接着上次的问"] if resumed else []
    return _next(ctx, deal, chosen, interview, [*before, *known])


@router.button("interview.answer")
def answer(ctx: Context, customer: AnyDeal, outline: str, question: str, answer: str) -> Card:
    """回答提纲里的一个问题"""
    deal = deal_of(ctx.uow, customer.id, lock=True)
    chosen = outline_called(ctx.uow, deal, outline)
    interview, _ = begin_interview(ctx.uow, deal, chosen)
    words = answer.strip()
    asked = next((one for one in chosen.questions if one.key == question), None)
    if asked is None:  # the outline was changed meanwhile
        return _next(ctx, deal, chosen, interview, ["提纲改过了，接着问"])
    if words in BACKS:
        return _put(ctx, deal, chosen, step_back(ctx.uow, chosen, interview), [])
    if words in SKIPS:
        keep_answer(ctx.uow, deal, interview, asked, "", Details())
        return _next(ctx, deal, chosen, interview, [f"{asked.key}先跳过"])
    try:
        with ctx.uow.attempt():
            _keep(ctx, deal, interview, asked, words)
    except Refusal as unreadable:
        return _put(ctx, deal, chosen, asked, [str(unreadable)])
    return _next(ctx, deal, chosen, interview, [f"记下了 {asked.key}：{known_of(deal, asked) or words}"])


@router.declines("interview.answer")
def pause(ctx: Context, customer: AnyDeal, outline: str, question: str = "") -> Card:
    """先到这里，答过的都留着"""
    deal = deal_of(ctx.uow, customer.id)
    chosen = outline_called(ctx.uow, deal, outline)
    interview, _ = begin_interview(ctx.uow, deal, chosen)
    return paused_card(deal, chosen, interview)


def _outline(ctx: Context, deal: Deal, words: str) -> Outline:
    """Return the outline that was named, the one that was begun, or the one that belongs to the stage."""
    if words:
        return outline_called(ctx.uow, deal, words)
    running = running_of(ctx.uow, deal)
    if running is not None:
        return outline_called(ctx.uow, deal, running.outline)
    suited = outlines_for(ctx.uow, deal)
    if len(suited) > 1:
        raise Unclear(f"给「{deal.name}」过哪份提纲？", tuple((one.name, one.name) for one in suited), "outline")
    if not suited:
        raise BadInput("还没有提纲，请管理员在规则的 outlines 里加上")
    return suited[0]


def _next(ctx: Context, deal: Deal, outline: Outline, interview: Interview, before: Sequence[str]) -> Card:
    """Ask what comes next, or sum up."""
    following = next_question(outline, interview, deal)
    if following is None:
        finish(ctx.uow, interview)
        return summary_card(deal, outline, interview, _gate(ctx, deal), ctx.uow.command)
    return _put(ctx, deal, outline, following, before)


def _put(ctx: Context, deal: Deal, outline: Outline, asked: Asked, before: Sequence[str]) -> Card:
    """Put one question and wait for its answer."""
    choices = tuple((one, one) for one in (*asked.options, SKIP))
    slots = {"customer": str(deal.ref), "outline": outline.name, "question": asked.key}
    kept = ask(ctx.uow, "interview.answer", "answer", slots, choices, words=asked.ask)
    place = outline.questions.index(asked)
    return asked_card(deal, outline, place, asked, kept, before)


def _gate(ctx: Context, deal: Deal) -> str:
    """Say what the next stage still lacks."""
    pipeline = ctx.uow.playbook.pipeline(deal.pipeline)
    place = pipeline.place(deal.stage)
    if place + 1 >= len(pipeline.open_stages):
        return ""
    following = pipeline.open_stages[place + 1]
    missing = judge(ctx.uow, deal, following).missing
    if not missing:
        return f"可以推进到{following.name}了"
    return f"推进到{following.name}还缺：{'、'.join(LABELS[need] for need in missing)}"


def _keep(ctx: Context, deal: Deal, interview: Interview, asked: Asked, words: str) -> None:
    """Read an answer as what it fills, and keep it."""
    details = Details()
    if asked.fills in FILLS and asked.fills != NOTE:
        details = replace(details, **_filled(ctx, asked, words))
        check_details(ctx.uow, details)
    elif asked.fills != NOTE:
        write_field(ctx.uow, deal, asked.fills, words, reading(ctx))
    keep_answer(ctx.uow, deal, interview, asked, words, details)


def _filled(ctx: Context, asked: Asked, words: str) -> dict[str, Any]:
    """Return the part of the deal that an answer fills; BadInput says how it may be answered."""
    if asked.fills in ("budget", "amount"):
        amounts = find_amounts(words) or find_amounts(f"金额{words}")
        if not amounts:
            raise BadInput(f"没看懂金额「{words[:20]}」，请写成「80万」或「350000元」，不知道就回复「跳过」")
        return {asked.fills: Money.yuan(amounts[0].yuan)}
    if asked.fills == "expected_close":
        spans = find_times(words, ctx.wall(ctx.uow.now), workdays=WorkWeek(ctx.uow.calendar))
        if not spans:
            raise BadInput(f"没看懂时间「{words[:20]}」，请写成「6月底」或「7月15日」，不知道就回复「跳过」")
        return {"expected_close_on": spans[-1].to}
    if asked.fills == "competitor" and words in NOBODY:
        return {"competitor": NO_RIVAL}
    return {asked.fills: words}
