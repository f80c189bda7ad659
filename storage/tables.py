"""Every table, joined from its area. A change to one needs a migration; a test compares the two."""

from storage.approval_tables import approval_mirrors, approval_tasks, approvals, proxies
from storage.assignment_tables import collaborations, routings, rule_memories, shifts
from storage.customer_tables import (
    accounts,
    assignments,
    contacts,
    deal_stays,
    deals,
    field_values,
    leads,
    merge_requests,
    names,
    terms,
)
from storage.deal_tables import deal_shares, interviews, promises
from storage.deletion_tables import deletions
from storage.file_tables import document_templates, file_contents, files, materials
from storage.habit_tables import held_notices, quiet_rules, subscriptions
from storage.money_tables import contracts, instalments, invoice_titles, invoices, order_lines, orders, payments
from storage.people_tables import api_tokens, channel_users, link_codes, link_tries, members
from storage.playbook_tables import playbook_drafts, playbook_versions
from storage.pool_tables import absences, pool_views, requests
from storage.quote_tables import price_lists, prices, products, quotes
from storage.report_tables import (
    campaign_costs,
    forecast_calls,
    forecast_snapshots,
    glances,
    passage_sums,
    passages,
    saved_reports,
    targets,
)
from storage.schema import metadata
from storage.traffic_tables import calendar_days, inbox, jobs, outbox, questions, runs, shared
from storage.work_tables import deadlines, figures, followups, handover_items, handovers, history, plans

__all__ = [
    "absences",
    "accounts",
    "api_tokens",
    "approval_mirrors",
    "approval_tasks",
    "approvals",
    "assignments",
    "calendar_days",
    "campaign_costs",
    "channel_users",
    "collaborations",
    "contacts",
    "contracts",
    "deadlines",
    "deal_shares",
    "deal_stays",
    "deals",
    "deletions",
    "document_templates",
    "field_values",
    "figures",
    "file_contents",
    "files",
    "followups",
    "forecast_calls",
    "forecast_snapshots",
    "glances",
    "handover_items",
    "handovers",
    "held_notices",
    "history",
    "inbox",
    "instalments",
    "interviews",
    "invoice_titles",
    "invoices",
    "jobs",
    "leads",
    "link_codes",
    "link_tries",
    "materials",
    "members",
    "merge_requests",
    "metadata",
    "names",
    "order_lines",
    "orders",
    "outbox",
    "passage_sums",
    "passages",
    "payments",
    "plans",
    "playbook_drafts",
    "playbook_versions",
    "pool_views",
    "price_lists",
    "prices",
    "products",
    "promises",
    "proxies",
    "questions",
    "quiet_rules",
    "quotes",
    "requests",
    "routings",
    "rule_memories",
    "runs",
    "saved_reports",
    "shared",
    "shifts",
    "subscriptions",
    "targets",
    "terms",
]
