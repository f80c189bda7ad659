"""Cards about money: recorded, owed, by age, and one customer's way from lead to cash."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.cards.card import Button, Card, Style
from bot.cards.contracts import plan_lines
from bot.cards.leads import undo_button
from bot.cards.money import MONEY, contract_button
from core.model.contract import Instalment
from core.model.customer import Account
from core.model.ids import AccountId
from core.model.money import Money
from core.model.payment import Payment, PaymentKind
from core.rules.settling import AGES
from core.services.chain import Chain, Step
from core.services.payments import Recorded
from core.services.receivables import Aged, Owed

LISTED = 10
AGE_NAMES = (
    "未到期",
    *(f"逾期 {low + 1}–{high} 天" for low, high in zip((0, *AGES[:-1]), AGES, strict=True)),
    f"逾期 {AGES[-1]} 天以上",
)


def recorded_card(recorded: Recorded, today: date, command: str, part: Instalment | None = None) -> Card:
    """Money was recorded, for the part of the plan that was named; what is owed now."""
    payment, contract, standing = recorded.payment, recorded.contract, recorded.standing
    refund = payment.kind == PaymentKind.REFUND
    fields: list[tuple[str, str]] = [("退款日" if refund else "到账日", f"{payment.paid_on}")]
    text = ""
    if contract is not None and standing is not None:
        late = standing.late_days(today)
        following = standing.next()
        fields.append(("合同", f"{contract.number}（{contract.amount}）"))
        meant = [one for one in standing.plan if part is not None and one.instalment.id == part.id]
        fields += [("记到", line) for line in plan_lines(meant)]
        fields += [("已收", f"{standing.received}")]
        fields.append(("还欠", f"{standing.open}" + (f"，逾期 {late} 天" if late else "")))
        if standing.surplus.fen > 0:
            fields.append(("多收", f"{standing.surplus}，记为预收"))
        if following is not None:
            due = f"，{following.instalment.due_on} 到期" if following.instalment.due_on else ""
            fields.append(("下一期", f"{following.instalment.name} {following.open}{due}"))
        text = "这份合同的款已经收齐" if standing.open.fen <= 0 else ""
    else:
        fields.append(("记为", "预收款，没有对应合同"))
    buttons = (contract_button(str(contract.ref)),) if contract is not None else ()
    return Card(
        title=f"已登记{'退款' if refund else '回款'}：{called(recorded.account)} {payment.amount}",
        subtitle=f"{payment.ref} · {recorded.account.name}",
        source=MONEY,
        fields=tuple(fields),
        text=text,
        buttons=(*buttons, undo_button(command)),
    )


def split_card(recorded: Sequence[Recorded], amount: Money, command: str) -> Card:
    """A receipt was split over several contracts; what each got, and what it still asks for."""
    lines = []
    for one in recorded:
        if one.contract is not None and one.standing is not None:
            lines.append(f"{one.payment.ref} {one.contract.number} {one.payment.amount}，还欠 {one.standing.open}")
        else:
            lines.append(f"{one.payment.ref} 预收款 {one.payment.amount}")
    account = recorded[0].account
    return Card(
        title=f"已登记回款：{called(account)} {amount}",
        subtitle=f"分到 {len(recorded)} 笔 · {account.name}",
        source=MONEY,
        fields=(("到账日", f"{recorded[0].payment.paid_on}"),),
        text="\n".join(lines),
        buttons=(
            Button(label="看应收", action="receivable.show", values={"customer": str(account.ref)}),
            undo_button(command),
        ),
    )


def struck_card(recorded: Recorded, command: str) -> Card:
    """A payment that was recorded by mistake counts no more."""
    standing = recorded.standing
    owed = f"现在还欠 {standing.open}" if standing is not None else ""
    return Card(
        title=f"已作废回款 {recorded.payment.ref}：{recorded.payment.amount}",
        subtitle=f"{recorded.account.name}，{recorded.payment.paid_on} 到账",
        source=MONEY,
        text=owed,
        buttons=(undo_button(command),),
    )


def owed_card(owed: Owed, today: date) -> Card:
    """What one customer owes, contract by contract."""
    account, about = owed.account, {"customer": str(owed.account.ref)}
    late, days = owed.late(today), owed.late_days(today)
    lines: list[str] = []
    for contract, standing in owed.contracts:
        lines.append(f"{contract.number} {contract.amount}，已收 {standing.received}，还欠 {standing.open}")
        lines += [f"· {line}" for line in plan_lines([one for one in standing.plan if not one.is_settled], today)]
    unpaid = [(order, left) for order, left in owed.orders if left.fen > 0]
    lines += [f"订单 {order.number} {order.amount}，还欠 {left}" for order, left in unpaid[:LISTED]]
    recent = [payment_line(one) for one in reversed(owed.payments[-3:])]
    if not owed.contracts and not owed.orders:
        said = "还没有已签的合同" + (f"，预收款 {owed.advance}" if owed.advance.fen > 0 else "")
        return Card(title=f"{account.name}：没有应收", text=f"{said}。签了请说「登记签约 {called(account)}」")
    fields = (
        ("逾期", f"{late}，最长 {days} 天" if late.fen > 0 else "没有"),
        ("合同和订单", f"{owed.amount}"),
        ("已收", f"{owed.received}"),
        ("预收", f"{owed.advance}" if owed.advance.fen > 0 else ""),
        ("最近到账", "\n".join(recent)),
    )
    return Card(
        title=f"{called(account)} 应收",
        subtitle=f"{account.ref} · {account.name}",
        source=MONEY,
        emphasis=(f"{owed.open}", "还欠"),
        fields=tuple((label, said) for label, said in fields if said),
        text="\n".join(lines),
        buttons=(
            *(
                (Button(label="登记回款", action="payment.record", values=about, style=Style.PRIMARY),)
                if owed.open.fen > 0
                else ()
            ),
            Button(label="从线索到回款", action="chain.show", values=about),
        ),
    )


def aging_card(aged: Aged, today: date, said: str = "") -> Card:
    """Debts by age, and who is late longest; `said` tells by what they were narrowed down."""
    if said and not aged.open.fen:
        return Card(title=f"没有{said}的应收", text="换个条件，或发送「应收账龄」看全部", source=MONEY)
    late = Money(sum(one.fen for one in aged.ages[1:]))
    lines = [
        f"{called(account)} {one.instalment.name} {one.open}，逾期 {one.late_days(today)} 天"
        for account, _, one in aged.late[:LISTED]
    ]
    if len(aged.late) > LISTED:
        lines.append(f"还有 {len(aged.late) - LISTED} 笔")
    ages = tuple((name, f"{money}") for name, money in zip(AGE_NAMES, aged.ages, strict=True) if money.fen)
    return Card(
        title=f"应收账龄：{said}" if said else "应收账龄",
        subtitle=f"{today}" + (f"，逾期 {late}" if late.fen else "，没有逾期"),
        source=MONEY,
        emphasis=(f"{aged.open}", "应收合计"),
        fields=ages,
        text="\n".join(lines),
    )


def payments_card(payments: Sequence[Payment], names: Mapping[AccountId, str], title: str) -> Card:
    """Payments of some days, with their sum."""
    whole = Money(sum(one.signed.fen for one in payments))
    lines = [f"{names.get(one.account_id, '')} {payment_line(one)}" for one in payments[:LISTED]]
    if len(payments) > LISTED:
        lines.append(f"还有 {len(payments) - LISTED} 笔")
    return Card(
        title=f"{title}：{len(payments)} 笔",
        source=MONEY,
        emphasis=(f"{whole}", "合计"),
        text="\n".join(lines) or "没有到账",
    )


def called(account: Account) -> str:
    """Return what people call an account."""
    return account.short_name or account.name


def payment_line(payment: Payment) -> str:
    """Say one payment in a line."""
    back = "退 " if payment.kind == PaymentKind.REFUND else ""
    return f"{payment.paid_on} {back}{payment.amount}（{payment.ref}）"


def chain_card(chain: Chain) -> Card:
    """One customer's way from lead to cash, step by step, and what is next."""
    account: Account = chain.account
    return Card(
        title=f"从线索到回款：{called(account)}",
        subtitle=f"{account.ref} · {account.name}",
        source=MONEY,
        text="\n".join((*map(_step, chain.steps), *([f"下一步：{chain.following}"] if chain.following else []))),
        buttons=(Button(label="看应收", action="receivable.show", values={"customer": str(account.ref)}),),
    )


def _step(step: Step) -> str:
    if not step.lines:
        return f"○ {step.name}：还没有"
    return "\n".join(
        [f"{'●' if step.done else '◐'} {step.name}：{step.lines[0]}", *(f"　{line}" for line in step.lines[1:])]
    )
