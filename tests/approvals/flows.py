"""Flows written short, and put in force."""

from typing import Any

from core.model.playbook import Playbook
from core.model.playbook.approvals import ApprovalsSection, Flow, Source, Step
from tests.approvals.company import Office


def a_node(name: str, *by: dict[str, Any], mode: str = "all", **more: Any) -> Step:
    """One node; a single source may be given by keyword."""
    sources = {key: more.pop(key) for key in list(more) if key in Source.model_fields}
    return Step.model_validate({"name": name, "by": [*by, *([sources] if sources else [])], "mode": mode, **more})


def a_flow(*steps: Step, **more: Any) -> Flow:
    told = [step.model_dump(mode="json", by_alias=True) for step in steps]
    return Flow.model_validate({"name": "试验", "kind": "special_price", "steps": told} | more)


def with_flow(office: Office, *flows: Flow, **section: Any) -> None:
    """Put these flows in force, in place of all others."""
    told = [flow.model_dump(mode="json", by_alias=True) for flow in flows]
    office.world.plays(Playbook(approvals=ApprovalsSection.model_validate({"flows": told, **section})))
