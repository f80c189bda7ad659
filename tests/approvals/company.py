"""A company that approves special prices, and whose prices are plain numbers a test sets."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.model.approval import Approval, Course, Demand, Task
from core.model.ids import MemberId, Ref
from core.model.money import Money
from core.ports import UnitOfWork
from core.rules.approvals.running import progress
from core.services.approvals import deciding, submitting
from core.services.approvals.keeping import read_course, replayed
from core.services.approvals.subjects import SUBJECTS
from tests.world import World

MORE = (
    ("songlan", "宋岚", "vp", "公司", ""),
    ("hefa", "何法", "legal", "法务部", ""),
)


@dataclass
class Price:
    list_total: int
    net: int
    state: str = "draft"
    prior: int | None = None


@dataclass
class Prices:
    """A subject whose facts are two numbers; `passed` and `refused` note what became of it."""

    known: dict[int, Price] = field(default_factory=dict)
    passed_for: list[int] = field(default_factory=list)
    refused_for: list[tuple[int, str]] = field(default_factory=list)

    def facts(self, uow: UnitOfWork, subject: Ref) -> Mapping[str, Any]:
        price = self.known[subject.id]
        off = None if price.list_total == 0 else Decimal(100) * (price.list_total - price.net) / price.list_total
        return {"discount": off, "amount": Money(price.net * 100), "list_total": Money(price.list_total * 100)}

    def lines(self, uow: UnitOfWork, subject: Ref) -> Sequence[tuple[str, str, str]]:
        price = self.known[subject.id]
        return (("list_total", "原价", str(price.list_total)), ("amount", "特价", str(price.net)))

    def passed(self, uow: UnitOfWork, approval: Approval) -> None:
        self.passed_for.append(approval.id)
        self.known[approval.subject_id].state = "valid"

    def refused(self, uow: UnitOfWork, approval: Approval) -> None:
        self.refused_for.append((approval.id, approval.state))
        price = self.known[approval.subject_id]
        price.net = price.list_total if price.prior is None else price.prior

    def amend(self, uow: UnitOfWork, approval: Approval, demand: Demand) -> None:
        price = self.known[approval.subject_id]
        price.net = price.list_total * (100 - int(demand.value.rstrip("%"))) // 100


class Office:
    """Approvals in a world: people submit and decide by name, and a test asks who is waited for."""

    def __init__(self, world: World) -> None:
        self.world, self.prices = world, Prices()
        world.enrols(MORE)

    def submits(self, who: str, list_total: int, net: int, *, prior: int | None = None, **more: Any) -> int:
        """Submit a special price; 0 when nobody needs to be asked. `prior` is what it was before."""
        number = len(self.prices.known) + 1
        self.prices.known[number] = Price(list_total, net, prior=prior)
        with self.world.work(who) as uow:
            found = submitting.submit(
                uow, "special_price", Ref("quote", number), title=f"华东机电 {net}元", reason="客户要这个价", **more
            )
            return found.id if found is not None else 0

    @contextmanager
    def acts(self, who: str) -> Iterator[UnitOfWork]:
        with self.world.work(who) as uow:
            yield uow

    def approves(self, who: str, approval: int, comment: str = "", **more: Any) -> None:
        with self.acts(who) as uow:
            deciding.approve(uow, approval, comment=comment, **more)

    def rejects(self, who: str, approval: int, comment: str) -> None:
        with self.acts(who) as uow:
            deciding.reject(uow, approval, comment=comment)

    def id(self, name: str) -> MemberId:
        return self.world.member(name).id

    def course(self, approval: int) -> Course:
        with self.world.work() as uow:
            return read_course(uow.approvals.get(approval).course)

    def approval(self, approval: int) -> Approval:
        with self.world.work() as uow:
            return uow.approvals.get(approval)

    def state(self, approval: int) -> str:
        return self.approval(approval).state

    def asked(self, approval: int) -> list[str]:
        """Who is waited for now, by name."""
        course = self.course(approval)
        with self.world.work() as uow:
            return sorted(uow.members.get(task.member).name for task in course.pending if not course.is_blocked(task))

    def names_of_nodes(self, approval: int) -> list[str]:
        return [node.name for node in self.course(approval).nodes]

    def copied(self, approval: int) -> list[str]:
        with self.world.work() as uow:
            return [uow.members.get(one).name for one in self.course(approval).copied]

    def progress(self, approval: int, node: str) -> tuple[int, int]:
        course = self.course(approval)
        return progress(course, next(one for one in course.nodes if one.name == node))

    def log(self, approval: int) -> list[dict[str, Any]]:
        with self.world.work() as uow:
            return [dict(change.after or {}) for change in uow.approvals.log(approval)]

    def replayed(self, approval: int) -> dict[str, Any]:
        return replayed(self.log(approval))

    def heard_nothing_yet(self, *names: str) -> None:
        """Let what was said until now be read."""
        self.world.delivers()
        for name in names:
            self.world.heard(name)

    def hears(self, name: str) -> str:
        """What somebody is told since they last looked."""
        self.world.delivers()
        return "\n".join(self.world.heard(name))

    def task(self, who: str, approval: int) -> Task:
        """The last task that somebody had."""
        return [task for task in self.course(approval).tasks if task.member == self.id(who)][-1]


@contextmanager
def an_office(world: World) -> Iterator[Office]:
    """Let special prices be what a test says they are."""
    office = Office(world)
    before = SUBJECTS.get("special_price")
    SUBJECTS["special_price"] = office.prices
    try:
        yield office
    finally:
        if before is None:
            del SUBJECTS["special_price"]
        else:
            SUBJECTS["special_price"] = before
