"""The shapes of products and quotes. Costs and margins are there only for whoever may see them."""

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel, Field

from core.model.ids import Ref
from core.model.money import Money
from core.model.product import Product
from core.model.quote import Quote, QuoteLine
from core.rules.pricing import plainly
from core.rules.quoting import discount, margin
from web.shapes import ACTIVE, Item, Reading, common

STOPPED = "stopped"


class ProductOut(Item):
    """产品。state：active 在售，stopped 停售；owner 总是 null，产品是全公司的。"""

    name: str
    code: str = Field(description="产品编码")
    spec: str
    category: str
    unit: str = Field(description="计量单位")
    units: dict[str, str] = Field(description="别的单位 → 等于多少个计量单位")
    parts: dict[str, str] = Field(description="套餐：产品编码 → 数量；不是套餐就为空")
    price: str | None = Field(description="目录价，元，十进制字符串", examples=["12000.00"])
    cost: str | None = Field(description="成本，元；没有查看成本的权限时为 null")
    tax_rate: str | None = Field(description="税率，百分之几；null 按公司默认", examples=["13"])
    lead_days: int | None = Field(description="标准交期，天")


class QuoteLineOut(BaseModel):
    """报价的一行。金额都是元，十进制字符串；amount 是整单优惠分摊之后的。"""

    product_id: str | None
    code: str
    name: str
    spec: str
    quantity: str
    unit: str
    list_price: str = Field(description="价格表上的单价")
    price: str = Field(description="折扣前谈好的单价")
    discount: str = Field(description="这一行自己的折扣，让百分之几", examples=["15"])
    tax_rate: str
    amount: str
    tax: str


class QuoteOut(Item):
    """报价的一个版本。state：draft pending valid accepted rejected expired replaced。"""

    name: str = Field(description="带版本的编号", examples=["BJ-20260305-0012-v2"])
    number: str
    revision: int = Field(description="第几版，从 1 起")
    account_id: str
    deal_id: str | None
    lines: list[QuoteLineOut]
    list_total: str = Field(description="目录价合计，元")
    net_total: str = Field(description="折扣后合计，元，各行之和")
    discount: str = Field(description="比目录价让百分之几", examples=["15"])
    tax_total: str
    total: str = Field(description="客户要付的，含税，元")
    tax_included: bool = Field(description="单价是否含税")
    margin: str | None = Field(description="毛利率，百分之几；没有权限或成本不全时为 null")
    valid_until: date
    payment_terms: str
    sent_at: datetime | None


def product_out(product: Product, of: Reading) -> ProductOut:
    return ProductOut(
        **common(product, ACTIVE if product.active else STOPPED, None),
        name=product.name,
        code=product.code,
        spec=product.spec,
        category=product.category,
        unit=product.unit,
        units=product.units,
        parts=product.parts,
        price=_yuan(product.price),
        cost=_yuan(product.cost) if of.sees_margin else None,
        tax_rate=_number(product.tax_rate),
        lead_days=product.lead_days,
    )


def quote_out(quote: Quote, of: Reading) -> QuoteOut:
    return QuoteOut(
        **common(quote, quote.state, of.account(quote.owner_id)),
        name=quote.label,
        number=quote.number,
        revision=quote.revision,
        account_id=str(quote.customer),
        deal_id=str(Ref("deal", quote.deal_id)) if quote.deal_id is not None else None,
        lines=[_line(line) for line in quote.lines],
        list_total=str(quote.list_total.as_yuan()),
        net_total=str(quote.net_total.as_yuan()),
        discount=plainly(discount(quote)),
        tax_total=str(quote.tax_total.as_yuan()),
        total=str(quote.total.as_yuan()),
        tax_included=quote.tax_included,
        margin=_number(margin(quote)) if of.sees_margin else None,
        valid_until=quote.valid_until,
        payment_terms=quote.payment_terms,
        sent_at=quote.sent_at,
    )


def _line(line: QuoteLine) -> QuoteLineOut:
    return QuoteLineOut(
        product_id=str(Ref("product", line.product_id)) if line.product_id is not None else None,
        code=line.code,
        name=line.name,
        spec=line.spec,
        quantity=plainly(line.quantity),
        unit=line.unit,
        list_price=str(line.list_price.as_yuan()),
        price=str(line.price.as_yuan()),
        discount=plainly(line.discount),
        tax_rate=plainly(line.tax_rate),
        amount=str(line.net_total.as_yuan()),
        tax=str(line.tax.as_yuan()),
    )


def _yuan(money: Money | None) -> str | None:
    return None if money is None else str(money.as_yuan())


def _number(value: Decimal | None) -> str | None:
    return None if value is None else plainly(value)
