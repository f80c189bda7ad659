"""Cards about what falls due: contracts that end, payments that are late, money that came in, invoices asked for."""

from bot.cards.card import Button, Card, Style
from core.calendar import WorkCalendar
from core.notices.money import (
    ContractEnded,
    ContractLine,
    ContractsExpiring,
    DueLine,
    InvoiceSettled,
    InvoiceWanted,
    PaymentReceived,
    PaymentsDue,
)

CONTRACTS, MONEY, INVOICES = "聊单 · 合同", "聊单 · 回款", "聊单 · 发票"
LISTED = 8


def contract_button(ref: str, label: str = "看合同") -> Button:
    return Button(label=label, action="contract.show", values={"customer": ref})


def renew_button(ref: str) -> Button:
    return Button(label="续签", action="contract.renew", values={"customer": ref}, style=Style.PRIMARY)


def expiring_contracts_card(notice: ContractsExpiring, cal: WorkCalendar) -> Card:
    """Contracts of one's own end soon."""
    if len(notice.contracts) == 1:
        one = notice.contracts[0]
        return Card(
            title=f"合同快到期：{one.customer}",
            subtitle=f"{one.number}，{one.ends_on} 到期，还有 {one.days} 天",
            source=CONTRACTS,
            text="要续的话点「续签」，会照原合同拟一份新的；不续就不用管，到期自动结束",
            buttons=(renew_button(one.ref), contract_button(one.ref)),
        )
    lines = [
        f"{one.customer} {one.number}，{one.ends_on} 到期，还有 {one.days} 天" for one in notice.contracts[:LISTED]
    ]
    return Card(
        title=f"{len(notice.contracts)} 份合同快到期",
        source=CONTRACTS,
        text="\n".join([*lines, *_more(len(notice.contracts))]),
        buttons=tuple(contract_button(one.ref, f"看 {one.number}") for one in notice.contracts[:4]),
    )


def contract_ended_card(notice: ContractEnded, cal: WorkCalendar) -> Card:
    """A contract's last day is over."""
    one: ContractLine = notice.contract
    owed = f"还有 {notice.open} 没有收回，继续在应收里" if notice.open.fen > 0 else "款项已全部收回"
    return Card(
        title=f"合同到期：{one.customer}",
        subtitle=f"{one.number}，{one.ends_on} 到期",
        source=CONTRACTS,
        text=owed,
        buttons=(renew_button(one.ref), contract_button(one.ref)),
    )


def payments_due_card(notice: PaymentsDue, cal: WorkCalendar) -> Card:
    """Instalments are to be paid soon, or are late."""
    whose = f"，负责人 {notice.owner}" if notice.owner else ""
    if len(notice.lines) == 1:
        one = notice.lines[0]
        return Card(
            title=f"{'回款逾期' if one.late else '回款快到期'}：{one.customer}",
            subtitle=f"{one.number} {one.name}{whose}",
            source=MONEY,
            emphasis=(str(one.open), "应收"),
            fields=(("到期日", f"{one.due_on}"), *((("逾期", f"{one.late} 天"),) if one.late else ())),
            text="到账了请发送「客户名 回款 金额」，登记以后不再提醒",
            buttons=(contract_button(one.ref),),
        )
    late = sum(1 for one in notice.lines if one.late)
    return Card(
        title=f"{len(notice.lines)} 笔回款要跟" + (f"，{late} 笔逾期" if late else ""),
        subtitle=whose.removeprefix("，"),
        source=MONEY,
        text="\n".join([*map(_due_line, notice.lines[:LISTED]), *_more(len(notice.lines))]),
        buttons=tuple(contract_button(one.ref, f"看 {one.number}") for one in notice.lines[:4]),
    )


def payment_received_card(notice: PaymentReceived, cal: WorkCalendar) -> Card:
    """Somebody else recorded money of one's customer."""
    said = "退款" if notice.refund else "到账"
    on = (("合同", notice.number), ("还欠", str(notice.open))) if notice.number else (("记为", "预收款"),)
    return Card(
        title=f"{notice.customer} {said} {notice.amount}",
        subtitle=f"{notice.by}登记，{notice.paid_on} {said}",
        source=MONEY,
        fields=on,
        buttons=(Button(label="看应收", action="receivable.show", values={"customer": notice.customer_ref}),),
    )


def invoice_wanted_card(notice: InvoiceWanted, cal: WorkCalendar) -> Card:
    """Finance is asked for an invoice."""
    about = {"number": f"B{notice.invoice_id}"}
    fields = (
        ("客户", notice.customer),
        ("合同", notice.number),
        ("抬头", notice.title),
        ("税号", notice.tax_number),
        ("类型", "专票" if notice.special else "普票"),
    )
    return Card(
        title=f"开票申请：{notice.customer}",
        subtitle=f"{notice.by}申请",
        source=INVOICES,
        emphasis=(str(notice.amount), "开票金额"),
        fields=tuple((label, said) for label, said in fields if said),
        buttons=(
            Button(label="已开票", action="invoice.issue", values=about, style=Style.PRIMARY),
            Button(label="不能开", action="invoice.decline", values=about, style=Style.DANGER),
        ),
    )


def invoice_settled_card(notice: InvoiceSettled, cal: WorkCalendar) -> Card:
    """The invoice that one asked for was issued, or was not."""
    if notice.reason:
        return Card(
            title=f"没有开票：{notice.customer} {notice.amount}",
            subtitle=f"{notice.by}：{notice.reason}",
            source=INVOICES,
            text="改好以后可以再申请一次，例如「申请开票 客户名 金额」",
        )
    number = f"，发票号 {notice.number}" if notice.number else ""
    return Card(title=f"已开票：{notice.customer} {notice.amount}", subtitle=f"{notice.by}{number}", source=INVOICES)


def _due_line(one: DueLine) -> str:
    when = f"逾期 {one.late} 天" if one.late else f"{one.due_on} 到期"
    return f"{one.customer} {one.name} {one.open}，{when}"


def _more(count: int) -> list[str]:
    return [f"还有 {count - LISTED} 条"] if count > LISTED else []
