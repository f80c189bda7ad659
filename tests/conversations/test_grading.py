"""Grades and tags in the company's own words: set in chat, what moves with them, and found by."""

from datetime import datetime
from typing import Any

import pytest

from core.errors import BadInput
from core.model.playbook import Playbook
from core.services.words import known_word
from tests.world import SHANGHAI, World


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def first_contact(world: World, name: str) -> set[datetime]:
    lead = world.lead(name)
    with world.work() as uow:
        return {d.limit_at for d in uow.deadlines.of(lead.ref) if d.kind == "first_contact"}


@pytest.fixture
def lead(world: World) -> World:
    world.has_leads("苏州汇川", held_by="张伟", grade="B")
    return world


def test_a_grade_that_is_set_moves_the_first_contact_and_begins_the_rhythm(lead: World) -> None:
    assert first_contact(lead, "苏州汇川") == {at("03-06 10:00")}
    [card] = lead.says("张伟", "把汇川改成A级")
    assert "已把「苏州汇川」定为 A 级" in card
    assert "原来是 B 级" in card
    assert "首次联系期限：03-05 12:00" in card
    assert "跟进节奏：每周拜访 1 次" in card
    assert first_contact(lead, "苏州汇川") == {at("03-05 12:00")}
    assert "A 级" in lead.says("张伟", "看看 汇川")[0]


def test_a_grade_begins_its_rhythm_with_the_next_whole_week(lead: World) -> None:
    lead.says("张伟", "汇川定为A级")
    assert "都按节奏联系了" in lead.says("张伟", "拜访缺口")[0], "this week is not whole"
    lead.now = at("03-09 10:00")
    assert "汇川：每周拜访 1 次，到 03-15" in lead.says("张伟", "拜访缺口")[0]


def test_undo_gives_the_old_grade_back_with_its_clocks(lead: World) -> None:
    lead.says("张伟", "把汇川改成A级")
    assert "已撤销定等级：苏州汇川" in lead.says("张伟", "撤销")[0]
    assert lead.lead("苏州汇川").grade == "B"
    assert first_contact(lead, "苏州汇川") == {at("03-06 10:00")}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("把汇川改成E级", "没有等级「E」。可以用的有：A、B、C、D"),
        ("把汇川改成B级", "本来就是 B 级"),
    ],
)
def test_a_grade_that_is_none_is_refused_with_those_there_are(lead: World, said: str, why: str) -> None:
    assert why in "".join(lead.says("张伟", said))
    assert lead.lead("苏州汇川").grade == "B"


def test_nobody_grades_somebody_elses_customer(lead: World) -> None:
    assert "没有记录任何内容" in lead.says("陈晨", "把苏州汇川改成A级")[0]
    assert lead.lead("苏州汇川").grade == "B"


def test_of_a_group_that_keeps_one_the_new_tag_takes_the_old_ones_place(lead: World) -> None:
    lead.says("张伟", "打标签 汇川 高意向、价格敏感")
    lead.says("张伟", "打标签 汇川 低意向")
    assert lead.lead("苏州汇川").tags == ("价格敏感", "低意向")


def test_customers_are_found_by_tag_and_by_grade(lead: World) -> None:
    lead.has_leads("华东机电", held_by="陈晨", grade="A")
    lead.says("张伟", "打标签 汇川 高意向")
    assert "「高意向」的客户 1 家\n1. 苏州汇川（张伟）" in lead.says("张伟", "按标签找 高意向")[0]
    assert "名下没有「高意向」的客户" in lead.says("陈晨", "按标签找 高意向")[0]
    assert "苏州汇川（张伟）" in lead.says("王强", "高意向标签的客户有哪些")[0], "a leader sees the team's"
    assert "「A 级」的客户 1 家" in lead.says("王强", "A级客户有哪些")[0]


def test_the_tags_of_the_company_are_listed_by_group(lead: World) -> None:
    assert "意向：高意向、中意向、低意向" in lead.says("张伟", "标签有哪些")[0]


def closed(**sections: Any) -> Playbook:
    return Playbook.model_validate(sections)


def test_where_only_known_tags_count_the_nearest_is_offered() -> None:
    words = ["高意向", {"name": "价格敏感", "aliases": ["嫌贵"]}]
    tags = closed(tags={"free": False, "groups": [{"name": "意向", "tags": words}]}).tags
    assert known_word(tags, "嫌贵", "标签") == "价格敏感"
    with pytest.raises(BadInput, match="没有标签「高意象」，是不是「高意向」？"):
        known_word(tags, "高意象", "标签")


def test_a_source_is_kept_under_the_companys_own_word() -> None:
    sources = closed(sources={"known": [{"name": "展会", "aliases": ["展览会", "工博会"]}]}).sources
    assert known_word(sources, "工博会", "来源") == "展会"
    assert known_word(sources, "朋友圈", "来源") == "朋友圈", "free by default"


def test_where_a_company_has_closed_its_tags_a_wrong_one_is_refused_and_a_heard_one_left_out(lead: World) -> None:
    lead.plays(closed(tags={"free": False, "known": ["高意向"]}))
    assert "没有标签「高意象」，是不是「高意向」？" in lead.says("张伟", "打标签 汇川 高意象")[0]
    lead.says("张伟", "跟进 汇川 电话聊了报价，对方嫌贵，要打九折")
    assert lead.lead("苏州汇川").tags == ()
    assert "已打标签：高意向" in lead.says("张伟", "打标签 汇川 高意向")[0]
