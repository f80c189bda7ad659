"""Decisions: a tap kept, handled and written with its effect and cards, against keeping it and one transaction."""

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from itertools import count
from statistics import median
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, func, insert, select, update

from bench.harness import Row, Scale, in_turn, opened, timed
from bot.bootstrap import Program, build
from bot.event import Event, EventKind
from bot.settings import Settings
from core.model.approval import Approval
from core.model.ids import Ref
from core.model.member import SYSTEM, Member
from core.model.money import Money
from core.model.version import Treatment
from core.ports import UnitOfWork
from core.services.approvals.subjects import SUBJECTS
from core.services.approvals.submitting import preview, submit
from core.services.members import Enrolment, enrol, set_manager
from core.services.playbook.applying import Change, apply_change, newest_number
from storage import tables

NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
PEOPLE = (
    ("rep", "rep", "销售部/华东", "manager"),
    ("manager", "manager", "销售部/华东", "admin"),
    ("admin", "admin", "", ""),
)
FAR = 1_000_000
"""Where the numbers of copies begin."""

FEW = 20
"""Running approvals of a small company."""

SHORT, LONG = 2, 50
"""Nodes of a short and of a long flow; in both a decision asks the next one."""

TURNS = 3
"""Turns a round: many short ones, since the machine is never quiet for long."""

FACTS: Mapping[str, Any] = {"discount": Decimal(8), "amount": Money(10_000_000)}


class Prices:
    """Special prices that are all alike, and whose effect is nothing."""

    def facts(self, uow: UnitOfWork, subject: Ref) -> Mapping[str, Any]:
        return FACTS

    def lines(self, uow: UnitOfWork, subject: Ref) -> Sequence[tuple[str, str, str]]:
        return (("amount", "金额", "10万元"), ("discount", "折扣力度", "8%"))

    def passed(self, uow: UnitOfWork, approval: Approval) -> None:
        """Let it be."""

    def refused(self, uow: UnitOfWork, approval: Approval) -> None:
        """Let it be."""


def run(scale: Scale) -> Iterator[Row]:
    """Decide as many on both sides, on both databases; then what a long flow and a look ahead cost."""
    for kind in ("sqlite", "postgresql") if scale.postgresql else ("sqlite",):
        with ExitStack() as stack:
            stack.enter_context(patch.dict(SUBJECTS, special_price=Prices()))
            engine = stack.enter_context(opened(kind))
            program = build(Settings(database_url="sqlite://", redis_url="", _env_file=None), engine=engine)  # type: ignore[call-arg]
            stack.callback(program.close)
            office = Office(engine, program)
            gc.freeze()  # as every process of ours does at its start
            stack.callback(gc.unfreeze)
            name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[kind]
            yield from office.rows(scale, name)


class Office:
    """A company in which everything waits for one manager."""

    def __init__(self, engine: Engine, program: Program) -> None:
        self._engine, self._program, self._subjects, self._keys = engine, program, count(1), count(1)
        self._computed: dict[str, list[float]] = {}
        with program.open_work(SYSTEM) as uow:
            for user_id, role, department, _ in PEOPLE:
                enrol(uow, Enrolment(channel="wecom", user_id=user_id, name=user_id, roles=role, department=department))
            for user_id, _, _, manager in PEOPLE:
                if manager:
                    set_manager(uow, "wecom", user_id, manager)
            known = {one.name: one for one in uow.members.everybody()}
        self.rep: Member = known["rep"]
        self._decision()  # what is built once is built now

    def rows(self, scale: Scale, name: str) -> Iterator[Row]:
        """Measure everything on one database, with the running approvals of the scale on record."""
        taps, turns = min(max(scale.due // 60, 5), 30), scale.rounds * TURNS
        standing = scale.due
        [first] = self._submit(1)
        self._stand(first, FEW, FAR)
        few = [self._decision() for _ in range(turns)]
        self._stand(first, standing, 2 * FAR)
        many = [self._decision() for _ in range(turns)]
        yield Row(
            bench="approvals",
            what=f"CPU of a decision, {standing:,} running, {name}",
            unit="ms",
            ours=[median(many)],
            other=[median(few)],
            against=f"{FEW} running",
            at_most=1.3,
        )
        submitted = timed(partial(self._submit, taps)) / taps * 1000
        yield Row(bench="approvals", what=f"submission, {standing:,} running, {name}", unit="ms", ours=[submitted])
        figures = in_turn({"ours": partial(self._decided, taps), "floor": partial(self._bare, taps)}, turns)
        yield Row(
            bench="approvals",
            what=f"decisions a second of CPU, {standing:,} running, {name}",
            unit="/s",
            ours=self._computed["ours"],
            other=self._computed["floor"],
            against="keeping + one bare transaction",
        )
        yield Row(
            bench="approvals",
            what=f"decisions with all cards, {standing:,} running, {name}",
            unit="/s",
            ours=figures["ours"],
            other=figures["floor"],
            against="keeping + one bare transaction",
            at_least=0.4,
        )
        ahead = [self._ahead(taps) for _ in range(scale.rounds)]
        yield Row(bench="approvals", what=f"who would be asked, {name}", unit="ms", ours=ahead, at_most=5)
        taken = {}
        for nodes in (SHORT, LONG):
            self._flow(nodes)
            self._decision()
            taken[nodes] = median(self._decision() for _ in range(turns))
        yield Row(
            bench="approvals",
            what=f"CPU of a decision in a flow of {LONG} nodes, {name}",
            unit="ms",
            ours=[taken[LONG]],
            other=[taken[SHORT]],
            against=f"a flow of {SHORT} nodes",
            at_most=2,
        )

    def _flow(self, nodes: int) -> None:
        steps = "".join(f"        - {{name: 第{n}步, by: [{{superior: 1}}]}}\n" for n in range(nodes))
        flow = f"    - name: 长\n      kind: special_price\n      repeated: every\n      steps:\n{steps}"
        text = f"approvals:\n  flows:\n{flow}"
        with self._program.open_work(SYSTEM) as uow:
            document = uow.documents.read(text)
            apply_change(
                uow,
                Change(document=document, why="bench", base=newest_number(uow), treatment=Treatment.RECALCULATE),
            )

    def _submit(self, how_many: int) -> list[int]:
        made = []
        for _ in range(how_many):
            with self._program.open_work(self.rep) as uow:
                found = submit(uow, "special_price", Ref("quote", next(self._subjects)), title="华东机电 8%")
                made.append(found.id if found is not None else 0)
        return made

    def _stand(self, first: int, how_many: int, begin: int) -> None:
        """Let as many more be running, by copies of the rows of one under numbers from `begin` on."""
        named = {"approvals": tables.approvals.c.id, "approval_tasks": tables.approval_tasks.c.approval_id}
        with self._engine.begin() as connection:
            rows = {
                name: [dict(row) for row in connection.execute(select(column.table).where(column == first)).mappings()]
                for name, column in named.items()
            }
            about = tables.deadlines.c.subject_id == first
            promises = [dict(row) for row in connection.execute(select(tables.deadlines).where(about)).mappings()]
            for row in promises:
                del row["id"]
            many = range(begin, begin + how_many)
            for table, key, copied in (
                (tables.approvals, "id", rows["approvals"]),
                (tables.approval_tasks, "approval_id", rows["approval_tasks"]),
                (tables.deadlines, "subject_id", promises),
            ):
                further = {"subject_id": None} if table is tables.approvals else {}
                fresh = [row | dict.fromkeys((key, *further), number) for number in many for row in copied]
                for place in range(0, len(fresh), 1000):
                    connection.execute(insert(table), fresh[place : place + 1000])

    def _decided(self, how_many: int) -> float:
        """Tap as many cards; return decisions a second."""
        asked = self._submit(how_many)
        cards = self._cards(asked)

        def tap() -> None:
            for approval, card in cards.items():
                self._keep(approval, card)
                self._program.dispatcher.drain("wecom", "manager")

        rate = self._rate("ours", how_many, tap)
        with self._program.open_work(SYSTEM, reading=True) as uow:
            running = [one.id for one in uow.approvals.find(asked) if one.is_running]
        if running:
            raise AssertionError(f"{len(running)} taps decided nothing")
        return rate

    def _rate(self, whose: str, how_many: int, work: Callable[[], object]) -> float:
        """Return how many a second were done; note how many a second of this process's own computing."""
        begun = time.process_time()
        seconds = timed(work)
        self._computed.setdefault(whose, []).append(how_many / (time.process_time() - begun))
        return how_many / seconds

    def _bare(self, how_many: int) -> float:
        """Keep as many taps, and write one row in, one row over and one row out for each."""
        asked = self._submit(how_many)
        return self._rate("floor", how_many, lambda: [self._one_bare(approval) for approval in asked])

    def _one_bare(self, approval: int) -> None:
        key = self._keep(approval, by="rep")
        message = {
            "channel": "wecom",
            "user_id": "rep",
            "kind": "card",
            "content": {"title": "已同意"},
            "created_at": NOW,
            "state": "waiting",
        }
        with self._engine.begin() as connection:
            inbox, approvals = tables.inbox, tables.approvals
            connection.execute(update(inbox).where(inbox.c.key == key).values(state="done", done_at=NOW))
            connection.execute(update(approvals).where(approvals.c.id == approval).values(state="approved"))
            connection.execute(insert(tables.outbox), [message])

    def _cards(self, asked: Sequence[int]) -> dict[int, str]:
        """Return the card of each approval as the manager's screen names it."""
        rows = tables.outbox.c
        first = f"approval:{asked[0]}"
        with self._engine.connect() as connection:
            least = connection.scalar(select(func.min(rows.id)).where(rows.screen == first)) or 0
            found = connection.execute(
                select(rows.screen, rows.id, rows.created_at).where(rows.id >= least, rows.user_id == "manager")
            ).all()
        cards = {screen: f"o{number}-{int(at.timestamp()):x}" for screen, number, at in found if screen}
        return {one: cards[f"approval:{one}"] for one in asked}

    def _keep(self, approval: int, card: str = "", by: str = "manager") -> str:
        key = f"k{next(self._keys)}"
        event = Event(
            channel="wecom",
            kind=EventKind.TAP,
            key=key,
            user_id=by,
            at=datetime.now(UTC),
            card=card,
            response_code=key,
            action="approval.approve",
            values={"approval": str(approval), "task": "1"},
        )
        self._program.keep([event])
        return key

    def _ahead(self, times: int) -> float:
        """Return the milliseconds of one look at who would be asked."""
        with self._program.open_work(self.rep, reading=True) as uow:
            look: Callable[[], object] = partial(preview, uow, "special_price", FACTS)
            look()
            return timed(lambda: [look() for _ in range(times)]) / times * 1000

    def _decision(self) -> float:
        """Return the milliseconds that one decision through the dispatcher computes."""
        [asked] = self._submit(1)
        self._keep(asked, self._cards([asked])[asked])
        begun = time.thread_time()
        self._program.dispatcher.drain("wecom", "manager")
        return (time.thread_time() - begun) * 1000
