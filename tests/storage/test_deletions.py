"""A record is deleted, restored, deleted again and purged, on both databases alike."""

from core.model.ids import Ref
from tests.world import World


def test_a_record_goes_comes_back_and_goes_for_good(any_world: World) -> None:
    world = any_world
    world.has_leads("苏州汇川", held_by="张伟", phone="13812345678")
    for restored in (True, False):
        world.says("张伟", "删除 苏州汇川")
        world.says("张伟", "确认")
        world.taps("王强", "同意")
        assert "苏州汇川" in "\n".join(world.says("张伟", "回收站"))
        if restored:
            assert "已恢复" in world.says("张伟", "恢复 L1")[0]
    world.passes(days=31)
    world.heard("张伟")
    assert "回收站是空的" in world.says("张伟", "回收站")[0]
    with world.work() as uow:
        [gone] = uow.deletions.records([Ref("lead", 1)])
        assert gone.phone is None
        assert all("13812345678" not in repr(one.before) for one in uow.history.of_subjects([Ref("lead", 1)]))
