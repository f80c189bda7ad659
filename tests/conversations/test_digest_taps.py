"""Behind every figure of what the clock tells stands its list, as long as the figure says (issue 8)."""

from datetime import timedelta

import pytest

from tests.reports.builders import LOST, WON, a_first_quarter, at, has_deal, steps
from tests.world import World


@pytest.fixture
def evening(world: World) -> World:
    """A day with every kind of event, and its digest."""
    a_first_quarter(world)
    world.now = at("03-05 10:00")
    for number in range(12):
        world.says("张伟", f"新线索 常州{'甲乙丙丁戊己庚辛壬癸子丑'[number]}机械 1391234{5600 + number} 展会 要3台")
    world.says("张伟", "跟进 张伟的40万客户 电话聊了报价，对方要看样品")
    world.says("陈晨", "跟进 陈晨的30万客户 上门拜访，周五前给方案")
    has_deal(world, steps(("初步接洽", "03-02 09:00"), (WON, "03-05 09:00")), yuan=60_000, name="当天赢的")
    world.says("王强", "给每人定个目标 3月 张伟50万 小陈50万")
    world.says("王强", "确认")
    world.heard("王强")
    world.ticks(at("03-05 18:00"))
    return world


def digest_of(world: World, name: str) -> str:
    return next(text for text in world.heard(name) if "日报" in text)


@pytest.mark.parametrize(
    ("figure", "label", "count"),
    [
        ("跟进 2 次", "看跟进", 2),
        ("新线索 12 条", "看新线索", 12),
        ("今日赢单 6万", "看今日赢单", 1),
        ("本月 56万", "看赢单", 4),
    ],
)
def test_each_figure_of_the_evening_opens_as_many_lines_as_it_says(
    evening: World, figure: str, label: str, count: int
) -> None:
    assert figure in digest_of(evening, "王强")
    if label not in [button.label for button in evening.card("王强").buttons]:
        evening.taps("王强", "更多清单")
    opened = evening.taps("王强", label)[0]
    assert f"共 {count} 条" in opened
    lines = [line for line in opened.splitlines() if line[:1].isdigit() and ". " in line]
    while len(lines) < count:
        more = evening.taps("王强", "下一页")[0]
        lines += [line for line in more.splitlines() if line[:1].isdigit() and ". " in line]
    assert len(lines) == count


def test_who_did_nothing_and_what_was_recycled_have_their_lists(evening: World) -> None:
    digest_of(evening, "王强")
    evening.now = at("03-06 17:00")
    evening.ticks(at("03-06 18:00"))
    text = digest_of(evening, "王强")
    assert "回收 12 条" in text or "今天没有跟进" in text
    card = evening.card("王强")
    labels = [button.label for button in card.buttons]
    if "看没跟进" in labels:
        assert "共 1 条" in evening.taps("王强", "看没跟进")[0]
    else:
        assert "共 12 条" in evening.taps("王强", "看回收")[0]


def test_the_list_is_the_leaders_own_people_and_nobody_else_may_open_it(evening: World) -> None:
    digest_of(evening, "王强")
    opened = evening.taps("王强", "看跟进")[0]
    assert "张伟的40万客户" in opened
    assert "陈晨的30万客户" in opened
    refused = evening.presses("张伟", "digest.list", {"measure": "followups", "from": "2026-03-05"})
    assert not any("陈晨" in one for one in refused)


def test_the_morning_plan_opens_all_that_it_counts(evening: World) -> None:
    evening.ticks(at("03-06 08:30"))
    plan = next(text for text in evening.heard("张伟") if "件事" in text)
    total = int(plan.split("今天 ")[1].split(" 件事")[0])
    held = int(plan.split("手上 ")[1].split(" 条")[0])
    card = evening.card("张伟")
    assert f"全部 {total} 件" in [button.label for button in card.buttons]
    assert f"共 {held} 条" in evening.taps("张伟", "手上线索")[0]
    evening.says("张伟", "今天")
    assert f"共 {total} 条" in evening.taps("张伟", f"全部 {total} 件")[0]


def test_monday_and_month_end_lead_to_the_deals_behind_their_figures(world: World) -> None:
    world.now = at("03-05 10:00")
    for place in range(5):
        last = LOST if place < 3 else WON
        has_deal(
            world, steps(("初步接洽", "02-10 09:00"), ("需求确认", "02-16 09:00"), (last, f"03-0{place + 2} 09:00")),
            name=f"第{place}单", reason="价格" if last == LOST else "", yuan=10_000 * (place + 1),
        )  # fmt: skip
    world.ticks(at("03-09 08:30") + timedelta(minutes=30))
    world.works()
    world.delivers()
    coach = next(text for text in world.heard("王强") if "漏斗教练" in text)
    assert "需求确认：进入 5" in coach
    assert "最大漏点：需求确认，流失 60%" in coach
    buttons = {button.label: button for button in world.card("王强").buttons}
    assert "共 5 条" in world.presses("王强", "pivot.drill", buttons["看进入的"].values)[0]
    assert "共 3 条" in world.presses("王强", "pivot.drill", buttons["看流失的"].values)[0]
    world.ticks(at("03-31 17:30"))
    world.works()
    world.delivers()
    month = next(text for text in world.heard("王强") if "小结" in text)
    assert "（2 单）" in month
    won = next(button for button in world.card("王强").buttons if button.label == "看赢单")
    assert "共 2 条" in world.presses("王强", "pivot.drill", won.values)[0]
