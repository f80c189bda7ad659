"""A rule replayed over history ends the very tenures that the live clock ended, at the same instants."""

import random
from datetime import datetime, timedelta

import pytest

from core.model.ids import LeadId, MemberId
from core.model.playbook import Playbook
from core.rules.replaying import BY_THE_CLOCK, Replay
from core.services.recycling import RECYCLED
from core.services.simulation import simulate
from tests.world import World

RULES = """
recycle:
  - {id: 首次24小时, basis: since_assigned_no_contact, amount: %s, clock: %s, warnings: [50%%, 80%%]}
  - {id: 三天未跟进, basis: since_last_valid_followup, amount: %s, warnings: [80%%]}
"""
NAMES = ("华东机电", "苏州汇川", "宁波舜宇", "无锡先导", "常州恒立", "合肥晶禾")
TALKS = (
    "电话聊了报价和交期，客户要样品",
    "上门拜访看了产线，技术没问题",
    "微信确认了数量和付款方式",
    "发了正式方案，等答复",
)


def _lives(world: World, seed: int, days: int = 6) -> None:
    """Let reps claim, follow up, give back and forget for some days, the clock running by the minute."""
    rng = random.Random(seed)
    world.has_leads(*NAMES)
    for _ in range(days * 6):
        who = rng.choice(("张伟", "陈晨"))
        match rng.randrange(5):
            case 0 | 1:
                world.says(who, f"领取 {rng.randrange(1, len(NAMES) + 1)}")
            case 2 | 3:
                world.says(who, f"跟进 L{rng.randrange(1, len(NAMES) + 1)} {rng.choice(TALKS)}{rng.random():.6f}")
            case _:
                world.says(who, f"退回 L{rng.randrange(1, len(NAMES) + 1)} 无需求")
        for _ in range(8):
            world.passes(minutes=30, seconds=1)


def _ended(world: World) -> dict[tuple[LeadId, MemberId, datetime], datetime]:
    """What the live clock ended: which tenure, and when, to the half hour in which it looked."""
    with world.work() as uow:
        tenures = list(uow.tenures.since(uow.now - timedelta(days=60)))
    return {
        (tenure.lead_id, tenure.member_id, tenure.begun_at): tenure.ended_at
        for tenure in tenures
        if tenure.ended_at is not None and tenure.ended_by.startswith(RECYCLED)
    }


def test_both_name_the_clock_alike() -> None:
    assert BY_THE_CLOCK == RECYCLED


@pytest.mark.parametrize("seed", range(3))
def test_a_replay_ends_what_the_live_clock_ended(world: World, seed: int) -> None:
    world.applies(RULES % (("24h", "calendar", "3d"), ("8h", "worktime", "2d"), ("2d", "workday", "4d"))[seed])
    _lives(world, seed)
    live = _ended(world)
    assert live
    with world.work() as uow:
        replay = Replay(uow.playbook, uow.calendar, {}, uow.now)
        fates = [replay.fate(tenure) for tenure in uow.tenures.since(uow.now - timedelta(days=60))]
    said = {
        (f.tenure.lead_id, f.tenure.member_id, f.tenure.begun_at): f.ends_at for f in fates if f.ends_at is not None
    }
    assert set(said) == set(live)
    for key, at in said.items():
        assert at < live[key] <= at + timedelta(minutes=31)


def test_a_longer_rule_keeps_what_the_present_one_took_and_a_shorter_one_takes_more(world: World) -> None:
    world.applies(RULES % ("24h", "calendar", "30d"))
    world.has_leads("华东机电", "苏州汇川", held_by="张伟")
    world.passes(hours=20)
    world.says("张伟", "跟进 华东机电 电话聊了报价和交期，客户要样品")
    world.passes(hours=5)
    with world.work() as uow:
        longer = simulate(uow, _rules(world, "48h"), 30)
        shorter = simulate(uow, _rules(world, "12h"), 30)
    assert (longer.before.recycled, longer.after.recycled, len(longer.kept)) == (1, 0, 1)
    assert longer.kept[0].tenure.lead_name == "苏州汇川"
    assert [fate.tenure.lead_name for fate in shorter.lost] == ["华东机电"]
    assert (shorter.after.recycled, shorter.moved) == (2, 1)
    assert [(s.name, s.held, s.before, s.after) for s in shorter.shares] == [("张伟", 2, 1, 2)]


def test_a_deal_that_would_have_gone_to_somebody_else_is_counted(world: World) -> None:
    world.applies(RULES % ("24h", "calendar", "30d"))
    world.has_leads("苏州汇川", held_by="张伟")
    world.passes(hours=20)
    world.says("张伟", "跟进 苏州汇川 电话聊了报价和交期，客户要样品")
    world.says("张伟", "给苏州汇川建个商机 伺服电机 30万")
    world.says("张伟", "转客户并建商机")
    with world.work() as uow:
        found = simulate(uow, _rules(world, "12h"), 30)
    assert (len(found.lost), found.deals_open, found.deals_won) == (1, 1, 0)
    assert str(found.deals_amount) == "300,000元"


def _rules(world: World, amount: str) -> Playbook:
    with world.work() as uow:
        return uow.documents.read(RULES % (amount, "calendar", "30d")).playbook
