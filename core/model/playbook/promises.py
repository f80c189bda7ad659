"""What was promised to customers: when it is recalled, and when it counts as broken."""

from datetime import timedelta

from pydantic import Field

from core.model.playbook.parts import Duration, Part


class Promises(Part):
    """How the ledger of promises speaks."""

    remind_before: Duration = Field(default=timedelta(hours=2), description="到期前多久提醒答应的人")
    broken_after: Duration = Field(default=timedelta(hours=24), description="到期后多久还没做到算没做到，并告诉主管")
    kept_in_mind: Duration = Field(default=timedelta(days=90), description="没说期限的承诺多久之后不再提")
