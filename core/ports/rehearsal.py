"""What a rehearsal asks of history: who held which lead, and what happened meanwhile."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from core.model.ids import AccountId
from core.model.tenure import Tenure, Won


class Tenures(Protocol):
    def since(self, begin: datetime, *, judged: bool = True) -> Iterator[Tenure]:
        """Every tenure that began since then, with all that moved its clocks, lead by lead, the oldest first.

        Unless it is to be `judged` by conditions, it knows little of the lead.
        """
        ...

    def deals_of(self, account_ids: Iterable[AccountId]) -> list[Won]:
        """The deals of these accounts that are open or won."""
        ...
