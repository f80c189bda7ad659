"""What every channel must live through, told once: the whole product against the emulated platform."""

import logging

import pytest
from sqlalchemy import select

from bot.cards.card import Card
from core.errors import DeliveryFailed
from core.model.messages import OutboxState
from storage import tables
from tests.contract.company import Company

LEAD = "新线索 苏州汇川 王工 13812345678 官网来的 要100台伺服"
STORY = "客户说 🧑‍🤝‍🧑 的方案可以，" + "交期要再短一点；" * 40


def outbox(company: Company) -> list[str]:
    with company.program.open_work.reading() as session:
        return list(session.scalars(select(tables.outbox.c.state).order_by(tables.outbox.c.id)))


def test_words_come_in_and_the_answer_goes_out(company: Company) -> None:
    (answer,) = company.says("张伟", LEAD)
    assert "新线索 L1 苏州汇川" in answer
    assert {"记跟进", "退回公海", "撤销"} <= set(company.buttons("张伟"))


def test_a_forgery_is_refused_like_any_other_and_changes_nothing(company: Company) -> None:
    for name in company.side.forgeries:
        before = company.count(tables.inbox)
        assert 400 <= company.side.forged(name) < 500, name
        assert company.count(tables.inbox) == before + 1, name  # the genuine message that it came beside


def test_what_is_delivered_twice_is_done_once(company: Company) -> None:
    company.side.fails("twice")
    assert len(company.says("张伟", LEAD)) == 1
    assert company.count(tables.inbox) == 1
    assert company.count(tables.leads) == 1


def test_everybody_is_answered_in_the_order_in_which_they_spoke(company: Company) -> None:
    said = [f"新线索 测试公司{number:02}号 1380000{number:04}" for number in range(12)]
    for line in said:
        company.side.say("zhangwei", line)
    answers = company.settles().heard("张伟")
    assert [f"测试公司{number:02}号" in answer for number, answer in enumerate(answers)] == [True] * len(said)


def test_a_stranger_hears_what_to_do_and_nothing_else(company: Company) -> None:
    company.has_lead("苏州汇川")
    (answer,) = company.says("stranger", "公海")
    assert "管理员" in answer
    assert "汇川" not in answer


def test_a_refused_command_changes_nothing_and_says_what_to_do(company: Company) -> None:
    company.says("张伟", LEAD)
    (answer,) = company.says("李娜", "新线索 苏州汇川 13812345678")
    assert "已有记录" in answer
    assert company.count(tables.leads) == 1


def test_a_long_text_arrives_whole(company: Company) -> None:
    company.says("张伟", LEAD)
    company.says("张伟", f"跟进 汇川 {STORY}")
    shown = "".join("\n".join(company.says("张伟", "看看 汇川")).split())
    assert "🧑‍🤝‍🧑" in shown
    assert "交期要再短一点；" * 5 in shown


def test_a_tapped_card_shows_what_became_of_it(company: Company) -> None:
    company.says("张伟", LEAD)
    company.taps("张伟", "退回公海")
    company.taps("张伟", "无需求")
    assert "已退回" in "".join(shown.words for shown in company.side.screen("zhangwei"))
    assert company.lead(1).owner_id is None
    if company.side.updates_in_place:
        assert "无需求" not in company.buttons("张伟")


def test_a_list_shows_which_of_its_leads_were_claimed_from_it(company: Company) -> None:
    for name in ("苏州汇川", "上海沪工"):
        company.has_lead(name)
    company.says("张伟", "公海")
    company.taps("张伟", "领 汇川")
    listed = next(shown for shown in company.side.screen("zhangwei") if "上海沪工" in shown.words)
    if company.side.updates_in_place:
        assert "苏州汇川｜已被您领取" in listed.words
        assert "领 汇川" not in listed.buttons
    assert "领 沪工" in listed.buttons
    assert "领取成功" in company.taps("张伟", "领 沪工")[0]


def test_of_two_people_who_tap_one_wins_and_the_other_hears_who(company: Company) -> None:
    company.has_lead("苏州汇川")
    company.says("张伟", "公海")
    company.says("李娜", "公海")
    company.side.tap("zhangwei", "领 汇川")
    company.side.tap("lina", "领 汇川")
    company.settles()
    both = company.heard("张伟") + company.heard("李娜")
    assert sum("领取成功" in words for words in both) == 1
    assert sum("领取" in words and "已被" in words for words in both) == 1


def test_an_old_card_does_nothing_a_second_time(company: Company) -> None:
    company.says("张伟", LEAD)
    company.side.tap("zhangwei", "撤销")
    if not company.side.updates_in_place:
        company.side.tap("zhangwei", "撤销")
    company.settles()
    assert company.lead_is_gone(1)
    assert sum("已撤销" in shown.words for shown in company.side.screen("zhangwei")) == 1


def test_a_lost_answer_is_sent_again(company: Company) -> None:
    company.side.fails("lost_answer")
    company.says("张伟", LEAD)
    assert outbox(company) == [OutboxState.UNKNOWN]
    company.waits_out_the_pause().settles()
    assert outbox(company) == [OutboxState.SENT]
    cards = [shown for shown in company.side.screen("zhangwei") if "撤销" in shown.buttons]
    assert len(cards) == 1 if company.side.drops_repeats else len(cards) <= 2


def test_a_busy_platform_is_asked_again(company: Company) -> None:
    company.side.fails("busy")
    assert company.says("张伟", LEAD) == []
    assert len(company.waits_out_the_pause().settles().heard("张伟")) == 1


def test_a_token_that_ran_out_costs_nobody_a_message(company: Company) -> None:
    company.says("张伟", "撤销")
    company.side.fails("token")
    assert len(company.says("张伟", "撤销")) == 1


def test_whoever_is_gone_is_not_written_to_for_ever(company: Company) -> None:
    company.says("张伟", "帮助")
    company.side.fails("gone")
    company.tells("张伟", "有一条消息没能处理")
    assert outbox(company)[-1] == OutboxState.FAILED


def test_more_than_the_platform_shows_waits_or_is_merged_and_nothing_is_lost(company: Company) -> None:
    for number in range(60):
        company.side.say("zhangwei", f"看看 没有的客户{number:02}号")
    for _ in range(8):
        company.settles()
        company.waits_out_the_pause(minutes=1)
    company.settles()
    assert company.side.undelivered() == 0
    seen = "".join(shown.words for shown in company.side.screen("zhangwei"))
    assert all(f"没有的客户{number:02}号" in seen for number in range(60))


def test_nothing_secret_and_nothing_personal_is_logged(company: Company, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        company.says("张伟", LEAD)
        company.side.fails("busy")
        company.says("张伟", "看看 苏州汇川")
    secrets = [value for value in company.secrets() if value]
    assert not [value for value in (*secrets, "13812345678", "汇川") if value in caplog.text]


def test_a_failure_says_what_happened_without_what_was_said(company: Company) -> None:
    outlet = company.program.outlets[company.side.channel]
    company.side.fails("gone")
    with pytest.raises(DeliveryFailed) as failure:
        outlet.send("zhangwei", Card(title="绝密 13812345678"), card_id="o1-1", again=False)
    assert "绝密" not in str(failure.value)
    assert not [value for value in company.secrets() if value and value in str(failure.value)]
