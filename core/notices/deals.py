"""What is told of deals that colleagues share."""

from dataclasses import dataclass

from core.notices.base import Notice


@dataclass(frozen=True, kw_only=True)
class DealShareAsked(Notice):
    """Somebody offers the reader a part of the credit for a deal, in percent; it counts once they agree."""

    number: int
    by: str
    deal: str
    deal_ref: str
    customer: str
    stage: str
    amount: str
    share: int
    rest: int


@dataclass(frozen=True, kw_only=True)
class DealShareAnswered(Notice):
    """A colleague agreed to a share of the reader's deal, or did not."""

    by: str
    deal: str
    deal_ref: str
    share: int
    agreed: bool


@dataclass(frozen=True, kw_only=True)
class DealShareEnded(Notice):
    """The reader no longer has a share of a deal."""

    by: str
    deal: str
