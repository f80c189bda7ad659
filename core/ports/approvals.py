"""What approvals ask of the outside: the matters, the tasks that wait, and who answers for whom."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Protocol

from core.model.approval import Approval, ApprovalTask, Proxy, TaskState
from core.model.history import Change
from core.model.ids import MemberId, Ref


class Approvals(Protocol):
    def add(self, approval: Approval) -> None:
        """Keep it and give it its number; raise Conflict when its subject came under approval meanwhile."""
        ...

    def get(self, approval_id: int, *, lock: bool = False) -> Approval:
        """Raise NotFound when there is none. A locked one is read anew, and nobody else acts on it until we commit."""
        ...

    def find(self, approval_ids: Iterable[int]) -> list[Approval]: ...
    def running_on(self, subject: Ref) -> list[Approval]: ...
    def about(self, subject: Ref) -> list[Approval]:
        """Every approval of a subject, the newest first."""
        ...

    def of(self, submitter_id: MemberId, limit: int = 20) -> list[Approval]:
        """What somebody has submitted, the newest first."""
        ...

    def asked_lately(self, submitter_id: MemberId, begin: datetime, limit: int) -> list[tuple[int, str, str]]:
        """The number, kind and state of what somebody has submitted since then, the newest first."""
        ...

    def since(self, begin: datetime, kind: str = "") -> list[Approval]:
        """Those begun since then, oldest first."""
        ...

    def put_tasks(self, fresh: Sequence[ApprovalTask], changed: Sequence[tuple[ApprovalTask, TaskState]]) -> None:
        """Write tasks; a changed one must still be in the state named beside it. Raise Conflict when one is not."""
        ...

    def tasks(self, approval_id: int) -> list[ApprovalTask]: ...
    def pending_of(self, member_ids: Iterable[MemberId]) -> list[ApprovalTask]:
        """What waits for these people's tap, oldest first; what waits for others before it too (`waits`)."""
        ...

    def answered_by(self, member_id: MemberId, since: datetime) -> list[ApprovalTask]:
        """What a member has answered since then, the last one last."""
        ...

    def running_by(self, submitter_ids: Iterable[MemberId]) -> list[Approval]:
        """What these people have submitted and is under way."""
        ...

    def log(self, approval_id: int) -> list[Change]:
        """Everything that was done, in its order."""
        ...


class Proxies(Protocol):
    def add(self, proxy: Proxy) -> None: ...
    def get(self, proxy_id: int) -> Proxy | None: ...
    def of(self, member_id: MemberId) -> list[Proxy]:
        """Who was asked to answer for a member, and may or may not have agreed; the newest first."""
        ...

    def on(self, day: date) -> list[Proxy]:
        """Everything that holds on a day."""
        ...
