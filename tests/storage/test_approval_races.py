"""One decision, whatever comes at once (semantics B.8): taps of several people and devices, withdrawals, changes.

A race is a seed: who taps what. LIAODAN_APPROVAL_RACES runs more of them.
"""

import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random

from core.errors import Conflict, Refusal
from core.model.ids import Ref
from core.ports import UnitOfWork
from core.services.approvals import deciding, submitting
from core.services.approvals.keeping import replayed
from tests.approvals.company import Office, an_office
from tests.world import World

RACES = int(os.environ.get("LIAODAN_APPROVAL_RACES", "12"))
Deed = Callable[[UnitOfWork], object]


def done(office: Office, name: str, deed: Deed) -> str:
    """Do something as somebody, again after a lost race; say how it ended."""
    member = office.world.member(name)
    for _ in range(50):
        try:
            with office.world.program.open_work(member) as uow:
                deed(uow)
        except Refusal as refusal:
            return refusal.code
        except Conflict:
            continue
        return "done"
    raise AssertionError("conflicts without end")


def at_once(office: Office, *deeds: tuple[str, Deed]) -> Counter[str]:
    with ThreadPoolExecutor(len(deeds)) as pool:
        return Counter(pool.map(lambda one: done(office, *one), deeds))


def test_b8_5_a_manager_s_taps_on_two_devices_are_one_record(any_world: World) -> None:
    with an_office(any_world) as office:
        asked = office.submits("张伟", 100_000, 90_000)
        taps = [("王强", lambda uow: deciding.approve(uow, asked)) for _ in range(6)]
        assert at_once(office, *taps) == {"done": 1, "approval.answered": 5}
        assert office.prices.passed_for == [asked]
        assert len(office.log(asked)) == 2


def test_whatever_comes_at_once_there_is_one_outcome(any_world: World) -> None:
    with an_office(any_world) as office:
        for seed in range(RACES):
            _race(office, Random(seed), seed)


def _race(office: Office, rng: Random, seed: int) -> None:
    asked = office.submits("张伟", 100_000, rng.choice((90_000, 85_000, 70_000)))
    subject = len(office.prices.known)
    if rng.random() < 0.5 and office.approval(asked).amount != 9_000_000:
        office.approves("王强", asked)
    deeds: list[tuple[str, Deed]] = []
    for _ in range(rng.randint(3, 8)):
        who = rng.choice(("王强", "赵敏", "陈静", "宋岚", "张伟"))
        deeds.append((who, _a_deed(rng, asked, subject, who)))
    at_once(office, *deeds)
    with office.world.work() as uow:
        about = uow.approvals.about(Ref("quote", subject))
        for approval in about:
            log = uow.approvals.log(approval.id)
            assert [change.version for change in log] == list(range(1, len(log) + 1)), f"seed {seed}: acts got lost"
            assert replayed(change.after for change in log) == approval.course, f"seed {seed}: history and state differ"
            answers = [change.after["did"] for change in log if change.after]
            tapped = Counter(one["task"] for one in answers if one["deed"] in ("approve", "reject"))
            assert not tapped or max(tapped.values()) == 1, f"seed {seed}: a task was decided twice"
            pending = {task.number for task in uow.approvals.tasks(approval.id) if task.state == "pending"}
            assert bool(pending) == approval.is_running, f"seed {seed}: {approval.state} with {pending}"
        assert sum(one.is_running for one in about) <= 1, f"seed {seed}: two approvals of one subject"
    ended = [one for one in office.prices.passed_for if one == asked]
    ended += [one for one, _ in office.prices.refused_for if one == asked]
    assert len(ended) <= 1, f"seed {seed}: two outcomes"


def _a_deed(rng: Random, asked: int, subject: int, who: str) -> Deed:
    if who == "张伟":
        if rng.random() < 0.5:
            return lambda uow: deciding.withdraw(uow, asked)
        return lambda uow: deciding.nudge(uow, asked)
    deed = rng.randrange(4)
    if deed == 0:
        return lambda uow: deciding.reject(uow, asked, comment="不行")
    if deed == 1:
        return lambda uow: deciding.send_back(uow, asked, "补材料")
    return lambda uow: deciding.approve(uow, asked)


def test_a_subject_is_submitted_once_however_many_submit_it(any_world: World) -> None:
    with an_office(any_world) as office:
        first = office.submits("张伟", 100_000, 90_000)
        with office.acts("张伟") as uow:
            deciding.withdraw(uow, first)
        office.prices.known[1].net = 90_000

        def again(uow: UnitOfWork) -> object:
            return submitting.submit(uow, "special_price", Ref("quote", 1), title="再提一次")

        assert at_once(office, *[("张伟", again) for _ in range(6)]) == {"done": 1, "approval.running": 5}
