"""Orders, payments and contracts out of a file.

An order line belongs to an order by that order's number and its customer, because several customers may share a number.
Whose it is is told by the customer's own number where the file has one, else by the name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from core.model.contract import BINDING, Contract, ContractState, Instalment, Milestone
from core.model.customer import Account
from core.model.ids import AccountId, ContractId, OrderId
from core.model.money import Money
from core.model.order import Order, OrderLine
from core.model.payment import Payment
from core.model.product import Product
from core.ports import UnitOfWork
from core.rules.duplicates import plain_name
from core.services.contracts import WHOLE_SUM, note_end, settle_state
from core.services.imports.book import core_of
from core.services.imports.columns import Field
from core.services.imports.goods import goods_name, goods_of
from core.services.imports.job import Holder, Job, taken, unreadable
from core.services.imports.report import Bad, Found, Outcome, Same
from core.services.imports.tables import Line
from core.services.imports.values import Values

NUMBER_LENGTH = 64
Who = tuple[str, str]
"""What tells a customer of the file apart: its number or its name, and which of the two it is."""


@dataclass(frozen=True)
class Row:
    """A row read as money of a customer."""

    line: Line
    values: Values
    who: Who
    name: str
    holder: Holder
    amount: Money
    day: date
    number: str
    order: str = ""
    contract: str = ""


def take_orders(job: Job, uow: UnitOfWork, lines: Sequence[Line]) -> list[Outcome]:
    """Take rows as lines of orders; an order is made with its first line, and its sum grows with each further one."""
    read = [_row(job, uow, line, Field.ORDERED, needs=Field.ORDER) for line in lines]
    rows = [row for row in read if isinstance(row, Row)]
    accounts = _accounts(job, uow, rows)
    products = goods_of(uow, (row.values for row in rows), keeps=job.keeps)
    orders = {(one.external_id, one.account_id): one for one in uow.orders.known(row.order for row in rows)}
    there = uow.orders.known_lines(row.number for row in rows)
    held = {
        (one.order_id, one.product, one.amount, one.quantity)
        for one in uow.orders.lines_of(order.id for order in orders.values())
    }
    outcomes: list[Outcome] = []
    for row in read:
        if isinstance(row, Bad):
            outcomes.append(row)
            continue
        quantity = _quantity(row.values)
        if quantity is None:
            outcomes.append(Bad(row.line, f"数量「{row.values.words(Field.QUANTITY, 32)}」看不懂，请写成数字，例如 3"))
            continue
        key = ("order", row.number or (row.order, row.who, goods_name(row.values)[:200], row.amount, quantity))
        account = accounts.get(row.who)
        order = orders.get((row.order, account.id)) if account is not None else None
        content = (order.id if order is not None else 0, goods_name(row.values)[:200], row.amount, quantity)
        known = row.number in there or (not row.number and content in held)
        if (same := _same(job, row, key, known, f"订单 {row.order}")) is not None:
            outcomes.append(same)
            continue
        outcomes.append(taken(row.line, row.values, f"{row.name} {row.order}", row.holder))
        if account is not None:
            if order is None:
                order = orders[row.order, account.id] = _order(uow, row, account)
            order.amount = Money(order.amount.fen + row.amount.fen)
            uow.orders.add_lines([_line(row, order, quantity, products.get(goods_name(row.values)))])
    if job.keeps:
        uow.flush()
    return outcomes


def take_payments(job: Job, uow: UnitOfWork, lines: Sequence[Line]) -> list[Outcome]:
    """Take rows as payments, on the contract or order that they name, else in advance."""
    read = [_row(job, uow, line, Field.PAID) for line in lines]
    rows = [row for row in read if isinstance(row, Row)]
    accounts = _accounts(job, uow, rows)
    orders = {(one.external_id, one.account_id): one.id for one in uow.orders.known(row.order for row in rows)}
    contracts = {row.contract: _contract(uow, row.contract) for row in rows if row.contract}
    there = uow.payments.known(row.number for row in rows)
    touched: dict[ContractId, Contract] = {}
    outcomes: list[Outcome] = []
    for row in read:
        if isinstance(row, Bad):
            outcomes.append(row)
            continue
        contract = contracts.get(row.contract)
        if row.contract and contract is None:
            outcomes.append(Bad(row.line, f"没有合同「{row.contract}」，请先导入合同，或去掉合同编号记为预收款"))
            continue
        if row.amount.fen <= 0:
            outcomes.append(Bad(row.line, "回款金额要大于 0；退款请在聊天里用「退款 客户名 金额」登记"))
            continue
        key = ("payment", row.number or (row.who, row.amount, row.day, row.order, row.contract))
        known = row.number in there or (not row.number and job.keeps and _is_paid(uow, accounts[row.who], row))
        if (same := _same(job, row, key, known, f"{row.day} 的回款 {row.amount}")) is not None:
            outcomes.append(same)
            continue
        outcomes.append(taken(row.line, row.values, f"{row.name} {row.amount}", row.holder))
        if not job.keeps:
            continue
        account = accounts[row.who]
        uow.payments.add(
            Payment(
                account_id=account.id,
                contract_id=contract.id if contract is not None else None,
                order_id=orders.get((row.order, account.id)),
                amount=row.amount,
                paid_on=row.day,
                note=row.values.words(Field.NOTE, 200),
                external_id=row.number,
                created_at=uow.now,
                updated_at=uow.now,
            )
        )
        if contract is not None:
            touched[contract.id] = contract
    uow.flush()
    for one in touched.values() if job.keeps else ():
        settle_state(uow, one)
    return outcomes


def take_contracts(job: Job, uow: UnitOfWork, lines: Sequence[Line]) -> list[Outcome]:
    """Take rows as signed contracts; their clocks run from here on, and what has ended has ended."""
    read = [_row(job, uow, line, Field.SIGNED) for line in lines]
    rows = [row for row in read if isinstance(row, Row)]
    accounts = _accounts(job, uow, rows)
    known = uow.contracts.known(row.contract for row in rows)
    outcomes: list[Outcome] = []
    for row in read:
        if isinstance(row, Bad):
            outcomes.append(row)
            continue
        begins, ends = row.values.days(Field.BEGUN, past=True), row.values.days(Field.ENDS, past=False)
        days = row.values.words(Field.PAYMENT_DAYS, 16).removesuffix("天").strip()
        if (bad := unreadable(row.values, row.line)) is not None:
            outcomes.append(bad)
        elif row.amount.fen <= 0:
            outcomes.append(Bad(row.line, "合同金额要大于 0，请核对"))
        elif days and not (days.isascii() and days.isdigit() and len(days) <= 3):  # noqa: PLR2004 - up to 720 days
            outcomes.append(Bad(row.line, f"账期「{days}」看不懂，请写成天数，例如 30"))
        elif begins and ends and ends.last < begins.first:
            outcomes.append(Bad(row.line, f"结束日 {ends.last} 在开始日 {begins.first} 之前，请核对"))
        elif (same := _same(job, row, ("contract", row.contract), row.contract in known, "合同")) is not None:
            outcomes.append(same)
        else:
            outcomes.append(taken(row.line, row.values, f"{row.name} {row.contract}", row.holder))
            if job.keeps:
                first = begins.first if begins is not None else None
                last = ends.last if ends is not None else None
                _sign(uow, row, accounts[row.who], int(days) if days else None, first, last)
    return outcomes


def _row(job: Job, uow: UnitOfWork, line: Line, day: Field, needs: Field | None = None) -> Row | Bad:
    values = job.values(line)
    number, name = values.words(Field.CUSTOMER_NUMBER, NUMBER_LENGTH), values.words(Field.COMPANY, 200)
    when = values.days(day, past=True)
    if when is None and day is Field.PAID:
        when = values.days(Field.ORDERED, past=True)
    amount = values.amount()
    order = values.words(Field.ORDER, NUMBER_LENGTH)
    if (bad := unreadable(values, line)) is not None:
        return bad
    if amount is None or when is None or not (name or number) or (needs is Field.ORDER and not order):
        there = (
            ("客户名称", name or number),
            ("金额", amount),
            (day.value, when),
            ("订单编号", order or needs is None or None),
        )
        return Bad(line, f"缺少{'、'.join(what for what, value in there if value in (None, ''))}，请补上")
    if when.first > uow.calendar.local(uow.now).date():
        return Bad(line, f"{day.value} {when.first} 在将来，请核对")
    contract = values.words(Field.CONTRACT, NUMBER_LENGTH)
    own = values.words(Field.LINE, NUMBER_LENGTH) or values.words(Field.NUMBER, NUMBER_LENGTH)
    who = ("number", number) if number else ("name", plain_name(name))
    named = contract or own if day is Field.SIGNED else contract
    return Row(line, values, who, name or number, job.holder(uow, values), amount, when.first, own, order, named)


def _accounts(job: Job, uow: UnitOfWork, rows: Sequence[Row]) -> dict[Who, Account]:
    """Return whose each row is; whoever is not on record yet is put there. Nothing of it in a dry run."""
    if not job.keeps:
        return {}
    found: dict[Who, Account] = {
        ("number", one.external_id): one
        for one in uow.accounts.numbered(row.who[1] for row in rows if row.who[0] == "number")
    }
    job.book.load(uow, ((row.name, None) for row in rows if row.who[0] == "name"))
    for row in rows:
        if row.who in found:
            continue
        entries = job.book.accounts(row.name, None) if row.who[0] == "name" else []
        known = uow.accounts.find([AccountId(entries[0].ref.id)] if entries and entries[0].ref is not None else [])
        found[row.who] = known[0] if known else _new_account(uow, row)
    uow.flush()
    return found


def _new_account(uow: UnitOfWork, row: Row) -> Account:
    account = Account(
        name=row.name,
        core_name=core_of(row.name),
        external_id=row.who[1] if row.who[0] == "number" else "",
        region=row.values.words(Field.REGION, 64),
        industry=row.values.words(Field.INDUSTRY, 64),
        owner_id=row.holder.member_id,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.accounts.add(account)
    return account


def _same(job: Job, row: Row, key: object, known: bool, what: str) -> Same | None:
    """Say that a row is on record, or came earlier in the file; else remember it."""
    if known:
        return Same(row.line, row.name, Found(row.name, what, "编号相同" if row.number else "内容相同"))
    if key in job.said:
        return Same(row.line, row.name, Found(row.name, "文件里前面的一行", "编号相同" if row.number else "内容相同"))
    job.said.add(key)
    return None


def _is_paid(uow: UnitOfWork, account: Account, row: Row) -> bool:
    payments = uow.payments.of([account.id]) if account.id else []
    return any(one.amount == row.amount and one.paid_on == row.day for one in payments)


def _order(uow: UnitOfWork, row: Row, account: Account) -> Order:
    shipped = row.values.days(Field.SHIPPED, past=True)
    order = Order(
        number=row.order,
        account_id=account.id,
        owner_id=account.owner_id,
        ordered_on=row.day,
        delivered_on=shipped.first if shipped is not None else None,
        external_id=row.order,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.orders.add(order, ())
    return order


def _line(row: Row, order: Order, quantity: Decimal, product: Product | None) -> OrderLine:
    return OrderLine(
        order_id=OrderId(order.id),
        place=row.line.number,
        product=goods_name(row.values)[:200],
        product_id=product.id if product is not None else None,
        quantity=quantity,
        unit=row.values.words(Field.UNIT, 16),
        amount=row.amount,
        external_id=row.number,
    )


def _quantity(values: Values) -> Decimal | None:
    said = values.words(Field.QUANTITY, 32)
    if not said:
        return Decimal(1)
    try:
        quantity = Decimal(said)
    except InvalidOperation:
        return None
    return quantity if quantity.is_finite() and 0 < quantity < 10**9 else None


def _contract(uow: UnitOfWork, number: str) -> Contract | None:
    found = uow.contracts.known([number]).get(number) or uow.contracts.numbered(number)
    return found if found is not None and found.state in BINDING else None


def _sign(
    uow: UnitOfWork, row: Row, account: Account, days: int | None, begins_on: date | None, ends_on: date | None
) -> None:
    """Keep a contract that was signed elsewhere, with its whole due after the usual days."""
    today = uow.calendar.local(uow.now).date()
    payment_days = days if days is not None else uow.playbook.contracts.payment_days
    contract = Contract(
        number=row.contract,
        title=row.values.words(Field.DEAL, 200) or f"{account.name}合同",
        account_id=account.id,
        owner_id=account.owner_id or row.holder.member_id,
        party_a=account.name,
        party_b=uow.playbook.contracts.our_name,
        amount=row.amount,
        payment_days=payment_days,
        begins_on=begins_on,
        ends_on=ends_on,
        external_id=row.contract,
        created_at=row.values.instant(Field.CREATED, uow.calendar, uow.now) or uow.now,
        updated_at=uow.now,
    )
    contract.sign(row.day, today)
    if ends_on is not None and ends_on < today:
        contract.close(ContractState.EXPIRED, ends_on)
    uow.contracts.add(contract)
    uow.flush()
    if not contract.number:
        contract.number = f"{uow.playbook.contracts.prefix}{row.day:%Y%m%d}-{contract.id:03d}"
    uow.contracts.add_instalment(
        Instalment(
            contract_id=contract.id,
            place=1,
            name=WHOLE_SUM,
            amount=row.amount,
            milestone=Milestone.SIGNING,
            days=payment_days,
            due_on=row.day + timedelta(days=payment_days),
            created_at=uow.now,
            updated_at=uow.now,
        )
    )
    uow.flush()
    note_end(uow, contract)
    settle_state(uow, contract)
