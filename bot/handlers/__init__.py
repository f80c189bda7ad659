"""The list of routers: what the product can be asked, area by area; and what it understands and cannot do yet."""

from bot.handlers import (
    assignment,
    collaboration,
    completing,
    customers,
    day,
    deals,
    dialogue,
    directory,
    fields,
    followups,
    handover,
    help,
    insight,
    leads,
    members,
    merging,
    plans,
    pool,
    requests,
    rhythm,
    rules,
    terms,
)
from bot.handlers.not_yet import LATER

ROUTERS = (
    leads.router,
    assignment.router,
    collaboration.router,
    pool.router,
    requests.router,
    followups.router,
    plans.router,
    customers.router,
    merging.router,
    deals.router,
    day.router,
    insight.router,
    fields.router,
    rhythm.router,
    completing.router,
    handover.router,
    terms.router,
    dialogue.router,
    help.router,
    directory.router,
    members.router,
    rules.router,
)

__all__ = ["LATER", "ROUTERS"]
