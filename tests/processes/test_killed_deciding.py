"""Decisions stream through a worker that is killed again and again: each counts once, and none is lost."""

import signal
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from bot.bootstrap import Program, build
from bot.event import Event, EventKind
from bot.settings import Settings
from core.model.customer import Account
from core.model.ids import QuoteId
from core.model.member import SYSTEM
from core.model.money import Money
from core.model.quote import QuoteState
from core.services.quote_lines import Wanted
from core.services.quotes import Terms, create_quote
from storage import tables
from storage.engine import open_engine
from tests.processes.test_processes import Company, until

PRICES, KILLS = 12, 3


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    engine = open_engine(f"sqlite:///{tmp_path / 'liaodan.db'}")
    made = Company(engine, "", tmp_path)
    yield made
    made.close()
    engine.dispose()


def _submitted(program: Program) -> list[int]:
    """Let 张伟 offer as many prices, each of which waits for a decision."""
    with program.open_work(SYSTEM, reading=True) as uow:
        rep = uow.members.known_as("wecom", "zhangwei")
    assert rep is not None
    for number in range(PRICES):
        with program.open_work(rep) as uow:
            life = {"owner_id": rep.id, "created_at": uow.now, "updated_at": uow.now}
            account = Account(name=f"第{number}家机电", core_name=f"第{number}家", **life)
            uow.accounts.add(account)
            uow.flush()
            line = Wanted(words="产线改造", quantity=Decimal(1), unit="项", price=Money(1_000_000), free=True)
            create_quote(uow, account, [line], Terms(discount=Decimal(8), reason="对手报得低"))
    with program.engine.connect() as connection:
        return list(connection.scalars(select(tables.approvals.c.id).order_by(tables.approvals.c.id)))


def _taps(program: Program, approvals: list[int]) -> list[Event]:
    """Return a tap of 同意 on the card of each, by whoever it was sent to."""
    rows = tables.outbox.c
    with program.engine.connect() as connection:
        cards = {
            row.screen: row
            for row in connection.execute(select(tables.outbox).where(rows.screen.is_not(None)).order_by(rows.id))
        }
    return [
        Event(
            channel="wecom",
            kind=EventKind.TAP,
            key=f"tap-{one}",
            user_id=card.user_id,
            at=datetime.now(UTC),
            card=f"o{card.id}-{int(card.created_at.timestamp()):x}",
            response_code=f"tap-{one}",
            action="approval.approve",
            values={"approval": str(one), "task": "1"},
        )
        for one in approvals
        for card in [cards[f"approval:{one}"]]
    ]


@pytest.mark.timeout(300)
def test_a_worker_killed_again_and_again_decides_each_once_and_loses_none(company: Company) -> None:
    rng = Random(7)
    url = company.engine.url.render_as_string(hide_password=False)
    program = build(Settings(database_url=url, _env_file=None))
    try:
        approvals = _submitted(program)
        assert len(approvals) == PRICES
        taps = _taps(program, approvals)
        worker = company.starts("worker")
        done = tables.inbox.c.state == "done"
        for place in range(KILLS):
            program.keep(taps[place * 4 : place * 4 + 4])
            wanted = place * 4 + rng.randint(1, 3)
            until(lambda: company.count(tables.inbox, done) >= wanted, 60)  # noqa: B023 - waited for at once
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            worker = company.starts("worker")
        program.keep(taps)  # the platform sends everything again
        until(lambda: company.count(tables.inbox, done) == PRICES, 60)
        with program.open_work(SYSTEM, reading=True) as uow:
            assert Counter(one.state for one in uow.approvals.find(approvals)) == {"approved": PRICES}
            for one in approvals:
                deeds = [(change.after or {})["did"]["deed"] for change in uow.approvals.log(one)]
                assert deeds == ["submit", "approve"], one
                assert not uow.deadlines.of(uow.approvals.get(one).ref)
                [quote] = uow.quotes.find([QuoteId(uow.approvals.get(one).subject_id)])
                assert quote.state == QuoteState.VALID, "the decision and its effect are one"
        company.lets_leases_run_out()
        until(lambda: company.count(tables.outbox, tables.outbox.c.state.in_(("waiting", "unknown"))) == 0, 90)
        with company.engine.connect() as connection:
            answers = [row for row in connection.scalars(select(tables.outbox.c.replaces)) if row]
        assert Counter(row["response_code"] for row in answers if "response_code" in row) == dict.fromkeys(
            (tap.key for tap in taps), 1
        ), "each card that was tapped is answered once"
    finally:
        program.close()
