"""A rule rehearsed in chat and on the command line before it is in force."""

from datetime import timedelta

from tests.world import World


def _history(world: World) -> None:
    """Three leads of 张伟's: one lost to the clock, one saved in time, one let be."""
    world.has_leads("华东机电", "苏州汇川", held_by="张伟")
    world.passes(hours=20)
    world.says("张伟", "跟进 华东机电 电话聊了报价和交期，客户要样品")
    world.passes(hours=5)
    world.heard("吴昊")


def _changes(world: World) -> list[tuple[str, timedelta]]:
    with world.work() as uow:
        return [(rule.id, rule.amount) for rule in uow.playbook.recycle]


def test_a_changed_rule_is_rehearsed_before_it_is_in_force(world: World) -> None:
    _history(world)
    before = _changes(world)
    asked = world.says("吴昊", "首次跟进的回收时间改成48小时")[-1]
    assert "24小时 → 48小时" in asked
    assert "正在用最近的历史试算" in "\n".join(world.taps("吴昊", "试算"))
    world.works()
    world.delivers()
    [told] = world.heard("吴昊")
    assert "回收：1 → 0 条次" in told
    assert "会少收 1 条：苏州汇川" in told
    assert "张伟：接过 2 条，被收 1 → 0" in told
    assert _changes(world) == before
    assert "规则已生效" in "\n".join(world.taps("吴昊", "重新计算"))
    assert _changes(world) != before


def test_a_rehearsal_may_be_asked_for_outright_with_its_days(world: World) -> None:
    _history(world)
    asked = world.says("吴昊", "首次跟进的回收时间改成12小时试算一下")[-1]
    assert "24小时 → 12小时" in asked
    world.works()
    world.delivers()
    [told] = world.heard("吴昊")
    assert "会多收 1 条：华东机电" in told
    assert "最近 90 天" in told


def test_only_administrators_rehearse(world: World) -> None:
    assert "管理员" in world.says("张伟", "首次跟进的回收时间改成12小时试算一下")[-1]
