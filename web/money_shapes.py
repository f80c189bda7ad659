"""What the API shows of contracts and payments. These shapes stay; fields may be added."""

from datetime import date

from pydantic import Field

from core.model.contract import Contract
from core.model.ids import Ref
from core.model.payment import Payment
from web.shapes import Item, Reading, common


class ContractOut(Item):
    """合同。state：draft 草稿，pending 审批中，approved 已批准待签，signed 已签未开始，running 执行中，
    finished 已完成，terminated 已终止，expired 已到期还有欠款。owner 是客户现在的负责人。
    """

    number: str = Field(description="合同编号", examples=["HT20260305-001"])
    name: str = Field(description="合同名称")
    account_id: str
    deal_id: str | None
    amount: str = Field(description="金额，元，十进制字符串", examples=["385000.00"])
    payment_days: int = Field(description="账期，天")
    revision: int = Field(description="第几版，签之前每改一次加一")
    begins_on: date | None
    ends_on: date | None
    signed_on: date | None
    renews_id: str | None = Field(description="续自哪一份合同")


class PaymentOut(Item):
    """回款和退款。state：receipt 回款，refund 退款；金额总是正的。owner 是客户现在的负责人。"""

    account_id: str
    contract_id: str | None = Field(description="冲哪份合同；预收款为 null")
    order_id: str | None
    amount: str = Field(description="金额，元，十进制字符串", examples=["125000.00"])
    paid_on: date = Field(description="到账日")
    note: str


def contract_out(contract: Contract, of: Reading) -> ContractOut:
    account = Ref("account", contract.account_id)
    return ContractOut(
        **common(contract, contract.state, of.holder(account) or of.account(contract.owner_id)),
        number=contract.number,
        name=contract.title,
        account_id=str(account),
        deal_id=None if contract.deal_id is None else str(Ref("deal", contract.deal_id)),
        amount=str(contract.amount.as_yuan()),
        payment_days=contract.payment_days,
        revision=contract.revision,
        begins_on=contract.begins_on,
        ends_on=contract.ends_on,
        signed_on=contract.signed_on,
        renews_id=None if contract.renews_id is None else str(Ref("contract", contract.renews_id)),
    )


def payment_out(payment: Payment, of: Reading) -> PaymentOut:
    account = Ref("account", payment.account_id)
    return PaymentOut(
        **common(payment, payment.kind, of.holder(account)),
        account_id=str(account),
        contract_id=None if payment.contract_id is None else str(Ref("contract", payment.contract_id)),
        order_id=None if payment.order_id is None else str(Ref("order", payment.order_id)),
        amount=str(payment.amount.as_yuan()),
        paid_on=payment.paid_on,
        note=payment.note,
    )
