"""One company on one emulated platform, with the whole product behind it.

A side is what differs between platforms: how the product is told of the platform, how somebody says or taps something
on a phone, and how a screen is read. Everything else, and every check, is the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from pydantic import SecretStr
from sqlalchemy import func, select, update

from bot.bootstrap import Program, build
from bot.command.demo import WebServer
from bot.settings import Settings
from core.errors import NotFound
from core.model.lead import Lead
from core.model.member import SYSTEM, Member
from core.notices import EventSetAside
from core.services.leads import NewLead, create_lead
from core.services.members import Enrolment, enrol, set_manager
from storage import tables
from storage.queues import receivers_waiting, senders_waiting
from tests.databases import lay_out
from tests.ports import free_port
from tests.world import PEOPLE


@dataclass(frozen=True)
class Shown:
    """A message on a screen: all its words, and the labels that can be pressed now."""

    words: str
    buttons: tuple[str, ...] = ()


class Side(Protocol):
    """A platform as the contract sees it."""

    channel: str
    updates_in_place: bool
    """Whether a tapped card changes where it stands; else a fresh message says what became of it."""

    def opens(self, port: int, folder: Path) -> Mapping[str, Any]:
        """Start the platform, calling back to the product on `port`; return the product's settings."""
        ...

    def product_is_up(self, program: Program) -> None:
        """Called once the product answers callbacks; a side that is connected to connects here."""
        ...

    def now(self) -> Any: ...
    def say(self, user_id: str, text: str) -> None:
        """Somebody says something; returns when the product has acknowledged it."""
        ...

    def tap(self, user_id: str, label: str) -> None:
        """Somebody presses the newest button of that label that is on their screen."""
        ...

    def screen(self, user_id: str) -> list[Shown]: ...
    def files(self, user_id: str) -> list[tuple[str, str, bytes]]:
        """Everything on a screen that can be opened: image or file, its name, and what comes when it is tapped."""
        ...

    def calls(self, api: str) -> int:
        """How often an API was called."""
        ...

    def fails(self, name: str) -> None:
        """Order a failure by the contract's own name for it: twice, lost_answer, busy, token, gone."""
        ...

    drops_repeats: bool
    """Whether the platform shows a card only once that is sent again after a lost answer."""

    forgeries: tuple[str, ...]
    """What a stranger may send, by the emulator's names for it."""

    def forged(self, name: str) -> int:
        """Let one forgery come beside a genuine message; return the status it was answered with."""
        ...

    def tokens(self) -> list[str]:
        """Access tokens that are alive, and whatever else the platform handed out as a right."""
        ...

    def passes(self, minutes: int) -> None:
        """Let the platform's own clock go on."""
        ...

    def undelivered(self) -> int:
        """Messages that the platform dropped without a word because they were too many."""
        ...

    def closes(self) -> None: ...


class Company:
    """The product on one side, worked by hand: nothing happens between two lines of a test."""

    def __init__(self, side: Side, folder: Path) -> None:
        self.side = side
        port = free_port()
        given = side.opens(port, folder)
        self.program = build(
            Settings(
                **{
                    "database_url": lay_out(folder),
                    "redis_url": "",
                    "data": folder,
                    "port": port,
                    "admins": "",
                    **given,
                },
                _env_file=None,
            ),
            clock=side.now,
        )
        self.program.prepare()
        self.port = port
        self._web = WebServer(self.program, "127.0.0.1", port)
        with self.program.open_work(SYSTEM) as uow:
            for user_id, name, role, department, _ in PEOPLE:
                enrol(
                    uow, Enrolment(channel=side.channel, user_id=user_id, name=name, roles=role, department=department)
                )
            for user_id, _, _, _, manager in PEOPLE:
                if manager:
                    set_manager(uow, side.channel, user_id, manager)
        self.ids = {name: user_id for user_id, name, *_ in PEOPLE}
        self._read: dict[str, int] = {}
        side.product_is_up(self.program)

    def close(self) -> None:
        self.side.closes()
        self._web.close()
        self.program.close()

    def says(self, name: str, text: str) -> list[str]:
        """Somebody says something; return what they then read."""
        self.side.say(self.ids.get(name, name), text)
        return self.settles().heard(name)

    def taps(self, name: str, label: str) -> list[str]:
        self.side.tap(self.ids[name], label)
        return self.settles().heard(name)

    def settles(self) -> "Company":
        """Let the worker do all there is to do."""
        with self.program.open_work.reading() as session:
            senders = senders_waiting(session, self.side.now(), 1000)
        for key in senders:
            self.program.dispatcher.drain(*key)
        with self.program.open_work.reading() as session:
            receivers = receivers_waiting(session, self.program.messenger.clock(), 1000)
        for key in receivers:
            self.program.messenger.deliver(*key)
        return self

    def heard(self, name: str) -> list[str]:
        """What stands on somebody's screen since the last look."""
        user_id = self.ids.get(name, name)
        screen = self.side.screen(user_id)
        fresh = screen[self._read.get(user_id, 0) :]
        self._read[user_id] = len(screen)
        return [shown.words for shown in fresh]

    def buttons(self, name: str) -> tuple[str, ...]:
        """Every label that can be pressed on somebody's screen, newest message first."""
        return tuple(label for shown in reversed(self.side.screen(self.ids[name])) for label in shown.buttons)

    def tells(self, name: str, words: str) -> "Company":
        """Tell somebody something of ourselves, as the clock does."""
        with self.program.open_work(SYSTEM) as uow:
            uow.tell(EventSetAside(to=self.member(name).id, said=words, who="李娜", event_id=1))
        return self.settles()

    def has_lead(self, name: str, held_by: str | None = None) -> Lead:
        with self.program.open_work(self.member(held_by) if held_by else SYSTEM) as uow:
            return create_lead(uow, NewLead(name=name, source="展会"), certain=True)

    def lead(self, lead_id: int) -> Lead:
        with self.program.open_work(SYSTEM, reading=True) as uow:
            return uow.leads.get(lead_id)

    def lead_is_gone(self, lead_id: int) -> bool:
        try:
            return self.lead(lead_id).owner_id is None
        except NotFound:
            return True

    def waits_out_the_pause(self, minutes: int = 0) -> "Company":
        """Let pauses end and budgets fill: they run on the machine's clock, which no test waits for."""
        rows = tables.outbox.c
        with self.program.engine.begin() as connection:
            connection.execute(update(tables.outbox).values(not_before=None))
            for number, sent_at in connection.execute(select(rows.id, rows.sent_at).where(rows.sent_at.is_not(None))):
                earlier = sent_at - timedelta(minutes=minutes)
                connection.execute(update(tables.outbox).where(rows.id == number).values(sent_at=earlier))
        if minutes:
            self.side.passes(minutes)
        return self

    def secrets(self) -> list[str]:
        """Everything that must never be read in a log: settings and tokens."""
        kept = [value.get_secret_value() for _, value in self.program.settings if isinstance(value, SecretStr)]
        return [*kept, *self.side.tokens()]

    def member(self, name: str) -> Member:
        with self.program.open_work(SYSTEM, reading=True) as uow:
            found = uow.members.known_as(self.side.channel, self.ids[name])
            assert found is not None
            return found

    def count(self, table: Any) -> int:
        with self.program.open_work.reading() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


def words_of(value: Any) -> str:
    """All texts of a JSON value, a line each."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        value = list(value.values())
    return "\n".join(filter(None, map(words_of, value))) if isinstance(value, list) else ""
