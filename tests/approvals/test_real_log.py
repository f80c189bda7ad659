"""999 real declarations that were rejected once or more, decided again by an equivalent flow (BPI Challenge 2020)."""

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from core.model.approval import ApprovalState, Course
from core.model.ids import MemberId
from core.model.member import Member
from core.model.playbook.approvals import ApprovalsSection, Flow
from core.rules.approvals.acting import Act, Deed, Setting
from core.rules.approvals.acts import begin, perform
from core.rules.approvals.kinds import catalogue_of_kind
from core.rules.approvals.people import Asking, Company
from core.rules.approvals.ways import way_of
from core.rules.fields.catalogue import Facts
from tests.approvals.histories import CALENDAR, check_laws

LOG = "eventlogs/bpic2020_intl_declarations_rejected.csv.gz"
ROLES = {"EMPLOYEE": 1, "ADMINISTRATION": 2, "BUDGET OWNER": 3, "SUPERVISOR": 4}
FLOW = Flow.model_validate(
    {
        "name": "差旅申报",
        "kind": "special_price",
        "timeout": None,
        "steps": [
            {"name": "行政", "by": [{"member": "ADMINISTRATION"}]},
            {
                "name": "预算",
                "branches": [
                    {
                        "name": "有预算负责人",
                        "when": {"field": "product", "value": "有预算"},
                        "steps": [{"name": "预算负责人", "by": [{"member": "BUDGET OWNER"}]}],
                    },
                    {"name": "没有"},
                ],
            },
            {"name": "主管", "by": [{"member": "SUPERVISOR"}]},
        ],
    }
)


def setting(at: datetime) -> Setting:
    members = [
        Member(id=MemberId(number), name=role, roles=("admin",), created_at=at, updated_at=at)
        for role, number in ROLES.items()
    ]
    asking = Asking(Company(lambda: members), FLOW, MemberId(1), {}, {})
    return Setting(title="申报", flow=FLOW, section=ApprovalsSection(), asking=asking, calendar=CALENDAR, now=at)


def replay(case: list[dict[str, str]]) -> tuple[Course, list[str]]:
    """Let people do what they did, when they did it; return where it ended and who was asked before each act."""
    has_owner = any("BUDGET OWNER" in event["activity"] for event in case)
    course, asked = Course(), []
    for event in case:
        at = datetime.fromisoformat(event["timestamp"].replace("Z", "+00:00"))
        what, _, role = event["activity"].removeprefix("Declaration ").partition(" by ")
        if not course.tasks:
            facts = Facts(None, catalogue_of_kind("special_price"), at, more={"product": "有预算" if has_owner else ""})
            course = begin(way_of(FLOW, facts), {}, setting(at)).course
            continue
        if (what, role) == ("REJECTED", "EMPLOYEE"):
            continue  # the employee notes that it came back; the next submission answers it
        [task] = course.pending
        asked.append(role)
        assert task.member == ROLES[role], f"{event['case_id']}: {role} did it, and another is asked"
        deed = {"SUBMITTED": Deed.RESUBMIT, "REJECTED": Deed.RETURN}.get(what, Deed.APPROVE)
        act = Act(deed=deed, by=task.member, task=task.number, comment="按记录")
        course = perform(course, act, setting(at)).course
        check_laws(course, setting(at), event["case_id"])
    return course, asked


def test_every_declaration_ends_as_it_did(shared: Callable[[str], Path]) -> None:
    cases: dict[str, list[dict[str, str]]] = defaultdict(list)
    with gzip.open(shared(LOG), "rt", encoding="utf-8") as file:
        for event in csv.DictReader(file):
            cases[event["case_id"]].append(event)
    ended, acts = Counter[str](), Counter[str]()
    for case in cases.values():
        course, asked = replay(case)
        ended[course.state] += 1
        acts.update(asked)
    assert ended == {ApprovalState.APPROVED: 999}
    assert acts == {"EMPLOYEE": 1151, "ADMINISTRATION": 2150, "BUDGET OWNER": 418, "SUPERVISOR": 999}
