"""A tap is believed when its card is on record for the chat it comes from; a signature alone is no card of ours."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete

from storage.tables import outbox
from tests.world import World

TOO_OLD = "这张卡片已经过期，或者不是发给您的，没有改动任何内容。"


def card_id(world: World, name: str) -> str:
    return world.channel.phones[world.ids[name]].cards[-1][0]


@pytest.fixture(params=["wecom", "dingtalk"])
def chat(request: pytest.FixtureRequest) -> Iterator[World]:
    world = World(platform=request.param)
    world.has_leads("苏州汇川", held_by="周婷")
    yield world
    world.close()


@pytest.mark.parametrize("card", ["", "x", "o1-0", "o999999-69a8e2a0", "o" + "9" * 30 + "-1", "L1"])
def test_a_card_that_was_never_sent_does_nothing_and_says_what_to_send(chat: World, card: str) -> None:
    chat.says("张伟", "公海")
    chat.comes("张伟", "tap", action="lead.claim", values={"customer": "L1"}, card=card, response_code="y")
    assert chat.settles().heard("张伟") == [TOO_OLD + "请直接发送「领取 编号或公司名」"]
    assert chat.lead("苏州汇川").is_pooled


def test_somebody_elses_card_is_not_ones_own(chat: World) -> None:
    chat.says("张伟", "公海")
    seen = card_id(chat, "张伟")
    assert chat.presses("李娜", "lead.claim", {"customer": "L1"}, card=seen)[0].startswith(TOO_OLD)
    assert "领取成功" in chat.presses("张伟", "lead.claim", {"customer": "L1"}, card=seen)[0]


def test_a_card_that_was_forgotten_is_too_old(chat: World) -> None:
    chat.says("张伟", "新线索 上海沪工 13812345678")
    with chat.program.engine.begin() as connection:
        connection.execute(delete(outbox))
    assert chat.taps("张伟", "撤销") == [TOO_OLD + "请直接发送「撤销」"]
    assert chat.lead("上海沪工").is_held


def test_a_question_of_a_forgotten_card_is_to_be_asked_for_anew(chat: World) -> None:
    chat.says("张伟", "新线索 上海沪工 13812345678")
    chat.taps("张伟", "退回公海")
    with chat.program.engine.begin() as connection:
        connection.execute(delete(outbox))
    assert chat.taps("张伟", "无需求") == [TOO_OLD + "请把要做的事直接发一次，或发送「帮助」看看可以怎么说"]
    assert chat.lead("上海沪工").is_held
