"""Cards: what each notice looks like. A notice without a line here fails a test."""

from collections.abc import Callable
from typing import Any

from bot.cards.approvals import approval_card, mirror_trouble_card, news_card
from bot.cards.assignment import queued_card, routed_card
from bot.cards.card import Card
from bot.cards.coaching import coach_card, month_card
from bot.cards.collaboration import ended_card, invited_card
from bot.cards.conflicts import conflict_reported_card
from bot.cards.customers import due_card
from bot.cards.day import daily_plan_card, digest_card, predicted_card, set_aside_card, usage_card
from bot.cards.deals import closed_card, stale_card
from bot.cards.deletions import deleted_card, restored_card
from bot.cards.documents import failed_card, ready_card
from bot.cards.files import not_received_card, received_card, template_checked_card
from bot.cards.followups import shared_card
from bot.cards.handover import book_card, receipt_missing_card, settled_card, taken_back_card
from bot.cards.leads import first_contact_card
from bot.cards.members import doubtful_card, left_card, linked_notice_card, namesake_card, unlinked_notice_card
from bot.cards.merging import answered_card, asked_card, told_card
from bot.cards.money import (
    contract_ended_card,
    expiring_contracts_card,
    invoice_settled_card,
    invoice_wanted_card,
    payment_received_card,
    payments_due_card,
)
from bot.cards.playbook import changed_card, rehearsed_card
from bot.cards.pool import expiring_card, recycled_card, review_card
from bot.cards.promises import broken_card, clash_card
from bot.cards.promises import due_card as promise_due_card
from bot.cards.qualifying import given_card, taken_over_card
from bot.cards.quotes import quote_ending_card, quote_expired_card
from bot.cards.requests import appeal_card, decided_card, made_card
from bot.cards.rhythm import gaps_card, rhythm_digest_card, silent_customers_card, team_gaps_card
from bot.cards.saved import sent_card
from bot.cards.sharing import answered_card as share_answered_card
from bot.cards.sharing import asked_card as share_asked_card
from bot.cards.sharing import ended_card as share_ended_card
from core.calendar import WorkCalendar
from core.model.messages import OutboxMessage
from core.notices import (
    AccountLinked,
    AccountUnlinked,
    CalendarPredicted,
    DailyPlan,
    DealsClosed,
    DealsStale,
    DirectoryDoubtful,
    EventSetAside,
    FirstContactMissed,
    FollowUpShared,
    LeadAssigned,
    LeadTakenOver,
    ManagerDigest,
    MembersLeft,
    Notice,
    PlanDue,
    UsageHigh,
    notice_from_json,
)
from core.notices.approvals import ApprovalNews, ApprovalShown, MirrorTrouble
from core.notices.assignment import CollaborationBegun, CollaborationEnded, LeadsQueued, LeadsRouted
from core.notices.conflicts import ConflictReported
from core.notices.deals import DealShareAnswered, DealShareAsked, DealShareEnded
from core.notices.deletions import RecordDeleted, RecordRestored
from core.notices.files import DocumentFailed, DocumentReady, FileNotReceived, FileReceived, TemplateChecked
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
from core.notices.pool import AppealFiled, LeadsExpiring, LeadsRecycled, RequestDecided, RequestMade, ReviewNeeded
from core.notices.promises import PromisesBroken, PromisesClash, PromisesDue
from core.notices.quotes import QuoteEnding, QuoteExpired
from core.notices.reports import FunnelCoach, MonthReview, SavedReportSent
from core.notices.rhythm import CadenceGaps, RhythmDigest, SilentCustomers, TeamGaps

CARDS: dict[type[Notice], Callable[[Any, WorkCalendar], Card]] = {
    ApprovalShown: approval_card,
    ApprovalNews: news_card,
    MirrorTrouble: mirror_trouble_card,
    CollaborationBegun: invited_card,
    CollaborationEnded: ended_card,
    ContractsExpiring: expiring_contracts_card,
    ContractEnded: contract_ended_card,
    PaymentsDue: payments_due_card,
    PaymentReceived: payment_received_card,
    InvoiceWanted: invoice_wanted_card,
    InvoiceSettled: invoice_settled_card,
    LeadsRouted: routed_card,
    LeadsQueued: queued_card,
    LeadsExpiring: expiring_card,
    LeadsRecycled: recycled_card,
    ReviewNeeded: review_card,
    RequestMade: made_card,
    RequestDecided: decided_card,
    AppealFiled: appeal_card,
    FirstContactMissed: first_contact_card,
    LeadAssigned: given_card,
    LeadTakenOver: taken_over_card,
    CustomersMerged: told_card,
    MergeAsked: asked_card,
    MergeAnswered: answered_card,
    RecordDeleted: deleted_card,
    RecordRestored: restored_card,
    FollowUpShared: shared_card,
    PlanDue: due_card,
    DealsStale: stale_card,
    DealsClosed: closed_card,
    FunnelCoach: coach_card,
    MonthReview: month_card,
    SavedReportSent: sent_card,
    DailyPlan: daily_plan_card,
    ManagerDigest: digest_card,
    EventSetAside: set_aside_card,
    CalendarPredicted: predicted_card,
    UsageHigh: usage_card,
    MembersLeft: left_card,
    NamesakeFound: namesake_card,
    DirectoryDoubtful: doubtful_card,
    AccountLinked: linked_notice_card,
    AccountUnlinked: unlinked_notice_card,
    BookHandedOver: book_card,
    ReceiptMissing: receipt_missing_card,
    HandoverTakenBack: taken_back_card,
    HandoverSettled: settled_card,
    CadenceGaps: gaps_card,
    TeamGaps: team_gaps_card,
    RhythmDigest: rhythm_digest_card,
    SilentCustomers: silent_customers_card,
    DocumentReady: ready_card,
    DocumentFailed: failed_card,
    FileReceived: received_card,
    FileNotReceived: not_received_card,
    TemplateChecked: template_checked_card,
    PlaybookChanged: changed_card,
    RuleRehearsed: rehearsed_card,
    QuoteEnding: quote_ending_card,
    QuoteExpired: quote_expired_card,
    DealShareAsked: share_asked_card,
    DealShareAnswered: share_answered_card,
    DealShareEnded: share_ended_card,
    PromisesDue: promise_due_card,
    PromisesBroken: broken_card,
    PromisesClash: clash_card,
    ConflictReported: conflict_reported_card,
}


def build_card(notice: Notice, calendar: WorkCalendar) -> Card:
    """Build the card of a notice, in business time."""
    return CARDS[type(notice)](notice, calendar)


def card_of(message: OutboxMessage, calendar: WorkCalendar) -> Card:
    """Build the card that a message of the outbox stands for."""
    if message.kind == "card":
        return Card.from_json(message.content)
    return build_card(notice_from_json(message.kind, message.content), calendar)
