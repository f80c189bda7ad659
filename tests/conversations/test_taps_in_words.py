"""Buttons of platforms whose buttons can only write for the person, and answers in a group."""

from bot.cards.card import Button, Card
from bot.event import EventKind
from bot.taps import spoken_tap
from core.model.member import Sender
from tests.world import World

LEAD = "新线索 苏州汇川 王工 13812345678 官网来的 要100台伺服"


def spoken(world: World, name: str, label: str) -> str:
    """What the newest card of `name` lets a tap on `label` say."""
    card_id, card = world.channel.phones[world.ids[name]].cards[-1]
    number = [button.label for button in card.pressable()].index(label) + 1
    return spoken_tap(label, card_id, number)


def test_a_tap_said_in_words_does_what_the_tap_does(world: World) -> None:
    world.says("张伟", LEAD)
    line = spoken(world, "张伟", "撤销")
    assert line.startswith("撤销 #o1-")
    assert world.says("张伟", line)[0].startswith("已撤销")


def test_somebody_elses_card_cannot_be_tapped_in_words(world: World) -> None:
    world.says("张伟", LEAD)
    line = spoken(world, "张伟", "退回公海")
    assert "过期" in world.says("李娜", line)[0]
    assert world.lead("苏州汇川").owner_id == world.member("张伟").id


def test_a_line_that_only_looks_like_a_tap_is_not_one(world: World) -> None:
    world.says("张伟", LEAD)
    line = spoken(world, "张伟", "撤销")
    for changed in (
        line.replace("撤销", "同意"),
        line[:-1] + "9",
        line.replace("#o1", "#o999"),
        line.replace("-", "-a"),
    ):
        assert "过期" in world.says("张伟", changed)[0]
    assert world.lead("苏州汇川").is_held


def test_a_label_is_known_again_however_a_screen_shows_it(world: World) -> None:
    label = "把 13812345678 的  客户\n领走 " + "长" * 40
    with world.work() as uow:
        button = Button(label=label, action="help")
        uow.reply(Sender("wecom", "zhangwei"), Card(title="题", buttons=(button,)).as_json())
    world.delivers()
    line = spoken(world, "张伟", label)
    assert "\n" not in line
    for said in (line, line.replace("13812345678", "138****5678")):
        assert "一句话就能记" in world.says("张伟", said)[-1]


def test_an_answer_in_a_group_goes_there_and_anybody_there_can_tap_it(world: World) -> None:
    world.comes("张伟", EventKind.TEXT, text=LEAD, reply_to={"group": "cid-sales"})
    world.settles()
    assert world.channel.asked[-1] == {"group": "cid-sales"}
    line = spoken(world, "张伟", "退回公海")
    world.comes("李娜", EventKind.TEXT, text=line, reply_to={"group": "cid-sales"})
    assert "没有找到" in world.settles().heard("李娜")[0]
    assert world.lead("苏州汇川").is_held


def test_in_public_numbers_are_masked_and_buttons_keep_what_they_carry(world: World) -> None:
    world.says("张伟", LEAD)
    card = world.card("张伟")
    assert "13812345678" in card.as_text()
    assert "13812345678" not in card.in_public().as_text()
    assert card.in_public().buttons == card.buttons


def test_a_voice_message_that_the_platform_wrote_down_is_words(world: World) -> None:
    world.comes("张伟", EventKind.VOICE, text=LEAD)
    assert world.settles().heard("张伟")[0].startswith("新线索 L1 苏州汇川")
