"""What a contract promises in time: when it begins and ends, and when its instalments are due."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from core.calendar import MIDNIGHT, ONE_DAY
from core.model.contract import Contract, ContractState, Instalment
from core.model.deadline import Deadline, DeadlineKind
from core.model.ids import ContractId, MemberId
from core.model.member import Member, Role
from core.model.playbook import Holds
from core.model.playbook.parts import spoken_duration
from core.notices.money import ContractEnded, ContractLine, ContractsExpiring, DueLine, PaymentsDue
from core.ports import UnitOfWork
from core.rules.recycling import are_ruled
from core.rules.settling import Settled
from core.services.keeping import set_all_clocks
from core.services.standings import standing_of, standings_of

BEGINS, ENDS, LATE = "合同开始", "合同到期", "回款逾期"


def today(uow: UnitOfWork) -> date:
    """Return the business day that it is now."""
    return uow.calendar.local(uow.now).date()


def finance_of(uow: UnitOfWork) -> list[Member]:
    """Return the colleagues who look after the money."""
    return [one for one in uow.members.everybody() if one.active and one.is_any(frozenset({Role.FINANCE}))]


def set_contract_clock(uow: UnitOfWork, contract: Contract) -> None:
    """Let exactly those promises stand that follow from what a contract is now, and from what was paid."""
    uow.flush()
    uow.deadlines.replace(contract.ref, _term(uow, contract))
    for one in standing_of(uow, contract).plan:
        uow.deadlines.replace(one.instalment.ref, _due(uow, contract, one))
    if are_ruled(Holds.ACCOUNT, uow.playbook):
        set_all_clocks(uow, uow.accounts.find([contract.account_id]))  # what is owed keeps an account with its holder


def _term(uow: UnitOfWork, contract: Contract) -> list[Deadline]:
    """Return the promises to begin and end a contract, and to speak of its end before."""
    if not contract.is_in_force or contract.deleted_at is not None:
        return []
    found = []
    if contract.state == ContractState.SIGNED and contract.begins_on is not None:
        found.append(_on(uow, contract, DeadlineKind.CONTRACT_TERM, BEGINS, contract.begins_on))
    if contract.ends_on is not None:
        found.append(_on(uow, contract, DeadlineKind.CONTRACT_TERM, ENDS, contract.ends_on + ONE_DAY))
        for ahead in sorted(set(uow.playbook.contracts.expiry_reminders), reverse=True):
            rule = f"{ENDS}前{spoken_duration(ahead)}"
            reminder = _on(uow, contract, DeadlineKind.CONTRACT_EXPIRY, rule, contract.ends_on - ahead, at_hour=True)
            if reminder.due_at > uow.now:
                found.append(reminder)
    return found


def _due(uow: UnitOfWork, contract: Contract, one: Settled) -> list[Deadline]:
    """Return the next promises to speak of an instalment: before it is due, and again and again once it is late."""
    due_on, rules = one.instalment.due_on, uow.playbook.contracts
    gone = contract.deleted_at is not None or one.instalment.deleted_at is not None
    if gone or due_on is None or not contract.is_binding or one.is_settled:
        return []
    kind = DeadlineKind.PAYMENT_DUE
    found = []
    for ahead in sorted(set(rules.due_reminders), reverse=True):
        reminder = _on(uow, one.instalment, kind, f"回款到期前{spoken_duration(ahead)}", due_on - ahead, at_hour=True)
        if reminder.due_at > uow.now:
            found.append(reminder)
    late = _on(uow, one.instalment, kind, LATE, due_on + ONE_DAY, at_hour=True)
    again = max(rules.overdue_again, timedelta(hours=1))
    while late.due_at <= uow.now:
        late.due_at += again
        late.cycle = int(late.due_at.timestamp())
    return [*found, late]


def _on(
    uow: UnitOfWork, about: Contract | Instalment, kind: DeadlineKind, rule: str, day: date, *, at_hour: bool = False
) -> Deadline:
    at = uow.calendar.at(day, uow.playbook.contracts.remind_at if at_hour else MIDNIGHT)
    return Deadline(
        subject_kind=about.ref.kind,
        subject_id=about.id,
        kind=kind,
        rule=rule,
        cycle=int(at.timestamp()),
        due_at=at,
        limit_at=at,
    )


def begin_and_end(uow: UnitOfWork, due: Sequence[Deadline]) -> None:
    """Let contracts run from their first day, and end them after their last one."""
    for contract in uow.contracts.find(ContractId(deadline.subject_id) for deadline in due):
        if not contract.is_in_force:
            continue
        uow.does("contract.term")
        day = today(uow)
        if contract.state == ContractState.SIGNED and contract.begins_on is not None and contract.begins_on <= day:
            contract.state = ContractState.RUNNING
        if contract.ends_on is not None and contract.ends_on < day:
            _end(uow, contract)
        set_contract_clock(uow, contract)


def _end(uow: UnitOfWork, contract: Contract) -> None:
    left = standing_of(uow, contract).open
    state = ContractState.EXPIRED if left.fen > 0 else ContractState.FINISHED
    contract.close(state, contract.ends_on or today(uow))
    owner = owners_of(uow, [contract])[contract.id]
    if owner is not None:
        line = _lines(uow, [contract])[contract.id]
        uow.tell(ContractEnded(to=owner, contract=line, open=left))


def contracts_expiring(uow: UnitOfWork, due: Sequence[Deadline]) -> None:
    """Tell each owner once of the contracts of theirs that end soon."""
    contracts = [one for one in uow.contracts.find(_ids(due)) if one.is_in_force and one.ends_on is not None]
    lines, owners = _lines(uow, contracts), owners_of(uow, contracts)
    soon: dict[MemberId, list[ContractLine]] = {}
    for contract in contracts:
        owner = owners[contract.id]
        if owner is not None:
            soon.setdefault(owner, []).append(lines[contract.id])
    for owner, theirs in soon.items():
        theirs.sort(key=lambda line: (line.ends_on, line.number))
        uow.tell(ContractsExpiring(to=owner, contracts=tuple(theirs)))


def payments_due(uow: UnitOfWork, due: Sequence[Deadline]) -> None:
    """Tell each owner once of what their customers should pay, and finance of what is late."""
    instalments = uow.contracts.instalments(deadline.subject_id for deadline in due)
    contracts = {one.id: one for one in uow.contracts.find({one.contract_id for one in instalments})}
    standings, owners = standings_of(uow, list(contracts.values())), owners_of(uow, contracts.values())
    accounts = {one.id: one for one in uow.accounts.find({one.account_id for one in contracts.values()})}
    day = today(uow)
    said: dict[MemberId, list[DueLine]] = {}
    for contract in contracts.values():
        wanted = {one.id for one in instalments if one.contract_id == contract.id}
        for one in standings[contract.id].plan if contract.is_binding else ():
            due_on, owner = one.instalment.due_on, owners[contract.id]
            if one.instalment.id in wanted and not one.is_settled and due_on is not None and owner is not None:
                name, late = one.instalment.name, one.late_days(day)
                customer = accounts[contract.account_id].name
                line = DueLine(str(contract.ref), contract.number, customer, name, one.open, due_on, late)
                said.setdefault(owner, []).append(line)
        set_contract_clock(uow, contract)
    names = {one.id: one.name for one in uow.members.find(said).values()}
    for owner, lines in said.items():
        lines.sort(key=lambda line: (line.due_on, line.number))
        uow.tell(PaymentsDue(to=owner, lines=tuple(lines)))
        late_ones = tuple(line for line in lines if line.late)
        for member in finance_of(uow) if late_ones else ():
            if member.id != owner:
                uow.tell(PaymentsDue(to=member.id, lines=late_ones, owner=names.get(owner, "")))


def owners_of(uow: UnitOfWork, contracts: Iterable[Contract]) -> dict[ContractId, MemberId | None]:
    """Return who looks after each contract now: whoever holds its account, else whose contract it is."""
    kept = list(contracts)
    holders = {one.id: one.owner_id for one in uow.accounts.find({one.account_id for one in kept})}
    return {one.id: holders.get(one.account_id) or one.owner_id for one in kept}


def _lines(uow: UnitOfWork, contracts: Sequence[Contract]) -> dict[ContractId, ContractLine]:
    names = {one.id: one.name for one in uow.accounts.find({one.account_id for one in contracts})}
    day = today(uow)
    return {
        one.id: ContractLine(
            str(one.ref),
            one.number,
            names.get(one.account_id, ""),
            one.ends_on or day,
            ((one.ends_on or day) - day).days,
        )
        for one in contracts
    }


def _ids(due: Sequence[Deadline]) -> list[ContractId]:
    return [ContractId(deadline.subject_id) for deadline in due]
