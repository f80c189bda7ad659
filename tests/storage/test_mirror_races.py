"""Several workers bring one approval in step while people tap, on both databases: one instance, one decision."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from threading import Lock

from core.errors import Conflict, DeliveryFailed, Refusal
from core.ports.mirrors import Application, OaState, Said, Standing, Voice
from core.services.approvals import deciding
from core.services.approvals.oa.keeping import keep_on
from tests.approvals.company import Office, an_office
from tests.world import World


class PaperOa:
    """A platform's approvals in memory: each level one after the other, one no ends it."""

    decides = True
    settling = timedelta(0)
    pause = patience = timedelta(minutes=5)

    def __init__(self) -> None:
        self.handed_in: dict[str, Application] = {}
        self.said: dict[str, dict[str, Said]] = {}
        self._numbers, self._lock = count(1), Lock()

    def create(self, application: Application) -> str:
        with self._lock:
            number = f"P{next(self._numbers)}"
            self.handed_in[number], self.said[number] = application, {}
            return number

    def find(self, application: Application, since: datetime) -> str:
        return next((number for number, one in self.handed_in.items() if one.name == application.name), "")

    def read(self, number: str) -> Standing:
        with self._lock:
            said, levels, open_ = dict(self.said[number]), [], True
            for place, level in enumerate(self.handed_in[number].levels):
                waits = Said.WAITING if open_ else Said.LATER
                voices = tuple(
                    Voice(key=f"{place}:{one}", user_id=one, said=said.get(f"{place}:{one}", waits), task=str(place))
                    for one in level.user_ids
                )
                levels.append(voices)
                open_ = open_ and all(voice.said is Said.YES for voice in voices)
        state = OaState.AGREED if open_ else OaState.RUNNING
        state = OaState.REFUSED if Said.NO in said.values() else state
        return Standing(state=state, levels=tuple(levels))

    def decide(self, number: str, voice: Voice, comment: str, *, agrees: bool) -> None:
        with self._lock:
            if voice.key in self.said[number]:
                raise DeliveryFailed("任务已处理")
            self.said[number][voice.key] = Said.YES if agrees else Said.NO

    def withdraw(self, number: str, user_id: str, comment: str) -> None:
        raise DeliveryFailed("没有要撤销的")

    def ended(self, template: str, since: datetime) -> frozenset[str]:
        return frozenset(number for number in self.handed_in if self.read(number).state is not OaState.RUNNING)


def at_once(*deeds: Callable[[], None]) -> None:
    with ThreadPoolExecutor(len(deeds)) as pool:
        for done in [pool.submit(deed) for deed in deeds]:
            done.result()


def kept(office: Office, oa: PaperOa, approval: int) -> None:
    """Bring an approval in step as a worker does: again when another one is at it, or a transaction was lost."""
    for _ in range(200):
        try:
            keep_on(office.world.program.open_work, "wecom", oa, approval)
        except (Conflict, DeliveryFailed):
            continue
        return


def taps(office: Office, name: str, approval: int) -> None:
    member = office.world.member(name)
    for _ in range(50):
        try:
            with office.world.program.open_work(member) as uow:
                deciding.approve(uow, approval)
        except Refusal:
            return
        except Conflict:
            continue
        return


def test_workers_that_come_at_once_hand_in_one_instance(any_world: World) -> None:
    with an_office(any_world) as office:
        any_world.applies(json.dumps({"approvals": {"mirrors": [{"name": "P", "channel": "wecom", "template": "T"}]}}))
        oa = PaperOa()
        asked = office.submits("张伟", 100_000, 85_000)
        at_once(*[lambda: kept(office, oa, asked)] * 4)
        assert len(oa.handed_in) == 1
        assert [level.user_ids for level in oa.handed_in["P1"].levels] == [("wangqiang",), ("zhaomin", "chenjing")]


def test_a_no_there_a_yes_here_and_four_workers_leave_one_decision_and_both_sides_agree(any_world: World) -> None:
    with an_office(any_world) as office:
        any_world.applies(json.dumps({"approvals": {"mirrors": [{"name": "P", "channel": "wecom", "template": "T"}]}}))
        oa = PaperOa()
        for _ in range(4):
            _race(office, oa)


def _race(office: Office, oa: PaperOa) -> None:
    asked = office.submits("张伟", 100_000, 90_000)
    kept(office, oa, asked)
    number = list(oa.handed_in)[-1]
    voice = oa.read(number).levels[0][0]
    workers: list[Callable[[], None]] = [lambda: kept(office, oa, asked)] * 4

    def says_no() -> None:
        with suppress(DeliveryFailed):
            oa.decide(number, voice, "不行", agrees=False)

    at_once(
        says_no,
        *workers,
        lambda: taps(office, "王强", asked),
    )
    kept(office, oa, asked)
    deeds = [line["did"]["deed"] for line in office.log(asked)]
    assert deeds in (["submit", "approve"], ["submit", "reject"])
    holds = OaState.AGREED if office.state(asked) == "approved" else OaState.REFUSED
    assert oa.read(list(oa.handed_in)[-1]).state is holds
    assert "建不了单" not in office.hears("吴昊")
