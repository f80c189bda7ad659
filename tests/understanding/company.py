"""The people and customers of the product's examples, in a World, and names found by simple comparison.

`Known` stands in for the finder of names where a test is about the grammar: it knows what the fixture has on record,
by the words in its table, and nothing else.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from bot.context import Context
from bot.event import Event, EventKind
from bot.understanding.acts import Candidate, Entities, Mention, Understood
from bot.understanding.reader import Grammar
from connectors.workdays import ChinaWorkdays
from core.model.customer import Account, Contact
from core.model.deal import Deal
from core.model.messages import Question
from core.model.money import Money
from tests.world import START, World

MORE_PEOPLE = (
    ("liuyang", "刘洋", "legal", "法务部", ""),
    ("sunzong", "孙健", "director", "总经办", ""),
    ("mashifu", "马师傅", "service", "服务部", ""),
)
ACCOUNTS = (
    ("华为技术有限公司", "华为", ("HW", "华为技术"), (("刘总", "采购总监"), ("王工", "技术专家"))),
    ("中兴通讯股份有限公司", "中兴", ("ZTE", "中兴通讯"), (("李总", "副总经理"),)),
    ("比亚迪股份有限公司", "比亚迪", ("BYD",), (("何总", ""),)),
    ("上海宏达贸易有限公司", "宏达贸易", (), ()),
    ("上海宏大机电有限公司", "宏大机电", (), ()),
)
LEADS = ("大疆创新科技有限公司",)
POOL = ("苏州汇川技术有限公司", "宁波海天精工有限公司")
SPOKEN = {
    "大疆创新科技有限公司": ("大疆", "大疆创新", "DJI"),
    "苏州汇川技术有限公司": ("汇川", "汇川技术", "苏州汇川"),
    "宁波海天精工有限公司": ("海天", "海天精工"),
}
NICKNAMES = {
    "张伟": ("小张", "伟哥"), "李娜": ("娜姐", "小李"), "陈晨": ("小陈",), "王强": ("王经理", "强哥"),
    "赵敏": ("赵总", "敏姐", "赵总监"), "孙健": ("孙总",), "陈静": ("陈会计",), "刘洋": ("刘律师",),
    "马师傅": ("老马",),
}  # fmt: skip
SEVERAL = {"宏达": ("上海宏达贸易有限公司", "上海宏大机电有限公司")}


@dataclass
class Known:
    """Words to candidates, longest words first."""

    words: dict[str, tuple[str, tuple[Candidate, ...]]] = field(default_factory=dict)

    def add(self, kind: str, spoken: str, *candidates: Candidate) -> None:
        self.words[spoken] = (kind, candidates)

    def __call__(self, _: Context, text: str) -> tuple[Mention, ...]:
        found: list[Mention] = []
        place = 0
        while place < len(text):
            for words in sorted(self.words, key=len, reverse=True):
                if text[place : place + len(words)].lower() == words.lower():
                    kind, candidates = self.words[words]
                    found.append(Mention(place, place + len(words), kind, words, candidates))
                    place += len(words)
                    break
            else:
                place += 1
        return tuple(found)


class Company:
    """A World with the fixture's customers, and a reader to ask."""

    def __init__(self, entities: Entities | None = None) -> None:
        self.world = World()
        self.world.now = START - timedelta(days=3)
        self.world.enrols(MORE_PEOPLE)
        self.known = Known()
        self._open_books()
        self._know_people()
        self.reader = Grammar(entities or self.known, ChinaWorkdays())

    def understands(
        self, text: str, by: str = "张伟", now: datetime = START, question: Question | None = None
    ) -> Understood:
        """Read a line as somebody, at a moment, doing nothing."""
        self.world.now = now
        event = Event(channel="wecom", kind=EventKind.TEXT, key="x", user_id=self.world.ids[by], at=now, text=text)
        with self.world.program.open_work(self.world.member(by), reading=True) as uow:
            return self.reader(Context(event, uow), text, question)

    def _open_books(self) -> None:
        with self.world.work("张伟") as uow:
            owner = uow.actor.id
            for name, short, aliases, people in ACCOUNTS:
                account = Account(
                    name=name, short_name=short, aliases=aliases, owner_id=owner, created_at=uow.now, updated_at=uow.now
                )
                uow.accounts.add(account)
                uow.flush()
                ref = f"account:{account.id}"
                one = Candidate(ref, name, "full", own=True)
                for spoken in (name, short, *aliases):
                    self.known.add("customer", spoken, one)
                for person, title in people:
                    contact = Contact(
                        account_id=account.id, name=person, title=title, owner_id=owner, created_at=uow.now,
                        updated_at=uow.now,
                    )  # fmt: skip
                    uow.contacts.add(contact)
                    uow.flush()
                    self.known.add(
                        "contact", person, Candidate(f"contact:{contact.id}", person, "contact", own=True, of=ref)
                    )
                if short == "华为":
                    uow.deals.add(
                        Deal(
                            name="华为服务器采购", account_id=account.id, owner_id=owner, stage="商务谈判",
                            amount=Money.yuan(Decimal(400_000)), created_at=uow.now, updated_at=uow.now,
                        )
                    )  # fmt: skip
        by_name = {c[0].name: c[0] for _, c in self.known.words.values()}
        for spoken, names in SEVERAL.items():
            self.known.add("customer", spoken, *(by_name[name] for name in names))
        for name in (*LEADS, *POOL):
            (lead,) = self.world.has_leads(name, held_by="张伟" if name in LEADS else None)
            one = Candidate(f"lead:{lead.id}", name, "full", own=name in LEADS)
            for spoken in (name, *SPOKEN[name]):
                self.known.add("customer", spoken, one)

    def _know_people(self) -> None:
        with self.world.work() as uow:
            for member in uow.members.everybody():
                one = Candidate(f"member:{member.id}", member.name, "full")
                for spoken in (member.name, *NICKNAMES.get(member.name, ())):
                    self.known.add("member", spoken, one)
