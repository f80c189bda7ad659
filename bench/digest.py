"""The evening digest of a large company: every leader told of their own people in one pass, against bare questions.

The floor asks every figure once for everybody, puts it to each leader's people in plain Python, and writes as many
messages: no rules, no lists of leads, no peace, no shares of deals.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Engine, delete, func, insert, select

from bench.harness import Row, Scale, in_turn, opened, timed
from bot.bootstrap import Program, build
from bot.settings import Settings
from core.model.member import SYSTEM
from core.model.money import Money
from core.services.digest import leads_people, send_digests
from storage import tables

NOW: Final = datetime(2026, 3, 5, 10, tzinfo=UTC)
TODAY: Final = NOW.date()
LEADERS, REPS = 500, 9
CHUNK: Final = 10_000
SHARE: Final = 10
"""A tenth of the leads that other benches have on record are held here, each tenth of them has news of today."""


def run(scale: Scale) -> Iterator[Row]:
    """Send everybody's digest, and check that both say the same sums."""
    leaders = min(LEADERS, max(scale.leads // 2_000, 5))
    leads = scale.leads // SHARE
    for kind in ("sqlite", "postgresql") if scale.postgresql else ("sqlite",):
        yield _row(scale, kind, leaders, leads)


def _row(scale: Scale, kind: str, leaders: int, leads: int) -> Row:
    with ExitStack() as stack:
        engine = stack.enter_context(opened(kind))
        program = build(Settings(database_url="sqlite://", redis_url="", _env_file=None), engine=engine)
        stack.callback(program.close)
        fill(engine, leaders, leads)
        ours, theirs = _told(engine, program, leaders), floor(engine)
        if ours != theirs:
            raise AssertionError(f"we tell of {ours} follow-ups and won money, the floor of {theirs}")
        figures = in_turn(
            {"ours": lambda: _sent(engine, program), "floor": lambda: timed(lambda: floor(engine))}, scale.rounds
        )
    return Row(
        bench="digest", what=f"digests of {leaders} leaders of {REPS} each, {leads:,} leads, {kind}", unit="s",
        ours=figures["ours"], other=figures["floor"], against="bare questions and rows, s", at_most=10,
    )  # fmt: skip


def _sent(engine: Engine, program: Program) -> float:
    """Send everybody's digest and return how long it took; what was sent is forgotten for the next round."""
    with engine.begin() as connection:
        connection.execute(delete(tables.outbox))

    def send() -> None:
        with program.open_work(SYSTEM, now=NOW) as uow:
            send_digests(uow, [one for one in uow.members.everybody() if leads_people(one)], TODAY)

    return timed(send)


def _told(engine: Engine, program: Program, leaders: int) -> tuple[int, int]:
    _sent(engine, program)
    with engine.connect() as connection:
        said = list(connection.scalars(select(tables.outbox.c.content)))
    if len(said) != leaders:
        raise AssertionError(f"{len(said)} of {leaders} leaders were told")
    return sum(one["followups"] for one in said), sum(one["won_month"] for one in said)


def floor(engine: Engine) -> tuple[int, int]:
    """Ask every figure once, put it to the leaders, write as many rows; return follow-ups and won money told of."""
    since, month = NOW.replace(hour=0) - timedelta(hours=8), TODAY.replace(day=1)
    talks, leads, deals, people = (table.c for table in (tables.followups, tables.leads, tables.deals, tables.members))
    made, held, rows = tables.history.c, tables.assignments.c, tables.promises.c
    questions = (
        select(talks.author_id, func.count()).where(talks.at >= since, talks.valid).group_by(talks.author_id),
        select(leads.owner_id, func.count()).where(leads.state == "working").group_by(leads.owner_id),
        select(made.actor_id, func.count())
        .where(made.subject_kind == "lead", made.at >= since)
        .group_by(made.actor_id),
        select(held.member_id, func.count()).where(held.ended_at >= since).group_by(held.member_id),
        select(rows.made_by, func.count()).where(rows.settled_at >= since).group_by(rows.made_by),
        select(deals.owner_id, func.sum(deals.amount)).where(deals.closed_on >= month).group_by(deals.owner_id),
    )
    with engine.begin() as connection:
        found = [{row[0]: row[1] for row in connection.execute(query)} for query in questions]
        of: dict[str, list[int]] = {}
        for number, department in connection.execute(select(people.id, people.department)):
            of.setdefault(department, []).append(number)
        sums = [
            Counter({place: sum(_plain(one.get(n, 0)) for n in team) for place, one in enumerate(found)})
            for team in of.values()
        ]
        content = [json.dumps([[one.get(n, 0) for one in found[:3]] for n in team]) for team in of.values()]
        connection.execute(
            insert(tables.outbox),
            [
                {
                    "channel": "bench",
                    "user_id": str(n),
                    "kind": "bench",
                    "content": said,
                    "state": "waiting",
                    "created_at": NOW,
                }
                for n, said in enumerate(content)
            ],
        )
    return sum(one[0] for one in sums), sum(one[5] for one in sums)


def _plain(value: Any) -> int:
    return value.fen if isinstance(value, Money) else int(value or 0)


def fill(engine: Engine, leaders: int, leads: int) -> None:
    """Put a company on record with leads, and a day in which something was done for each tenth."""
    dice = random.Random(2)
    stamps = {"created_at": NOW, "updated_at": NOW, "version": 1}
    reps = [leaders + 1 + n for n in range(leaders * REPS)]
    with engine.begin() as connection:
        people = [_member(n, n, "manager") for n in range(1, leaders + 1)]
        people += [_member(n, (n - leaders - 1) // REPS + 1, "rep") for n in reps]
        connection.execute(insert(tables.members), [one | stamps for one in people])
        accounts = [
            {
                "channel": "wecom",
                "user_id": f"u{one['id']}",
                "member_id": one["id"],
                "display_id": f"u{one['id']}",
                "version": 1,
            }
            for one in people
        ]
        connection.execute(insert(tables.channel_users), accounts)
        for first in range(1, leads + 1, CHUNK):
            numbers = range(first, min(first + CHUNK, leads + 1))
            holders = {n: dice.choice(reps) for n in numbers}
            connection.execute(insert(tables.leads), [_lead(n, holders[n], stamps) for n in numbers])
            fresh = [n for n in numbers if n % SHARE == 0]
            connection.execute(
                insert(tables.followups),
                [
                    {"customer_kind": "lead", "customer_id": n, "author_id": holders[n], "method": "call",
                     "content": "电话聊了报价", "at": NOW, "valid": True, **stamps}
                    for n in fresh
                ],
            )  # fmt: skip
            connection.execute(
                insert(tables.deals),
                [
                    {"id": n, "name": f"商机{n}", "owner_id": holders[n], "stage": "赢单", "outcome": "won",
                     "stage_since": NOW, "amount": Money(dice.randrange(10_000, 90_000_000)), "begun_on": TODAY,
                     "closed_on": TODAY, "external_id": "", "reason": "", "product": "", **stamps}
                    for n in fresh
                ],
            )  # fmt: skip
            connection.execute(
                insert(tables.deadlines),
                [
                    {"subject_kind": "lead", "subject_id": n, "kind": "recycle", "rule": "30天未跟进", "cycle": 1,
                     "due_at": NOW + timedelta(hours=dice.randrange(1, 900)),
                     "limit_at": NOW + timedelta(hours=dice.randrange(1, 900)), "holder_id": holders[n]}
                    for n in numbers
                ],
            )  # fmt: skip


def _member(number: int, team: int, role: str) -> dict[str, Any]:
    return {
        "id": number, "name": f"成员{number}", "department": f"销售部/{team}组", "roles": (role,), "active": True,
    }  # fmt: skip


def _lead(number: int, holder: int, stamps: dict[str, Any]) -> dict[str, Any]:
    words = dict.fromkeys(("contact_name", "contact_title", "source", "region", "industry", "need"), "")
    return {
        "id": number, "name": f"客户{number}", "core_name": f"客户{number}", **words, "grade": "B", "tags": (),
        "state": "working", "pool": "公海", "owner_id": holder, "assigned_at": NOW, "cycle": 1, **stamps,
    }  # fmt: skip
