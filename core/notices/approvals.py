"""What we tell about approvals: the card that decides and lives on, and what becomes of it."""

from dataclasses import dataclass
from datetime import datetime

from core.model.money import Money
from core.notices.base import Notice


@dataclass(frozen=True)
class StepShown:
    """One node of the path as it stands: who decided or is asked, and how many of how many have agreed."""

    label: str
    state: str
    people: tuple[str, ...] = ()
    agreed: int = 0
    of: int = 1


@dataclass(frozen=True, kw_only=True)
class ApprovalShown(Notice):
    """An approval as one member sees it, now: with `task_id` there is something for them to decide, by `may`.

    `facts` are what they may know of the subject, `past` what helps to judge it. `why` says how it comes to them
    (「李娜转给您」), `own` what they have decided (「已同意」), `outcome` how it ended, `said` what was written,
    `files` what was put to it, `amount` how many 分 it is about.
    """

    approval_id: int
    kind: str
    title: str
    by: str
    asked_at: datetime
    state: str
    reason: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    past: tuple[tuple[str, str], ...] = ()
    path: tuple[StepShown, ...] = ()
    due_at: datetime | None = None
    task_id: int = 0
    may: tuple[str, ...] = ()
    why: str = ""
    own: str = ""
    outcome: str = ""
    said: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    amount: int | None = None

    @property
    def worth(self) -> Money | None:
        return Money(self.amount) if self.amount is not None else None


@dataclass(frozen=True, kw_only=True)
class ApprovalNews(Notice):
    """One thing that happened to an approval, to whoever it concerns; `asks` names what they may answer it with."""

    approval_id: int
    title: str
    text: str = ""
    quote: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    asks: str = ""
    number: int = 0


@dataclass(frozen=True, kw_only=True)
class MirrorTrouble(Notice):
    """Approvals cannot be handed in on a platform; `why` names what an administrator has to mend there."""

    platform: str
    template: str
    why: str
