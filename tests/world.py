"""World: the whole program on in-memory SQLite, with a clock one sets and a channel that records.

A test reads like the chat it checks: `world.says("张伟", "领取 1")`, `world.heard("张伟")`.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from bot.bootstrap import Program, build
from bot.cards.card import Button, Card
from bot.channels.base import NOWHERE, Receipt
from bot.event import Event, EventKind
from bot.settings import Settings
from connectors.workdays import ChinaWorkdays
from core.errors import CardOutOfReach
from core.model.lead import Lead
from core.model.member import SYSTEM, Member
from core.model.playbook import Playbook
from core.model.version import PlaybookVersion, Treatment
from core.ports import UnitOfWork
from core.services.leads import NewLead, create_lead
from core.services.members import Enrolment, enrol, set_manager
from core.services.playbook.applying import Change, apply_change, newest_number
from scheduler.jobs import Pass, tick
from storage.queues import jobs_waiting, receivers_waiting, senders_waiting
from storage.tables import metadata

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 5, 10, 0, tzinfo=SHANGHAI)
"""The clock of `semantics.md`: Thu 2026-03-05 10:00."""

PEOPLE = (
    ("zhangwei", "张伟", "rep", "销售部/华东", "wangqiang"),
    ("chenchen", "陈晨", "rep", "销售部/华东", "wangqiang"),
    ("lina", "李娜", "rep", "销售部/华南", "zhaomin"),
    ("wangqiang", "王强", "manager", "销售部/华东", "zhaomin"),
    ("zhaomin", "赵敏", "director", "销售部", ""),
    ("chenjing", "陈静", "finance", "财务部", ""),
    ("zhouting", "周婷", "marketing", "市场部", ""),
    ("wuhao", "吴昊", "admin", "信息部", ""),
)

_BEGINNINGS: dict[str, bytes] = {}
"""What the database of a world in memory holds at its beginning, by platform."""

_ENGINES: list[Engine] = []
"""Engines of worlds that have ended: their database is gone, the statements they compiled are not."""


FILE = "file"
"""Under this id a file or picture stands between the cards."""

UPDATE = "update"
"""Under this id a card that changed is read once more; it stands where it stood."""


@dataclass
class Phone:
    """What one person sees: cards in their order, each replaced in place when it is updated."""

    cards: list[tuple[str, Card]] = field(default_factory=list)
    read: int = 0
    files: list[tuple[str, bytes]] = field(default_factory=list)


class Recorder:
    """A channel that records instead of sending. `failing` raises once per entry, oldest first.

    With `updates_once` a card takes one change beside those by its taps, as on WeCom.
    """

    def __init__(self, *, updates_once: bool = True) -> None:
        self.updates_once = updates_once
        self.phones: dict[str, Phone] = {}
        self.failing: list[Exception] = []
        self.codes: dict[str, str] = {}
        self.asked: list[Mapping[str, str]] = []

    def send(
        self, user_id: str, card: Card, *, card_id: str, again: bool, reply_to: Mapping[str, str] = NOWHERE
    ) -> Receipt:
        if self.failing:
            raise self.failing.pop(0)
        self.asked.append(reply_to)
        self.phones.setdefault(user_id, Phone()).cards.append((card_id, card))
        if card.pressable():
            self.codes[f"r-{card_id}"] = card_id
        return Receipt(platform_id=f"m-{card_id}", response_code=f"r-{card_id}")

    def send_file(
        self, user_id: str, filename: str, content: bytes, *, again: bool = False, reply_to: Mapping[str, str] = NOWHERE
    ) -> Receipt:
        if self.failing:
            raise self.failing.pop(0)
        phone = self.phones.setdefault(user_id, Phone())
        phone.files.append((filename, content))
        phone.cards.append((FILE, Card(title=f"［{filename}］")))
        return Receipt(platform_id=f"f-{len(phone.files)}")

    def update(self, user_id: str, card: Card, *, response_code: str, reply_to: Mapping[str, str] = NOWHERE) -> Receipt:
        card_id = (self.codes.pop if self.updates_once else self.codes.get)(response_code, "")
        if not card_id:
            raise CardOutOfReach("code used", code=60140)
        phone = self.phones[user_id]
        phone.cards = [(known, card if known == card_id else kept) for known, kept in phone.cards]
        phone.cards.append((UPDATE, card))
        return Receipt()


class Plenty:
    """A budget that never ends: budgets run on the machine's clock, and a story's hours pass in milliseconds."""

    def left(self, channel: str, user_id: str) -> int:
        return 1000

    def spend(self, channel: str, user_id: str, parts: int) -> None:
        pass


class World:
    """The program, its people, its clock, and everybody's phone. `budgeted` keeps the platform's real limits."""

    def __init__(self, engine: Engine | None = None, *, budgeted: bool = False, platform: str = "wecom") -> None:
        self.now = START
        self.platform = platform
        self.channel = Recorder()
        self.channels = {platform: self.channel}
        self._numbers = count(1)
        settings = Settings(database_url="sqlite://", _env_file=None)
        self._in_memory = engine is None
        if self._in_memory and _ENGINES:
            engine = _ENGINES.pop()
        self.program: Program = build(settings, clock=lambda: self.now, engine=engine)
        self.program.__dict__["outlets"] = self.channels
        # One connection in memory cannot read the calendar while a transaction is open on it.
        self.program.__dict__["workdays"] = ChinaWorkdays()
        if not budgeted:
            self.program.__dict__["budgets"] = Plenty()
        self.ids = {name: user_id for user_id, name, *_ in PEOPLE}
        self.ids_on: dict[str, dict[str, str]] = {platform: self.ids}
        self._begins()

    def close(self) -> None:
        self.program.close()

        if self._in_memory:
            _ENGINES.append(self.program.engine)

    def _begins(self) -> None:
        """Lay out the tables and enrol the people; a world in memory copies the beginning of the first one."""
        if self._in_memory and self.platform in _BEGINNINGS:
            _memory(self.program.engine).deserialize(_BEGINNINGS[self.platform])
            return
        metadata.create_all(self.program.engine)
        self.enrols(PEOPLE)
        if self._in_memory:
            _BEGINNINGS[self.platform] = _memory(self.program.engine).serialize()

    def opens(self, platform: str, **ids: str) -> Recorder:
        """Switch a second platform on; `ids` are people's names and what it calls them, else the names themselves."""
        self.ids_on[platform] = ids
        self.channels[platform] = Recorder()
        return self.channels[platform]

    def enrols(self, people: tuple[tuple[str, str, str, str, str], ...]) -> None:
        with self.work() as uow:
            for user_id, name, role, department, _ in people:
                enrol(
                    uow, Enrolment(channel=self.platform, user_id=user_id, name=name, roles=role, department=department)
                )
                self.ids[name] = user_id
            for user_id, _, _, _, manager in people:
                if manager:
                    set_manager(uow, self.platform, user_id, manager)

    @contextmanager
    def work(self, name: str | None = None) -> Iterator[UnitOfWork]:
        """A unit of work as somebody, or as the system."""
        with self.program.open_work(self.member(name) if name else SYSTEM) as uow:
            yield uow

    def member(self, name: str) -> Member:
        with self.program.open_work(SYSTEM, reading=True) as uow:
            account = uow.members.account(self.platform, self.ids[name])
            assert account is not None
            return uow.members.get(account.member_id)

    def applies(
        self, document: str, *, clocks: Treatment = Treatment.RECALCULATE, why: str = "测试"
    ) -> PlaybookVersion:
        """Put a playbook in force; what it does not say is the general kit's. Changed clock rules move all clocks."""
        with self.work() as uow:
            change = Change(document=uow.documents.read(document), why=why, base=newest_number(uow), treatment=clocks)
            version = apply_change(uow, change)
        self.works()
        return version

    def plays(self, playbook: Playbook, *, clocks: Treatment = Treatment.RECALCULATE) -> PlaybookVersion:
        """Put a playbook in force that was made in the test; it goes the way of every document."""
        document = playbook.model_dump(mode="json", by_alias=True)
        return self.applies(json.dumps(document, ensure_ascii=False), clocks=clocks)

    def works(self) -> None:
        """Let the worker do the long work that waits."""
        with self.program.open_work.reading() as session:
            waiting = jobs_waiting(session, self.now, 100)
        for job in waiting:
            self.program.jobs.run(str(job))

    def has_leads(self, *names: str, held_by: str | None = None, grade: str = "", phone: str = "") -> list[Lead]:
        """Put leads on record, in the pool or held by somebody since now."""
        made = []
        for name in names:
            with self.work(held_by) as uow:
                lead = create_lead(
                    uow, NewLead(name=name, grade=grade, phone=phone or None, source="展会"), certain=True
                )
                made.append(lead)
        return made

    def lead(self, name: str) -> Lead:
        with self.work() as uow:
            return next(lead for lead in uow.leads.find(range(1, 1000)) if lead.name == name)

    def says(
        self, name: str, text: str, *, key: str | None = None, user_id: str | None = None, on: str = ""
    ) -> list[str]:
        """Somebody writes; everything is handled and delivered; return what they read in answer."""
        self.comes(name, EventKind.TEXT, key=key, user_id=user_id, on=on, text=text)
        return self.settles().heard(name, on=on)

    def taps(self, name: str, label: str, *, on: str = "") -> list[str]:
        """Somebody presses the newest live button of that label."""
        card_id, button = self._button(self._phone(name, on), label)
        code = f"tap-{next(self._numbers)}"
        self.channels[on or self.platform].codes[code] = card_id
        self.comes(
            name, EventKind.TAP, on=on, action=button.action, values=button.values, card=card_id, response_code=code
        )
        return self.settles().heard(name, on=on)

    def presses(self, name: str, action: str, values: Mapping[str, str], *, card: str = "") -> list[str]:
        """Somebody's tap arrives that no button on their screen makes: of another card, pressed again, or forged.

        It comes from their newest card, unless `card` is its id.
        """
        card = card or self.card_id(name)
        self.comes(name, EventKind.TAP, action=action, values=dict(values), card=card, response_code="y")
        return self.settles().heard(name)

    def comes(
        self,
        name: str,
        kind: EventKind,
        *,
        key: str | None = None,
        user_id: str | None = None,
        on: str = "",
        **what: object,
    ) -> None:
        """Keep an event as the web process does; `on` names the platform."""
        event = Event(
            channel=on or self.platform,
            kind=kind,
            key=key or f"k{next(self._numbers)}",
            user_id=user_id or self.ids_on[on or self.platform].get(name, name),
            at=self.now,
            **what,
        )
        self.program.keep([event])

    def settles(self) -> "World":
        """Let the worker do everything there is to do."""
        for channel, user_id in self._waiting():
            self.program.dispatcher.drain(channel, user_id)
        self.delivers()
        return self

    def delivers(self) -> None:
        """Deliver what waits; what then goes to another account waits once more."""
        for _ in self.ids_on:
            with self.program.open_work.reading() as session:
                keys = receivers_waiting(session, self.program.messenger.clock(), 1000)
            for key in keys:
                self.program.messenger.deliver(*key)

    def passes(self, **how_long: float) -> Pass:
        """Let time go by and do what is due then."""
        return self.ticks(self.now + timedelta(**how_long))

    def ticks(self, at: datetime) -> Pass:
        """Move the clock to `at` and do what is due."""
        self.now = at
        done = tick(self.program.open_work, self.program.workdays)
        self.delivers()
        return done

    def heard(self, name: str, *, on: str = "") -> list[str]:
        """What somebody has read since the last look, as text."""
        phone = self._phone(name, on)
        fresh = phone.cards[phone.read :]
        phone.read = len(phone.cards)
        return [card.as_text() for _, card in fresh]

    def card(self, name: str) -> Card:
        """The newest card on somebody's phone."""
        return self.channel.phones[self.ids.get(name, name)].cards[-1][1]

    def files(self, name: str) -> list[tuple[str, bytes]]:
        """What somebody was sent besides words: names and bytes, oldest first."""
        return self._phone(name, "").files

    def card_id(self, name: str) -> str:
        """The id of the newest message on somebody's phone."""
        return next(one for one, _ in reversed(self._phone(name, "").cards) if one not in (UPDATE, FILE))

    def _phone(self, name: str, on: str) -> Phone:
        channel = on or self.platform
        return self.channels[channel].phones.setdefault(self.ids_on[channel].get(name, name), Phone())

    def _button(self, phone: Phone, label: str) -> tuple[str, Button]:
        for card_id, card in reversed(phone.cards):
            if card.settled or card_id in (UPDATE, FILE):
                continue
            for button in card.buttons:
                if button.label == label:
                    return card_id, button
        raise AssertionError(f"nobody offered a live button {label!r}")

    def _waiting(self) -> set[tuple[str, str]]:
        with self.program.open_work.reading() as session:
            return set(senders_waiting(session, self.now, 1000))


def _memory(engine: Engine) -> Any:
    """Return the one connection of a database in memory."""
    with closing(engine.raw_connection()) as connection:
        return connection.driver_connection
