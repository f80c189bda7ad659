"""Deals: opened, moved through their stages, amended, won, lost, and spoken of when they stand still."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from core.errors import BadInput, NotAllowed, NotFound, StageNotReady, UnderApproval
from core.model.contract import Contract, ContractState
from core.model.customer import Account
from core.model.deadline import Deadline
from core.model.deal import Deal, ShareState
from core.model.ids import AccountId, DealId, MemberId
from core.model.money import Money
from core.model.playbook import Need, Outcome, Pipeline, Stage
from core.model.quote import QuoteState
from core.notices import DealLine, DealsStale
from core.ports import UnitOfWork
from core.rules.permissions import scope_of
from core.rules.stages import ANSWERABLE, LABELS, PAPERS, Move, Surroundings, judge_move, last_touch, stale_at
from core.services.approvals.submitting import changed, pending_on, submit
from core.services.customers import holder_name, require_own
from core.services.deal_clocks import grades_of, set_deal_clock
from core.services.deal_stages import STAGE, enter_stage, new_stay, title_of

MOST_YUAN = 100_000_000_000
WORDS = 200
HOW = {
    Need.CONTACT: "发送「加联系人 客户名 王工 13912345678」",
    Need.SOURCE: "发送「客户名 来源 展会」",
    Need.QUOTE_SENT: "先「给客户名出个报价 产品 数量」，发给客户后点「已发给客户」",
    Need.QUOTE_ACCEPTED: "客户答应了请发送「客户接受报价 客户名」",
    Need.CONVERSATION: "先记一次有效跟进，例如「跟进 客户名 电话聊了需求」",
    Need.CONTRACT_APPROVED: "发送「拟合同 客户名 金额」，批准以后就有了",
    Need.SIGNED_CONTRACT: "签回来发送「登记签约 客户名」",
    Need.SIGNED_FILE: "把签好的合同（PDF 或照片）发到这里",
}
"""How that is put on record which cannot be said in the answer."""


@dataclass(frozen=True, kw_only=True)
class Details:
    """What somebody says about a deal; what is empty stays as it is."""

    need: str = ""
    budget: Money | None = None
    decision_maker: str = ""
    competitor: str = ""
    amount: Money | None = None
    expected_close_on: date | None = None
    product: str = ""

    @property
    def says_something(self) -> bool:
        return self != Details()


@dataclass(frozen=True)
class Moved:
    """Where a deal stood before, and which stages it skipped; `waits` for whoever must agree to the move."""

    before: str
    skipped: tuple[str, ...]
    waits: bool = False


def deal_of(uow: UnitOfWork, deal_id: DealId, *, lock: bool = False) -> Deal:
    """Return a deal that the actor may see; else NotFound, worded as if it did not exist."""
    deal = uow.deals.get(deal_id, lock=lock)
    if not may_see_deal(uow, deal):
        raise NotFound(str(deal.ref))
    return deal


def may_see_deal(uow: UnitOfWork, deal: Deal) -> bool:
    """Say whether a deal lies in the actor's scope: it or its account is theirs or their people's, or shared."""
    scope = scope_of(uow.actor)
    if scope.everything or shares_in(uow, deal):
        return True
    owners = [deal.owner_id]
    if deal.account_id is not None:
        owners.append(uow.accounts.get(deal.account_id).owner_id)
    members = uow.members.find(owner for owner in owners if owner is not None)
    return any(scope.covers(member.id, member.department) for member in members.values())


def shares_in(uow: UnitOfWork, deal: Deal) -> bool:
    """Say whether the actor has agreed to a share of a deal that somebody else holds."""
    if deal.owner_id == uow.actor.id or not uow.actor.id or not uow.actor.active:
        return False
    theirs = uow.deals.shared_with(uow.actor.id)
    return any(one.deal_id == deal.id and one.state == ShareState.AGREED for one in theirs)


def shared_deals(uow: UnitOfWork) -> list[Deal]:
    """Return the open deals of others that the actor has agreed to share."""
    if not uow.actor.active:
        return []
    agreed = {one.deal_id for one in uow.deals.shared_with(uow.actor.id) if one.state == ShareState.AGREED}
    return [deal for deal in uow.deals.find(agreed) if deal.is_open and deal.owner_id != uow.actor.id]


def open_deals(uow: UnitOfWork, account: Account) -> list[Deal]:
    """Return the open deals of an account that the actor may see."""
    return [deal for deal in uow.deals.open_of(account.id) if may_see_deal(uow, deal)]


def create_deal(
    uow: UnitOfWork, account: Account, details: Details, stage: str = "", *, pipeline: Pipeline | None = None
) -> Deal:
    """Open a deal of an account in the first stage of its kind, or in a later one whose gates it passes."""
    require_own(uow, account)
    check_details(uow, details)
    pipeline = pipeline or uow.playbook.pipelines[0]
    first = pipeline.open_stages[0]
    uow.does("deal.create")
    deal = Deal(
        name=f"{account.short_name or account.name}{details.product or '商机'}"[:WORDS],
        account_id=account.id,
        owner_id=account.owner_id or uow.actor.id or None,
        pipeline=pipeline.name,
        stage=first.name,
        begun_on=uow.calendar.local(uow.now).date(),
        created_by=uow.actor.id or None,
        created_at=uow.now,
        updated_at=uow.now,
    )
    _apply(deal, details)
    begin_deal(uow, deal, first)
    wanted = stage_named(pipeline, stage) if stage else first
    if wanted.name != first.name:
        move_deal(uow, deal, wanted.name)
    return deal


def begin_deal(uow: UnitOfWork, deal: Deal, first: Stage) -> None:
    """Keep a new deal in its first stage."""
    deal.enter(first.name, first.outcome, uow.now)
    uow.deals.add(deal)
    uow.flush()
    uow.deals.add_stay(new_stay(uow, deal))
    set_deal_clock(uow, deal)


def stage_named(pipeline: Pipeline, name: str) -> Stage:
    """Return the stage that is called so; BadInput names those there are."""
    stage = pipeline.stage(name)
    if stage is None:
        raise BadInput(f"没有「{name}」这个阶段，可以是：{'、'.join(one.name for one in pipeline.stages)}")
    return stage


def judge(uow: UnitOfWork, deal: Deal, stage: Stage) -> Move:
    """Say what the deal lacks for `stage`, now."""
    return judge_move(deal, stage, uow.playbook.pipeline(deal.pipeline), _around(uow, deal))


def move_deal(uow: UnitOfWork, deal: Deal, stage: str, *, reason: str = "", details: Details | None = None) -> Moved:
    """Move an open deal to another open stage, or open a lost one again.

    Refuses with StageNotReady, which names everything missing at once, and with BadInput for a way back without a
    reason and for a deal that is over too long. Where the playbook wants a stage approved, the deal waits.
    """
    _require_deal(uow, deal)
    pipeline = uow.playbook.pipeline(deal.pipeline)
    to = stage_named(pipeline, stage)
    if to.outcome is not Outcome.OPEN:
        raise BadInput(f"{to.name}要写原因，请说「{deal.name} {'赢单' if to.outcome is Outcome.WON else '输单'}」")
    if to.name == deal.stage:
        raise BadInput(f"「{deal.name}」已经在{to.name}{_by_whom(uow, deal)}，没有改动")
    if not deal.is_open:
        _require_recent(uow, deal, pipeline)
    if details is not None:
        check_details(uow, details)
        _apply(deal, details)
    move = judge(uow, deal, to)
    if move.missing:
        raise _not_ready(deal, to, move)
    if move.backward and not reason.strip():
        raise BadInput(f"退回到{to.name}要写原因，例如「{deal.name} 退回{to.name}，客户预算没批」")
    here, there = pipeline.place(deal.stage), pipeline.place(to.name)
    skipped = () if move.backward else tuple(stage.name for stage in pipeline.stages[here + 1 : there])
    before = deal.stage
    uow.does("deal.stage")
    passing = () if move.backward else (*pipeline.stages[here + 1 : there], to)
    if any(stage.approval for stage in passing):
        return Moved(before, skipped, waits=_ask_first(uow, deal, to, reason))
    _require_decided(uow, deal)
    if not deal.is_open:
        deal.reopen()
    enter_stage(uow, deal, to, reason)
    return Moved(before, skipped)


def _ask_first(uow: UnitOfWork, deal: Deal, to: Stage, reason: str) -> bool:
    """Ask whoever must agree to a move; say whether the deal waits for them."""
    running = pending_on(uow, deal.ref)
    deal.wanted_stage = to.name
    uow.flush()
    if running is None:
        submit(uow, STAGE, deal.ref, title=title_of(deal), reason=reason)
    elif not changed(uow, deal.ref) and deal.wanted_stage:
        raise UnderApproval(running.title, str(running.ref))
    return bool(deal.wanted_stage)


def _require_decided(uow: UnitOfWork, deal: Deal) -> None:
    """Refuse to move a deal by another way while somebody decides where it goes."""
    running = pending_on(uow, deal.ref) if deal.wanted_stage else None
    if running is not None:
        raise UnderApproval(running.title, str(running.ref))


def amend_deal(uow: UnitOfWork, deal: Deal, details: Details) -> None:
    """Change what is known of a deal."""
    _require_deal(uow, deal)
    if not details.says_something:
        raise BadInput("改什么？例如「华为 金额改成36万」或「华为 预计签约改到7月15日」")
    check_details(uow, details)
    uow.does("deal.amend")
    _apply(deal, details)
    deal.touch(uow.now)
    set_deal_clock(uow, deal)
    if deal.wanted_stage:
        changed(uow, deal.ref)


def require_winnable(uow: UnitOfWork, deal: Deal) -> None:
    """Refuse with StageNotReady, which names everything that an open deal lacks to be won, but for its amount."""
    to = uow.playbook.pipeline(deal.pipeline).ending(Outcome.WON)
    move = judge(uow, deal, to)
    lacking = tuple(need for need in move.missing if need is not Need.AMOUNT)
    if deal.is_open and lacking:
        raise _not_ready(deal, to, replace(move, missing=lacking))


def win_deal(uow: UnitOfWork, deal: Deal, *, reason: str, note: str = "", on: date | None = None) -> None:
    """Win an open deal. Refuses without a reason, and with StageNotReady without an amount."""
    _end(uow, deal, Outcome.WON, reason=reason, note=note, on=on)


def lose_deal(
    uow: UnitOfWork, deal: Deal, *, reason: str, competitor: str = "", note: str = "", on: date | None = None
) -> None:
    """Lose an open deal, from any stage, for a reason and with a competitor or a note."""
    if not competitor.strip() and not note.strip():
        raise BadInput("输单除了原因，还要写输给了谁，或者补一句经过")
    if competitor:
        deal.competitor = competitor[:WORDS]
    _end(uow, deal, Outcome.LOST, reason=reason, note=note, on=on)


def deals_standing_still(uow: UnitOfWork, due: Sequence[Deadline]) -> None:
    """Tell each holder once of the deals that nobody has touched for too long."""
    still: dict[MemberId, list[DealLine]] = {}
    deals = uow.deals.find(DealId(deadline.subject_id) for deadline in due)
    grades = grades_of(uow, deals)
    for deal in deals:
        pipeline = uow.playbook.pipeline(deal.pipeline)
        limit, since = stale_at(deal, pipeline, uow.calendar, grades.get(deal.id, "")), last_touch(deal)
        if limit is not None and since is not None and uow.now > limit and deal.owner_id is not None:
            account = f"account:{deal.account_id}" if deal.account_id is not None else ""
            still.setdefault(deal.owner_id, []).append(DealLine(str(deal.ref), deal.name, deal.stage, since, account))
        set_deal_clock(uow, deal)
    for holder, lines in still.items():
        uow.tell(DealsStale(to=holder, deals=tuple(sorted(lines, key=lambda line: line.at))))


def stale_deals(uow: UnitOfWork, member_ids: Sequence[MemberId], *, days: int | None = None) -> list[Deal]:
    """Return the open deals of these members that stand still, the longest first.

    `days` without anybody's doing are asked for instead of what their stages allow.
    """
    found = []
    deals = uow.deals.open_held_by(member_ids)
    grades = grades_of(uow, deals)
    for deal in deals:
        if days is not None:
            limit: datetime | None = (last_touch(deal) or deal.created_at) + timedelta(days=days)
        else:
            limit = stale_at(deal, uow.playbook.pipeline(deal.pipeline), uow.calendar, grades.get(deal.id, ""))
        if limit is not None and uow.now > limit:
            found.append((limit, deal.id, deal))
    return [deal for _, _, deal in sorted(found, key=lambda one: one[:2])]


def _end(uow: UnitOfWork, deal: Deal, outcome: Outcome, *, reason: str, note: str, on: date | None) -> None:
    _require_deal(uow, deal)
    pipeline = uow.playbook.pipeline(deal.pipeline)
    to, said = pipeline.ending(outcome), "赢单" if outcome is Outcome.WON else "输单"
    if not deal.is_open:
        raise BadInput(f"「{deal.name}」已经是{deal.stage}{_by_whom(uow, deal)}，没有改动")
    reasons = uow.playbook.reasons.won if outcome is Outcome.WON else uow.playbook.reasons.lost
    if reason not in {one.name for one in reasons}:
        raise BadInput(f"{said}的原因请从这些里选：{'、'.join(one.name for one in reasons)}")
    today = uow.calendar.local(uow.now).date()
    if on is not None and on > today:
        raise BadInput(f"{said}日期在将来，请核对后再发一次")
    move = judge(uow, deal, to)
    if move.missing:
        raise _not_ready(deal, to, move)
    _require_decided(uow, deal)
    uow.does("deal.win" if outcome is Outcome.WON else "deal.lose")
    deal.close(reason, note[: 10 * WORDS], on or today)
    enter_stage(uow, deal, to, reason)


def _around(uow: UnitOfWork, deal: Deal) -> Surroundings:
    if deal.account_id is None:
        return Surroundings(has_contact=False, has_source=False, was_talked_to=False)
    account = uow.accounts.get(AccountId(deal.account_id))
    quotes = uow.quotes.of_deal(deal.id) if deal.id is not None else []
    return Surroundings(
        has_contact=bool(uow.contacts.of(account.id)),
        has_source=bool(account.source),
        was_talked_to=uow.followups.last_valid(account.ref) is not None,
        **_papers(uow, deal),
        has_quote_sent=any(quote.sent_at is not None for quote in quotes),
        has_quote_accepted=any(quote.state == QuoteState.ACCEPTED for quote in quotes),
    )


def has_papers(uow: UnitOfWork, deal: Deal) -> tuple[bool, bool]:
    """Say whether anything was quoted for a deal, and whether a contract was drawn up."""
    if deal.account_id is None:
        return False, False
    quotes = uow.quotes.of_account(AccountId(deal.account_id))
    return any(one.deal_id in (None, deal.id) for one in quotes), bool(contracts_for(uow, deal))


def _papers(uow: UnitOfWork, deal: Deal) -> dict[str, bool]:
    """Say what of contracts a deal has; without a stage that asks for one, nobody looks."""
    stages = uow.playbook.pipeline(deal.pipeline).stages
    if deal.account_id is None or not any(PAPERS & {*stage.entry, *stage.exit} for stage in stages):
        return {}
    contracts = contracts_for(uow, deal)
    return {
        "has_approved_contract": any(one.state == ContractState.APPROVED or one.is_binding for one in contracts),
        "has_signed_contract": any(one.is_binding for one in contracts),
        "has_signed_file": any(one.is_binding and one.signed_file for one in contracts),
    }


def contracts_for(uow: UnitOfWork, deal: Deal) -> list[Contract]:
    """Return the contracts that a deal may be won by: its own, and its account's that belong to no deal."""
    if deal.account_id is None:
        return []
    own = uow.contracts.of([AccountId(deal.account_id)])
    ended = (ContractState.TERMINATED,)
    return [one for one in own if one.deal_id in (None, deal.id) and one.state not in ended]


def _not_ready(deal: Deal, to: Stage, move: Move) -> StageNotReady:
    asked = tuple(LABELS[need] for need in move.missing if need in ANSWERABLE or need not in HOW)
    undone = tuple((LABELS[need], HOW[need]) for need in move.missing if need in HOW)
    return StageNotReady(deal.name, to.name, asked, undone)


def _require_deal(uow: UnitOfWork, deal: Deal) -> None:
    if not may_see_deal(uow, deal):
        raise NotAllowed("改动这个商机")


def _require_recent(uow: UnitOfWork, deal: Deal, pipeline: Pipeline) -> None:
    """Refuse to open again what was won, and what was lost too long ago."""
    if deal.outcome == Outcome.WON:
        raise BadInput(f"「{deal.name}」已经赢单，不能再推进。有新的需求请再建一个商机")
    ended = deal.stage_since
    if ended is not None and uow.now - ended > pipeline.reopen_within:
        days = pipeline.reopen_within.days
        raise BadInput(f"「{deal.name}」输单已经超过 {days} 天，不能再打开。请新建一个商机")


def _by_whom(uow: UnitOfWork, deal: Deal) -> str:
    """Say who moved a deal where it stands, if it was somebody else."""
    stay = uow.deals.open_stay(deal.id)
    if stay is None or stay.entered_by in (None, uow.actor.id):
        return ""
    return f"（{holder_name(uow, stay.entered_by)} {uow.calendar.local(stay.entered_at):%m-%d %H:%M}）"


def check_details(uow: UnitOfWork, details: Details) -> None:
    """Refuse what no deal can have: no amount at all, an unheard-of one, a day that is over."""
    for label, money in (("金额", details.amount), ("预算", details.budget)):
        if money is not None and not 0 < money.fen < MOST_YUAN * 100:
            raise BadInput(f"{label}要大于 0、小于一千亿，请核对后再发一次")
    expected = details.expected_close_on
    if expected is not None and expected < uow.calendar.local(uow.now).date():
        raise BadInput(f"预计签约日 {expected:%Y-%m-%d} 已经过去了，请换一个以后的日期")


def _apply(deal: Deal, details: Details) -> None:
    """Write down what was said."""
    if details.need:
        deal.need = details.need
    if details.decision_maker:
        deal.decision_maker = details.decision_maker[:64]
    if details.competitor:
        deal.competitor = details.competitor[:WORDS]
    deal.product = (details.product or deal.product)[:WORDS]
    deal.amount = details.amount or deal.amount
    deal.budget = details.budget or deal.budget
    deal.expected_close_on = details.expected_close_on or deal.expected_close_on
