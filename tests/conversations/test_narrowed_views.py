"""What narrows a question down reaches the answer: a place, a stage, a sum, a colleague, a day, a way of contact."""

from datetime import date

from core.model.customer import Account
from tests.conversations.test_contracts import at, meets, signs
from tests.world import World

BOOK = (
    ("苏州绿源光伏科技有限公司", "绿源", "江苏", "能源", "绿源监控 26万"),
    ("惠州天成光电显示有限公司", "天成", "广东", "电子", "天成检测线 73万"),
    ("南京天源制药有限公司", "天源", "南京", "医药", "天源净化 8万"),
)


def with_deals(world: World) -> None:
    """Give 张伟 three customers in two regions, each with an open deal."""
    with world.work("张伟") as uow:
        for name, short, region, industry, _ in BOOK:
            uow.accounts.add(
                Account(
                    name=name, short_name=short, region=region, industry=industry, owner_id=uow.actor.id,
                    created_at=uow.now, updated_at=uow.now,
                )
            )  # fmt: skip
    for _, short, _, _, deal in BOOK:
        world.says("张伟", f"给{short}建个商机 {deal} 6月底签")


def test_deals_of_a_place_are_those_of_customers_there_and_in_its_provinces(world: World) -> None:
    with_deals(world)
    said = world.says("王强", "华东的商机")[-1]
    assert "进行中的商机 2 个" in said
    assert "只看 华东" in said
    assert "天成" not in said


def test_deals_are_narrowed_by_sum_and_stage(world: World) -> None:
    with_deals(world)
    said = world.says("张伟", "50万以上的单子列一下")[-1]
    assert "进行中的商机 1 个" in said
    assert "天成" in said
    assert "进行中的商机 1 个" in world.says("张伟", "10万以下的单子有哪些")[-1]
    assert "只看 初步接洽" in world.says("张伟", "初步接洽阶段的单子都有哪些")[-1]
    assert "没有符合「方案报价」" in world.says("张伟", "报价阶段的单子都有哪些")[-1]
    assert "没有符合「2,000,000元以上」" in world.says("张伟", "200万以上的商机")[-1]


def test_a_manager_sees_one_colleagues_deals_and_customers_and_no_stranger_s(world: World) -> None:
    with_deals(world)
    assert "进行中的商机 3 个" in world.says("王强", "看看张伟的单子")[-1]
    assert "没有符合「陈晨」的进行中的商机" in world.says("王强", "看看陈晨的单子")[-1]
    listed = world.says("王强", "给我看看张伟的客户")[-1]
    assert "绿源" in listed
    refused = world.says("李娜", "给我看看张伟的客户")[-1]
    assert "只能看自己名下的客户" in refused
    assert "绿源" not in refused


def test_new_customers_of_a_month_are_those_made_in_it(world: World) -> None:
    with_deals(world)
    assert "绿源" in world.says("张伟", "这个月新增的客户")[-1]
    assert "绿源" not in world.says("张伟", "上个月新增的客户")[-1]


def test_tomorrow_s_plan_is_not_today_s(world: World) -> None:
    with_deals(world)
    world.says("张伟", "明天下午三点拜访绿源")
    world.says("张伟", "下周三上午十点去天成演示")
    tomorrow = world.says("张伟", "明天有什么安排")[-1]
    assert "03-06 有 1 件事" in tomorrow
    assert "绿源" in tomorrow
    week = world.says("张伟", "下周有什么安排")[-1]
    assert "03-09 至 03-15 有 1 件事" in week
    assert "03-11 10:00" in week
    assert "张伟03-06 有 1 件事" in world.says("王强", "张伟明天有什么安排")[-1]
    assert "03-07 没有约定的事" in world.says("张伟", "后天有什么安排")[-1]


def test_debts_are_narrowed_by_the_days_for_which_they_are_late(world: World) -> None:
    signs(world, "38.5万 账期30天")
    world.now = at("05-04 10:00")
    assert "应收账龄：逾期超过 20 天" in world.says("陈静", "谁欠款超20天")[-1]
    assert "没有逾期超过 60 天的应收" in world.says("陈静", "谁欠款超60天")[-1]


def test_a_customer_s_invoices_are_its_own(world: World) -> None:
    signs(world)
    assert "还没有申请过开票" in world.says("陈静", "华为的票开了没")[-1]
    world.says("张伟", "申请开票 华为 6万 普票")
    said = world.says("陈静", "华为的票开了没")[-1]
    assert "华为技术有限公司 的发票：1 张" in said
    assert "待开" in said


def test_who_did_not_call_last_week_is_asked_of_calls_and_of_that_week(world: World) -> None:
    meets(world, date(2026, 3, 5))
    said = world.says("王强", "这周谁没打电话")[-1]
    assert "03-02 至 03-05" in said
    assert "电话" in said


def test_reports_that_are_always_there_have_a_sentence(world: World) -> None:
    with_deals(world)
    for words, title in (
        ("线索响应时间怎么样", "响应"),
        ("今年输赢情况", "赢"),
        ("成交周期一般多长", "成交"),
        ("线索流转情况看一下", "流转"),
    ):
        said = world.says("王强", words)[-1]
        assert "没听明白" not in said, words
        assert title in said, said


def test_the_funnel_of_a_place_says_so(world: World) -> None:
    with_deals(world)
    assert "华东" in world.says("赵敏", "华东的漏斗")[-1].split("\n")[0]
