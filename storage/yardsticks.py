"""Targets, costs of campaigns, what leaders expect, and reports worth keeping."""

from datetime import date

from sqlalchemy import func, select

from core.model.ids import MemberId
from core.model.report import CampaignCost, ForecastCall, Glance, SavedReport, Target
from storage import tables
from storage.repositories import Repository


class SqlYardsticks(Repository):
    """See `core.ports.Yardsticks`."""

    def add(self, made: Target | CampaignCost | ForecastCall | SavedReport) -> None:
        self._add(made)

    def targets(self, first: date, last: date) -> list[Target]:
        rows = tables.targets.c
        query = select(Target).where(rows.month >= first, rows.month <= last, rows.deleted_at.is_(None))
        return self._all(query.order_by(rows.month, rows.id))

    def costs(self, source: str = "") -> list[CampaignCost]:
        rows = tables.campaign_costs.c
        query = select(CampaignCost).where(rows.deleted_at.is_(None)).order_by(rows.spent_on, rows.id)
        return self._all(query.where(rows.source == source) if source else query)

    def calls(self, month: date) -> list[ForecastCall]:
        rows = tables.forecast_calls.c
        query = select(ForecastCall).where(rows.month == month, rows.deleted_at.is_(None))
        return self._all(query.order_by(rows.id.desc()))

    def saved(self, name: str = "") -> list[SavedReport]:
        rows = tables.saved_reports.c
        query = select(SavedReport).where(rows.deleted_at.is_(None)).order_by(rows.name, rows.id)
        return self._all(query.where(func.lower(func.replace(rows.name, " ", "")) == name) if name else query)

    def glance(self, member_id: MemberId) -> Glance | None:
        return self._session.get(Glance, member_id)

    def look(self, glance: Glance) -> None:
        self._session.merge(glance)
