"""The ten signs of deals that claim more than was done for them (M41): each found by its evidence, and only by it."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.model.deal import Deal
from core.model.followup import FollowUp, Method
from core.model.history import Change
from core.model.ids import MemberId
from core.model.money import Money
from core.model.playbook import Playbook
from core.rules.substance import SIGNS, Done, signs_of
from tests.world import World

NOW = datetime(2026, 3, 5, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SOUND: dict[str, Any] = {
    "stage": "方案报价", "decision_maker": "李总", "amount": Money(35_000_000),
    "expected_close_on": date(2026, 6, 30),
}  # fmt: skip


def talk(
    days: int, content: str = "和李总当面过了方案", method: Method = Method.VISIT, *, valid: bool = True
) -> FollowUp:
    at = NOW - timedelta(days=days)
    return FollowUp(
        customer_kind="account", customer_id=1, author_id=MemberId(1), method=method, content=content, at=at,
        valid=valid, created_at=at, updated_at=at,
    )  # fmt: skip


def change(days: int, before: dict[str, Any], after: dict[str, Any]) -> Change:
    return Change(
        at=NOW - timedelta(days=days), actor_id=MemberId(1), channel="", inbox_id=None, command="", action="update",
        subject_kind="deal", subject_id=1, version=2, before=before, after=after,
    )  # fmt: skip


POSTPONED = [
    change(9, {"expected_close_on": "2026-04-01"}, {"expected_close_on": "2026-05-01"}),
    change(5, {"expected_close_on": "2026-05-01"}, {"expected_close_on": "2026-06-30"}),
]
HURRIED = [
    change(1, {"stage": "初步接洽"}, {"stage": "需求确认"}),
    change(1, {"stage": "需求确认"}, {"stage": "方案报价"}),
]
RAISED = [change(5, {"amount": 20_000_000}, {"amount": 35_000_000})]


def found(world: World, *, talks: list[FollowUp] | None = None, **what: Any) -> dict[str, str]:
    """Return the signs of a sound deal of which some things are other than they should be."""
    done = Done(
        followups=[talk(3)] if talks is None else talks,
        changes=what.pop("changes", []),
        has_next_step=what.pop("has_next_step", True),
        quoted=what.pop("quoted", True),
        contracted=what.pop("contracted", True),
    )
    deal = Deal(name="服务器", created_at=NOW, updated_at=NOW, **(SOUND | what))
    playbook = Playbook()
    with world.work() as uow:
        signs = signs_of(deal, done, playbook.substance, playbook.pipelines[0], uow.calendar, NOW)
    return {sign.key: sign.says for sign in signs}


@pytest.mark.parametrize(
    ("key", "says", "what"),
    [
        ("no_quote", "还没有一份报价", {"quoted": False}),
        ("no_contract", "还没有合同草稿", {"stage": "商务谈判", "contracted": False}),
        ("not_met", "从来没有拜访、会议或演示", {"talks": [talk(3, method=Method.CALL)]}),
        ("not_met", "40 天没有见过面", {"talks": [talk(40), talk(3, method=Method.CALL)]}),
        ("no_decider", "还不知道谁拍板", {"decision_maker": ""}),
        ("no_decider", "跟进里从没提到决策人李总", {"talks": [talk(3, "和采购过了方案")]}),
        ("no_decider", "31 天没有接触决策人李总", {"talks": [talk(31, method=Method.CALL), talk(3, "和采购过了方案")]}),
        ("no_next_step", "没有约下一步", {"has_next_step": False}),
        ("overdue", "预计签约日 03-01 已过 4 天", {"expected_close_on": date(2026, 3, 1)}),
        ("postponed", "预计签约日推迟过 2 次", {"changes": POSTPONED}),
        ("amount_up", "没有报价支持", {"changes": RAISED, "quoted": None}),
        ("too_early", "说 7 天后签约，阶段赢率只有 12%", {"stage": "需求确认", "expected_close_on": date(2026, 3, 12)}),
        ("moved_without_work", "推进了 2 个阶段，中间没有一次跟进", {"changes": HURRIED}),
    ],
)
def test_each_sign_is_found_by_its_evidence_and_no_other_with_it(
    world: World, key: str, says: str, what: dict[str, Any]
) -> None:
    signs = found(world, **what)
    assert set(signs) == {key}
    assert says in signs[key]


def test_a_sound_deal_has_none_and_every_sign_is_tried_above(world: World) -> None:
    assert found(world) == {}
    tried = {mark[0] for mark in test_each_sign_is_found_by_its_evidence_and_no_other_with_it.pytestmark[0].args[1]}  # type: ignore[attr-defined]
    assert tried == set(SIGNS)


def test_a_deal_that_is_over_is_not_judged(world: World) -> None:
    assert found(world, outcome="lost", stage="输单", talks=[], has_next_step=False, quoted=False) == {}


def test_which_deals_are_inflated_is_said_with_the_evidence(world: World) -> None:
    world.says("张伟", "录个客户 华为技术有限公司 王工 13912345678")
    world.says("张伟", "给华为建个商机 服务器 35万 下周三签")
    said = world.says("张伟", "哪些商机有水分")[-1]
    assert "1 个商机报得比做得多" in said
    assert "没有约下一步" in said
    assert "阶段赢率只有 2%" in said
    world.says("张伟", "跟进 华为 拜访了李总，方案没问题，下周一下午三点再联系")
    assert "没有发现有水分的商机" in world.says("张伟", "哪些商机有水分")[-1]
