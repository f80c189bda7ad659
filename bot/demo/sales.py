"""What the demo's people sold in the months before: deals that went their way, targets, and what campaigns cost."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from core.model.customer import Account
from core.model.deal import Deal, StageStay
from core.model.ids import AccountId
from core.model.member import SYSTEM, Member
from core.model.money import Money
from core.model.playbook import Outcome
from core.model.report import CampaignCost
from core.ports import OpenWork, UnitOfWork
from core.rules.metrics.periods import Unit, around
from core.services.deal_clocks import set_deal_clock
from core.services.reports.forecast import keep_snapshot
from core.services.reports.targets import set_targets

MONTHS, A_MONTH = 10, 5
CUSTOMERS = 18
FIRST, SECOND = "同泰瑞和广正永安", "兴隆达丰茂源顺"
TRADES = (("阀门", "制造业"), ("泵业", "制造业"), ("电器", "制造业"), ("商贸", "贸易"), ("信息", "软件"))
CITIES = {"zhangwei": ("苏州", "无锡", "杭州", "宁波"), "lina": ("深圳", "广州", "东莞", "佛山")}
REGIONS = {"zhangwei": "华东", "lina": "华南"}
SOURCES = ("展会", "官网", "转介绍", "百度")
PRODUCTS = (("A型服务器", 38_000), ("伺服驱动器", 4_600), ("产线看板", 86_000))
GOES_ON = (0.72, 0.66, 0.7, 0.62)
"""How often a deal goes on from each stage; a later stage of a kit with more of them goes on like the last."""
DWELL = (3, 7, 10, 12)
TARGETS = {"zhangwei": 1_800_000, "lina": 1_600_000, "chenchen": 300_000}
DEPARTMENTS = {"销售部": 3_800_000, "销售部/华东": 2_200_000}
COSTS = (("展会", 120_000, 70), ("百度", 45_000, 40), ("官网", 20_000, 25))
"""What was spent on which source, in yuan, so many days ago."""


def sell_for_months(past: OpenWork, members: Mapping[str, Member], now: datetime) -> None:
    """Put the deals of the months before on record, each with the way that it went."""
    dice = Random(1999)  # noqa: S311 - the same company each time, no secret
    for who in REGIONS:
        with past(members[who], now=now - timedelta(days=31 * MONTHS + 5)) as uow:
            accounts = [_customer(uow, who, number) for number in range(CUSTOMERS)]
        with past(members[who], now=now) as uow:
            for number in range(MONTHS * A_MONTH):
                begun = now - timedelta(days=6 + number * 31 / A_MONTH + dice.random() * 4)
                _sells(uow, dice, accounts[dice.randrange(CUSTOMERS)], begun, now)
    with past(members["zhaomin"], now=now - timedelta(days=4)) as uow:
        values = [(members[who], yuan * 100) for who, yuan in TARGETS.items()]
        whole = [(department, yuan * 100) for department, yuan in DEPARTMENTS.items()]
        set_targets(uow, [*values, *whole], around(Unit.MONTH, uow.calendar.local(now).date()))
    with past(members["zhouting"], now=now - timedelta(days=4)) as uow:
        for source, yuan, ago in COSTS:
            spent = uow.calendar.local(now).date() - timedelta(days=ago)
            cost = CampaignCost(
                source=source, spent_on=spent, amount=Money(yuan * 100), noted_by=uow.actor.id, created_at=uow.now,
                updated_at=uow.now,
            )  # fmt: skip
            uow.yardsticks.add(cost)
    with past(SYSTEM, now=now) as uow:
        keep_snapshot(uow)


def _customer(uow: UnitOfWork, who: str, number: int) -> tuple[AccountId, str]:
    brand = FIRST[number % len(FIRST)] + SECOND[(number + (who == "lina") * 3) % len(SECOND)]
    trade, industry = TRADES[number % len(TRADES)]
    city = CITIES[who][number % len(CITIES[who])]
    account = Account(
        name=f"{city}{brand}{trade}有限公司",
        core_name=f"{brand}{trade}",
        short_name=f"{city}{brand}",
        region=REGIONS[who],
        industry=industry,
        grade="ABBC"[number % 4],
        source=SOURCES[number % len(SOURCES)],
        owner_id=uow.actor.id,
        created_by=uow.actor.id,
        created_at=uow.now,
        updated_at=uow.now,
        last_followup_at=uow.now,
    )
    uow.accounts.add(account)
    uow.flush()
    return account.id, account.short_name


def _sells(uow: UnitOfWork, dice: Random, account: tuple[AccountId, str], begun: datetime, now: datetime) -> None:
    """Let one deal go from stage to stage until it ends, or until now."""
    pipeline = uow.playbook.pipelines[0]
    product, price = PRODUCTS[dice.randrange(len(PRODUCTS))]
    stays: list[tuple[str, datetime, datetime | None]] = []
    stages, at = pipeline.open_stages, begun
    outcome, reason, stage = "open", "", stages[0]
    for place, here in enumerate(stages):
        pace = min(place, len(DWELL) - 1)
        left = at + timedelta(days=DWELL[pace] * (0.5 + dice.random()))
        if left > now:
            stays.append((here.name, at, None))
            stage = here
            break
        stays.append((here.name, at, left))
        at = left
        if dice.random() > GOES_ON[pace]:
            outcome, stage = "lost", pipeline.ending(Outcome.LOST)
            choices = [one.name for one in uow.playbook.reasons.lost]
            reason = choices[0] if place == 2 and dice.random() < 0.6 else choices[dice.randrange(len(choices))]  # noqa: PLR2004 - offers are lost by price
            break
    else:
        outcome, stage, reason = "won", pipeline.ending(Outcome.WON), uow.playbook.reasons.won[0].name
    if outcome != "open":
        stays.append((stage.name, at, None))
    local = uow.calendar.local
    deal = Deal(
        name=f"{account[1]}{product}采购",
        account_id=account[0],
        owner_id=uow.actor.id,
        pipeline=pipeline.name,
        stage=stage.name,
        outcome=outcome,
        stage_since=stays[-1][1],
        touched_at=now - timedelta(hours=30),
        amount=Money(price * max(1, round(180_000 * (0.4 + dice.random() * 1.6) / price)) * 100),
        product=product,
        need=product,
        reason=reason,
        begun_on=local(begun).date(),
        expected_close_on=local(max(begun + timedelta(days=35), now + timedelta(days=3))).date(),
        closed_on=local(at).date() if outcome != "open" else None,
        created_by=uow.actor.id,
        created_at=begun,
        updated_at=at,
    )
    uow.deals.add(deal)
    uow.flush()
    for name, entered, left_at in stays:
        uow.deals.add_stay(StageStay(deal_id=deal.id, stage=name, entered_at=entered, left_at=left_at))
    if outcome == "open":
        set_deal_clock(uow, deal)
