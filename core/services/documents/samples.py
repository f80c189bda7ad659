"""Records that never were: with everything and with next to nothing, to check templates and show them."""

from datetime import date
from decimal import Decimal

from core.model.money import NOTHING, Money
from core.model.quote import QuoteLine, QuoteState
from core.rules.capitals import in_capitals
from core.rules.quoting import Whole, taxes, work_out
from core.services.contract_facts import ContractFacts, PartFacts
from core.services.quote_facts import QuoteFacts, TaxFacts, line_facts

BARE, USUAL = 1, 30
SIZES = (USUAL, BARE)
"""The larger one has every field filled, the one of a single line has none that may be empty."""

_GOODS = (
    ("伺服电机", "SV-750", "750W 220V 带抱闸", "台", "2380"),
    ("伺服驱动器", "SD-10A", "EtherCAT 总线", "台", "1960.5"),
    ("精密行星减速机", "PG-90-10", "速比 10，背隙 3 弧分", "台", "1420"),
    ("动力电缆", "CB-P5", "5 米，拖链级", "根", "128.8"),
    ("安装调试服务", "SV-DAY", "含差旅", "人天", "1500"),
)
_SPECIAL = "安装调试服务"


def a_quote(count: int, state: str = QuoteState.VALID) -> QuoteFacts:
    """Return the facts of a quote of so many lines."""
    bare = count == BARE
    worked = work_out(
        [_line(number, bare) for number in range(count)], Whole(Decimal(0) if bare else Decimal(3), NOTHING)
    )
    lines = tuple(line_facts(position, line) for position, line in enumerate(worked.lines, 1))
    return QuoteFacts(
        label="BJ-20260305-0012",
        number="BJ-20260305-0012",
        revision=1,
        state=state,
        made_on=date(2026, 3, 5),
        valid_until=date(2026, 4, 4),
        seller="" if bare else "苏州聊单智能装备有限公司",
        seller_details=() if bare else ("江苏省苏州市工业园区星湖街 328 号", "0512-6288 0000"),
        buyer="华东机电" if bare else "华东机电设备集团股份有限公司苏州分公司",
        buyer_address="" if bare else "江苏省苏州市吴中区东方大道 988 号 3 幢",
        contact="" if bare else "王建国",
        contact_title="" if bare else "采购经理",
        contact_phone="" if bare else "138 0000 0000",
        maker="" if bare else "张伟",
        maker_phone="" if bare else "139 0000 0000",
        lines=lines,
        list_total=worked.list_total,
        discount=Decimal(0) if bare else Decimal(3),
        given=worked.list_total - worked.net_total,
        net_total=worked.net_total,
        untaxed=worked.net_total - worked.tax_total,
        tax_total=worked.tax_total,
        taxes=tuple(TaxFacts(rate=rate, amount=amount, tax=tax) for rate, amount, tax in taxes(worked.lines)),
        total=worked.total,
        capitals=in_capitals(worked.total),
        tax_included=True,
        payment_terms="" if bare else "合同签订后预付 30%，发货前付 60%，验收合格后 30 天内付 10%",
        delivery="" if bare else "合同生效后 4 周内送达甲方指定地点",
        note="" if bare else "含一年质保；超出质保期的维修另行报价。",
    )


def a_contract(count: int, state: str = "approved") -> ContractFacts:
    """Return the facts of a contract whose quote has so many lines."""
    bare, quote = count == BARE, a_quote(count)
    parts = (("预付款", "签约后 7 天内", 30), ("发货款", "发货后 7 天内", 60), ("质保金", "验收后 365 天内", 10))
    return ContractFacts(
        number="HT20260305-008",
        title="买卖合同" if bare else "伺服系统采购合同",
        state=state,
        party_a=quote.buyer,
        party_b=quote.seller,
        buyer_address=quote.buyer_address,
        signed_on=None if bare else date(2026, 3, 10),
        begins_on=None if bare else date(2026, 3, 10),
        ends_on=None if bare else date(2027, 3, 9),
        lines=() if bare else quote.lines,
        plan=()
        if bare
        else tuple(
            PartFacts(position=position, name=name, due=due, amount=quote.total.percent(Decimal(share)))
            for position, (name, due, share) in enumerate(parts, 1)
        ),
        amount=quote.total,
        tax_total=None if bare else quote.tax_total,
        capitals=quote.capitals,
        payment_days=30,
        delivery=quote.delivery,
        special_terms="" if bare else "乙方应在交付时提供中文操作手册和两次现场培训。",
    )


def _line(number: int, bare: bool) -> QuoteLine:
    name, code, spec, unit, price = _GOODS[number % len(_GOODS)]
    return QuoteLine(
        name=name,
        code="" if bare else code,
        spec="" if bare else spec,
        quantity=Decimal(1 + number % 7),
        unit=unit,
        list_price=Money.yuan(Decimal(price)),
        price=Money.yuan(Decimal(price)),
        discount=Decimal(0) if number % 3 else Decimal(5),
        tax_rate=Decimal(6) if name == _SPECIAL else Decimal(13),
    )
