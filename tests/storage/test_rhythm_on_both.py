"""Rhythm, silence, hand-over and the weekly figures on SQLite and on PostgreSQL."""

from datetime import datetime

from tests.world import SHANGHAI, World


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def test_a_fortnight_of_one_book(any_world: World) -> None:
    world = any_world
    world.now = at("03-02 08:00")
    for number in range(12):
        world.has_leads(f"第{number}家机电", held_by="张伟", grade="A")
    world.says("张伟", "跟进 第0家机电 上门拜访聊了报价，答应周五前给方案，3月11日下午三点再联系")
    for number in range(1, 12):
        world.says("张伟", f"跟进 第{number}家机电 电话聊了第{number}次报价")
    world.heard("张伟")
    world.ticks(at("03-04 17:00"))
    assert "这周还有 11 家 A 级客户没联系" in "".join(world.heard("张伟"))
    world.ticks(at("03-05 08:40"))
    assert "11 家客户好几天没有跟进" in "".join(world.heard("张伟"))
    world.says("赵敏", "张伟的客户交接给李娜和陈晨，平均分")
    assert "张伟的 12 位客户已交接" in world.says("赵敏", "确认")[0]
    assert any("6 位客户交接给您了" in text for text in world.heard("李娜"))
    world.ticks(at("03-06 08:41"))
    assert any("还没确认收到" in text for text in world.heard("赵敏"))
    world.ticks(at("03-09 02:51"))
    world.works()
    world.heard("李娜")
    assert "资料完整度" in world.says("李娜", "资料完整度")[0]
    assert "03-09 " in world.says("李娜", "资料完整度")[0]
    world.now = at("03-23 10:00")
    assert "张伟离开后流失 12/12 位客户" in world.says("赵敏", "张伟走了丢了多少客户")[-1]
