"""The demo company: its people, and ninety days of their work, lived through by the services that chat uses.

The customers everybody knows stand in front; invented ones around them fill the books and the pool.
Assignments, follow-ups, recycles and their history carry the instants at which they happened.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from bot.demo.agreements import agree, ask_for_contract
from bot.demo.books import fill_the_books, fill_the_pool
from bot.demo.debts import owe
from bot.demo.doings import Days, Doings
from bot.demo.famous import know_the_famous
from bot.demo.matters import ask_about_everything
from bot.demo.offers import make_offers, stock_the_catalogue
from bot.demo.people import PEOPLE, Colleague
from bot.demo.prices import ask_for_prices, offer_before
from bot.demo.sales import sell_for_months
from bot.demo.timeline import Past, Timeline
from core.model.member import CHANNELS, SYSTEM, Member
from core.ports import OpenWork, UnitOfWork
from core.services.deadlines import sweep
from core.services.members import enrol, set_manager

ENROLLED_BEFORE = timedelta(days=730)
BEGUN, SEEDED, MARK = "demo.begun", "demo.seeded", date(2000, 1, 1)
SEED = 20260305
SETTLED = timedelta(minutes=15)
"""The last minutes before the demo starts are empty, so that 撤销 takes back what a visitor did and nothing older."""


def enrol_people(open_work: OpenWork, channels: Sequence[str] = ("wecom",)) -> None:
    """Enrol the colleagues of the demo and say who leads whom; a second call changes nothing.

    Each has an account on every one of `channels`, told to be the same person's by their mobile.
    """
    with open_work(SYSTEM, reading=True) as uow:
        now, is_first = uow.now, all(_known(uow, one) is None for one in PEOPLE)
    with open_work(SYSTEM, now=now - ENROLLED_BEFORE if is_first else now) as uow:
        for channel in channels:
            for colleague in PEOPLE:
                enrol(uow, colleague.enrolment(channel))
            for colleague in PEOPLE:
                if colleague.manager:
                    set_manager(uow, channel, colleague.user_id, colleague.manager)


def _known(uow: UnitOfWork, colleague: Colleague) -> Member | None:
    """Return the member whom some platform knows as `colleague`."""
    found = (uow.members.known_as(channel, colleague.user_id) for channel in CHANNELS)
    return next((member for member in found if member is not None), None)


def seed(open_work: OpenWork) -> None:
    """Give the enrolled people their customers, leads, follow-ups and plans; does nothing when they have them.

    Raises ValueError when an earlier start was stopped in the middle of it.
    """
    with open_work(SYSTEM) as uow:
        if uow.runs.ran(SEEDED, MARK):
            return
        if not uow.runs.first(BEGUN, MARK):
            raise ValueError("上次启动时演示数据没有生成完。请删除数据目录（--data，默认 var/demo）后再启动")
        now, calendar = uow.now, uow.calendar
        known = ((colleague.user_id, _known(uow, colleague)) for colleague in PEOPLE)
        members = {user_id: member for user_id, member in known if member is not None}
    past = Past(open_work)
    timeline = Timeline(past, members, now - SETTLED)
    doings = Doings(timeline, Days(calendar, now), Random(SEED))  # noqa: S311 - the same company each time, no secret
    stock_the_catalogue(Past(open_work), calendar.local(now).date() - timedelta(days=60))
    know_the_famous(doings)
    fill_the_books(doings)
    fill_the_pool(doings)
    make_offers(doings)
    timeline.run()
    sweep(past, now)
    sell_for_months(past, members, now - SETTLED)
    offer_before(past, members, now)
    agree(past, members, now - SETTLED)
    owe(past, members, now - SETTLED)
    ask_for_prices(open_work, members, now - SETTLED)
    ask_for_contract(open_work, now - SETTLED)
    ask_about_everything(open_work, members, now - SETTLED)
    with open_work(SYSTEM) as uow:
        uow.runs.first(SEEDED, MARK)
