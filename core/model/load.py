"""How much somebody holds and has claimed: what capacity and claim limits are judged by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Holding:
    """Leads by their state and open deals by their stage; `vips` are protected leads, with state and tags of each."""

    states: Mapping[str, int] = field(default_factory=dict)
    stages: Mapping[str, int] = field(default_factory=dict)
    vips: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Claims:
    """How often somebody claimed since the day began, and when last."""

    today: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Within:
    """Which pools are meant: those `named`; without any, every one `but` these."""

    named: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
