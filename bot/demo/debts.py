"""What is owed to customers and shared with colleagues: promises of every state, a deal for two, BANT half asked."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal

from bot.demo.agreements import customer_named
from core.model.customer import Account
from core.model.deal import Deal
from core.model.member import Member
from core.model.money import Money
from core.model.promise import PromiseState
from core.ports import OpenWork, UnitOfWork
from core.services.deals import Details
from core.services.interviews import begin_interview, keep_answer, outline_called
from core.services.promises import Told, keep_promises, settle_promise
from core.services.sharing import answer_share, ask_share

HUAWEI, ZTE = "华为技术有限公司", "中兴通讯股份有限公司"
COLLEAGUE = "lina"


def owe(open_work: OpenWork, members: Mapping[str, Member], now: datetime) -> None:
    """Let promises stand, one be kept, one be late; share a deal with a colleague; ask half of BANT of another."""
    huawei, holder = customer_named(open_work, HUAWEI)
    zte, other = customer_named(open_work, ZTE)
    _promises(open_work, holder, huawei, now - timedelta(days=9), "答应周五前发技术参数表", "资料", days=2, kept=True)
    _promises(open_work, holder, huawei, now - timedelta(hours=5), "答应明天下班前给最终价", "报价", days=1)
    _promises(open_work, other, zte, now - timedelta(days=4), "答应上会前补一份扩容方案", "方案", days=3)
    _promises(open_work, other, zte, now - timedelta(hours=4), "对方承诺下周给预算批复", "", days=6, theirs=True)
    _shares(open_work, members, holder, huawei, now - timedelta(hours=3))
    _asks(open_work, other, zte, now - timedelta(hours=2))


def _promises(
    open_work: OpenWork,
    holder: Member,
    account: Account,
    at: datetime,
    words: str,
    thing: str,
    *,
    days: int,
    kept: bool = False,
    theirs: bool = False,
) -> None:
    with open_work(holder, now=at) as uow:
        about = uow.accounts.get(account.id)
        due = uow.calendar.at(uow.calendar.local(at).date() + timedelta(days=days), time(18))
        told = Told(words=words, thing=thing, theirs=theirs, due_at=due)
        ledger = keep_promises(uow, about, uow.followups.of(about.ref, 1)[0], [told])
        if kept:
            for promise in ledger.fresh:
                settle_promise(uow, promise, PromiseState.KEPT)


def _shares(open_work: OpenWork, members: Mapping[str, Member], holder: Member, account: Account, at: datetime) -> None:
    with open_work(holder, now=at) as uow:
        deal = _open_deal(uow, account)
        share = ask_share(uow, deal, members[COLLEAGUE], 30).id if deal is not None else 0
    if share:
        with open_work(members[COLLEAGUE], now=at + timedelta(minutes=9)) as uow:
            answer_share(uow, share, agree=True)


def _asks(open_work: OpenWork, holder: Member, account: Account, at: datetime) -> None:
    with open_work(holder, now=at) as uow:
        deal = _open_deal(uow, account)
        if deal is None:
            return
        outline = outline_called(uow, deal, "BANT")
        interview, _ = begin_interview(uow, deal, outline)
        budget, decider = outline.questions[:2]
        keep_answer(uow, deal, interview, budget, "30万", Details(budget=Money.yuan(Decimal(300_000))))
        keep_answer(uow, deal, interview, decider, "李总", Details(decision_maker="李总"))


def _open_deal(uow: UnitOfWork, account: Account) -> Deal | None:
    return next(iter(uow.deals.open_of(account.id)), None)
