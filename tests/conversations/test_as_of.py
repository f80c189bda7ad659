"""How a customer stood at a moment of the past (C22, E102): what the history tells equals what was there."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect

from core.model.deal import Deal
from core.model.ids import AccountId, DealId, Ref
from tests.world import World

SAID = (
    "D1 金额改成{n}0万",
    "D1 预计签约改到7月{n}日",
    "华为推进到需求确认",
    "华为退回到初步接洽，原因是需求变了",
    "把华为改成A级",
    "把华为改成B级",
    "跟进 华为 第{n}次电话聊了服务器扩容",
    "给华为打标签 高意向",
    "去标签 华为 高意向",
    "输单 华为 价格太高，选了浪潮",
    "撤销",
)
SILENT = {"updated_at", "version"}


def test_e102_that_day_is_asked_for_in_chat(world: World) -> None:
    world.says("张伟", "录个客户 华为技术有限公司 王工 13912345678")
    world.says("张伟", "跟进 华为 电话聊了服务器需求，答应周五前给方案")
    world.says("张伟", "给华为建个商机 服务器 35万 6月底签")
    world.passes(days=5)
    world.says("张伟", "华为推进到需求确认")
    world.says("张伟", "D1 金额改成50万")
    world.says("张伟", "确认")
    world.says("张伟", "华为的方案给了")
    then = world.says("张伟", "3月6号那天华为是啥情况")[-1]
    assert "华为技术有限公司：2026-03-06 23:59 的情况" in then
    assert "初步接洽 350,000元" in then
    assert "承诺 答应周五前给方案" in then
    assert "电话：聊了服务器需求" in then
    now = world.says("张伟", "看看华为")[-1]
    assert "需求确认 500,000元" in now
    assert "承诺" not in now


def test_before_it_was_on_record_there_is_nothing(world: World) -> None:
    world.says("张伟", "录个客户 华为技术有限公司 王工 13912345678")
    assert "还没有记录" in world.says("张伟", "3月1号那天华为是啥情况")[-1]


def test_who_held_it_then_is_said(world: World) -> None:
    world.says("张伟", "录个客户 华为技术有限公司 王工 13912345678")
    world.passes(days=5)
    with world.work() as uow:
        uow.accounts.get(AccountId(1)).owner_id = world.member("陈晨").id
    assert "负责人：张伟" in world.says("王强", "3月6号那天华为是啥情况")[-1]


def test_a_stranger_learns_nothing_of_the_past_either(world: World) -> None:
    world.says("张伟", "录个客户 华为技术有限公司 王工 13912345678")
    world.passes(days=5)
    assert "负责人" not in world.says("李娜", "3月6号那天华为是啥情况")[-1]


@settings(
    max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(st.lists(st.tuples(st.sampled_from(SAID), st.integers(1, 9)), min_size=3, max_size=14))
def test_c22_the_state_at_any_moment_equals_the_snapshot_of_it(said: list[tuple[str, int]]) -> None:
    world = World()
    try:
        world.says("张伟", "录个客户 华为技术有限公司 王工 13912345678")
        world.says("张伟", "跟进 华为 电话聊了服务器需求，明天下午三点再联系")
        world.says("张伟", "给华为建个商机 服务器 35万 6月底签")
        snapshots: list[tuple[datetime, dict[str, Any]]] = []
        for words, number in said:
            world.now += timedelta(minutes=1)
            world.says("张伟", words.format(n=number))
            world.says("张伟", "确认")
            snapshots.append((world.now, _now(world)))
        with world.work() as uow:
            for at, snapshot in snapshots:
                assert {kind: _plain(uow.history.as_it_was(ref, at)) for kind, ref in REFS.items()} == snapshot
    finally:
        world.close()


REFS = {"deal": Ref("deal", DealId(1)), "account": Ref("account", AccountId(1))}


def _now(world: World) -> dict[str, Any]:
    with world.work() as uow:
        return {"deal": _plain(_deal(uow)), "account": _plain(uow.accounts.get(AccountId(1)))}


def _deal(uow: Any) -> Any:
    return uow.session.get(Deal, 1)


def _plain(record: Any) -> dict[str, Any]:
    names = inspect(type(record)).column_attrs.keys()
    return {name: getattr(record, name) for name in names if name not in SILENT}
