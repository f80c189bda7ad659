"""Which of many deals are meant: of a stage, a product, a place or trade of their customer, from some sum on."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.model.customer import Account
from core.model.deal import Deal
from core.model.ids import AccountId
from core.model.money import Money
from core.ports import UnitOfWork
from core.rules.regions import lineage


@dataclass(frozen=True)
class Wanted:
    """What narrows deals down; what is empty narrows nothing. A place stands for all that lies in it."""

    stage: str = ""
    product: str = ""
    region: str = ""
    industry: str = ""
    source: str = ""
    least: Money | None = None
    most: Money | None = None

    @property
    def words(self) -> str:
        """Say what is wanted: 华东 商务谈判 50万元以上."""
        sums = [f"{self.least}以上" if self.least else "", f"{self.most}以内" if self.most else ""]
        return " ".join(
            one for one in (self.region, self.industry, self.source, self.product, self.stage, *sums) if one
        )

    @property
    def is_of_customers(self) -> bool:
        """Say whether the customers have to be known."""
        return bool(self.region or self.industry or self.source)


def narrowed(uow: UnitOfWork, deals: Sequence[Deal], wanted: Wanted) -> list[Deal]:
    """Return those of the deals that are wanted, in their order."""
    accounts: dict[AccountId, Account] = {}
    if wanted.is_of_customers:
        accounts = {one.id: one for one in uow.accounts.find({deal.account_id for deal in deals if deal.account_id})}
    return [d for d in deals if _is_wanted(d, accounts.get(d.account_id) if d.account_id else None, wanted)]


def _is_wanted(deal: Deal, account: Account | None, wanted: Wanted) -> bool:
    if wanted.stage and deal.stage != wanted.stage:
        return False
    if wanted.product and wanted.product not in f"{deal.product} {deal.name}":
        return False
    if wanted.least and (deal.amount is None or deal.amount.fen < wanted.least.fen):
        return False
    if wanted.most and (deal.amount is None or deal.amount.fen > wanted.most.fen):
        return False
    return not wanted.is_of_customers or (account is not None and _is_of(account, wanted))


def _is_of(account: Account, wanted: Wanted) -> bool:
    return (
        (not wanted.region or wanted.region in lineage(account.region))
        and (not wanted.industry or wanted.industry in account.industry)
        and (not wanted.source or account.source == wanted.source)
    )
