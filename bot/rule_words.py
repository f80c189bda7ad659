"""Words to an assignment rule: 以后江苏的线索轮流分给李娜、张伟，满了给小陈."""

import re
from collections.abc import Sequence
from typing import Any, Final

from bot.understanding.numerals import read_numeral
from bot.understanding.regions import find_regions
from core.errors import BadInput
from core.model.member import SELLING, Member
from core.model.playbook import Playbook
from core.model.playbook.assignment import AssignmentRule, Picker
from core.model.playbook.conditions import Condition
from core.ports import Edit

_GIVES: Final = re.compile(r"(?:给|归|分配?给?|派给?|转给|由|走)")
_ABOUT_LEADS: Final = re.compile(r"线索|询盘|客户|咨询|名片|注册")
_PICKERS: Final = (
    (Picker.WEIGHTED, re.compile(r"权重|按比例|\d\s?[:：比]\s?\d")),
    (Picker.LEAST_LOAD, re.compile(r"最闲|谁闲|空闲|手上(?:最)?少|负担(?:最)?轻")),
    (Picker.BEST_CONVERTER, re.compile(r"转化率|转化最好|成交率")),
    (Picker.ROUND_ROBIN, re.compile(r"轮")),
)
INSTEAD: Final = re.compile(
    r"(?:满了?|不在|请假|没空|忙不过来|接不了|都不能接)(?:的话|时|了)?，?(?:就|再|则)?(?:给|换|找|转给|分给)"
)
"""What stands before whoever gets the leads when the first cannot: 她满了给陈晨."""

_EVERYBODY: Final = re.compile(r"大家|所有人|所有销售|每个人|每个销售|各位|全体")
_GRADE: Final = re.compile(r"([A-Da-d])\s?[级类]")
_OF_COMPANY: Final = re.compile(
    r"^(?:以后|今后|往后|从现在起|从今天起|后面)?(?:，)?(?:凡是|只要是|所有)?(?P<name>[^，。；的]{2,20}?)的?(?:线索|询盘|客户)"
)
_RATIO: Final = re.compile(r"\d+(?:\s?[:：比]\s?\d+)+")
_LONGEST_ID: Final = 60


def rule_edits(
    playbook: Playbook,
    text: str,
    members: Sequence[Member],
    everybody: Sequence[Member],
    *,
    region: str = "",
    source: str = "",
    industry: str = "",
) -> tuple[Edit, ...]:
    """Return what puts the rule that somebody said before all others; nothing where no rule about leads was said."""
    if not _GIVES.search(text) or not _ABOUT_LEADS.search(text):
        return ()
    first, instead = _people(text, members)
    departments = [] if first else _departments(text, everybody)
    to: dict[str, Any] = {"members": [one.name for one in first]} if first else {"departments": departments}
    if not first and not departments:
        if not _EVERYBODY.search(text):
            return ()
        to = {"roles": ["rep"]}
    tests, called = _tests(text, region, source, industry)
    if not tests and (unread := _unread(text)):
        raise BadInput(
            f"没认出「{unread}」是哪些线索，规则没有改。请按地区、行业、来源、等级或公司名说，例如「以后江苏的线索给李娜」"
        )
    made: dict[str, Any] = {"id": f"{''.join(called) or '所有'}线索"[:_LONGEST_ID], "to": to}
    if tests:
        made["when"] = tests[0] if len(tests) == 1 else {"all": tests}
    picker = next((picker for picker, said in _PICKERS if said.search(text)), Picker.ROUND_ROBIN)
    made["picker"] = picker.value
    if picker is Picker.WEIGHTED and (weights := _weights(text, first)):
        made["weights"] = weights
    if instead:
        made["reserve"] = [{"members": [one.name for one in instead]}]
    return (Edit(path=("assignment", "rules"), value=_joined(playbook, made)),)


def _joined(playbook: Playbook, made: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all rules with the new one: in the place of the one for the same leads, else before those for more."""
    wanted = AssignmentRule.model_validate(made)
    kept = [rule for rule in playbook.assignment.rules if rule.id != wanted.id and rule.when != wanted.when]
    same = next((n for n, rule in enumerate(playbook.assignment.rules) if rule not in kept), None)
    rules: list[dict[str, Any]] = [rule.model_dump(mode="json", by_alias=True, exclude_defaults=True) for rule in kept]
    if same is not None:
        rules.insert(min(same, len(rules)), made)
    elif wanted.when == Condition():
        rules.append(made)
    else:
        rules.insert(0, made)
    return rules


def _people(text: str, members: Sequence[Member]) -> tuple[list[Member], list[Member]]:
    """Part those who get the leads from those who get them instead."""
    cut = INSTEAD.search(text)
    selling = [one for one in members if one.is_any(SELLING)]
    if cut is None or len(selling) < 2:  # noqa: PLR2004 - somebody, and somebody else
        return selling, []
    behind = text[cut.end() :]
    named = sum(1 for one in selling if _is_said(one, behind)) or 1
    return selling[:-named], selling[-named:]


def _is_said(member: Member, words: str) -> bool:
    return member.name in words or f"小{member.name[:1]}" in words or member.name[1:] in words


def _departments(text: str, everybody: Sequence[Member]) -> list[str]:
    paths = {one.department for one in everybody if one.active and one.department}
    above = {path.rsplit("/", depth)[0] for path in paths for depth in range(path.count("/") + 1)} | paths
    ending = {path.rpartition("/")[2]: path for path in sorted(above)}
    given = text[found.start() :] if (found := re.search(r"(?:给|归|走|派)(?!.*(?:给|归|走|派))", text)) else ""
    return [path for name, path in ending.items() if re.search(rf"{re.escape(name)}(?:组|部|团队|的人|大区)?", given)]


def _tests(text: str, region: str, source: str, industry: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Return what the leads must be, and how they are called."""
    head = text[: found.start()] if (found := _GIVES.search(text)) else text
    regions = list(dict.fromkeys(span.name for span in find_regions(head))) or ([region] if region else [])
    tests: list[dict[str, Any]] = []
    called: list[str] = []
    if regions:
        tests.append({"field": "地区", "op": "in", "value": regions})
        called.append("、".join(regions))
    for label, said in (("来源", source), ("行业", industry)):
        if said:
            tests.append({"field": label, "value": said})
            called.append(said)
    if (grade := _GRADE.search(head)) is not None:
        tests.append({"field": "等级", "value": grade[1].upper()})
        called.append(f"{grade[1].upper()}级")
    if not tests and (company := _OF_COMPANY.search(head + text[len(head) :])) is not None:
        name = company["name"].strip()
        if name not in ("新", "所有", "全部", "公司", "以后", "我们", "这些", "别人"):
            tests.append({"field": "公司名称", "op": "contains", "value": name})
            called.append(name)
    return tests, called


def _unread(text: str) -> str:
    """Return what was said of the leads in front of whom they go to, where it is more than that they are all."""
    head = text[: found.start()] if (found := _GIVES.search(text)) else text
    return _PLAIN.sub("", head)


_PLAIN: Final = re.compile(
    r"以后|今后|往后|从今往后|从现在起|从今天起|从明天起|从下周起|后面|打今儿起|只要是|但凡|凡是|所有|全部|全都|新来|新进|进来|来了|新增|新|线索|询盘|客户|咨询|名片|注册|单子|商机|"
    r"大家|轮流|轮着|平均|随机|一律|统一|直接|默认|自动|按比例|按权重|优先|[的都就先把将全来了要再是按，,。\s别不]"
)
"""Words in front of whom leads go to that narrow nothing down."""


def _weights(text: str, members: Sequence[Member]) -> dict[str, int]:
    ratio = _RATIO.search(text)
    if ratio is None:
        return {}
    shares = [int(read_numeral(one) or 1) for one in re.findall(r"\d+", ratio[0])]
    return {member.name: share for member, share in zip(members, shares, strict=False)} if len(shares) > 1 else {}
