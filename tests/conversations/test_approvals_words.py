"""Approvals in words (E65 to E78, E50 to E52): the only one that waits, the one that is named, and never a guess."""

from datetime import timedelta

import pytest

from core.model.approval import Approval
from core.model.money import Money
from core.model.quote import Quote
from tests.approving import Office, at
from tests.world import World


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def approval_of(office: Office, quote: Quote) -> Approval:
    with office.world.work() as uow:
        return uow.approvals.about(quote.ref)[0]


def says(office: Office, name: str, words: str) -> str:
    return "\n".join(office.world.says(name, words))


def test_e66_yes_with_a_word_to_it_reaches_the_submitter(office: Office) -> None:
    quote = office.offers("10")
    assert "已同意" in says(office, "王强", "同意，下不为例")
    assert office.quote(quote).state == "valid"
    assert "下不为例" in "\n".join(office.cards("张伟"))


def test_a_yes_in_words_settles_the_card_on_the_screen(office: Office) -> None:
    office.offers("10")
    says(office, "王强", "同意")
    with pytest.raises(AssertionError):
        office.world.taps("王强", "同意")


def test_e67_no_with_its_reason_needs_no_question(office: Office) -> None:
    quote = office.offers("10")
    says(office, "王强", "不同意 低于成本价了")
    assert approval_of(office, quote).state == "rejected"
    assert "低于成本价了" in "\n".join(office.cards("张伟"))


def test_several_wait_and_none_is_named_so_it_asks_and_never_guesses(office: Office) -> None:
    first = office.offers("10")
    second = office.offers("9", to="苏州绿控")
    asked = says(office, "王强", "同意")
    assert "有 2 个等您审批的" in asked
    assert "苏州绿控" in asked
    assert approval_of(office, first).is_running
    assert approval_of(office, second).is_running
    says(office, "王强", "2")
    assert approval_of(office, first).is_running
    assert approval_of(office, second).state == "approved"


def test_the_one_that_is_named_by_its_customer_or_number_is_the_one(office: Office) -> None:
    first, second, third = office.offers("10"), office.offers("9", to="苏州绿控"), office.offers("8", to="宁波东睦")
    says(office, "王强", "苏州绿控的特价我同意")
    says(office, "王强", "确认")
    assert approval_of(office, second).state == "approved"
    says(office, "王强", f"驳回 {approval_of(office, third).ref} 毛利太低")
    assert approval_of(office, third).state == "rejected"
    assert approval_of(office, first).is_running


def test_two_verdicts_in_one_line_stay_apart(office: Office) -> None:
    first, second = office.offers("10"), office.offers("9", to="苏州绿控")
    said = says(office, "王强", "华东机电的同意，苏州绿控的驳回，毛利太低")
    if "确认" in said:
        says(office, "王强", "确认")
    assert approval_of(office, first).state == "approved"
    assert approval_of(office, second).state == "rejected"


def test_e68_at_most_92_the_rep_accepts_and_nobody_is_asked_again(office: Office) -> None:
    quote = office.offers("15")
    says(office, "王强", "最多给到92折")
    heard = "\n".join(office.cards("张伟"))
    assert "最多92折" in heard
    assert office.cards("赵敏") == []
    office.world.taps("张伟", "接受")
    assert office.quote(quote).state == "valid"
    assert office.quote(quote).net_total == Money(92_000_00)
    assert approval_of(office, quote).state == "approved"
    assert office.cards("赵敏") == []


def test_a_condition_that_is_not_accepted_comes_back_to_whoever_made_it(office: Office) -> None:
    quote = office.offers("10")
    says(office, "王强", "可以，但最多92折")
    office.cards("王强")
    office.world.taps("张伟", "不接受")
    assert "没有接受您的条件" in "\n".join(office.cards("王强"))
    assert approval_of(office, quote).is_running
    office.world.taps("王强", "同意")
    assert office.quote(quote).net_total == Money(90_000_00)


def test_e69_it_is_handed_to_a_colleague_who_decides(office: Office) -> None:
    quote = office.offers("10")
    says(office, "王强", "转给赵敏看")
    assert "王强转给您" in office.last("赵敏")
    assert "现在由赵敏处理" in "\n".join(office.cards("张伟"))
    office.world.taps("赵敏", "同意")
    assert office.quote(quote).state == "valid"


def test_e70_finance_looks_first_and_the_own_task_waits(office: Office) -> None:
    quote = office.offers("10")
    says(office, "王强", "先让财务看看")
    assert "请您先看" in office.last("陈静")
    assert "陈静" in says(office, "王强", "同意")
    assert approval_of(office, quote).is_running
    office.world.taps("陈静", "同意")
    office.world.taps("王强", "同意")
    assert office.quote(quote).state == "valid"


def test_whoever_was_signed_in_may_be_let_go(office: Office) -> None:
    quote = office.offers("10")
    says(office, "王强", "先让财务看看")
    says(office, "王强", "不用陈静加签了")
    says(office, "王强", "同意")
    assert office.quote(quote).state == "valid"


def test_e71_a_stand_in_agrees_first_and_then_answers_in_ones_stead(office: Office) -> None:
    says(office, "王强", "我出差，3月9号到13号让李娜替我批")
    assert "想请您代批" in office.last("李娜")
    office.world.taps("李娜", "同意代批")
    assert "李娜同意代您审批" in "\n".join(office.cards("王强"))
    office.world.now = at("03-10 10:00")
    quote = office.offers("10")
    assert "您代王强处理" in office.last("李娜")
    says(office, "李娜", "同意")
    assert office.quote(quote).state == "valid"
    with office.world.work() as uow:
        said = uow.approvals.log(approval_of(office, quote).id)[-1].after
    assert said is not None
    assert said["did"]["as"] == "李娜 代 王强"


def test_e72_it_goes_back_for_what_is_missing_and_comes_again(office: Office) -> None:
    quote = office.offers("10")
    says(office, "王强", "打回去，让他补竞品报价")
    assert "补竞品报价" in "\n".join(office.cards("张伟"))
    assert approval_of(office, quote).is_running
    says(office, "张伟", "改好了，再提交")
    office.world.taps("王强", "同意")
    assert office.quote(quote).state == "valid"


def test_e73_the_list_says_age_amount_and_margin_and_opens_each(office: Office) -> None:
    office.offers("10")
    office.world.now += timedelta(hours=3)
    office.offers("9", to="苏州绿控")
    listed = says(office, "王强", "有啥要批的")
    assert "等您审批的 2 个" in listed
    assert "90,000元" in listed
    assert "等了 3 小时" in listed
    office.world.taps("王强", "看第2个")
    assert "苏州绿控" in office.world.card("王强").title
    assert [one.label for one in office.world.card("王强").buttons][:2] == ["同意", "不同意"]


def test_e74_those_below_five_myriads_at_one_go_without_what_is_above_ones_authority(office: Office) -> None:
    small = office.offers("9", to="苏州绿控", price=30_000)
    large = office.offers("9", price=100_000)
    steep = office.offers("15", to="宁波东睦", price=20_000)
    said = says(office, "王强", "5万以下的都批了")
    assert "同意这 1 个" in said
    assert "苏州绿控" in said
    assert "宁波东睦" in said
    assert "超出您的权限" in said
    assert approval_of(office, small).is_running
    office.world.taps("王强", "同意这1个")
    assert approval_of(office, small).state == "approved"
    assert approval_of(office, large).is_running
    assert approval_of(office, steep).is_running


def test_e75_a_slip_is_taken_back_while_nobody_has_gone_on(office: Office) -> None:
    quote = office.offers("15")
    office.world.taps("王强", "同意")
    assert "收回" in says(office, "王强", "刚才点错了，撤回")
    assert approval_of(office, quote).is_running
    says(office, "王强", "同意")
    office.world.taps("赵敏", "同意")
    assert "拿不回来" in says(office, "王强", "收回刚才的同意")


def test_e77_a_copy_goes_once(office: Office) -> None:
    office.offers("10")
    says(office, "王强", "抄送一下刘洋")
    assert "抄送您" in office.last("刘洋")
    assert "只抄送一次" in says(office, "王强", "抄送一下刘洋")


def test_a_question_to_the_submitter_and_the_answer_to_it(office: Office) -> None:
    office.offers("10")
    says(office, "王强", "问一下申请人，竞品报价多少")
    assert "竞品报价多少" in "\n".join(office.cards("张伟"))
    office.world.taps("张伟", "回复")
    says(office, "张伟", "对手报了85折")
    assert "对手报了85折" in "\n".join(office.cards("王强"))


def test_e50_where_it_stands_who_has_it_and_since_when_with_a_nudge(office: Office) -> None:
    office.offers("10")
    office.world.now += timedelta(hours=5)
    said = says(office, "张伟", "我那个审批到哪了")
    assert "等王强处理" in said
    assert "已等 5 小时" in said
    office.cards("王强")
    office.world.taps("张伟", "催办")
    assert "张伟催您处理" in "\n".join(office.cards("王强"))
    assert "之后才能再催" in says(office, "张伟", "催一下王强")
    office.world.now += timedelta(hours=2)
    assert "已催王强" in says(office, "张伟", "催一下王强")


def test_e52_what_nobody_has_answered_is_withdrawn_at_once(office: Office) -> None:
    quote = office.offers("10")
    assert "撤回申请" in says(office, "张伟", "那个特价先撤了，客户又不要了")
    says(office, "张伟", "确认")
    assert approval_of(office, quote).state == "withdrawn"
    assert office.quote(quote).net_total == Money(100_000_00)
    with pytest.raises(AssertionError):
        office.world.taps("王强", "同意")


def test_what_somebody_has_answered_is_withdrawn_with_their_consent(office: Office) -> None:
    quote = office.offers("15")
    office.world.taps("王强", "同意")
    says(office, "张伟", f"撤回审批 {approval_of(office, quote).ref}")
    says(office, "张伟", "确认")
    assert approval_of(office, quote).is_running
    office.world.taps("赵敏", "同意撤回")
    assert approval_of(office, quote).state == "withdrawn"


def test_nothing_waits_and_nothing_runs_are_said_plainly(office: Office) -> None:
    assert "没有等您审批的申请" in says(office, "王强", "有啥要批的")
    assert "没有等您审批的申请" in says(office, "王强", "同意")
    assert "没有正在审批的申请" in says(office, "张伟", "我那个审批到哪了")


def test_a_rep_who_was_not_asked_decides_nothing(office: Office) -> None:
    quote = office.offers("10")
    says(office, "李娜", "同意")
    assert approval_of(office, quote).is_running


def test_a_card_in_other_hands_decides_nothing_and_tells_nothing(office: Office) -> None:
    quote = office.offers("10")
    card, button = office.world.card_id("王强"), office.world.card("王强").buttons[0]
    office.world.says("李娜", "帮助")
    heard = office.world.presses("李娜", button.action, button.values, card=card)
    assert approval_of(office, quote).is_running
    assert "华东机电" not in "\n".join(heard)


def test_margins_are_for_those_who_may_see_them(office: Office) -> None:
    office.offers("10")
    assert "毛利率" in office.last("王强")
    says(office, "王强", "抄送一下刘洋")
    assert "毛利率" not in "\n".join(office.cards("刘洋"))


def test_whoever_leads_reads_how_long_approvals_take(office: Office) -> None:
    office.offers("10")
    office.world.now += timedelta(hours=3)
    office.world.taps("王强", "同意")
    said = says(office, "赵敏", "审批耗时")
    assert "特价：1 个，一般 3 小时，一次通过 1/1" in said
    assert "主管" in said


def test_a_batch_leaves_out_what_is_to_be_left_out_or_says_that_it_is_not_clear(office: Office) -> None:
    office.offers("10", price=20_000)
    office.offers("10", to="苏州汇川", price=30_000)
    said = says(office, "王强", "5万以下的都批了，除了苏州汇川")
    assert "华东机电" in said
    assert "您说先留着" in said
    assert "一张也没有批" in says(office, "王强", "5万以下的都批了，除了比亚迪")


def test_a_batch_takes_only_the_kinds_sums_and_people_that_were_said(office: Office) -> None:
    small = office.offers("10", price=20_000)
    large = office.offers("10", to="苏州汇川", price=300_000)
    assert "苏州汇川" in says(office, "王强", "待我审批的")
    said = says(office, "王强", "十万以上的先留着，其他都批了")
    assert "同意这 1 个" in said
    assert "苏州汇川" not in said
    assert "没有能一起同意的" in says(office, "王强", "除了特价都批了")
    assert "没有能一起同意的" in says(office, "王强", "陈晨的都批了")
    assert "没有能一起同意的" in says(office, "赵敏", "华南报上来的都批了")
    assert approval_of(office, small).is_running
    assert approval_of(office, large).is_running


def test_a_batch_with_words_that_nobody_understands_agrees_to_nothing(office: Office) -> None:
    quote = office.offers("10", price=20_000)
    assert "「老客户」指哪几张没看懂" in says(office, "王强", "老客户的都批了")
    assert "没看懂" in says(office, "王强", "毛利20%以上的都批了")
    assert "同意这" not in says(office, "王强", "就是上周签的那几家")
    assert approval_of(office, quote).is_running
