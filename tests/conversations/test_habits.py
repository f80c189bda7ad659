"""Everybody has reports at their own hour, and peace when they want it."""

from datetime import datetime, timedelta

import pytest

from core.model.money import Money
from core.notices import DealsStale
from tests.approving import Office
from tests.world import SHANGHAI, START, World


def at(words: str) -> datetime:
    return datetime.strptime(f"2026-{words}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def ticks_through(world: World, since: str, until: str, step: timedelta = timedelta(minutes=30)) -> None:
    now = at(since)
    while now <= at(until):
        world.ticks(now)
        now += step


def digests(world: World, name: str = "王强") -> list[str]:
    return [text for text in world.heard(name) if "日报" in text or "今天的跟进" in text]


def test_the_digest_comes_at_the_managers_own_hour_and_not_at_the_companys_too(world: World) -> None:
    [said] = world.says("王强", "日报改到晚上7点")
    assert "每个工作日 19:00 发团队日报" in said
    world.heard("王强")
    world.ticks(at("03-05 18:00"))
    assert digests(world) == []
    world.ticks(at("03-05 19:00"))
    assert len(digests(world)) == 1
    world.ticks(at("03-05 19:30"))
    assert digests(world) == [], "once a day"
    world.ticks(at("03-06 19:00"))
    assert len(digests(world)) == 1
    world.ticks(at("03-07 19:00"))
    assert digests(world) == [], "a Saturday"


def test_e97_an_hour_without_its_half_of_the_day_is_the_evening_and_one_tap_makes_it_the_morning(world: World) -> None:
    [said] = world.says("王强", "每天6点给我发团队日报，周末别发")
    assert "每个工作日 18:00 发团队日报" in said
    assert "没有说早上还是晚上，按晚上算" in said
    world.taps("王强", "改成早上 06:00")
    assert "每个工作日 06:00" in world.says("王强", "我的订阅")[0]


def test_undo_gives_the_hour_before_back_with_its_clock(world: World) -> None:
    world.says("王强", "日报改到晚上7点")
    world.now += timedelta(minutes=1)
    world.says("王强", "日报改到晚上8点")
    world.says("王强", "撤销")
    assert "19:00" in world.says("王强", "我的订阅")[0]
    world.heard("王强")
    world.ticks(at("03-05 19:00"))
    assert len(digests(world)) == 1
    world.ticks(at("03-05 20:00"))
    assert digests(world) == []


def test_the_first_subscription_that_is_undone_leaves_the_companys_hour(world: World) -> None:
    world.says("王强", "日报改到晚上7点")
    world.says("王强", "撤销")
    world.heard("王强")
    world.ticks(at("03-05 18:00"))
    assert len(digests(world)) == 1


def test_who_wants_no_digest_gets_none_until_they_ask_again(world: World) -> None:
    assert "不再给您发团队日报" in world.says("王强", "日报不用再发给我了")[0]
    world.heard("王强")
    ticks_through(world, "03-05 17:00", "03-05 20:00")
    assert digests(world) == []
    world.says("王强", "日报改到晚上6点")
    world.heard("王强")
    world.ticks(at("03-06 18:00"))
    assert len(digests(world)) == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("每周一早上9点发团队日报", "每周一 09:00"),
        ("每天晚上7点给我发日报", "每天 19:00"),
    ],
)
def test_a_report_may_come_in_another_rhythm(world: World, said: str, words: str) -> None:
    assert words in world.says("王强", said)[0]


def test_a_report_at_the_end_of_the_month_comes_on_its_last_workday(world: World) -> None:
    world.says("王强", "每月底下午5点给我发团队日报")
    world.says("王强", "确认")
    world.heard("王强")
    world.ticks(at("03-30 17:00"))
    assert digests(world) == []
    world.ticks(at("03-31 17:00"))
    assert len(digests(world)) == 1


def test_a_rep_moves_their_plan_and_is_told_what_they_may_have(world: World) -> None:
    assert "每天 07:30 发当天计划" in world.says("张伟", "每天早上7点半给我发当天计划")[0]
    [refused] = world.says("张伟", "日报改到晚上7点")
    assert "团队日报只发给带团队的同事" in refused
    assert "您可以订：当天计划" in refused


def test_an_administrator_means_the_company(world: World) -> None:
    [shown] = world.says("吴昊", "日报改到晚上7点")
    assert "每天几点发日报给主管 18:00 → 19:00" in shown


@pytest.fixture
def at_night(world: World) -> World:
    """张伟 wants peace at night, but for what is worth 500,000."""
    [said] = world.says("张伟", "晚上别吵我，大于50万的除外")
    assert "21:00 到 08:00 （500,000元以上的除外）不打扰您" in said
    world.heard("张伟")
    return world


def test_e98_what_comes_at_night_is_told_in_the_morning_in_its_order(at_night: World) -> None:
    at_night.now = at("03-05 20:55")
    at_night.says("张伟", "新线索 苏州汇川 王先生 13812345678 要100台伺服")
    at_night.heard("张伟")
    at_night.now = at("03-05 22:00")
    at_night.says("王强", "把汇川给小陈")
    at_night.says("王强", "确认")
    ticks_through(at_night, "03-05 22:00", "03-06 07:30")
    assert at_night.heard("张伟") == []
    at_night.ticks(at("03-06 08:00"))
    told = "".join(at_night.heard("张伟"))
    assert "汇川" in told


def test_what_somebody_does_themselves_at_night_is_answered_at_once(at_night: World) -> None:
    at_night.now = at("03-05 23:00")
    assert at_night.says("张伟", "今天干啥")


def test_a_reminder_that_somebody_set_for_the_night_comes_at_night(at_night: World) -> None:
    at_night.says("张伟", "今晚10点半提醒我给大疆王工发资料")
    at_night.heard("张伟")
    ticks_through(at_night, "03-05 22:00", "03-05 22:30", timedelta(minutes=10))
    assert "给大疆王工发资料" in "".join(at_night.heard("张伟"))


def test_peace_that_is_ended_gives_out_at_once_what_was_kept_back(at_night: World) -> None:
    at_night.now = at("03-05 22:00")
    tell_stale(at_night)
    assert at_night.heard("张伟") == []
    answered = at_night.says("张伟", "关闭免打扰")
    assert len(answered) == 2
    assert any("攒下的消息马上发给您" in text for text in answered)


def tell_stale(world: World) -> None:
    with world.work() as uow:
        uow.tell(DealsStale(to=world.member("张伟").id, deals=()))


def test_only_great_sums_is_no_time_and_says_what_may_be_said(world: World) -> None:
    assert "不能整天不通知" in world.says("王强", "超过50万的审批才提醒我")[0]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("免打扰 晚上10点到早上7点", "22:00 到 07:00"),
        ("午休别打扰我", "12:00 到 13:30"),
        ("周末不要发消息给我", "和休息日"),
        ("晚上十点后不要给我发消息", "22:00 到 08:00"),
    ],
)
def test_peace_may_be_wanted_in_many_words(world: World, said: str, words: str) -> None:
    assert words in world.says("李娜", said)[0]


def test_on_days_off_it_waits_until_the_workday_begins(world: World) -> None:
    world.says("张伟", "周末不要发消息给我")
    world.heard("张伟")
    world.now = at("03-07 11:00")
    tell_stale(world)
    ticks_through(world, "03-07 11:00", "03-09 07:30", timedelta(hours=3))
    assert world.heard("张伟") == []
    world.ticks(at("03-09 08:00"))
    assert len(world.heard("张伟")) >= 1


def test_great_sums_get_through() -> None:
    from core.calendar import WorkCalendar
    from core.model.subscription import QuietRule
    from core.rules.subscriptions import kept_back_until

    rule = QuietRule(
        member_id=1,  # type: ignore[arg-type]
        begins=at("03-05 21:00").time(),
        ends=at("03-06 08:00").time(),
        above=Money(50_000_000),
        created_at=START,
        updated_at=START,
    )
    night, calendar = at("03-05 23:00"), WorkCalendar(zone=SHANGHAI, is_workday=lambda day: day.weekday() < 5)
    assert kept_back_until(rule, night, Money(49_999_999), calendar) == at("03-06 08:00")
    assert kept_back_until(rule, night, None, calendar) == at("03-06 08:00")
    assert kept_back_until(rule, night, Money(50_000_000), calendar) is None
    assert kept_back_until(rule, at("03-05 20:59"), None, calendar) is None


@pytest.fixture
def resting(world: World) -> Office:
    """The manager wants peace at night, but for what is worth 500,000; an offer of 90,000 needs him."""
    world.says("王强", "晚上别吵我，大于50万的除外")
    office = Office(world)
    world.heard("王强")
    world.now = at("03-05 21:30")
    return office


def test_an_approval_that_comes_at_night_waits_and_is_shown_as_it_then_stands(resting: Office) -> None:
    quote = resting.offers("10")
    assert resting.cards("王强") == []
    ticks_through(resting.world, "03-05 22:00", "03-06 08:00")
    assert "9折" in "".join(resting.cards("王强"))
    resting.world.taps("王强", "同意")
    assert resting.quote(quote).state == "valid"


def test_an_approval_that_was_withdrawn_at_night_asks_nobody_in_the_morning(resting: Office) -> None:
    resting.offers("10")
    resting.world.says("张伟", "那个特价先撤了，客户又不要了")
    resting.world.says("张伟", "确认")
    ticks_through(resting.world, "03-05 22:00", "03-06 08:00")
    told = "".join(resting.cards("王强"))
    assert "申请人已撤回" in told
    assert not any(button.label == "同意" for button in resting.world.card("王强").buttons)


@pytest.mark.parametrize("said", ["两个小时内别发消息", "今晚别吵我"])
def test_quiet_for_once_is_no_rule_for_every_night(world: World, said: str) -> None:
    assert "免打扰是每天固定的一段时间" in world.says("张伟", said)[-1]
    assert "免打扰" in world.says("张伟", "我的订阅")[0]
    with world.work("张伟") as uow:
        assert uow.peace.rules([world.member("张伟").id]) == {}
