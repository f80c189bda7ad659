"""What the stories about assignment share: a playbook with rules, and leads that come in."""

import json
from collections.abc import Mapping
from typing import Any

from core.model.lead import Lead
from core.services.leads import NewLead, create_lead
from tests.world import World

Rule = dict[str, Any]


def rule(name: str, *to: str, when: Any = None, **more: Any) -> Rule:
    """A rule that gives leads to these people."""
    return {"id": name, "to": {"members": list(to)}, **({"when": when} if when else {}), **more}


def region(*names: str) -> Rule:
    return {"field": "地区", "op": "in", "value": list(names)}


def in_force(world: World, *rules: Rule, beside: Mapping[str, Any] | None = None, **section: Any) -> None:
    """Put assignment rules in force, `beside` other sections."""
    world.applies(json.dumps({"assignment": {"rules": list(rules), **section}, **(beside or {})}, ensure_ascii=False))


def comes_in(world: World, *names: str, by: str = "周婷", **known: Any) -> list[str]:
    """Put leads on record as marketing does; return who got each, empty for the pool."""
    return [holder(world, enters(world, name, by=by, **known)) for name in names]


def enters(world: World, name: str, *, by: str = "周婷", **known: Any) -> Lead:
    with world.work(by) as uow:
        return create_lead(uow, NewLead(name=name, **known), certain=True)


def holder(world: World, lead: Lead) -> str:
    """Name who holds a lead now."""
    with world.work() as uow:
        owner = uow.leads.get(lead.id).owner_id
        return uow.members.get(owner).name if owner is not None else ""
