"""What happens when people change their minds, and when the rules change under a running clock."""

from datetime import UTC, date, datetime

import pytest

from connectors.workdays import ChinaWorkdays
from tests.world import SHANGHAI, World


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def test_which_one_is_answered_when_claiming_and_when_giving_back(world: World) -> None:
    world.has_leads("上海宏达贸易", "上海宏达机电", held_by="周婷")
    assert "1. 上海宏达贸易" in world.says("张伟", "领取 宏达")[0]
    assert "领取成功" in world.says("张伟", "1")[0]
    assert "领取成功" in world.says("张伟", "领取 宏达")[0], "one is left"
    assert "1. 上海宏达贸易" in world.says("张伟", "退回 宏达 无需求")[0]
    assert "已退回公海" in world.says("张伟", "2")[0]


@pytest.mark.parametrize("answer", ["确定", "新建", "不是同一家"])
def test_a_similar_company_is_created_on_any_clear_yes(world: World, answer: str) -> None:
    world.has_leads("华为技术有限公司", held_by="张伟")
    world.says("李娜", "新线索 华为技术（深圳）有限公司")
    assert "新线索 L2" in world.says("李娜", answer)[0]


def test_an_unclear_answer_is_asked_again_and_the_question_stays_open(world: World) -> None:
    world.has_leads("华为技术有限公司", held_by="张伟")
    world.says("李娜", "新线索 华为技术（深圳）有限公司")
    assert "没看懂" in world.says("李娜", "是的吧")[0]
    assert "没有新建" in world.says("李娜", "是同一家")[0]


def test_two_undos_in_a_row_take_back_two_things(world: World) -> None:
    world.says("张伟", "新线索 苏州汇川 13812345678")
    world.says("张伟", "跟进 汇川 电话聊了报价，下周三下午三点再联系")
    assert "已撤销记跟进" in world.says("张伟", "撤销")[0]
    assert "已撤销新建线索" in world.says("张伟", "撤销")[0]
    assert "没有可以撤销" in world.says("张伟", "撤销")[0]


def test_undoing_a_claim_or_a_new_lead_ends_the_plans_made_meanwhile(world: World) -> None:
    world.says("张伟", "新线索 苏州汇川 13812345678")
    button = next(b for b in world.card("张伟").buttons if b.action == "undo")
    world.says("张伟", "下次联系 汇川 明天下午三点")
    assert "已撤销新建线索" in world.presses("张伟", "undo", button.values)[0]
    done = world.ticks(at("03-06 14:45"))
    assert "reminder" not in done.kept
    assert not [text for text in world.heard("张伟") if "该联系" in text]


def test_a_day_off_that_is_entered_late_moves_the_running_clock(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟", grade="A")
    days: dict[date, bool] = {}
    world.program.__dict__["workdays"] = ChinaWorkdays(lambda: days)
    world.program.__dict__.pop("calendar", None)
    days[date(2026, 3, 5)] = False
    world.ticks(at("03-05 12:30"))
    assert not [text for text in world.heard("张伟") if "首次联系已超时" in text], "today has become a day off"
    with world.work() as uow:
        standing = {deadline.kind: deadline.due_at for deadline in uow.deadlines.of(world.lead("华东机电").ref)}
    assert standing["first_contact"] == at("03-06 11:00")


def test_a_recycle_that_was_put_off_is_kept_when_its_new_time_comes(world: World) -> None:
    [lead] = world.has_leads("华东机电", held_by="张伟")
    with world.work() as uow:
        uow.leads.get(lead.id).protected_until = at("03-07 10:00").astimezone(UTC)
    world.ticks(at("03-06 10:01"))
    assert world.lead("华东机电").is_held
    world.ticks(at("03-07 10:01"))
    assert world.lead("华东机电").state == "pooled"


def test_whoever_has_left_is_told_nothing_more(world: World) -> None:
    world.has_leads("华东机电", held_by="李娜")
    from core.services.members import resign

    with world.work() as uow:
        resign(uow, "wecom", "lina")
    world.ticks(at("03-06 10:01"))
    assert world.heard("李娜") == []


@pytest.mark.parametrize("said", ["领导说这个客户先放放", "查不到电话了", "约了下周三见面谈合同"])
def test_a_sentence_that_begins_like_a_short_command_is_none(world: World, said: str) -> None:
    assert "没听明白" in world.says("张伟", said)[0]


def test_an_answer_that_begins_like_a_short_command_is_an_answer(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    assert "聊了什么" in world.says("张伟", "跟进 华东机电")[0]
    assert "已记跟进：华东机电" in world.says("张伟", "约了下周三见面，对方要看样品")[0]


def test_the_answer_to_a_button_keeps_method_and_next_date(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.says("张伟", "看看 华东机电")
    assert world.taps("张伟", "记跟进")[0].startswith("华东机电：聊了什么？")
    [answer] = world.says("张伟", "电话聊了报价，下周三下午三点再联系")
    assert "方式：电话" in answer
    assert "下次联系：03-11 15:00" in answer


@pytest.mark.parametrize("word", ["撤销", "撤消", "算了"])
def test_taking_back_while_a_question_waits_drops_the_question_not_the_last_record(world: World, word: str) -> None:
    world.says("张伟", "新线索 苏州汇川 13812345678")
    world.says("张伟", "退回 汇川")
    assert "已放下" in world.says("张伟", word)[0]
    assert world.lead("苏州汇川").is_held
    assert "已撤销新建线索" in world.says("张伟", "撤销")[0]


def test_the_question_why_has_a_way_out(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.says("张伟", "退回 华东机电")
    assert "没有退回" in world.taps("张伟", "不退了")[0]
    assert world.lead("华东机电").is_held


def test_a_late_answer_hears_that_its_question_is_over(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.says("张伟", "退回 华东机电")
    world.passes(minutes=40)
    world.heard("张伟")
    assert "已经过期" in world.says("张伟", "客户搬走了")[0]


def test_a_manager_is_not_offered_to_give_back_what_somebody_else_holds(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.says("王强", "看看 华东机电")
    labels = [button.label for button in world.card("王强").buttons]
    assert "记跟进" in labels
    assert not any("退回" in label for label in labels)


@pytest.mark.parametrize(
    ("action", "values"),
    [
        ("pool.search", {"after": "9" * 20}),
        (
            "followup.log",
            {"customer": "L1", "content": "手工伪造的内容", "method": "?", "next_at": "0001-01-01"},
        ),
        ("lead.claim", {"lead": "²"}),
        ("lead.return", {"lead": "L1", "reason": "x"}),
        ("no.such.action", {}),
    ],
)
def test_a_forged_button_changes_nothing_and_is_answered(world: World, action: str, values: dict[str, str]) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.says("李娜", "帮助")
    before = world.lead("华东机电").version
    assert world.presses("李娜", action, values)
    assert world.lead("华东机电").version == before


def test_an_undo_that_names_somebody_takes_back_only_what_was_theirs(world: World) -> None:
    world.has_leads("大疆创新", "苏州汇川", held_by="张伟")
    world.says("张伟", "给大疆打标签 高意向")
    assert "汇川" in world.says("张伟", "刚给汇川打的标签撤了")[0]
    assert "不是「苏州汇川」的" in world.says("张伟", "确认")[0]
    assert world.lead("大疆创新").tags == ("高意向",), "nothing else was taken back instead"
    world.says("张伟", "刚给大疆打的标签撤了")
    assert "已撤销" in world.says("张伟", "确认")[0]
    assert world.lead("大疆创新").tags == ()
