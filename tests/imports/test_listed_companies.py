"""Every listed company by its full name, and again by its short name (semantics B.5)."""

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from core.model.customer import Account
from core.rules.duplicates import identity_of
from core.services.duplicates import look_up
from tests.imports.conftest import Desk

Find = Callable[[str], Path]


def test_importing_all_full_names_makes_as_many_customers_as_there_are_companies(desk: Desk, shared: Find) -> None:
    companies = listed(shared)
    assert_all_taken(desk, companies, "公司名称\n" + "\n".join(companies))
    found = asked_for(desk, companies)
    # What is left out shares too few characters with its full name, or not its beginning: 机器人, 浦发银行.
    assert found["theirs"] / len(companies) > 0.88, found


def test_short_names_that_came_along_find_theirs(desk: Desk, shared: Find) -> None:
    companies = listed(shared)
    rows = "\n".join(f"{full},{short}" for full, short in companies.items())
    assert_all_taken(desk, companies, f"公司名称,简称\n{rows}")
    assert asked_for(desk, companies) == {"theirs": len(companies)}


def listed(shared: Find) -> dict[str, str]:
    with shared("names/listed_companies_even.csv").open(encoding="utf-8") as file:
        return {row["full_name"]: row["short_name"] for row in csv.DictReader(file) if row["quality"] == "ok"}


def assert_all_taken(desk: Desk, companies: dict[str, str], table: str) -> None:
    report = desk.takes(desk.text(f"{table}\n"), "accounts")
    assert (report.taken, len(report.bad)) == (len(companies), 0)
    assert {account.name for account in desk.all(Account)} == set(companies)


def asked_for(desk: Desk, companies: dict[str, str]) -> Counter[str]:
    """What somebody else is asked about who enters each company by its short name."""
    found: Counter[str] = Counter()
    with desk.world.work("李娜") as uow:
        for full, short in companies.items():
            matches = look_up(uow, identity_of(short))
            names = [match.found.name for match in matches]
            found["theirs" if full in names else "others" if names else "none"] += 1
            assert not any(match.certain for match in matches), "a short name is never surely somebody"
    return found
