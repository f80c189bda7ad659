"""An approval as it stands in a platform's own approvals (OA 审批): one row for each instance made there."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.model.ids import UNSAVED, Ref


class MirrorState(StrEnum):
    """MAKING until the platform has said its number; LEFT: another instance takes its place; CLOSED: all is said."""

    MAKING = "making"
    OPEN = "open"
    LEFT = "left"
    CLOSED = "closed"


ALIVE = frozenset({MirrorState.MAKING, MirrorState.OPEN})


@dataclass(eq=False, kw_only=True)
class ApprovalMirror:
    """One instance on one platform; a fresh `generation` takes the place of what cannot say how the approval stands.

    `plan` is who was asked there, level by level, `digest` what about, `heard` names what was done there and has had
    its effect here. `tried`: an instance may have been made although nobody has told us its number. Until `busy_until`
    one worker brings it in step; `read_at` and `looked_at` say when the platform was asked about it last.
    """

    id: int = UNSAVED
    approval_id: int
    channel: str
    generation: int = 1
    template: str
    number: str | None = None
    state: str = MirrorState.MAKING
    digest: str
    plan: list[dict[str, Any]]
    heard: list[str]
    tried: bool = False
    begun_at: datetime
    made_at: datetime | None = None
    read_at: datetime | None = None
    looked_at: datetime | None = None
    busy_until: datetime | None = None

    @property
    def ref(self) -> Ref:
        return Ref("mirror", self.id)

    @property
    def is_alive(self) -> bool:
        return self.state in ALIVE
