"""Asking for a contract to be approved: when it is drawn up, and again when it is changed meanwhile."""

from core.model.contract import Contract, ContractState
from core.ports import UnitOfWork
from core.services.approvals.submitting import changed, drop, submit
from core.services.contract_approval import CONTRACT, PAYMENT_TERMS, terms_title_of, title_of


def ask_for_approval(uow: UnitOfWork, contract: Contract, reason: str = "") -> bool:
    """Ask whoever must agree to a contract, and to terms beyond the limit; say whether it may be signed at once.

    What is changed while it is under approval voids that approval, and everybody is asked anew.
    """
    contract.state = ContractState.PENDING
    uow.flush()
    titles = {CONTRACT: title_of} | ({PAYMENT_TERMS: terms_title_of} if _pays_too_late(uow, contract) else {})
    drop(uow, contract.ref, {CONTRACT, PAYMENT_TERMS} - titles.keys(), "账期改回来了，不用再批")
    changed(uow, contract.ref)
    asked = {one.kind for one in uow.approvals.running_on(contract.ref)}
    for kind, title in titles.items():
        if kind not in asked:
            submit(uow, kind, contract.ref, title=title(uow, contract), reason=reason)
    uow.flush()
    waits = bool(uow.approvals.running_on(contract.ref))
    contract.state = ContractState.PENDING if waits else ContractState.APPROVED
    return not waits


def _pays_too_late(uow: UnitOfWork, contract: Contract) -> bool:
    limit = uow.playbook.contracts.longest_payment_days
    return limit is not None and contract.payment_days > limit
