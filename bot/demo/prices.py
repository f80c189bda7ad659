"""Special prices of the demo: some that were granted long ago, and some that wait for whoever decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from core.model.customer import Account
from core.model.member import Member
from core.model.quote import Quote
from core.ports import OpenWork, UnitOfWork
from core.services.approvals.deciding import approve, waiting_for
from core.services.quote_changes import accept_quote
from core.services.quote_lines import Wanted
from core.services.quotes import Terms, create_quote


@dataclass(frozen=True)
class Asking:
    """A special price that a rep asks for, on the so-manieth of their customers, `ago` before the demo begins."""

    who: str
    customer: int
    product: str
    quantity: int
    discount: str
    reason: str
    ago: timedelta
    passed_by: tuple[str, ...] = ()


BEFORE = (
    Asking("zhangwei", 0, "A型服务器", 6, "8", "首单，想做个样板", timedelta(days=70), ("wangqiang",)),
    Asking("zhangwei", 0, "伺服电机", 30, "10", "年度框架的第一批", timedelta(days=34), ("wangqiang",)),
)
WAITING = (
    Asking("zhangwei", 0, "A型服务器", 8, "10", "对手报到 9 折，客户这周定", timedelta(minutes=95)),
    Asking("zhangwei", 1, "控制柜", 12, "15", "二期还有 300 万，先拿下一期", timedelta(hours=6), ("wangqiang",)),
    Asking("lina", 0, "伺服电机", 60, "18", "量大，客户要求年底前到货", timedelta(hours=3)),
    Asking("zhangwei", 2, "伺服电机", 8, "7", "老客户复购", timedelta(minutes=40)),
)


def offer_before(past: OpenWork, members: Mapping[str, Member], now: datetime) -> None:
    """Live through offers that customers have accepted long ago."""
    for asking in BEFORE:
        quote = _ask(past, members, asking, now - asking.ago)
        if quote is None:
            continue
        _agree(past, members, asking, quote, now - asking.ago + timedelta(hours=2))
        with past(members[asking.who], now=now - asking.ago + timedelta(days=2)) as uow:
            accept_quote(uow, uow.quotes.get(quote.id))


def ask_for_prices(open_work: OpenWork, members: Mapping[str, Member], now: datetime) -> None:
    """Let a few special prices wait for whoever decides; their cards are on the screens when the demo begins."""
    for asking in sorted(WAITING, key=lambda one: one.ago, reverse=True):
        quote = _ask(open_work, members, asking, now - asking.ago)
        if quote is not None:
            _agree(open_work, members, asking, quote, now - asking.ago + timedelta(minutes=20))


def _ask(work: OpenWork, members: Mapping[str, Member], asking: Asking, at: datetime) -> Quote | None:
    with work(members[asking.who], now=at, channel="wecom") as uow:
        account = _customer(uow, members[asking.who], asking.customer)
        if account is None:
            return None
        line = Wanted(words=asking.product, quantity=Decimal(asking.quantity))
        return create_quote(uow, account, [line], Terms(discount=Decimal(asking.discount), reason=asking.reason))


def _customer(uow: UnitOfWork, member: Member, place: int) -> Account | None:
    """Return one of a rep's customers, the longest known first."""
    held = sorted(uow.accounts.held_by(member.id), key=lambda one: one.id)
    return held[place] if place < len(held) else None


def _agree(work: OpenWork, members: Mapping[str, Member], asking: Asking, quote: Quote, at: datetime) -> None:
    for name in asking.passed_by:
        with work(members[name], now=at, channel="wecom") as uow:
            for task, approval in waiting_for(uow, members[name].id):
                if approval.subject == quote.ref:
                    approve(uow, approval.id, task.number)
