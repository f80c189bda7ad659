"""Special prices decided on the card (semantics B.8): signatures, a no, a double tap, a changed price, an old card."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event

from core.errors import DeliveryFailed
from core.model.ids import QuoteId
from core.model.money import Money
from core.ports.mirrors import Platforms, Todo
from core.rules.quoting import Whole
from core.services.quote_states import take
from core.services.quotes import settle
from tests.approving import Office, at
from tests.world import World


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def test_b8_1_ten_percent_asks_the_manager_only_and_his_tap_puts_the_quote_in_force(office: Office) -> None:
    quote = office.offers("10")
    (card,) = office.cards("王强")
    assert "9折" in card
    assert "对手报得低" in card
    assert office.cards("赵敏") == []
    office.world.taps("王强", "同意")
    assert office.quote(quote).state == "valid"
    assert office.quote(quote).granted == 10
    assert "已通过" in office.last("王强")
    assert any(said.startswith("已通过：") for said in office.cards("张伟"))


def test_b8_2_one_of_two_signatures_shows_on_the_card_and_it_still_runs(office: Office) -> None:
    quote = office.offers("15")
    office.world.taps("王强", "同意")
    assert "（0/2）" in office.last("赵敏")
    office.world.taps("赵敏", "同意")
    assert "（1/2）" in office.last("赵敏")
    assert "已同意" in office.last("赵敏")
    assert office.quote(quote).state == "pending"


def test_b8_3_a_no_restores_the_price_and_everybody_who_had_to_do_with_it_hears_why(office: Office) -> None:
    quote = office.offers("15")
    office.world.taps("王强", "同意")
    office.world.taps("赵敏", "同意")
    for name in ("张伟", "王强", "赵敏"):
        office.cards(name)
    office.world.taps("陈静", "不同意")
    assert "为什么不同意" in office.last("陈静")
    office.world.says("陈静", "低于成本价")
    assert office.quote(quote).state == "draft"
    assert office.quote(quote).net_total == Money(100_000_00)
    for name in ("张伟", "赵敏"):
        heard = "\n".join(office.cards(name))
        assert "没有通过" in heard, name
        assert "低于成本价" in heard, name
    path = office.last("陈静")
    assert "赵敏✓" in path
    with office.world.work() as uow:
        (approval,) = uow.approvals.about(quote.ref)
        deeds = [change.action for change in uow.approvals.log(approval.id)]
    assert deeds == ["approval.submit", "approval.approve", "approval.approve", "approval.reject"]


def test_b8_4_thirty_percent_goes_the_whole_way_four_cards_each_in_its_turn(office: Office) -> None:
    quote = office.offers("30")
    asked: list[str] = []
    for name in ("王强", "赵敏", "陈静", "宋岚"):
        asked += [f"{name}:{len(office.cards(name))}"]
        office.world.taps(name, "同意")
        office.cards(name)
    assert asked == ["王强:1", "赵敏:1", "陈静:1", "宋岚:1"]
    assert office.quote(quote).state == "valid"


def test_b8_5_the_same_tap_on_two_devices_decides_once_and_says_when(office: Office) -> None:
    quote = office.offers("10")
    button = next(one for one in office.world.card("王强").buttons if one.label == "同意")
    card = office.world.card_id("王强")
    office.world.now = at("03-05 10:32")
    office.world.presses("王强", button.action, button.values, card=card)
    again = office.world.presses("王强", button.action, button.values, card=card)
    assert "已由您 10:32 同意" in "\n".join(again)
    with office.world.work() as uow:
        (approval,) = uow.approvals.about(quote.ref)
        deeds = [change.action for change in uow.approvals.log(approval.id)]
    assert deeds == ["approval.submit", "approval.approve"]


def test_b8_6_a_changed_price_voids_what_runs_and_goes_the_longer_way(office: Office) -> None:
    quote = office.offers("10")
    office.cards("王强")
    with office.world.work("张伟") as uow:
        lower = uow.quotes.get(QuoteId(quote.id))
        take(lower, lower.lines, Whole(Decimal(12)))
        settle(uow, lower)
    office.world.delivers()
    with office.world.work() as uow:
        second, first = uow.approvals.about(quote.ref)
    assert first.state == "voided"
    assert second.replaces == first.id
    assert "9折" in first.title
    assert "88折" in second.title
    heard = "\n".join(office.cards("王强"))
    assert "已作废" in heard
    office.world.taps("王强", "同意")
    assert "总监和财务" in office.last("赵敏")
    assert office.quote(quote).state == "pending"


def test_b8_7_a_card_of_last_week_still_decides_and_a_fresh_card_says_so(office: Office) -> None:
    quote = office.offers("10")
    card, button = office.world.card_id("王强"), office.world.card("王强").buttons[0]
    with office.world.work() as uow:
        (approval,) = uow.approvals.about(quote.ref)
        approval.flow = {**approval.flow, "timeout": None}
    office.world.now = at("03-12 09:00")
    office.world.presses("王强", button.action, button.values, card=card)
    assert office.quote(quote).state == "valid"
    newest = office.world.card("王强")
    assert newest.settled == ""
    assert "已通过" in newest.as_text()
    again = office.world.presses("王强", button.action, button.values, card=card)
    assert "已由您" in "\n".join(again)


class Lists:
    """A platform's own to-do lists, by whose and which."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Todo] = {}
        self.failing: list[DeliveryFailed] = []

    def keep(self, user_id: str, todo: Todo) -> None:
        if self.failing:
            raise self.failing.pop()
        self.kept[user_id, todo.name] = todo


def test_the_platforms_own_lists_follow_where_the_operator_wants_it(office: Office) -> None:
    world, lists = office.world, Lists()
    world.program.__dict__["operated"] = {"todos": True}
    world.program.__dict__["platforms"] = Platforms(todos={"wecom": lists})
    office.offers("15")
    lists.failing.append(DeliveryFailed("忙", temporary=True))
    world.works()
    world.now += timedelta(seconds=1)
    world.works()
    assert [(who, todo.done) for (who, _), todo in lists.kept.items()] == [("wangqiang", False)]
    world.taps("王强", "同意")
    world.taps("赵敏", "同意")
    world.works()
    assert {who: todo.done for (who, _), todo in lists.kept.items()} == {
        "wangqiang": True,
        "zhaomin": True,
        "chenjing": False,
    }


def test_a_tap_reads_the_approval_and_the_company_once_each(office: Office) -> None:
    office.offers("10")
    office.cards("王强")
    asked: Counter[str] = Counter()

    def count(_: object, __: object, statement: str, *___: object) -> None:
        asked[statement] += statement.startswith("SELECT")

    engine = office.world.program.engine
    event.listen(engine, "before_cursor_execute", count)
    office.world.taps("王强", "同意")
    event.remove(engine, "before_cursor_execute", count)
    assert sum(times for said, times in asked.items() if "FROM approvals " in said and "approvals.id = ?" in said) == 1
    assert sum(times for said, times in asked.items() if "WHERE members.deleted_at IS NULL ORDER" in said) == 1


def test_b8_8_eight_working_hours_from_friday_afternoon_as_they_are_heard(office: Office) -> None:
    office.world.now = at("03-06 16:30")
    office.offers("10")
    office.cards("王强")
    office.world.ticks(at("03-09 11:29"))
    assert office.cards("王强") == []
    office.world.ticks(at("03-09 11:30"))
    assert "请在 03-09 15:30 前处理" in "\n".join(office.cards("王强"))
    office.world.ticks(at("03-09 13:54"))
    assert "请在 03-09 15:30 前处理" in "\n".join(office.cards("王强"))
    office.cards("张伟")
    office.world.ticks(at("03-09 15:30"))
    assert "已转给上级" in "\n".join(office.cards("王强"))
    assert "现在由赵敏处理" in "\n".join(office.cards("张伟"))
    assert "华东机电 9折" in office.last("赵敏")
    assert "没有等您审批" in office.world.says("王强", "同意")[0]
    office.world.taps("赵敏", "同意")
    assert "已通过" in "\n".join(office.cards("张伟"))


VOTE = """
approvals:
  flows:
    - name: 特价投票
      kind: special_price
      steps:
        - name: 评审会
          mode: vote
          over: 50%
          by: [{member: 王强}, {member: 赵敏}, {member: 陈静}, {member: 宋岚}, {member: 刘洋}]
"""


@pytest.mark.parametrize(("tap", "state"), [("同意", "valid"), ("不同意", "draft")])
def test_b8_9_three_of_five_decide_in_chat_and_the_other_two_cards_end(office: Office, tap: str, state: str) -> None:
    office.world.applies(VOTE)
    quote = office.offers("10")
    for name in ("王强", "赵敏", "陈静"):
        assert office.quote(quote).state == "pending"
        office.world.taps(name, tap)
        if tap == "不同意":
            office.world.says(name, "价格太低")
    assert office.quote(quote).state == state
    for name in ("宋岚", "刘洋"):
        card = office.world.card(name)
        assert not card.buttons, "nobody is asked any more"
        assert card.settled in ("已通过", "没有通过")
