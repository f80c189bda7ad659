"""In a group: what is for everybody is answered there, what is private goes to the asker alone."""

import pytest

from bot.event import EventKind
from tests.world import World

SALES = {"group": "cid-sales"}


def asks(world: World, name: str, text: str) -> list[tuple[str, dict[str, str]]]:
    """Say something in the group; return each answer with where it went."""
    seen = len(world.channel.asked)
    world.comes(name, EventKind.TEXT, text=text, reply_to=SALES)
    answers = world.settles().heard(name)
    return list(zip(answers, [dict(asked) for asked in world.channel.asked[seen:]], strict=True))


@pytest.mark.parametrize("said", ["今天", "哪些快掉公海了", "我这周跟了几次"])
def test_a_private_list_goes_to_the_asker_alone_and_the_group_gets_a_line(world: World, said: str) -> None:
    world.has_leads("苏州汇川", held_by="张伟", phone="13812345678")
    (private, where), (line, there) = asks(world, "张伟", said)
    assert where == {}
    assert there == SALES
    assert line == "结果只发给您本人了，请看单聊"
    assert "单聊" not in private


def test_what_is_done_in_a_group_is_answered_there(world: World) -> None:
    world.has_leads("苏州汇川", held_by="张伟")
    [(answer, where)] = asks(world, "张伟", "跟进 汇川 电话聊了报价，下周三下午三点再联系")
    assert "已记跟进：苏州汇川" in answer
    assert where == SALES


def test_who_taps_a_card_of_a_group_ends_what_others_saw_of_their_own_on_it(world: World) -> None:
    world.has_leads("苏州汇川", "上海沪工", "无锡威孚", held_by="周婷")
    asks(world, "张伟", "公海")
    card, _ = world.channel.phones[world.ids["张伟"]].cards[-1]

    def claims(name: str, ref: str) -> set[str]:
        seen = len(world.channel.asked)
        values = {"customer": ref}
        world.comes(
            name, EventKind.TAP, action="lead.claim", values=values, card=card, response_code="r", reply_to=SALES
        )
        world.settles()
        return {asked.get("viewers", "") for asked in world.channel.asked[seen:]}

    assert claims("李娜", "L1") == {"zhangwei"}
    assert claims("陈晨", "L2") == {"zhangwei lina"}
    assert claims("张伟", "L3") == {"lina chenchen"}


def test_alone_with_us_there_is_one_answer(world: World) -> None:
    world.has_leads("苏州汇川", held_by="张伟")
    assert len(world.says("张伟", "今天")) == 1


def test_what_reaches_us_from_a_group_was_said_to_us_even_where_the_platform_does_not_say_so(world: World) -> None:
    world.has_leads("苏州汇川", held_by="张伟")
    said = {"text": "跟进 汇川 电话聊了报价", "reply_to": SALES, "fields": {"is_in_at_list": False}}
    world.comes("张伟", EventKind.TEXT, **said)
    assert "已记跟进" in world.settles().heard("张伟")[0]


def test_a_colleague_who_is_mentioned_in_the_group_is_told_of_the_follow_up(world: World) -> None:
    world.has_leads("苏州汇川", held_by="张伟")
    mentioned = {"at_users": [{"user_id": world.ids["王强"]}, {"user_id": "somebody-unknown"}]}
    world.comes("张伟", EventKind.TEXT, text="跟进 汇川 电话聊了报价 你看下", reply_to=SALES, fields=mentioned)
    assert "已告诉：王强" in world.settles().heard("张伟")[0]
    assert "张伟请您看一下「苏州汇川」" in world.heard("王强")[0]


def test_a_stranger_in_a_group_is_told_there_how_to_begin(world: World) -> None:
    world.comes("nobody", EventKind.TEXT, text="今天", reply_to=SALES)
    assert "还没有在聊单开通" in world.settles().heard("nobody")[0]
