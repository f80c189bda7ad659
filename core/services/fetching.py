"""Who may have a file: whoever may see the record it belongs to."""

from collections.abc import Callable

from core.errors import Refusal
from core.errors.files import NoSuchFile
from core.model.file import File
from core.model.ids import AccountId, ContractId, DealId, FileId, LeadId, QuoteId, Ref
from core.ports import UnitOfWork
from core.rules.permissions import may_manage
from core.services.approvals.attaching import sees_approval
from core.services.contracts import contract_of
from core.services.customers import may_see
from core.services.deals import may_see_deal
from core.services.quotes import quote_of

Sees = Callable[[UnitOfWork, Ref], bool]


def fetch_file(uow: UnitOfWork, file_id: FileId) -> tuple[File, bytes]:
    """Return a file and its bytes to whoever may see its owner; NoSuchFile for everybody else."""
    file = uow.files.get(file_id)
    if not may_have(uow, file.owner):
        raise NoSuchFile
    return file, uow.files.content(file)


def may_have(uow: UnitOfWork, owner: Ref) -> bool:
    """Say whether the actor may see a record that has files; what nobody has declared, only the system sees."""
    sees = SEES.get(owner.kind)
    if not uow.actor.id or sees is None:
        return not uow.actor.id
    try:
        return uow.actor.active and sees(uow, owner)
    except Refusal:
        return False


def _sees_lead(uow: UnitOfWork, ref: Ref) -> bool:
    return may_see(uow, uow.leads.get(LeadId(ref.id)))


def _sees_account(uow: UnitOfWork, ref: Ref) -> bool:
    return may_see(uow, uow.accounts.get(AccountId(ref.id)))


def _sees_deal(uow: UnitOfWork, ref: Ref) -> bool:
    return may_see_deal(uow, uow.deals.get(DealId(ref.id)))


def _sees_quote(uow: UnitOfWork, ref: Ref) -> bool:
    return quote_of(uow, QuoteId(ref.id)) is not None


def _sees_contract(uow: UnitOfWork, ref: Ref) -> bool:
    return contract_of(uow, ContractId(ref.id)) is not None


SEES: dict[str, Sees] = {
    "lead": _sees_lead,
    "account": _sees_account,
    "deal": _sees_deal,
    "quote": _sees_quote,
    "contract": _sees_contract,
    "approval": sees_approval,
    "material": lambda uow, _: uow.actor.active,
    "member": lambda uow, ref: uow.actor.id == ref.id,
    "template": lambda uow, _: may_manage(uow.actor),
}
"""Kinds of record that have files, each with who sees one; an area that keeps files adds its line here."""
