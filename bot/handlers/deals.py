"""Deals: opened, moved through their stages, amended, won, lost, listed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot.arguments import AnyDeal, OpenDeal
from bot.cards.card import Card
from bot.cards.deals import (
    amended_card,
    deal_card,
    lost_card,
    moved_card,
    opened_card,
    won_card,
)
from bot.cards.interviews import begin_button, note_lines
from bot.cards.sharing import share_words, waiting_words
from bot.cards.substance import sign_lines
from bot.context import Context
from bot.handlers.quotes import quote_meant, retotal_preview, retotalled_card
from bot.router import Router
from bot.understanding.details import Said, read_details
from bot.workweek import WorkWeek
from core.errors import BadInput, StageNotReady, Unclear
from core.model.contract import ContractState
from core.model.deal import Deal
from core.model.ids import AccountId
from core.model.lead import Lead
from core.model.money import Money
from core.model.playbook import Pipeline, Reason, Stage
from core.services.contracts import sign
from core.services.converting import convert_lead
from core.services.customers import Customer
from core.services.deals import (
    Details,
    Moved,
    amend_deal,
    check_details,
    contracts_for,
    create_deal,
    deal_of,
    judge,
    lose_deal,
    move_deal,
    open_deals,
    require_winnable,
    stage_named,
    win_deal,
)
from core.services.interviews import outlines_for, told_of
from core.services.materials import materials_for
from core.services.sharing import splits_of, team_on_deal
from core.services.substance import signs_for

router = Router()

KINDS = 6
ANOTHER = (("新需求，再建一个", "yes"), ("不建了", "no"))
TOGETHER = (("转客户并建商机", "yes"), ("先不建", "no"))
SIGNED = (("签了，登记签约并赢单", "yes"), ("还没签", "no"))
WHY_BACK = (("客户预算没批", "客户预算没批"), ("需求变了", "需求变了"), ("推进早了", "推进早了"))


@router.command("deal.create", "建商机", "新商机", "新建商机")
def create(
    ctx: Context,
    customer: Customer,
    *,
    amount: Decimal | None = None,
    due_at: date | None = None,
    product: str = "",
    stage: str = "",
    kind: str = "",
    content: str = "",
    certain: bool | None = None,
) -> Card:
    """建商机 客户名 服务器采购 35万 6月底签：给客户建一个商机"""
    if certain is False:
        return Card(title="好的，没有建商机")
    if isinstance(customer, Lead):
        if certain is None:
            words = f"「{customer.name}」还是线索。建商机会先把它转为客户，跟进和计划一起转过去，要办吗？"
            raise Unclear(words, TOGETHER, "certain")
        account = convert_lead(ctx.uow, customer).account
    else:
        account = customer
        standing = open_deals(ctx.uow, account)
        same = next((deal for deal in standing if deal.product == product), None)
        if same is not None and certain is None:
            words = f"「{account.name}」已经有一个进行中的商机：{deal_label(same)}。这是另一个新的需求吗？"
            raise Unclear(words, ANOTHER, "certain")
    pipeline = _kind(ctx, kind)
    product = "" if product == pipeline.name else product
    said = _said(ctx, content)
    details = replace(_details(said), product=product, **_given(amount, due_at, said))
    try:
        deal = create_deal(ctx.uow, account, details, stage, pipeline=pipeline)
    except StageNotReady as lacking:
        raise BadInput(f"{lacking}\n也可以先不说阶段，建好以后再推进") from lacking
    return opened_card(deal, account, ctx.uow.playbook, ctx.uow.calendar, ctx.uow.command)


@router.command("deal.stage", "推进", "推进到")
def move(
    ctx: Context,
    customer: AnyDeal,
    stage: str,
    *,
    amount: Decimal | None = None,
    due_at: date | None = None,
    content: str = "",
    fills: str = "",
    reason: str = "",
) -> Card:
    """推进 客户名 方案报价：把商机推进到一个阶段，缺什么会一次说全"""
    deal = deal_of(ctx.uow, customer.id, lock=True)
    pipeline = ctx.uow.playbook.pipeline(deal.pipeline)
    to = stage_named(pipeline, stage)
    said = _said(ctx, "，".join(filter(None, (content, fills))))
    details = replace(_details(said), **_given(amount, due_at, said))
    if not judge(ctx.uow, deal, to).backward:
        return _moved(ctx, deal, to, details, "")
    why = reason or content
    if not why.strip():
        raise Unclear(f"把「{deal.name}」退回到{to.name}，原因是？", WHY_BACK, "reason")
    moved = move_deal(ctx.uow, deal, to.name, reason=why)
    return _moved_card(ctx, deal, moved)


@router.button("deal.forward")
def forward(ctx: Context, customer: OpenDeal, fills: str = "") -> Card:
    """下一阶段：把商机推进到下一个阶段"""
    deal = deal_of(ctx.uow, customer.id)
    pipeline = ctx.uow.playbook.pipeline(deal.pipeline)
    following = pipeline.stages[pipeline.place(deal.stage) + 1]
    if following not in pipeline.open_stages:
        raise BadInput(f"「{deal.name}」已经在最后一个阶段。谈成了请发送「{deal.name} 赢单」，没成发送「输单」")
    return _moved(ctx, deal, following, Details(), fills)


@router.command("deal.win", "赢单", "签单")
@router.button("deal.win")
def win(
    ctx: Context,
    customer: OpenDeal,
    *,
    amount: Decimal | None = None,
    at: datetime | None = None,
    reason: str = "",
    cause: str = "",
    certain: bool | None = None,
    content: str = "",
    fills: str = "",
) -> Card:
    """赢单 客户名 38.5万：登记赢单，会问赢在哪里"""
    deal = deal_of(ctx.uow, customer.id, lock=True)
    _sign_first(ctx, deal, certain)
    if deal.is_open and (details := _details(_said(ctx, "，".join(filter(None, (content, fills)))))).says_something:
        amend_deal(ctx.uow, deal, details)
    try:
        require_winnable(ctx.uow, deal)
    except StageNotReady as lacking:
        if not lacking.asked:
            raise
        raise Unclear(str(lacking), (), "fills") from lacking
    chosen = _reason(ctx.uow.playbook.reasons.won, cause or reason)
    if deal.is_open and chosen is None:
        choices = tuple((one.name, one.name) for one in ctx.uow.playbook.reasons.won)
        raise Unclear(f"恭喜！「{deal.name}」赢在哪里？", choices, "cause")
    signed = [one.amount for one in contracts_for(ctx.uow, deal) if one.is_binding and one.deal_id == deal.id]
    if amount is not None:
        amend_deal(ctx.uow, deal, Details(amount=Money.yuan(amount)))
    elif deal.is_open and signed and Money.sum(signed) != deal.amount:
        amend_deal(ctx.uow, deal, Details(amount=Money.sum(signed)))  # a deal is worth what was signed
    if deal.is_open and deal.amount is None:
        raise Unclear(f"「{deal.name}」签了多少？请回复金额，例如「38.5万」", (), "amount")
    on = ctx.wall(at).date() if at is not None else None
    win_deal(ctx.uow, deal, reason=chosen.name if chosen else "", note=reason, on=on)
    return won_card(deal, ctx.uow.playbook, ctx.uow.calendar, ctx.uow.command)


@router.command("deal.lose", "输单", "丢单")
@router.button("deal.lose")
def lose(
    ctx: Context, customer: OpenDeal, *, reason: str = "", cause: str = "", competitor: str = "", content: str = ""
) -> Card:
    """输单 客户名 价格太高，选了友商：登记输单，原因必填"""
    deal = deal_of(ctx.uow, customer.id, lock=True)
    reasons = ctx.uow.playbook.reasons.lost
    chosen = _reason(reasons, cause or reason)
    if deal.is_open and chosen is None:
        raise Unclear(f"「{deal.name}」丢在哪里？", tuple((one.name, one.name) for one in reasons), "cause")
    name = chosen.name if chosen else ""
    note = "，".join(words for words in (reason, content) if words and words != name)
    rival = competitor or deal.competitor
    if deal.is_open and not (rival or note):
        raise Unclear(f"「{deal.name}」输给了谁？或者补一句经过", (), "content")
    lose_deal(ctx.uow, deal, reason=name, competitor=rival, note=note)
    return lost_card(deal, ctx.uow.playbook, ctx.uow.calendar, ctx.uow.command)


@router.command("deal.amend", "商机金额", "改商机")
def amend(
    ctx: Context,
    customer: OpenDeal,
    *,
    amount: Decimal | None = None,
    due_at: date | None = None,
    content: str = "",
    what: str = "",
) -> Card:
    """商机金额 客户名 改成36万：改商机的金额或预计签约日"""
    deal = deal_of(ctx.uow, customer.id, lock=True)
    said = _said(ctx, content)
    amount = None if amount == said.budget else amount
    quote = quote_meant(ctx, deal, amount, what)
    if quote is not None and amount is not None:
        return retotalled_card(ctx, quote, Money.yuan(amount))
    before = (deal.amount, deal.expected_close_on)
    facts = tuple((label, f"{was or '没有填'} → {new}") for label, was, new in _facts(deal, said) if new and was != new)
    amend_deal(ctx.uow, deal, replace(_details(said), **_given(amount, due_at, said)))
    return amended_card(deal, before, facts, ctx.uow.command)


@router.preview("deal.stage")
def preview_move(ctx: Context, customer: AnyDeal, stage: str) -> None:
    """Show nothing of its own; a stage that does not exist is said before anybody agrees to it."""
    deal = deal_of(ctx.uow, customer.id)
    stage_named(ctx.uow.playbook.pipeline(deal.pipeline), stage)


@router.preview("deal.amend")
def preview_amend(
    ctx: Context,
    customer: OpenDeal,
    *,
    amount: Decimal | None = None,
    due_at: date | None = None,
    content: str = "",
    what: str = "",
) -> Card:
    """Show what the deal's figures would be instead of what they are; where it has a quote, ask which is meant."""
    deal = deal_of(ctx.uow, customer.id)
    said = _said(ctx, content)
    amount = None if amount == said.budget else amount
    quote = quote_meant(ctx, deal, amount, what)
    if quote is not None and amount is not None:
        return retotal_preview(ctx, quote, Money.yuan(amount))
    if amount is None and due_at is None and said.is_empty():
        raise BadInput("改成什么？请带上新的金额，或以后的日期，例如「华为 预计签约改到7月15日」")
    given = _given(amount, due_at, said)
    check_details(ctx.uow, replace(_details(said), **given))
    fields = [(label, f"{was or '没有填'} → {new}") for label, was, new in _facts(deal, said) if new]
    if amount is not None:
        fields.append(("金额", f"{deal.amount or '没有填'} → {Money.yuan(amount)}"))
    if due_at is not None:
        fields.append(("预计签约", f"{deal.expected_close_on or '没有填'} → {due_at}"))
    return Card(title=f"改商机：{deal.name}", fields=tuple(fields))


@router.command("deal.show", "看商机", "商机")
@router.button("deal.show")
def show(ctx: Context, customer: AnyDeal) -> Card:
    """看商机 客户名：阶段、金额、还缺什么、走到这里用了多久"""
    deal = deal_of(ctx.uow, customer.id)
    pipeline = ctx.uow.playbook.pipeline(deal.pipeline)
    place = pipeline.place(deal.stage)
    following = pipeline.stages[place + 1] if deal.is_open and place + 1 < len(pipeline.open_stages) else None
    missing = judge(ctx.uow, deal, following).missing if following is not None else ()
    account = ctx.uow.accounts.get(AccountId(deal.account_id)) if deal.account_id is not None else None
    stays = ctx.uow.deals.stays(deal.id)
    card = deal_card(deal, account, stays, following, missing, ctx.uow.playbook, ctx.uow.calendar, ctx.uow.now)
    signs = signs_for(ctx.uow, [deal]).get(deal.id, [])
    lines = sign_lines(signs, ctx.uow.playbook.substance.least_signs)
    notes = note_lines(ctx.uow.playbook.outlines, told_of(ctx.uow, [deal]).get(deal.id, []))
    outline = next((one for one in outlines_for(ctx.uow, deal) if deal.stage in one.stages), None)
    begins = (begin_button(deal, outline),) if deal.is_open and outline is not None else ()
    return replace(
        card,
        fields=(*card.fields, *_shared(ctx, deal)),
        text="\n".join([*lines, card.text, *notes]),
        buttons=(*card.buttons, *begins),
    )


def _kind(ctx: Context, words: str) -> Pipeline:
    """Return the kind of deal that was named; where there are several and none was, they are offered."""
    kinds = ctx.uow.playbook.pipelines
    found = next((one for one in kinds if one.name == words), None)
    if found is not None or len(kinds) == 1:
        return found or kinds[0]
    raise Unclear("是哪一类商机？", tuple((one.name, one.name) for one in kinds[:KINDS]), "kind")


def _shared(ctx: Context, deal: Deal) -> tuple[tuple[str, str], ...]:
    """Whose the credit is, where it is not only the holder's, and who was asked and has not answered."""
    splits = splits_of(ctx.uow, [deal])[deal.id]
    team = team_on_deal(ctx.uow, deal)
    names = {number: member.name for number, member in ctx.uow.members.find(splits).items()}
    shown = (("业绩分成", share_words(splits, names) if len(splits) > 1 else ""), ("等对方确认", waiting_words(team)))
    return tuple((label, words) for label, words in shown if words)


def _sign_first(ctx: Context, deal: Deal, certain: bool | None) -> None:
    """Note the signature of the one approved contract by which a deal would be won, once its author says so."""
    contracts = contracts_for(ctx.uow, deal)
    waiting = [one for one in contracts if one.state == ContractState.APPROVED]
    if not deal.is_open or len(waiting) != 1 or any(one.is_binding for one in contracts) or certain is False:
        return
    if certain is None:
        words = f"合同 {waiting[0].number}（{waiting[0].amount}）已批准，还没有登记签约。签回来了吗？"
        raise Unclear(words, SIGNED, "certain")
    sign(ctx.uow, waiting[0])


def deal_label(deal: Deal) -> str:
    """Name a deal so that two can be told apart."""
    return f"{deal.name}（{deal.stage}{f' {deal.amount}' if deal.amount else ''}）"


def _moved(ctx: Context, deal: Deal, to: Stage, details: Details, fills: str) -> Card:
    """Move a deal on; what it lacks is asked for at once, and may come in several answers."""
    if fills:
        details = _details(_said(ctx, fills))
    try:
        moved = move_deal(ctx.uow, deal, to.name, details=details)
    except StageNotReady as lacking:
        if not lacking.asked:
            raise
        raise Unclear(str(lacking), (), "fills") from lacking
    return _moved_card(ctx, deal, moved)


def _moved_card(ctx: Context, deal: Deal, moved: Moved) -> Card:
    uow = ctx.uow
    return moved_card(deal, moved, uow.playbook, uow.calendar, uow.command, materials_for(uow, deal))


def _facts(deal: Deal, said: Said) -> tuple[tuple[str, object, object], ...]:
    """Return what a deal has beside its figures: by name, as it is and as it was said to be."""
    budget = Money.yuan(said.budget) if said.budget is not None else None
    return (
        ("预算", deal.budget, budget),
        ("决策人", deal.decision_maker, said.decision_maker),
        ("竞争对手", deal.competitor, said.competitor),
        ("需求", deal.need, said.need),
    )


def _said(ctx: Context, text: str) -> Said:
    return read_details(text, ctx.wall(ctx.uow.now), WorkWeek(ctx.uow.calendar)) if text else Said()


def _details(said: Said) -> Details:
    return Details(
        need=said.need,
        budget=Money.yuan(said.budget) if said.budget is not None else None,
        amount=Money.yuan(said.amount) if said.amount is not None else None,
        decision_maker=said.decision_maker,
        competitor=said.competitor,
        expected_close_on=said.expected_close_on,
    )


def _given(amount: Decimal | None, due_at: date | None, said: Said) -> dict[str, Any]:
    """Return what the sentence itself says; an amount that was said to be the budget is no amount."""
    given: dict[str, Any] = {}
    if amount is not None and amount != said.budget:
        given["amount"] = Money.yuan(amount)
    if due_at is not None:
        given["expected_close_on"] = due_at
    return given


def _reason(reasons: Sequence[Reason], text: str) -> Reason | None:
    """Return the reason that a sentence names first."""
    named = [(text.find(word), reason) for reason in reasons for word in (reason.name, *reason.words) if word in text]
    return min(named, key=lambda one: one[0])[1] if named else None
