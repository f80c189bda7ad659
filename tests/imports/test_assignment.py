"""Imported leads that nobody holds go by the assignment rules (semantics B.5)."""

from collections import Counter

from core.model.lead import Lead
from tests.assigning import in_force, region, rule
from tests.imports.conftest import Desk

ROWS = [["公司名称", "地区", "负责人"], *([f"江苏第{n}家机电有限公司", "江苏", ""] for n in range(7))]


def test_leads_without_a_holder_go_by_the_rules_and_everybody_hears_once(desk: Desk) -> None:
    in_force(desk.world, rule("江苏", "张伟", "陈晨", when=region("江苏")))
    desk.takes(desk.book([*ROWS, ["广州数控有限公司", "广东", ""], ["上海宝冶有限公司", "江苏", "李娜"]]))
    names = {desk.world.member(name).id: name for name in ("张伟", "陈晨", "李娜")} | {None: ""}
    assert Counter(names[lead.owner_id] for lead in desk.all(Lead)) == {"张伟": 4, "陈晨": 3, "李娜": 1, "": 1}
    desk.world.delivers()
    [told] = desk.world.heard("张伟")
    assert told.startswith("给您分了 4 条线索\n规则「江苏」")
    assert desk.world.heard("李娜") == [], "her own lead came with her name"


def test_the_playbook_may_send_imported_leads_to_the_pool(desk: Desk) -> None:
    in_force(desk.world, rule("江苏", "张伟", when=region("江苏")), imported=False)
    desk.takes(desk.book(ROWS))
    assert {lead.state for lead in desk.all(Lead)} == {"pooled"}


def test_their_clocks_run_from_the_import(desk: Desk) -> None:
    in_force(desk.world, rule("江苏", "张伟", when=region("江苏")))
    desk.takes(desk.book(ROWS))
    desk.world.passes(hours=24, seconds=1)
    assert {lead.state for lead in desk.all(Lead)} == {"pooled"}


def test_a_rehearsed_import_spends_nobodys_turn(desk: Desk) -> None:
    in_force(desk.world, rule("江苏", "张伟", "陈晨", when=region("江苏")))
    desk.takes(desk.book(ROWS), dry_run=True)
    with desk.world.work() as uow:
        assert uow.routings.memory("江苏") == {}


def test_members_come_with_what_they_can_do(desk: Desk) -> None:
    desk.enrols(
        desk.book(
            [
                ["账号", "姓名", "部门", "角色", "负责地区", "技能", "权重", "接线索时间", "库容"],
                ["heping", "何平", "销售部/华东", "rep", "江苏、浙江", "英语", 3, "9:00-18:00", 60],
                ["sunli", "孙丽", "销售部/华东", "rep", "", "", "", "", ""],
            ]
        )
    )
    desk.world.ids |= {"何平": "heping", "孙丽": "sunli"}
    member = desk.world.member("何平")
    assert (member.regions, member.skills) == (("江苏", "浙江"), ("英语",))
    assert (member.weight, member.duty, member.capacity) == (3, "09:00-18:00", 60)
    other = desk.world.member("孙丽")
    assert (other.regions, other.weight, other.capacity) == ((), None, None)


def test_what_a_member_can_do_is_told_when_it_cannot_be_read(desk: Desk) -> None:
    roster = desk.enrols(
        desk.book(
            [["账号", "姓名", "接线索时间", "权重"], ["heping", "何平", "早上", "3"], ["sunli", "孙丽", "", "很多"]]
        )
    )
    assert [bad["row"] for bad in roster.bad] == ["2", "3"]
    assert "请写成 9:00-18:00" in roster.bad[0]["reason"]
    assert "权重「很多」" in roster.bad[1]["reason"]
