"""Putting a lead on record: read from one line, checked for duplicates, never leaking a number."""

import pytest

from tests.world import World

LINE = "新线索 苏州汇川 王先生 13812345678 官网来的 要100台伺服"


def test_one_line_becomes_a_lead_with_person_phone_source_and_need(world: World) -> None:
    [answer] = world.says("张伟", LINE)
    lead = world.lead("苏州汇川")
    assert (lead.contact_name, lead.phone, lead.source, lead.need) == (
        "王先生",
        "13812345678",
        "官网",
        "要100台伺服",
    )
    assert lead.owner_id == world.member("张伟").id
    assert "新线索 L1 苏州汇川" in answer
    assert "03-06 10:00 前首次跟进" in answer


def test_the_same_phone_is_not_put_on_record_twice_and_the_number_is_not_told(world: World) -> None:
    world.says("张伟", LINE)
    [answer] = world.says("李娜", "新线索 常州汇友 +86 138-1234-5678")
    assert answer == "已有记录（电话相同），由张伟跟进。没有新建"
    assert "138" not in answer


@pytest.mark.parametrize("spelling", ["苏州汇川", "苏州汇川 ", "ｓｕzhou", "苏 州汇川"])
def test_the_same_full_name_is_found_in_other_spellings(world: World, spelling: str) -> None:
    world.has_leads("suzhou" if "u" in spelling else "苏州汇川", held_by="张伟")
    [answer] = world.says("李娜", f"新线索 {spelling.replace(' ', '')}")
    assert "已有记录" in answer


def test_a_similar_name_is_asked_about_and_both_answers_do_what_they_say(world: World) -> None:
    world.has_leads("华为技术有限公司", held_by="张伟")
    [question] = world.says("李娜", "新线索 华为技术（深圳）有限公司")
    assert "和已有记录相近" in question
    assert "华为（张伟）" in question, "what both are called, and no more of what is not the asker's"
    assert "华为技术有限公司" not in question
    answer, settled = world.taps("李娜", "不用了")
    assert answer == "好的，没有新建"
    assert settled.endswith("不用了"), "the question shows what was chosen, and its buttons are gone"
    world.says("李娜", "新线索 华为技术（深圳）有限公司")
    answer, _ = world.taps("李娜", "仍然新建")
    assert "新线索 L2 华为技术（深圳）有限公司" in answer


def test_marketing_hands_a_lead_to_the_pool(world: World) -> None:
    [answer] = world.says("周婷", "新线索 宁波舜宇 13900000001 展会 镜头模组")
    assert "已放入公海" in answer
    assert world.lead("宁波舜宇").state == "pooled"


def test_finance_cannot_put_leads_on_record(world: World) -> None:
    assert "没有新建线索的权限" in world.says("陈静", LINE)[0]


def test_a_name_that_is_missing_is_asked_for_and_what_was_said_is_kept(world: World) -> None:
    assert world.says("张伟", "新线索 13812345678") == ["请回复公司名称"]
    world.says("张伟", "苏州汇川")
    assert world.lead("苏州汇川").phone == "13812345678"


def test_looking_somebody_up_tells_who_not_the_number(world: World) -> None:
    world.says("张伟", LINE)
    [answer] = world.says("李娜", "查一下 苏州汇川 有没有人在跟")
    assert "张伟 在跟" in answer
    assert "138" not in answer
    assert world.says("李娜", "查一下 宁波舜宇") == [
        "「宁波舜宇」没有人在跟\n可以发送「新线索 公司名 电话 来源 需求」新建"
    ]


def test_a_new_lead_can_be_undone_by_its_button_within_ten_minutes_only(world: World) -> None:
    world.says("张伟", LINE)
    assert "已撤销新建线索：苏州汇川" in world.taps("张伟", "撤销")[0]
    assert "没有人在跟" in world.says("李娜", "查一下 苏州汇川")[0]
    world.says("张伟", LINE)
    world.passes(minutes=11)
    world.heard("张伟")
    assert "没有可以撤销的操作" in world.says("张伟", "撤销")[0]


FORM = "公司：苏州新电 联系人：赵工 电话：13900001234 来源：展会 需求：要3台"


@pytest.mark.parametrize("written", [FORM, FORM.replace(" ", "\n"), "苏州新电\n赵工\n13900001234\n展会\n要3台"])
def test_a_pasted_form_is_read_by_its_labels_or_its_lines(world: World, written: str) -> None:
    world.says("张伟", f"新线索 {written}")
    lead = world.lead("苏州新电")
    assert (lead.contact_name, lead.phone, lead.source, lead.need) == ("赵工", "13900001234", "展会", "要3台")


def test_a_number_that_is_none_is_said_and_nothing_is_kept(world: World) -> None:
    assert "不是有效的电话号码" in world.says("张伟", "新线索 苏州汇川 1381234567")[0]
    assert "没有人在跟" in world.says("张伟", "查一下 苏州汇川")[0]


def test_a_phone_is_no_company_name(world: World) -> None:
    world.says("张伟", "新线索")
    assert "这里需要公司名称" in world.says("张伟", "13912344321")[0]
    world.says("张伟", "苏州汇川 13912344321")
    assert world.lead("苏州汇川").phone == "13912344321"


def test_a_person_without_a_company_is_asked_for_it(world: World) -> None:
    assert world.says("张伟", "新线索 王工 13900008888") == ["请回复公司名称"]
    world.says("张伟", "苏州汇川")
    lead = world.lead("苏州汇川")
    assert (lead.contact_name, lead.phone) == ("王工", "13900008888")


def test_an_unseen_character_makes_no_other_company(world: World) -> None:
    world.says("张伟", "新线索 零宽电气公司")
    assert "已有记录" in world.says("李娜", "新线索 零\u200b宽电气公司")[0]


@pytest.mark.parametrize(
    ("said", "why"),
    [("新线索 邮箱公司 " + "y" * 300 + "@e.com", "邮箱地址太长"), ("新线索 " + "㍿" * 100, "1 到 200 个字")],
)
def test_what_is_too_long_is_said_and_not_kept(world: World, said: str, why: str) -> None:
    assert why in world.says("张伟", said)[0]
