"""One emulated company: everything it keeps, put together once."""

import random
import threading
from datetime import timedelta
from urllib.parse import urlsplit

from emulator.clock import Clock
from emulator.crypto import Crypto
from emulator.faults import FaultBox
from emulator.feed import Feed
from emulator.journal import Journal
from emulator.phones import Phones
from emulator.store import Store
from emulator.wecom.app import create_app
from emulator.wecom.approval_forms import templates
from emulator.wecom.callbacks import Callbacks
from emulator.wecom.codes import ResponseCodes
from emulator.wecom.customers.book import Book
from emulator.wecom.customers.transfers import settle
from emulator.wecom.directory import Directory
from emulator.wecom.events import MessageIds
from emulator.wecom.fault_kinds import FAULT_KINDS
from emulator.wecom.limits import Limits
from emulator.wecom.media import Media
from emulator.wecom.oauth import Logins
from emulator.wecom.settings import Settings, Switches
from emulator.wecom.tokens import Tokens


class Platform:
    """WeCom for one company and one app: `app` answers over WSGI, `start` lets callbacks go out."""

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        """Without a clock of one's own, real time plus the offset kept in the data folder."""
        self.settings = settings
        self.lock = threading.RLock()
        self.store = Store(settings.data_dir, "wecom")
        self._kept = self.store.shelf("counters")
        self.clock = clock or Clock(timedelta(seconds=self._kept.get("clock_offset_s", 0.0)))
        self.clock.on_change(self._clock_moved)
        self.random = random.Random(settings.seed)  # noqa: S311 - repeatable chance for a test bench
        self.feed = Feed()
        self.switches = Switches()
        self.faults = FaultBox(FAULT_KINDS, self.clock, settings.seed, self.feed.bump)
        self.calls, self.deliveries, self.dropped = Journal(), Journal(), Journal()
        self.crypto = Crypto(settings.token, settings.aes_key, settings.corp_id)
        self.directory = Directory(settings)
        self.tokens = Tokens(settings, self.clock)
        self.limits = Limits(self.clock)
        self.phones = Phones(self.store, self.clock, self.feed, card_key="task_id", same=str.casefold)
        self.codes = ResponseCodes(self.store, self.clock)
        self.media = Media(self.store, self.clock)
        self.menu = self.store.shelf("menu")
        self.book = Book(self.store, self.clock)
        self.applications = self.store.shelf("applications")
        self.templates = templates()
        self.greetings = Journal()
        self.chats = self.store.shelf("chats")
        self.messages = self.store.shelf("messages")
        self.seen: dict[str, int] = {}
        self.logins = Logins(self.clock)
        self.message_ids = MessageIds(self.store, self.clock)
        self.callbacks = Callbacks(self, settings.callback_url)
        self.app = create_app(self)

    @property
    def redirect_domain(self) -> str:
        """The host (and port) OAuth may send members back to."""
        return self.settings.redirect_domain or urlsplit(self.callbacks.url).netloc

    def next_application(self) -> int:
        """Count the applications; the numbers only ever grow."""
        number = int(self._kept.get("applications", 0)) + 1
        self._kept.put("applications", number)
        return number

    def start(self) -> None:
        """Let callbacks go out."""
        self.callbacks.start()

    def stop(self) -> None:
        """Stop callbacks, let watchers go, close the file."""
        self.feed.close()
        self.faults.close()
        self.callbacks.stop()
        self.store.close()

    def reset(self, *, clock: bool = False) -> None:
        """Forget messages, cards, media, menu, tokens, faults and traffic; with `clock` return to real time too."""
        with self.lock:
            for part in (self.phones, self.codes, self.media, self.menu, self.messages, self.calls, self.deliveries):
                part.clear()
            for one in (self.dropped, self.greetings, self.book, self.applications, self.chats):
                one.clear()
            self.seen.clear()
            self.tokens.revoke()
            self.callbacks.clear()
            self.directory.reset()
            self.limits = Limits(self.clock)
            self.switches, self.templates = Switches(), templates()
            self.faults.cancel()
        if clock:
            self.clock.set_offset(timedelta(0))
        self.feed.restart()

    def _clock_moved(self) -> None:
        self._kept.put("clock_offset_s", self.clock.offset.total_seconds())
        with self.lock:
            settle(self)
        self.feed.bump()
