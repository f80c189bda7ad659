"""Everything we tell people on our own: frozen values; `bot/cards` turns each into a card.

`to` is the member told. Instants are UTC; the card shows business time.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from pydantic import TypeAdapter

from core.notices.approvals import ApprovalNews, ApprovalShown, MirrorTrouble
from core.notices.assignment import CollaborationBegun, CollaborationEnded, LeadsQueued, LeadsRouted
from core.notices.base import LeadLine as LeadLine
from core.notices.base import Notice as Notice
from core.notices.conflicts import ConflictReported
from core.notices.deals import DealShareAnswered, DealShareAsked, DealShareEnded
from core.notices.deletions import RecordDeleted, RecordRestored
from core.notices.files import (
    DocumentFailed,
    DocumentReady,
    FileNotReceived,
    FileReceived,
    TemplateChecked,
)
from core.notices.handover import BookHandedOver, HandoverSettled, HandoverTakenBack, ReceiptMissing
from core.notices.merging import CustomersMerged, MergeAnswered, MergeAsked
from core.notices.money import (
    ContractEnded,
    ContractsExpiring,
    InvoiceSettled,
    InvoiceWanted,
    PaymentReceived,
    PaymentsDue,
)
from core.notices.people import NamesakeFound
from core.notices.playbook import PlaybookChanged, RuleRehearsed
from core.notices.pool import (
    AppealFiled,
    LeadsExpiring,
    LeadsRecycled,
    RequestDecided,
    RequestMade,
    ReviewNeeded,
)
from core.notices.promises import PromisesBroken, PromisesClash, PromisesDue
from core.notices.quotes import QuoteEnding, QuoteExpired
from core.notices.reports import FunnelCoach, MonthReview, SavedReportSent
from core.notices.rhythm import CadenceGaps, RhythmDigest, SilentCustomers, TeamGaps


@dataclass(frozen=True, kw_only=True)
class FirstContactMissed(Notice):
    """A fresh lead was not contacted in its grade's time; the holder is told, and so is their manager."""

    lead: LeadLine
    grade: str
    holder: str


@dataclass(frozen=True, kw_only=True)
class LeadAssigned(Notice):
    """A leader gave somebody a lead; `lead.at` is until when it wants its first follow-up."""

    by: str
    lead: LeadLine
    held_before: str


@dataclass(frozen=True, kw_only=True)
class LeadTakenOver(Notice):
    """A leader gave somebody else what a member held."""

    by: str
    lead: LeadLine
    holder: str


@dataclass(frozen=True, kw_only=True)
class FollowUpShared(Notice):
    """A colleague wrote a follow-up and asked this member to have a look."""

    by: str
    customer: str
    content: str


@dataclass(frozen=True, kw_only=True)
class PlanDue(Notice):
    """A planned contact comes up."""

    customer: str
    customer_ref: str
    content: str
    at: datetime
    wanted: ClassVar[bool] = True


@dataclass(frozen=True)
class DealLine:
    """A deal in a list: its reference, name, stage, since when nobody has touched it, and its account."""

    ref: str
    name: str
    stage: str
    at: datetime
    account: str = ""


@dataclass(frozen=True, kw_only=True)
class DealsStale(Notice):
    """Nobody has done anything for these deals for longer than their stage allows."""

    deals: tuple[DealLine, ...]


@dataclass(frozen=True, kw_only=True)
class DealsClosed(Notice):
    """Nobody has done anything for these deals for so long that the clock has lost them."""

    deals: tuple[DealLine, ...]


@dataclass(frozen=True)
class TodoLine:
    """A line of a plan for the day."""

    ref: str
    name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DailyPlan(Notice):
    """What to do today, ranked; `more` todos found no room."""

    day: date
    todos: tuple[TodoLine, ...]
    more: int = 0
    held: int


@dataclass(frozen=True)
class RepLine:
    """One rep's day in the digest."""

    name: str
    followups: int
    held: int
    new_leads: int


@dataclass(frozen=True, kw_only=True)
class ManagerDigest(Notice):
    """A department's day: what was done by whom, what was lost to the pool, what goes next.

    `lost`, `crowded` and `received` are whole lines: leads that the clock took, those that were given over capacity,
    and, at the end of a week, what each was given by rules. `broke` says who let how many promises go by.
    What was won on the day and in its month, and the month's `target`, are in 分.
    """

    day: date
    department: str
    reps: tuple[RepLine, ...]
    new_leads: int
    followups: int
    recycled: int
    silent: tuple[str, ...]
    leaving: tuple[LeadLine, ...]
    lost: tuple[str, ...] = ()
    crowded: tuple[str, ...] = ()
    received: tuple[str, ...] = ()
    won_today: int = 0
    won_month: int = 0
    target: int = 0
    promises_kept: int = 0
    promises_broken: int = 0
    broke: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EventSetAside(Notice):
    """A message of `who` could not be handled after several attempts; an operator is told."""

    said: str
    who: str
    event_id: int
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class CalendarPredicted(Notice):
    """The official days off of `year` are not known yet; clocks use predicted ones."""

    year: int


@dataclass(frozen=True, kw_only=True)
class UsageHigh(Notice):
    """`used` of the `allowed` monthly calls or pushes of a channel have reached `level` percent."""

    channel: str
    what: str
    used: int
    allowed: int
    level: int
    month: date


@dataclass(frozen=True)
class LeaverLine:
    """Somebody who left, and what waits to be handed over; `remaining` names platforms where an account is open."""

    ref: str
    name: str
    department: str
    customers: int
    deals: int
    plans: int
    remaining: str = ""


@dataclass(frozen=True, kw_only=True)
class MembersLeft(Notice):
    """These people left `channel`; their access is closed, their customers stay until somebody takes them."""

    channel: str
    leavers: tuple[LeaverLine, ...]


@dataclass(frozen=True, kw_only=True)
class DirectoryDoubtful(Notice):
    """A directory answered with so little that nobody was taken for a leaver; `reason` says what was missing."""

    channel: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AccountLinked(Notice):
    """Somebody joined an account of `channel` to the reader's; told in the other chat, so that a thief is noticed."""

    channel: str
    account: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AccountUnlinked(Notice):
    """An account of `channel` is no longer the reader's; `by` did it."""

    channel: str
    account: str
    by: str
    at: datetime


NOTICES: dict[str, TypeAdapter[Notice]] = {
    kind.__name__: TypeAdapter(kind)
    for kind in (
        LeadsExpiring,
        LeadsRecycled,
        RequestMade,
        RequestDecided,
        AppealFiled,
        ReviewNeeded,
        FirstContactMissed,
        LeadAssigned,
        LeadTakenOver,
        FollowUpShared,
        PlanDue,
        FunnelCoach,
        MonthReview,
        SavedReportSent,
        SavedReportSent,
        DealsStale,
        DealsClosed,
        DailyPlan,
        ManagerDigest,
        EventSetAside,
        CalendarPredicted,
        UsageHigh,
        MembersLeft,
        DirectoryDoubtful,
        AccountLinked,
        AccountUnlinked,
        NamesakeFound,
        BookHandedOver,
        ReceiptMissing,
        HandoverTakenBack,
        HandoverSettled,
        CadenceGaps,
        TeamGaps,
        RhythmDigest,
        SilentCustomers,
        CustomersMerged,
        MergeAsked,
        MergeAnswered,
        RecordDeleted,
        RecordRestored,
        DocumentReady,
        DocumentFailed,
        FileReceived,
        FileNotReceived,
        TemplateChecked,
        PlaybookChanged,
        RuleRehearsed,
        LeadsRouted,
        LeadsQueued,
        CollaborationBegun,
        CollaborationEnded,
        ApprovalShown,
        ApprovalNews,
        MirrorTrouble,
        QuoteEnding,
        QuoteExpired,
        ContractsExpiring,
        ContractEnded,
        PaymentsDue,
        PaymentReceived,
        InvoiceWanted,
        InvoiceSettled,
        DealShareAsked,
        DealShareAnswered,
        DealShareEnded,
        PromisesDue,
        PromisesBroken,
        PromisesClash,
        ConflictReported,
    )
}
"""Every notice by the name it is kept under."""


def notice_as_json(notice: Notice) -> tuple[str, dict[str, Any]]:
    """Return a notice's name and content as they stand in the outbox; what it encloses are rows of their own."""
    kind = type(notice).__name__
    content: dict[str, Any] = NOTICES[kind].dump_python(notice, mode="json", exclude={"encloses"})
    return kind, content


def notice_from_json(kind: str, content: dict[str, Any]) -> Notice:
    """Read back what `notice_as_json` made."""
    return NOTICES[kind].validate_python(content)
