"""Understanding one message among many customers, 300 members and 1,000 products: what it names, what it means.

Both are to be flat in the number of customers; jieba cuts the same words in the same run.
"""

import gc
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, insert, select, text
from sqlalchemy.orm import Session

from bench.harness import Row, Scale, in_turn, opened, percentile
from bot.context import Context
from bot.event import Event, EventKind
from bot.understanding.entities import Finder
from bot.understanding.reader import Grammar
from bot.understanding.text import normalise
from connectors.playbook_files import YamlPlaybooks
from connectors.workdays import ChinaWorkdays
from core.calendar import WorkCalendar
from core.model.member import Member
from core.rules.duplicates import core_name
from core.rules.naming import person_entries
from core.services.playbook.rulebook import Rulebook
from storage import tables
from storage.inserts import insert_rows
from storage.naming import account_rows, product_rows, write
from storage.unit_of_work import WorkOpener

NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
MEMBERS, PRODUCTS = 300, 1_000
REPS = MEMBERS - 1
"""One of the members leads the others."""

BATCH = 5_000
MESSAGES_A_SECOND_OF_SCALE = 75
Read = Callable[[Context, str], object]


def _whole() -> Read:
    grammar = Grammar(Finder(), ChinaWorkdays())
    grammar.warm()
    return lambda context, text: grammar(context, text, None)


READERS: dict[str, tuple[Callable[[], Read], float]] = {
    "what a message names": (Finder, 8),
    "a message understood": (_whole, 20),
}
"""What is measured: how it is made, and the milliseconds of CPU below which 95 of 100 messages shall stay."""

SIZES = (1_000, 10_000, 100_000, 1_000_000)
SAID = (
    "跟进 {} 电话沟通了报价，对方要打九折，下周三下午三点再联系",
    "刚跟{}李总通完电话，说预算砍了，先放放，月底再问",
    "{}退回公海吧，没需求",
    "上午去了{}和{}，前面那家要改方案下周一给，后面那家没见到人",
    "给{}出个报价 A型服务器10台 单价一万二 打85折",
    "今天有啥要跟的",
    "我这个月还差多少",
    "提醒我半小时后给{}王工回电话",
    "嗯那个…{}那边呢，刘总说价格还是有点高，嗯，让我们这周五之前给个最终价",
    "跟进 {} 发了样品",
    "催一下王经理",
    "刚跟{person}通完电话，说下周二给答复",
    "{}要{product}20台，问问交期",
    "把{}转给{member}",
)
PLACES = [
    "北京",
    "上海",
    "深圳",
    "广州",
    "苏州",
    "杭州",
    "南京",
    "宁波",
    "无锡",
    "东莞",
    "佛山",
    "厦门",
    "青岛",
    "成都",
    "武汉",
    "西安",
    "长沙",
    "郑州",
    "合肥",
    "重庆",
]
TRADES = [
    "科技",
    "电子",
    "机电",
    "贸易",
    "实业",
    "智能装备",
    "新材料",
    "生物科技",
    "信息技术",
    "物流",
    "环保",
    "精密机械",
    "自动化设备",
    "食品",
    "医疗器械",
]
KINDS = ("伺服", "变频", "交换", "存储", "网关", "传感", "温控", "称重", "扫码", "边缘")
MARKS = "甲乙丙丁戊己庚辛壬癸金木水火土宫商角徵羽"
WARES = [f"{what}{mark}" for what in ("电机", "模块", "主机", "终端", "机柜") for mark in MARKS]
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂红文辉"
_SIGNS = (
    "华宏达兴盛天海金鑫瑞恒泰安东方中联博创新伟业德诚信远航长江龙凤嘉美康源丰利通合力同益正大明辉光耀锐捷凌云腾飞启迪"
)


def run(scale: Scale) -> Iterator[Row]:
    """Find what messages name among more and more customers, and let jieba cut the same messages."""
    sizes = [size for size in SIZES if size < scale.leads] + [scale.leads]
    count = max(int(scale.seconds * MESSAGES_A_SECOND_OF_SCALE), 10)
    for kind in ("sqlite", "postgresql") if scale.postgresql else ("sqlite",):
        yield from _sizes(kind, sizes if kind == "sqlite" else sizes[:-1] or sizes, count, scale.rounds)


def _sizes(kind: str, sizes: Sequence[int], count: int, rounds: int) -> Iterator[Row]:
    first: dict[str, list[float]] = {}
    for size in sizes:
        with _company(kind, size) as company:
            texts = company.messages(count)
            for what, (make, goal) in READERS.items():
                yield from _reader(company, what, make(), goal, texts, rounds, first)
            place = f"{size:,}, {kind}"
            yield Row(bench="understanding", what=f"the index, a customer, {place}", unit="B", ours=[company.bytes()])
            yield Row(bench="understanding", what=f"memory of the process, {place}", unit="MB", ours=[_resident()])


def _reader(
    company: "_Company",
    what: str,
    read: Read,
    goal: float,
    texts: Sequence[str],
    rounds: int,
    first: dict[str, list[float]],
) -> Iterator[Row]:
    """Measure one reader: how long it takes a rep's and a director's messages, beside jieba, and how that grows."""
    cut, place = _jieba(), f"{company.size:,}, {company.kind}"
    gc.collect()
    gc.freeze()  # as the worker does when it has warmed up; jieba's dictionary is not to be collected in our time
    middle: dict[str, list[float]] = {"rep": [], "director": [], "jieba": []}

    def p95(who: str, spent: Sequence[float]) -> float:
        middle[who].append(percentile(spent, 0.5))
        return percentile(spent, 0.95)

    coldest = company.spent(company.rep, texts[:1], read)[0]
    figures = in_turn(
        {
            "rep": lambda: p95("rep", company.spent(company.rep, texts, read)),
            "director": lambda: p95("director", company.spent(company.director, texts, read)),
            "jieba": lambda: p95("jieba", [_cpu(lambda text=text: cut(text)) for text in texts]),
        },
        rounds,
    )
    rep, row = figures["rep"], partial(Row, bench="understanding", unit="ms")
    if f"{what}, rep" not in first:
        yield row(what=f"{what}, the very first of a warmed process, {place}", ours=[coldest])
    for who in ("rep", "director"):
        yield row(what=f"{what}, p50 CPU, {who}, {place}", ours=middle[who])
        yield row(what=f"{what}, p95 CPU, {who}, {place}", ours=figures[who], at_most=goal)
        begun = first.setdefault(f"{what}, {who}", figures[who])
        if begun is not figures[who]:
            told = f"{what}, {who}, {place}: growth"
            yield row(what=told, ours=figures[who], other=begun, against="the smallest", at_most=1.5)
    yield row(what=f"{what}, p95, {place}", ours=rep, other=figures["jieba"], against="jieba cuts it")


class _Company:
    """A company of so many customers, its people, and what they say."""

    def __init__(self, engine: Engine, size: int) -> None:
        self.engine, self.size, self.kind = engine, size, engine.dialect.name
        calendar = WorkCalendar(is_workday=ChinaWorkdays().is_workday)
        self._open = WorkOpener(engine, lambda: NOW, Rulebook(YamlPlaybooks()), lambda: calendar)
        self._random = random.Random(7)
        self._names: list[str] = []
        self._people: list[str] = []
        self._products = [f"{a}{b}{number:02}型" for number, (a, b) in enumerate(product(KINDS, WARES))][:PRODUCTS]
        self._enrol()
        self._stock()
        self._fill()
        with self._open(_nobody(), reading=True) as uow:
            people = {member.name: member for member in uow.members.everybody()}
        self.rep, self.director = people["陈00"], people["赵敏"]

    def messages(self, count: int) -> list[str]:
        """Return what a rep says of the own customers: brand or full name, each tenth with a homophone."""
        return [
            normalise(
                said.format(
                    *(self._random.choice(self._names) for _ in range(2)),
                    person=self._random.choice(self._people),
                    product=self._random.choice(self._products),
                    member=f"陈{self._random.randrange(REPS):02}",
                )
            )
            for number in range(count)
            for said in (SAID[number % len(SAID)],)
        ]

    def spent(self, who: Member, texts: Sequence[str], read: Read) -> list[float]:
        """Return the milliseconds of CPU that each message takes."""
        return [self._time(who, text, read) for text in texts]

    def bytes(self) -> float:
        """Return what the index takes for one customer."""
        if self.kind == "postgresql":
            query: Any = select(func.pg_total_relation_size("names"))
        else:
            query = text("select sum(pgsize) from dbstat where name = 'names'")
        with self.engine.connect() as connection:
            return float(connection.scalar(query) or 0) / self.size

    def _time(self, who: Member, said: str, read: Read) -> float:
        event = Event(channel="wecom", kind=EventKind.TEXT, key="1", user_id="rep0", at=NOW, text=said)
        with self._open(who, reading=True, channel="wecom") as uow:
            context = Context(event, uow)
            uow.members.known_as("wecom", "rep0")  # the connection is open, as it is when a message is read
            return _cpu(lambda: read(context, said))

    def _enrol(self) -> None:
        life = {**_LIFE, "active": True, "preferred_channel": ""}
        people = [{"name": "赵敏", "department": "销售部", "roles": ("director",), **life}]
        people += [
            {"name": f"陈{number:02}", "department": f"销售部/{number % 20}组", "roles": ("rep",), **life}
            for number in range(REPS)
        ]
        with self.engine.begin() as connection:
            connection.execute(insert(tables.members), people)

    def _stock(self) -> None:
        rows = [
            {"id": number + 1, "code": f"P{number:04}", "name": name, "spec": "", "category": "", "unit": "台",
             "units": {}, "parts": {}, "note": "", "active": True, **_LIFE}
            for number, name in enumerate(self._products)
        ]  # fmt: skip
        with Session(self.engine) as session:
            insert_rows(session.connection(), tables.products, rows)
            write(session, {row for made in rows for row in product_rows(_Bag(made))})
            session.commit()

    def _fill(self) -> None:
        for start in range(0, self.size, BATCH):
            rows = [self._account(number) for number in range(start, min(start + BATCH, self.size))]
            people = [self._person(account) for account in rows]
            with Session(self.engine) as session:
                insert_rows(session.connection(), tables.accounts, rows)
                insert_rows(session.connection(), tables.contacts, people)
                names = {row for made in rows for row in account_rows(_Bag(made))}
                names |= {
                    (key, account["owner_id"], "contact", person["id"], name)
                    for account, person in zip(rows, people, strict=True)
                    for key, name in person_entries(person["name"], person["title"])
                }
                write(session, names)
                session.commit()
        with self.engine.begin() as connection:
            connection.exec_driver_sql("analyze")

    def _person(self, account: dict[str, Any]) -> dict[str, Any]:
        name = self._random.choice(_SURNAMES) + "".join(self._random.choices(_GIVEN, k=self._random.randrange(1, 3)))
        if account["owner_id"] == FIRST_REP:
            self._people.append(name)
        return {
            "id": account["id"], "account_id": account["id"], "name": name, "title": "采购经理", **_LIFE,
        }  # fmt: skip

    def _account(self, number: int) -> dict[str, Any]:
        pick = self._random
        brand = "".join(pick.choices(_SIGNS, k=2 if pick.random() < 0.7 else 3))
        name = f"{pick.choice(PLACES)}{brand}{pick.choice(TRADES)}有限公司"
        owner = number % REPS + FIRST_REP
        if owner == FIRST_REP:
            self._names.append(brand if number % 3 else name)
        return {
            "id": number + 1, "name": name, "short_name": brand if number % 4 == 0 else "", "aliases": (),
            "core_name": core_name(name), "phone": None, "region": "", "industry": "", "size": "", "address": "",
            "grade": "B", "source": "", "note": "", "owner_id": owner, **_LIFE,
        }  # fmt: skip


FIRST_REP = 2
_LIFE = {"created_at": NOW, "updated_at": NOW, "version": 1}


class _Bag:
    """A row by attributes."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__ = values


@contextmanager
def _company(kind: str, size: int) -> Iterator[_Company]:
    with opened(kind) as engine:
        yield _Company(engine, size)


def _nobody() -> Member:
    from core.model.member import SYSTEM

    return SYSTEM


def _resident() -> float:
    """Return the most megabytes that this process has held, jieba's dictionary among them."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _cpu(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1e3


def _jieba() -> Callable[[str], list[str]]:
    """The peer: segmentation with its own dictionary, loaded before it is measured."""
    import logging
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba

        jieba.setLogLevel(logging.ERROR)
        jieba.dt.tmp_dir = str(Path(tempfile.gettempdir()))
        jieba.initialize()
        cut: Callable[[str], list[str]] = jieba.lcut
    return cut
