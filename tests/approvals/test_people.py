"""Who is asked when somebody is away, has left, answers for a colleague, or would decide about their own."""

from datetime import date

import pytest

from core.errors import ActRefused, NobodyToAsk, NotYourTask
from core.services.absences import ask_absence
from core.services.approvals import proxies
from core.services.members import find_member, leave, merge
from tests.approvals.company import Office
from tests.approvals.flows import a_flow, a_node, with_flow


def leaves(office: Office, name: str) -> None:
    with office.world.work() as uow:
        leave(uow, office.world.platform, [office.world.ids[name]])


def is_away(office: Office, name: str, begins_on: date, ends_on: date) -> None:
    with office.acts("赵敏") as uow:
        ask_absence(uow, find_member(uow, name), begins_on, ends_on, "休假")


def are_one(office: Office, other: str, owner: str) -> None:
    theirs, ours = office.id(other), office.id(owner)
    with office.world.work() as uow:
        merge(uow, uow.members.get(theirs), uow.members.get(ours))


def test_who_leaves_is_replaced_by_their_superior_and_the_card_goes_along(office: Office) -> None:
    approval = office.submits("张伟", 100_000, 90_000)
    office.heard_nothing_yet("赵敏")
    leaves(office, "王强")
    assert office.asked(approval) == ["赵敏"]
    assert "华东机电" in office.hears("赵敏")
    office.approves("赵敏", approval)
    assert office.state(approval) == "approved"


def test_who_left_before_is_never_asked(office: Office) -> None:
    leaves(office, "王强")
    assert office.asked(office.submits("张伟", 100_000, 90_000)) == ["赵敏"]


def test_without_a_superior_an_administrator_decides(office: Office) -> None:
    with_flow(office, a_flow(a_node("财务", member="陈静")))
    approval = office.submits("张伟", 100_000, 90_000)
    leaves(office, "陈静")
    assert office.asked(approval) == ["吴昊"]


def test_days_off_that_begin_today_hand_on_what_waits(office: Office) -> None:
    approval = office.submits("张伟", 100_000, 90_000)
    is_away(office, "王强", date(2026, 3, 5), date(2026, 3, 6))
    assert office.asked(approval) == ["赵敏"]


def test_days_off_that_begin_tomorrow_hand_on_in_the_morning(office: Office) -> None:
    office.world.ticks(office.world.now)
    is_away(office, "王强", date(2026, 3, 6), date(2026, 3, 6))
    approval = office.submits("张伟", 100_000, 90_000)
    assert office.asked(approval) == ["王强"]
    office.world.ticks(office.world.now.replace(day=6, hour=8, minute=31))
    assert office.asked(approval) == ["赵敏"]


def test_a_proxy_answers_beside_who_is_away_and_the_record_names_both(office: Office) -> None:
    with office.acts("王强") as uow:
        number = proxies.ask(uow, find_member(uow, "李娜"), date(2026, 3, 5), date(2026, 3, 13)).id
    with office.acts("李娜") as uow:
        proxies.agree(uow, number)
    is_away(office, "王强", date(2026, 3, 5), date(2026, 3, 13))
    approval = office.submits("张伟", 100_000, 90_000)
    assert office.asked(approval) == ["王强"]
    office.approves("李娜", approval)
    assert office.state(approval) == "approved"
    assert office.log(approval)[-1]["did"]["as"] == "李娜 代 王强"


def test_a_proxy_never_decides_about_their_own(office: Office) -> None:
    with office.acts("王强") as uow:
        number = proxies.ask(uow, find_member(uow, "张伟"), date(2026, 3, 5), date(2026, 3, 13)).id
    with office.acts("张伟") as uow:
        proxies.agree(uow, number)
    approval = office.submits("张伟", 100_000, 90_000)
    with pytest.raises(NotYourTask):
        office.approves("张伟", approval)


@pytest.mark.parametrize(
    ("rule", "asked"),
    [("superior", ["赵敏"]), ("allow", ["王强"]), ("skip", [])],
)
def test_whoever_would_decide_about_their_own(office: Office, rule: str, asked: list[str]) -> None:
    with_flow(office, a_flow(a_node("主管", member="王强"), own=rule))
    approval = office.submits("王强", 100_000, 90_000)
    assert (office.asked(approval) if approval else []) == asked


@pytest.mark.parametrize(
    ("rule", "times"),
    [
        ("first", ["王强", "赵敏"]),
        ("consecutive", ["王强", "赵敏", "王强"]),
        ("every", ["王强", "王强", "赵敏", "王强"]),
    ],
)
def test_the_same_person_again(office: Office, rule: str, times: list[str]) -> None:
    who = ("王强", "王强", "赵敏", "王强")
    with_flow(office, a_flow(*(a_node(f"第{n}步", member=name) for n, name in enumerate(who)), repeated=rule))
    approval = office.submits("张伟", 100_000, 90_000)
    tapped = []
    while office.state(approval) == "running":
        (one,) = office.asked(approval)
        tapped.append(one)
        office.approves(one, approval)
    assert tapped == times


def test_where_nobody_is_found_the_named_one_decides_and_nothing_passes_unseen(office: Office) -> None:
    with_flow(office, a_flow(a_node("没有这个人", member="谁也不是"), missing=["陈静"]))
    assert office.asked(office.submits("张伟", 100_000, 90_000)) == ["陈静"]


def test_a_field_names_who_decides_and_the_submitter_may_choose(office: Office) -> None:
    with_flow(office, a_flow(a_node("自选", choice={"roles": ["director", "finance"]})))
    with pytest.raises(ActRefused, match="要您来选"):
        office.submits("张伟", 100_000, 90_000)
    assert office.asked(office.submits("张伟", 100_000, 90_000, chosen={"自选": (office.id("陈静"),)})) == ["陈静"]


def test_a_chain_of_superiors_ends_with_a_role(office: Office) -> None:
    with_flow(office, a_flow(a_node("逐级", superiors=5, until="director", mode="sequence")))
    approval = office.submits("张伟", 100_000, 90_000)
    assert office.asked(approval) == ["王强"]
    office.approves("王强", approval)
    assert office.asked(approval) == ["赵敏"]


def test_when_nobody_at_all_is_left_nothing_is_submitted(office: Office) -> None:
    for name in ("王强", "赵敏", "宋岚", "吴昊"):
        leaves(office, name)
    with pytest.raises(NobodyToAsk, match="没有提交任何内容"):
        office.submits("张伟", 100_000, 90_000)
    with office.world.work() as uow:
        assert uow.approvals.of(office.id("张伟")) == []


def test_of_two_accounts_that_are_one_person_both_voices_are_theirs(office: Office) -> None:
    with_flow(office, a_flow(a_node("两人", {"member": "陈静"}, {"member": "何法"})))
    approval = office.submits("张伟", 100_000, 90_000)
    are_one(office, "何法", "陈静")
    assert office.asked(approval) == ["陈静", "陈静"]
    assert office.replayed(approval) == office.approval(approval).course


def test_whoever_turns_out_to_be_the_submitter_does_not_decide(office: Office) -> None:
    approval = office.submits("张伟", 100_000, 90_000)
    are_one(office, "王强", "张伟")
    assert office.state(approval) == "voided"
    assert office.asked(approval + 1) == ["赵敏"]


def test_whoever_stands_in_is_not_asked_twice_for_one_voice(office: Office) -> None:
    with_flow(office, a_flow(a_node("任一", role="director"), a_node("主管", superior=1), repeated="every"))
    approval = office.submits("张伟", 100_000, 90_000)
    office.approves("赵敏", approval)
    leaves(office, "王强")
    assert office.asked(approval) == ["赵敏"]
