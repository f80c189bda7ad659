"""Won money of deals that colleagues share: in rankings, by member and department, and in everybody's own figures."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.deal import DealShare, ShareState
from core.model.ids import DealId, MemberId
from core.model.money import Money
from core.model.payment import Payment
from core.rules.metrics.declared import WON, WON_AMOUNT, dimension
from core.services.reports import REPORTS
from core.services.reports.asking import Asked, totals
from core.services.reports.behind import drill
from core.services.reports.campaigns import campaigns
from core.services.reports.credit import parts_of
from core.services.reports.ranking import ranking
from tests.reports.builders import WON as WON_STAGE
from tests.reports.builders import at, has_deal, steps
from tests.world import World

WAY = steps(("初步接洽", "02-02 09:00"), (WON_STAGE, "03-03 09:00"))


@pytest.fixture
def shared(world: World) -> World:
    """张伟 wins 10.01 万 of which 李娜, who is of another department, has 70 %, and 20 万 that is all theirs."""
    world.now = at("03-05 10:00")
    number = has_deal(world, WAY, owner="张伟", yuan=100_100)
    has_deal(world, WAY, owner="张伟", yuan=200_000)
    has_share(world, number, "李娜", 70)
    return world


def has_share(world: World, deal: int, name: str, share: int, *, agreed: str = "02-10 09:00", ended: str = "") -> None:
    colleague = world.member(name)
    with world.work() as uow:
        uow.deals.add_share(
            DealShare(
                deal_id=DealId(deal),
                member_id=colleague.id,
                share=share,
                state=ShareState.ENDED if ended else ShareState.AGREED,
                answered_at=at(agreed),
                ended_at=at(ended) if ended else None,
                created_at=at(agreed),
                updated_at=at(agreed),
            )
        )


def won(world: World, asker: str, by: str = "member", about: str | None = None) -> dict[str, float]:
    """Return the won money of March in yuan that somebody is told, by whom."""
    asked = Asked(member=world.member(about) if about else None)
    with world.work(asker) as uow:
        found = totals(uow, [WON_AMOUNT, WON], [dimension(by)], asked.days(uow), asked)
        names = {member.id: member.name for member in uow.members.everybody()}
        return {
            str(names.get(cell, cell) if by == "member" else cell): figures["won_amount"] / 100
            for (cell,), figures in found.items()
        }


def test_a_share_moves_money_from_the_holder_to_the_colleague_and_nothing_is_lost(shared: World) -> None:
    assert won(shared, "赵敏") == {"张伟": 230_030, "李娜": 70_070}
    assert won(shared, "赵敏", "department") == {"销售部/华东": 230_030, "销售部/华南": 70_070}
    assert sum(won(shared, "赵敏", "stage").values()) == 300_100


def test_everybody_is_told_their_own_part_and_nobody_elses(shared: World) -> None:
    assert won(shared, "张伟") == {"张伟": 230_030}
    assert won(shared, "李娜") == {"李娜": 70_070}
    assert won(shared, "王强") == {"张伟": 230_030}
    assert won(shared, "赵敏", about="李娜") == {"李娜": 70_070}
    assert won(shared, "赵敏", "month", about="张伟") == {"2026-03": 230_030}


def test_the_ranking_goes_by_what_each_has_of_the_deals_they_share(shared: World) -> None:
    with shared.work("赵敏") as uow:
        places = [(one.member.name, one.won, one.count) for one in ranking(uow, Asked())]
    assert places[:2] == [("张伟", 23_003_000, 2), ("李娜", 7_007_000, 0)]
    assert "李娜：7.01万" in shared.says("赵敏", "排行榜")[0]


def test_a_share_counts_as_it_stood_when_the_deal_was_won(world: World) -> None:
    world.now = at("03-05 10:00")
    number = has_deal(world, WAY, yuan=100_000)
    has_share(world, number, "李娜", 70, ended="02-20 09:00")
    has_share(world, number, "李娜", 30, agreed="02-20 09:00", ended="03-04 09:00")
    assert won(world, "赵敏") == {"张伟": 70_000, "李娜": 30_000}


def test_what_is_agreed_after_the_win_counts_where_nobody_had_a_share(world: World) -> None:
    world.now = at("03-05 10:00")
    number = has_deal(world, WAY, yuan=100_000)
    has_share(world, number, "李娜", 40, agreed="03-04 09:00")
    assert won(world, "赵敏") == {"张伟": 60_000, "李娜": 40_000}
    world.now += timedelta(days=40)
    assert won(world, "赵敏") == {}


@given(st.integers(0, 10**15), st.lists(st.integers(1, 20), max_size=5))
def test_the_parts_of_a_deal_come_to_it_to_the_fen(amount: int, shares: list[int]) -> None:
    splits = {MemberId(1): 100 - sum(shares)} | {MemberId(number): one for number, one in enumerate(shares, 2)}
    parts = parts_of(amount, MemberId(1), splits)
    assert sum(parts.values()) == amount


def test_skill_is_measured_by_what_each_has_of_the_deals_they_share(shared: World) -> None:
    with shared.work("赵敏") as uow:
        found = {place.member.name: place.lift.won for place in ranking(uow, Asked()) if place.lift is not None}
    assert found == {"张伟": 23_003_000, "李娜": 7_007_000}


def test_a_source_brought_a_leader_what_their_people_have_of_it(shared: World) -> None:
    with shared.work("王强") as uow:
        assert sum(one.amount for one in campaigns(uow, Asked())) == 23_003_000
    with shared.work("周婷") as uow:
        assert sum(one.amount for one in campaigns(uow, Asked())) == 30_010_000


def test_the_deals_behind_won_money_carry_each_ones_part_and_come_to_the_figure(shared: World) -> None:
    for asker, yuan in (("张伟", 230_030), ("李娜", 70_070), ("王强", 230_030), ("赵敏", 300_100)):
        with shared.work(asker) as uow:
            behind = drill(uow, Asked(measures=("赢单金额",)))
        assert sum(row[-1] for row in behind.table.rows) == yuan * 100, asker


def test_the_payments_behind_money_received_come_to_it_for_each_reader(world: World) -> None:
    world.now = at("03-05 10:00")
    for name, yuan in (("张伟", 30_000), ("李娜", 50_000)):
        number = has_deal(world, WAY, owner=name, account={"name": f"{name}的客户"})
        with world.work() as uow:
            [deal] = uow.deals.find([DealId(number)])
            assert deal.account_id is not None
            for kind, amount in (("receipt", yuan), ("refund", 1_000)):
                uow.payments.add(
                    Payment(
                        account_id=deal.account_id, kind=kind, amount=Money(amount * 100), paid_on=uow.now.date(),
                        created_at=uow.now, updated_at=uow.now,
                    )
                )  # fmt: skip
    for asker, yuan, count in (("张伟", 29_000, 2), ("王强", 29_000, 2), ("赵敏", 78_000, 4)):
        with world.work(asker) as uow:
            behind = drill(uow, Asked(measures=("回款金额",)))
            [(total,)] = REPORTS["pivot"].build(uow, Asked(measures=("回款金额",))).rows
        assert (total, behind.table.total) == (yuan * 100, count), asker
        assert sum(row[3] for row in behind.table.rows) == total
