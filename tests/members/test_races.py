"""Two at once, on both databases: one code, one newcomer, one sync beside an import."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest

from bot.event import EventKind
from core.errors import Conflict
from core.model.directory import Listing, Person
from core.model.member import SYSTEM
from core.services.directory import sync_members
from core.services.linking import issue_code
from core.services.members import Enrolment, enrol
from tests.world import World


class Book:
    """A directory of so many newcomers."""

    def __init__(self, count: int) -> None:
        self.people = tuple(Person(user_id=f"n{number}", name=f"新人{number}") for number in range(count))

    def listing(self) -> Listing:
        return Listing(departments=(), people=self.people)

    def has_left(self, user_id: str) -> bool:
        return False


def at_once(*deeds: Callable[[], object]) -> list[BaseException]:
    """Begin all deeds together; return what went wrong."""
    barrier, failures = Barrier(len(deeds)), []

    def run(deed: Callable[[], object]) -> None:
        barrier.wait()
        try:
            deed()
        except BaseException as failure:
            failures.append(failure)

    threads = [Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_of_two_strangers_with_one_code_one_gets_in(any_world: World) -> None:
    world = any_world
    world.opens("dingtalk", 甲="d1", 乙="d2")
    with world.program.open_work(world.member("张伟"), channel="wecom") as uow:
        code = issue_code(uow).code
    for name in ("甲", "乙"):
        world.comes(name, EventKind.TEXT, on="dingtalk", text=f"绑定 {code}")
    drain = world.program.dispatcher.drain
    assert at_once(lambda: drain("dingtalk", "d1"), lambda: drain("dingtalk", "d2")) == []
    world.settles()
    said = [world.heard(name, on="dingtalk")[0] for name in ("甲", "乙")]
    assert sorted("绑定好了" in one for one in said) == [False, True]
    with world.program.open_work(SYSTEM, reading=True) as uow:
        assert len(uow.members.open_accounts([world.member("张伟").id]).popitem()[1]) == 2


@pytest.mark.parametrize("count", [20])
def test_a_sync_beside_a_sync_and_an_import_enrols_everybody_once(any_world: World, count: int) -> None:
    world, book = any_world, Book(count)

    def imports() -> None:
        with world.program.open_work(SYSTEM) as uow:
            uow.members.reserve()
            for person in reversed(book.people):
                enrol(uow, Enrolment(channel="wecom", user_id=person.user_id, name=person.name, roles="finance"))

    def syncs() -> None:
        sync_members(world.program.open_work, "wecom", book)

    failures = at_once(syncs, imports, syncs)
    assert all(isinstance(failure, Conflict) for failure in failures)
    assert failures == []
    with world.program.open_work(SYSTEM, reading=True) as uow:
        names = [member.name for member in uow.members.everybody()]
    assert sorted(name for name in names if name.startswith("新人")) == sorted(one.name for one in book.people)
