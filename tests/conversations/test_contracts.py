"""Contracts in chat: drawn up, signed, amended, carried on, ended; and what their clocks say (issue 6, E44, E49)."""

from datetime import date, datetime

import pytest

from core.model.contract import Contract
from core.model.ids import AccountId, Ref
from core.services.approvals.deciding import reject
from tests.agreeing import everybody_agrees
from tests.world import SHANGHAI, World

HUAWEI = "华为技术有限公司"


def at(text: str) -> datetime:
    """A moment of this story's year, by its wall clock."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def meets(world: World, name: str = HUAWEI, by: str = "张伟") -> None:
    world.says(by, f"录个客户 {name} 王工 13912345678")


def signs(world: World, words: str = "38.5万 账期30天", name: str = "华为") -> None:
    """Let a contract be drawn up, approved and signed."""
    if not contracts(world):
        meets(world)
    world.says("张伟", f"拟合同 {name} {words}")
    world.says("张伟", "确认")
    everybody_agrees(world)
    assert "已登记签约" in world.says("张伟", f"登记签约 {name}")[-1]


def contracts(world: World) -> list[Contract]:
    with world.work() as uow:
        return list(reversed(uow.contracts.of([AccountId(1)])))


def test_e49_a_contract_is_shown_first_and_drawn_up_by_the_confirmation(world: World) -> None:
    meets(world)
    world.says("张伟", "给华为建个商机 服务器采购 38.5万 6月底签")
    shown = world.says("张伟", "拟个合同 华为 账期30天")[-1]
    assert all(part in shown for part in ("385,000元", "账期：30 天", "全款 385,000元（签约后 30 天内）", "商机 华为"))
    assert contracts(world) == []
    drawn = world.says("张伟", "确认")[-1]
    [contract] = contracts(world)
    assert f"合同已拟好：{contract.number}" in drawn
    assert (contract.amount.fen, contract.payment_days, contract.state) == (38_500_000, 30, "pending")
    assert contract.number == "HT20260305-001"
    assert "还在审批" in world.says("张伟", "登记签约 华为")[-1]
    assert everybody_agrees(world) >= 1
    assert contracts(world)[0].state == "approved"
    assert "已批准，待签" in world.says("张伟", "看合同 华为")[-1]


def test_a_contract_without_a_figure_anywhere_asks_for_it(world: World) -> None:
    meets(world)
    assert "签多少" in world.says("张伟", "拟合同 华为")[-1]
    assert "500,000元" in world.says("张伟", "50万")[-1]


def test_a_plan_is_laid_out_to_the_last_fen_and_counts_from_the_signature(world: World) -> None:
    signs(world, "100000.01元 首款30% 发货后10天30% 验收后40%")
    with world.work() as uow:
        plan = uow.contracts.plans([1])[1]
    assert [(one.name, one.amount.fen, one.due_on) for one in plan] == [
        ("首款", 3_000_000, date(2026, 3, 5)),
        ("发货款", 3_000_000, None),
        ("验收款", 4_000_001, None),
    ]
    reached = world.says("张伟", "登记发货 华为 今天")[-1]
    assert "发货款 30,000元，2026-03-15 到期" in reached
    assert "没有等「开票」" not in reached


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("38.5万 首款30%，验收50%", "各期加起来是 308,000元，合同金额是 385,000元"),
        ("0元", "大于 0"),
        ("20万 首款30万 尾款验收后付", "每一期都要大于 0"),
        ("2000亿", "一千亿"),
    ],
)
def test_what_cannot_be_agreed_is_refused_and_nothing_is_kept(world: World, words: str, answer: str) -> None:
    meets(world)
    assert answer in world.says("张伟", f"拟合同 华为 {words}")[-1]
    assert contracts(world) == []


def test_only_an_approved_contract_is_signed_and_only_once(world: World) -> None:
    signs(world)
    assert (
        "已签的合同" in world.says("张伟", "登记签约 华为")[-1]
        or "没有待签的合同" in world.says("张伟", "登记签约 华为")[-1]
    )
    assert "没有待签的合同" in world.says("张伟", "登记签约 华为")[-1]
    with world.work() as uow:
        assert uow.accounts.get(AccountId(1)).contract_ends_on is None


def test_amending_makes_the_next_revision_and_the_history_keeps_the_one_before(world: World) -> None:
    meets(world)
    world.says("张伟", "拟合同 华为 40万 首款30% 验收后70%")
    world.says("张伟", "确认")
    world.says("张伟", "改合同 华为 36万")
    amended = next(said for said in world.says("张伟", "确认") if "第 2 版" in said)
    assert "首款 108,000元" in amended
    assert "验收款 252,000元" in amended
    [contract] = contracts(world)
    with world.work() as uow:
        changes = [change for change in uow.history.making(contract.ref) if change.after]
    assert any(change.after.get("amount") == 40_000_000 for change in changes)


def test_signing_is_taken_back_with_its_clocks(world: World) -> None:
    signs(world, "38.5万 账期30天 到2026-12-31到期")
    ref = contracts(world)[0].ref
    with world.work() as uow:
        assert uow.deadlines.of(ref) != []
    assert "已撤销" in world.says("张伟", "撤销")[-1]
    [contract] = contracts(world)
    with world.work() as uow:
        assert (contract.state, contract.signed_on) == ("approved", None)
        assert uow.deadlines.of(contract.ref) == []


def test_a_change_while_it_is_under_approval_voids_that_and_asks_anew(world: World) -> None:
    meets(world)
    world.says("张伟", "拟合同 华为 40万")
    world.says("张伟", "确认")
    with world.work() as uow:
        [before] = uow.approvals.running_on(Ref("contract", 1))
    world.says("张伟", "改合同 华为 36万")
    assert any("第 2 版" in said for said in world.says("张伟", "确认"))
    with world.work() as uow:
        [after] = uow.approvals.running_on(Ref("contract", 1))
        assert uow.approvals.get(before.id).state == "voided"
    assert (after.id != before.id, after.facts["amount"]) == (True, 36_000_000)
    everybody_agrees(world)
    assert (contracts(world)[0].state, contracts(world)[0].amount.fen) == ("approved", 36_000_000)


def test_a_rejected_contract_is_a_draft_again_and_says_so(world: World) -> None:
    meets(world)
    world.says("张伟", "拟合同 华为 40万")
    world.says("张伟", "确认")
    with world.work() as uow:
        [running] = uow.approvals.running_on(Ref("contract", 1))
    with world.work("王强") as uow:
        reject(uow, running.id, comment="账期太长")
    assert contracts(world)[0].state == "draft"
    assert "审批驳回" in world.says("张伟", "看合同 华为")[-1]
    assert "还没有批准" in world.says("张伟", "登记签约 华为")[-1]
    world.says("张伟", "改合同 华为 账期15天")
    assert "已提交审批" in world.says("张伟", "确认")[-1]


def test_where_no_flow_asks_anybody_a_contract_is_signed_at_once(world: World) -> None:
    world.applies("name: 测试\napprovals: {flows: []}\n")
    meets(world)
    world.says("张伟", "拟合同 华为 40万")
    assert "不用审批" in world.says("张伟", "确认")[-1]
    assert "已登记签约" in world.taps("张伟", "已签")[-1]


def test_a_contract_is_spoken_of_thirty_and_seven_days_before_its_end_to_the_minute(world: World) -> None:
    signs(world, "38.5万 账期30天 有效期到2026-06-30到期")
    for day in ("05-31", "06-23"):
        world.ticks(at(f"{day} 08:59"))
        assert not any("快到期：华为" in said and "合同" in said for said in world.heard("张伟"))
        world.ticks(at(f"{day} 09:00"))
        said = [one for one in world.heard("张伟") if "合同快到期" in one]
        assert len(said) == 1
        assert "2026-06-30 到期" in said[0]
        world.ticks(at(f"{day} 15:00"))
        assert not any("合同快到期" in one for one in world.heard("张伟"))


def test_the_days_before_are_the_playbooks(world: World) -> None:
    world.applies("name: 测试\ncontracts: {expiry_reminders: [14d], remind_at: '10:30'}\n")
    signs(world, "38.5万 有效期到2026-06-30到期")
    world.ticks(at("06-16 10:29"))
    assert not any("合同快到期" in one for one in world.heard("张伟"))
    world.ticks(at("06-16 10:30"))
    assert [one for one in world.heard("张伟") if "还有 14 天" in one] != []


def test_a_contract_ends_after_its_last_day_and_what_is_owed_stays_owed(world: World) -> None:
    signs(world, "38.5万 账期30天 有效期到2026-06-30到期")
    world.ticks(at("06-30 23:59"))
    assert contracts(world)[0].state == "running"
    world.ticks(at("07-01 00:00"))
    assert contracts(world)[0].state == "expired"
    ended = [one for one in world.heard("张伟") if "合同到期：华为" in one]
    assert "还有 385,000元 没有收回" in ended[-1]
    world.says("张伟", "华为回款38.5万")
    assert contracts(world)[0].state == "finished"


def test_a_renewal_carries_on_the_day_after_for_as_long_again(world: World) -> None:
    signs(world, "38.5万 账期30天 有效期到2026-06-30到期")
    assert "2026-07-01 到" in world.says("张伟", "续签合同 华为 40万")[-1]
    world.says("张伟", "确认")
    first, second = contracts(world)
    assert (second.renews_id, second.amount.fen, second.begins_on) == (first.id, 40_000_000, date(2026, 7, 1))
    everybody_agrees(world)
    world.says("张伟", "登记签约 华为")
    assert contracts(world)[1].state == "signed"
    ends_on = contracts(world)[1].ends_on
    with world.work() as uow:
        assert uow.accounts.get(AccountId(1)).contract_ends_on == ends_on
    world.ticks(at("07-01 00:00"))
    assert [one.state for one in contracts(world)] == ["expired", "running"]
    assert "已经续签为" in world.says("张伟", f"续签合同 {first.number}")[-1]


def test_ending_before_time_needs_a_reason_and_keeps_the_debt(world: World) -> None:
    signs(world)
    assert "原因" in world.says("张伟", "终止合同 华为")[-1]
    world.says("张伟", "客户项目取消")
    ended = world.says("张伟", "确认")[-1]
    assert "合同已终止" in ended
    assert "385,000元" in ended
    assert (contracts(world)[0].state, contracts(world)[0].reason) == ("terminated", "客户项目取消")


def test_whoever_has_nothing_to_do_with_it_neither_sees_nor_changes_a_contract(world: World) -> None:
    signs(world)
    number = contracts(world)[0].number
    for said in (f"看合同 {number}", "看合同 C1", "终止合同 C1 乱来", "合同列表"):
        answer = world.says("李娜", said)[-1]
        assert "385,000" not in answer, said
        assert "服务器" not in answer, said
    assert "385,000元" in world.says("王强", "看合同 C1")[-1]
    assert "385,000元" in world.says("陈静", "看合同 华为")[-1]
    assert contracts(world)[0].state == "running"


def test_the_list_shows_what_one_may_see_with_sums(world: World) -> None:
    signs(world)
    world.says("张伟", "拟合同 华为 10万")
    world.says("张伟", "确认")
    listed = world.says("张伟", "合同列表")[-1]
    assert "合同：2 份" in listed
    assert "执行中：385,000元" in listed
    assert "待签：100,000元" in listed
    assert "没有合同" in world.says("李娜", "合同列表")[-1]
