"""The customer card with all its sides (360): a side is one line in PAGES, a part of the overview one in PARTS."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from bot.cards.as_of import then_card
from bot.cards.card import Button, Card
from bot.cards.completeness import completeness_fields
from bot.cards.overview import (
    account_fields,
    deal_line,
    deal_lines,
    entry_lines,
    overview_card,
    page_button,
    page_card,
    plan_lines,
    promise_lines,
    talk_line,
)
from bot.cards.quotes import STATES as QUOTE_STATES
from bot.cards.rhythm import rhythm_fields
from bot.context import Context
from bot.router import Router
from core.model.contract import STATES as CONTRACT_STATES
from core.model.contract import ContractState
from core.model.customer import Account
from core.model.deal import Deal
from core.model.lead import Lead
from core.model.payment import PaymentKind
from core.model.quote import QuoteState
from core.model.timeline import Mark
from core.services.as_of import as_of
from core.services.contracts import contracts_of
from core.services.customers import Customer, holder_name
from core.services.deals import may_see_deal
from core.services.fields.showing import own_fields
from core.services.followups import recent
from core.services.payments import may_record
from core.services.promises import open_about
from core.services.quotes import quotes_of
from core.services.receivables import owed_by
from core.services.timeline import timeline_of

router = Router()

_EVENING = time(23, 59, 59)
TALKS, TALKS_ON_PAGE, ON_PAGE = 3, 8, 10

Fields = list[tuple[str, str]]


@router.command("account.show", "看看", "查看", "客户卡", "详情")
@router.button("account.show")
def show(ctx: Context, customer: Customer) -> Card:
    """看看 客户名：客户卡，商机、承诺、报价合同、回款和下一步；按钮翻到每一面"""
    return _overview(ctx, customer)


@router.button("account.page")
def turn(ctx: Context, customer: Customer, page: str = "", after: str = "") -> Card:
    """翻到客户卡的一面"""
    chosen = next((one for one in PAGES if one.key == page and one.suits(customer)), None)
    if chosen is None:
        return _overview(ctx, customer)
    lines, further = chosen.lines(ctx, customer, Mark.parse(after) if after else None)
    return page_card(customer, chosen.label, lines, [*further, *_pages(ctx, customer, chosen.key)], chosen.empty)


def _overview(ctx: Context, about: Customer) -> Card:
    holder = holder_name(ctx.uow, about.owner_id)
    fields = [field for part in FIELDS for field in part(ctx, about)]
    lines = [line for part in PARTS for line in part(ctx, about)]
    mine = about.owner_id == ctx.member.id
    return overview_card(about, holder, fields, lines, _pages(ctx, about, OVERVIEW), mine=mine)


@router.command("account.as_of", "回看")
def past(ctx: Context, customer: Customer, at: datetime, day_only: bool | None = None) -> Card:
    """回看 客户名 3月1日：那时的阶段、金额、负责人、承诺和跟进，从历史里拼出来"""
    if day_only:
        at = min(ctx.uow.calendar.at(ctx.wall(at).date(), _EVENING), ctx.uow.now)
    then = as_of(ctx.uow, customer, at)
    return then_card(customer, then, holder_name(ctx.uow, then.owner_id), ctx.uow.calendar)


Lines = tuple[list[str], list[Button]]


@dataclass(frozen=True)
class Page:
    """One side of a customer: `lines` writes it, with buttons of its own; `of_accounts` only customers have."""

    key: str
    label: str
    empty: str
    lines: Callable[[Context, Customer, Mark | None], Lines]
    of_accounts: bool = False

    def suits(self, about: Customer) -> bool:
        return isinstance(about, Account) or not self.of_accounts


def _talks(ctx: Context, about: Customer, _: Mark | None) -> Lines:
    cal = ctx.uow.calendar
    plans = plan_lines(ctx.uow.plans.open_for(about.ref), cal)
    return [*plans, *(talk_line(one, cal, 100) for one in recent(ctx.uow, about, TALKS_ON_PAGE))], []


def _deals(ctx: Context, about: Customer, _: Mark | None) -> Lines:
    lines = []
    for deal in _seen_deals(ctx, about):
        lines.append(f"{deal.ref} {deal_line(deal)}")
        lines += [f"  预算 {deal.budget}"] if deal.budget else []
        lines += [f"  决策人 {deal.decision_maker}"] if deal.decision_maker else []
    return lines, []


def _offers(ctx: Context, about: Customer, _: Mark | None) -> Lines:
    if not isinstance(about, Account):
        return [], []
    found = quotes_of(ctx.uow, about)
    quotes = [f"报价 {one.label} {one.total}（{QUOTE_STATES[QuoteState(one.state)]}）" for one in found]
    contracts = [
        f"合同 {one.number} {one.amount}（{CONTRACT_STATES[ContractState(one.state)]}）"
        for one in contracts_of(ctx.uow, about)
    ]
    return [*contracts[:ON_PAGE], *quotes[:ON_PAGE]], []


def _money(ctx: Context, about: Customer, _: Mark | None) -> Lines:
    if not isinstance(about, Account) or not may_record(ctx.uow, about):
        return [], []
    owed = owed_by(ctx.uow, about)
    day = ctx.wall(ctx.uow.now).date()
    late = f"，逾期 {owed.late(day)}（最久 {owed.late_days(day)} 天）" if owed.late(day).fen > 0 else ""
    head = [f"应收 {owed.open}{late}", f"已收 {owed.received}"] if owed.amount.fen or owed.payments else []
    lines = [
        f"{one.paid_on:%Y-%m-%d} {'回款' if one.kind == PaymentKind.RECEIPT else '退款'} {one.amount}"
        f"{one.note and f' {one.note}'}"
        for one in sorted(owed.payments, key=lambda one: (one.paid_on, one.id), reverse=True)[:ON_PAGE]
    ]
    return [*head, *lines], []


def _timeline(ctx: Context, about: Customer, mark: Mark | None) -> Lines:
    entries, following = timeline_of(ctx.uow, about, mark, ON_PAGE)
    further = [page_button(about, "timeline", "更早", following)] if following is not None else []
    return entry_lines(entries, ctx.uow.calendar), further


OVERVIEW: Final = "overview"

PAGES: Final[tuple[Page, ...]] = (
    Page("talks", "跟进", "还没有跟进记录", _talks),
    Page("deals", "商机", "还没有商机，可以说「给客户名建个商机 产品 金额」", _deals, of_accounts=True),
    Page("offers", "报价合同", "还没有报价和合同", _offers, of_accounts=True),
    Page("money", "回款", "还没有应收和回款", _money, of_accounts=True),
    Page("timeline", "时间线", "还没有记录", _timeline),
)
"""Every side of a customer behind a button; one line a side."""


def _pages(ctx: Context, about: Customer, here: str) -> list[Button]:
    """Lead to every other side."""
    overview = (
        [] if here == OVERVIEW else [Button(label="概览", action="account.show", values={"customer": str(about.ref)})]
    )
    return [
        *overview,
        *(page_button(about, one.key, one.label) for one in PAGES if one.key != here and one.suits(about)),
    ]


def _identity(ctx: Context, about: Customer) -> Fields:
    if isinstance(about, Lead):
        return []
    return account_fields(about, ctx.uow.contacts.of(about.id), holder_name(ctx.uow, about.owner_id))


def _money_field(ctx: Context, about: Customer) -> Fields:
    if not isinstance(about, Account) or not may_record(ctx.uow, about):
        return []
    owed = owed_by(ctx.uow, about)
    if not owed.amount.fen and not owed.payments:
        return []
    day = ctx.wall(ctx.uow.now).date()
    late = f"，逾期 {owed.late(day)}" if owed.late(day).fen > 0 else ""
    return [("应收", f"{owed.open}{late}"), ("已收", str(owed.received))]


FIELDS: Final[tuple[Callable[[Context, Customer], Fields], ...]] = (
    _identity,
    _money_field,
    lambda ctx, about: list(own_fields(ctx.uow, about)),
    lambda ctx, about: list(rhythm_fields(ctx.uow, about)),
    lambda ctx, about: list(completeness_fields(ctx.uow, about)),
)
"""The overview's fields, part by part; one line a part."""


def _deal_part(ctx: Context, about: Customer) -> list[str]:
    return deal_lines(_seen_deals(ctx, about))


def _offer_part(ctx: Context, about: Customer) -> list[str]:
    lines, _ = _offers(ctx, about, None)
    kinds = {line.split(" ", 1)[0]: line for line in reversed(lines)}
    return list(kinds.values())


def _promise_part(ctx: Context, about: Customer) -> list[str]:
    return promise_lines(open_about(ctx.uow, about.ref), ctx.uow.calendar, ctx.uow.now, about)


def _next_part(ctx: Context, about: Customer) -> list[str]:
    plans = plan_lines(ctx.uow.plans.open_for(about.ref), ctx.uow.calendar)
    has_open = any(deal.is_open for deal in _seen_deals(ctx, about))
    return plans or (["没有约下一步，说「跟进 客户名 内容，周三下午再联系」"] if has_open else [])


def _talk_part(ctx: Context, about: Customer) -> list[str]:
    talks = [talk_line(one, ctx.uow.calendar) for one in recent(ctx.uow, about, TALKS)]
    return talks or ["还没有跟进记录"]


PARTS: Final[tuple[Callable[[Context, Customer], list[str]], ...]] = (
    _deal_part,
    _offer_part,
    _promise_part,
    _next_part,
    _talk_part,
)
"""The overview's lines, part by part; one line a part."""


def _seen_deals(ctx: Context, about: Customer) -> list[Deal]:
    if not isinstance(about, Account):
        return []
    return [deal for deal in ctx.uow.deals.of(about.id) if may_see_deal(ctx.uow, deal)]
