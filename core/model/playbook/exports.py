"""What may be taken out of the house without asking."""

from pydantic import Field

from core.model.playbook.parts import Part


class Exports(Part):
    """An export of more records, or with phone numbers, is approved first (the flow of kind `export`)."""

    free_rows: int = Field(default=100, ge=0, le=1_000_000, description="不超过多少条、号码打码的导出不用审批")
    largest: int = Field(default=50_000, ge=1, le=1_000_000, description="一次最多导出多少条")
