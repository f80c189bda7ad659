"""The ledger of promises to customers (C15): kept as debts, recalled in time, settled, and held against one another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.errors import BadInput, NotFound
from core.model.deadline import Deadline, DeadlineKind
from core.model.followup import FollowUp
from core.model.ids import AccountId, LeadId, MemberId, Ref
from core.model.promise import Promise, PromiseState
from core.notices.promises import PromiseLine, PromisesBroken, PromisesClash, PromisesDue
from core.ports import UnitOfWork
from core.rules.promises import clashes
from core.services.customers import Customer, customer, holder_name, require_writer
from core.services.leaders import leader_of

COMES, GONE = "承诺提醒", "承诺到期"
WORDS, WHOM = 200, 64


@dataclass(frozen=True, kw_only=True)
class Told:
    """A promise as it was told in a follow-up; `due_at` is None where no time was named."""

    words: str
    thing: str = ""
    theirs: bool = False
    due_at: datetime | None = None


@dataclass(frozen=True)
class Ledger:
    """What came of the promises in a follow-up: the new ones, what stood before, and which do not agree."""

    fresh: tuple[Promise, ...] = ()
    standing: tuple[Promise, ...] = ()
    clashing: tuple[tuple[Promise, Promise], ...] = ()


def keep_promises(
    uow: UnitOfWork, about: Customer, followup: FollowUp, told: Sequence[Told], to_whom: str = ""
) -> Ledger:
    """Keep what was promised in a follow-up. Said again it changes what the same person promised of the same thing.

    A colleague who promised something else about it hears of the new one, and so does who leads both.
    """
    standing = open_about(uow, about.ref)
    fresh: list[Promise] = []
    clashing: list[tuple[Promise, Promise]] = []
    for one in told:
        before = next((old for old in standing if _is_same(old, one, uow.actor.id)), None)
        if before is not None and before.due_at == one.due_at and before.words == one.words:
            continue
        promise = Promise(
            customer_kind=about.ref.kind,
            customer_id=about.id,
            followup_id=followup.id,
            made_by=uow.actor.id or None,
            to_whom=to_whom[:WHOM],
            words=one.words[:WORDS],
            thing=one.thing[:40],
            theirs=one.theirs,
            due_at=one.due_at,
            made_at=followup.at,
            created_at=uow.now,
            updated_at=uow.now,
        )
        if before is not None:
            _settle(uow, before, PromiseState.CHANGED)
            standing = [old for old in standing if old is not before]
        uow.promises.add(promise)
        uow.flush()
        set_promise_clock(uow, promise)
        fresh.append(promise)
        clashing += [(promise, other) for other in clashes(promise, standing)]
    _alarm(uow, about, clashing)
    return Ledger(tuple(fresh), tuple(standing), tuple(clashing))


def open_about(uow: UnitOfWork, ref: Ref) -> list[Promise]:
    """Return the open promises about a customer that are still borne in mind, what is due first, first."""
    return open_about_any(uow, [ref]).get(ref, [])


def open_about_any(uow: UnitOfWork, refs: Sequence[Ref]) -> dict[Ref, list[Promise]]:
    """Return the same for many customers."""
    found: dict[Ref, list[Promise]] = {}
    for promise in uow.promises.of(refs):
        if promise.is_open and _is_borne_in_mind(uow, promise):
            found.setdefault(promise.customer, []).append(promise)
    for promises in found.values():
        promises.sort(key=_when)
    return found


def owed_by(uow: UnitOfWork, member_ids: Sequence[MemberId]) -> list[tuple[Customer, Promise]]:
    """Return the open promises of these people with their customers, as far as the actor may see those."""
    found = []
    seen: dict[Ref, Customer | None] = {}
    for promise in uow.promises.open_by(member_ids):
        if not _is_borne_in_mind(uow, promise):
            continue
        if promise.customer not in seen:
            seen[promise.customer] = _seen(uow, promise.customer)
        about = seen[promise.customer]
        if about is not None:
            found.append((about, promise))
    return sorted(found, key=lambda one: _when(one[1]))


def to_keep_by(uow: UnitOfWork, member_id: MemberId, until: datetime) -> list[tuple[Promise, datetime, str]]:
    """Return what a member has to keep before a moment of what they promised, with the times and customers' names."""
    found = [
        (promise, promise.due_at)
        for promise in uow.promises.open_by([member_id])
        if promise.due_at is not None and promise.due_at < until and _keeper(uow, promise) == member_id
    ]
    names = uow.customers.names_of({promise.customer for promise, _ in found})
    return [(promise, at, names.get(promise.customer, "（已删除）")) for promise, at in found]


def promise_of(uow: UnitOfWork, number: int) -> tuple[Customer, Promise]:
    """Return a promise whose customer the actor may write to; NotFound otherwise, as if there were none."""
    promise = uow.promises.get(number)
    if promise is None:
        raise NotFound("这条承诺")
    about = customer(uow, promise.customer)
    require_writer(uow, about)
    return about, promise


def settle_promise(uow: UnitOfWork, promise: Promise, state: PromiseState) -> None:
    """Say that a promise was kept or could not be; one that counted as broken may still have been kept, late."""
    if promise.state == state:
        raise BadInput(f"「{promise.words}」已经是{STATES[state]}，没有改动")
    if promise.state not in (PromiseState.OPEN, PromiseState.BROKEN):
        raise BadInput(f"「{promise.words}」已经是{STATES[PromiseState(promise.state)]}，不能再改")
    uow.does("promise.keep" if state == PromiseState.KEPT else "promise.break")
    _settle(uow, promise, state)


def change_promise(uow: UnitOfWork, promise: Promise, due_at: datetime) -> Promise:
    """Promise the same for another time; what was promised before is kept as changed."""
    if promise.state not in (PromiseState.OPEN, PromiseState.BROKEN):
        raise BadInput(f"「{promise.words}」已经是{STATES[PromiseState(promise.state)]}，不能再改期")
    if due_at <= uow.now:
        raise BadInput(f"{uow.calendar.local(due_at):%m-%d %H:%M} 已经过去了，请换一个以后的时间")
    uow.does("promise.change")
    _settle(uow, promise, PromiseState.CHANGED)
    fresh = Promise(
        customer_kind=promise.customer_kind,
        customer_id=promise.customer_id,
        followup_id=promise.followup_id,
        made_by=uow.actor.id or promise.made_by,
        to_whom=promise.to_whom,
        words=promise.words,
        thing=promise.thing,
        theirs=promise.theirs,
        due_at=due_at,
        made_at=uow.now,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.promises.add(fresh)
    uow.flush()
    set_promise_clock(uow, fresh)
    return fresh


def set_promise_clock(uow: UnitOfWork, promise: Promise) -> None:
    """Let exactly the reminders stand that follow from a promise: before its time, and once it has gone."""
    standing = []
    if promise.is_open and promise.due_at is not None:
        policy = uow.playbook.promises
        moments = ((COMES, promise.due_at - policy.remind_before), (GONE, promise.due_at + policy.broken_after))
        standing = [
            Deadline(
                subject_kind="promise",
                subject_id=promise.id,
                kind=DeadlineKind.PROMISE,
                rule=rule,
                cycle=int(promise.due_at.timestamp()),
                due_at=max(at, uow.now) if rule == COMES else at,
                limit_at=promise.due_at,
                holder_id=promise.made_by,
            )
            for rule, at in moments
            if rule == GONE or promise.due_at > uow.now
        ]
    uow.deadlines.replace(promise.ref, standing)


def promises_due(uow: UnitOfWork, due: Sequence[Deadline]) -> None:
    """Recall what comes due, and count as broken what has gone by; one message a person."""
    found = {promise.id: promise for promise in uow.promises.find(deadline.subject_id for deadline in due)}
    names = uow.customers.names_of({promise.customer for promise in found.values()})
    coming: dict[MemberId, list[PromiseLine]] = {}
    gone: dict[MemberId, list[PromiseLine]] = {}
    everybody = uow.members.everybody()
    for deadline in due:
        promise = found.get(deadline.subject_id)
        if promise is None or not promise.is_open:
            continue
        keeper = _keeper(uow, promise)
        if deadline.rule == GONE:
            uow.does("promise.break")
            promise.settle(PromiseState.BROKEN, uow.now, None)
        if keeper is None:
            continue
        told = gone if deadline.rule == GONE else coming
        told.setdefault(keeper, []).append(_line(promise, names, ""))
        member = next((one for one in everybody if one.id == keeper), None)
        above = leader_of(member, everybody) if member is not None else None
        if deadline.rule == GONE and above is not None and not promise.theirs:
            gone.setdefault(above.id, []).append(_line(promise, names, member.name if member else ""))
    for to, lines in coming.items():
        uow.tell(PromisesDue(to=to, promises=tuple(lines)))
    for to, lines in gone.items():
        uow.tell(PromisesBroken(to=to, promises=tuple(lines)))


def lines_of(uow: UnitOfWork, promises: Iterable[tuple[Customer, Promise]]) -> tuple[PromiseLine, ...]:
    """Return promises as lines for the actor, their makers named where they are somebody else."""
    return tuple(
        _line(
            promise,
            {promise.customer: about.name},
            "" if promise.made_by == uow.actor.id else holder_name(uow, promise.made_by),
        )
        for about, promise in promises
    )


STATES = {
    PromiseState.OPEN: "未兑现",
    PromiseState.KEPT: "已做到",
    PromiseState.BROKEN: "没做到",
    PromiseState.CHANGED: "已改期",
}
"""What people call what became of a promise."""


def _line(promise: Promise, names: dict[Ref, str], by: str) -> PromiseLine:
    return PromiseLine(
        number=promise.id,
        customer=names.get(promise.customer, "（已删除）"),
        customer_ref=str(promise.customer),
        words=promise.words,
        due_at=promise.due_at,
        theirs=promise.theirs,
        by=by,
    )


def _is_same(old: Promise, told: Told, maker: MemberId) -> bool:
    """Say whether something told is about the same debt of the same person."""
    if old.made_by != maker or old.theirs != told.theirs:
        return False
    return old.words == told.words or bool(told.thing and old.thing == told.thing)


def _is_borne_in_mind(uow: UnitOfWork, promise: Promise) -> bool:
    return promise.due_at is not None or promise.made_at > uow.now - uow.playbook.promises.kept_in_mind


def _settle(uow: UnitOfWork, promise: Promise, state: PromiseState) -> None:
    promise.settle(state, uow.now, uow.actor.id or None)
    uow.flush()
    set_promise_clock(uow, promise)


def _alarm(uow: UnitOfWork, about: Customer, clashing: Sequence[tuple[Promise, Promise]]) -> None:
    everybody = uow.members.everybody() if clashing else []
    for new, standing in clashing:
        maker = next((one for one in everybody if one.id == standing.made_by and one.active), None)
        above = leader_of(uow.actor, everybody)
        for reader in {maker.id if maker else None, above.id if above else None} - {None, uow.actor.id}:
            uow.tell(
                PromisesClash(
                    to=MemberId(reader or 0),
                    by=uow.actor.name,
                    customer=about.name,
                    customer_ref=str(about.ref),
                    thing=new.thing,
                    new=new.words,
                    standing=f"{maker.name if maker else '已离职同事'}：{standing.words}",
                )
            )


def _keeper(uow: UnitOfWork, promise: Promise) -> MemberId | None:
    """Return who has to keep a promise now: who made it while they hold the customer or work along, else its holder."""
    ref = uow.customers.standing(promise.customer)
    found = uow.leads.find([LeadId(ref.id)]) if ref.kind == "lead" else uow.accounts.find([AccountId(ref.id)])
    if not found:
        return None
    about: Customer = found[0]
    running = {one.member_id for one in uow.collaborations.running(ref) if one.runs_at(uow.now)}
    if promise.made_by in running or about.owner_id is None:
        return promise.made_by
    return about.owner_id


def _when(promise: Promise) -> tuple[bool, float, int]:
    return (promise.due_at is None, promise.due_at.timestamp() if promise.due_at else 0.0, promise.id)


def _seen(uow: UnitOfWork, ref: Ref) -> Customer | None:
    try:
        return customer(uow, ref)
    except NotFound:
        return None
