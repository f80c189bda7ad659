"""Around the famous ones: what each rep works on, what lies in the pool and how it came there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.demo.doings import CLOSED, LOST, STAGES, Chance, Doings, Talk
from bot.demo.invention import Firm
from core.model.followup import Method
from core.model.ids import AccountId, LeadId, Ref


def hours(amount: float) -> timedelta:
    return timedelta(hours=amount)


A_DAY, THIRTY_DAYS = timedelta(days=1), timedelta(days=30)
"""The two recycle rules of the general kit."""


@dataclass(frozen=True)
class Book:
    """What one rep works on, for the last `since` workdays.

    `plans` are the next contacts that stand now; `waiting` are leads not called yet, by how long ago they were claimed.
    """

    who: str
    region: str
    since: int
    accounts: int
    leads: int
    lunch: time
    evening: time
    plans: tuple[str, ...]
    waiting: tuple[timedelta, ...]


ZHANGWEI = Book(
    "zhangwei", "华东", 60, 22, 16, time(11, 32), time(17, 24),
    ("today", "tomorrow", "soon", "tomorrow", "soon", "later"), (hours(22.6), hours(18.3), hours(2.7)),
)  # fmt: skip
LINA = Book(
    "lina", "华南", 60, 26, 18, time(11, 47), time(17, 36),
    ("missed", "today", "tomorrow", "today", "soon", "tomorrow", "later"),
    (hours(21.4), hours(18.8), hours(3.2), hours(1.9)),
)  # fmt: skip
CHENCHEN = Book(
    "chenchen", "华东", 22, 5, 6, time(11, 53), time(17, 11),
    ("today", "tomorrow", "soon"), (hours(20.7), hours(2.2)),
)  # fmt: skip
BOOKS = (ZHANGWEI, LINA, CHENCHEN)

LYING, NEGLECTED, FORGOTTEN, RETURNED = 40, 8, 6, 8
"""The pool by how its leads came there: never claimed, lost after a day, lost after thirty, given back."""
AGREED = 0.3
"""How often a talk ends with the day of the next one."""
REASONS = ("无需求", "联系不上", "预算不符", "不在负责区域")
REACHED = (*STAGES, *STAGES[1:], LOST)
TODAY_AT = (time(14), time(10, 30), time(16, 30), time(9, 30))


def fill_the_books(doings: Doings) -> None:
    """Arrange the customers and leads of every rep, and what they did today so far."""
    for book in BOOKS:
        _Work(doings, book).arrange()


def fill_the_pool(doings: Doings) -> None:
    """Arrange what marketing found and nobody wanted yet, and what reps lost or gave back."""
    for number in range(LYING):
        firm = doings.invent.firm(("华东", "华南", "华东", "华南", "华东")[number % 5])
        doings.finds(firm, doings.days.at(doings.days.last - number // 4, time(10, 15)))
    for number in range(NEGLECTED + FORGOTTEN + RETURNED):
        work = _Work(doings, (ZHANGWEI, LINA)[number % 2])
        if number < NEGLECTED:
            work.neglects()
        elif number < NEGLECTED + FORGOTTEN:
            work.forgets()
        else:
            work.gives_back()


class _Work:
    """One rep's work."""

    def __init__(self, doings: Doings, book: Book) -> None:
        self._doings, self._book = doings, book
        self._days, self._rng, self._invent = doings.days, doings.rng, doings.invent
        self._first = max(0, self._days.last - book.since)

    def arrange(self) -> None:
        plans = list(self._book.plans)
        for number in range(self._book.accounts):
            self._has_account(plans, with_deal=number % 5 < 3)  # noqa: PLR2004 - three of five
        plans = [plan for plan in self._book.plans if plan not in ("missed", "today")]
        for _ in range(self._book.leads):
            self._works_on_lead(plans)
        for ago in self._book.waiting:
            claimed = self._days.now - ago
            self._doings.claims(self._book.who, self._firm(), claimed - hours(1.5), claimed)
        if self._book is not CHENCHEN:
            self._is_about_to_lose(hours(4.4))
            self._is_about_to_lose(hours(29))
        self._lost_one_this_morning()
        self._is_busy_today()

    def neglects(self) -> None:
        """Claim a lead and never call: a day later it goes back."""
        number = self._days.last - self._rng.randint(2, 20)
        claimed = self._days.at(number, self._morning())
        self._doings.claims(self._book.who, self._firm(), self._days.at(number - 1, time(15)), claimed)
        self._doings.loses(claimed + A_DAY)

    def forgets(self) -> None:
        """Talk to a lead once and never again: thirty days later it goes back."""
        number, firm = self._rng.randint(2, 24), self._firm()
        talked = self._days.at(number, self._book.evening)
        claimed = self._days.at(number, self._morning())
        found = self._days.at(number - 1, time(15))
        self._doings.claims(self._book.who, firm, found, claimed, self._one_talk(firm, talked))
        self._doings.loses(talked + THIRTY_DAYS)

    def gives_back(self) -> None:
        """Talk to a lead, and give it back the day after, with the reason."""
        number, firm = self._days.last - self._rng.randint(3, 18), self._firm()
        talk = self._one_talk(firm, self._days.at(number, self._book.evening))
        given_back = self._days.at(number + 1, time(10, 40))
        reason = self._rng.choice(REASONS)

        def then(lead_id: LeadId) -> None:
            talk(lead_id)
            self._doings.gives_back(self._book.who, lead_id, given_back, reason)

        claimed = self._days.at(number, self._morning())
        self._doings.claims(self._book.who, firm, self._days.at(number - 1, time(15)), claimed, then)

    def _has_account(self, plans: list[str], *, with_deal: bool) -> None:
        firm = self._firm()
        contacts = self._contacts(self._first + self._rng.randint(0, 8), 7, 20)
        talks = self._conversation(firm, contacts, plans)
        brought = self._days.at(contacts[0], time(9, self._rng.randint(10, 50)))
        chance = self._chance(firm, contacts[0]) if with_deal else None

        def then(account_id: AccountId) -> None:
            for talk in talks:
                self._doings.talks(self._book.who, Ref("account", account_id), talk)
            if chance is not None:
                self._doings.works_on_deal(self._book.who, account_id, chance)

        grade = self._rng.choice("ABBCCC")
        self._doings.brings_account(self._book.who, firm, brought, then, grade=grade)

    def _works_on_lead(self, plans: list[str]) -> None:
        """Claim a lead in the morning, call the same day, and again every few days since."""
        firm = self._firm()
        first = self._rng.randint(self._first, self._days.last - 4)
        contacts = [first, *self._contacts(first + self._rng.randint(2, 5), 5, 9)]
        talks = self._conversation(firm, contacts, plans)

        def then(lead_id: LeadId) -> None:
            for talk in talks:
                self._doings.talks(self._book.who, Ref("lead", lead_id), talk)

        found, claimed = self._days.at(first, time(9, 10)), self._days.at(first, self._morning())
        self._doings.claims(self._book.who, firm, found, claimed, then)

    def _is_about_to_lose(self, left: timedelta) -> None:
        """A lead was talked to almost thirty days ago."""
        firm, talked = self._firm(), self._days.now - THIRTY_DAYS + left
        self._doings.claims(self._book.who, firm, talked - hours(9), talked - hours(3), self._one_talk(firm, talked))

    def _lost_one_this_morning(self) -> None:
        claimed = self._days.now - A_DAY - hours(0.9)
        self._doings.claims(self._book.who, self._firm(), claimed - hours(2), claimed)
        self._doings.loses(claimed + A_DAY)

    def _is_busy_today(self) -> None:
        """Put somebody new on record and call at once, several times a workday, so that the evening has figures."""
        days = self._days
        if not days.calendar.is_workday(days.today):
            return
        moments = [days.ahead(0, wall) for wall in (time(9, 20), self._book.lunch, time(15, 10), self._book.evening)]
        for at in [moment for moment in moments if moment < days.now - hours(0.5)] or [days.now - hours(0.6)]:
            firm = self._firm()
            new = self._doings.new_lead(firm, source="自主开发")
            self._doings.brings_lead(self._book.who, new, at, self._one_talk(firm, at + timedelta(minutes=9)))

    def _one_talk(self, firm: Firm, at: datetime) -> Callable[[LeadId], None]:
        talk = Talk(at, Method.CALL, self._invent.note(firm, Method.CALL))
        return lambda lead_id: self._doings.talks(self._book.who, Ref("lead", lead_id), talk)

    def _conversation(self, firm: Firm, contacts: list[int], plans: list[str]) -> list[Talk]:
        """Write the talks on these workdays: some agree on the next one, the last on one of `plans`."""
        talks = []
        for place, number in enumerate(contacts):
            is_first, is_last = place == 0, place == len(contacts) - 1
            slot = self._book.evening if is_first else self._rng.choice((self._book.lunch, self._book.evening))
            method = self._invent.method(late=not is_first)
            if is_last:
                next_at = self._standing_plan(number, plans)
            else:
                agreed = self._rng.random() < AGREED
                next_at = self._days.at(contacts[place + 1], self._morning()) if agreed else None
            ago = timedelta(minutes=self._rng.randint(2, 90))
            talks.append(Talk(self._days.at(number, slot), method, self._invent.note(firm, method), next_at, ago))
        return talks

    def _standing_plan(self, talked: int, plans: list[str]) -> datetime | None:
        """Return the instant of the next contact that stands now, or None when nothing was agreed."""
        plan = plans[0] if plans else self._rng.choice(("soon", "later", "later", ""))
        if plan == "missed" and talked >= self._days.last:
            return self._days.ahead(2, time(10))
        if plans:
            plans.pop(0)
        if plan == "missed":
            return self._days.back(1, time(15, 30))
        if plan == "today":
            return self._days.ahead(0, TODAY_AT[len(plans) % len(TODAY_AT)])
        distance = {"tomorrow": 1, "soon": self._rng.randint(2, 3), "later": self._rng.randint(4, 9)}.get(plan)
        return self._days.ahead(distance, self._morning()) if distance else None

    def _chance(self, firm: Firm, known: int) -> Chance:
        stage = self._rng.choice(REACHED)
        what, _, price = self._rng.choice(firm.trade.buys)
        closed = self._days.work[self._days.last - self._rng.randint(0, 6)]
        return Chance(
            name=f"{firm.brand}{what}采购",
            stage=stage,
            amount=price * self._invent.many(price),
            product=what,
            begun=self._days.work[known],
            closes=closed if stage in CLOSED else self._days.today + timedelta(days=self._rng.randint(5, 70)),
        )

    def _contacts(self, first: int, least: int, most: int) -> list[int]:
        """Choose workdays from `first` until about now, `least` to `most` apart."""
        chosen = [min(first, self._days.last)]
        while (following := chosen[-1] + self._rng.randint(least, most)) <= self._days.last:
            chosen.append(following)
        return chosen

    def _morning(self) -> time:
        return time(self._rng.choice((9, 10)), self._rng.randint(15, 59))

    def _firm(self) -> Firm:
        return self._invent.firm(self._book.region)
