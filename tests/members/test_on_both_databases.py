"""What both databases must do alike: two at once with one code, syncs beside an import, mobiles, a member moved."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest

from bot.event import EventKind
from core.errors import Conflict
from core.model.directory import Listing, Person
from core.model.followup import Method
from core.model.link import Holdings
from core.model.member import SYSTEM
from core.services.directory import sync_members
from core.services.followups import log_followup
from core.services.leads import NewLead, create_lead
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


def test_mobiles_are_compared_alike_however_they_are_written(any_world: World) -> None:
    world = any_world
    written = {"张伟": "+86 138-0013-8001", "陈晨": "（020）8765-4321", "李娜": "+852 9123 4567", "王强": "13800138009"}
    with world.work() as uow:
        for member in uow.members.everybody():
            member.phone = written.get(member.name)
    listed = ["008613800138001", "+85291234567", "2087654321", "13800138009"]
    book = Book(0)
    book.people = tuple(Person(user_id=f"d{n}", name=f"钉{n}", phone=phone) for n, phone in enumerate(listed))
    report = sync_members(world.program.open_work, "dingtalk", book)
    assert sorted(label.split(" ＝ ")[1][:2] for label in report.linked) == ["张伟", "李娜", "王强"]
    assert report.new == ["钉2（dingtalk:d2）"]


def test_a_whole_member_moves(any_world: World) -> None:
    world = any_world
    world.opens("dingtalk", 张伟="dZ")
    with world.work() as uow:
        second, _ = enrol(uow, Enrolment(channel="dingtalk", user_id="dZ", name="张伟", department="销售部"))
    for number in range(12):
        with world.program.open_work(second) as uow:
            lead = create_lead(uow, NewLead(name=f"公司{number}", phone=f"137111122{number:02d}"), certain=True)
            log_followup(uow, lead, content="电话聊了需求，对方要看样品", method=Method.CALL)
    with world.program.open_work(world.member("张伟"), channel="wecom") as uow:
        code = issue_code(uow).code
    assert "12 位客户" in world.says("张伟", f"绑定 {code}", on="dingtalk")[0]
    assert "12 位客户" in world.taps("张伟", "确认合并", on="dingtalk")[0]
    first = world.member("张伟")
    with world.work() as uow:
        assert uow.members.holdings([first.id, second.id]) == {first.id: Holdings(leads=12), second.id: Holdings()}
        assert all(one.author_id == first.id for one in uow.followups.of(uow.leads.held_by(first.id)[0].ref, 5))
    assert "已撤销" in world.says("张伟", "撤销", on="dingtalk")[0]
    with world.work() as uow:
        assert uow.members.holdings([second.id]) == {second.id: Holdings(leads=12)}
