"""Reading and changing the switches while the platform runs."""

from dataclasses import asdict, fields
from typing import Any

from emulator.store import Json


def switches_json(switches: Any) -> Json:
    """Return every switch with its present value."""
    return asdict(switches)


def set_switches(switches: Any, wishes: Json) -> None:
    """Change some switches; an unknown name or a value of another kind raises ValueError and changes nothing."""
    known = {one.name for one in fields(switches)}
    for name, value in wishes.items():
        if name not in known:
            raise ValueError(f"unknown switch {name!r}; known: {', '.join(sorted(known))}")
        present = getattr(switches, name)
        whole = int if isinstance(present, float) else type(present)
        if not isinstance(value, type(present) | whole) or isinstance(value, bool) != isinstance(present, bool):
            raise ValueError(f"{name} must be like {present!r}")
    for name, value in wishes.items():
        setattr(switches, name, value)
