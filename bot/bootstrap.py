"""The program, built once: settings in, everything wired by constructors out.

What only some processes or installations need is imported with it: the web process understands no words, and most
installations have no Redis.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import Event as Flag
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError, SQLAlchemyError

from bot.channels.base import Callback, Locks, Outlet, Tokens
from bot.enclosures import Enclosures
from bot.event import Event
from bot.jobs import JOBS, Jobs, Means
from bot.messenger import Budgets, Messenger
from bot.settings import Settings
from connectors.playbook_files import YamlPlaybooks
from core.calendar import WorkCalendar
from core.errors import Refusal
from core.model.member import CHANNELS, SYSTEM, Role
from core.model.usage import MonthlyBudget
from core.ports import Directory, Intake, LanguageModel, Painter, Stock, Typesetter
from core.ports.files import Sheets
from core.ports.mirrors import Platforms
from core.services.members import Enrolment, enrol
from core.services.playbook.applying import begin_with
from core.services.playbook.rulebook import Rulebook
from core.services.usage import month_around
from storage import migrate
from storage.browse import Browse
from storage.calendar import Corrections
from storage.engine import open_engine
from storage.intake import Arrival
from storage.intake import Intake as InboxIntake
from storage.queues import gauges
from storage.seal import Seal
from storage.shared import OutboxBudgets, SharedLocks, SharedTokens
from storage.tokens import member_of
from storage.unit_of_work import WorkOpener
from storage.usage import UsageGauges

if TYPE_CHECKING:
    from redis import Redis
    from sqlalchemy import Engine

    from bot.channels.dingtalk.channel import DingTalk
    from bot.channels.dingtalk.stream import Stream
    from bot.channels.wecom.channel import WeCom
    from bot.desk import Desk
    from bot.dispatch import Dispatcher
    from bot.understanding.reader import Grammar
    from connectors.workdays import ChinaWorkdays
    from web.site import Site

log = logging.getLogger(__name__)

PER_MINUTE, PER_HOUR = 25, 800
"""What we send one member at most; WeCom drops silently above 30 and 1000 (document/path/90236)."""


class Wake(Protocol):
    """Calls whoever waits for rows."""

    def call(self) -> None: ...
    def wait(self, timeout: float) -> None: ...


class LocalWake:
    """Wakes threads of this process; other processes look by themselves."""

    def __init__(self) -> None:
        self._flag = Flag()

    def call(self) -> None:
        self._flag.set()

    def wait(self, timeout: float) -> None:
        self._flag.wait(timeout)
        self._flag.clear()


class SchemaBehind(ValueError):
    """The database has not been migrated; its operator does that, not a process that happens to start."""


@dataclass
class Program:
    """The wired program. Parts that only some processes need are built when they are first asked for."""

    settings: Settings
    clock: Callable[[], datetime]
    engine: "Engine"
    wake: Wake
    redis: "Redis | None" = None
    closers: list[Callable[[], None]] = field(default_factory=list)

    @cached_property
    def workdays(self) -> "ChinaWorkdays":
        from connectors.workdays import ChinaWorkdays

        return ChinaWorkdays(Corrections(self.engine))

    @cached_property
    def calendar(self) -> WorkCalendar:
        return WorkCalendar(is_workday=self.workdays.is_workday, zone=self.settings.zone)

    @cached_property
    def operated(self) -> Mapping[str, Any]:
        """What the operator's settings say of the playbook, and no document may."""
        settings = self.settings
        budget = MonthlyBudget(calls=settings.dingtalk_monthly_calls, pushes=settings.dingtalk_monthly_events)
        are_set = {"wecom": settings.has_wecom, "dingtalk": settings.has_dingtalk}
        channels = tuple(channel for channel, is_set in are_set.items() if is_set) or tuple(CHANNELS)
        monthly = {"dingtalk": budget} if settings.has_dingtalk else {}
        return {
            "channels": channels,
            "monthly": monthly,
            "webhook": bool(settings.webhook_url),
            "todos": settings.has_todos,
        }

    @cached_property
    def rulebook(self) -> Rulebook:
        """What is in force, and how documents are read."""
        return Rulebook(YamlPlaybooks(), lambda: self.operated)

    @cached_property
    def month_gauges(self) -> UsageGauges:
        """The running month's usage, as the operator's metrics show it."""
        return UsageGauges(self.engine, lambda: month_around(self.calendar, self.calendar.local(self.clock()).date()))

    @cached_property
    def open_work(self) -> WorkOpener:
        opener = WorkOpener(self.engine, self.clock, self.rulebook, lambda: self.calendar, committed=self.wake.call)
        opener.stock = self.stock
        return opener

    @cached_property
    def stock(self) -> Stock | None:
        """Whatever keeps the stock; nothing does until a connector to an ERP is handed in."""
        return None

    @cached_property
    def tokens(self) -> Tokens:
        seal = Seal(self.settings.key())
        shared = SharedTokens(self.engine, seal)
        if not self.redis:
            return shared
        from storage.redis import RedisTokens

        return RedisTokens(self.redis, seal, shared)

    @cached_property
    def locks(self) -> Locks:
        shared = SharedLocks(self.engine)
        if not self.redis:
            return shared
        from storage.redis import RedisLocks

        return RedisLocks(self.redis, shared)

    @cached_property
    def budgets(self) -> Budgets:
        counted = OutboxBudgets(self.engine, PER_MINUTE, PER_HOUR)
        if not self.redis:
            return counted
        from storage.redis import RedisBudgets

        return RedisBudgets(self.redis, PER_MINUTE, PER_HOUR, counted)

    @cached_property
    def reader(self) -> "Grammar":
        """What turns a typed line into acts."""
        from bot.understanding.entities import Finder
        from bot.understanding.reader import Grammar

        return Grammar(Finder(), self.workdays)

    @cached_property
    def desk(self) -> "Desk":
        from bot.desk import Desk
        from bot.handlers import LATER, ROUTERS

        return Desk(
            ROUTERS,
            LATER,
            lambda _: self.reader,
            self.workdays,
            asks_model=self.model is not None,
        )

    @cached_property
    def model(self) -> LanguageModel | None:
        """The language model that may be asked, if the operator has set one and lets text leave."""
        if not self.settings.has_model:
            return None
        from connectors.model import ChatModel

        return ChatModel(self.settings.model_url, self.settings.model_name, self.settings.model_key.get_secret_value())

    @cached_property
    def dispatcher(self) -> "Dispatcher":
        from bot.dispatch import Dispatcher

        return Dispatcher(self.open_work, self.desk)

    @cached_property
    def messenger(self) -> Messenger:
        return Messenger(
            open_work=self.open_work,
            outlets=self.outlets,
            budgets=self.budgets,
            calendar=lambda: self.calendar,
            enclosures=Enclosures(self.open_work, lambda: self.painter),
        )

    @cached_property
    def painter(self) -> Painter:
        """What makes pictures out of charts; its libraries are loaded with the first one."""
        from connectors.charts.painter import EChartsPainter

        painter = EChartsPainter()
        self.closers.append(painter.close)
        return painter

    @cached_property
    def downloads(self) -> Intake:
        """Fetches files that people send on any platform that is set."""
        from bot.downloads import Downloads

        return Downloads(self.wecom, self.dingtalk)

    @cached_property
    def typesetter(self) -> Typesetter:
        """What sets documents; each in a process of its own."""
        from connectors.typesetting.typesetter import TypstTypesetter

        return TypstTypesetter()

    @cached_property
    def wecom(self) -> "WeCom | None":
        """The WeCom channel when everything it needs is set."""
        if not self.settings.has_wecom:
            return None
        from bot.wiring import wire_wecom

        return wire_wecom(self.settings, tokens=self.tokens, locks=self.locks, now=self.clock)

    @cached_property
    def dingtalk(self) -> "DingTalk | None":
        """The DingTalk channel when everything it needs is set."""
        if not self.settings.has_dingtalk:
            return None
        from bot.wiring import wire_dingtalk

        made = wire_dingtalk(self.settings, tokens=self.tokens, locks=self.locks, now=self.clock)
        self.closers.append(made.client.close)
        return made

    def stream(self) -> "Stream":
        """Return DingTalk's Stream connection for the one process that holds it; ValueError without the channel."""
        if self.dingtalk is None:
            raise ValueError("没有配置钉钉，请先设置 DINGTALK_CLIENT_ID 和 DINGTALK_CLIENT_SECRET")
        from bot.wiring import wire_stream

        return wire_stream(self.settings, self.dingtalk, keep=self.keep, tokens=self.tokens, now=self.clock)

    @cached_property
    def callbacks(self) -> Mapping[str, Callback]:
        """The receiving half of every channel that is set, by the path behind /callback/."""
        wecom: dict[str, Callback] = {"wecom": self.wecom.callback} if self.wecom else {}
        if self.wecom and self.wecom.oa_callback:
            wecom["wecom/oa"] = self.wecom.oa_callback
        dingtalk = self.dingtalk.callbacks if self.dingtalk else {}
        return {**wecom, **{f"dingtalk/{kind}": callback for kind, callback in dingtalk.items()}}

    @cached_property
    def outlets(self) -> Mapping[str, Outlet]:
        """The sending half of every channel that is set."""
        outlets: dict[str, Outlet] = {"wecom": self.wecom.client} if self.wecom else {}
        if self.dingtalk:
            outlets["dingtalk"] = self.dingtalk.client
        if self.settings.webhook_url:
            from bot.wiring import wire_webhook

            outlets["webhook"] = wire_webhook(self.settings)
        return outlets

    @cached_property
    def directories(self) -> Mapping[str, Directory]:
        """The directory of every channel that is set."""
        wecom: dict[str, Directory] = {"wecom": self.wecom.directory} if self.wecom else {}
        return {**wecom, "dingtalk": self.dingtalk.directory} if self.dingtalk else wecom

    @cached_property
    def sheets(self) -> Sheets:
        """What writes tables for spreadsheets."""
        from connectors.sheet_writer import SheetWriter

        return SheetWriter()

    @cached_property
    def platforms(self) -> Platforms:
        """By what means each platform that is set shows approvals; the playbook says what is handed in there."""
        from bot.wiring import platforms

        return platforms(self.settings, self.wecom, self.dingtalk)

    @cached_property
    def intake(self) -> InboxIntake:
        intake = InboxIntake(self.engine, arrived=self.wake.call)
        self.closers.append(intake.close)
        return intake

    def keep(self, events: Sequence[Event]) -> None:
        """Keep events durably in the inbox."""
        now = self.clock()
        self.intake.keep(
            [
                Arrival(channel=e.channel, key=e.key, user_id=e.user_id, event=e.as_json(), received_at=now)
                for e in events
            ]
        )

    @cached_property
    def jobs(self) -> Jobs:
        means = Means(
            open_work=self.open_work,
            directories=lambda: self.directories,
            typesetter=lambda: self.typesetter,
            sheets=lambda: self.sheets,
            platforms=lambda: self.platforms,
            intake=lambda: self.downloads,
        )
        if self.model is None:
            return Jobs(means, JOBS)
        from bot.proposals import Proposals
        from bot.stories import PROPOSE

        return Jobs(means, {**JOBS, PROPOSE: Proposals(self.model, self.desk).work})

    @cached_property
    def site(self) -> "Site":
        """What the web's second face needs of the program."""
        from web.site import Site

        return Site(
            open_work=self.open_work,
            member_of=lambda token: member_of(self.engine, token),
            browse=Browse(self.engine),
            readiness=self.readiness,
            gauges=lambda: gauges(self.engine) | self.month_gauges.figures(),
            out_of_reach=(OperationalError, InterfaceError),
        )

    def readiness(self) -> dict[str, str]:
        """Say what is wrong with database, migrations and Redis; nothing when all is well."""
        wrong: dict[str, str] = {}
        try:
            if not migrate.is_current(self.engine):
                wrong["migrations"] = "数据库结构不是最新的，请运行 liaodan db upgrade"
        except SQLAlchemyError as error:
            wrong["database"] = f"数据库连不上（{type(error).__name__}），请检查 DATABASE_URL"
        if self.redis:
            from redis.exceptions import RedisError

            try:
                self.redis.ping()
            except RedisError as error:
                wrong["redis"] = f"Redis 连不上（{type(error).__name__}），请检查 REDIS_URL"
        return wrong

    def prepare(self) -> None:
        """Migrate an embedded database at once, refuse another one that is behind; enrol the first administrators.

        Raises ValueError when an installation that is not embedded has no secret key.
        """
        self.settings.key()
        if self.settings.is_embedded:
            migrate.upgrade(self.engine)
        elif not migrate.is_current(self.engine):
            raise SchemaBehind("数据库结构不是最新的，请先运行 liaodan db upgrade")
        self._begin_playbook()
        self._enrol_admins()

    def _begin_playbook(self) -> None:
        """Put the first version in force where the database has none: the operator's, or the general kit."""
        with self.open_work(SYSTEM, reading=True) as uow:
            if uow.versions.newest() is not None:
                return
        chosen = self.settings.playbook or "general"
        file, files = Path(chosen), self.rulebook.files
        try:
            document = files.read(file.read_bytes() if file.is_file() else files.kit(chosen))
        except Refusal as refusal:
            raise ValueError(f"LIAODAN_PLAYBOOK（{chosen}）不能用：{refusal}") from refusal
        try:
            with self.open_work(SYSTEM) as uow:
                begin_with(uow, document, f"开始使用，来自 {file.name}")
        except IntegrityError:
            log.info("another process puts the first playbook on record at this moment")

    def _enrol_admins(self) -> None:
        addresses = [a.strip() for a in self.settings.admins.split(",") if a.strip()]
        if not addresses:
            return
        try:
            with self.open_work(SYSTEM) as uow:
                for address in addresses:
                    channel, _, user_id = address.partition(":")
                    if user_id and uow.members.account(channel, user_id) is None:  # who left stays out
                        enrol(uow, Enrolment(channel=channel, user_id=user_id, name=user_id, roles=Role.ADMIN))
        except IntegrityError:
            log.info("another process enrols the administrators at this moment")

    def close(self) -> None:
        """Stop what was started and let go of connections."""
        while self.closers:
            self.closers.pop()()
        self.engine.dispose()
        if self.redis:
            self.redis.close()


def build(settings: Settings, *, clock: Callable[[], datetime] | None = None, engine: Any = None) -> Program:
    """Build the program for `settings`. `clock` is the machine's unless a rehearsal or the demo brings its own."""
    redis, wake = _redis(settings.redis_url) if settings.redis_url else (None, LocalWake())
    return Program(
        settings=settings,
        clock=clock or (lambda: datetime.now(UTC)),
        engine=engine or open_engine(settings.database),
        wake=wake,
        redis=redis,
    )


def _redis(url: str) -> tuple["Redis", Wake]:
    from storage.redis import RedisWake, open_redis

    redis = open_redis(url)
    return redis, RedisWake(redis)
