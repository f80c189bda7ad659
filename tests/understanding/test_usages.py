"""What docs/commands.md says one can write is understood as what it says it does."""

import json
import re
from pathlib import Path

import pytest

from bot.handlers import ROUTERS
from bot.router import Handler, Routers
from bot.understanding.entities import Finder
from bot.understanding.grammar import BY_NAME
from tests.understanding.company import Company

PLACES = {
    "公司名 联系人 电话 来源 需求": "无锡先导 李工 13912345678 展会 要3台",
    "公司名 行业 联系人 电话": "苏州绿的谐波 制造业 王工 13812345678",
    "编号或公司名": "大疆创新",
    "公司名或电话": "无锡先导",
    "客户名": "大疆创新",
    "线索名": "大疆创新",
    "线索": "大疆创新",
    "同事": "陈晨",
    "姓名": "张伟",
    "平台": "钉钉",
    "[地区或行业]": "华东",
    "聊了什么": "电话聊了报价",
    "原因": "没需求",
}
CORPUS = Path(__file__).parent / "corpus"
TAKEN = Routers(ROUTERS).intents
HANDLERS = sorted(Routers(ROUTERS).intents.values(), key=lambda handler: handler.intent)


@pytest.fixture(scope="module")
def company() -> Company:
    return Company(Finder())


@pytest.mark.parametrize("handler", HANDLERS, ids=[handler.intent for handler in HANDLERS])
def test_a_documented_form_is_understood_as_what_it_is_documented_for(company: Company, handler: Handler) -> None:
    usage = handler.help.split("：")[0]
    for place, words in PLACES.items():
        usage = re.sub(rf"(?<!新){re.escape(place)}", words, usage)
    read = [company.understands(usage, name) for name in ("张伟", "王强", "吴昊")]
    assert any([act.intent for act in one.acts] == [handler.intent] for one in read), usage


def test_a_tag_is_not_its_customer(company: Company) -> None:
    for said in ("打标签 大疆创新 高意向、决策链长", "给大疆创新打标签 高意向、决策链长"):
        (act,) = company.understands(said, "张伟").acts
        assert act.slots["tags"] == ["高意向", "决策链长"], said
    (act,) = company.understands("去标签 大疆创新 价格敏感", "张伟").acts
    assert act.slots["tags"] == ["价格敏感"]


@pytest.mark.parametrize("area", ["team", "reports", "deals", "money"])
def test_what_narrows_a_question_down_reaches_whoever_answers_it(company: Company, area: str) -> None:
    lost = []
    for line in (CORPUS / f"{area}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for act in company.understands(row["text"], row.get("by", "张伟")).acts:
            handler = TAKEN.get(act.intent)
            if handler is None or BY_NAME[act.intent].writes or handler.takes("words"):
                continue
            lost += [
                (row["text"], slot) for slot in act.slots if not handler.takes(slot) and not handler.takes(f"{slot}_")
            ]
    assert lost == []
