"""Tables onto core's classes, from outside: core knows nothing of it."""

from sqlalchemy import Table
from sqlalchemy.orm import registry

from core.model.approval import Approval, Proxy
from core.model.contract import Contract, Instalment
from core.model.customer import Account, Contact
from core.model.deadline import Deadline
from core.model.deal import Deal, DealShare, Interview, StageStay
from core.model.deletion import Deletion
from core.model.file import File
from core.model.followup import FollowUp, Plan
from core.model.handover import Handover
from core.model.history import Change
from core.model.invoice import Invoice, InvoiceTitle
from core.model.job import Job
from core.model.lead import Assignment, Lead
from core.model.link import LinkCode, LinkTries
from core.model.material import Material
from core.model.member import ChannelUser, Member
from core.model.merge_request import MergeRequest
from core.model.messages import InboxItem, OutboxMessage, Question
from core.model.mirror import ApprovalMirror
from core.model.naming import Term
from core.model.order import Order, OrderLine
from core.model.payment import Payment
from core.model.product import Price, PriceList, Product
from core.model.promise import Promise
from core.model.quote import Quote
from core.model.report import CampaignCost, ForecastCall, Glance, SavedReport, Target
from core.model.request import Absence, Request
from core.model.routing import Collaboration, Routing, Shift
from core.model.subscription import QuietRule, Subscription
from core.model.template import Template
from core.model.version import PlaybookDraft, PlaybookVersion
from storage import tables

TRACKED: dict[type, str] = {
    Member: "member",
    ChannelUser: "channel_user",
    Lead: "lead",
    Assignment: "assignment",
    Account: "account",
    Contact: "contact",
    Deal: "deal",
    StageStay: "stage_stay",
    FollowUp: "followup",
    Plan: "plan",
    Term: "term",
    Handover: "handover",
    Request: "request",
    Absence: "absence",
    MergeRequest: "merge_request",
    Shift: "shift",
    Collaboration: "collaboration",
    Product: "product",
    PriceList: "price_list",
    Price: "price",
    Quote: "quote",
    Subscription: "subscription",
    QuietRule: "quiet_rule",
    Contract: "contract",
    Instalment: "instalment",
    Order: "order",
    Payment: "payment",
    InvoiceTitle: "invoice_title",
    Invoice: "invoice",
    Proxy: "proxy",
    File: "file",
    Material: "material",
    Target: "target",
    CampaignCost: "campaign_cost",
    ForecastCall: "forecast_call",
    SavedReport: "saved_report",
    DealShare: "deal_share",
    Interview: "interview",
    Promise: "promise",
    Deletion: "deletion",
}
"""Classes whose every change is kept in the history, with their name there."""

BY_KIND = {kind: cls for cls, kind in TRACKED.items()}

_TABLES: dict[type, Table] = {
    Member: tables.members,
    ChannelUser: tables.channel_users,
    Lead: tables.leads,
    Assignment: tables.assignments,
    Account: tables.accounts,
    Contact: tables.contacts,
    Deal: tables.deals,
    StageStay: tables.deal_stays,
    FollowUp: tables.followups,
    Plan: tables.plans,
    Term: tables.terms,
    Handover: tables.handovers,
    Request: tables.requests,
    Absence: tables.absences,
    MergeRequest: tables.merge_requests,
    Shift: tables.shifts,
    Collaboration: tables.collaborations,
    Contract: tables.contracts,
    Instalment: tables.instalments,
    Order: tables.orders,
    OrderLine: tables.order_lines,
    Payment: tables.payments,
    InvoiceTitle: tables.invoice_titles,
    Invoice: tables.invoices,
    File: tables.files,
    Material: tables.materials,
    Target: tables.targets,
    CampaignCost: tables.campaign_costs,
    ForecastCall: tables.forecast_calls,
    SavedReport: tables.saved_reports,
    Glance: tables.glances,
    DealShare: tables.deal_shares,
    Interview: tables.interviews,
    Promise: tables.promises,
    Deletion: tables.deletions,
    Template: tables.document_templates,
    Routing: tables.routings,
    Product: tables.products,
    PriceList: tables.price_lists,
    Price: tables.prices,
    Quote: tables.quotes,
    Approval: tables.approvals,
    Proxy: tables.proxies,
    ApprovalMirror: tables.approval_mirrors,
    Subscription: tables.subscriptions,
    QuietRule: tables.quiet_rules,
    Deadline: tables.deadlines,
    InboxItem: tables.inbox,
    OutboxMessage: tables.outbox,
    Question: tables.questions,
    Change: tables.history,
    Job: tables.jobs,
    LinkCode: tables.link_codes,
    LinkTries: tables.link_tries,
    PlaybookVersion: tables.playbook_versions,
    PlaybookDraft: tables.playbook_drafts,
}

_mappers = registry(metadata=tables.metadata)


def map_classes() -> None:
    """Map every class once; a second call does nothing."""
    if _mappers.mappers:
        return
    for cls, table in _TABLES.items():
        if cls in TRACKED:
            _mappers.map_imperatively(cls, table, version_id_col=table.c.version)
        else:
            _mappers.map_imperatively(cls, table)
    _mappers.configure()  # SYSTEM is asked for its id before the first query
