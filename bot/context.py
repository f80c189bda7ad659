"""Context: what a handler gets beside its typed words."""

from dataclasses import dataclass
from datetime import datetime

from bot.event import Event
from core.model.ids import InboxId
from core.model.member import Member
from core.ports import UnitOfWork


@dataclass(frozen=True)
class Context:
    """One event within one unit of work; `inbox_id` is the row it is kept in."""

    event: Event
    uow: UnitOfWork
    inbox_id: InboxId | None = None

    @property
    def member(self) -> Member:
        return self.uow.actor

    @property
    def elsewhere(self) -> str:
        """The platform on which notices reach the member; empty when it is the one they speak on."""
        account = self.uow.members.accounts_of([self.member.id]).get(self.member.id)
        return account.channel if account is not None and account.channel != self.event.channel else ""

    def wall(self, instant: datetime) -> datetime:
        """Return an instant as the business sees it on the wall."""
        return self.uow.calendar.local(instant)
