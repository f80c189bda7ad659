"""A customer whose quote waits at finance is not taken from its rep (C6), and not given away either."""

import pytest

from tests.approving import Office
from tests.world import World

RULES = """
name: 快收
pools:
  - name: 线索公海
  - name: 客户公海
    holds: account
recycle:
  - id: R9
    pool: 客户公海
    basis: since_owned_not_won
    amount: 24h
"""


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def test_c6_a_quote_that_waits_at_finance_for_30_hours_keeps_the_customer(office: Office) -> None:
    world = office.world
    world.applies(RULES)
    office.offers("15")
    for name in ("王强", "赵敏"):
        world.taps(name, "同意")
    world.passes(hours=30)
    assert owner(office) == "张伟"
    world.taps("吴昊", "同意")  # finance was too slow, so it has gone up
    world.passes(minutes=1)
    assert owner(office) == ""


def owner(office: Office) -> str:
    with office.world.work() as uow:
        account = uow.accounts.get(office.accounts["华东机电"])
        return uow.members.get(account.owner_id).name if account.owner_id is not None else ""
