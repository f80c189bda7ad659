"""Quotes in chat: made, priced, changed in versions, approved, accepted, over."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core.errors import BadInput
from core.model.ids import ContractId, QuoteId
from core.model.money import Money
from core.model.playbook import Authority, Need, Pipeline, Playbook, Pricing
from core.model.quote import Quote, QuoteState
from core.rules.quoting import discount, margin
from core.services.products import ProductDetails, product_named, save_price_list, save_product, set_price
from core.services.quote_facts import quote_facts
from core.services.quote_lines import Wanted
from core.services.quotes import Terms, create_quote, current_quote
from tests.world import SHANGHAI, World


@pytest.fixture
def shop(world: World) -> World:
    """A rep with two customers, and a catalogue with costs."""
    world.has_leads("中兴通讯股份有限公司", "华为技术有限公司", held_by="张伟")
    for name in ("中兴", "华为"):
        world.says("张伟", f"{name} 转客户")
        world.says("张伟", "确认")
    with world.work("吴昊") as uow:
        for code, name, price, cost in (
            ("SRV-A", "A型服务器", 12_000, 9_000),
            ("SW-B", "B型交换机", 3_000, 2_000),
            ("SVC-1", "安装服务", 500, 300),
        ):
            details = ProductDetails(code=code, price=_yuan(price), cost=_yuan(cost), lead_days=15)
            save_product(uow, name, details)
    return world


def test_e45_a_quote_is_shown_with_its_sums_and_approval_before_it_is_made(shop: World) -> None:
    [card] = shop.says("张伟", "给中兴出个报价 A型服务器10台 单价一万二 打85折")
    assert "出报价：" in card
    assert "1、A型服务器 10台 × 12,000元 = 120,000元，折后 102,000元" in card
    assert "总价（含税）：102,000元" in card
    assert "目录价：120,000元" in card
    assert "85折，让 15%" in card
    assert "要走特价审批" in card
    assert "毛利" not in card
    assert quotes(shop) == []
    [made] = shop.says("张伟", "确认")
    assert "BJ-20260305-0001 · 等特价审批" in made
    assert quotes(shop)[0].state == QuoteState.PENDING


def test_a_quote_within_the_makers_limit_is_in_force_at_once(shop: World) -> None:
    made = makes(shop, "给中兴出个报价 A型服务器10台 95折")
    assert "有效" in made
    quote = quotes(shop)[0]
    assert (quote.state, quote.total, quote.list_total) == ("valid", _yuan(114_000), _yuan(120_000))


def test_the_price_comes_from_the_list_when_nobody_says_one(shop: World) -> None:
    makes(shop, "给中兴出个报价：A型服务器2台、B型交换机5台和安装服务1项")
    quote = quotes(shop)[0]
    assert [(line.name, line.price) for line in quote.lines] == [
        ("A型服务器", _yuan(12_000)),
        ("B型交换机", _yuan(3_000)),
        ("安装服务", _yuan(500)),
    ]
    assert quote.total == _yuan(39_500)


def test_an_unknown_product_is_asked_about_with_the_nearest_as_buttons(shop: World) -> None:
    [asked] = shop.says("张伟", "给中兴出个报价 C型服务器3台")
    assert "产品目录里没有「C型服务器」，是哪一个？" in asked
    assert "A型服务器（SRV-A）" in asked
    [card] = shop.says("张伟", "1")
    assert "A型服务器 3台 × 12,000元 = 36,000元" in card


def test_what_is_in_no_catalogue_may_be_quoted_as_it_is_called(shop: World) -> None:
    [asked] = shop.says("张伟", "给中兴出个报价 云盘扩容3台 单价800元")
    assert "就按「云盘扩容」报" in asked
    shop.says("张伟", "1")
    [made] = shop.says("张伟", "确认")
    assert "云盘扩容 3台 × 800元 = 2,400元" in made


def test_a_change_of_what_the_customer_has_makes_a_new_version_and_leaves_the_first_as_it_was(shop: World) -> None:
    makes(shop, "给中兴出个报价 A型服务器10台")
    first = quotes(shop)[0].lines
    [card] = shop.says("张伟", "中兴的报价 A型服务器改成8台")
    assert "会出一个新版本 BJ-20260305-0001-v2" in card
    assert "原总价：120,000元" in card
    [made] = shop.says("张伟", "确认")
    assert "BJ-20260305-0001-v2 · 有效" in made
    old, new = quotes(shop)
    assert (old.state, old.lines) == (QuoteState.REPLACED, first)
    assert (new.state, new.number, new.revision, new.total) == ("valid", old.number, 2, _yuan(96_000))
    assert "v1 120,000元 不打折 已被新版本替换" in shop.says("张伟", "看报价 BJ-20260305-0001")[0]
    assert "看报价" not in shop.says("张伟", "看报价 BJ-20260305-0001-v1")[0]


@pytest.mark.parametrize(
    ("said", "total"),
    [
        ("报价打95折", 128_250),
        ("报价总价改成13万", 130_000),
        ("报价抹零减200", 134_800),
        ("报价加上 安装服务2项", 136_000),
        ("报价去掉 B型交换机", 120_000),
        ("报价里B型交换机单价改成2900", 134_500),
        ("报价里第2行改成10台", 150_000),
        ("报价里B型交换机打96折", 134_400),
    ],
)
def test_everything_of_a_quote_can_be_changed_in_one_line(shop: World, said: str, total: int) -> None:
    makes(shop, "给中兴出个报价：A型服务器10台、B型交换机5台")
    shop.says("张伟", said)
    shop.says("张伟", "确认")
    assert quotes(shop)[-1].total == _yuan(total), shop.card("张伟").as_text()


def test_a_special_price_passes_and_the_quote_is_in_force(shop: World) -> None:
    makes(shop, "给中兴出个报价 A型服务器10台 9折")
    quote = quotes(shop)[0]
    assert quote.state == QuoteState.PENDING
    assert "还在等特价审批" in shop.says("张伟", "客户接受报价 中兴")[0]
    shop.heard("王强")
    shop.says("王强", "同意")
    assert (quotes(shop)[0].state, quotes(shop)[0].granted) == (QuoteState.VALID, Decimal(10))


def test_a_refused_special_price_goes_back_to_a_draft_at_list_price(shop: World) -> None:
    makes(shop, "给中兴出个报价 A型服务器10台 9折")
    shop.says("王强", "不同意 低于成本价了")
    quote = quotes(shop)[0]
    assert (quote.state, quote.total, quote.discount) == (QuoteState.DRAFT, _yuan(120_000), 0)
    makes(shop, "报价打95折")
    assert (quotes(shop)[0].state, quotes(shop)[0].revision) == (QuoteState.VALID, 1)


def test_b8_6_a_price_changed_while_it_is_asked_about_begins_anew(shop: World) -> None:
    makes(shop, "给中兴出个报价 A型服务器10台 9折")
    [card] = shop.says("张伟", "报价打88折")
    assert "一改审批就作废" in card
    shop.says("张伟", "确认")
    with shop.work("张伟") as uow:
        running = uow.approvals.running_on(quotes(shop)[0].ref)
        assert [one.facts["discount"] for one in running] == ["12.00"] or len(running) == 1
    assert quotes(shop)[0].total == _yuan(105_600)


def test_limits_by_name_go_before_those_of_roles(shop: World) -> None:
    limits = (Authority(roles=("rep",), discount=0.05), Authority(members=("张伟",), discount=0.12))
    shop.plays(Playbook(pricing=Pricing(limits=limits)))
    assert "有效" in makes(shop, "给中兴出个报价 A型服务器10台 88折")


def test_the_mission_a_wish_told_in_a_follow_up_becomes_a_request_by_a_tap(shop: World) -> None:
    shop.says("张伟", "给华为建个商机 服务器采购 35万 6月底签")
    shop.says("张伟", "确认")
    assert "9 折" in shop.says("张伟", "跟进 华为 电话聊了报价，要九折，下周三下午三点再联系")[0]
    logged = shop.says("张伟", "确认")[0]
    assert logged.startswith("已记跟进：华为")
    assert "要给就点「申请特价」" in logged
    assert "下次联系：03-11 15:00" in logged
    assert "要审批，原因是？" in shop.taps("张伟", "申请特价")[0]
    assert "已提交特价审批" in shop.says("张伟", "年框客户，量大")[0]
    assert quotes(shop)[0].total == _yuan(315_000)


def test_a_rep_does_not_see_the_margin_and_a_manager_does(shop: World) -> None:
    makes(shop, "给中兴出个报价 A型服务器10台")
    assert "毛利" not in shop.says("张伟", "这份报价毛利多少")[0]
    shown = shop.says("王强", "看看中兴的报价")[0]
    assert "毛利：15.25%，16,194.69元" in shown
    assert shop.card("王强").private


def test_e47_and_e48_a_discount_within_the_limit_needs_nobody_and_a_bigger_one_is_asked_for(shop: World) -> None:
    makes(shop, "给华为出个报价 A型服务器10台")
    [answer] = shop.says("张伟", "让利5个点行不行")
    assert "不用审批，已按 5% 让利" in answer
    [asked] = shop.says("张伟", "申请特价 华为 九二折 原因：年框客户，量大")
    assert "已提交特价审批" in asked
    assert [(quote.revision, quote.state) for quote in quotes(shop)] == [(1, "replaced"), (2, "valid"), (3, "pending")]
    assert quotes(shop)[-1].total == _yuan(110_400)


def test_a_discount_without_a_quote_is_taken_off_the_deal(shop: World) -> None:
    shop.says("张伟", "给华为建个商机 服务器采购 35万 6月底签")
    shop.says("张伟", "确认")
    [answer] = shop.says("张伟", "申请特价 华为 九二折 原因：年框客户")
    assert "已提交特价审批" in answer
    assert quotes(shop)[0].total == _yuan(322_000)


def test_a_discount_without_anything_to_take_it_off_says_so(shop: World) -> None:
    [answer] = shop.says("张伟", "申请特价 华为 九二折 原因：年框客户")
    assert "请先「给华为" in answer
    assert quotes(shop) == []


def test_e78_what_a_customer_was_given_before(shop: World) -> None:
    makes(shop, "给中兴出个报价 A型服务器10台 95折")
    makes(shop, "给中兴出个报价 B型交换机5台 98折")
    [answer] = shop.says("张伟", "中兴最低给到几折")
    assert "最低给到：95折" in answer
    assert "BJ-20260305-0002" in answer


def test_a_sent_quote_is_accepted_and_the_deal_may_follow(shop: World) -> None:
    shop.says("张伟", "给中兴建个商机 服务器采购 15万 6月底签")
    shop.says("张伟", "确认")
    makes(shop, "给中兴出个报价 A型服务器10台")
    shop.taps("张伟", "已发给客户")
    assert quotes(shop)[0].sent_at is not None
    assert "客户接受了报价" in shop.taps("张伟", "客户接受")[0]
    assert "150,000元 → 120,000元" in shop.taps("张伟", "商机金额跟着改")[0]
    assert quotes(shop)[0].state == QuoteState.ACCEPTED
    assert "不能再改" in shop.says("张伟", "报价打95折")[0]


def test_a_declined_quote_keeps_why(shop: World) -> None:
    makes(shop, "给中兴出个报价 A型服务器10台")
    assert "为什么没接受" in shop.says("张伟", "客户拒绝报价 中兴")[0]
    shop.says("张伟", "1")
    assert (quotes(shop)[0].state, quotes(shop)[0].reason) == (QuoteState.REJECTED, "价格太高")


def test_a_quote_is_over_after_its_last_day_and_its_maker_is_told_before_and_then(shop: World) -> None:
    makes(shop, "给中兴出个报价 A型服务器10台")
    shop.heard("张伟")
    shop.ticks(at("04-01 09:00"))
    assert [text for text in shop.heard("张伟") if "报价快到期" in text and "2026-04-04" in text]
    shop.ticks(at("04-04 23:59"))
    assert quotes(shop)[0].state == QuoteState.VALID
    shop.ticks(at("04-05 00:00"))
    assert quotes(shop)[0].state == QuoteState.EXPIRED
    shop.ticks(at("04-05 09:00"))
    assert [text for text in shop.heard("张伟") if "报价已过期" in text]
    [made] = shop.taps("张伟", "再出一版")
    assert "v2 · 有效" in made


def test_the_price_list_of_a_region_with_its_tiers_goes_before_the_catalogue(shop: World) -> None:
    with shop.work("吴昊") as uow:
        uow.accounts.get(1).region = "苏州"
        channel = save_price_list(uow, "华东渠道价", regions=("华东",), valid_until=date(2026, 3, 31))
        server = product_named(uow, "A型服务器")
        set_price(uow, channel, server, _yuan(11_500))
        set_price(uow, channel, server, _yuan(11_000), min_quantity=Decimal(20))
    makes(shop, "给中兴出个报价 A型服务器19台")
    makes(shop, "给中兴出个报价 A型服务器20台")
    makes(shop, "给华为出个报价 A型服务器20台")
    assert [quote.lines[0].price for quote in quotes(shop)] == [_yuan(11_500), _yuan(11_000), _yuan(12_000)]
    assert "阶梯" in shop.says("张伟", "A型服务器多少钱")[0] or "20台起 11,000元" in shop.card("张伟").as_text()


def test_a_price_list_that_is_over_is_said_to_be(shop: World) -> None:
    with shop.work("吴昊") as uow:
        product = save_product(uow, "促销网关", ProductDetails(code="GW-9"))
        over = save_price_list(uow, "去年促销价", valid_until=date(2026, 2, 28))
        set_price(uow, over, product, _yuan(2_200))
    [answer] = shop.says("张伟", "给中兴出个报价 促销网关3台")
    assert "价格表「去年促销价」里的价格到 2026-02-28 已经过期" in answer
    assert quotes(shop) == []


def test_units_are_converted_and_bundles_cost_what_their_parts_do(shop: World) -> None:
    with shop.work("吴昊") as uow:
        details = ProductDetails(code="SN", unit="个", units={"箱": "12"}, price=_yuan(150), cost=_yuan(90))
        save_product(uow, "传感器", details)
        save_product(uow, "机房套餐", ProductDetails(code="SET", unit="套", parts={"SRV-A": "2", "SW-B": "1"}))
    makes(shop, "给中兴出个报价：传感器3箱、机房套餐1套")
    sensor, bundle = quotes(shop)[0].lines
    assert (sensor.price, sensor.cost, sensor.unit) == (_yuan(1_800), _yuan(1_080), "箱")
    assert (bundle.price, bundle.cost, bundle.note) == (_yuan(27_000), _yuan(20_000), "含 A型服务器×2、B型交换机×1")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("给中兴出个报价 A型服务器10台 单价1.2.3", "「1.2.3」不是一个数"),
        ("给中兴出个报价 A型服务器10台 单价-100", "不能是负数"),
        ("给中兴出个报价 A型服务器10台 单价NaN", "不是一个数"),
        ("给中兴出个报价 A型服务器0台", "数量要大于 0"),
        ("给中兴出个报价 A型服务器10台 优惠120%", "不是合理的折扣"),
        ("给中兴出个报价 A型服务器10台 单价1000000000000000元", "太大或不是数"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do_and_keeps_nothing(shop: World, said: str, answer: str) -> None:
    assert answer in shop.says("张伟", said)[0]
    assert quotes(shop) == []


def test_full_width_figures_are_figures(shop: World) -> None:
    makes(shop, "给中兴出个报价　Ａ型服务器１０台　单价１２０００元")
    assert quotes(shop)[0].total == _yuan(120_000)


def test_five_hundred_lines_are_a_quote_and_one_more_is_not(shop: World) -> None:
    with shop.work("张伟") as uow:
        account = uow.accounts.get(1)
        many = [Wanted(words="安装服务", quantity=Decimal(n)) for n in range(1, 501)]
        made = create_quote(uow, account, many, Terms())
        assert made.total == _yuan(500 * 500 * 501 // 2)
        with pytest.raises(BadInput, match="最多 500 行"):
            create_quote(uow, account, [*many, many[0]], Terms())


def test_of_two_who_change_one_quote_the_later_meets_a_conflict(shop: World) -> None:
    makes(shop, "给中兴出个报价 A型服务器10台 9折")
    with shop.work("张伟") as slow:
        mine = current_quote(slow, slow.accounts.get(1))
        assert mine is not None
        slow.session.execute(text("update quotes set version = version + 1"))  # a colleague was faster
        mine.note = "我改的"
        with pytest.raises(StaleDataError):
            slow.flush()
        slow.session.rollback()


def test_without_an_erp_stock_is_said_to_be_unknown_with_the_usual_delivery(shop: World) -> None:
    [answer] = shop.says("张伟", "A型服务器10台多久能发")
    assert "未接 ERP，查不到实时库存" in answer
    assert "标准交期 15 天" in answer
    makes(shop, "给中兴出个报价 A型服务器10台")
    assert "A型服务器 要 10台：标准交期 15 天" in shop.says("张伟", "中兴这单能交货吗 什么时候")[0]


def test_administrators_keep_products_up_in_one_line_and_nobody_else(shop: World) -> None:
    assert "没有维护产品和价格的权限" in shop.says("张伟", "产品 A型服务器 单价改成1.1万")[0]
    assert "单价：12,000元 → 11,000元" in shop.says("吴昊", "产品 A型服务器 单价改成1.1万")[0]
    assert "已改产品：A型服务器" in shop.says("吴昊", "确认")[0]
    assert "11,000元" in shop.says("张伟", "A型服务器多少钱")[0]
    assert "成本" not in shop.card("张伟").as_text()
    shop.says("吴昊", "新产品 工业网关 单价2600 成本1900")
    assert "已建产品：工业网关" in shop.says("吴昊", "确认")[0]
    assert "工业网关" in shop.says("张伟", "产品目录")[0]


def test_undoing_a_quote_takes_it_back_with_its_clocks(shop: World) -> None:
    makes(shop, "给中兴出个报价 A型服务器10台")
    assert "已撤销出报价" in shop.says("张伟", "撤销")[0]
    assert "还没有报价" in shop.says("张伟", "我的报价")[0]
    shop.ticks(at("04-06 09:00"))
    assert not [text for text in shop.heard("张伟") if "报价" in text]


def test_a_lead_becomes_a_customer_with_its_first_quote(shop: World) -> None:
    shop.has_leads("大疆创新科技有限公司", held_by="张伟")
    assert "会先转为客户" in shop.says("张伟", "给大疆出个报价 A型服务器2台")[0]
    assert "大疆创新科技有限公司" in shop.says("张伟", "确认")[0]
    assert quotes(shop)[0].total == _yuan(24_000)


def test_nobody_quotes_a_colleagues_customer(shop: World) -> None:
    assert "没认出说的是哪家客户" in shop.says("李娜", "给中兴出个报价 A型服务器2台")[0]
    assert "没有找到" in shop.says("李娜", "中兴")[0]
    makes(shop, "给中兴出个报价 A型服务器2台")
    assert "没有找到报价" in shop.says("李娜", "看报价 BJ-20260305-0001")[0]


def _yuan(amount: int) -> Money:
    return Money(amount * 100)


def at(text: str) -> datetime:
    """Read `03-05 15:00` as business time."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def makes(world: World, said: str, who: str = "张伟") -> str:
    """Say a quote and confirm it; return the answer."""
    world.says(who, said)
    return world.says(who, "确认")[0]


def quotes(world: World) -> list[Quote]:
    """Every quote there is, in the order of their numbers and versions."""
    with Session(world.program.engine) as session:
        return sorted(session.scalars(select(Quote)), key=lambda quote: quote.id)


def test_a_yes_takes_the_only_choice_there_is(shop: World) -> None:
    shop.says("张伟", "给中兴出个报价 云盘扩容2套 单价3000元")
    assert "云盘扩容" in shop.says("张伟", "确认")[0]


def test_e53_a_new_amount_may_be_the_deals_or_the_quotes(shop: World) -> None:
    shop.says("张伟", "给中兴建个商机 服务器采购 15万 6月底签")
    shop.says("张伟", "确认")
    makes(shop, "给中兴出个报价 A型服务器10台")
    [asked] = shop.says("张伟", "中兴金额改成11.5万")
    assert "改的是商机金额还是报价？" in asked
    [card] = shop.says("张伟", "2")
    assert "会出一个新版本" in card
    shop.says("张伟", "确认")
    assert (quotes(shop)[-1].revision, quotes(shop)[-1].total) == (2, _yuan(115_000))
    shop.says("张伟", "中兴金额改成11.5万")
    shop.says("张伟", "1")
    assert "已改商机" in shop.says("张伟", "确认")[0]


def test_e46_the_document_of_a_quote_says_everything_but_what_we_earn(shop: World) -> None:
    makes(shop, "给中兴出个报价：A型服务器10台、安装服务1项 打95折")
    with shop.work("张伟") as uow:
        facts = quote_facts(uow, quotes(shop)[0])
    assert (facts.buyer, facts.label, facts.total) == ("中兴通讯股份有限公司", "BJ-20260305-0001", Money(11_447_500))
    assert facts.capitals == "壹拾壹万肆仟肆佰柒拾伍元整"
    assert sum(line.amount.fen for line in facts.lines) == facts.net_total.fen
    assert "cost" not in str(vars(facts).keys())


def test_gates_of_stages_ask_for_quotes_where_a_playbook_wants_it(shop: World) -> None:
    stages = tuple(
        stage.model_copy(update={"entry": (Need.QUOTE_SENT,), "exit": ()})
        if stage.name == "方案报价"
        else stage.model_copy(update={"entry": (Need.QUOTE_ACCEPTED,)})
        if stage.name == "商务谈判"
        else stage.model_copy(update={"entry": (), "exit": ()})
        for stage in Playbook().pipelines[0].stages
    )
    shop.plays(Playbook(pipelines=(Pipeline(stages=stages),)))
    shop.says("张伟", "给中兴建个商机 服务器采购 15万 6月底签")
    shop.says("张伟", "确认")
    assert "发给客户的报价" in shop.says("张伟", "中兴推进到方案报价")[0]
    makes(shop, "给中兴出个报价 A型服务器10台")
    shop.taps("张伟", "已发给客户")
    assert "→ 方案报价" in shop.says("张伟", "中兴推进到方案报价")[0]
    assert "客户接受的报价" in shop.says("张伟", "中兴推进到商务谈判")[0]
    shop.says("张伟", "客户接受报价 中兴")
    assert "→ 商务谈判" in shop.says("张伟", "中兴推进到商务谈判")[0]


def test_a_draft_may_be_put_in_force_as_it_stands(shop: World) -> None:
    makes(shop, "给中兴出个报价 A型服务器10台 9折")
    shop.says("王强", "不同意 低于成本价了")
    shop.says("张伟", "看看中兴的报价")
    assert "有效" in shop.taps("张伟", "就按这个价")[0]
    assert (quotes(shop)[0].state, quotes(shop)[0].total) == (QuoteState.VALID, _yuan(120_000))


def test_only_the_last_version_of_a_number_is_changed(shop: World) -> None:
    makes(shop, "给中兴出个报价 A型服务器10台")
    makes(shop, "报价打9折")
    assert [(quote.revision, quote.state) for quote in quotes(shop)] == [(1, "valid"), (2, "pending")]
    [answer] = shop.says("张伟", "把报价BJ-20260305-0001-v1里A型服务器改成8台")
    assert "已经有更新的版本，不能再改。请改 BJ-20260305-0001-v2" in answer


def test_no_contract_takes_the_deals_amount_while_the_quote_waits_for_its_approval(shop: World) -> None:
    makes(shop, "给中兴出个报价 A型服务器10台 打85折")
    [refused] = shop.says("张伟", "拟个合同 用中兴那个报价 账期30天")
    assert "还在审批，还不能按它拟合同" in refused
    assert "例如「拟合同 中兴通讯股份有限公司 102,000元」" in refused


def test_a_contract_earns_what_its_quote_earns(shop: World) -> None:
    makes(shop, "给中兴出个报价 A型服务器10台 打96折")
    shop.says("张伟", "拟个合同 用中兴那个报价 账期30天")
    shop.says("张伟", "确认")
    with shop.work() as uow:
        [approval] = uow.approvals.running_on(uow.contracts.get(ContractId(1)).ref)
        quote = uow.quotes.get(QuoteId(1))
        assert Decimal(approval.facts["margin"]) == margin(quote)
        assert Decimal(approval.facts["discount"]) == discount(quote)
