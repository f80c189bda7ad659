"""A rule rehearsed: ninety days of a hundred thousand leads replayed under two playbooks, against one plain pass.

The floor reads the same rows and walks them once in plain Python with one fixed limit: no rules, no calendar, no
exemptions, no warnings. Ours follows every tenure under the present rule and under the changed one.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, insert, select

from bench.harness import Row, Scale, in_turn, opened, timed
from bot.bootstrap import build
from bot.settings import Settings
from core.model.member import SYSTEM
from core.model.playbook import Basis, Playbook, RecycleRule
from core.services.simulation import Simulation, simulate
from storage import tables

NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)
DAYS = 90
HOLDERS = 100
CHUNK = 10_000
LIMIT = timedelta(hours=24)
SHARE = 10
"""The rehearsal is over a tenth of the leads that other benches have on record."""


def run(scale: Scale) -> Iterator[Row]:
    """Rehearse, and check that both contenders see the same tenures."""
    leads = max(scale.leads // SHARE, 100)
    with ExitStack() as stack:
        engine = stack.enter_context(opened("sqlite"))
        program = build(Settings(database_url="sqlite://", redis_url="", _env_file=None), engine=engine)  # type: ignore[call-arg]
        stack.callback(program.close)
        fill(engine, leads)
        rule = RecycleRule(id="首次跟进48小时", basis=Basis.ASSIGNED_NO_CONTACT, amount=timedelta(hours=48))
        changed = Playbook(recycle=(rule, Playbook().recycle[1]))
        found: list[Simulation] = []

        def ours() -> float:
            with program.open_work(SYSTEM, now=NOW, reading=True) as uow:
                return timed(lambda: found.append(simulate(uow, changed, DAYS)))

        figures = in_turn({"ours": ours, "floor": lambda: timed(lambda: floor(engine))}, scale.rounds)
    if found[-1].tenures != leads or not found[-1].kept:
        raise AssertionError(found[-1].tenures)
    what = f"{leads:,} leads, {DAYS} days, two playbooks"
    yield Row(bench="rehearsal", what=what, unit="s", ours=figures["ours"], at_most=5)
    yield Row(
        bench="rehearsal",
        what=what,
        unit="s",
        ours=figures["ours"],
        other=figures["floor"],
        against="one plain pass over the same rows",
        at_most=3,
    )


def floor(engine: Engine) -> int:
    """Read tenures and follow-ups and count whose first contact came too late."""
    touches: dict[int, list[datetime]] = defaultdict(list)
    held, followups = tables.assignments.c, tables.followups.c
    late = 0
    with engine.connect() as connection:
        query = select(followups.customer_id, followups.at).where(followups.customer_kind == "lead", followups.valid)
        for lead, at in connection.execute(query):
            touches[lead].append(at)
        for lead, begun_at in connection.execute(select(held.lead_id, held.begun_at)):
            first = min((at for at in touches.get(lead, ()) if at >= begun_at), default=NOW)
            late += first > begun_at + LIMIT
    return late


def fill(engine: Engine, leads: int) -> None:
    """Put leads on record that came to their holders over ninety days, and their follow-ups."""
    rng = random.Random(1)
    stamps = {"created_at": NOW, "updated_at": NOW, "version": 1}
    with engine.begin() as connection:
        connection.execute(
            insert(tables.members),
            [
                {"id": n, "name": f"成员{n}", "department": "销售部", "roles": ["rep"], "active": True, **stamps}
                for n in range(1, HOLDERS + 1)
            ],
        )
        for first in range(1, leads + 1, CHUNK):
            numbers = range(first, min(first + CHUNK, leads + 1))
            begun = {n: NOW - timedelta(seconds=rng.randrange(DAYS * 86400)) for n in numbers}
            connection.execute(insert(tables.leads), [_lead(n, begun[n], stamps) for n in numbers])
            connection.execute(
                insert(tables.assignments),
                [
                    {"lead_id": n, "member_id": n % HOLDERS + 1, "begun_at": begun[n], "begun_by": "领取"}
                    | {"ended_by": "", "reason": "", "version": 1}
                    for n in numbers
                ],
            )
            talks = [(n, begun[n] + timedelta(hours=rng.expovariate(1 / 40))) for n in numbers for _ in range(n % 4)]
            connection.execute(
                insert(tables.followups),
                [
                    {"customer_kind": "lead", "customer_id": n, "author_id": n % HOLDERS + 1, "method": "call"}
                    | {"content": "电话聊了报价", "at": at, "valid": True, **stamps, "created_at": at}
                    for n, at in talks
                    if at < NOW
                ],
            )


def _lead(number: int, at: datetime, stamps: dict[str, object]) -> dict[str, object]:
    words = dict.fromkeys(("contact_name", "contact_title", "source", "region", "industry", "need"), "")
    return {
        "id": number,
        "name": f"客户{number}",
        "core_name": f"客户{number}",
        **words,
        "grade": "B",
        "tags": (),
        "state": "working",
        "pool": "公海",
        "owner_id": number % HOLDERS + 1,
        "assigned_at": at,
        "cycle": 1,
        **stamps,
    }
