"""The same company twice: how sure we must be, and what is told of what is on record."""

from pydantic import Field, model_validator

from core.model.playbook.parts import Part, Share


class Duplicates(Part):
    """How sure two records must be one company (semantics B.5) before nobody, or nobody unasked, puts it on record."""

    block: Share = Field(default=0.9, description="相似到几成就不能新建")
    ask: Share = Field(default=0.6, description="相似到几成要先问一声")
    show_holder: bool = Field(default=True, description="客户已有人负责时，是否告诉对方是谁")

    @model_validator(mode="after")
    def _ask_comes_first(self) -> "Duplicates":
        if self.ask > self.block:
            raise ValueError("ask 不能比 block 高：先问一声，更像时才不能新建")
        return self
