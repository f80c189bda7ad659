"""What keeps a record with its holder: the facts that recycle rules are judged by, asked for many records at once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from core.calendar import MIDNIGHT, ONE_DAY
from core.model.customer import Account
from core.model.ids import MemberId, Ref
from core.model.lead import Lead
from core.model.member import Member
from core.model.playbook import Exempt, Holds, Outcome
from core.model.request import RequestKind
from core.ports import UnitOfWork
from core.rules.recycling import Facts, Keep, Record, are_ruled, deadlines_of, held_since, is_held
from core.services.approvals.customers import customers_of
from core.services.standings import owed_sums

LONGEST_ABSENCE = 400

Keeper = Callable[[UnitOfWork, Sequence[Record]], Iterable[tuple[Ref, Keep]]]


def waiting_extensions(uow: UnitOfWork, records: Sequence[Record]) -> Iterable[tuple[Ref, Keep]]:
    """While a leader has an extension to decide, for as long as the playbook says."""
    held = {record.ref: record for record in records if held_since(record) != uow.now}  # nobody has asked yet
    if not held:
        return
    for request in uow.requests.open_about(held):
        record = held.get(request.customer) if request.customer is not None else None
        if record is None or request.kind != RequestKind.EXTENSION or request.cycle != record.cycle:
            continue
        until = request.created_at + uow.playbook.extensions.waits
        yield record.ref, Keep(kind=Exempt.APPROVAL, why="等主管批延期", until=until)


def open_deals(uow: UnitOfWork, records: Sequence[Record]) -> Iterable[tuple[Ref, Keep]]:
    """While an account has a deal that is not closed."""
    for record in records:
        if isinstance(record, Account):
            for deal in uow.deals.of(record.id):
                if deal.is_open:
                    why = f"商机「{deal.name}」在{deal.stage}"
                    yield record.ref, Keep(kind=Exempt.OPEN_DEAL, why=why, stage=deal.stage)


def contracts_in_force(uow: UnitOfWork, records: Sequence[Record]) -> Iterable[tuple[Ref, Keep]]:
    """Until the end of the day on which an account's contract ends."""
    for record in records:
        ends_on = record.contract_ends_on if isinstance(record, Account) else None
        if ends_on is not None:
            until = uow.calendar.at(ends_on + ONE_DAY, MIDNIGHT)
            yield record.ref, Keep(kind=Exempt.CONTRACT, why=f"合同到 {ends_on:%Y-%m-%d}", until=until)


def receivables(uow: UnitOfWork, records: Sequence[Record]) -> Iterable[tuple[Ref, Keep]]:
    """While an account owes money under a signed contract or for an order."""
    ids = [record.id for record in records if isinstance(record, Account)]
    for account_id, open_sum in owed_sums(uow, ids).items():
        yield Ref("account", account_id), Keep(kind=Exempt.RECEIVABLE, why=f"还有应收 {open_sum}")


def open_approvals(uow: UnitOfWork, records: Sequence[Record]) -> Iterable[tuple[Ref, Keep]]:
    """While somebody sits on what the holder has asked for about the record: a quote at finance is no neglect.

    An extension keeps it only for as long as the playbook says (`waiting_extensions`).
    """
    owners = {record.owner_id for record in records if record.owner_id is not None}
    running = uow.approvals.running_by(owners) if owners else []
    if not running:
        return
    held, about = {record.ref: record.owner_id for record in records}, customers_of(uow, running)
    for approval in running:
        ref = about.get(approval.id)
        if approval.kind != RequestKind.EXTENSION and ref is not None and held.get(ref) == approval.submitter_id:
            yield ref, Keep(kind=Exempt.APPROVAL, why=f"「{approval.title}」在审批")


KEEPERS: tuple[Keeper, ...] = (waiting_extensions, open_deals, contracts_in_force, receivables, open_approvals)
"""Whoever knows a reason to keep records."""


def reasons_to_keep(uow: UnitOfWork, records: Sequence[Record]) -> dict[Ref, tuple[Keep, ...]]:
    """Ask everybody who may know one for the reasons to keep these records where they are."""
    found: dict[Ref, tuple[Keep, ...]] = {}
    for keeper in KEEPERS:
        for ref, keep in keeper(uow, records):
            found[ref] = (*found.get(ref, ()), keep)
    return found


def facts_of(uow: UnitOfWork, records: Sequence[Record]) -> dict[Ref, Facts]:
    """Return what the rules must know of each record; what no rule asks for is not looked up."""
    judged = [record for record in records if is_held(record) and _has_clock(uow, record)]
    keeps = reasons_to_keep(uow, judged) if judged else {}
    away = days_off(uow, {record.owner_id for record in judged if record.owner_id is not None})
    holders = _holders(uow, judged)
    alike: dict[MemberId | None, Facts] = {}
    facts = {}
    for record in judged:
        owner, ref = record.owner_id, record.ref
        if owner not in alike:
            alike[owner] = facts_of_holder(
                holders.get(owner or MemberId(0)), away.get(owner or MemberId(0), frozenset())
            )
        known = alike[owner]
        if ref in keeps:
            known = replace(known, keeps=keeps[ref])
        if isinstance(record, Account):
            has_deal, has_won = _deals(uow, record)
            known = replace(known, has_deal=has_deal, has_won=has_won)
        facts[ref] = known
    return facts


def facts_of_holder(holder: Member | None, away: frozenset[date]) -> Facts:
    """Return what is the same for everything that somebody holds."""
    if holder is None:
        return Facts(away=away)
    return Facts(away=away, names={str(holder.ref): holder.name}, more={"owner_department": holder.department})


def _holders(uow: UnitOfWork, records: Sequence[Record]) -> dict[MemberId, Member]:
    """Return the holders by their numbers where a condition of the playbook may ask about them."""
    asks = any(not rule.when.is_always for era in uow.playbook.eras() for rule in era.recycle)
    if not asks and all(pool.takes is None for pool in uow.playbook.pools):
        return {}
    return uow.members.find({record.owner_id for record in records if record.owner_id is not None})


def days_off(uow: UnitOfWork, member_ids: Iterable[MemberId]) -> dict[MemberId, frozenset[date]]:
    """Return the days on which each member is away; whoever never is, is missing."""
    days: dict[MemberId, set[date]] = {}
    for member_id, begins_on, ends_on in uow.absences.spans(member_ids):
        length = min((ends_on - begins_on).days, LONGEST_ABSENCE)
        days.setdefault(member_id, set()).update(begins_on + ONE_DAY * n for n in range(length + 1))
    return {member_id: frozenset(some) for member_id, some in days.items()}


def set_clocks(uow: UnitOfWork, record: Record) -> None:
    """Let exactly those promises stand that follow from what the record is now."""
    set_all_clocks(uow, [record])


def set_all_clocks(uow: UnitOfWork, records: Sequence[Record]) -> None:
    """Set the clocks of many records, whose facts are asked for at once."""
    facts = facts_of(uow, records)
    for record in records:
        if isinstance(record, Lead) or _has_clock(uow, record):
            known = facts.get(record.ref, Facts())
            uow.deadlines.replace(record.ref, deadlines_of(record, known, uow.playbook, uow.calendar))


def _has_clock(uow: UnitOfWork, record: Record) -> bool:
    return isinstance(record, Lead) or are_ruled(Holds.ACCOUNT, uow.playbook)


def _deals(uow: UnitOfWork, account: Account) -> tuple[bool, bool]:
    """Say whether an account has had a deal, and a won one, since it came to its holder."""
    since = held_since(account) or account.created_at
    deals, day = uow.deals.of(account.id), uow.calendar.local(since).date()
    has_won = any(deal.outcome == Outcome.WON and deal.closed_on and deal.closed_on >= day for deal in deals)
    return any(deal.created_at >= since for deal in deals), has_won
