"""Deleting a record: asked for, agreed to, gone from all lists, back within 30 days, then gone (E117, E118)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.model.customer import Account, Contact
from core.model.ids import AccountId, Ref
from core.model.money import Money
from core.services.deals import Details, create_deal
from storage import tables
from tests.approving import Office
from tests.world import World


def account(world: World, name: str, who: str = "张伟") -> Account:
    with world.work(who) as uow:
        life = {"created_at": uow.now, "updated_at": uow.now}
        made = Account(name=name, core_name=name, phone="13812345678", owner_id=uow.actor.id, **life)
        uow.accounts.add(made)
        uow.flush()
        uow.contacts.add(Contact(account_id=made.id, name="刘总", phone="13900001111", owner_id=uow.actor.id, **life))
        create_deal(uow, made, Details(product="产线改造", amount=Money(30_000_000)))
        return made


def asks(world: World, words: str, who: str = "张伟") -> str:
    """Somebody wants a record gone, and says 确认 to what it would mean; return what is said then."""
    world.says(who, words)
    return world.says(who, "确认")[0]


def test_e117_it_says_what_it_means_first_and_nothing_is_gone_before_the_manager_agrees(world: World) -> None:
    account(world, "宁波机电")
    [shown] = world.says("张伟", "删除 宁波机电")
    assert "联系人 1 个、商机 1 个" in shown
    assert "王强同意后才删除" in shown
    assert "04-04 前可以恢复" in shown
    assert "等王强处理" in world.says("张伟", "确认")[0]
    assert "宁波机电" in world.says("张伟", "看看 宁波机电")[0]
    [card] = world.heard("王强")
    assert "删除客户 宁波机电" in card
    assert "在谈金额" in card
    assert "300,000元" in card
    assert "一起删除" in card


def test_e117_once_agreed_it_leaves_every_list_and_its_deal_leaves_the_forecast(world: World) -> None:
    account(world, "宁波机电")
    world.says("张伟", "跟进 宁波机电 电话聊了报价，对方要三台，周五再联系")
    asks(world, "删除 宁波机电，重复录的")
    world.taps("王强", "同意")
    heard = "\n".join(world.heard("张伟"))
    assert "已通过" in heard
    assert "04-04 前可以说「恢复 A1」" in heard
    assert "没有找到" in world.says("张伟", "看看 宁波机电")[0]
    assert "没有" in world.says("张伟", "我的商机")[0]
    assert "没有找到" in world.says("张伟", "看看 刘总")[0]
    with world.work() as uow:
        assert not uow.plans.open_for(Ref("account", 1))
        assert uow.followups.about(Ref("account", 1)), "what was done stays on record"
    assert "宁波机电" in world.says("张伟", "回收站")[0]


def test_it_comes_back_whole_with_its_holder_and_its_clocks(world: World) -> None:
    made = account(world, "宁波机电")
    world.says("张伟", "跟进 宁波机电 电话聊了报价，对方要三台，周五再联系")
    asks(world, "删除 宁波机电")
    world.taps("王强", "同意")
    world.heard("张伟")
    [back] = world.says("张伟", "恢复 宁波机电")
    assert "已恢复：宁波机电" in back
    assert "张伟名下" in back
    assert "产线改造" in world.says("张伟", "我的商机")[0]
    with world.work() as uow:
        assert [one.name for one in uow.contacts.of(made.id)] == ["刘总"]
        [plan] = uow.plans.open_for(made.ref)
        assert uow.deadlines.of(plan.ref), "its reminder stands again"
        assert not uow.deadlines.of(Ref("deletion", 1)), "nothing is purged any more"
    assert "已经恢复过了" in world.says("张伟", "恢复 A1")[0]
    world.passes(days=40)
    assert "宁波机电" in world.says("张伟", "看看 宁波机电")[0]


def test_undoing_the_return_puts_it_back_into_the_bin_until_its_day(world: World) -> None:
    account(world, "宁波机电")
    asks(world, "删除 宁波机电")
    world.taps("王强", "同意")
    world.says("张伟", "恢复 A1")
    world.heard("张伟")
    assert "已撤销恢复" in world.says("张伟", "撤销")[0]
    assert "客户 宁波机电（A1）" in world.says("张伟", "回收站")[0]
    world.passes(days=31)
    world.heard("张伟")
    assert "回收站是空的" in world.says("张伟", "回收站")[0]


def test_after_thirty_days_the_clock_makes_it_final_and_no_number_of_anybody_is_left(world: World) -> None:
    made = account(world, "宁波机电")
    world.says("张伟", "跟进 宁波机电 电话聊了报价，刘总 13900001111 要三台")
    asks(world, "删除 宁波机电")
    world.taps("王强", "同意")
    world.passes(days=30, minutes=-1)
    with world.work() as uow:
        assert uow.deletions.records([made.ref])[0].phone == "13812345678"
    world.passes(minutes=2)
    with world.work() as uow:
        gone, person = uow.deletions.records([made.ref, Ref("contact", 1)])
        assert gone.name == "宁波机电", "who deleted what can still be told"
        assert gone.phone is None
        assert person.name == "（已清除）"
        assert person.phone is None
    with world.program.engine.connect() as connection:
        kept = [*connection.execute(select(tables.history.c.before, tables.history.c.after)).all()]
        said = connection.execute(select(tables.followups.c.content)).scalars().all()
    assert "13900001111" not in repr(kept)
    assert "13900001111" not in repr(said)
    world.heard("张伟")
    assert "回收站是空的" in world.says("张伟", "回收站")[0]
    assert "彻底清除了" in world.says("张伟", "恢复 A1")[0]
    assert "已恢复" not in world.says("张伟", "恢复 A1")[0]


def test_nothing_with_a_contract_may_go(world: World) -> None:
    account(world, "宁波机电")
    world.says("张伟", "给宁波机电拟个合同 30万 账期30天")
    world.says("张伟", "确认")
    [refused] = world.says("张伟", "删除 宁波机电")
    assert "不能删除" in refused
    assert "合同" in refused
    assert world.heard("王强")[-1:] != ["删除"]


def test_a_deal_that_was_won_stays_and_a_contract_that_came_meanwhile_forbids_the_yes(world: World) -> None:
    made = account(world, "宁波机电")
    asks(world, "删除 宁波机电")
    with world.work() as uow:
        deal = uow.deals.every_of(made.id)[0]
        deal.outcome = "won"
    *_, answer = world.taps("王强", "同意")
    assert "现在不能删除" in answer
    assert "请驳回" in answer
    with world.work() as uow:
        assert uow.accounts.get(AccountId(made.id)).name == "宁波机电"
    world.says("王强", "不同意 已经成交")
    assert "没有通过" in "\n".join(world.heard("张伟"))


def test_asking_twice_says_that_it_is_asked_already(world: World) -> None:
    account(world, "宁波机电")
    asks(world, "删除 宁波机电")
    [again] = world.says("张伟", "删除 宁波机电")
    assert "还在审批" in again or "已经在审批" in again


def test_a_refused_or_withdrawn_deletion_leaves_everything_and_may_be_asked_again(world: World) -> None:
    account(world, "宁波机电")
    asks(world, "删除 宁波机电")
    world.says("王强", "不同意 还在谈")
    assert "宁波机电" in world.says("张伟", "看看 宁波机电")[0]
    assert "等王强处理" in asks(world, "删除 宁波机电")
    world.taps("张伟", "撤回")
    assert "宁波机电" in world.says("张伟", "看看 宁波机电")[0]
    assert "回收站是空的" in world.says("张伟", "回收站")[0]


def test_only_the_deal_or_the_quote_goes_when_that_is_what_was_said(world: World) -> None:
    made = account(world, "宁波机电")
    assert "删除商机 宁波机电产线改造" in world.says("张伟", "删除宁波机电的商机")[0]
    world.says("张伟", "确认")
    world.taps("王强", "同意")
    assert "宁波机电" in world.says("张伟", "看看 宁波机电")[0]
    with world.work() as uow:
        assert uow.deals.every_of(made.id) == []
    assert "已恢复" in world.says("张伟", "恢复 D1")[0]


def test_a_quote_goes_by_its_number(world: World) -> None:
    office = Office(world)
    quote = office.offers("3")
    shown = asks(world, f"删除报价 {quote.number}")
    assert "已申请删除" in shown
    world.taps("王强", "同意")
    world.heard("张伟")
    assert "还没有报价" in world.says("张伟", "我的报价")[0]


def test_a_person_of_a_customer_goes_at_once_and_comes_back(world: World) -> None:
    made = account(world, "宁波机电")
    assert "不用审批" in world.says("张伟", "删除联系人 刘总")[0]
    assert "已删除：宁波机电 刘总" in world.says("张伟", "确认")[0]
    with world.work() as uow:
        assert uow.contacts.of(made.id) == []
        assert uow.accounts.get(made.id)
    assert "已恢复" in world.taps("张伟", "恢复")[0]


def test_a_colleague_s_customer_is_not_there_and_a_leader_s_word_tells_its_holder(world: World) -> None:
    account(world, "宁波机电")
    [answer] = world.says("李娜", "删除 宁波机电")
    assert "没听明白" in answer, "she does not learn that there is one"
    asks(world, "删除 宁波机电，公司注销了", who="王强")
    world.heard("张伟")
    world.taps("赵敏", "同意")
    told = "\n".join(world.heard("张伟"))
    assert "客户已删除：宁波机电" in told
    assert "公司注销了" in told
    assert "已恢复" in world.taps("张伟", "恢复")[0]


def test_e118_everything_at_once_is_refused_to_all_and_an_administrator_needs_somebody_else(world: World) -> None:
    account(world, "宁波机电")
    assert "没有批量删除的权限" in world.says("张伟", "全部删除")[0]
    assert "不能全部删除" in "\n".join(world.says("吴昊", "全部删除"))
    [shown] = world.says("吴昊", "删除 宁波机电")
    assert "同意后才删除" in shown or "找不到审批人" in shown


def test_a_lead_keeps_its_holder_and_gets_a_day_when_it_comes_back(world: World) -> None:
    world.has_leads("苏州汇川", held_by="张伟")
    asks(world, "删掉苏州汇川这条线索")
    world.taps("王强", "同意")
    world.passes(days=3)
    world.heard("张伟")
    assert "苏州汇川" not in "\n".join(world.says("张伟", "公海"))
    world.heard("张伟")
    assert "已恢复" in world.says("张伟", "恢复 苏州汇川")[0]
    world.passes(hours=1)
    assert world.lead("苏州汇川").owner_id == world.member("张伟").id


def test_a_company_that_a_colleague_put_on_record_meanwhile_is_asked_about_first(world: World) -> None:
    world.has_leads("苏州汇川", held_by="张伟")
    asks(world, "删除 苏州汇川")
    world.taps("王强", "同意")
    world.has_leads("苏州汇川", held_by="李娜")
    answer = world.says("张伟", "恢复 L1")[0]
    assert "已恢复" not in answer


@pytest.mark.parametrize("days", [1, 29])
def test_whoever_left_meanwhile_holds_nothing_again(world: World, days: int) -> None:
    world.has_leads("苏州汇川", held_by="张伟")
    asks(world, "删除 苏州汇川")
    world.taps("王强", "同意")
    with world.work() as uow:
        uow.members.get(world.member("张伟").id).active = False
    world.now += timedelta(days=days)
    assert "在公海里" in world.says("王强", "恢复 苏州汇川")[0]


def test_quotes_under_approval_must_be_decided_first(world: World) -> None:
    office = Office(world)
    office.offers("10")
    assert "还在审批" in world.says("张伟", "删除 华东机电")[0]
