"""Every intent there is can be done, or its answer says honestly that it cannot be done yet and what to do instead."""

import pytest

from bot.handlers import LATER, ROUTERS
from bot.intents import INTENTS
from tests.scripted import Script, act
from tests.world import World

HANDLED = {intent for router in ROUTERS for intent in router.intents}


def test_every_intent_is_either_handled_or_on_the_one_list_of_what_cannot_be_done_yet() -> None:
    assert set(INTENTS) == HANDLED | set(LATER)
    assert HANDLED & set(LATER) == set()


def test_what_can_be_previewed_can_be_done() -> None:
    assert {intent for router in ROUTERS for intent in router.previews} <= HANDLED


@pytest.mark.parametrize("intent", LATER)
def test_what_cannot_be_done_yet_says_what_was_understood_and_writes_nothing(world: World, intent: str) -> None:
    script = Script(world)
    said = script.means("某件还不能办的事", act(intent, amount="360000", reason="客户要求"))
    [answer] = world.says("张伟", said)
    assert f"听懂了，是要「{INTENTS[intent]}」，但这个还不能办" in answer
    assert "没有记录或改动任何内容" in answer
    assert "金额：360,000元" in answer
    assert LATER[intent] in answer
    assert "没有可以撤销" in world.says("张伟", "撤销")[0]
