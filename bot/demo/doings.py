"""What people of the demo do, each deed at an instant of the timeline, through the services that chat uses."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from bot.demo.invention import SOURCES, Firm, Inventor
from bot.demo.timeline import Timeline
from core.calendar import WorkCalendar
from core.model.customer import Account, Contact
from core.model.deal import Deal
from core.model.followup import Method
from core.model.ids import AccountId, LeadId, Ref
from core.model.money import Money
from core.ports import UnitOfWork
from core.rules.duplicates import core_name
from core.services.claiming import claim_lead
from core.services.customers import customer
from core.services.deal_stages import enter_stage
from core.services.deals import begin_deal, stage_named
from core.services.followups import log_followup
from core.services.leads import NewLead, create_lead, return_lead

FINDER = "zhouting"
"""Marketing finds most leads; theirs go to the pool."""
WINDOW = timedelta(days=90)
SOON_AFTER = timedelta(seconds=40)
"""A clock that looks every minute keeps a promise about so long after it fell due."""
STAGES = ("初步接洽", "需求确认", "方案报价", "商务谈判", "赢单")
LOST = "输单"
CLOSED = ("赢单", LOST)


@dataclass(frozen=True)
class Talk:
    """What was done with a customer, noted at `at`; it took place `ago` before. `next_at` is what was agreed on."""

    at: datetime
    method: Method
    text: str
    next_at: datetime | None = None
    ago: timedelta = timedelta(0)


@dataclass(frozen=True)
class Chance:
    """A deal: begun and expected to close on these days, and the stage it has reached."""

    name: str
    stage: str
    amount: int
    product: str
    begun: date
    closes: date


class Days:
    """The workdays of the last ninety days, by number: the last one is the workday before today."""

    def __init__(self, calendar: WorkCalendar, now: datetime) -> None:
        self.calendar, self.now = calendar, now
        self.today = calendar.local(now).date()
        begin = self.today - WINDOW
        self.work = [d for n in range(WINDOW.days) if calendar.is_workday(d := begin + timedelta(days=n))]
        self.last = len(self.work) - 1

    def at(self, number: int, wall: time) -> datetime:
        """Return an instant on workday `number`."""
        return self.calendar.at(self.work[number], wall)

    def back(self, workdays: int, wall: time) -> datetime:
        """Return an instant so many workdays before today."""
        return self.at(self.last + 1 - workdays, wall)

    def ahead(self, workdays: int, wall: time) -> datetime:
        """Return an instant so many workdays after today; 0 is today, whatever day it is."""
        day = self.today
        for _ in range(workdays):
            day = self.calendar.next_workday(day + timedelta(days=1))
        return self.calendar.at(day, wall)

    def ago(self, days: int, wall: time) -> datetime:
        """Return an instant about so many days ago, on a workday."""
        return self.calendar.at(self.calendar.next_workday(self.today - timedelta(days=days)), wall)


class Doings:
    """Arranges deeds on a timeline; nothing has happened before the timeline runs."""

    def __init__(self, timeline: Timeline, days: Days, rng: Random) -> None:
        self._line, self.days, self.rng = timeline, days, rng
        self.invent = Inventor(rng)

    def finds(self, firm: Firm, at: datetime, then: Callable[[LeadId], None] | None = None) -> None:
        """Marketing puts a lead on record, which lies in the pool; `then` goes on with its number."""
        self.brings_lead(FINDER, self.new_lead(firm), at, then)

    def brings_lead(self, who: str, new: NewLead, at: datetime, then: Callable[[LeadId], None] | None = None) -> None:
        """Somebody puts a lead on record; a rep holds it from then on."""

        def bring(uow: UnitOfWork) -> None:
            lead = create_lead(uow, new, certain=True)
            if then is not None:
                then(lead.id)

        self._line.at(at, who, bring)

    def claims(
        self, who: str, firm: Firm, found: datetime, at: datetime, then: Callable[[LeadId], None] | None = None
    ) -> None:
        """Marketing finds a lead, a rep claims it from the pool."""

        def arrive(lead_id: LeadId) -> None:
            def claim(uow: UnitOfWork) -> None:
                claim_lead(uow, lead_id)

            self._line.at(at, who, claim)
            if then is not None:
                then(lead_id)

        self.finds(firm, found, arrive)

    def gives_back(self, who: str, lead_id: LeadId, at: datetime, reason: str) -> None:
        """A rep returns a lead to the pool."""

        def give_back(uow: UnitOfWork) -> None:
            return_lead(uow, lead_id, reason)

        self._line.at(at, who, give_back)

    def loses(self, due: datetime) -> None:
        """Let the clock look just after `due`."""
        self._line.sweep_at(due + SOON_AFTER)

    def talks(self, who: str, ref: Ref, talk: Talk) -> None:
        """A rep notes a talk, and what comes next."""

        def note(uow: UnitOfWork) -> None:
            about = customer(uow, ref)
            log_followup(uow, about, talk.text, method=talk.method, at=uow.now - talk.ago, next_at=talk.next_at)

        self._line.at(talk.at, who, note)

    def brings_account(
        self,
        who: str,
        firm: Firm,
        at: datetime,
        then: Callable[[AccountId], None],
        *,
        grade: str,
        aliases: tuple[str, ...] = (),
        colleagues: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """A rep puts a customer on record with the people one knows there; `then` goes on with its number."""
        source = self.rng.choice(SOURCES)
        people = [(firm.person, firm.title, firm.phone), *((*c, self.invent.phone()) for c in colleagues)]

        def bring(uow: UnitOfWork) -> None:
            uow.does("account.create")
            account = Account(
                name=firm.name,
                short_name=firm.brand,
                aliases=aliases,
                core_name=core_name(firm.name),
                region=firm.region,
                industry=firm.trade.industry,
                grade=grade,
                source=source,
                owner_id=uow.actor.id,
                created_by=uow.actor.id,
                created_at=uow.now,
                updated_at=uow.now,
            )
            uow.accounts.add(account)
            uow.flush()
            for name, title, phone in people:
                uow.contacts.add(
                    Contact(
                        account_id=account.id,
                        name=name,
                        title=title,
                        phone=phone,
                        owner_id=uow.actor.id,
                        created_at=uow.now,
                        updated_at=uow.now,
                    )
                )
            then(account.id)

        self._line.at(at, who, bring)

    def does(self, at: datetime, who: str, deed: Callable[[UnitOfWork], None]) -> None:
        """Arrange anything else that somebody does."""
        self._line.at(at, who, deed)

    def works_on_deal(self, who: str, account_id: AccountId, chance: Chance) -> None:
        """A deal is opened and goes from stage to stage until where it stands now, a closed one until its last day."""
        path = self._path(chance.stage)
        until = chance.closes if chance.stage in CLOSED else self.days.today - timedelta(days=2)
        step = max((until - chance.begun) // len(path), timedelta(days=1))
        for place, stage in enumerate(path):
            is_last = place == len(path) - 1
            day = until if is_last and stage in CLOSED else chance.begun + place * step
            at = self.days.calendar.at(self.days.calendar.next_workday(day), time(17, 45))
            self._line.at(
                at, who, self._opening(account_id, chance) if place == 0 else _moving(chance, account_id, stage)
            )

    def new_lead(self, firm: Firm, source: str = "") -> NewLead:
        """Say what is known of a company that may buy."""
        return NewLead(
            name=firm.name,
            contact_name=firm.person,
            contact_title=firm.title,
            phone=firm.phone,
            source=source or self.rng.choice(SOURCES),
            region=firm.region,
            industry=firm.trade.industry,
            grade=self.rng.choice(("", "", "B", "B", "C", "C")),
            need=self.invent.need(firm.trade),
        )

    def _path(self, stage: str) -> tuple[str, ...]:
        if stage == LOST:
            return (*STAGES[: self.rng.randint(1, 4)], LOST)
        return STAGES[: STAGES.index(stage) + 1]

    def _opening(self, account_id: AccountId, chance: Chance) -> Callable[[UnitOfWork], None]:
        def open_deal(uow: UnitOfWork) -> None:
            uow.does("deal.create")
            deal = Deal(
                name=chance.name,
                account_id=account_id,
                owner_id=uow.actor.id,
                stage=STAGES[0],
                amount=Money.yuan(Decimal(chance.amount)),
                product=chance.product,
                begun_on=chance.begun,
                expected_close_on=chance.closes,
                created_at=uow.now,
                updated_at=uow.now,
            )
            begin_deal(uow, deal, uow.playbook.pipelines[0].stages[0])

        return open_deal


def _moving(chance: Chance, account_id: AccountId, stage: str) -> Callable[[UnitOfWork], None]:
    def move(uow: UnitOfWork) -> None:
        uow.does("deal.stage")
        for deal in uow.deals.of(account_id):
            if deal.name == chance.name:
                deal.closed_on = chance.closes if stage in CLOSED else None
                to = stage_named(uow.playbook.pipeline(deal.pipeline), stage)
                if to.name != deal.stage:  # a kit may call two of the seed's stages one
                    enter_stage(uow, deal, to)

    return move
