"""What the demo company sells, for how much to whom, and what it has offered so far."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from bot.demo.doings import Doings
from core.model.member import SYSTEM
from core.model.money import Money
from core.model.product import ONE
from core.model.quote import Quote, QuoteState
from core.ports import OpenWork, UnitOfWork
from core.services.products import ProductDetails, product_named, save_price_list, save_product, set_price
from core.services.quote_changes import Edit, accept_quote, change_quote, note_sent
from core.services.quote_lines import Wanted
from core.services.quotes import Terms, create_quote, current_quote

SERVICE_TAX = Decimal(6)


@dataclass(frozen=True)
class Sold:
    """A product: code, name, what it is, its unit, price and cost in yuan, and how long it takes."""

    code: str
    name: str
    category: str
    spec: str
    unit: str
    price: int
    cost: int
    days: int
    service: bool = False


CATALOGUE = (
    Sold("SRV-A", "A型服务器", "服务器", "2U 双路 256G", "台", 12_000, 9_000, 10),
    Sold("SRV-R", "机架服务器", "服务器", "1U 单路 128G", "台", 10_000, 7_600, 7),
    Sold("SW-B", "B型交换机", "网络", "48口万兆", "台", 3_000, 2_100, 5),
    Sold("GW-1", "工业网关", "网络", "8串口 4G", "台", 2_600, 1_800, 7),
    Sold("SM-750", "伺服电机", "自动化", "750W 带驱动", "台", 3_500, 2_450, 15),
    Sold("FC-22", "变频器", "自动化", "22kW", "台", 1_600, 1_120, 7),
    Sold("SN-P", "传感器", "自动化", "压力 4-20mA", "个", 150, 90, 3),
    Sold("CAB-1", "控制柜", "自动化", "标准柜", "套", 15_000, 11_000, 20),
    Sold("RB-6", "六轴机器人", "机器人", "负载20kg", "台", 98_000, 74_500, 45),
    Sold("SVC-1", "安装服务", "服务", "现场安装调试", "项", 500, 300, 3, service=True),
    Sold("SVC-Y", "年度运维", "服务", "5×8 驻场响应", "年", 30_000, 12_000, 1, service=True),
)
BUNDLE = {"SRV-A": "4", "SW-B": "2", "SVC-1": "1"}


def stock_the_catalogue(open_work: OpenWork, since: date) -> None:
    """Put products, a bundle and price lists on record, one of which is over."""
    with open_work(SYSTEM) as uow:
        for one in CATALOGUE:
            save_product(uow, one.name, _details(one))
        bundle = ProductDetails(
            code="SET-1", category="套餐", unit="套", price=_yuan(53_000), lead_days=14, parts=BUNDLE
        )
        save_product(uow, "机房入门套餐", bundle)
        boxes = ProductDetails(units={"箱": "12"})
        save_product(uow, "传感器", boxes, product_named(uow, "传感器"))
        today = uow.calendar.local(uow.now).date()
        channel = save_price_list(
            uow, "华东渠道价", regions=("华东",), valid_from=since, valid_until=today + timedelta(days=120)
        )
        for name, least, price in (
            ("变频器", 1, 1_560),
            ("变频器", 50, 1_480),
            ("伺服电机", 1, 3_400),
            ("传感器", 1, 145),
        ):
            set_price(uow, channel, product_named(uow, name), _yuan(price), min_quantity=Decimal(least))
        best = save_price_list(uow, "A级客户价", grades=("A",), valid_from=since)
        for name, least, price in (("六轴机器人", 5, 95_000), ("控制柜", 1, 14_500)):
            set_price(uow, best, product_named(uow, name), _yuan(price), min_quantity=Decimal(least))
        over = save_price_list(uow, "去年促销价", valid_from=since - timedelta(days=300), valid_until=since)
        set_price(uow, over, product_named(uow, "工业网关"), _yuan(2_200), min_quantity=ONE)


def make_offers(doings: Doings) -> None:
    """Arrange what was offered: some sent and in force, a second version, one accepted, one over, one asked for."""
    days = doings.days
    noon = time(11, 30)
    for at, who, deed in (
        (days.ago(450, noon), "zhangwei", _offers("比亚迪股份有限公司", ("六轴机器人", 12), accepted=True)),
        (days.back(15, noon), "zhangwei", _offers("华为技术有限公司", ("机架服务器", 40), valid=60)),
        (days.back(5, noon), "zhangwei", _again("华为技术有限公司", Decimal(5))),
        (days.back(30, noon), "zhangwei", _offers("上海宏大机电有限公司", ("伺服电机", 2), valid=14)),
        (
            days.back(5, noon),
            "zhangwei",
            _offers("上海宏达贸易有限公司", ("变频器", 50), ("传感器", 120), ("安装服务", 1), off=2, valid=30),
        ),
        (days.back(2, noon), "lina", _offers("", ("工业网关", 20), ("安装服务", 2))),
        (
            days.now - timedelta(minutes=95),
            "chenchen",
            _offers("", ("A型服务器", 12), ("B型交换机", 4), off=12, reason="年框客户，量大，友商报到88折"),
        ),
    ):
        doings.does(at, who, deed)


def _offers(
    name: str,
    *things: tuple[str, int],
    off: int = 0,
    valid: int = 30,
    accepted: bool = False,
    reason: str = "",
) -> Callable[[UnitOfWork], None]:
    """Offer somebody some things; without a name, the first customer in one's own book."""

    def offer(uow: UnitOfWork) -> None:
        held = uow.accounts.held_by(uow.actor.id)
        account = next((one for one in held if name in ("", one.name)), None)
        if account is None:
            return
        wanted = [Wanted(words=words, quantity=Decimal(many)) for words, many in things]
        until = uow.calendar.local(uow.now).date() + timedelta(days=valid)
        deals = uow.deals.open_of(account.id)
        deal_id = deals[0].id if len(deals) == 1 else None
        terms = Terms(
            discount=Decimal(off),
            valid_until=until,
            deal_id=deal_id,
            reason=reason,
            payment_terms="预付30%，货到30天付清",
        )
        _hand_over(uow, create_quote(uow, account, wanted, terms), accepted=accepted)

    return offer


def _again(name: str, off: Decimal) -> Callable[[UnitOfWork], None]:
    """Make a second version of what was offered."""

    def again(uow: UnitOfWork) -> None:
        for account in uow.accounts.held_by(uow.actor.id):
            if account.name == name and (quote := current_quote(uow, account)) is not None and quote.is_open:
                _hand_over(uow, change_quote(uow, quote, Edit(discount=off)))

    return again


def _hand_over(uow: UnitOfWork, quote: Quote, *, accepted: bool = False) -> None:
    """Let the customer have what is in force; a kit may want somebody's yes first."""
    if quote.state == QuoteState.VALID:
        note_sent(uow, quote)
        if accepted:
            accept_quote(uow, quote)


def _details(one: Sold) -> ProductDetails:
    return ProductDetails(
        code=one.code,
        spec=one.spec,
        category=one.category,
        unit=one.unit,
        price=_yuan(one.price),
        cost=_yuan(one.cost),
        tax_rate=SERVICE_TAX if one.service else None,
        lead_days=one.days,
    )


def _yuan(amount: int) -> Money:
    return Money(amount * 100)
