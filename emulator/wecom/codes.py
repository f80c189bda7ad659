"""Response codes: each updates one card once, within 72 hours (page 94945)."""

import secrets

from emulator.clock import Clock
from emulator.store import Json, Store
from emulator.wecom.errors import ApiError
from emulator.wecom.settings import RESPONSE_CODE_LIFE


class ResponseCodes:
    """Mints and spends codes, and remembers which task_ids were taken."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._codes = store.shelf("response_codes")
        self._tasks = store.shelf("tasks")
        self._clock = clock

    def mint(self, task_id: str) -> str:
        """Return a fresh code for a card."""
        code = secrets.token_urlsafe(32)
        expires = (self._clock.now() + RESPONSE_CODE_LIFE).timestamp()
        self._codes.put(code, {"task_id": task_id, "expires": expires, "used": False})
        return code

    def look(self, code: str) -> str:
        """Return the task_id a code belongs to; 60140 when unknown, used or too old."""
        known: Json | None = self._codes.get(code)
        if known is None or known["used"] or known["expires"] <= self._clock.now().timestamp():
            raise ApiError(60140)
        return str(known["task_id"])

    def spend(self, code: str) -> None:
        """Use a code up; call it when the update has been accepted."""
        self._codes.put(code, {**self._codes.get(code), "used": True})

    def claim_task(self, task_id: str, card_type: str) -> None:
        """Take a task_id for a new card; 42014 when the app used it before."""
        if task_id in self._tasks:
            raise ApiError(42014, "task_id is used already")
        self._tasks.put(task_id, card_type)

    def original_type(self, task_id: str) -> str:
        """Return the card_type the card was sent with."""
        return str(self._tasks.get(task_id, ""))

    def clear(self) -> None:
        """Forget codes and task_ids."""
        self._codes.clear()
        self._tasks.clear()
