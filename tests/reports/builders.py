"""Deals with a past, put on record as if they had been moved at the time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from core.model.customer import Account
from core.model.deal import Deal, StageStay
from core.model.money import Money
from tests.world import SHANGHAI, World

LOST = "输单"
WON = "赢单"


def at(text: str, year: int = 2026) -> datetime:
    return datetime.fromisoformat(f"{year}-{text}").replace(tzinfo=SHANGHAI)


@dataclass
class Step:
    """A deal enters a stage."""

    stage: str
    at: datetime


def steps(*pairs: tuple[str, str]) -> list[Step]:
    return [Step(stage, at(when)) for stage, when in pairs]


def has_deal(world: World, way: Sequence[Step], *, owner: str = "张伟", yuan: int = 100_000, **more: Any) -> int:
    """Put a deal on record that went this way; return its number."""
    member = world.member(owner)
    account = more.pop("account", None)
    with world.work() as uow:
        account_id = None
        if account is not None:
            made = Account(
                name=account.pop("name", "某公司"),
                owner_id=member.id,
                created_at=way[0].at,
                updated_at=way[0].at,
                core_name="某",
                **account,
            )
            uow.accounts.add(made)
            uow.flush()
            account_id = made.id
        last = way[-1]
        outcome = {WON: "won", LOST: "lost"}.get(last.stage, "open")
        deal = Deal(
            name=more.pop("name", "某商机"),
            account_id=account_id,
            owner_id=member.id,
            stage=last.stage,
            outcome=outcome,
            stage_since=last.at,
            amount=Money(yuan * 100),
            created_at=way[0].at,
            updated_at=last.at,
            begun_on=more.pop("begun_on", way[0].at.date()),
            closed_on=last.at.date() if outcome != "open" else None,
            **more,
        )
        uow.deals.add(deal)
        uow.flush()
        for step, following in zip(way, [*way[1:], None], strict=True):
            uow.deals.add_stay(
                StageStay(
                    deal_id=deal.id,
                    stage=step.stage,
                    entered_at=step.at,
                    left_at=following.at if following else None,
                    next_stage=following.stage if following else "",
                )
            )
        return deal.id


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


WAY = ("初步接洽", "需求确认", "方案报价", "商务谈判", WON)


def a_first_quarter(world: World) -> World:
    """A first quarter: 张伟 wins two and loses one, 陈晨 wins one, 李娜 wins one; some are open."""
    world.now = at("03-05 10:00")

    def went(
        owner: str, yuan: int, *, to: int, lost: bool = False, region: str = "江苏", product: str = "伺服"
    ) -> None:
        way = [Step(stage, at("02-02 09:00") + timedelta(days=3 * place)) for place, stage in enumerate(WAY[:to])]
        if to == len(WAY):
            way[-1].at = at("03-03 09:00")
        if lost:
            way.append(Step(LOST, at("03-02 09:00")))
        name = f"{owner}的{yuan // 10_000}万客户"
        account = {"name": name, "region": region, "source": "展会", "grade": "A", "industry": "制造业"}
        has_deal(
            world,
            way,
            owner=owner,
            yuan=yuan,
            account=account,
            product=product,
            name=name,
            reason="价格" if lost else "",
        )

    went("张伟", 150_000, to=5)
    went("张伟", 50_000, to=5, region="浙江")
    went("张伟", 80_000, to=3, lost=True)
    went("张伟", 400_000, to=4)
    went("陈晨", 300_000, to=5, product="机器人")
    went("李娜", 700_000, to=5, region="广东")
    return world
