"""A race for the pool: fifty claimers, every lead wanted by two of them, against a bare one-statement claim."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from threading import Thread

from sqlalchemy import Engine, func, insert, select, text

from bench.harness import Row, Scale, in_turn, opened, timed
from bot.bootstrap import Program, build
from bot.settings import Settings
from core.errors import Conflict, LeadAlreadyHeld
from core.model.ids import LeadId
from core.model.member import SYSTEM, Member
from core.model.version import Treatment
from core.services.claiming import claim_lead
from core.services.members import Enrolment, enrol
from core.services.playbook.applying import Change, apply_change
from storage import tables

CLAIMERS = 50
LIMITS = """\
pools:
  - {name: 公海, claims_per_day: 1000000}
capacity: {most: 100000}
"""
NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)


def run(scale: Scale) -> Iterator[Row]:
    """Let both claim the same number of fresh leads in turn."""
    for kind in ("sqlite", "postgresql") if scale.postgresql else ("sqlite",):
        with ExitStack() as stack:
            engine = stack.enter_context(opened(kind))
            program = build(Settings(database_url="sqlite://", redis_url="", _env_file=None), engine=engine)  # type: ignore[call-arg]
            stack.callback(program.close)
            raise_limits(program)
            race = Race(engine, program, max(scale.due // 5, CLAIMERS))
            figures = in_turn({"service": race.service, "bare": race.bare}, scale.rounds)
            name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[kind]
            yield Row(
                bench="claim",
                what=f"claims with history and deadlines, {name}",
                unit="/s",
                ours=figures["service"],
                other=figures["bare"],
                against="bare UPDATE",
                at_least=0.3,
            )
            yield Row(
                bench="claim", what=f"leads with two owners, {name}", unit="leads", ours=[race.doubled()], at_most=0
            )


def raise_limits(program: Program) -> None:
    """Let every limit be judged and none be met, however long the race is."""
    with program.open_work(SYSTEM) as uow:
        document = uow.documents.read(LIMITS)
        apply_change(uow, Change(document=document, why="bench", treatment=Treatment.RECALCULATE))


class Race:
    """Claimers, and pools of fresh leads for them."""

    def __init__(self, engine: Engine, program: Program, leads: int) -> None:
        self._engine, self._program, self._size, self._given = engine, program, leads, 0
        self._members = [self._enrol(number) for number in range(CLAIMERS)]

    def service(self) -> float:
        """Claim through the service; return claims a second."""
        return self._race(self._claim)

    def bare(self) -> float:
        """Claim by one statement that says nothing to anybody."""
        return self._race(self._claim_bare)

    def doubled(self) -> int:
        """Count leads that were given to more than one."""
        lead = tables.assignments.c.lead_id
        twice = select(lead).group_by(lead).having(func.count() > 1).subquery()
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(twice)) or 0

    def _race(self, claim: Callable[[Member, int], None]) -> float:
        leads = self._fresh()
        threads = [Thread(target=self._walk, args=(claim, number, leads)) for number in range(CLAIMERS)]

        def start() -> None:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        seconds = timed(start)
        rows = tables.leads.c
        with self._engine.connect() as connection:
            held = connection.scalar(
                select(func.count()).where(rows.id.between(leads[0], leads[-1]), rows.owner_id.is_not(None))
            )
        if held != len(leads):
            raise AssertionError(f"{held} of {len(leads)} claimed")
        return len(leads) / seconds

    def _walk(self, claim: Callable[[Member, int], None], number: int, leads: Sequence[int]) -> None:
        """Want every fiftieth lead, and the one a neighbour wants."""
        for lead in leads:
            if lead % CLAIMERS in (number, (number + 1) % CLAIMERS):
                claim(self._members[number], lead)

    def _claim(self, member: Member, lead: int) -> None:
        for _ in range(10):
            try:
                with self._program.open_work(member) as uow:
                    claim_lead(uow, LeadId(lead))
                return
            except LeadAlreadyHeld:
                return
            except Conflict:
                continue
        raise AssertionError("conflicts without end")

    def _claim_bare(self, member: Member, lead: int) -> None:
        with self._engine.begin() as connection:
            connection.execute(_BARE, {"me": member.id, "lead": lead})

    def _fresh(self) -> range:
        first, self._given = self._given + 1, self._given + self._size
        rows = [
            {
                **dict.fromkeys(("contact_name", "contact_title", "source", "region", "industry", "grade", "need"), ""),
                **{"id": number, "name": f"第{number}家机电", "core_name": f"第{number}家", "state": "pooled"},
                **{"pool": "公海", "cycle": 0, "created_at": NOW, "updated_at": NOW, "version": 1, "pooled_at": NOW},
            }
            for number in range(first, self._given + 1)
        ]
        with self._engine.begin() as connection:
            connection.execute(insert(tables.leads), rows)
        return range(first, self._given + 1)

    def _enrol(self, number: int) -> Member:
        with self._program.open_work(SYSTEM) as uow:
            enrol(uow, Enrolment(channel="wecom", user_id=f"rep{number}", name=f"销售{number}", roles="rep"))
        with self._program.open_work(SYSTEM, reading=True) as uow:
            member = uow.members.known_as("wecom", f"rep{number}")
            if member is None:
                raise AssertionError("nobody was enrolled")
            return member


_BARE = text(
    "update leads set owner_id = :me, state = 'assigned', assigned_at = current_timestamp, version = version + 1 "
    "where id = :lead and owner_id is null"
)
