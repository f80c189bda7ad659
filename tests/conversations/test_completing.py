"""How complete customers are (semantics B.11): on the card, by week, and asked for one field at a time."""

from datetime import datetime

import pytest

from core.model.playbook import Completeness, Playbook
from tests.world import SHANGHAI, World

STORY = "北边的仓库昨天刷了新漆，今天又重新刷了一遍，味道大得很"
TOLD = "跟进 汇川 电话聊了第{}版的报价，下周三下午三点再联系"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


@pytest.fixture
def lead(world: World) -> World:
    world.has_leads("苏州汇川", held_by="张伟", phone="13812345678")
    return world


def test_the_card_says_how_complete_a_customer_is_and_what_is_missing(lead: World) -> None:
    [card] = lead.says("张伟", "看看 汇川")
    assert "资料完整度：33%，还缺联系人、地区、行业、等级" in card


def test_a_lead_that_is_worked_wants_more(lead: World) -> None:
    lead.says("张伟", TOLD.format(1))
    assert "资料完整度：22%，还缺需求、联系人、职务、地区等" in lead.says("张伟", "看看 汇川")[0]


def test_while_following_up_one_missing_field_is_asked_for_and_filled_in(lead: World) -> None:
    [card] = lead.says("张伟", TOLD.format(1))
    assert "顺便补一项：需求是？" in card
    [card] = lead.says("张伟", "要 20 台 45kW 变频器")
    assert "需求" in card
    assert lead.lead("苏州汇川").need == "要 20 台 45kW 变频器"
    assert "已撤销" in lead.says("张伟", "撤销")[0]
    assert lead.lead("苏州汇川").need == ""


def test_it_is_asked_once_a_day_and_customer(lead: World) -> None:
    lead.has_leads("华东机电", held_by="张伟")
    assert "顺便补一项" in lead.says("张伟", TOLD.format(1))[0]
    assert "顺便补一项" not in lead.says("张伟", TOLD.format(2))[0]
    assert "顺便补一项" in lead.says("张伟", TOLD.format(3).replace("汇川", "华东机电"))[0]
    lead.now = at("03-06 10:00")
    assert "顺便补一项" in lead.says("张伟", TOLD.format(4))[0]


def test_a_grade_is_chosen_by_button_and_sets_its_clocks(lead: World) -> None:
    with lead.work("张伟") as uow:
        one = uow.leads.get(1)
        one.need, one.region, one.industry = "变频器", "江苏", "制造业"
        one.contact_name, one.contact_title = "王工", "工程师"
    [card] = lead.says("张伟", TOLD.format(1))
    assert "顺便补一项：等级是？" in card
    lead.taps("张伟", "A")
    assert lead.lead("苏州汇川").grade == "A"


@pytest.mark.parametrize("answer", ["先跳过", "好的", "算了", "1", STORY])
def test_what_is_no_value_leaves_the_field_open(lead: World, answer: str) -> None:
    lead.says("张伟", TOLD.format(1))
    lead.says("张伟", answer)
    assert lead.lead("苏州汇川").need == ""


@pytest.mark.parametrize(
    "said",
    [
        "今天", "公海", "帮助", "漏斗", "我的客户", "排行榜", "汇川", "明天有什么安排", "客户那边要改参数",
        "下周去现场", "对方要换联系人", "我的线索", "提醒我喝水", "李娜", "报表",
    ],
)  # fmt: skip
def test_a_command_or_a_story_is_no_value_and_is_heard_as_if_nothing_were_asked(lead: World, said: str) -> None:
    plain = World()
    plain.has_leads("苏州汇川", held_by="张伟", phone="13812345678")
    plain.plays(Playbook(completeness=Completeness(ask=False)))
    for world in (lead, plain):
        world.says("张伟", TOLD.format(1))
    heard = [[str(card).splitlines()[0] for card in world.says("张伟", said)] for world in (lead, plain)]
    assert heard[0] == heard[1]
    assert lead.lead("苏州汇川").need == ""


def test_a_new_sentence_is_no_answer(lead: World) -> None:
    lead.says("张伟", TOLD.format(1))
    assert "苏州汇川" in lead.says("张伟", "看看 汇川")[0]
    assert lead.lead("苏州汇川").need == ""


def test_the_figure_of_each_week_is_kept_and_told(lead: World) -> None:
    lead.says("张伟", TOLD.format(1))
    lead.ticks(at("03-05 10:00"))
    lead.works()
    with lead.work("张伟") as uow:
        one = uow.leads.get(1)
        one.region, one.industry, one.grade, one.contact_name = "江苏", "制造业", "A", "王工"
    lead.ticks(at("03-09 02:51"))
    lead.works()
    lead.heard("张伟")
    [card] = lead.says("张伟", "资料完整度")
    assert "资料完整度 66.7%（1 位客户）" in card
    assert "03-02 22.2% → 03-09 66.7% → 现在 66.7%" in card
    assert "· 苏州汇川 67%，还缺需求、职务" in card
    lead.heard("王强")
    [card] = lead.says("王强", "团队资料完整度怎么样")
    assert "张伟：66.7%，1 位（03-02 22.2%）" in card
    lead.ticks(at("03-09 09:00"))
    assert "资料完整度：03-02 22.2% → 03-09 66.7%" in "".join(lead.heard("王强"))


def test_a_week_is_measured_once(lead: World) -> None:
    assert "figures" in lead.ticks(at("03-05 10:00")).ran
    lead.works()
    assert "figures" not in lead.ticks(at("03-06 10:00")).ran
    assert "figures" in lead.ticks(at("03-09 10:00")).ran


def test_a_company_may_switch_the_questions_off(lead: World) -> None:
    lead.plays(Playbook(completeness=Completeness(ask=False)))
    assert "顺便补一项" not in lead.says("张伟", TOLD.format(1))[0]
