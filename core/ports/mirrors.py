"""Where a platform shows what waits for somebody by means of its own: a to-do beside the card."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Todo:
    """Something that waits for one person, under a name of ours; `done` when it no longer does."""

    name: str
    subject: str
    text: str = ""
    url: str = ""
    due_at: datetime | None = None
    done: bool = False


class Todos(Protocol):
    def keep(self, user_id: str, todo: Todo) -> None:
        """Let the platform's list show exactly this: made, changed or ticked off. Repeated, it does nothing more.

        Raises nothing but DeliveryFailed.
        """
        ...
