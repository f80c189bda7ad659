"""The list of routers: what the product can be asked, area by area."""

from bot.handlers import customers, day, directory, followups, help, leads

ROUTERS = (leads.router, followups.router, customers.router, day.router, help.router, directory.router)
