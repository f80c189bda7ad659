"""Finding whose contract or money is meant, for whoever sells and for those who look after all of it."""

from core.errors import Ambiguous, BadInput, NotFound
from core.model.customer import Account
from core.model.deal import Deal
from core.model.ids import AccountId, Ref
from core.ports import UnitOfWork
from core.rules.permissions import contract_scope
from core.services.customers import as_ref, refs_called


def find_payer(uow: UnitOfWork, words: str) -> Account:
    """Return the account that `words` mean, within what the actor may know of contracts and money.

    Raises NotFound, worded as if it did not exist, Ambiguous with the candidates, and BadInput for a lead.
    """
    words = words.strip()
    ref = as_ref(words)
    if ref is not None:
        return _payer(uow, uow.customers.standing(ref))
    refs = refs_called(uow, words)
    accounts = [ref for ref in refs if ref.kind == "account"] or refs
    if len(accounts) > 1:
        names = uow.customers.names_of(accounts)
        raise Ambiguous(words, tuple((f"{names.get(one, '')}（{one}）", str(one)) for one in accounts))
    return _payer(uow, accounts[0])


def payer_of(uow: UnitOfWork, deal: Deal) -> Account:
    """Return whose deal it is."""
    if deal.account_id is None:
        raise BadInput(f"商机「{deal.name}」没有客户，不能拟合同。请先补上客户")
    return uow.accounts.get(AccountId(deal.account_id))


def _payer(uow: UnitOfWork, ref: Ref) -> Account:
    if ref.kind == "lead":
        name = uow.customers.names_of([ref]).get(ref, str(ref))
        raise BadInput(f"「{name}」还是线索，没有合同和回款。谈成了可以说「给{name}建个商机」，会先转为客户")
    account = uow.accounts.get(AccountId(ref.id))
    if not may_know(uow, account):
        raise NotFound(str(ref))
    return account


def may_know(uow: UnitOfWork, account: Account) -> bool:
    """Say whether an account's contracts are the actor's to know: it is theirs or their people's, or one of them is."""
    scope = contract_scope(uow.actor)
    if scope.everything:
        return True
    owners = {account.owner_id, *(one.owner_id for one in uow.contracts.of([account.id]))}
    members = uow.members.find(owner for owner in owners if owner is not None)
    return any(scope.covers(member.id, member.department) for member in members.values())
