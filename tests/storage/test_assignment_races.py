"""Leads that come in at once from many sides are spread exactly as the picker says, on both databases."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from core.errors import Conflict
from core.model.routing import Placed, Routing
from core.services.leads import NewLead, create_lead
from storage.tables import routings
from tests.assigning import in_force, rule
from tests.world import World

THREADS, LEADS = 8, 100


def at_once(world: World, enter: Callable[[int], None]) -> None:
    """Let eight threads enter a hundred leads; whoever meets somebody else's transaction tries again."""

    def patiently(number: int) -> None:
        for _ in range(20):
            try:
                return enter(number)
            except Conflict:
                continue
        raise AssertionError("conflicts without end")

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(patiently, range(LEADS)))


def entering(world: World, **known: str) -> Callable[[int], None]:
    marketing = world.member("周婷")

    def enter(number: int) -> None:
        with world.program.open_work(marketing) as uow:
            create_lead(uow, NewLead(name=f"第{number}家机电", **known), certain=True)

    return enter


def decided(world: World) -> list[Routing]:
    with world.program.open_work.reading() as session:
        return list(session.scalars(select(Routing).order_by(routings.c.id)))


def test_b5_a_hundred_leads_of_eight_threads_go_round_without_a_turn_lost_or_doubled(any_world: World) -> None:
    in_force(any_world, rule("轮流", "张伟", "陈晨", "李娜"))
    at_once(any_world, entering(any_world))
    ring = [any_world.member(name).id for name in ("张伟", "陈晨", "李娜")]
    got = [one.member_id for one in decided(any_world)]
    assert got == [ring[turn % 3] for turn in range(LEADS)]


def test_b5_a_hundred_weighted_leads_of_eight_threads_are_exact(any_world: World) -> None:
    weights = {"张伟": 5, "陈晨": 3, "李娜": 2}
    in_force(any_world, rule("权重", *weights, picker="weighted", weights=weights))
    at_once(any_world, entering(any_world))
    counted = Counter(one.member_id for one in decided(any_world))
    assert counted == {any_world.member(name).id: weight * 10 for name, weight in weights.items()}


def test_nobody_gets_more_than_they_may_hold_although_two_rules_name_them(any_world: World) -> None:
    for name, capacity in (("张伟", 20), ("陈晨", 30)):
        any_world.says("王强", f"{name}库容{capacity}")
    in_force(
        any_world,
        rule("官网", "张伟", "陈晨", when={"field": "来源", "value": "官网"}),
        rule("其余", "张伟", "陈晨", picker="least_load"),
    )
    one, other = entering(any_world, source="官网"), entering(any_world)
    at_once(any_world, lambda number: (one if number % 2 else other)(number))
    most = {any_world.member(name).id: most for name, most in (("张伟", 20), ("陈晨", 30))}
    with any_world.work() as uow:
        assert {number: uow.leads.count_held_by(number) for number in most} == most
    assert Counter(one.placed for one in decided(any_world)) == {Placed.RULE: 50, Placed.QUEUE: 50}
