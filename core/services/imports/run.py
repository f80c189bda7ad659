"""One import from first row to report: some hundreds of rows to a transaction, the same again without effect."""

from collections.abc import Callable, Sequence
from itertools import islice

from core.errors import BadInput, Conflict
from core.model.ids import AccountId
from core.model.member import SYSTEM
from core.ports import OpenWork, UnitOfWork
from core.rules.fields.catalogue import catalogue_of
from core.services.imports.beside import take_contacts, take_followups
from core.services.imports.columns import Kind, with_custom
from core.services.imports.deals import take_deals
from core.services.imports.job import OBJECT_OF, Job, Order
from core.services.imports.leads import take_accounts, take_leads
from core.services.imports.money import take_contracts, take_orders, take_payments
from core.services.imports.people import People
from core.services.imports.products import take_prices, take_products
from core.services.imports.report import Bad, Outcome, Report, Same
from core.services.imports.sheet import BadRows, Readers, Sheet
from core.services.imports.tables import Line, NoLine, Survey, lines, require_headings, survey

BATCH = 500
TRIES = 3

Taker = Callable[[Job, UnitOfWork, Sequence[Line]], list[Outcome]]
TAKERS: dict[Kind, Taker] = {
    Kind.LEADS: take_leads,
    Kind.ACCOUNTS: take_accounts,
    Kind.CONTACTS: take_contacts,
    Kind.DEALS: take_deals,
    Kind.FOLLOWUPS: take_followups,
    Kind.ORDERS: take_orders,
    Kind.PAYMENTS: take_payments,
    Kind.CONTRACTS: take_contracts,
    Kind.PRODUCTS: take_products,
    Kind.PRICES: take_prices,
}


def run_import(
    open_work: OpenWork,
    name: str,
    sheets: Sequence[Sheet],
    order: Order,
    readers: Readers,
    *,
    bad: BadRows | None = None,
    progress: Callable[[int], None] = lambda rows: None,
) -> Report:
    """Take every row of `sheets` in, or say why not; `order.dry_run` judges the same and writes nothing.

    Rows that came in stay in when a later batch fails; run again, they are recognised.
    """
    surveys = look_over(sheets, order.kind, name)
    useful = [one for one in surveys if one.is_useful]
    _know_own_fields(open_work, useful, order.kind)
    report = Report(file=name, kind=order.kind, dry_run=order.dry_run)
    report.sheets = [one.sheet.name for one in useful]
    report.skipped_sheets = [one.sheet.name for one in surveys if one not in useful and one.height]
    job = Job(order, readers, several_sheets=len(useful) > 1)
    for one in useful:
        rows = lines(one)
        while batch := list(islice(rows, BATCH)):
            _take(open_work, job, report, batch, bad)
            progress(len(batch))
    if job.keeps:
        _settle(open_work, job, report)
    return report


def _know_own_fields(open_work: OpenWork, surveys: Sequence[Survey], kind: Kind) -> None:
    """Let columns that are called like the company's own fields hold them."""
    if kind not in OBJECT_OF:
        return
    with open_work(SYSTEM, reading=True) as uow:
        catalogue = catalogue_of(uow.playbook, OBJECT_OF[kind])
    for table in (table for one in surveys for table in one.tables):
        if table.columns is not None and catalogue.custom:
            table.columns = with_custom(table.columns, catalogue)


def look_over(sheets: Sequence[Sheet], kind: Kind, name: str) -> list[Survey]:
    """Find the tables; refuse a file without one of this kind."""
    surveys = [survey(sheet, kind) for sheet in sheets]
    require_headings(surveys, kind, name)
    return surveys


def default_owner(open_work: OpenWork, words: str, kind: Kind, *, dry_run: bool) -> Order:
    """Return the order whose default holder is called `words`; refuse a holder nobody knows."""
    if not words:
        return Order(kind, dry_run)
    with open_work(SYSTEM, reading=True) as uow:
        member_id = People().find(uow, words)
    if member_id is None:
        raise BadInput(
            f"默认负责人「{words}」不在成员名单里。用 liaodan members list 查看，写成姓名、账号或 wecom:账号"
        )
    return Order(kind, dry_run, member_id)


def _take(open_work: OpenWork, job: Job, report: Report, batch: Sequence[Line | NoLine], bad: BadRows | None) -> None:
    """Take some rows in one transaction, and account for them once it holds."""
    rows = [one for one in batch if isinstance(one, Line)]
    outcomes = iter(_in_one_transaction(open_work, job, rows) if rows else ())
    for one in batch:
        outcome = next(outcomes) if isinstance(one, Line) else one
        report.add(outcome)
        if isinstance(one, Line):
            report.note_columns(one)
        if bad is not None and not isinstance(outcome, NoLine):
            _hand_back(outcome, report, bad)


def _in_one_transaction(open_work: OpenWork, job: Job, rows: Sequence[Line]) -> list[Outcome]:
    for attempt in range(1, TRIES + 1):
        try:
            with open_work(SYSTEM, reading=not job.keeps) as uow:
                uow.does("import")
                outcomes = TAKERS[job.order.kind](job, uow, rows)
        except Conflict:
            job.book.forget_fresh()
            if attempt == TRIES:
                raise
        else:
            job.book.settle()
            return outcomes
    raise AssertionError("unreachable")


def _hand_back(outcome: Outcome, report: Report, bad: BadRows) -> None:
    match outcome:
        case Bad(line=line, reason=reason):
            bad.add(line.headings, line.texts, report.row(outcome), reason)
        case Same(line=line, mend=mend) if mend:
            bad.add(line.headings, line.texts, report.row(outcome), mend)


def _settle(open_work: OpenWork, job: Job, report: Report) -> None:
    """Give accounts that nobody held to whoever has their newest deal, and say when they were last followed up."""
    ids = iter(sorted(set(job.holders) | set(job.latest)))
    while some := list(islice(ids, BATCH)):
        with open_work(SYSTEM) as uow:
            uow.does("import")
            for account_id in some:
                _settle_one(uow, job, report, account_id)


def _settle_one(uow: UnitOfWork, job: Job, report: Report, account_id: AccountId) -> None:
    account = uow.accounts.get(account_id)
    if account_id in job.latest:
        account.followed_up(job.latest[account_id])
    if account_id in job.holders and account.owner_id is None:
        account.owner_id = job.holders[account_id][1]
        report.made["客户原无负责人，已归最近商机的负责人"] += 1
