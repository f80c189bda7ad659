"""What stays true when many do it at once, on both databases: room, claims a day, decisions (semantics B.3, B.4)."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from core.errors import ClaimRefused, Conflict, LeadAlreadyHeld, TaskAnswered
from core.model.lead import Lead
from core.model.playbook import Capacity, Playbook, Pool
from core.model.request import RequestState
from core.ports import UnitOfWork
from core.services.approvals.deciding import approve, reject
from core.services.claiming import claim_lead
from core.services.extensions import ask_extension
from tests.world import World


def done(world: World, name: str, deed: Callable[[UnitOfWork], object]) -> str:
    """Do something as somebody, again after a lost race; say how it ended."""
    member = world.member(name)
    for _ in range(20):
        try:
            with world.program.open_work(member) as uow:
                deed(uow)
        except (ClaimRefused, LeadAlreadyHeld, TaskAnswered) as refusal:
            return getattr(refusal, "limit", refusal.code)
        except Conflict:
            continue
        return "done"
    raise AssertionError("conflicts without end")


def claimed_at_once(world: World, leads: list[Lead], name: str) -> Counter[str]:
    with ThreadPoolExecutor(8) as pool:
        deeds = pool.map(lambda lead: done(world, name, lambda uow: claim_lead(uow, lead.id)), leads)
        return Counter(deeds)


def test_nobody_ends_with_more_than_there_is_room_for(any_world: World) -> None:
    world = any_world
    world.plays(Playbook(capacity=Capacity(most=3)))
    leads = world.has_leads(*(f"第{n}家机电" for n in range(12)), held_by="周婷")
    assert claimed_at_once(world, leads, "张伟") == {"done": 3, "capacity": 9}
    with world.work() as uow:
        assert uow.leads.count_held_by(world.member("张伟").id) == 3


def test_nobody_claims_more_often_than_a_day_allows(any_world: World) -> None:
    world = any_world
    world.plays(Playbook(pools=(Pool(claims_per_day=4),)))
    leads = world.has_leads(*(f"第{n}家机电" for n in range(12)), held_by="周婷")
    assert claimed_at_once(world, leads, "张伟") == {"done": 4, "per_day": 8}


def test_b4_4_fifty_claims_of_one_lead_count_once_for_the_winner_and_for_nobody_else(any_world: World) -> None:
    world = any_world
    world.enrols(tuple((f"rep{n}", f"销售{n}", "rep", "销售部/华东", "") for n in range(50)))
    [lead] = world.has_leads("华东机电", held_by="周婷")
    names = [f"销售{n}" for n in range(50)]
    with ThreadPoolExecutor(12) as pool:
        ended = list(pool.map(lambda name: done(world, name, lambda uow: claim_lead(uow, lead.id)), names))
    assert Counter(ended) == {"done": 1, "lead.already_held": 49}
    with world.work() as uow:
        claims = [
            uow.pools.claims(world.member(name).id, "公海", lead.created_at, lead.created_at, "领取").today
            for name in names
        ]
    assert sorted(claims) == [0] * 49 + [1]


def test_a_yes_and_a_no_at_once_decide_once(any_world: World) -> None:
    world = any_world
    [lead] = world.has_leads("华东机电", held_by="张伟")
    with world.work("张伟") as uow:
        request = ask_extension(uow, uow.leads.get(lead.id), None, "客户出差")
        (approval,) = uow.approvals.running_on(lead.ref)
    deeds = [
        ("王强", lambda uow: approve(uow, approval.id)),
        ("王强", lambda uow: reject(uow, approval.id, comment="已经给过时间")),
    ] * 4
    with ThreadPoolExecutor(8) as pool:
        ended = Counter(pool.map(lambda deed: done(world, deed[0], deed[1]), deeds))
    assert ended == {"done": 1, "approval.answered": 7}
    with world.work() as uow:
        settled = uow.requests.get(request.id)
    assert settled.state in (RequestState.GRANTED, RequestState.REFUSED)
    told = [text for text in world.settles().heard("张伟") if "已通过" in text or "没有通过" in text]
    assert len(told) == 1
