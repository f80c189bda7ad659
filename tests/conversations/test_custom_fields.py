"""A company's own fields, said in chat: with a new lead, changed, asked for, shown, hidden, found by."""

import json
from typing import Any

import pytest

from bot.new_fields import new_field
from core.model.playbook import Playbook
from core.services.fields.showing import own_fields
from core.services.fields.values import reading_of, write_field
from tests.world import World

MACHINE = {"key": "machine", "label": "设备类型", "type": "choice", "aliases": ["机型"],
           "options": ["注塑机", {"value": "冲压机", "aliases": ["冲床"]}, "车床"]}  # fmt: skip
BUDGET = {"key": "budget", "label": "预算", "type": "money"}
LINES = {"key": "lines", "label": "产线数", "type": "integer", "unit": "条"}


def has_fields(world: World, **objects: list[dict[str, Any]]) -> None:
    """Let the company have these fields from now on."""
    world.applies(json.dumps({"fields": objects}, ensure_ascii=False))


@pytest.fixture
def factory(world: World) -> World:
    """A company that sells machines."""
    has_fields(world, lead=[MACHINE, BUDGET, LINES], account=[MACHINE, BUDGET])
    return world


def test_a_new_lead_takes_the_companys_own_fields_out_of_one_line(factory: World) -> None:
    [answer] = factory.says("张伟", "新线索 苏州汇川 王先生 13812345678 官网 预算50万 设备类型 注塑机 要100台伺服")
    lead = factory.lead("苏州汇川")
    assert lead.custom == {"budget": 50_000_000, "machine": "注塑机"}
    assert (lead.contact_name, lead.phone, lead.source, lead.need) == ("王先生", "13812345678", "官网", "要100台伺服")
    assert "设备类型：注塑机" in answer
    assert "预算：500,000元" in answer


@pytest.mark.parametrize(
    ("said", "custom"),
    [
        ("新线索 苏州汇川 13812345678 设备类型：冲床，预算：80万", {"machine": "冲压机", "budget": 80_000_000}),
        ("新线索 苏州汇川 13812345678 注塑机", {"machine": "注塑机"}),
        ("新线索 苏州汇川 13812345678 机型是车床 产线数3条", {"machine": "车床", "lines": 3}),
        ("新线索 苏州汇川 13812345678 预算大概还没定", {}),
        (
            "新线索\n公司：苏州汇川\n电话：13812345678\n设备类型：注塑机\n预算：1.2亿",
            {"machine": "注塑机", "budget": 12_000_000_000},
        ),
    ],
)
def test_values_are_read_however_they_are_said(factory: World, said: str, custom: dict[str, Any]) -> None:
    factory.says("张伟", said)
    assert factory.lead("苏州汇川").custom == custom


def test_a_value_is_changed_by_a_sentence_and_taken_back(factory: World) -> None:
    factory.says("张伟", "新线索 苏州汇川 13812345678 设备类型 注塑机")
    [answer] = factory.says("张伟", "汇川 设备类型改成 冲压机")
    assert answer == "已改：苏州汇川\n设备类型：冲压机\n原来：注塑机"
    assert factory.lead("苏州汇川").custom["machine"] == "冲压机"
    assert "已撤销改资料：苏州汇川" in factory.taps("张伟", "撤销")[0]
    assert factory.lead("苏州汇川").custom["machine"] == "注塑机"


@pytest.mark.parametrize(
    "said",
    [
        "把汇川的设备类型改为冲床",
        "汇川 机型 冲压机",
        "汇川的设备类型是冲压机",
        "汇川设备类型：冲床",
        "设备类型改成冲压机",
    ],
)
def test_a_change_is_understood_in_many_wordings(factory: World, said: str) -> None:
    factory.says("张伟", "新线索 苏州汇川 13812345678")
    factory.says("张伟", "看看 苏州汇川")
    factory.says("张伟", said)
    assert factory.lead("苏州汇川").custom == {"machine": "冲压机"}


def test_two_fields_are_changed_in_one_message(factory: World) -> None:
    factory.says("张伟", "新线索 苏州汇川 13812345678")
    factory.says("张伟", "汇川 设备类型改成冲压机，预算改成80万")
    assert factory.lead("苏州汇川").custom == {"machine": "冲压机", "budget": 80_000_000}


def test_built_in_fields_are_changed_likewise(factory: World) -> None:
    factory.says("张伟", "新线索 苏州汇川 13812345678")
    assert "行业：机械制造" in factory.says("张伟", "汇川 行业改成 机械制造")[0]
    assert factory.lead("苏州汇川").industry == "机械制造"


def test_an_option_that_does_not_exist_is_refused_with_those_that_do(factory: World) -> None:
    factory.says("张伟", "新线索 苏州汇川 13812345678")
    [answer] = factory.says("张伟", "汇川 设备类型改成 冲压设备")
    assert answer == "「设备类型」没有选项「冲压设备」，是不是「冲压机」？可选：注塑机、冲压机、车床"
    assert factory.lead("苏州汇川").custom == {}


def test_required_fields_are_asked_one_at_a_time_with_buttons_for_choices(world: World) -> None:
    has_fields(world, lead=[MACHINE | {"required": True}, BUDGET | {"required": True, "help": "含税"}])
    [answer] = world.says("张伟", "新线索 苏州汇川 13812345678")
    assert "设备类型是？请回复其中一个" in answer
    answer, *_ = world.taps("张伟", "冲压机")
    assert "预算是？（含税）请回复金额，例如 50万" in answer
    [answer] = world.says("张伟", "80万")
    assert "预算：800,000元" in answer
    assert "？" not in answer
    assert world.lead("苏州汇川").custom == {"machine": "冲压机", "budget": 80_000_000}


def test_a_question_for_a_field_may_be_left_alone(world: World) -> None:
    has_fields(world, lead=[MACHINE | {"required": True}])
    world.says("张伟", "新线索 苏州汇川 13812345678")
    world.says("张伟", "跟进 苏州汇川 电话聊了需求，对方要看样品")
    assert world.lead("苏州汇川").state == "working"
    assert world.lead("苏州汇川").custom == {}


def test_a_unique_value_is_nobody_elses_and_it_is_not_said_whose(world: World) -> None:
    has_fields(world, lead=[{"key": "code", "label": "设备编号", "unique": True}])
    world.says("张伟", "新线索 苏州汇川 13812345678 设备编号：AB-12")
    [answer] = world.says("李娜", "新线索 宁波舜宇 13900000001 设备编号：ａｂ-12")
    assert answer == "「设备编号」不能重复，「ab-12」已经有记录在用。请核对后再发一次"
    assert "汇川" not in answer
    world.says("李娜", "新线索 宁波舜宇 13900000001 设备编号：AB-13")
    assert world.lead("宁波舜宇").custom == {"code": "AB-13"}


def test_records_are_found_by_their_fields(factory: World) -> None:
    factory.says("张伟", "新线索 苏州汇川 13812345678 设备类型 注塑机 预算50万")
    factory.says("张伟", "新线索 无锡先导 13812345679 设备类型 冲压机 预算200万")
    factory.says("李娜", "新线索 宁波舜宇 13812345670 设备类型 注塑机 预算50万")
    [answer] = factory.says("张伟", "设备类型是注塑机的线索")
    assert answer.startswith("设备类型是注塑机的线索 1 条\nL1 苏州汇川")
    assert "L2" in factory.says("张伟", "预算大于100万的线索")[0]
    assert "L1" in factory.says("张伟", "预算50万以上的线索有哪些")[0]
    assert factory.says("张伟", "设备类型是车床的线索")[0].startswith("没有找到")
    [answer] = factory.says("赵敏", "设备类型是注塑机或冲床的客户")
    assert all(number in answer for number in ("L1", "L2", "L3")), "a director sees those of all departments below"


def test_what_only_some_roles_may_see_is_there_for_nobody_else(world: World) -> None:
    has_fields(world, lead=[BUDGET | {"visible_to": ["manager", "director"]}])
    [lead] = world.has_leads("苏州汇川", held_by="张伟")
    with world.work("王强") as uow:
        write_field(uow, uow.leads.get(lead.id), "预算", "50万", reading_of(uow))
    assert "预算" not in world.says("张伟", "看看 苏州汇川")[0]
    assert "预算：500,000元" in world.says("王强", "看看 苏州汇川")[0]
    assert "500,000" not in world.says("张伟", "预算大于1万的线索")[0]
    assert "50" not in world.says("张伟", "汇川 预算改成 60万")[0]
    assert world.lead("苏州汇川").custom == {"budget": 50_000_000}


def test_what_may_be_seen_and_not_changed_stays(world: World) -> None:
    has_fields(world, lead=[BUDGET | {"editable_by": ["manager"]}])
    world.has_leads("苏州汇川", held_by="张伟")
    assert "没有改动「预算」的权限" in world.says("张伟", "汇川 预算改成 60万")[0]
    assert "预算：600,000元" in world.says("王强", "苏州汇川 预算改成 60万")[0]
    assert "预算：600,000元" in world.says("张伟", "看看 苏州汇川")[0]


def test_a_field_that_is_shown_only_sometimes_is_asked_for_only_then(world: World) -> None:
    ton = {"key": "ton", "label": "吨位", "type": "integer", "required": True,
           "shown_when": {"field": "设备类型", "value": "冲压机"}}  # fmt: skip
    has_fields(world, lead=[MACHINE, ton])
    assert "吨位" not in world.says("张伟", "新线索 苏州汇川 13812345678 设备类型 注塑机")[0]
    assert "吨位是？" in world.says("张伟", "新线索 无锡先导 13812345679 设备类型 冲压机")[0]


def test_a_formula_is_shown_and_not_written(world: World) -> None:
    per_line = {"key": "per_line", "label": "每条预算", "type": "formula", "formula": "预算 / 产线数"}
    has_fields(world, lead=[BUDGET, LINES, per_line])
    [answer] = world.says("张伟", "新线索 苏州汇川 13812345678 预算100万 产线数：3")
    assert "每条预算：333,333.33元" in answer
    assert "是自动计算的" in world.says("张伟", "汇川 每条预算改成 5万")[0]


def test_a_converted_lead_takes_its_values_along(factory: World) -> None:
    factory.says("张伟", "新线索 苏州汇川 13812345678 预算50万 产线数：3")
    factory.says("张伟", "转客户 苏州汇川")
    factory.says("张伟", "确认")
    assert "预算：500,000元" in factory.says("张伟", "看看 苏州汇川")[0]
    [answer] = factory.says("张伟", "预算50万以上的客户")
    assert answer.startswith("预算 >= 50万的客户 1 条\nA1 苏州汇川")


MACHINES = {"key": "shebeileixing", "label": "设备类型", "type": "choice", "options": ["注塑机", "冲压机"]}
COUNT = {"key": "yujitaishu", "label": "预计台数", "type": "number", "unit": "台"}
MARGIN = {"key": "maoli", "label": "毛利", "type": "formula", "formula": "金额 * 0.3"}


@pytest.mark.parametrize(
    ("said", "definition"),
    [
        ("给线索加一个字段 设备类型 选项 注塑机/冲压机", MACHINES),
        ("线索加个字段：设备类型（单选：注塑机、冲压机）必填", MACHINES | {"required": True}),
        ("加字段 客户 成立日期", {"key": "chengliriqi", "label": "成立日期", "type": "date"}),
        ("给商机增加一个自定义字段：竞争对手", {"key": "jingzhengduishou", "label": "竞争对手", "type": "text"}),
        ("新加个字段 预计台数 数字 单位台", COUNT),
        ("给线索加一个字段 是否招标", {"key": "shifouzhaobiao", "label": "是否招标", "type": "yes_no"}),
        ("给商机加一个字段 毛利 公式 金额 * 0.3", MARGIN),
    ],
)
def test_what_field_is_wanted_is_read_from_a_sentence(said: str, definition: dict[str, Any]) -> None:
    assert new_field(Playbook(), said)[1] == definition


def test_a_field_is_asked_for_from_a_stage_on() -> None:
    _, spec = new_field(Playbook(), "给商机加字段 预计台数 整数 必填在方案报价")
    assert spec["shown_when"] == {"field": "stage", "op": "in", "value": ["方案报价", "商务谈判", "赢单", "输单"]}


def test_an_administrator_adds_a_field_in_chat_and_reps_use_it_at_once(world: World) -> None:
    [card] = world.says("吴昊", "给线索加一个字段 设备类型 选项 注塑机/冲压机")
    assert "设备类型" in card
    world.taps("吴昊", "生效")
    [answer] = world.says("张伟", "新线索 苏州汇川 13812345678 官网 设备类型 注塑机")
    assert "设备类型：注塑机" in answer
    assert "L1 苏州汇川" in world.says("张伟", "设备类型是注塑机的线索")[0]
    assert "已经有「设备类型」这个字段了" in world.says("吴昊", "给线索加一个字段 设备类型")[0]


def test_only_administrators_add_fields(world: World) -> None:
    assert "生效" not in "".join(world.says("张伟", "给线索加一个字段 设备类型 选项 注塑机/冲压机"))
    world.says("张伟", "新线索 苏州汇川 13812345678 设备类型 注塑机")
    assert world.lead("苏州汇川").custom == {}


def test_in_a_group_what_is_masked_is_masked_and_what_is_hidden_is_not_there(world: World) -> None:
    floor = {"key": "floor", "label": "底价", "type": "money", "visible_to": ["rep", "manager"]}
    account = {"key": "account_no", "label": "对公账号", "type": "bank_account"}
    has_fields(world, lead=[MACHINE, BUDGET | {"masked": True}, floor, account])
    said = "新线索 苏州汇川 13812345678 设备类型 注塑机 预算50万 底价40万 对公账号：622200000000000011"
    world.says("张伟", said)
    alone = world.says("张伟", "看看 苏州汇川")[0]
    assert all(words in alone for words in ("预算：500,000元", "底价：400,000元", "6222 0000 0000 0000 11"))
    with world.work("张伟") as uow:
        uow.room = "华东销售群"
        shown = dict(own_fields(uow, uow.leads.get(world.lead("苏州汇川").id)))
    assert shown == {"设备类型": "注塑机", "预算": "***", "对公账号": "**** 0011"}


def test_digits_that_belong_to_a_field_are_neither_a_phone_nor_a_companys_number(world: World) -> None:
    has_fields(world, lead=[{"key": "code", "label": "设备编号"}, {"key": "serial", "label": "序列号"}])
    world.says("张伟", "新线索 苏州汇川 设备编号：123456789 序列号：913500000000000000 联系人李明")
    lead = world.lead("苏州汇川")
    assert lead.custom == {"code": "123456789", "serial": "913500000000000000"}
    assert (lead.phone, lead.credit_code, lead.contact_name) == (None, None, "李明")
