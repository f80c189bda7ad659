"""Failures one can order: by name, for one API or all, some times or always, by chance with a seed."""

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from emulator.clock import Clock
from emulator.store import Json


@dataclass(frozen=True, kw_only=True)
class FaultKind:
    """A failure the platform can play: where it strikes, how often unless told otherwise, what people read."""

    name: str
    group: str
    label: str
    count: int | None = 1  # None: until switched off
    lasts: timedelta | None = None  # virtual time after which it ends by itself
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(kw_only=True)
class Fault:
    """One order: strikes while `left` is not used up, at `probability`, until `until`."""

    kind: FaultKind
    api: str
    left: int | None
    probability: float
    dice: random.Random
    until: datetime | None
    params: Json
    struck: int = 0

    def strikes(self, api: str, now: datetime) -> bool:
        """Say whether it strikes this time; saying yes uses it up once."""
        if self.over(now) or self.api not in ("*", api):
            return False
        if self.dice.random() >= self.probability:
            return False
        self.struck += 1
        if self.left is not None:
            self.left -= 1
        return True

    def over(self, now: datetime) -> bool:
        """Say whether it can never strike again."""
        return self.left == 0 or (self.until is not None and now >= self.until)

    def as_json(self) -> Json:
        """Describe it as /__emu/faults shows it."""
        return {
            "name": self.kind.name,
            "api": self.api,
            "left": self.left,
            "probability": self.probability,
            "until": None if self.until is None else self.until.isoformat(),
            "params": self.params,
            "struck": self.struck,
        }


class FaultBox:
    """Holds the orders; `take` asks whether one of them strikes here and now."""

    def __init__(self, kinds: tuple[FaultKind, ...], clock: Clock, seed: int, changed: Callable[[], object]) -> None:
        self.kinds = {kind.name: kind for kind in kinds}
        self._clock = clock
        self._seed = seed
        self._changed = changed
        self._lock = threading.Lock()
        self._orders: list[Fault] = []
        self._closing = threading.Event()

    def wait(self, seconds: float) -> None:
        """Let a call hang that long, or until the platform ends."""
        self._closing.wait(seconds)

    def close(self) -> None:
        """Let every call go that hangs."""
        self._closing.set()

    def order(self, wish: Mapping[str, Any]) -> Fault:
        """Add one fault: name, api, count (null: always), probability, seed, params. Bad wishes raise ValueError."""
        kind = self.kinds.get(str(wish.get("name")))
        if kind is None:
            raise ValueError(f"unknown fault {wish.get('name')!r}; known: {', '.join(self.kinds)}")
        count, chance = wish.get("count", kind.count), wish.get("probability", 1.0)
        if count is not None and (not isinstance(count, int) or isinstance(count, bool) or count < 1):
            raise ValueError("count must be a whole number from 1, or null for always")
        if not isinstance(chance, int | float) or not 0 < chance <= 1:
            raise ValueError("probability must be above 0 and at most 1")
        params = wish.get("params", {})
        if not isinstance(params, dict) or set(params) - set(kind.params):
            raise ValueError(f"params of {kind.name}: {', '.join(kind.params) or 'none'}")
        until = None if kind.lasts is None else self._clock.now() + kind.lasts
        dice = random.Random(wish.get("seed", self._seed))  # noqa: S311 - chance in a test bench, not a secret
        fault = Fault(
            kind=kind,
            api=str(wish.get("api", "*")),
            left=count,
            probability=float(chance),
            dice=dice,
            until=until,
            params={**kind.params, **params},
        )
        with self._lock:
            self._orders.append(fault)
        self._changed()
        return fault

    def take(self, name: str, api: str = "*") -> Fault | None:
        """Return the first order of this name that strikes, used up once; None when all is well."""
        now = self._clock.now()
        with self._lock:
            if not self._orders:
                return None
            struck = next((one for one in self._orders if one.kind.name == name and one.strikes(api, now)), None)
            self._orders = [one for one in self._orders if not one.over(now)]
        if struck is not None:
            self._changed()
        return struck

    def cancel(self, name: str | None = None) -> None:
        """Take back the orders of one name, or with None all."""
        with self._lock:
            self._orders = [one for one in self._orders if name is not None and one.kind.name != name]
        self._changed()

    def active(self) -> list[Json]:
        """Return the orders that can still strike."""
        now = self._clock.now()
        with self._lock:
            return [one.as_json() for one in self._orders if not one.over(now)]
