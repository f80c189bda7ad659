"""A leaver's book changes hands in one command, and nothing but the holder changes (C14, B6-5, M30)."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import inspect, select

from bot.event import EventKind
from core.model.customer import Account, Contact
from core.model.deal import Deal
from core.model.money import Money
from core.model.playbook import Capacity, HandoverPolicy, Playbook
from core.ports import UnitOfWork
from storage.mapping import TRACKED
from storage.tables import deadlines
from tests.world import SHANGHAI, World


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def account(uow: UnitOfWork, name: str, **known: Any) -> Account:
    made = Account(name=name, core_name=name, owner_id=uow.actor.id, created_at=uow.now, updated_at=uow.now, **known)
    uow.accounts.add(made)
    uow.flush()
    return made


def deal(uow: UnitOfWork, about: Account | None, stage: str, outcome: str, fen: int = 100) -> None:
    uow.deals.add(
        Deal(
            name=f"{stage}的商机", account_id=about.id if about else None, owner_id=uow.actor.id,
            stage=stage, outcome=outcome,
            amount=Money(fen), created_at=uow.now, updated_at=uow.now,
        )
    )  # fmt: skip


@pytest.fixture
def book(world: World) -> World:
    """张伟's book: two accounts with deals won, lost and open, two leads, plans, promises, follow-ups."""
    world.now = at("03-02 09:00")
    with world.work("张伟") as uow:
        huawei = account(uow, "海康威视", industry="制造业", grade="A")
        for stage, outcome in (("赢单", "won"), ("输单", "lost"), ("商务谈判", "open")):
            deal(uow, huawei, stage, outcome, 500_000_00)
        uow.contacts.add(
            Contact(account_id=huawei.id, name="王工", owner_id=uow.actor.id, created_at=uow.now, updated_at=uow.now)
        )
        account(uow, "东方物流", industry="物流", grade="C")
    world.has_leads("华东机电", "华东电气", held_by="张伟")
    world.says("张伟", "跟进 海康威视 电话聊了报价，答应周五前给方案，3月11日下午三点再联系")
    world.says("张伟", "跟进 华东机电 电话聊了样品，约好3月12日上午十点再联系")
    world.now = at("03-05 10:00")
    for name in ("张伟", "李娜", "陈晨", "赵敏", "王强"):
        world.heard(name)
    return world


def everything(world: World) -> dict[str, dict[str, Any]]:
    """Every business record as it stands, without its holder and what every write changes."""
    kept: dict[str, dict[str, Any]] = {}
    with world.program.open_work.reading() as session:
        for cls, kind in TRACKED.items():
            if kind in ("member", "channel_user", "assignment", "handover", "term"):
                continue
            for record in session.scalars(select(cls)):
                names = inspect(cls).column_attrs.keys()
                ours = {n: getattr(record, n) for n in names if n not in ("owner_id", "updated_at", "version")}
                kept[f"{kind} {record.id}"] = ours
    return kept


def clocks(world: World) -> set[tuple[Any, ...]]:
    """Every promise that stands, without whom it binds."""
    rows = deadlines.c
    columns = (rows.subject_kind, rows.subject_id, rows.kind, rows.rule, rows.cycle, rows.due_at, rows.limit_at)
    with world.program.open_work.reading() as session:
        found = session.execute(select(*columns).where(rows.settled_at.is_(None), rows.kind != "receipt"))
        return {tuple(row) for row in found}


def holders(world: World) -> set[str]:
    """Who holds something."""
    with world.work() as uow:
        return {one.name for one in uow.members.everybody() if uow.books.of(one.id).size}


ORDER = "张伟离职，客户交接给李娜和小陈，按行业分"


def test_c14_the_preview_says_who_gets_what_and_changes_nothing(book: World) -> None:
    before = everything(book)
    [card] = book.says("赵敏", ORDER)
    assert "张伟的 4 位客户交接给李娜、陈晨，对吗？" in card
    assert "分法：按行业分" in card
    assert "制造业 1 家 → " in card
    assert "阶段、跟进记录、计划和时限都原样保留" in card
    assert "海康威视（A 级、1 个在谈商机、1 条承诺）" in card
    assert book.card("赵敏").buttons[0].label == "确认交接"
    assert everything(book) == before
    assert holders(book) == {"张伟"}


def test_b6_5_nothing_but_the_holder_changes(book: World) -> None:
    records, promises = everything(book), clocks(book)
    book.says("赵敏", ORDER)
    assert "张伟的 4 位客户已交接" in book.taps("赵敏", "确认交接")[0]
    assert everything(book) == records
    assert clocks(book) == promises
    assert holders(book) == {"李娜", "陈晨"}


def test_contacts_deals_and_plans_go_with_their_customer(book: World) -> None:
    book.says("赵敏", "张伟离职，客户都交接给李娜")
    book.says("赵敏", "确认")
    book.heard("李娜")
    card = "".join(book.says("李娜", "看看 海康威视"))
    assert "王工" in card
    assert "商务谈判的商机" in card
    assert "下次 03-11 15:00" in card
    book.ticks(at("03-11 14:30"))
    assert [text for text in book.heard("李娜") if "该联系海康威视了" in text], "the reminder is the new holder's"
    assert not [text for text in book.heard("张伟") if "该联系" in text]


def test_d19_each_receiver_hears_of_everything_in_one_message_with_the_promises(book: World) -> None:
    for number in range(30):
        book.has_leads(f"第{number}家机电", held_by="张伟")
    book.says("赵敏", "张伟离职，客户都交接给李娜")
    book.says("赵敏", "确认")
    [card] = book.heard("李娜")
    assert "张伟的 34 位客户交接给您了" in card
    assert "承诺 03-02 答应周五前给方案" in card
    assert "下次 03-11 15:00" in card
    assert "还有 26 位，发送「交接清单」查看" in card
    assert "请在 03-06 10:00 前点「收到」" in card


def test_the_list_of_a_handover_is_turned_by_pages(book: World) -> None:
    for number in range(10):
        book.has_leads(f"第{number}家机电", held_by="张伟")
    book.says("赵敏", "张伟离职，客户都交接给李娜")
    book.says("赵敏", "确认")
    book.heard("李娜")
    [first] = book.says("李娜", "交接清单")
    assert "张伟交接给您的 14 位客户（1–10）" in first
    assert "1. A 海康威视" in first
    assert "（11–14）" in book.taps("李娜", "下一页")[0]


def test_a_receipt_is_confirmed_by_tap_and_nobody_is_told_afterwards(book: World) -> None:
    book.says("赵敏", "张伟离职，客户都交接给李娜")
    book.says("赵敏", "确认")
    book.heard("李娜")
    assert "已确认收到" in book.taps("李娜", "收到")[0]
    book.heard("赵敏")
    book.ticks(at("03-06 10:01"))
    assert not [text for text in book.heard("赵敏") if "还没确认" in text]


def test_a_receipt_that_is_missing_after_a_day_is_told_to_who_leads(book: World) -> None:
    book.says("赵敏", "张伟离职，客户都交接给陈晨")
    book.says("赵敏", "确认")
    book.heard("赵敏")
    book.ticks(at("03-06 10:01"))
    for who in ("赵敏", "王强"):
        assert [text for text in book.heard(who) if "陈晨还没确认收到张伟的 4 位客户" in text], who
    book.heard("陈晨")
    assert "已确认收到" in book.says("陈晨", "交接收到")[0]


def test_an_exception_goes_to_somebody_of_its_own(book: World) -> None:
    [card] = book.says("赵敏", "张伟离职，客户交接给李娜和陈晨，平均分，除了海康威视给王强")
    assert "海康威视 1 家 → 王强（点名）" in card
    book.says("赵敏", "确认")
    with book.work() as uow:
        [held] = uow.books.of(book.member("王强").id).accounts
        assert held.name == "海康威视"


def test_an_exception_without_a_taker_stays(book: World) -> None:
    [card] = book.says("赵敏", "张伟的客户都交接给李娜，除了海康威视")
    assert "留在张伟名下 1 家：海康威视" in card
    book.says("赵敏", "确认")
    assert holders(book) == {"张伟", "李娜"}


def test_one_undo_takes_all_of_it_back_and_tells_the_receivers(book: World) -> None:
    records, promises = everything(book), clocks(book)
    book.says("赵敏", ORDER)
    book.says("赵敏", "确认")
    book.heard("李娜")
    assert "已撤销" in book.says("赵敏", "撤销")[0]
    assert holders(book) == {"张伟"}
    assert (everything(book), clocks(book)) == (records, promises)
    assert [text for text in book.heard("陈晨") if "不交接给您了" in text]
    book.heard("赵敏")
    book.ticks(at("03-06 10:01"))
    assert not [text for text in book.heard("赵敏") if "还没确认" in text]


@pytest.mark.parametrize(
    ("who", "said", "why"),
    [
        ("陈晨", "张伟的客户都交接给陈晨", "您没有交接客户的权限"),
        ("王强", "张伟的客户都交接给李娜", "您没有把客户交接给李娜的权限"),
        ("赵敏", "张伟的客户都交接给陈静", "不做销售，不能接客户"),
        ("赵敏", "李娜的客户都交接给陈晨", "名下没有客户、商机或计划"),
        ("赵敏", "孙悟空的客户都交接给陈晨", "没有找到同事「孙悟空」"),
    ],
)
def test_who_may_not_and_what_cannot_be_is_said(book: World, who: str, said: str, why: str) -> None:
    assert why in "".join(book.says(who, said))
    assert holders(book) == {"张伟"}


def test_the_administrator_hands_over_too(book: World) -> None:
    book.says("吴昊", "张伟的客户都交接给李娜")
    assert "已交接" in book.says("吴昊", "确认")[0]


def test_a_manager_hears_of_a_leaver_and_hands_over_by_tap(book: World) -> None:
    book.comes("", EventKind.DIRECTORY, fields={"change_type": "delete_user", "user_id": "zhangwei"})
    book.program.dispatcher.drain("wecom", "")
    book.delivers()
    assert [text for text in book.heard("王强") if "张伟 已离开企业微信" in text]
    [card] = book.taps("王强", "交接客户")
    assert "张伟的客户交接给谁？" in card
    [card] = book.taps("王强", "全给陈晨")
    assert "张伟的 4 位客户交接给陈晨，对吗？" in card
    assert "已交接" in book.taps("王强", "确认交接")[0]
    assert holders(book) == {"陈晨"}


def test_who_has_left_already_is_named_all_the_same(book: World) -> None:
    with book.work() as uow:
        uow.members.get(book.member("张伟").id).active = False
    book.says("赵敏", "张伟的客户都交接给李娜，按行业分")
    assert "已交接" in book.says("赵敏", "确认")[0]
    assert holders(book) == {"李娜"}


def test_a_part_of_a_book_is_split_off(book: World) -> None:
    [card] = book.says("赵敏", "张伟的客户分一半给李娜")
    assert "张伟的 2 位客户交接给李娜，对吗？" in card
    assert "留在张伟名下 2 家" in card
    book.says("赵敏", "确认")
    assert holders(book) == {"张伟", "李娜"}


def test_a_large_book_is_handed_over_in_the_background_all_at_once(book: World) -> None:
    book.plays(Playbook(handover=HandoverPolicy(at_once=3)))
    records, promises = everything(book), clocks(book)
    book.says("赵敏", ORDER)
    assert "正在交接张伟的 4 位客户" in book.taps("赵敏", "确认交接")[0]
    assert holders(book) == {"张伟"}, "until it is done everything is as it was"
    book.works()
    book.delivers()
    assert [text for text in book.heard("赵敏") if "张伟的 4 位客户已交接给李娜、陈晨" in text]
    assert (everything(book), clocks(book)) == (records, promises)
    assert holders(book) == {"李娜", "陈晨"}
    assert "已撤销" in book.taps("赵敏", "撤销")[0]
    assert holders(book) == {"张伟"}


def test_a_large_hand_over_that_cannot_be_is_told_and_leaves_everything_as_it_was(book: World) -> None:
    book.plays(Playbook(handover=HandoverPolicy(at_once=3)))
    book.says("赵敏", "张伟的客户都交接给李娜")
    book.says("赵敏", "确认")
    with book.work() as uow:
        uow.members.get(book.member("李娜").id).active = False
    book.works()
    book.delivers()
    assert [text for text in book.heard("赵敏") if "张伟的客户没有交接，一切照旧\n李娜已离职" in text]
    assert holders(book) == {"张伟"}


def test_who_would_hold_too_much_is_shown_before(book: World) -> None:
    book.plays(Playbook(capacity=Capacity(most=2)))
    [card] = book.says("赵敏", "张伟的客户都交接给李娜")
    assert "李娜：2 条线索、2 个客户、3 个商机、2 个计划；库容 0 → 3/2，超出" in card


def test_m30_what_was_lost_when_somebody_left(book: World) -> None:
    book.says("赵敏", "张伟离职，客户都交接给李娜")
    book.says("赵敏", "确认")
    book.heard("李娜")
    book.says("李娜", "跟进 海康威视 电话介绍了自己，聊了交期")
    book.says("李娜", "退回 华东机电 联系不上")
    book.says("李娜", "仍然退回")
    [card] = book.says("赵敏", "张伟走了丢了多少客户")
    assert "张伟离开后流失 1/4 位客户" in card
    assert "接手后已联系：1 位" in card
    assert "还在期限内：2 位" in card
    with book.work("李娜") as uow:
        for one in uow.books.of(uow.actor.id).deals:
            if one.stage == "商务谈判":
                one.stage, one.outcome = "输单", "lost"
    book.now = at("03-23 10:00")
    [card] = book.says("赵敏", "张伟走了丢了多少客户")
    assert "张伟离开后流失 3/4 位客户" in card
    assert "丢单：1/1 个在谈商机，500,000元" in card
    assert "华东机电" in card


def test_m30_asked_about_somebody_who_handed_nothing_over(book: World) -> None:
    assert "没有交接过客户" in book.says("赵敏", "李娜走了丢了多少客户")[0]
    assert "您没有" in book.says("张伟", "李娜走了丢了多少客户")[0]
