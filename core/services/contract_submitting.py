"""Asking for a contract to be approved: when it is drawn up, and again when it is changed meanwhile."""

from core.model.contract import Contract, ContractState
from core.ports import UnitOfWork
from core.services.approvals.submitting import changed, pending_on, submit
from core.services.contract_approval import CONTRACT, title_of


def ask_for_approval(uow: UnitOfWork, contract: Contract, reason: str = "") -> bool:
    """Ask whoever must agree to a contract; say whether nobody must, so that it may be signed at once.

    What is changed while it is under approval voids that approval, and everybody is asked anew.
    """
    contract.state = ContractState.PENDING
    uow.flush()
    if pending_on(uow, contract.ref) is not None:
        changed(uow, contract.ref)
    elif submit(uow, CONTRACT, contract.ref, title=title_of(uow, contract), reason=reason) is None:
        return True
    uow.flush()
    return contract.state == ContractState.APPROVED
