"""Contracts: drawn up, approved, signed, amended, ended and carried on, each with its payment plan."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from core.errors import BadInput, NotAllowed, NotFound
from core.model.contract import (
    BINDING,
    MILESTONES,
    Contract,
    ContractState,
    ContractTerms,
    Instalment,
    Milestone,
    Term,
)
from core.model.customer import Account
from core.model.deal import Deal
from core.model.ids import ContractId
from core.model.money import Money, share_out
from core.model.payment import Payment
from core.model.quote import Quote
from core.ports import UnitOfWork
from core.rules.permissions import Scope, contract_scope, scope_of
from core.rules.settling import lay_out
from core.services.contract_clocks import set_contract_clock, today
from core.services.keeping import set_clocks
from core.services.standings import standing_of

MOST_YUAN = 100_000_000_000
LONGEST_TERM = timedelta(days=36_600)
WORDS = 200
WHOLE_SUM = "全款"
SHOWN = 200


def contract_of(uow: UnitOfWork, contract_id: ContractId, *, lock: bool = False) -> Contract:
    """Return a contract that the actor may see; else NotFound, worded as if it did not exist."""
    contract = uow.contracts.get(contract_id, lock=lock)
    if not covers(uow, contract_scope(uow.actor), contract):
        raise NotFound(str(contract.ref))
    return contract


def covers(uow: UnitOfWork, scope: Scope, contract: Contract) -> bool:
    """Say whether a contract lies in a scope: it is theirs or their people's, or its account is."""
    if scope.everything:
        return True
    owners = {contract.owner_id, *(one.owner_id for one in uow.accounts.find([contract.account_id]))}
    members = uow.members.find(owner for owner in owners if owner is not None)
    return any(scope.covers(member.id, member.department) for member in members.values())


def covers_contract(uow: UnitOfWork, contract: Contract) -> bool:
    """Say whether the actor may see a contract."""
    return covers(uow, contract_scope(uow.actor), contract)


def contracts_of(uow: UnitOfWork, account: Account) -> list[Contract]:
    """Return the contracts of an account that the actor may see, the newest first."""
    scope = contract_scope(uow.actor)
    return [one for one in uow.contracts.of([account.id]) if covers(uow, scope, one)]


def draw_up(
    uow: UnitOfWork,
    account: Account,
    terms: ContractTerms,
    *,
    deal: Deal | None = None,
    quote: Quote | None = None,
    renews: Contract | None = None,
) -> Contract:
    """Draw up a contract with an account as a draft, with its payment plan; approval is another step."""
    require_seller(uow, account)
    check_terms(terms)
    days = terms.payment_days if terms.payment_days is not None else uow.playbook.contracts.payment_days
    uow.does("contract.create")
    contract = Contract(
        number="",
        title=(terms.title or f"{account.short_name or account.name}合同")[:WORDS],
        account_id=account.id,
        deal_id=deal.id if deal is not None else None,
        quote_id=quote.id if quote is not None else None,
        renews_id=renews.id if renews is not None else None,
        owner_id=account.owner_id or uow.actor.id or None,
        party_a=account.name,
        party_b=uow.playbook.contracts.our_name,
        amount=terms.amount,
        list_total=quote.list_total if quote is not None else None,
        cost=quote.cost_total if quote is not None else None,
        payment_days=days,
        special_terms=terms.special_terms,
        begins_on=terms.begins_on,
        ends_on=terms.ends_on,
        created_by=uow.actor.id or None,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.contracts.add(contract)
    uow.flush()
    contract.number = f"{uow.playbook.contracts.prefix}{today(uow):%Y%m%d}-{contract.id:03d}"
    _lay_plan(uow, contract, terms.plan)
    if deal is not None:
        deal.touch(uow.now)
    return contract


def amend(uow: UnitOfWork, contract: Contract, terms: ContractTerms) -> None:
    """Change what an unsigned contract says: it is a draft again, under its next revision, with its plan laid anew."""
    require_contract(uow, contract)
    if not contract.is_unsigned:
        raise BadInput(f"合同 {contract.number} {contract.standing}，不能再改。需要的话请终止或续签")
    check_terms(terms)
    uow.does("contract.amend")
    plan = terms.plan or _scaled(uow, contract, terms.amount)
    contract.amount = terms.amount
    contract.title = (terms.title or contract.title)[:WORDS]
    contract.begins_on = terms.begins_on or contract.begins_on
    contract.ends_on = terms.ends_on or contract.ends_on
    contract.special_terms = terms.special_terms or contract.special_terms
    if terms.payment_days is not None:
        contract.payment_days = terms.payment_days
    contract.revision += 1
    contract.state = ContractState.DRAFT
    _lay_plan(uow, contract, plan)


def meet_condition(
    uow: UnitOfWork, contract: Contract, *, amount: Money | None = None, payment_days: int | None = None
) -> None:
    """Let a contract say what an approver makes a condition of their yes; it stays under approval, with its plan."""
    if not contract.is_unsigned:
        raise BadInput(f"合同 {contract.number} {contract.standing}，不能再改。需要的话请终止或续签")
    plan = _scaled(uow, contract, amount or contract.amount)
    contract.amount = amount or contract.amount
    if payment_days is not None:
        contract.payment_days = payment_days
        plan = tuple(one if one.due_on else replace(one, days=min(one.days, payment_days)) for one in plan)
    contract.revision += 1
    _lay_plan(uow, contract, plan)


def set_plan(uow: UnitOfWork, contract: Contract, plan: Sequence[Term]) -> None:
    """Lay a contract's payment plan anew. What was paid stays paid; what the new plan owes follows from it."""
    require_contract(uow, contract)
    if contract.state == ContractState.TERMINATED:
        raise BadInput(f"合同 {contract.number} 已终止，付款计划不能再改")
    uow.does("contract.plan")
    _lay_plan(uow, contract, plan)
    set_contract_clock(uow, contract)


def sign(uow: UnitOfWork, contract: Contract, *, on: date | None = None, file: str = "") -> None:
    """Note that an approved contract was signed; days of its plan that count from the signature begin to run."""
    require_contract(uow, contract)
    day = on or today(uow)
    if contract.is_binding:
        raise BadInput(f"合同 {contract.number} 已经签过（{contract.signed_on}），没有改动")
    if contract.state != ContractState.APPROVED:
        waits = "还在审批" if contract.state == ContractState.PENDING else "还没有批准"
        raise BadInput(f"合同 {contract.number} {waits}，批准以后才能签。发送「我的审批到哪了」看进度")
    if day > today(uow):
        raise BadInput(f"签约日 {day} 在将来，签了以后再登记")
    uow.does("contract.sign")
    contract.signed_file = file[:WORDS] or contract.signed_file
    contract.sign(day, today(uow))
    for one in uow.contracts.plans([contract.id]).get(contract.id, ()):
        if one.milestone == Milestone.SIGNING:
            one.reach(day)
    uow.flush()
    note_end(uow, contract)
    set_contract_clock(uow, contract)


def attach(uow: UnitOfWork, contract: Contract, file: str, *, signed: bool = False) -> None:
    """Keep a file with a contract, or as its signed copy."""
    require_contract(uow, contract)
    uow.does("contract.attach")
    if signed:
        contract.signed_file = file[:WORDS]
    else:
        contract.files = (*contract.files, file[:WORDS])
    uow.flush()


def reach(uow: UnitOfWork, contract: Contract, milestone: Milestone, on: date) -> list[Instalment]:
    """Note that goods were delivered, or whatever else was agreed, so that instalments become due; return those."""
    require_contract(uow, contract)
    _require_binding(contract)
    if on > today(uow):
        raise BadInput(f"{MILESTONES[milestone]}日期 {on} 在将来，到了以后再登记")
    plan = uow.contracts.plans([contract.id]).get(contract.id, ())
    waiting = [one for one in plan if one.milestone == milestone]
    if not waiting:
        raise BadInput(f"合同 {contract.number} 的付款计划里没有等「{MILESTONES[milestone]}」的一期")
    uow.does("contract.milestone")
    for one in waiting:
        one.reach(on)
    uow.flush()
    set_contract_clock(uow, contract)
    return waiting


def terminate(uow: UnitOfWork, contract: Contract, reason: str, on: date | None = None) -> None:
    """End a contract before its time, for a reason. What was owed until then is owed still."""
    require_contract(uow, contract)
    if not reason.strip():
        raise BadInput("终止合同要写原因，例如「终止华为的合同 项目取消」")
    if contract.state in (ContractState.TERMINATED, ContractState.FINISHED, ContractState.EXPIRED):
        raise BadInput(f"合同 {contract.number} {contract.standing}（{contract.closed_on}），没有改动")
    uow.does("contract.terminate")
    contract.close(ContractState.TERMINATED, on or today(uow), reason[:WORDS])
    uow.flush()
    note_end(uow, contract)
    set_contract_clock(uow, contract)


def renew(uow: UnitOfWork, contract: Contract, terms: ContractTerms) -> Contract:
    """Draw up the contract that carries one on from the day after its end."""
    require_renewable(uow, contract)
    return draw_up(uow, uow.accounts.get(contract.account_id), terms, renews=contract)


def require_renewable(uow: UnitOfWork, contract: Contract) -> None:
    """Refuse to carry on what was not signed, or was carried on already."""
    account = uow.accounts.get(contract.account_id)
    following = next((one for one in contracts_of(uow, account) if one.renews_id == contract.id), None)
    if following is not None and following.state != ContractState.TERMINATED:
        raise BadInput(f"合同 {contract.number} 已经续签为 {following.number}，没有再建")
    if not contract.is_binding:
        raise BadInput(f"合同 {contract.number} 还没有签，不用续签")


def require_contract(uow: UnitOfWork, contract: Contract) -> None:
    """Refuse unless the actor may change a contract: it is theirs or their people's, or its account is."""
    if not covers(uow, scope_of(uow.actor), contract):
        raise NotAllowed("改动这份合同")


def note_end(uow: UnitOfWork, contract: Contract) -> None:
    """Let the account know until when it has a contract in force; clocks that count from its end move."""
    account = uow.accounts.get(contract.account_id)
    ends = [one.ends_on for one in uow.contracts.of([account.id]) if one.is_in_force and one.ends_on is not None]
    last = max(ends, default=None)
    if last is None and contract.state == ContractState.TERMINATED and account.contract_ends_on == contract.ends_on:
        last = contract.closed_on
    if last is not None and last != account.contract_ends_on:
        account.contract_ends_on = last
        uow.flush()
        set_clocks(uow, account)


def settle_state(uow: UnitOfWork, contract: Contract) -> None:
    """Finish a contract that is paid and has nothing more to run for; let one run again of which money went back."""
    left = standing_of(uow, contract).open.fen
    over = contract.ends_on is None or contract.ends_on < today(uow)
    if left <= 0 and over and contract.state in (ContractState.RUNNING, ContractState.EXPIRED):
        contract.close(ContractState.FINISHED, today(uow))
    elif left > 0 and contract.state == ContractState.FINISHED:
        contract.state = ContractState.RUNNING if contract.ends_on is None else ContractState.EXPIRED
        contract.closed_on = contract.ends_on
    set_contract_clock(uow, contract)


def contract_restored(uow: UnitOfWork, contract: Contract) -> None:
    """Let a contract's clocks be right again after what was done to it has been taken back."""
    note_end(uow, contract)
    set_contract_clock(uow, contract)


def payment_restored(uow: UnitOfWork, payment: Payment) -> None:
    """Let a contract stand as it does without, or again with, a payment that was taken back or restored."""
    for contract in uow.contracts.find([payment.contract_id] if payment.contract_id is not None else []):
        settle_state(uow, contract)


def binding_of(uow: UnitOfWork, account: Account) -> list[Contract]:
    """Return the signed contracts of an account, the oldest first, whoever may see them."""
    return [one for one in reversed(uow.contracts.of([account.id])) if one.state in BINDING]


def listed(uow: UnitOfWork, states: Sequence[str] = tuple(ContractState)) -> list[Contract]:
    """Return the contracts that the actor may see, the newest first."""
    return uow.contracts.within(contract_scope(uow.actor), states, SHOWN)


def require_seller(uow: UnitOfWork, account: Account) -> None:
    """Refuse unless the actor sells to an account, or leads whoever does."""
    owner = uow.members.find([account.owner_id]).get(account.owner_id) if account.owner_id is not None else None
    scope = scope_of(uow.actor)
    if not scope.everything and (owner is None or not scope.covers(owner.id, owner.department)):
        raise NotAllowed(f"给「{account.name}」拟合同")


def _require_binding(contract: Contract) -> None:
    if not contract.is_binding:
        raise BadInput(f"合同 {contract.number} 还没有签，签了以后再登记")


def check_amount(amount: Money, label: str = "金额") -> None:
    """Refuse an amount that nobody pays."""
    if not 0 < amount.fen < MOST_YUAN * 100:
        raise BadInput(f"{label}要大于 0、小于一千亿，请核对后再发一次")


def check_terms(terms: ContractTerms) -> None:
    """Refuse what no contract can say."""
    check_amount(terms.amount, "合同金额")
    if terms.payment_days is not None and not 0 <= terms.payment_days <= 720:  # noqa: PLR2004 - two years
        raise BadInput("账期要在 0 到 720 天之间，请核对后再发一次")
    begins, ends = terms.begins_on, terms.ends_on
    if begins is not None and ends is not None and not begins <= ends <= begins + LONGEST_TERM:
        raise BadInput(f"合同从 {begins} 到 {ends}，结束要在开始之后、一百年之内，请核对后再发一次")


def _lay_plan(uow: UnitOfWork, contract: Contract, plan: Sequence[Term]) -> None:
    """Let a contract's plan be this one; without any, the whole is due so many days after the signature."""
    terms = plan or (Term(name=WHOLE_SUM, days=contract.payment_days),)
    amounts = lay_out(terms, contract.amount)
    standing = uow.contracts.plans([contract.id]).get(contract.id, [])
    reached = {one.milestone: one.due_on - timedelta(days=one.days) for one in standing if one.due_on is not None}
    if contract.signed_on is not None:
        reached[Milestone.SIGNING] = contract.signed_on
    for one in standing:
        one.deleted_at = uow.now
        uow.deadlines.replace(one.ref, [])
    for place, (term, amount) in enumerate(zip(terms, amounts, strict=True), 1):
        one = Instalment(
            contract_id=contract.id,
            place=place,
            name=term.name[:64],
            amount=amount,
            milestone=term.milestone,
            days=term.days,
            due_on=term.due_on,
            created_at=uow.now,
            updated_at=uow.now,
        )
        if term.milestone != Milestone.DATE and term.milestone in reached:
            one.reach(reached[term.milestone])
        uow.contracts.add_instalment(one)
    uow.flush()


def _scaled(uow: UnitOfWork, contract: Contract, amount: Money) -> tuple[Term, ...]:
    """Return a contract's plan for another amount, each part in proportion; empty where it is the usual one."""
    plan = uow.contracts.plans([contract.id]).get(contract.id, [])
    if len(plan) <= 1:
        return ()
    parts = share_out(amount, [one.amount.fen for one in plan])
    return tuple(
        Term(
            name=one.name,
            amount=part,
            milestone=Milestone(one.milestone),
            days=one.days,
            due_on=one.due_on if one.milestone == Milestone.DATE else None,
        )
        for one, part in zip(plan, parts, strict=True)
    )
