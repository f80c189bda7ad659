"""Words to contracts, payers and invoices: by their numbers, by the company's own, or by whose they are."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, NewType

from bot.context import Context
from core.errors import Ambiguous, BadInput
from core.model.contract import BINDING, IN_FORCE, Contract, ContractState
from core.model.customer import Account
from core.model.ids import ContractId, DealId, InvoiceId, PaymentId, Ref
from core.model.invoice import Invoice
from core.model.payment import Payment
from core.services.contracts import contract_of, contracts_of, covers_contract
from core.services.deals import deal_of
from core.services.invoices import invoice_of
from core.services.payers import find_payer, payer_of
from core.services.payments import payment_of

Payer = NewType("Payer", Account)
"""An account whose contracts and money the asker may know."""


@dataclass(frozen=True)
class Purse:
    """Whose money is meant, and on which contract if that was named."""

    account: Account
    contract: Contract | None = None

    @property
    def name(self) -> str:
        return self.account.name

    @property
    def ref(self) -> Ref:
        """What it was found by, so that it is found again."""
        return self.contract.ref if self.contract is not None else self.account.ref


AnyContract = NewType("AnyContract", Contract)
"""A contract within the asker's sight; of a customer's the one in force, else the newest."""

DraftContract = NewType("DraftContract", Contract)
"""A contract that is not signed yet."""

SignedContract = NewType("SignedContract", Contract)
"""A contract that was signed."""

RunningContract = NewType("RunningContract", Contract)
"""A contract in force, or one that waits for its signature."""

_CONTRACT = re.compile(r"(?:[Cc]|contract:)([1-9][0-9]{0,17})", re.ASCII)
_DEAL = re.compile(r"(?:[Dd]|deal:)([1-9][0-9]{0,17})", re.ASCII)
_INVOICE = re.compile(r"(?:[Bb]|invoice:)?([1-9][0-9]{0,17})", re.ASCII)
_PAYMENT = re.compile(r"(?:[Rr]|payment:)?([1-9][0-9]{0,17})", re.ASCII)
_NUMBER = re.compile(r"[A-Za-z]{1,8}-?\d{8}-\d{3,}")
_MOST = 8
NONE_AT_ALL = "合同。可以说「拟合同 {}」"

UNSIGNED = (ContractState.DRAFT, ContractState.PENDING, ContractState.APPROVED)


def payer(ctx: Context, given: Any) -> Payer:
    """Return the account that words, a deal's or a contract's number mean."""
    words = str(given).strip()
    if (deal := _DEAL.fullmatch(words)) is not None:
        return Payer(payer_of(ctx.uow, deal_of(ctx.uow, DealId(int(deal[1])))))
    contract = _numbered(ctx, words)
    if contract is not None:
        return Payer(ctx.uow.accounts.get(contract.account_id))
    return Payer(find_payer(ctx.uow, words))


def purse(ctx: Context, given: Any) -> Purse:
    """Return whose money words mean, and the contract where they name one."""
    contract = _numbered(ctx, str(given).strip())
    return (
        Purse(ctx.uow.accounts.get(contract.account_id), contract) if contract is not None else Purse(payer(ctx, given))
    )


def any_contract(ctx: Context, given: Any) -> AnyContract:
    """Return the contract that words mean, whatever has become of it."""
    return AnyContract(_one(ctx, given, tuple(ContractState), tuple(IN_FORCE)))


def draft_contract(ctx: Context, given: Any) -> DraftContract:
    """Return the contract that words mean and that is not signed."""
    return DraftContract(_one(ctx, given, UNSIGNED, UNSIGNED, "待签的合同。可以说「拟合同 {}」"))


def signed_contract(ctx: Context, given: Any) -> SignedContract:
    """Return the contract that words mean and that was signed."""
    return SignedContract(_one(ctx, given, tuple(BINDING), tuple(IN_FORCE), "已签的合同。签了请说「登记签约 {}」"))


def running_contract(ctx: Context, given: Any) -> RunningContract:
    """Return the contract that words mean and that has not ended."""
    states = (*UNSIGNED, *IN_FORCE)
    return RunningContract(_one(ctx, given, states, states, "没有结束的合同。发送「合同 {}」看看有哪些"))


def an_invoice(ctx: Context, given: Any) -> Invoice:
    """Return the invoice of that number."""
    found = _INVOICE.fullmatch(str(given).strip())
    if found is None:
        raise BadInput(f"「{given}」不是发票申请编号。发送「待开的发票」查看编号")
    return invoice_of(ctx.uow, InvoiceId(int(found[1])), lock=True)


def a_payment(ctx: Context, given: Any) -> Payment:
    """Return the payment of that number."""
    found = _PAYMENT.fullmatch(str(given).strip())
    if found is None:
        raise BadInput(f"「{given}」不是回款编号。发送「客户名 回款情况」查看编号，例如 R12")
    return payment_of(ctx.uow, PaymentId(int(found[1])))


def contract_label(contract: Contract) -> str:
    """Name a contract so that two can be told apart."""
    return f"{contract.number} {contract.title}（{contract.standing} {contract.amount}）"


def named_contract(ctx: Context, words: str) -> Contract:
    """Return the contract of that number."""
    contract = _numbered(ctx, words.strip())
    if contract is None:
        raise BadInput(f"没有找到合同 {words}。发送「合同列表」看看您能看到的合同")
    return contract


def _numbered(ctx: Context, words: str) -> Contract | None:
    found = _CONTRACT.fullmatch(words)
    if found is not None:
        return contract_of(ctx.uow, ContractId(int(found[1])))
    if _NUMBER.fullmatch(words) is None:
        return None
    contract = ctx.uow.contracts.numbered(words.upper())
    if contract is None or not covers_contract(ctx.uow, contract):
        raise BadInput(f"没有找到合同 {words}。发送「合同列表」看看您能看到的合同")
    return contract


def _one(
    ctx: Context, given: Any, states: Collection[str], first: Collection[str], lacking: str = NONE_AT_ALL
) -> Contract:
    """Return the contract of that number, or the only one of a customer in these states, those in `first` before."""
    words = str(given).strip()
    contract = _numbered(ctx, words)
    if contract is not None:
        return contract
    account = payer(ctx, words)
    found = [one for one in contracts_of(ctx.uow, account) if one.state in states]
    several = [one for one in found if one.state in first] or found[:1]
    if not several:
        raise BadInput(f"「{account.name}」没有{lacking.format(account.name)}")
    if len(several) > 1:
        labels = tuple((contract_label(one), str(one.ref)) for one in several[:_MOST])
        raise Ambiguous(account.name, labels, of="合同")
    return several[0]


PARSERS: dict[Any, Callable[[Context, Any], Any]] = {
    Payer: payer,
    Payer | None: payer,
    Purse: purse,
    AnyContract: any_contract,
    DraftContract: draft_contract,
    SignedContract: signed_contract,
    RunningContract: running_contract,
    SignedContract | None: signed_contract,
    Invoice: an_invoice,
    Payment: a_payment,
}
"""Joined into those of `bot/arguments.py`."""
