"""Cards about contracts: before they are drawn up, drawn up, signed, listed, ended."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.cards.card import Button, Card, Style
from bot.cards.leads import undo_button
from bot.cards.money import CONTRACTS, contract_button, renew_button
from core.model.contract import MILESTONES, Contract, ContractState, Instalment, Milestone
from core.model.customer import Account
from core.model.ids import AccountId
from core.model.money import Money
from core.rules.settling import Settled, Standing
from core.services.contract_facts import when_of

LISTED = 10


def draft_preview(
    account: Account, amount: Money, basis: str, days: int, plan: Sequence[tuple[str, str, Money]], more: str
) -> Card:
    """What a contract would say."""
    fields = (
        ("客户", account.name),
        ("依据", basis),
        ("账期", f"{days} 天"),
        ("付款计划", "；".join(f"{name} {part}（{when}）" for name, when, part in plan)),
        ("特别条款", more),
    )
    return Card(
        title=f"拟合同：{account.short_name or account.name}",
        source=CONTRACTS,
        emphasis=(str(amount), "合同金额"),
        fields=tuple((label, said) for label, said in fields if said),
    )


def drawn_card(contract: Contract, account: Account, plan: Sequence[Instalment], command: str) -> Card:
    """A contract was drawn up; it waits for its approval, or may be signed."""
    waits = contract.state == ContractState.PENDING
    said = (
        "已提交审批，批准后可以签。发送「我的审批到哪了」看进度"
        if waits
        else "不用审批，可以直接去签。签回来请点「已签」"
    )
    return Card(
        title=f"合同已拟好：{contract.number}",
        subtitle=f"{account.name} · {contract.standing}{_revision(contract)}",
        source=CONTRACTS,
        emphasis=(str(contract.amount), "合同金额"),
        fields=terms_of(contract, [Settled(one, Money(0)) for one in plan]),
        text=said,
        buttons=(*_sign_buttons(contract), contract_button(str(contract.ref)), undo_button(command)),
    )


def contract_card(
    contract: Contract, account: Account, standing: Standing, today: date, holder: str, earlier: Contract | None
) -> Card:
    """A contract with its plan and how it stands."""
    late = standing.late_days(today)
    fields = (
        *terms_of(contract, standing.plan, today),
        ("已收", f"{standing.received}" if contract.is_binding else ""),
        ("还欠", f"{standing.open}" + (f"，逾期 {late} 天" if late else "") if contract.is_binding else ""),
        ("多收", f"{standing.surplus}，记为预收" if standing.surplus.fen > 0 else ""),
        ("签约", f"{contract.signed_on}" if contract.signed_on else ""),
        ("签好的文件", contract.signed_file or ("还没有收到" if contract.is_in_force else "")),
        ("附件", "、".join(contract.files)),
        ("续自", earlier.number if earlier else ""),
        ("原因", contract.reason),
        ("负责人", holder),
    )
    return Card(
        title=f"{contract.title} {contract.number}",
        subtitle=f"{contract.ref} · {account.name} · {contract.standing}{_revision(contract)}",
        source=CONTRACTS,
        emphasis=(str(contract.amount), "合同金额"),
        fields=tuple((label, said) for label, said in fields if said),
        buttons=_next_buttons(contract, standing),
    )


def signed_card(contract: Contract, account: Account, plan: Sequence[Instalment], command: str) -> Card:
    """A contract was signed."""
    begins = f"{contract.begins_on} 开始执行" if contract.state == ContractState.SIGNED else "现在开始执行"
    return Card(
        title=f"已登记签约：{contract.number}",
        subtitle=f"{account.name} · {contract.signed_on} 签 · {begins}",
        source=CONTRACTS,
        emphasis=(str(contract.amount), "合同金额"),
        fields=terms_of(contract, [Settled(one, Money(0)) for one in plan]),
        text="" if contract.signed_file else "请把签好的合同（PDF 或照片）发到这里，会存为这份合同的签署文件",
        buttons=(contract_button(str(contract.ref)), undo_button(command)),
    )


def plan_card(contract: Contract, standing: Standing, today: date, command: str) -> Card:
    """A contract's payment plan was laid anew."""
    return Card(
        title=f"付款计划：{contract.number}",
        subtitle=f"合同金额 {contract.amount}，一共 {len(standing.plan)} 期",
        source=CONTRACTS,
        text="\n".join(plan_lines(standing.plan, today)),
        buttons=(contract_button(str(contract.ref)), undo_button(command)),
    )


def reached_card(contract: Contract, what: str, due: Sequence[Instalment], command: str) -> Card:
    """Something that was agreed has happened: these instalments are due."""
    lines = [f"{one.name} {one.amount}，{one.due_on} 到期" for one in due]
    return Card(
        title=f"已登记{what}：{contract.number}",
        source=CONTRACTS,
        text="\n".join(lines),
        buttons=(contract_button(str(contract.ref)), undo_button(command)),
    )


def terminated_card(contract: Contract, standing: Standing, command: str) -> Card:
    """A contract was ended before its time."""
    owed = f"还有 {standing.open} 没有收回，继续在应收里" if standing.open.fen > 0 else ""
    return Card(
        title=f"合同已终止：{contract.number}",
        subtitle=f"{contract.closed_on}，原因：{contract.reason}",
        source=CONTRACTS,
        text=owed if contract.signed_on else "还没有签，没有应收",
        buttons=(contract_button(str(contract.ref)), undo_button(command)),
    )


def contracts_card(
    contracts: Sequence[Contract], names: Mapping[AccountId, str], title: str, sums: Mapping[str, Money]
) -> Card:
    """Several contracts, with their sum."""
    if not contracts:
        return Card(title=f"{title}：没有合同", text="可以说「拟合同 客户名 金额」")
    lines = [_list_line(one, names.get(one.account_id, "")) for one in contracts[:LISTED]]
    if len(contracts) > LISTED:
        lines.append(f"还有 {len(contracts) - LISTED} 份")
    return Card(
        title=f"{title}：{len(contracts)} 份",
        source=CONTRACTS,
        fields=tuple((label, f"{money}") for label, money in sums.items() if money.fen),
        text="\n".join(lines),
        buttons=tuple(contract_button(str(one.ref), f"看 {one.ref}") for one in contracts[:4]),
    )


def attached_card(contract: Contract, name: str, command: str, *, signed: bool) -> Card:
    """A file was kept with a contract."""
    return Card(
        title=f"已存入合同 {contract.number}：{name}",
        subtitle="签好的合同文件" if signed else "附件",
        source=CONTRACTS,
        buttons=(contract_button(str(contract.ref)), undo_button(command)),
    )


def terms_of(contract: Contract, plan: Sequence[Settled], today: date | None = None) -> tuple[tuple[str, str], ...]:
    """What was agreed."""
    term = f"{contract.begins_on or '签约日'} 到 {contract.ends_on}" if contract.ends_on else ""
    fields = (
        ("期限", term),
        ("账期", f"{contract.payment_days} 天" if len(plan) <= 1 else ""),
        ("付款计划", "\n".join(plan_lines(plan, today)) if len(plan) > 1 else ""),
        ("特别条款", contract.special_terms),
    )
    return tuple((label, said) for label, said in fields if said)


def plan_lines(plan: Sequence[Settled], today: date | None = None) -> list[str]:
    """A line for each instalment: what it is, when it is due, and how it stands."""
    lines = []
    for one in plan:
        due = one.instalment.due_on
        when = f"{due} 到期" if due is not None else when_of(one.instalment)
        late = one.late_days(today) if today is not None else 0
        if one.is_settled:
            state = "，已付清"
        elif one.paid.fen > 0:
            state = f"，已付 {one.paid}，还欠 {one.open}"
        else:
            state = ""
        state += f"，逾期 {late} 天" if late else ""
        lines.append(f"{one.instalment.name} {one.instalment.amount}（{when}）{state}")
    return lines


def milestone_name(milestone: Milestone) -> str:
    return MILESTONES[milestone]


def _revision(contract: Contract) -> str:
    return f" · 第 {contract.revision} 版" if contract.revision > 1 else ""


def _sign_buttons(contract: Contract) -> tuple[Button, ...]:
    if contract.state != ContractState.APPROVED:
        return ()
    about = {"customer": str(contract.ref)}
    return (Button(label="已签", action="contract.sign", values=about, style=Style.PRIMARY),)


def _next_buttons(contract: Contract, standing: Standing) -> tuple[Button, ...]:
    ref = str(contract.ref)
    paper = Button(label="发我PDF", action="document.contract", values={"contract": str(contract.id)})
    if contract.is_unsigned:
        return (*_sign_buttons(contract), paper)
    owed = standing.open.fen > 0
    record = Button(label="登记回款", action="payment.record", values={"customer": ref}, style=Style.PRIMARY)
    invoice = Button(label="申请开票", action="invoice.request", values={"customer": ref})
    renew = (renew_button(ref),) if contract.ends_on is not None else ()
    return (*((record, invoice) if owed else ()), *renew, paper)


def _list_line(contract: Contract, customer: str) -> str:
    ends = f"，到 {contract.ends_on}" if contract.ends_on and contract.is_in_force else ""
    return f"{contract.ref} {customer} {contract.amount}（{contract.standing}{ends}）"
