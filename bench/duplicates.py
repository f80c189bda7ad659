"""Who is on record already, among more and more names; rapidfuzz over all of them also says what was missed."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from bench.harness import Row, Scale, in_turn, opened, percentile
from bench.understanding import BATCH, NOW, PLACES, TRADES
from bot.bootstrap import Program, build
from bot.settings import Settings
from core.model.member import SYSTEM
from core.rules.duplicates import core_name, identity_of
from core.rules.hanzi import reading
from core.rules.likeness import Likeness
from core.rules.naming import parts_of
from core.services.duplicates import SHOWN, twins_of
from storage import tables
from storage.inserts import insert_rows
from storage.naming import account_rows, write

SIGNS = list(
    dict.fromkeys(
        "华宏达兴盛天海金鑫瑞恒泰安东方中联博创新伟业德诚信远航长江龙凤嘉美康源丰利通合力同益正大明辉光耀锐捷凌云腾飞启迪百世纪元亨贞吉祥和顺风雨露"
        "阳春秋月星辰宇乾坤山川湖森林木石玉珠宝银铜铁钢健雅文化知慧聪敏勤俭朴真善仁义礼廉忠孝勇强壮豪杰英雄俊才贤良卓越超群拓展开发进取精求思维图影"
        "音声乐舞歌韵律诗画书香墨砚纸茶酒味鲜甜蜜糖果禾麦稻谷米豆油盐鱼虾羊牛马鹿鹤雁鹰鹏燕雀鸿鹄麒麟虎豹狮象熊兔蛇犬橙黄绿青蓝紫白彩霞虹雪冰霜雷"
        "电火焰炎热暖清澈净洁亮晶莹润泽沃厚实稳固坚韧柔轻巧灵活静衡均匀齐整觉梦想希望未来前程锦绣繁荣昌隆旺富贵福禄寿喜庆欢悦怡然园庭院楼阁亭台轩桥"
        "港湾岸洲岛屿峰岭峡谷原野"
    )
)
FORMS = ("有限公司", "有限公司", "有限公司", "股份有限公司", "有限责任公司")
LIKELY = 50
"""Percent of letters in common from which on the scan has a name judged."""

JUDGED = 3_000
SCANNED_A_SECOND_OF_SCALE = 20
ASKED_A_SECOND_OF_SCALE = 60


def run(scale: Scale) -> Iterator[Row]:
    """Look companies up that are spelled again as people do it, in both databases."""
    sizes = [size for size in (10_000, 100_000) if size < scale.leads] + [scale.leads]
    for kind in ("sqlite", "postgresql") if scale.postgresql else ("sqlite",):
        for size in sizes if kind == "sqlite" else sizes[-1:]:
            with _register(kind, size) as register:
                yield from _rows(register, scale)


def _rows(register: "_Register", scale: Scale) -> Iterator[Row]:
    place = f"{register.size:,}, {register.kind}"
    said = register.spelled(max(int(scale.seconds * ASKED_A_SECOND_OF_SCALE), 10))
    some = said[: max(int(scale.seconds * SCANNED_A_SECOND_OF_SCALE), 5)]
    for one in said[: len(_SLIPS)]:
        register.look_up(one)
        register.scan(one)
    figures = in_turn(
        {"ours": lambda: register.p95(said, register.look_up), "scan": lambda: register.p95(some[:5], register.scan)},
        scale.rounds,
    )
    yield Row(bench="duplicates", what=f"looked up, p95, {place}", unit="ms", ours=figures["ours"], at_most=5)
    yield Row(
        bench="duplicates",
        what=f"looked up, {place}",
        unit="ms",
        ours=figures["ours"],
        other=figures["scan"],
        against="rapidfuzz over all",
        at_most=0.1 if register.size >= 100_000 else None,
    )
    yield Row(
        bench="duplicates",
        what=f"found of what the scan finds, {place}",
        unit="",
        ours=[register.recall(some)],
        at_least=0.98,
    )


class _Register:
    """So many companies on record, and the same names in memory for the scan."""

    def __init__(self, engine: Engine, program: Program, size: int) -> None:
        self.size, self.kind = size, engine.dialect.name
        self._engine, self._program = engine, program
        self._random = random.Random(7)
        self.names = [self._name() for _ in range(size)]
        self._fill()

    @cached_property
    def stems(self) -> list[str]:
        return [parts_of(name).stem for name in self.names]

    def spelled(self, count: int) -> list[str]:
        """Return companies as somebody enters them again: as they are, and with every slip there is."""
        return [_SLIPS[number % len(_SLIPS)](self._random, self._random.choice(self.names)) for number in range(count)]

    def p95(self, said: Sequence[str], look: Callable[[str], object]) -> float:
        """Return the milliseconds below which 95 of 100 stay: of CPU, or by the clock where a server works too."""
        clock = time.process_time if self.kind == "sqlite" else time.perf_counter
        return percentile([_milliseconds(look, one, clock) for one in said], 0.95)

    def look_up(self, said: str) -> set[int]:
        """Return the numbers of whatever is surely or perhaps the same."""
        with self._program.open_work(SYSTEM, reading=True) as uow:
            uow.members.known_as("wecom", "nobody")  # the connection is open, as it is when somebody enters a name
            return {twin.ref.id for twin, _ in twins_of(uow, identity_of(said))}

    def scan(self, said: str) -> list[int]:
        """Return the same by comparing with all: the most alike, judged by the same rule."""
        from rapidfuzz import fuzz, process

        likeness = Likeness(identity_of(said))
        near = process.extract(parts_of(said).stem, self.stems, scorer=fuzz.ratio, score_cutoff=LIKELY, limit=JUDGED)
        judged = [
            (likeness.of_name(self.names[place], core_name(self.names[place])).value, ratio, place + 1)
            for _, ratio, place in near
        ]
        ask = 0.6
        best = sorted((one for one in judged if one[0] >= ask), reverse=True)[:SHOWN]
        return [number for _, _, number in best]

    def recall(self, said: Sequence[str]) -> float:
        """Return the share of the scan's best that we find."""
        wanted = found = 0
        for one in said:
            best = self.scan(one)
            wanted += len(best)
            found += len(self.look_up(one).intersection(best))
        return found / max(wanted, 1)

    def _name(self) -> str:
        pick = self._random
        length = pick.choices((2, 3, 4), (0.6, 0.25, 0.15))[0]
        brand = "".join(pick.choices(SIGNS, _WEIGHTS, k=length))
        city = "市" if pick.random() < 0.3 else ""
        return f"{pick.choice(PLACES)}{city}{brand}{pick.choice(TRADES)}{pick.choice(FORMS)}"

    def _fill(self) -> None:
        person = {"name": "陈晨", "department": "销售部", "roles": ("rep",), "active": True, "preferred_channel": ""}
        with self._engine.begin() as connection:
            connection.execute(insert(tables.members), [{**person, **_LIFE}])
        for start in range(0, self.size, BATCH):
            rows = [_account(number, self.names[number]) for number in range(start, min(start + BATCH, self.size))]
            with Session(self._engine) as session:
                insert_rows(session.connection(), tables.accounts, rows)
                write(session, {row for made in rows for row in account_rows(_Bag(made))})
                session.commit()
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("vacuum analyze" if self.kind == "postgresql" else "analyze")


_WEIGHTS = [1 / (place + 8) for place in range(len(SIGNS))]
_LIFE = {"created_at": NOW, "updated_at": NOW, "version": 1}


class _Bag:
    """A row by attributes."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__ = values


def _account(number: int, name: str) -> dict[str, Any]:
    empty = dict.fromkeys(("region", "industry", "size", "address", "grade", "source", "note", "short_name"), "")
    return {
        **{column.name: None for column in tables.accounts.c if column.server_default is None},
        **empty, "id": number + 1, "name": name, "core_name": core_name(name), "aliases": (), "owner_id": 1, **_LIFE,
    }  # fmt: skip


def _other_form(_: random.Random, name: str) -> str:
    return name.replace("股份有限公司", "有限公司") if "股份" in name else name.replace("有限", "股份有限", 1)


def _without_place(_: random.Random, name: str) -> str:
    return name[len(parts_of(name).region) :]


def _place_in_brackets(_: random.Random, name: str) -> str:
    parts = parts_of(name)
    return f"{parts.brand}{parts.trade}（{parts.region}）有限公司"


def _homophone(pick: random.Random, name: str) -> str:
    brand = parts_of(name).brand
    place = pick.randrange(len(brand))
    alike = [sign for sign in SIGNS if sign != brand[place] and reading(sign) == reading(brand[place])]
    return name.replace(brand, brand[:place] + (alike or [brand[place]])[0] + brand[place + 1 :], 1)


def _one_missing(pick: random.Random, name: str) -> str:
    brand = parts_of(name).brand
    place = pick.randrange(len(brand)) if len(brand) > 2 else len(brand)
    return name.replace(brand, brand[:place] + brand[place + 1 :], 1)


def _bare(_: random.Random, name: str) -> str:
    return parts_of(name).stem


_SLIPS: tuple[Callable[[random.Random, str], str], ...] = (
    lambda _, name: name, _other_form, _without_place, _place_in_brackets, _homophone, _one_missing, _bare,
)  # fmt: skip


@contextmanager
def _register(kind: str, size: int) -> Iterator[_Register]:
    with opened(kind) as engine:
        program = build(Settings(database_url="sqlite://", redis_url="", _env_file=None), engine=engine)  # type: ignore[call-arg]
        try:
            yield _Register(engine, program, size)
        finally:
            program.close()


def _milliseconds(look: Callable[[str], object], said: str, clock: Callable[[], float]) -> float:
    begun = clock()
    look(said)
    return (clock() - begun) * 1e3
