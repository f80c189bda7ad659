"""Money in chat: recorded, owed, late, given back, invoiced; and one customer's way from lead to cash (issue 6)."""

from datetime import date

import pytest

from core.model.ids import AccountId, LeadId
from core.model.payment import Payment
from tests.agreeing import everybody_agrees
from tests.conversations.test_contracts import at, contracts, meets, signs
from tests.world import World

PLAN = "100万 首款30% 发货后30天30% 验收后40%"


def payments(world: World) -> list[Payment]:
    with world.work() as uow:
        return uow.payments.of([AccountId(1)])


def test_e54_a_receipt_is_dated_and_says_what_is_left(world: World) -> None:
    signs(world, "38.5万 账期30天")
    said = world.says("张伟", "华为回了第一笔款 12万5，昨天到的")[-1]
    assert "已登记回款：华为技术有限公司 125,000元" in said
    assert "到账日：2026-03-04" in said
    assert "还欠：260,000元" in said
    assert [(one.amount.fen, one.paid_on) for one in payments(world)] == [(12_500_000, date(2026, 3, 4))]


def test_finance_hears_of_it_and_the_holder_hears_of_what_finance_recorded(world: World) -> None:
    signs(world)
    world.says("张伟", "华为回款10万")
    assert any("到账 100,000元" in said and "张伟登记" in said for said in world.heard("陈静"))
    world.says("陈静", "华为回款5万")
    assert any("到账 50,000元" in said and "陈静登记" in said for said in world.heard("张伟"))


def test_one_payment_settles_several_instalments_the_earliest_first(world: World) -> None:
    signs(world, PLAN)
    world.says("张伟", "登记发货 华为")
    said = world.says("张伟", "华为回款45万")[-1]
    assert "下一期：发货款 150,000元，2026-04-04 到期" in said
    shown = world.says("张伟", "看合同 华为")[-1]
    assert "首款 300,000元（2026-03-05 到期），已付清" in shown
    assert "发货款 300,000元（2026-04-04 到期），已付 150,000元，还欠 150,000元" in shown


def test_more_than_is_owed_is_asked_about_and_becomes_a_payment_in_advance(world: World) -> None:
    signs(world, "10万")
    asked = world.says("张伟", "华为回款12万")[-1]
    assert "只欠 100,000元，这笔 120,000元 多出 20,000元" in asked
    assert payments(world) == []
    said = world.says("张伟", "1")[-1]
    assert "多收：20,000元，记为预收" in said
    assert contracts(world)[0].state == "finished"


def test_the_wrong_amount_is_put_down_without_a_trace(world: World) -> None:
    signs(world, "10万")
    world.says("张伟", "华为回款12万")
    assert "没有登记" in world.says("张伟", "2")[-1]
    assert payments(world) == []
    assert contracts(world)[0].state == "running"


def test_the_same_amount_of_the_same_day_is_asked_about(world: World) -> None:
    signs(world)
    world.says("张伟", "华为回款5万")
    asked = world.says("陈静", "华为回款5万")[-1]
    assert "2026-03-05 已经有一笔 50,000元 的回款（R1，张伟登记）" in asked
    assert "没有登记" in world.says("陈静", "2")[-1]
    assert len(payments(world)) == 1
    world.says("陈静", "华为回款5万")
    assert "还欠：285,000元" in world.says("陈静", "1")[-1]
    assert len(payments(world)) == 2


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("华为回款-5000元", "回款金额要大于 0"),
        ("华为回款0元", "大于 0"),
        ("华为回款5000亿", "一千亿"),
        ("华为明天到账5万", "在将来"),
        ("华为回款2万美元", "人民币"),
    ],
)
def test_what_cannot_have_been_paid_is_refused_and_nothing_is_kept(world: World, words: str, answer: str) -> None:
    signs(world)
    assert answer in world.says("张伟", words)[-1]
    assert payments(world) == []


def test_before_a_contract_is_signed_money_is_a_payment_in_advance(world: World) -> None:
    meets(world)
    assert "预收款，没有对应合同" in world.says("张伟", "华为回款3万")[-1]
    assert "没有应收" in world.says("张伟", "华为还欠多少")[-1]


def test_of_several_contracts_one_is_asked_for(world: World) -> None:
    signs(world, "10万")
    signs(world, "20万")
    asked = world.says("张伟", "华为回款5万")[-1]
    assert "有 2 份合同" in asked
    assert "记为预收款" in asked
    assert "HT20260305-002（200,000元）" in world.says("张伟", "2")[-1]
    assert "HT20260305-001（100,000元）" in world.says("张伟", "C1回款1万")[-1]


def test_a_receipt_that_several_contracts_share_is_split_by_what_is_due_first_after_a_look(world: World) -> None:
    signs(world, "10万 账期60天")
    signs(world, "20万 首款50% 验收后50%")
    asked = world.says("张伟", "华为回款25万")[-1]
    lines = ("HT20260305-002 首款 100,000元（2026-03-05 到期）", "HT20260305-001 全款 100,000元", "尾款 50,000元")
    assert all(line in asked.replace("验收款", "尾款") for line in lines)
    assert payments(world) == [], "nothing is kept before the look"
    said = world.says("张伟", "1")[-1]
    assert "已登记回款：华为技术有限公司 250,000元" in said
    assert "HT20260305-002 150,000元，还欠 50,000元" in said
    assert sorted((one.contract_id, one.amount.fen) for one in payments(world)) == [(1, 10_000_000), (2, 15_000_000)]
    assert "撤销" in world.says("张伟", "撤销")[-1]
    assert payments(world) == [], "one word takes the whole receipt back"


def test_a_split_that_is_declined_or_more_than_everything_keeps_the_rest_in_advance(world: World) -> None:
    signs(world, "10万")
    signs(world, "20万")
    world.says("张伟", "华为回款35万")
    assert "没有登记" in world.says("张伟", "2")[-1]
    assert payments(world) == []
    assert "记为预收款 50,000元" in world.says("张伟", "华为回款35万")[-1]
    world.says("张伟", "1")
    assert sum(one.amount.fen for one in payments(world)) == 35_000_000
    assert [one.amount.fen for one in payments(world) if one.contract_id is None] == [5_000_000]
    world.says("张伟", "华为回款35万")
    assert len(payments(world)) == 3


def test_money_for_a_named_part_goes_there_first(world: World) -> None:
    signs(world, PLAN)
    said = world.says("张伟", "华为付了尾款 5万")[-1]
    assert "记到：验收款 400,000元" in said
    assert "已付 50,000元，还欠 350,000元" in said
    assert "首款 300,000元（2026-03-05 到期）" in world.says("张伟", "看合同 华为")[-1]
    assert "记到：首款 300,000元（2026-03-05 到期），已付清" in world.says("张伟", "华为付了首款 30万")[-1]


def test_what_is_due_and_what_ends_stands_in_the_list_of_today_by_rank(world: World) -> None:
    signs(world, "10万 账期7天")
    world.says("张伟", "录个客户 中兴通讯股份有限公司 李工 13712345678")
    world.says("张伟", "给中兴出个报价 A型服务器3台 单价333.33元")
    world.says("张伟", "1")
    world.says("张伟", "确认")
    assert "还欠" not in world.says("张伟", "今天做什么")[-1]
    world.passes(days=28)
    said = world.says("张伟", "今天做什么")[-1]
    assert "全款还欠 100,000元，逾期 21 天" in said
    assert "过期，问客户定不定" in said
    assert said.index("逾期 21 天") < said.index("问客户定不定")
    assert "还欠" not in world.says("李娜", "今天做什么")[-1]


def test_who_asks_by_name_for_money_of_a_strangers_customer_is_refused_as_if_there_were_none(world: World) -> None:
    signs(world)
    for words in ("华为还欠多少", "华为的应收", "无名机电还欠多少"):
        said = world.says("李娜", words)[-1]
        assert "没有找到「" in said, words
        assert "账龄" not in said, words
        assert "385,000" not in said, words
    assert "应收账龄" in world.says("王强", "谁还欠钱")[-1]


def test_money_that_goes_back_is_owed_again(world: World) -> None:
    signs(world, "10万")
    world.says("张伟", "华为回款10万")
    assert contracts(world)[0].state == "finished"
    world.says("张伟", "退款 华为 3万")
    said = world.says("张伟", "确认")[-1]
    assert "已登记退款" in said
    assert "还欠：30,000元" in said
    assert contracts(world)[0].state == "running"
    world.says("张伟", "退款 华为 8万")
    assert "一共只收到 70,000元，退不了 80,000元" in world.says("张伟", "确认")[-1]


def test_a_receipt_is_taken_back_within_minutes_and_struck_later(world: World) -> None:
    signs(world, "10万")
    world.says("张伟", "华为回款10万")
    assert "已撤销" in world.says("张伟", "撤销")[-1]
    assert payments(world) == []
    assert contracts(world)[0].state == "running"
    world.says("张伟", "华为回款4万")
    world.passes(hours=2)
    world.says("张伟", "作废回款 R2")
    assert "现在还欠 100,000元" in world.says("张伟", "确认")[-1]
    assert payments(world) == []


def test_what_is_due_is_spoken_of_before_and_what_is_late_to_the_holder_and_finance(world: World) -> None:
    signs(world, "38.5万 账期30天")
    world.ticks(at("04-01 08:59"))
    assert not any("回款快到期" in said for said in world.heard("张伟"))
    world.ticks(at("04-01 09:00"))
    assert len([said for said in world.heard("张伟") if "回款快到期：华为" in said]) == 1
    world.ticks(at("04-04 23:59"))
    assert not any("逾期" in said for said in world.heard("张伟"))
    world.ticks(at("04-05 09:00"))
    assert len([said for said in world.heard("张伟") if "回款逾期：华为" in said and "逾期：1 天" in said]) == 1
    assert len([said for said in world.heard("陈静") if "回款逾期：华为" in said and "负责人 张伟" in said]) == 1
    world.ticks(at("04-11 12:00"))
    assert not any("逾期" in said for said in world.heard("张伟") + world.heard("陈静"))
    world.ticks(at("04-12 09:00"))
    assert any("逾期：8 天" in said for said in world.heard("张伟"))
    world.says("张伟", "华为回款38.5万")
    world.heard("陈静")
    world.ticks(at("04-19 09:00"))
    assert not any("逾期" in said for said in world.heard("张伟") + world.heard("陈静"))


def test_one_card_says_what_all_customers_should_pay(world: World) -> None:
    signs(world, "38.5万 账期30天")
    world.says("张伟", "录个客户 中兴通讯股份有限公司 李工 13812345678")
    signs(world, "20万 账期30天", "中兴")
    world.ticks(at("04-05 09:00"))
    late = [said for said in world.heard("张伟") if "逾期" in said]
    assert len(late) == 1
    assert "2 笔回款要跟，2 笔逾期" in late[0]


def test_e106_what_a_customer_owes_and_since_when(world: World) -> None:
    signs(world, PLAN)
    world.passes(days=10)
    said = world.says("张伟", "华为还欠多少")[-1]
    assert "还欠：1,000,000元" in said
    assert "逾期：300,000元，最长 10 天" in said


def test_debts_by_age(world: World) -> None:
    signs(world, "10万 账期0天")
    world.says("张伟", "拟合同 华为 20万 账期90天")
    world.says("张伟", "确认")
    everybody_agrees(world)
    world.says("张伟", "登记签约 C2")
    world.passes(days=45)
    said = world.says("陈静", "应收账龄")[-1]
    assert "应收合计：300,000元" in said
    assert "未到期：200,000元" in said
    assert "逾期 31–60 天：100,000元" in said
    assert "0元" in world.says("李娜", "应收账龄")[-1]


def test_what_is_owed_keeps_an_account_with_its_holder(world: World) -> None:
    world.applies(
        "name: 测试\nrecycle:\n  - {id: 客户30天, pool: 客户公海, basis: since_last_valid_followup, amount: 30d}\n"
        "pools: [{name: 公海, holds: lead}, {name: 客户公海, holds: account}]\n"
    )
    signs(world, "10万 账期60天")
    world.says("张伟", "跟进 华为 电话聊了开箱验收的事情")
    world.passes(days=40)
    with world.work() as uow:
        assert uow.accounts.get(AccountId(1)).owner_id is not None
    world.says("张伟", "华为回款10万")
    world.passes(days=31)
    with world.work() as uow:
        assert uow.accounts.get(AccountId(1)).owner_id is None


def test_e55_an_invoice_title_is_kept_and_shown_and_a_wrong_number_is_refused(world: World) -> None:
    meets(world)
    assert "税号：还没有" in world.says("张伟", "发票抬头发我一下 华为的")[-1]
    wrong = world.says("张伟", "开票信息 华为 税号 914403001922038217")[-1]
    assert "校验位对不上" in wrong
    kept = world.says("张伟", "开票信息 华为 税号 914403001922038216 开户行 招行深圳分行 账号 755912345678")[-1]
    assert "税号：914403001922038216" in kept
    shown = world.says("陈静", "发票抬头发我一下 华为的")[-1]
    assert "抬头：华为技术有限公司" in shown
    assert "开户行：招行深圳分行" in shown
    assert "914403001922038216" not in world.says("李娜", "发票抬头 华为")[-1]


def test_e107_an_invoice_is_asked_for_issued_and_listed_until_it_is_paid(world: World) -> None:
    signs(world, "10万")
    assert "还没有税号" in world.says("张伟", "申请开票 华为 6万")[-1]
    world.says("张伟", "开票信息 华为 税号 914403001922038216")
    assert "已申请开票" in world.says("张伟", "申请开票 华为 6万")[-1]
    assert any("开票申请：华为" in said and "60,000元" in said for said in world.heard("陈静"))
    assert "没有开票的权限" in world.says("张伟", "已开票 B1 12345678")[-1]
    assert "已登记开票" in world.says("陈静", "已开票 B1 12345678")[-1]
    assert any("已开票：华为" in said and "12345678" in said for said in world.heard("张伟"))
    listed = world.says("陈静", "本月开票没回款的")[-1]
    assert "未回款：60,000元" in listed
    world.says("张伟", "华为回款4万")
    assert "未回 20,000元" in world.says("张伟", "开票未回款")[-1]
    world.says("张伟", "华为回款2万")
    assert "都已回款" in world.says("张伟", "开票未回款")[-1]
    assert "还能开 40,000元" in world.says("张伟", "申请开票 华为 5万")[-1]


def test_finance_says_no_with_a_reason_by_a_tap(world: World) -> None:
    signs(world, "10万")
    world.says("张伟", "申请开票 华为 6万 普票")
    world.heard("陈静")
    assert "原因" in world.taps("陈静", "不能开")[-1]
    assert "已回复不开票" in world.says("陈静", "抬头或税号不对")[-1]
    assert any("没有开票：华为" in said and "抬头或税号不对" in said for said in world.heard("张伟"))


def test_the_way_from_lead_to_cash_on_one_card(world: World) -> None:
    meets(world)
    world.says("张伟", "给华为建个商机 服务器采购 38.5万 6月底签")
    assert "给「华为技术有限公司服务器采购」出报价" in world.says("张伟", "华为从线索到回款")[-1]
    signs(world, "38.5万 账期30天")
    world.says("张伟", "华为回款10万")
    said = world.says("张伟", "华为从线索到回款")[-1]
    for part in ("商机", "合同", "已收 100,000元，还欠 285,000元", "下一步：2026-04-04 收全款 285,000元"):
        assert part in said, part
    world.passes(days=40)
    assert "下一步：催回款，逾期 285,000元" in world.says("张伟", "华为从线索到回款")[-1]


def test_the_way_begins_with_the_lead_that_became_the_customer(world: World) -> None:
    world.says("张伟", "新线索 比亚迪股份有限公司 李工 13712345678 展会来的")
    with world.work() as uow:
        lead = uow.leads.get(LeadId(1))
        lead.source = "展会"
    world.passes(days=1)
    world.says("张伟", "转为客户 比亚迪")
    world.says("张伟", "确认")
    said = world.says("张伟", "比亚迪从线索到回款")[-1]
    assert "2026-03-05 线索 L1，来源 展会" in said
    assert "2026-03-06 转为客户" in said


def test_an_order_takes_the_lines_of_the_quote_and_comes_to_the_contract(world: World) -> None:
    meets(world)
    world.says("张伟", "给华为出个报价 A型服务器3台 单价333.33元")
    world.says("张伟", "1")
    assert "有效" in world.says("张伟", "确认")[-1]
    world.says("张伟", "拟合同 华为")
    assert "999.99元" in world.says("张伟", "确认")[-1]
    everybody_agrees(world)
    world.says("张伟", "登记签约 华为")
    amount = contracts(world)[0].amount.fen
    made = world.says("张伟", "生成订单 华为")[-1]
    assert "已生成订单：DD20260305-001" in made
    with world.work() as uow:
        [order] = uow.orders.of([AccountId(1)])
        lines = uow.orders.lines(order.id)
    assert order.amount.fen == amount == sum(one.amount.fen for one in lines) == 99_999
    assert [(one.product, one.quantity) for one in lines] == [("A型服务器", 3)]
    assert "已经有订单" in world.says("张伟", "生成订单 华为")[-1]
    assert "DD20260305-001" in world.says("张伟", "华为的订单")[-1]
    assert "DD20260305-001" not in world.says("李娜", "看订单 华为")[-1]


def test_nobody_else_learns_what_a_customer_owes(world: World) -> None:
    signs(world)
    world.says("张伟", "华为回款1万")
    for said in ("华为还欠多少", "华为从线索到回款", "C1回款1万", "作废回款 R1", "回款记录"):
        answer = world.says("李娜", said)[-1]
        assert "375,000" not in answer, said
        assert "10,000元" not in answer, said
    assert len(payments(world)) == 1
    assert "375,000元" in world.says("王强", "华为还欠多少")[-1]
