"""The clock that takes leads back: its bases, exemptions, days off, extensions and appeals (semantics B.3)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.calendar import Clock
from core.errors import NotYourTask, PlaybookInvalid
from core.model.customer import Account
from core.model.playbook import Action, Basis, Condition, Exempt, Group, Holds, Playbook, Pool, RecycleRule
from core.model.playbook.assignment import AssignmentRule, AssignmentSection
from core.ports import UnitOfWork
from core.services.absences import ask_absence
from core.services.approvals.deciding import approve
from core.services.deal_stages import enter_stage
from core.services.deals import Details, create_deal
from core.services.extensions import ask_extension
from tests.world import SHANGHAI, World

RULE = Playbook().recycle[0]


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def rules(world: World, *recycle: RecycleRule, **parts: Any) -> None:
    """Put these recycle rules in force, and what else differs from the defaults."""
    world.plays(Playbook(recycle=recycle or (RULE,), **parts))


def rule(**parts: Any) -> RecycleRule:
    return RULE.model_copy(update=parts)


def test_b3_1_warnings_that_fall_into_the_night_are_one_card_with_three_buttons(world: World) -> None:
    world.now = at("03-04 10:00")
    world.has_leads("华东机电", held_by="张伟")
    world.ticks(at("03-05 07:59"))
    assert world.heard("张伟") == []
    world.ticks(at("03-05 08:00"))
    [warning] = world.heard("张伟")
    assert "华东机电 即将回收到公海" in warning
    assert [button.label for button in world.card("张伟").buttons] == ["记跟进", "申请延期", "退回"]
    world.ticks(at("03-05 10:00"))
    assert world.lead("华东机电").owner_id is not None
    world.ticks(at("03-05 10:00:01"))
    assert [text.split("\n")[0] for text in world.heard("张伟") if "已回收" in text] == ["华东机电 已回收到公海"]
    world.ticks(at("03-05 10:01"))
    assert world.heard("张伟") == []


def test_a_warning_whose_night_ends_too_late_comes_before_it_begins(world: World) -> None:
    rules(world, rule(amount=timedelta(hours=12), warnings=(timedelta(hours=2),)))
    world.now = at("03-04 18:00")
    world.has_leads("华东机电", held_by="张伟")
    world.ticks(at("03-04 20:59"))
    assert not [text for text in world.heard("张伟") if "即将" in text]
    world.ticks(at("03-04 21:00"))
    assert "03-05 06:00 回收" in world.heard("张伟")[0]


def test_two_leads_share_a_card_with_three_buttons_each_and_three_a_card_with_a_choice(world: World) -> None:
    world.now = at("03-04 10:00")
    world.has_leads("华东机电", "华南电气", held_by="张伟")
    world.ticks(at("03-05 08:00"))
    labels = [button.label for button in world.card("张伟").buttons]
    assert labels == [
        "跟进 华东机电",
        "延期 华东机电",
        "退回 华东机电",
        "跟进 华南电气",
        "延期 华南电气",
        "退回 华南电气",
    ]
    world.has_leads("西部重工", "北方仪表", "中原轴承", held_by="李娜")
    world.ticks(at("03-05 20:30"))
    world.heard("李娜")
    world.ticks(at("03-06 08:00"))
    card = next(card for _, card in world.channel.phones["lina"].cards if "即将" in card.title)
    assert [option.label for option in card.selects[0].options] == ["西部重工", "北方仪表", "中原轴承"]
    assert [button.label for button in card.buttons] == ["记跟进", "申请延期", "退回"]


def test_b3_4_days_owned_count_although_nobody_ever_followed_up_and_only_then(world: World) -> None:
    rules(
        world,
        rule(id="3天没跟进", basis=Basis.LAST_VALID_FOLLOWUP, amount=timedelta(days=3)),
        rule(id="30天没商机", basis=Basis.OWNED_NO_DEAL, amount=timedelta(days=30)),
    )
    world.has_leads("华东机电", held_by="张伟")
    world.passes(minutes=5)
    assert world.lead("华东机电").state == "assigned"
    world.ticks(at("04-04 10:00"))
    assert world.lead("华东机电").state == "assigned"
    world.ticks(at("04-04 10:00:01"))
    assert world.lead("华东机电").state == "pooled"
    assert "归到名下30天没有商机" in world.heard("张伟")[-1]


def test_b3_5_a_won_customer_returns_ninety_days_after_its_contract_ended_and_may_be_claimed(world: World) -> None:
    customers = Pool(name="客户公海", holds=Holds.ACCOUNT)
    ended = RecycleRule(
        id="合同到期90天", pool="客户公海", basis=Basis.CONTRACT_END, amount=timedelta(days=90), warnings=(0.8,)
    )
    rules(world, ended, pools=(Pool(), customers))
    world.says("张伟", "录个客户 苏州汇川技术有限公司 制造业 王工 13812345678")
    assert "2026-06-30" in world.says("张伟", "汇川合同到期 2026-06-30")[-1]
    world.ticks(at("09-28 23:59:59"))
    with world.work("张伟") as uow:
        assert [account.name for account in uow.accounts.held_by(world.member("张伟").id)] == ["苏州汇川技术有限公司"]
    world.ticks(at("09-29 00:00:01"))
    with world.work() as uow:
        assert uow.accounts.held_by(world.member("张伟").id) == []
    assert "苏州汇川技术有限公司 已回收到客户公海\n原因：合同到期90天没有续签" in world.heard("张伟")[-1]
    assert "看哪个公海？\n公海：0 条\n客户公海：1 条" in world.says("李娜", "公海")[-1]
    world.taps("李娜", "客户公海")
    assert "领取成功：苏州汇川技术有限公司" in world.taps("李娜", "领 汇川")[-1]


def test_b3_6_days_off_freeze_the_clock_and_shortening_them_moves_it_back(world: World) -> None:
    world.now = at("03-04 10:00")
    world.has_leads("华东机电", held_by="张伟")
    assert "已申请休假 03-04 至 03-06" in world.says("张伟", "我4号到6号休假")[-1]
    [asked] = world.heard("王强")
    assert "张伟申请休假 03-04 至 03-06" in asked
    assert "已同意张伟休假" in world.taps("王强", "同意")[-1]
    assert "王强同意了您的休假：03-04 至 03-06" in world.heard("张伟")[-1]
    world.ticks(at("03-07 23:59"))
    assert world.lead("华东机电").state == "assigned"
    assert limit(world) == at("03-08 00:00")
    world.now = at("03-06 09:00")
    assert "已销假：张伟 03-06 起上班" in world.says("张伟", "我提前回来了，销假")[-1]
    assert limit(world) == at("03-07 00:00")
    world.ticks(at("03-07 00:00:01"))
    assert world.lead("华东机电").state == "pooled"


def test_a_manager_enters_sick_leave_with_one_sentence_and_may_take_it_back(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    assert "已登记张伟休假 03-05" in world.says("王强", "张伟今天病假")[-1]
    assert limit(world) == at("03-07 00:00")
    assert "已撤销" in world.says("王强", "撤销")[-1]
    assert limit(world) == at("03-06 10:00")
    assert "只有张伟本人或主管能登记" in world.says("李娜", "张伟今天病假")[-1]


def test_workday_clocks_leave_holidays_out(world: World) -> None:
    rules(world, rule(clock=Clock.WORKDAY))
    world.now = at("04-03 15:00")
    world.has_leads("华东机电", held_by="张伟")
    assert limit(world) == at("04-07 15:00")


def test_b3_7_a_clock_that_was_down_for_six_hours_catches_up_once(world: World) -> None:
    world.now = at("03-04 10:00")
    world.has_leads("华东机电", "华南电气", held_by="张伟")
    world.ticks(at("03-05 16:00"))
    [recycled] = [text for text in world.heard("张伟") if "回收" in text]
    assert "2 条线索已回收到公海" in recycled
    world.ticks(at("03-05 16:00"))
    assert world.heard("张伟") == []


def test_b3_8_a_longer_rule_keeps_open_clocks_running_when_they_are_asked_again(world: World) -> None:
    world.now = at("03-04 10:00")
    world.has_leads("华东机电", held_by="张伟")
    rules(world, rule(amount=timedelta(hours=48)))
    world.ticks(at("03-05 10:00:01"))
    assert world.lead("华东机电").state == "assigned"
    assert limit(world) == at("03-06 10:00")
    world.ticks(at("03-06 10:00:01"))
    assert world.lead("华东机电").state == "pooled"


def test_the_earliest_rule_takes_the_lead_once_and_to_one_pool(world: World) -> None:
    rules(
        world,
        rule(id="慢", amount=timedelta(hours=30), pool="二号池"),
        rule(id="快", amount=timedelta(hours=20), pool="二号池"),
        rule(id="一样快", amount=timedelta(hours=20), pool="公海"),
        pools=(Pool(), Pool(name="二号池")),
    )
    world.now = at("03-04 10:00")
    world.has_leads("华东机电", held_by="张伟")
    world.ticks(at("03-05 18:00"))
    lead = world.lead("华东机电")
    assert (lead.state, lead.pool) == ("pooled", "二号池")
    with world.work() as uow:
        assert uow.assignments.last_holder(lead.id).ended_by == "超时回收:快"
    assert len([text for text in world.heard("张伟") if "已回收" in text]) == 1


def test_an_extension_is_asked_for_with_a_tap_and_granted_with_one(world: World) -> None:
    world.now = at("03-04 10:00")
    world.has_leads("华东机电", held_by="张伟")
    world.ticks(at("03-05 08:00"))
    world.heard("张伟")
    assert "为什么要延期" in world.taps("张伟", "申请延期")[-1]
    assert any("想延到 03-07 10:00，等王强同意" in text for text in world.taps("张伟", "客户出差"))
    asked = world.heard("王强")[-1]
    assert "华东机电 延期到 03-07 10:00\n张伟 03-05 08:00 提交" in asked
    assert "客户出差" in asked
    assert "现在的期限：03-05 10:00" in asked
    world.taps("王强", "同意")
    assert "已通过" in world.card("王强").as_text()
    assert "已通过：华东机电 延期到 03-07 10:00\n03-07 10:00 前没有有效跟进会回收" in world.heard("张伟")[-1]
    world.ticks(at("03-07 08:00"))
    assert "华东机电 即将回收到公海" in world.heard("张伟")[-1], "once more before the extension runs out"
    world.ticks(at("03-07 10:00:01"))
    assert world.lead("华东机电").state == "pooled"


def test_an_extension_said_in_words_is_refused_with_a_reason(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    assert "已申请延期" in world.says("张伟", "华东机电延期两天，客户出差")[-1]
    world.heard("王强")
    assert "为什么不同意" in world.taps("王强", "不同意")[-1]
    world.taps("王强", "应该先联系客户")
    heard = world.heard("张伟")[-1]
    assert "没有通过：华东机电 延期到" in heard
    assert "应该先联系客户" in heard
    world.ticks(at("03-06 10:00:01"))
    assert world.lead("华东机电").state == "pooled"


def test_extensions_end_at_twice_forty_eight_hours(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    assert "一次最多延48小时" in world.says("张伟", "华东机电延期5天，客户出差")[-1]
    for until in ("03-08 10:00", "03-10 10:00"):
        assert f"想延到 {until}" in world.says("张伟", "延期 华东机电 客户出差")[-1]
        world.taps("王强", "同意")
    assert "已经延过 2 次，不能再延" in world.says("张伟", "延期 华东机电 客户出差")[-1]


def test_an_extension_is_decided_once_however_often_and_wherever_it_is_tapped(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.says("张伟", "延期 华东机电 客户出差")
    button = next(one for one in world.card("王强").buttons if one.label == "同意")
    card = world.card_id("王强")
    for _ in range(2):
        said = world.presses("王强", button.action, button.values, card=card)
    assert "已由您" in "\n".join(said)
    with world.work() as uow:
        (approval,) = uow.approvals.about(world.lead("华东机电").ref)
        deeds = [change.action for change in uow.approvals.log(approval.id)]
    assert deeds == ["approval.submit", "approval.approve"]
    assert limit(world) == at("03-08 10:00")


def test_nobody_grants_an_extension_to_themselves_or_to_somebody_they_do_not_lead(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.says("张伟", "延期 华东机电 客户出差")
    with world.work() as uow:
        (approval,) = uow.approvals.about(world.lead("华东机电").ref)
    for name in ("张伟", "李娜"):
        with world.work(name) as uow, pytest.raises(NotYourTask):
            approve(uow, approval.id)
    assert limit(world) == at("03-06 10:00")


def test_a_lead_is_not_given_back_while_its_extension_is_decided_and_is_once_that_is_withdrawn(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.says("张伟", "延期 华东机电 客户出差")
    refused = world.says("张伟", "退回 华东机电 联系不上")[-1]
    assert "正在审批中" in refused
    assert world.lead("华东机电").state != "pooled"
    world.says("张伟", "撤回审批 S1")
    world.says("张伟", "确认")
    world.says("张伟", "退回 华东机电 联系不上")
    assert world.lead("华东机电").state == "pooled"


def test_an_extension_for_a_leader_on_leave_goes_to_whoever_leads_them(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    with world.work("赵敏") as uow:
        (wang,) = uow.members.named("王强")
        today = uow.calendar.local(uow.now).date()
        ask_absence(uow, wang, today, today, "")
    world.says("张伟", "延期 华东机电 客户出差")
    world.taps("赵敏", "同意")
    assert limit(world) == at("03-08 10:00")


def test_asking_again_for_another_day_begins_anew(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.says("张伟", "延期 华东机电 客户出差")
    with world.work("张伟") as uow:
        ask_extension(uow, uow.leads.get(world.lead("华东机电").id), at("03-07 10:00"), "一天就够")
    world.delivers()
    with world.work() as uow:
        states = [one.state for one in uow.approvals.about(world.lead("华东机电").ref)]
    assert states == ["running", "voided"]
    world.taps("王强", "同意")
    assert limit(world) == at("03-07 10:00")


@pytest.mark.parametrize(("exempt", "state"), [((Exempt.APPROVAL,), "assigned"), ((), "pooled")])
def test_while_a_leader_decides_the_lead_stays_only_if_the_rule_exempts_what_is_pending(
    world: World, exempt: tuple[Exempt, ...], state: str
) -> None:
    rules(world, rule(exempt=exempt))
    world.now = at("03-04 10:00")
    world.has_leads("华东机电", held_by="张伟")
    world.now = at("03-05 09:00")
    world.says("张伟", "延期 华东机电 客户出差")
    world.ticks(at("03-05 12:00"))
    assert world.lead("华东机电").state == state
    world.ticks(at("03-06 09:00:01"))
    assert world.lead("华东机电").state == "pooled", "nobody answered for a day"


def test_vips_and_protected_leads_stay_where_the_rule_exempts_them(world: World) -> None:
    world.has_leads("华东机电", "华南电气", held_by="张伟")
    world.says("张伟", "打标签 华东机电 VIP")
    world.ticks(at("03-06 10:00:01"))
    assert world.lead("华东机电").state == "assigned"
    assert world.lead("华南电气").state == "pooled"


def test_what_a_rule_gives_to_the_manager_goes_to_the_manager(world: World) -> None:
    rules(world, rule(action=Action.TO_MANAGER))
    world.has_leads("华东机电", held_by="张伟")
    world.ticks(at("03-06 10:00:01"))
    assert world.lead("华东机电").owner_id == world.member("王强").id
    assert "华东机电 已回收，交王强" in world.heard("张伟")[-1]
    assert any("回收规则「首次跟进24小时」给您分了一条线索：华东机电" in text for text in world.heard("王强"))


def test_after_three_rounds_the_manager_decides_what_becomes_of_a_lead(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    for name in ("李娜", "陈晨", "李娜"):
        world.passes(hours=25)
        assert world.lead("华东机电").state == "pooled"
        world.says(name, "领取 1")
    world.passes(hours=25)
    lead = world.lead("华东机电")
    assert (lead.state, lead.owner_id) == ("nurture", world.member("赵敏").id)
    assert any("华东机电 已第 4 次超时\n刚从李娜名下收回" in text for text in world.heard("赵敏"))
    assert "已退回公海：华东机电" in world.taps("赵敏", "放回公海")[-1]
    assert world.lead("华东机电").state == "pooled"


def test_an_appeal_brings_the_evidence_and_one_tap_restores_everything(world: World) -> None:
    world.now = at("03-03 09:00")
    world.has_leads("华东机电", held_by="张伟")
    world.says("张伟", "跟进 华东机电 电话聊了需求，下周三下午三点再联系")
    rules(world, rule(id="2天没跟进", basis=Basis.LAST_VALID_FOLLOWUP, amount=timedelta(days=2)))
    with world.work() as uow:
        from core.services.keeping import set_clocks

        set_clocks(uow, uow.leads.get(world.lead("华东机电").id))
    before = world.lead("华东机电")
    world.ticks(at("03-05 09:00:01"))
    assert world.lead("华东机电").state == "pooled"
    world.now = at("03-05 09:25")
    assert "当时是什么情况" in world.taps("张伟", "申诉")[-1]
    assert "已申诉：华东机电" in world.says("张伟", "我当时在客户现场")[-1]
    card = next(text for text in world.heard("王强") if "申诉" in text)
    assert "「我当时在客户现场」" in card
    assert (
        "规则：2天没跟进（自然时间）\n起算：03-03 09:00\n到期：03-05 09:00\n回收：03-05 09:00（到期后 0 分钟）" in card
    )
    assert "期间跟进：03-03 09:00「聊了需求" in card or "期间跟进：03-03 09:00" in card
    assert "已把「华东机电」还给张伟" in world.taps("王强", "还给他")[-1]
    after = world.lead("华东机电")
    assert (after.owner_id, after.state, after.assigned_at, after.last_followup_at, after.cycle) == (
        before.owner_id,
        before.state,
        before.assigned_at,
        before.last_followup_at,
        before.cycle,
    )
    with world.work() as uow:
        [plan] = uow.plans.open_for(after.ref)
        assert plan.at == at("03-11 15:00")
        held = uow.assignments.last_holder(after.id)
        assert (held.ended_at, held.ended_by) == (None, "")
    assert limit(world) == at("03-06 09:25"), "protected for a day"
    world.ticks(at("03-06 09:25:01"))
    assert world.lead("华东机电").state == "pooled"


def test_an_appeal_may_be_upheld_and_is_heard_once(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.ticks(at("03-06 10:00:01"))
    assert "已申诉" in world.says("张伟", "华东机电收回去冤枉，我当时在客户现场")[-1]
    assert "已经申诉过，在等主管答复" in world.says("张伟", "华东机电收回去冤枉，我当时在客户现场")[-1]
    world.taps("王强", "维持")
    assert "维持回收：华东机电" in world.taps("王强", "没有联系记录")[-1]
    assert "申诉没有通过：华东机电\n原因：没有联系记录" in world.heard("张伟")[-1]
    assert "已经由王强处理过了" in world.says("张伟", "申诉 华东机电 再看看")[-1]


def test_what_somebody_else_has_claimed_meanwhile_is_not_taken_from_them_by_an_appeal(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.ticks(at("03-06 10:00:01"))
    world.says("张伟", "华东机电收回去冤枉，我当时在客户现场")
    world.says("李娜", "领取 1")
    assert "「华东机电」现在由李娜跟进" in world.taps("王强", "还给他")[-1]
    assert world.lead("华东机电").owner_id == world.member("李娜").id


def test_a_manager_takes_a_recycle_back_without_an_appeal(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.ticks(at("03-06 10:00:01"))
    assert "已把「华东机电」还给张伟" in world.says("王强", "张伟这次收回不算，客户确实在出差")[-1]
    assert world.lead("华东机电").owner_id == world.member("张伟").id
    assert "王强把「华东机电」还给您了" in world.heard("张伟")[-1]


def test_why_names_rule_clock_warnings_and_what_would_have_kept_the_lead(world: World) -> None:
    rules(world, rule(cooldown=timedelta(hours=72)))
    world.now = at("03-04 10:00")
    world.has_leads("华东机电", held_by="张伟")
    world.ticks(at("03-05 08:00"))
    world.says("张伟", "跟进 华东机电 1")
    world.ticks(at("03-05 10:00:01"))
    [answer] = world.says("张伟", "为什么华东机电被收回")[-1:]
    for part in (
        "规则：首次跟进24小时",
        "怎么算：归到名下起，直到第一次有效跟进，24小时（自然时间）",
        "起算：03-04 10:00",
        "到期：03-05 10:00",
        "提醒：03-05 08:00（50%、80%）",
        "怎样能留住：03-05 10:00 前记一次有效跟进，或申请延期。03-05 08:00 那条太短或重复，不算有效",
        "再领：03-08 10:00 之后",
    ):
        assert part in answer, part


def limit(world: World) -> datetime:
    """When the lead of the story leaves its holder."""
    with world.work() as uow:
        return next(d.limit_at for d in uow.deadlines.of(world.lead("华东机电").ref) if d.kind == "recycle")


def test_a_rule_is_about_those_leads_that_its_condition_names_and_why_says_so(world: World) -> None:
    young = rule(id="A级12小时", amount=timedelta(hours=12), when=Condition(field="等级", op="in", value=["A"]))
    rules(world, young, RULE)
    world.has_leads("华东机电", held_by="张伟", grade="A")
    world.has_leads("华南电气", held_by="张伟", grade="C")
    [answer] = world.says("张伟", "为什么华南电气还在我名下")
    assert "A级12小时：不适用：等级 C ∉ A ✗\n首次跟进24小时：03-06 10:00 到期" in answer
    world.ticks(at("03-05 22:00:01"))
    assert (world.lead("华东机电").state, world.lead("华南电气").state) == ("pooled", "assigned")


def test_a_lead_goes_back_to_the_first_pool_that_takes_it(world: World) -> None:
    south = Pool(name="华南池", takes=Condition(field="地区", value="华南"))
    rules(world, RULE, pools=(Pool(), south))
    world.says("张伟", "新线索 广州数控 王工 13812345678 展会")
    world.has_leads("华东机电", held_by="张伟")
    with world.work() as uow:
        uow.leads.get(world.lead("广州数控").id).region = "华南"
    world.says("张伟", "退回 广州数控 无需求")
    world.says("张伟", "退回 华东机电 无需求")
    assert (world.lead("广州数控").pool, world.lead("华东机电").pool) == ("华南池", "公海")


def test_what_cannot_be_meant_is_said_where_it_is_written(world: World) -> None:
    document = """\
recycle:
  - {id: 到期, pool: 客户池, basis: since_contract_end, amount: 90d}
  - {id: 到期, basis: since_contract_end, amount: 90d, open_deal_from: 谈判}
"""
    with pytest.raises(PlaybookInvalid) as wrong:
        world.applies(document)
    for part in ("没有公海「客户池」", "两条回收规则都叫「到期」", "线索没有合同", "没有阶段「谈判」"):
        assert part in str(wrong.value), part


def test_what_a_rule_reassigns_goes_to_whom_the_assignment_rules_name_and_the_old_holder_hears_whom(
    world: World,
) -> None:
    again = rule(action=Action.REASSIGN)
    east = AssignmentRule(id="华东轮流", to=Group(members=("陈晨",)))
    rules(world, again, assignment=AssignmentSection(rules=(east,)))
    world.has_leads("华东机电", held_by="张伟")
    world.ticks(at("03-06 10:00:01"))
    assert world.lead("华东机电").owner_id == world.member("陈晨").id
    assert "华东机电 已回收，交陈晨" in world.heard("张伟")[-1]
    assert any("华东机电" in text for text in world.heard("陈晨"))


def test_an_account_with_an_open_deal_far_enough_stays_until_the_deal_is_lost(world: World) -> None:
    customers = Pool(name="客户公海", holds=Holds.ACCOUNT)
    quiet = RecycleRule(
        id="90天没成交",
        pool="客户公海",
        basis=Basis.OWNED_NOT_WON,
        amount=timedelta(days=90),
        exempt=(Exempt.OPEN_DEAL,),
        open_deal_from="需求确认",
    )
    rules(world, quiet, pools=(Pool(), customers))
    world.says("张伟", "录个客户 苏州汇川技术有限公司 制造业 王工 13812345678")
    with world.work("张伟") as uow:
        [account] = uow.accounts.held_by(world.member("张伟").id)
        deal = create_deal(uow, account, Details(product="伺服"))
        assert limits(uow, account) == [at("06-03 10:00")], "初步接洽 is not far enough"
        enter_stage(uow, deal, uow.playbook.pipelines[0].stages[1])
        assert limits(uow, account) == []
        enter_stage(uow, deal, uow.playbook.pipelines[0].stages[-1])
        assert limits(uow, account) == [at("06-03 10:00")]


def limits(uow: UnitOfWork, account: Account) -> list[datetime]:
    return [deadline.limit_at for deadline in uow.deadlines.of(account.ref) if deadline.kind == "recycle"]
