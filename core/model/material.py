"""A material of the company's library: what one shows or gives to customers at a stage, for an industry."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.model.ids import UNSAVED, FileId, MaterialId, MemberId, Ref


class MaterialKind(StrEnum):
    """What a material is."""

    INTRO = "介绍"
    CASE = "案例"
    PROPOSAL = "方案"
    TEMPLATE = "模板"
    OTHER = "其他"


@dataclass(eq=False, kw_only=True)
class Material:
    """A file or a link. Without stages or industries it fits all; after `valid_until` nobody is offered it any more.

    `edition` counts the files it had; `used` how often it was sent to somebody.
    """

    id: MaterialId = UNSAVED
    title: str
    kind: str = MaterialKind.OTHER
    tags: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    valid_until: date | None = None
    link: str = ""
    file_id: FileId | None = None
    edition: int = 1
    used: int = 0
    created_by: MemberId | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("material", self.id)

    @property
    def name(self) -> str:
        return self.title

    def is_valid(self, today: date) -> bool:
        """Say whether it may be offered."""
        return self.deleted_at is None and (self.valid_until is None or self.valid_until >= today)
