"""Quotes in chat: made, priced, changed in versions, approved, accepted, over."""

from decimal import Decimal

import pytest

from core.model.money import Money
from core.model.quote import Quote, QuoteState
from core.services.members import Enrolment
from core.services.products import ProductDetails, save_price_list, save_product, set_price
from tests.world import SHANGHAI, START, World

__all__ = ["SHANGHAI", "START", "Enrolment"]


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
    assert "1. A型服务器 10台 × 12,000元 = 102,000元" in card
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


def yuan(amount: str) -> Money:
    return Money.yuan(Decimal(amount))


def _yuan(amount: int) -> Money:
    return Money(amount * 100)


def makes(world: World, said: str, who: str = "张伟") -> str:
    """Say a quote and confirm it; return the answer."""
    world.says(who, said)
    return world.says(who, "确认")[0]


def quotes(world: World) -> list[Quote]:
    """Every quote there is, in the order of their numbers and versions."""
    from sqlalchemy import select
    from sqlalchemy.orm import Session

    with Session(world.program.engine) as session:
        return sorted(session.scalars(select(Quote)), key=lambda quote: quote.id)


_ = (save_price_list, set_price)


def test_a_yes_takes_the_only_choice_there_is(shop: World) -> None:
    shop.says("张伟", "给中兴出个报价 云盘扩容2套 单价3000元")
    assert "云盘扩容" in shop.says("张伟", "确认")[0]
