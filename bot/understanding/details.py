"""What a sentence says about a deal beside its name: 「预算80万，决策人李总，要50台伺服，6月底签，对手是西门子」.

Every part between commas is one statement. A part with a label says what it is; one without is read by its kind: money,
a day, a person, and what is left is the need.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from bot.understanding.money import find_amounts
from bot.understanding.times import find_times
from bot.understanding.workdays import Workdays

_LABEL: Final = (
    r"(?:客户)?预算|决策|需求|(?:竞争)?对手|竞品|友商|竞争方|预计|总?金额|总价|拍板|说了算|最终决定|[要需]\s?\d"
)
_DECIDES: Final = r"(?:来|是)?(?:拍板|说了算|做主|决策|来定|定板)(?:的)?"
_PARTS: Final = re.compile(
    rf"[，,；;。\n]+|、(?=预算|决策|需求|对手|竞|预计|金额)|\s+(?={_LABEL}|[^，,；;。\s]{{1,5}}{_DECIDES})"
    r"|(?=竞争对手是|(?<!竞争)对手(?:是|为)|竞品(?:是|为)|拍板的(?:人)?是|决策人是)"
)
_IS: Final = r"\s*(?:大概|大约|差不多|应该|估计)?\s*(?:是|为|：|:|有|在)?\s*"
_BUDGET: Final = re.compile(rf"预算{_IS}")
_ABOUT: Final = re.compile(r"^(?:左右|上下|以内|不到|的样子|吧|\s)+")
_AMOUNT: Final = re.compile(rf"(?:合同|成交|商机)?(?:总?金额|总价|合同额){_IS}")
_DECIDER: Final = re.compile(
    rf"(?:决策人|决策者|拍板(?:的人?)?|最终决定(?:人|的人)?|说了算的(?:人)?|负责人){_IS}(?P<after>[^，,；;。\s]{{1,20}})"
    rf"|(?P<before>[^，,；;。\s]{{1,12}}?){_DECIDES}$"
)
_RIVAL: Final = re.compile(
    rf"(?:竞争对手|对手|竞品|友商|竞争方|同时在看|也在看|还在比){_IS}(?P<rival>[^，,；;。]{{1,40}})|(?P<none>没有?(?:竞争|对手|竞品)[^，,；;。]{{0,6}}|独家)"
)
_NEED: Final = re.compile(rf"(?:需求|需要|想要|要){_IS}(?P<need>[^，,；;。]{{2,200}})")
_PERSON: Final = re.compile(r"[一-龥]{1,3}(?:总监?|经理|主任|工|董事?长?|处长?|科长?|部长|老板|院长|校长)$")
_CLOSING: Final = re.compile(r"签|成交|下单|落单|签约|定下来|拿下|采购|招标|启动|上线|交付")
NO_RIVAL: Final = "无"


@dataclass
class Said:
    """What was said; None and empty where nothing was."""

    need: str = ""
    budget: Decimal | None = None
    amount: Decimal | None = None
    decision_maker: str = ""
    competitor: str = ""
    expected_close_on: date | None = None

    def is_empty(self) -> bool:
        return self == Said()


def read_details(text: str, now: datetime, workdays: Workdays) -> Said:
    """Read every statement of `text`; the first of a kind counts."""
    said = Said()
    for part in filter(None, (part.strip() for part in _PARTS.split(text))):
        _read(part, said, now, workdays)
    return said


def _read(part: str, said: Said, now: datetime, workdays: Workdays) -> None:
    amounts = find_amounts(part)
    yuan = amounts[0].yuan if amounts and amounts[0].currency == "CNY" else None
    if _BUDGET.search(part):
        said.budget = said.budget or yuan
        behind = _ABOUT.sub("", part[amounts[0].end :]) if amounts else ""
        if _DECIDER.search(behind):
            _read(behind, said, now, workdays)
    elif _AMOUNT.search(part):
        said.amount = said.amount or yuan
    elif (rival := _RIVAL.search(part)) is not None:
        said.competitor = said.competitor or (NO_RIVAL if rival["none"] else rival["rival"].strip())
    elif (decider := _DECIDER.search(part)) is not None:
        said.decision_maker = said.decision_maker or (decider["after"] or decider["before"]).strip()
    elif (need := _NEED.match(part)) is not None:
        said.need = said.need or need["need"].strip()
    elif (day := _day(part, now, workdays)) is not None and (_CLOSING.search(part) or yuan is None):
        said.expected_close_on = said.expected_close_on or day
    elif yuan is not None:
        said.budget = said.budget or yuan
    elif _PERSON.fullmatch(part):
        said.decision_maker = said.decision_maker or part
    else:
        said.need = said.need or part


def _day(part: str, now: datetime, workdays: Workdays) -> date | None:
    spans = find_times(part, now, workdays=workdays)
    return spans[0].to if spans else None
