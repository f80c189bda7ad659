"""What is unsure is shown first: 确认, 修改, 算了; late, corrected, or by somebody who may no longer."""

import pytest

from bot.understanding.acts import Outcome
from core.services.members import resign
from tests.scripted import Script, act
from tests.world import World

WEDNESDAY = "2026-03-11T15:00:00+08:00"
SAID = "跟进华为电话沟通了报价，对方要打九折，下周三下午三点再联系"


@pytest.fixture
def script(world: World) -> Script:
    world.has_leads("华为技术有限公司", "中兴通讯", held_by="张伟")
    made = Script(world)
    log = act(
        "followup.log",
        customer="华为技术有限公司",
        method="call",
        content="沟通了报价，对方要打九折",
        discount_percent=10,
        next_at=WEDNESDAY,
    )
    made.means(SAID, log, outcome=Outcome.CONFIRM)
    return made


def kept(world: World, name: str = "华为技术有限公司") -> int:
    lead = world.lead(name)
    with world.work() as uow:
        return len(uow.followups.of(lead.ref, 5))


def test_what_was_understood_is_shown_in_chinese_and_nothing_is_kept_before_the_yes(
    world: World, script: Script
) -> None:
    [card] = world.says("张伟", SAID)
    assert "记跟进：华为技术有限公司，对吗？" in card
    assert "方式：电话" in card
    assert "折扣：9 折（让 10%）" in card
    assert "下次联系：03-11 周三 15:00" in card
    assert [button.label for button in world.card("张伟").buttons] == ["确认", "修改", "算了"]
    assert kept(world) == 0


@pytest.mark.parametrize("word", ["确认", "对", "是的", "好的", "嗯嗯", "可以", "OK", "没问题", "👌", "就这样吧"])
def test_any_clear_yes_confirms(world: World, script: Script, word: str) -> None:
    world.says("张伟", SAID)
    assert "已记跟进：华为技术有限公司" in world.says("张伟", word)[0]
    assert kept(world) == 1


@pytest.mark.parametrize("word", ["算了", "不用了", "不对", "取消", "不是", "先不用吧"])
def test_any_clear_no_puts_it_down(world: World, script: Script, word: str) -> None:
    world.says("张伟", SAID)
    assert "已放下" in world.says("张伟", word)[0]
    assert "没听明白" in world.says("张伟", "确认")[0], "nothing waits any more"
    assert kept(world) == 0


def test_the_button_confirms_once_and_its_card_is_settled(world: World, script: Script) -> None:
    world.says("张伟", SAID)
    button = world.card("张伟").buttons[0]
    answer, settled = world.taps("张伟", "确认")
    assert "已记跟进" in answer
    assert settled.endswith("确认")
    assert "这个问题已经过期" in world.presses("张伟", "answer", button.values)[0]
    assert kept(world) == 1


def test_e120_a_yes_after_half_an_hour_is_too_late_and_gets_the_card_again(world: World, script: Script) -> None:
    world.says("张伟", SAID)
    world.passes(minutes=31)
    world.heard("张伟")
    [card] = world.says("张伟", "确认")
    assert "已经过期" in card
    assert "记跟进：华为技术有限公司，对吗？" in card
    assert kept(world) == 0
    assert "已记跟进" in world.says("张伟", "确认")[0]


def test_a_late_tap_gets_the_card_again_too(world: World, script: Script) -> None:
    world.says("张伟", SAID)
    world.passes(minutes=31)
    world.heard("张伟")
    assert "已经过期" in world.taps("张伟", "确认")[0]
    assert kept(world) == 0


def test_what_is_confirmed_is_judged_anew(world: World, script: Script) -> None:
    world.says("张伟", SAID)
    lead, lina = world.lead("华为技术有限公司"), world.member("李娜")
    with world.work() as uow:
        uow.leads.get(lead.id).owner_id = lina.id
    [answer] = world.says("张伟", "确认")
    assert "没有找到" in answer
    assert kept(world) == 0


def test_somebody_elses_button_confirms_nothing(world: World, script: Script) -> None:
    world.says("张伟", SAID)
    button = world.card("张伟").buttons[0]
    world.says("李娜", "帮助")
    assert "这个问题已经过期" in world.presses("李娜", "answer", button.values)[0]
    assert kept(world) == 0


def test_whoever_has_left_confirms_nothing(world: World, script: Script) -> None:
    world.says("张伟", SAID)
    with world.work() as uow:
        resign(uow, "wecom", "zhangwei")
    assert "还没有在聊单开通" in world.says("张伟", "确认")[0]
    assert kept(world) == 0


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("不对，是周四", "下次联系：03-12 周四 15:00"),
        ("改成周四下午四点", "下次联系：03-12 周四 16:00"),
        ("是中兴不是华为", "记跟进：中兴通讯，对吗？"),
        ("不是华为，是中兴", "记跟进：中兴通讯，对吗？"),
    ],
)
def test_what_waits_can_be_corrected_in_words_and_is_shown_again(
    world: World, script: Script, said: str, shown: str
) -> None:
    world.says("张伟", SAID)
    assert "直接说就行" in world.taps("张伟", "修改")[0]
    [card] = world.says("张伟", said)
    assert shown in card
    assert "放下" not in card
    assert kept(world) + kept(world, "中兴通讯") == 0
    assert "已记跟进" in world.says("张伟", "确认")[0]


def test_a_new_command_puts_it_down_and_says_so_in_one_line(world: World, script: Script) -> None:
    world.says("张伟", SAID)
    [answer] = world.says("张伟", "看看 中兴")
    assert "中兴通讯" in answer
    assert "刚才的「记跟进：华为技术有限公司」先放下了" in answer
    assert "没听明白" in world.says("张伟", "确认")[0]
    assert kept(world) == 0


def test_what_is_not_understood_leaves_it_waiting(world: World, script: Script) -> None:
    world.says("张伟", SAID)
    assert "还在等您回答" in world.says("张伟", "天气真不错呀今天适合出门")[0]
    assert "已记跟进" in world.says("张伟", "确认")[0]
