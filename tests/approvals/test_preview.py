"""Who would be asked before anybody submits, and a changed flow tried on what was asked before (issue 7, point 9)."""

from core.model.money import Money
from core.model.playbook import Playbook
from core.model.playbook.approvals import ApprovalsSection
from core.services.approvals.simulation import rehearse_flows
from core.services.approvals.submitting import preview, to_choose
from tests.approvals.company import Office
from tests.approvals.flows import a_flow, a_node, with_flow


def names(office: Office, **facts: object) -> list[list[str]]:
    with office.acts("张伟") as uow:
        found = preview(uow, "special_price", facts)
        assert found is not None
        known = {one.id: one.name for one in uow.members.everybody()}
        return [[known[voice[0]] for voice in ask.voices] for ask in found.asks if ask.voices]


def test_who_would_be_asked_for_this_price(office: Office) -> None:
    assert names(office, discount="3", amount=Money(1000)) == []
    assert names(office, discount="10", amount=Money(1000)) == [["王强"]]
    assert names(office, discount="30", amount=Money(1000)) == [["王强"], ["赵敏", "陈静"], ["宋岚"]]
    assert names(office, discount="8", amount=Money(60_000_000)) == [["王强"], ["何法"]]
    assert names(office) == [["王强"], ["赵敏", "陈静"], ["宋岚"], ["何法"]], "what is not known goes the long way"
    with office.world.work() as uow:
        assert uow.approvals.of(office.id("张伟")) == []


def test_why_it_goes_this_way_is_said(office: Office) -> None:
    with office.acts("张伟") as uow:
        found = preview(uow, "special_price", {"discount": "12", "amount": Money(1000)})
    assert found is not None
    assert [str(choice.why) for choice in found.choices][1] == "折扣力度 12% ≤ 20% ✓"


def test_whom_the_submitter_must_choose_is_known_beforehand(office: Office) -> None:
    with_flow(office, a_flow(a_node("主管", superior=1), a_node("自选", choice={"roles": ["finance"]})))
    with office.acts("张伟") as uow:
        assert [step.name for step in to_choose(uow, "special_price", {})] == ["自选"]


def test_a_changed_flow_is_tried_on_the_past(office: Office) -> None:
    for net in (90_000, 88_000, 93_000):
        office.submits("张伟", 100_000, net)
    changed = Playbook(approvals=ApprovalsSection(flows=(a_flow(a_node("总监", role="director")),)))
    with office.world.work() as uow:
        found = rehearse_flows(uow, changed)
        assert rehearse_flows(uow, uow.playbook).changes_nothing
    assert found.looked_at == 3
    assert found.taps == (5, 3)
    assert ("王强", 3, 0) in found.by_person
    said = "\n".join(found.lines())
    assert "最近 90 天的 3 个审批，有 3 个会走不同的路" in said
    assert "华东机电 88000元：主管、总监和财务 → 总监" in said


def test_a_flow_that_asks_nobody_frees_what_was_asked(office: Office) -> None:
    office.submits("张伟", 100_000, 90_000)
    with office.world.work() as uow:
        found = rehearse_flows(uow, Playbook(approvals=ApprovalsSection(flows=(a_flow(),))))
    assert (found.freed, found.caught) == (1, 0)
