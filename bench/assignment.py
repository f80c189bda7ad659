"""Who gets a lead: the first of a thousand rules that fits, against closures and rule engines, and the whole service.

Every contender looks at the same leads under the same rules of four conditions each and says which rule is the first
that fits; who says another than the closures ends the run.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bench.harness import Row, Scale, in_turn, opened, timed
from bot.bootstrap import Program, build
from bot.settings import Settings
from core.model.lead import Lead
from core.model.member import SYSTEM
from core.model.playbook import Playbook
from core.model.routing import Way
from core.rules.assignment import RuleBook
from core.rules.fields.catalogue import Catalogue, Facts, catalogue_of
from core.services.assignment import route, rule_book
from core.services.members import Enrolment, enrol

NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
RULES = 1_000
REGIONS = (
    *("江苏", "浙江", "上海", "广东", "福建", "山东", "北京", "河北"),
    *("河南", "湖北", "湖南", "四川", "重庆", "陕西", "辽宁", "安徽"),
)
SOURCES = ("官网", "展会", "转介绍", "广告", "公众号", "电话", "百度", "抖音")
INDUSTRIES = ("机械", "电子", "汽车", "化工", "医药", "纺织", "食品", "物流", "能源", "建材", "软件", "教育")
PEOPLE, BATCH = 50, 500
SPECS = [{"key": "amount", "label": "金额", "type": "money"}]


@dataclass
class Known:
    """One lead as the engines see it."""

    region: str
    source: str
    industry: str
    amount: int
    lead: Lead = field(repr=False)

    @property
    def plain(self) -> dict[str, Any]:
        return {"region": self.region, "source": self.source, "industry": self.industry, "amount": self.amount}


@dataclass(frozen=True)
class Wanted:
    """What one rule wants."""

    regions: tuple[str, ...]
    source: str
    industries: tuple[str, ...]
    least: int

    def as_rule(self, number: int) -> dict[str, Any]:
        tests = [
            {"field": "region", "op": "in", "value": list(self.regions)},
            {"field": "source", "value": self.source},
            {"field": "industry", "op": "in", "value": list(self.industries)},
            {"field": "amount", "op": ">=", "value": self.least},
        ]
        whom = [f"销售{(number + n) % PEOPLE}" for n in range(3)]
        return {"id": f"规则{number}", "when": {"all": tests}, "to": {"members": whom}}


def run(scale: Scale) -> Iterator[Row]:
    """Compare the first rule that fits, then how it grows, then the whole service."""
    dice = random.Random(7)
    rules = min(RULES, scale.leads // 4)
    wanted, leads = _wanted(dice, rules), _leads(dice, min(10_000, scale.leads // 5))
    playbook = _playbook(wanted)
    ours = Ours(playbook)
    closures = _closures(wanted)
    few = leads[:5]
    peers = {name: make(wanted) for name, make in PEERS.items()}
    _agree(closures, {"ours": ours.first, **peers}, leads, few)
    per_lead = {
        "ours": lambda: _seconds(ours.first, leads),
        "closures": lambda: _seconds(closures, leads[: max(len(leads) // 5, 5)]),
        **{name: (lambda first=first: _seconds(first, few)) for name, first in peers.items()},
    }
    figures = in_turn(per_lead, scale.rounds)
    micro = {name: [one * 1e6 for one in some] for name, some in figures.items()}
    yield Row(
        bench="assignment", what=f"first of {rules:,} rules that fits a lead", unit="µs",
        ours=micro["ours"], other=micro["closures"], against="closures, in µs", at_most=2.0,
    )  # fmt: skip
    for name in peers:
        yield Row(
            bench="assignment", what=f"the same, how many times faster than {name}", unit="µs",
            ours=micro[name], other=micro["ours"], against="ours, in µs", at_least=20.0,
        )  # fmt: skip
    tenth = Ours(_playbook(wanted[: max(rules // 10, 1)]))
    grown = in_turn(
        {"all": lambda: _seconds(ours.first, leads), "tenth": lambda: _seconds(tenth.first, leads)}, scale.rounds
    )
    yield Row(
        bench="assignment", what="ten times the rules cost", unit="µs", ours=[one * 1e6 for one in grown["all"]],
        other=[one * 1e6 for one in grown["tenth"]], against="a tenth of them, in µs", at_most=5.0,
    )  # fmt: skip
    yield from _service(scale, playbook, wanted, dice)


class Ours:
    """The rules as the product keeps them."""

    def __init__(self, playbook: Playbook) -> None:
        self.catalogue: Catalogue = catalogue_of(playbook, "lead")
        self.book = RuleBook(playbook.assignment.rules, self.catalogue)

    def first(self, known: Known) -> int | None:
        return next(self.book.fitting(Facts(known.lead, self.catalogue, NOW)), None)


First = Callable[[Known], int | None]


def _closures(wanted: Sequence[Wanted]) -> First:
    """The floor: every rule a closure over sets, one after the other."""

    def made(one: Wanted) -> Callable[[Known], bool]:
        regions, source, industries, least = frozenset(one.regions), one.source, frozenset(one.industries), one.least
        return lambda lead: (
            lead.region in regions and lead.source == source and lead.industry in industries and lead.amount >= least
        )

    return _one_by_one([made(one) for one in wanted])


def _one_by_one(tests: Sequence[Callable[[Any], Any]], of: Callable[[Known], Any] = lambda known: known) -> First:
    def first(known: Known) -> int | None:
        given = of(known)
        return next((number for number, test in enumerate(tests) if test(given)), None)

    return first


def _rule_engine(wanted: Sequence[Wanted]) -> First:
    import rule_engine

    rules = [
        rule_engine.Rule(
            f"region in {list(one.regions)!r} and source == {one.source!r} "
            f"and industry in {list(one.industries)!r} and amount >= {one.least}"
        )
        for one in wanted
    ]
    return _one_by_one([rule.matches for rule in rules], lambda known: known.plain)


def _cel(wanted: Sequence[Wanted]) -> First:
    import celpy
    from celpy.adapter import json_to_cel

    environment = celpy.Environment()
    programs = [
        environment.program(
            environment.compile(
                f"region in {list(one.regions)!r} && source == {one.source!r} "
                f"&& industry in {list(one.industries)!r} && amount >= {one.least}"
            )
        )
        for one in wanted
    ]
    return _one_by_one(
        [program.evaluate for program in programs],
        lambda known: {name: json_to_cel(value) for name, value in known.plain.items()},
    )


def _json_logic(wanted: Sequence[Wanted]) -> First:
    from json_logic import jsonLogic

    rules = [
        {
            "and": [
                {"in": [{"var": "region"}, list(one.regions)]},
                {"==": [{"var": "source"}, one.source]},
                {"in": [{"var": "industry"}, list(one.industries)]},
                {">=": [{"var": "amount"}, one.least]},
            ]
        }
        for one in wanted
    ]
    tests = [(lambda given, rule=rule: jsonLogic(rule, given)) for rule in rules]
    return _one_by_one(tests, lambda known: known.plain)


PEERS: dict[str, Callable[[Sequence[Wanted]], First]] = {
    "rule-engine": _rule_engine,
    "cel-python": _cel,
    "json-logic": _json_logic,
}


def _agree(floor: First, others: dict[str, First], leads: Sequence[Known], few: Sequence[Known]) -> None:
    for name, first in others.items():
        for known in leads if name == "ours" else few:
            if first(known) != floor(known):
                raise AssertionError(f"{name} says {first(known)} of {known}, the closures say {floor(known)}")


def _seconds(first: First, leads: Sequence[Known]) -> float:
    def look() -> None:
        for known in leads:
            first(known)

    return timed(look) / len(leads)


def _service(scale: Scale, playbook: Playbook, wanted: Sequence[Wanted], dice: random.Random) -> Iterator[Row]:
    """Give leads to people: with why, history, deadlines, turns and notices, in batches of an import."""
    count = min(100_000, scale.leads)
    for kind in ("sqlite", "postgresql") if scale.postgresql else ("sqlite",):
        with ExitStack() as stack:
            engine = stack.enter_context(opened(kind))
            program = build(Settings(database_url="sqlite://", redis_url="", _env_file=None), engine=engine)  # type: ignore[call-arg]
            stack.callback(program.close)
            _enrol(program, playbook)
            rates = [_assigned(program, dice, wanted, count // scale.rounds) for _ in range(scale.rounds)]
            name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[kind]
            yield Row(
                bench="assignment", what=f"leads given under {len(wanted):,} rules, with why and clocks, {name}",
                unit="/s", ours=rates,
            )  # fmt: skip


def _enrol(program: Program, playbook: Playbook) -> None:
    with program.open_work(SYSTEM) as uow:
        for number in range(PEOPLE):
            enrol(uow, Enrolment(channel="wecom", user_id=f"rep{number}", name=f"销售{number}", roles="rep"))
    source: Any = program.open_work._source
    source.in_force = lambda _: playbook
    rule_book(playbook)


def _assigned(program: Program, dice: random.Random, wanted: Sequence[Wanted], count: int) -> float:
    """Put leads on record and give them; return how many a second were given, records left out."""
    seconds = 0.0
    for start in range(0, count, BATCH):
        leads = [known.lead for known in _leads(dice, min(BATCH, count - start))]
        with program.open_work(SYSTEM, now=NOW) as uow:
            for lead in leads:
                lead.to_pool(NOW)
                uow.leads.add(lead)
            uow.flush()
            seconds += timed(lambda uow=uow, leads=leads: route(uow, leads, Way.IMPORT))
            begun = timed(uow.flush)
        seconds += begun
    return count / seconds


def _wanted(dice: random.Random, count: int) -> list[Wanted]:
    return [
        Wanted(
            tuple(dice.sample(REGIONS, 2)),
            dice.choice(SOURCES),
            tuple(dice.sample(INDUSTRIES, 2)),
            dice.choice((10_000, 50_000, 100_000, 500_000)),
        )
        for _ in range(count)
    ]


def _leads(dice: random.Random, count: int) -> list[Known]:
    made = []
    for number in range(count):
        region, source, industry = dice.choice(REGIONS), dice.choice(SOURCES), dice.choice(INDUSTRIES)
        amount = dice.choice((5_000, 20_000, 80_000, 300_000, 2_000_000))
        lead = Lead(
            name=f"第{number}家机电", core_name=f"第{number}家", region=region, source=source, industry=industry,
            custom={"amount": amount * 100}, created_at=NOW, updated_at=NOW,
        )  # fmt: skip
        made.append(Known(region, source, industry, amount, lead))
    return made


def _playbook(wanted: Sequence[Wanted]) -> Playbook:
    rules = [one.as_rule(number) for number, one in enumerate(wanted)]
    return Playbook.model_validate({
        "fields": {"lead": SPECS}, "assignment": {"rules": rules}, "capacity": {"most": 100_000},
    })  # fmt: skip
