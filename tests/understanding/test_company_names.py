"""Companies as they are really called: each is found by its full name, its short name and its brand."""

import csv
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path

import pytest

from core.model.customer import Account
from core.rules.naming import parts_of
from core.rules.sentences import Sentence
from core.services.naming import find_spans
from tests.world import World

Names = Sequence[tuple[str, str]]
SAID = (
    "跟进 {} 电话聊了报价",
    "{}退回公海吧",
    "上午去了{}，下周一给方案",
    "给{}出个报价",
    "{}那边签了",
    "跟进{}聊了需求",
)

PLACES = ("", "苏州", "深圳市", "上海", "广东", "中国")
BRANDS = (
    "汇川",
    "宏达",
    "宏大",
    "比亚迪",
    "亿纬",
    "锐捷",
    "长安",
    "重庆啤酒",
    "乐普",
    "3M",
    "TCL",
    "凯利泰",
    "迈瑞",
    "时代",
    "明珠",
    "单氏",
)
TRADES = ("技术", "贸易", "机电", "新能源科技", "食品集团")
FORMS = ("有限公司", "股份有限公司")


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    made = World()
    yield made
    made.close()


def found(world: World, companies: Names, say: Callable[[tuple[str, str]], str]) -> list[tuple[str, str]]:
    """Return what was said and not understood to mean its company."""
    missed = []
    with world.program.open_work(world.member("张伟"), reading=True) as uow:
        for number, company in enumerate(companies):
            said = say(company)
            text = SAID[number % len(SAID)].format(said)
            sentence = Sentence.of(text)
            named = [choice.named.name for span in find_spans(uow, sentence) for choice in span.choices]
            if company[0] not in named:
                missed.append((text, company[0]))
    return missed


def put_on_record(world: World, companies: Names) -> None:
    with world.work("张伟") as uow:
        for name, short in companies:
            uow.accounts.add(
                Account(name=name, short_name=short, owner_id=uow.actor.id, created_at=uow.now, updated_at=uow.now)
            )


def test_invented_companies_by_full_name_and_by_brand(world: World) -> None:
    companies = [
        (f"{place}{brand}{trade}{form}", "")
        for number, (place, brand, trade) in enumerate(product(PLACES, BRANDS, TRADES))
        for form in (FORMS[number % 2],)
        if number % 3 == 0
    ]
    put_on_record(world, companies)
    assert found(world, companies, lambda company: company[0]) == []
    once = [(f"{brand}控股", "") for brand in ("翰博", "凌霄", "鸿远")]
    put_on_record(world, once)
    assert found(world, once, lambda company: company[0].removesuffix("控股")) == []


def test_listed_companies_by_full_name_short_name_and_brand(world: World, shared: Callable[[str], Path]) -> None:
    with shared("names/listed_companies_even.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["quality"] == "ok"]
    companies = [(row["full_name"], row["short_name"]) for row in rows]
    put_on_record(world, companies)
    some = companies[::4]
    shares = {
        kind: 1 - len(missed) / len(some)
        for kind, missed in (
            ("full", found(world, some, lambda company: company[0])),
            ("short", found(world, some, lambda company: company[1])),
        )
    }
    brands = [company for company in some if parts_of(company[0]).brand]
    missed = found(world, brands, lambda company: parts_of(company[0]).brand)
    assert shares == {"full": 1, "short": 1}
    # What is left out is a word of everyday talk (第一, 农村) or the exact short name of a different company.
    assert len(missed) / len(brands) < 0.02
