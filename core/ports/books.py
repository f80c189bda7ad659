"""What members hold, asked for many customers at once."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Protocol

from core.model.book import Held, Touch
from core.model.deal import Deal
from core.model.handover import Book
from core.model.ids import MemberId, Ref


class Books(Protocol):
    def held(self, owner_ids: Iterable[MemberId] | None = None, *, grades: Collection[str] | None = None) -> list[Held]:
        """The leads that are worked and the accounts of these members, or of everybody; resting leads are left out."""
        ...

    def untouched(self, before: datetime) -> list[Held]:
        """What somebody holds since before then and nobody was in touch with since then."""
        ...

    def touches(self, customers: Iterable[Ref], since: datetime, until: datetime) -> list[Touch]:
        """The valid follow-ups with these customers, whoever wrote them."""
        ...

    def planned(self, customers: Iterable[Ref], after: datetime) -> set[Ref]:
        """Those of these customers with an open plan after that instant."""
        ...

    def of(self, member_id: MemberId) -> Book:
        """Everything a member holds that can change hands: what is void, converted or merged stays where it is."""
        ...

    def promised(self, customers: Iterable[Ref]) -> list[tuple[Ref, datetime, str]]:
        """The texts of the last follow-ups with these customers, newest first."""
        ...

    def open_deals(self, accounts: Iterable[Ref]) -> dict[Ref, list[Deal]]: ...
    def said(self, kind: str, customers: Iterable[Ref]) -> set[tuple[Ref, str, int]]:
        """What was said of these customers before, as (customer, rule, cycle)."""
        ...

    def note_said(self, kind: str, said: Iterable[tuple[Ref, str, int]], at: datetime) -> None:
        """Keep that it was said, so that it is not said again."""
        ...
