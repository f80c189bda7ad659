"""Matters of every kind that wait when the demo begins: a stage, terms, more time, an export, a deletion."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from bot.demo.agreements import HONGDA, customer_named
from core.errors import Refusal
from core.model.approval import Demand
from core.model.contract import ContractTerms
from core.model.deal import Deal
from core.model.lead import Lead
from core.model.member import Member
from core.model.money import Money
from core.ports import OpenWork, UnitOfWork
from core.services.approvals.deciding import approve, send_back
from core.services.approvals.submitting import submit
from core.services.contract_approval import PAYMENT_TERMS, terms_title_of
from core.services.contracts import draw_up
from core.services.deal_stages import STAGE, title_of
from core.services.deletions import ask_deletion
from core.services.export_matter import EXPORT
from core.services.exports import Wish, hold_export, size_of
from core.services.exports import title_of as export_title
from core.services.extensions import ask_extension
from core.services.quote_lines import Wanted
from core.services.quotes import Terms, create_quote

REP, ROOKIE, MANAGER = "zhangwei", "chenchen", "wangqiang"


def ask_about_everything(open_work: OpenWork, members: Mapping[str, Member], now: datetime) -> None:
    """Let one matter of each kind wait for somebody; what finds nothing to be about is left out."""
    asked: tuple[tuple[str, timedelta, Callable[[UnitOfWork], None]], ...] = (
        (REP, timedelta(hours=5), _a_stage),
        (ROOKIE, timedelta(hours=4), _an_export),
        (REP, timedelta(hours=2), _more_time),
        (ROOKIE, timedelta(minutes=70), _a_deletion),
    )
    for who, ago, ask in asked:
        with open_work(members[who], now=now - ago, channel="wecom") as uow:
            ask(uow)
    _terms(open_work, now - timedelta(minutes=150))
    _under_a_condition(open_work, members, now - timedelta(hours=1))
    _sent_back(open_work, members, now - timedelta(minutes=50))


def _a_stage(uow: UnitOfWork) -> None:
    """A deal that shall go on to the negotiation, which this company decides about."""
    deals = [one for one in uow.deals.open_held_by([uow.actor.id]) if not uow.approvals.running_on(one.ref)]
    for deal in sorted(deals, key=_worth, reverse=True):
        stages = [stage.name for stage in uow.playbook.pipeline(deal.pipeline).stages]
        place = stages.index(deal.stage) if deal.stage in stages else len(stages)
        if place + 1 < len(stages) and deal.amount is not None and deal.stage == "方案报价":
            deal.wanted_stage = stages[place + 1]
            uow.flush()
            submit(uow, STAGE, deal.ref, title=title_of(deal), reason="客户口头认可方案，想约采购谈合同")
            return


def _worth(deal: Deal) -> int:
    return deal.amount.fen if deal.amount is not None else 0


def _an_export(uow: UnitOfWork) -> None:
    wish = Wish(kind="account", numbers=True)
    try:
        size = size_of(uow, wish)
    except Refusal:
        return
    job = hold_export(uow, wish, size)
    submit(uow, EXPORT, job.ref, title=export_title(size, wish), reason="下周出差，路上打电话用")


def _more_time(uow: UnitOfWork) -> None:
    """More time for the lead that goes first."""
    held = [lead for lead in uow.leads.held_by(uow.actor.id) if _leaves(uow, lead) is not None]
    for lead in sorted(held, key=lambda one: _leaves(uow, one) or uow.now):
        try:
            with uow.attempt():
                ask_extension(uow, lead, None, "客户出差，周五才回来")
                return
        except Refusal:
            continue


def _leaves(uow: UnitOfWork, lead: Lead) -> datetime | None:
    return min((one.limit_at for one in uow.deadlines.of(lead.ref) if one.kind == "recycle"), default=None)


def _a_deletion(uow: UnitOfWork) -> None:
    for lead in uow.leads.held_by(uow.actor.id):
        if not uow.approvals.running_on(lead.ref):
            ask_deletion(uow, lead, "和老客户是同一家，录重了")
            return


def _terms(open_work: OpenWork, at: datetime) -> None:
    account, holder = customer_named(open_work, HONGDA)
    with open_work(holder, now=at, channel="wecom") as uow:
        terms = ContractTerms(amount=Money.yuan(Decimal(168_000)), title="宏达变频器二期", payment_days=90)
        contract = draw_up(uow, account, terms)
        contract.state = "pending"
        uow.flush()
        title = terms_title_of(uow, contract)
        submit(uow, PAYMENT_TERMS, contract.ref, title=title, reason="对方财务季度付款，最快 90 天")


def _under_a_condition(open_work: OpenWork, members: Mapping[str, Member], at: datetime) -> None:
    """王强 agrees if it is no less than 92 %; 张伟 has to say whether they take it."""
    number = _asks_for(open_work, members[REP], at - timedelta(minutes=40), place=3, discount="10", reason="对手 88 折")
    if number:
        demand = Demand(task=0, says="最多92折", field="discount", op="<=", value="8%")
        with open_work(members[MANAGER], now=at, channel="wecom") as uow:
            approve(uow, number, demand=demand)


def _sent_back(open_work: OpenWork, members: Mapping[str, Member], at: datetime) -> None:
    """王强 wants to know what the other side offers; 陈晨 has to mend it."""
    number = _asks_for(
        open_work, members[ROOKIE], at - timedelta(minutes=30), place=0, discount="9", reason="客户要优惠"
    )
    if number:
        with open_work(members[MANAGER], now=at, channel="wecom") as uow:
            send_back(uow, number, "补上竞品报价，再说说为什么是 9 个点")


def _asks_for(open_work: OpenWork, member: Member, at: datetime, *, place: int, discount: str, reason: str) -> int:
    """Let a rep ask for a special price for one of their customers; return the approval's number, or 0."""
    with open_work(member, now=at, channel="wecom") as uow:
        held = sorted(uow.accounts.held_by(member.id), key=lambda one: one.id)
        if place >= len(held):
            return 0
        line = Wanted(words="变频器", quantity=Decimal(20))
        quote = create_quote(uow, held[place], [line], Terms(discount=Decimal(discount), reason=reason))
        running = uow.approvals.running_on(quote.ref)
        return running[0].id if running else 0
