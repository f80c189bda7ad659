"""Word to the company's other system: what happened, by number and amount, without names or phone numbers of people."""

import json
from collections.abc import Mapping
from typing import Any

from core.ports import UnitOfWork


def publish(uow: UnitOfWork, event: str, data: Mapping[str, Any]) -> None:
    """Tell of an event such as `approval.approved`, if the operator has set an address."""
    if uow.playbook.webhook:
        body = {"type": event, "timestamp": uow.now.isoformat(), "data": data}
        uow.publish(event, json.dumps(body, ensure_ascii=False, separators=(",", ":")))
